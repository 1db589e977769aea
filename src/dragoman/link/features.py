"""What linking reads of an article's text, and how that is kept beside its vector.

Names, places and words are read once: an article is compared with whatever comes after it, and
to read it back costs a hundredth of what it costs to read it anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from dragoman.languages import base
from dragoman.link.copies import cut_once
from dragoman.link.formats import read_head
from dragoman.link.judge import shorten
from dragoman.link.rarity import Rarity, read_rarity
from dragoman.link.traits import Traits, read_traits, read_traits_once
from dragoman.types import LinkInput

if TYPE_CHECKING:
    import msgspec

# Of what is kept: raise it when another thing would be read of the same text, and all is read anew.
VERSION = b"1"
_QUICK = 1


@dataclass(frozen=True, slots=True)
class Features:
    """What one article is compared by, its vector and time aside."""

    traits: Traits
    head: str  # the part of the title that may be a recurring format's
    shingles: bytes  # of its lead, sorted
    links: frozenset[str]  # addresses that its text links to, as `shorten` writes them


def count_stream(kept: bytes, articles: Iterable[LinkInput]) -> tuple[Rarity, bytes]:
    """Count new articles among those counted before; give the counts, and them for the store."""
    rarity = read_rarity(kept)
    for article in articles:
        features = read_features(article)
        rarity.add(features.traits if features else read_traits(article))
    return rarity, rarity.to_bytes()


def shorten_links(links: Sequence[str]) -> frozenset[str]:
    """Give addresses as two pages may both write them."""
    return frozenset(filter(None, map(shorten, links)))


def keep_features(articles: Sequence[LinkInput]) -> list[bytes]:
    """Read articles; give for each what the store keeps."""
    import msgspec

    encoder = msgspec.msgpack.Encoder()
    kept = []
    for article in articles:
        features = Features(
            read_traits_once(article),
            read_head(article.title, base(article.language)),
            b"".join(sorted(cut_once(article.text))),
            shorten_links(article.links),
        )
        kept.append(VERSION + zlib.compress(encoder.encode(features), _QUICK))
    return kept


def is_current(kept: bytes) -> bool:
    """Whether what the store kept is what would be kept today."""
    return kept[:1] == VERSION


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[Features]:
    import msgspec

    return msgspec.msgpack.Decoder(Features)


def read_features(article: LinkInput) -> Features | None:
    """Read back what was kept of an article; None where nothing was, or it is damaged."""
    import msgspec

    if not is_current(article.features):
        return None
    try:
        return _decoder().decode(zlib.decompress(article.features[1:]))
    except (zlib.error, msgspec.MsgspecError):
        return None
