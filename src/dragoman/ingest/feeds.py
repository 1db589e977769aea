"""Feeds of every kind: bytes in, items out. Pure, so that it can run in a worker.

``fastfeedparser`` reads what is well made (91 times faster); where it raises, finds no
entries, links or dates, or would misread what it does not know (``xml:base``, several
authors), ``feedparser`` reads again. Neither is let at the network or at unmeasured bytes.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dragoman.errors import FeedError
from dragoman.types import FeedItem

from .feed_item import (
    ParsedFeed,
    make_item,
    merge_items,
    plain_text,
    read_language,
    read_moment,
    to_utc,
)
from .feed_text import MAX_BYTES, decode_feed, prepare_xml
from .json_feed import parse_json_feed

_HEAD = 64 * 1024  # characters in which a feed's own fields stand
_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|feed|rdf|channel)\b", re.IGNORECASE)
_HTML = re.compile(r"<(?:html|head|body|title|meta)\b", re.IGNORECASE)
_FIRST_ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)\b")
_LANGUAGE = re.compile(r"<(?:dc:)?language>\s{0,80}(?:<!\[CDATA\[)?([A-Za-z_-]{2,35})")
_ROOT_LANGUAGE = re.compile(r"<[^<>]{0,4000}?\sxml:lang\s*=\s*[\"']([A-Za-z_-]{2,35})")
_TTL = re.compile(r"<ttl>\s{0,80}(\d{1,6})")
_DATE = re.compile(
    r"<(?:\w{1,20}:)?(?:pubDate|published|updated|issued|modified|created|date)\b[^<>]{0,200}>"
    r"(?:<!\[CDATA\[)?([^<\]]{1,100})"
)
# The forms of RFC 822, C's asctime and ISO 8601, with English months alone. What else looks
# like a date is read by its language: "4 Mart 2026 09:30" without it came out as 21 April.
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_STANDARD_DATE = re.compile(
    rf"(?:[a-z]{{2,9}}\.?,?\s)?\s?\d{{1,2}}[\s-]{_MONTH}[\s-]\d{{2,4}}(?:,?\s.*)?"
    rf"|[a-z]{{3}},?\s{_MONTH}\s\s?\d{{1,2}}\s[\d:]{{4,8}}\s.*"
    r"|\d{4}-?\d\d(?:-?\d\d(?:[t\s]\s?\d\d:?\d\d.*)?)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_PUBLISHED = re.compile(r"<(?:\w{1,20}:)?(?:published|issued|pubDate|date|created)\b")
# What fastfeedparser reads past: addresses relative to xml:base, a second author.
_SECOND_AUTHOR = re.compile(r"</(author|dc:creator)>\s{0,200}<\1\b")


def parse_feed(body: bytes, url: str, media_type: str = "") -> ParsedFeed:
    """Read RSS 0.9 to 2.0, RDF, Atom or JSON Feed from bytes.

    ``url`` is where the feed was found: relative addresses are resolved against it.
    ``media_type`` is the Content-Type, with its charset where it has one. Raises `FeedError`.
    """
    if not body.strip():
        raise FeedError(f"{url}: the answer is empty; it is tried again later")
    if len(body) > MAX_BYTES:
        raise FeedError(f"{url}: the feed is larger than {MAX_BYTES} bytes; it is not read")
    text = decode_feed(body, media_type)
    if text.lstrip()[:1] in ("{", "["):
        return parse_json_feed(text, url)
    xml = _cut_to_root(prepare_xml(text, url), url)
    head = xml[:_HEAD]
    first = _FIRST_ITEM.search(head)
    head = head[: first.start()] if first else head
    feed = _read_fast(xml, url)
    if feed is None or _is_beyond_fast(xml):
        feed = _read_tolerantly(xml, url)
    ttl = _TTL.search(head)
    language = _LANGUAGE.search(head) or _ROOT_LANGUAGE.search(head)
    return replace(
        feed,
        language=read_language(language[1]) if language else feed.language,
        ttl=float(ttl[1]) * 60 if ttl else None,
    )


def _cut_to_root(xml: str, url: str) -> str:
    """Cut what some servers print before the feed. Raises `FeedError` where there is none."""
    root = _ROOT.search(xml, 0, _HEAD)
    page = _HTML.search(xml, 0, root.start() if root else _HEAD)
    if page:
        raise FeedError(
            f"{url}: this is a web page, not a feed; give the address of the feed itself, which "
            "the page often links with the word RSS"
        )
    if root is None:
        raise FeedError(
            f"{url}: this is neither RSS, Atom nor JSON Feed; open it in a browser, and give the "
            "address of the publisher's feed"
        )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{xml[root.start() :]}'


def _is_beyond_fast(xml: str) -> bool:
    """Whether a feed holds what fastfeedparser would misread."""
    if "xml:base" in xml or _SECOND_AUTHOR.search(xml):
        return True
    return not all(_is_standard_date(match[1]) for match in _DATE.finditer(xml))


def _is_standard_date(text: str) -> bool:
    return not text.strip() or bool(_STANDARD_DATE.fullmatch(" ".join(text.split())))


def _read_fast(xml: str, url: str) -> ParsedFeed | None:
    """Read with fastfeedparser. None: feedparser should read it."""
    import fastfeedparser

    try:
        feed = fastfeedparser.parse(xml.encode("utf-8", "replace"), include_media=False)
    except Exception:  # a third party's parser on hostile bytes: whatever it is, the other reads
        return None
    entries: Sequence[Mapping[str, Any]] = feed.get("entries") or ()
    if not entries or not all(entry.get("link") for entry in entries):
        return None
    # It fills ``published`` with the day of the last change, which nobody wrote.
    has_published = bool(_PUBLISHED.search(xml))
    items = [_read_fast_entry(entry, url, has_published) for entry in entries]
    if not any(item and (item.published or item.updated) for item in items):
        return None
    return ParsedFeed(
        title=plain_text(str(feed["feed"].get("title") or ""))[:300],
        language=read_language(str(feed["feed"].get("language") or "")),
        items=merge_items(item for item in items if item),
    )


def _read_fast_entry(entry: Mapping[str, Any], url: str, has_published: bool) -> FeedItem | None:
    published = read_moment(entry.get("published") or "") if has_published else None
    return _read_entry(
        entry, url, published, read_moment(entry.get("updated") or ""), entry.get("description")
    )


def _read_tolerantly(xml: str, url: str) -> ParsedFeed:
    """Read with feedparser, which is let at these bytes alone and cleans nothing."""
    import feedparser

    try:
        feed = feedparser.parse(
            io.BytesIO(xml.encode("utf-8", "replace")),  # never text: it would open or fetch it
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # a third party's parser on hostile bytes: no feed, say so
        raise _broken(url, error) from error
    if not feed.get("version") or (feed.get("bozo") and not feed.entries):
        raise _broken(url, feed.get("bozo_exception"))
    language = read_language(str(feed.feed.get("language") or ""))
    items = (_read_tolerant_entry(entry, url, language) for entry in feed.entries)
    return ParsedFeed(
        title=plain_text(str(feed.feed.get("title") or ""))[:300],
        language=language,
        items=merge_items(item for item in items if item),
    )


def _read_tolerant_entry(entry: Mapping[str, Any], url: str, language: str) -> FeedItem | None:
    published = _read_date(entry, "published", language) or _read_date(entry, "created", language)
    updated = _read_date(entry, "updated", language)
    return _read_entry(entry, url, published, updated, entry.get("summary"))


def _read_entry(
    entry: Mapping[str, Any],
    url: str,
    published: datetime | None,
    updated: datetime | None,
    summary: Any,
) -> FeedItem | None:
    """Make an item from an entry as both parsers shape it."""
    contents = [str(part.get("value") or "") for part in entry.get("content") or ()]
    detail = entry.get("title_detail") or {}
    authors = [str(each.get("name") or "") for each in entry.get("authors") or ()]
    return make_item(
        base=url,
        link=str(entry.get("link") or ""),
        guid=str(entry.get("id") or ""),
        title=str(entry.get("title") or ""),
        authors=authors or [str(entry.get("author") or "")],
        published=published,
        updated=updated,
        language=str(detail.get("language") or ""),
        categories=[str(tag.get("term") or "") for tag in entry.get("tags") or ()],
        summary=str(summary or ""),
        content=max(contents, key=len, default=""),
    )


def _read_date(entry: Mapping[str, Any], name: str, language: str) -> datetime | None:
    """Give a date that feedparser found: as it parsed it, or read in the feed's language."""
    if name not in entry:  # asked first: feedparser gives ``published`` for ``updated``
        return None
    raw, parsed = str(entry[name])[:100], entry.get(f"{name}_parsed")
    if parsed and _is_standard_date(raw):
        try:
            return to_utc(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
        except (ValueError, OverflowError):
            return None
    if not language or not any(char.isdigit() for char in raw):
        return None
    import dateparser

    moment = dateparser.parse(
        raw,
        languages=[language.partition("-")[0]],
        settings={"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True},
    )
    return to_utc(moment) if moment else None


def _broken(url: str, reason: object) -> FeedError:
    why = " ".join(str(reason or "its markup is broken").split())[:200]
    return FeedError(
        f"{url}: the feed cannot be read ({why}); it is tried again later, and the publisher has "
        "to mend it if this lasts"
    )
