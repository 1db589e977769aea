"""What every kind of feed comes to: items with clean fields, and no item twice."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from dragoman.errors import UnknownLanguage
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import UNKNOWN_LANGUAGE, FeedItem

from .identity import canonical_url

MAX_ITEMS = 1000  # of one reading, as the feed orders them: newest first by custom
_MAX_TITLE = 1000
_MAX_GUID = 2048
_MAX_NAME = 200
_MAX_NAMES = 30
_MAX_SUMMARY = 64 * 1024
_MAX_CONTENT = 1024 * 1024
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_NOT_DATED = datetime(1971, 1, 1, tzinfo=UTC)  # zero of some clock, not a day of publication


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What stood in a feed."""

    title: str = ""
    language: str = ""
    items: tuple[FeedItem, ...] = ()
    ttl: float | None = None  # seconds for which the feed says it stays as it is


def make_item(
    *,
    base: str,
    link: str,
    guid: str = "",
    title: str = "",
    authors: Sequence[str] = (),
    published: datetime | None = None,
    updated: datetime | None = None,
    language: str = "",
    categories: Sequence[str] = (),
    summary: str = "",
    content: str = "",
) -> FeedItem | None:
    """Clean an item's fields. None: it has no address that can be fetched.

    Summary and content stay HTML as the publisher wrote it; what shows them cleans them.
    """
    url = clean_url(link, base).partition("#")[0] if link.strip() else ""
    if not url:
        return None
    return FeedItem(
        url=url,
        guid=clean_text(guid)[:_MAX_GUID],
        title=plain_text(title)[:_MAX_TITLE],
        authors=_clean_names(authors),
        published=published,
        updated=updated,
        language=read_language(language),
        categories=_clean_names(categories),
        summary=summary[:_MAX_SUMMARY].strip(),
        content=content[:_MAX_CONTENT].strip(),
    )


def plain_text(text: str) -> str:
    """Give a title or name without the markup and entities that feeds put into it."""
    text = text[: 8 * _MAX_TITLE]
    return clean_text(html.unescape(_TAG.sub(" ", text) if "<" in text else text))


def _clean_names(names: Sequence[str]) -> tuple[str, ...]:
    plain = (plain_text(name)[:_MAX_NAME] for name in names[:_MAX_NAMES])
    return tuple(dict.fromkeys(name for name in plain if name))


def merge_items(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    """Keep one item for each canonical address; a later one fills what the first lacks."""
    kept: dict[str, FeedItem] = {}
    for item in items:
        key = canonical_url(item.url)
        if not key:
            continue  # its host is none
        if key in kept:
            kept[key] = _fill(kept[key], item)
        elif len(kept) < MAX_ITEMS:
            kept[key] = item
    return tuple(kept.values())


def _fill(first: FeedItem, other: FeedItem) -> FeedItem:
    lacking = {
        field.name: getattr(other, field.name)
        for field in fields(FeedItem)
        if not getattr(first, field.name)
    }
    return replace(first, **lacking)


def read_moment(text: str) -> datetime | None:
    """Read an ISO 8601 moment as UTC; without a zone it is taken as UTC."""
    try:
        return to_utc(datetime.fromisoformat(text.strip()))
    except ValueError:
        return None


def to_utc(moment: datetime) -> datetime | None:
    """Give a moment in UTC. None: the zero of a clock, or outside the calendar."""
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return moment if moment >= _NOT_DATED else None


def read_language(code: str) -> str:
    """Give a language code in its usual spelling, or an empty string."""
    from dragoman.languages import normalise

    try:
        known = normalise(code[:35])
    except UnknownLanguage:
        return ""
    return "" if known == UNKNOWN_LANGUAGE else known
