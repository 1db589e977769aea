"""What reading programs are answered: lists of feeds, counts, and items with their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dragoman import languages
from dragoman.publish.feeds import write_content
from dragoman.publish.reader_feeds import ReaderEntry
from dragoman.publish.views import FeedEntry
from dragoman.publish.wording import wording
from dragoman.store import articles, readers
from dragoman.store.readers import ReaderItem
from dragoman.web.feeds import build_entry
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import fill_shelf
from dragoman.web.views import list_publishers, make_frame

from .streams import (
    FRESH,
    LABEL,
    READ,
    READING_LIST,
    STARRED,
    feed_id,
    item_id,
    label_of,
)

if TYPE_CHECKING:
    from dragoman.store import Store


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with its text."""

    item: ReaderItem
    entry: FeedEntry


def list_subscriptions(db: Store, site: SiteSettings) -> dict[str, Any]:
    """List each source in each edition as a feed in the edition's folder."""
    found = []
    for edition in site.editions:
        label = label_of(edition)
        for number, publisher in enumerate(list_publishers(db)):
            page = f"{site.base_url.rstrip('/')}/{edition}/source/{publisher.id}/"
            found.append(
                {
                    "id": feed_id(edition, publisher.id),
                    "title": publisher.name,
                    "categories": [{"id": f"{LABEL}{label}", "label": label}],
                    "sortid": f"{site.editions.index(edition):04X}{number:04X}",
                    "firstitemmsec": "0",
                    "url": f"{page}feed.atom",
                    "htmlUrl": publisher.url or page,
                    "iconUrl": "",
                }
            )
    return {"subscriptions": found}


def list_tags(site: SiteSettings) -> dict[str, Any]:
    """List the folders and the states that an item may have."""
    folders = [
        {"id": f"{LABEL}{label_of(edition)}", "sortid": f"{number:08X}", "type": "folder"}
        for number, edition in enumerate(site.editions)
    ]
    return {"tags": [{"id": STARRED, "sortid": "FFFFFFFF"}, *folders]}


def count_unread(db: Store, site: SiteSettings) -> dict[str, Any]:
    """Count what is unread, by feed, by folder, and in all."""
    counts: Counter[str] = Counter()
    newest: dict[str, int] = {}
    for one in readers.unread(db, site.editions):
        for name in (
            feed_id(one.into, one.source),
            f"{LABEL}{label_of(one.into)}",
            READING_LIST,
        ):
            counts[name] += one.count
            newest[name] = max(newest.get(name, 0), one.newest)
    rows = [
        {"id": name, "count": count, "newestItemTimestampUsec": str(newest[name])}
        for name, count in counts.items()
    ]
    return {"max": counts[READING_LIST], "unreadcounts": rows}


def show_items(db: Store, site: SiteSettings, found: Sequence[ReaderItem]) -> list[Shown]:
    """Read the texts of items, in their order."""
    entries: dict[tuple[str, str], FeedEntry] = {}
    for edition in dict.fromkeys(item.into for item in found):
        ids = [item.article for item in found if item.into == edition]
        shelf = fill_shelf(db, edition, articles.articles(db, ids=ids))
        frame = make_frame(site, edition, "", feeds=None)
        for id, article in shelf.articles.items():
            entries[id, edition] = build_entry(shelf, frame, article)
    keys = ((item, (item.article, item.into)) for item in found)
    return [Shown(item, entries[key]) for item, key in keys if key in entries]


def describe_items(shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """Write items as programs read them."""
    return [_describe(one.item, one.entry) for one in shown]


def _describe(item: ReaderItem, entry: FeedEntry) -> dict[str, Any]:
    headline, publisher = entry.report.headline, entry.report.publisher
    published = int(_published(item, entry).timestamp())
    return {
        "id": item_id(item.number),
        "crawlTimeMsec": str(item.number // 1000),
        "timestampUsec": str(item.number),
        "published": published,
        "updated": int(entry.updated.timestamp()) if entry.updated else published,
        "title": headline.text,
        "canonical": [{"href": entry.address}],
        "alternate": [{"href": entry.address, "type": "text/html"}],
        "categories": categories_of(item),
        "origin": {
            "streamId": feed_id(item.into, item.source),
            "title": publisher.name,
            "htmlUrl": publisher.url,
        },
        "author": ", ".join(entry.article.authors),
        "summary": {
            "content": write_content(entry, wording(item.into)),
            "direction": languages.direction(headline.language),
        },
    }


def categories_of(item: ReaderItem) -> list[str]:
    """Name the states and the folder of an item."""
    states = [READ] if item.is_read else [FRESH]
    if item.is_starred:
        states.append(STARRED)
    return [READING_LIST, *states, f"{LABEL}{label_of(item.into)}"]


def _published(item: ReaderItem, entry: FeedEntry) -> datetime:
    """Give when an item was published, or when it came where nobody says."""
    if entry.report.at:
        return entry.report.at.at
    return datetime.fromtimestamp(item.number / 1_000_000, UTC)


def write_entries(shown: Sequence[Shown]) -> list[ReaderEntry]:
    """Give items as the Atom of older programs needs them."""
    return [
        ReaderEntry(
            id=item_id(one.item.number),
            entry=one.entry,
            published=_published(one.item, one.entry),
            states=tuple(categories_of(one.item)),
            stream=feed_id(one.item.into, one.item.source),
        )
        for one in shown
    ]
