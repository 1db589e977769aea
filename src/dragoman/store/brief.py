"""Records as lists show them: without bodies, which are most of what there is to decode."""

from __future__ import annotations

from datetime import datetime
from json import JSONDecoder

import msgspec

from dragoman.errors import DamagedRow
from dragoman.store.columns import AnyRow, decode
from dragoman.types import (
    Article,
    Dating,
    Reservations,
    Route,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)

_FIRST = JSONDecoder()
_NO_DATE = Dating()
_NONE_RESERVED = Reservations()


class _ArticleHead(msgspec.Struct, frozen=True):
    id: str
    source: str
    url: str
    language: str
    title: str
    published: Dating = _NO_DATE
    modified: Dating = _NO_DATE
    first_seen: datetime | None = None
    authors: tuple[str, ...] = ()
    site: str = ""
    section: str = ""
    reservations: Reservations = _NONE_RESERVED
    revision: int = 1
    digest: str = ""


class _TranslationHead(msgspec.Struct, frozen=True):
    article: str
    revision: int
    language: str
    into: str
    status: TranslationStatus
    title: str = ""
    route: Route | None = None
    verdict: Verdict = Verdict.PUBLISH
    made: datetime | None = None
    reason: str = ""
    corrected: datetime | None = None
    segments: msgspec.Raw = msgspec.Raw(b"[]")


_OF_ARTICLE = _ArticleHead.__struct_fields__
_OF_TRANSLATION = tuple(name for name in _TranslationHead.__struct_fields__ if name != "segments")


def read_article_head(row: AnyRow) -> Article:
    """Read what a list shows of an article, from its row; raises `DamagedRow`."""
    head = decode(row.record, _ArticleHead, f"article of {row.id}")
    return Article(blocks=(), **{name: getattr(head, name) for name in _OF_ARTICLE})


def read_translation_head(row: AnyRow) -> Translation:
    """Read what a list shows of a translation: of its segments the first, which is the title's."""
    name = f"translation of {row.article}"
    head = decode(row.record, _TranslationHead, name)
    segments: tuple[TranslatedSegment, ...] = ()
    written = bytes(head.segments).decode("utf-8", "surrogateescape")
    if written.startswith("[{"):
        try:
            first, _ = _FIRST.raw_decode(written, 1)
            segments = (msgspec.convert(first, TranslatedSegment),)
        except (ValueError, msgspec.MsgspecError) as error:
            raise DamagedRow(f"the stored {name} cannot be read ({error})") from error
    own = {name: getattr(head, name) for name in _OF_TRANSLATION}
    return Translation(segments=segments, **own)
