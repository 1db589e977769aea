"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dragoman.errors import FeedError
from dragoman.types import FeedItem

from .feed_item import ParsedFeed, make_item, merge_items, read_language, read_moment


def parse_json_feed(text: str, url: str) -> ParsedFeed:
    """Read a JSON Feed. Raises `FeedError`."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(
            f"{url}: this looks like JSON and cannot be read ({error}); give the address of the "
            "feed, or wait until the publisher has mended it"
        ) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in _text(feed.get("version")):
        raise FeedError(
            f"{url}: this is JSON and no JSON Feed; give the address of the publisher's feed"
        )
    read = (_read_item(item, url) for item in items if isinstance(item, dict))
    return ParsedFeed(
        title=_text(feed.get("title"))[:300],
        language=read_language(_text(feed.get("language"))),
        items=merge_items(item for item in read if item is not None),
    )


def _read_item(item: Mapping[str, Any], url: str) -> FeedItem | None:
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    tags = item.get("tags")
    guid = item.get("id")
    return make_item(
        base=url,
        link=_text(item.get("url")) or _text(item.get("external_url")),
        guid=str(guid) if isinstance(guid, str | int | float) else "",
        title=_text(item.get("title")),
        authors=[_text(each.get("name")) for each in people if isinstance(each, dict)],
        published=read_moment(_text(item.get("date_published"))),
        updated=read_moment(_text(item.get("date_modified"))),
        language=_text(item.get("language")),
        categories=[_text(tag) for tag in tags] if isinstance(tags, list) else [],
        summary=_text(item.get("summary")),
        content=_text(item.get("content_html")) or _escape(_text(item.get("content_text"))),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _escape(text: str) -> str:
    """Write plain text as the HTML that a feed item's content is."""
    import html

    return html.escape(text, quote=False)
