"""Copies: articles of one language that repeat another's text, and who had it first.

Five-word shingles of the lead, MinHash for candidates, and an exact count to confirm: a
containment of 0.30 of the shorter lead parted printed wire reports from mere neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from dragoman.languages import base
from dragoman.types import LinkInput

CONTAINMENT = 0.30
_LEAD = 1500  # characters: wire reports are cut from below, so the top tells
_WORDS = 5
_UNSPACED_RUN = 10  # characters that stand for five words where words are not parted
_MIN_SHINGLES = 12  # a shorter text repeats another by chance or by form
_PERMUTATIONS = 128
_BANDS = 64  # two rows a band: a pair of Jaccard 0.18 is found with probability 0.87
_SEED = 42
_HASH = 4  # bytes of a shingle
_TOKEN = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Copy:
    """That one article repeats another, and how much of the shorter lead they share."""

    article: str
    original: str
    containment: float


def cut_once(text: str) -> frozenset[bytes]:
    """Cut the lead of a text into runs of five words; give their hashes, four bytes each."""
    return frozenset(
        crc32(run.encode("utf-8", "replace")).to_bytes(_HASH, "big") for run in _cut_runs(text)
    )


cut_shingles = lru_cache(maxsize=1024)(cut_once)  # 20 KB each


@lru_cache(maxsize=512)
def part_shingles(joined: bytes) -> frozenset[bytes]:
    """Part shingles that were kept as one string."""
    return frozenset(joined[at : at + _HASH] for at in range(0, len(joined), _HASH))


def _cut_runs(text: str) -> Iterator[str]:
    lead = text[:_LEAD].lower()
    if len(_UNSPACED.findall(lead)) > len(lead) // 3:
        plain = "".join(_TOKEN.findall(lead))
        count = len(plain) - _UNSPACED_RUN + 1
        yield from (plain[i : i + _UNSPACED_RUN] for i in range(max(count, 0)))
        return
    words = _TOKEN.findall(lead)
    yield from (" ".join(words[i : i + _WORDS]) for i in range(len(words) - _WORDS + 1))


def measure_containment(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """Give the share of the smaller set that stands in the other; 0.0 where one is too short."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller >= _MIN_SHINGLES else 0.0


def _find_pairs(cut: Iterable[frozenset[bytes]]) -> set[tuple[int, int]]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(0.3, _PERMUTATIONS, _BANDS)
    pairs: set[tuple[int, int]] = set()
    for number, shingles in enumerate(cut):
        if len(shingles) < _MIN_SHINGLES:
            continue
        sketch = RMinHash(_PERMUTATIONS, _SEED)
        sketch.update(sorted(shingles))
        pairs.update((number, other) for other in index.query(sketch))
        index.insert(number, sketch)
    return pairs


def find_copies(
    articles: Sequence[LinkInput], known: Mapping[str, bytes] | None = None
) -> tuple[Copy, ...]:
    """Find the articles that repeat an earlier one of the same language.

    Earlier is by time, then by id. Each copy names the earliest original. ``known`` gives the
    shingles of articles, by id, whose texts are not at hand.
    """
    ordered = sorted(articles, key=lambda article: (article.at, article.id))
    kept = known or {}

    def cut(one: LinkInput) -> frozenset[bytes]:
        return part_shingles(kept[one.id]) if one.id in kept else cut_shingles(one.text)

    originals: dict[int, tuple[int, float]] = {}
    for later, earlier in sorted(_find_pairs(map(cut, ordered))):
        one, other = ordered[later], ordered[earlier]
        if base(one.language) != base(other.language):
            continue
        share = measure_containment(cut(one), cut(other))
        if share >= CONTAINMENT and later not in originals:
            originals[later] = (earlier, share)
    return tuple(
        Copy(ordered[later].id, ordered[earlier].id, share)
        for later, (earlier, share) in sorted(originals.items())
    )
