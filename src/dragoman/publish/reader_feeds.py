"""Write the Atom of the Google Reader API, from which older reading programs take states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from dragoman.publish.feeds import ATOM, add_link, add_text, write_content, write_stamp, write_xml
from dragoman.publish.views import FeedEntry
from dragoman.publish.wording import wording

READER = "http://www.google.com/schemas/reader/atom/"
_SCHEME = "http://www.google.com/reader/"


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """An item of a reading program."""

    id: str
    entry: FeedEntry
    published: datetime
    states: tuple[str, ...]  # and folders: ``user/-/state/com.google/read``
    stream: str  # the feed that it is from


def render_reader_atom(
    stream: str, title: str, entries: Sequence[ReaderEntry], continuation: str
) -> bytes:
    """Write a stream as Atom; ``continuation`` is what the next page is asked with, if any."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xmlns:gr": READER})
    add_text(feed, "id", f"tag:google.com,2005:reader/{stream}")
    add_text(feed, "title", title)
    if continuation:
        add_text(feed, "gr:continuation", continuation)
    newest = max((one.published for one in entries), default=datetime(1970, 1, 1, tzinfo=UTC))
    add_text(feed, "updated", write_stamp(newest))
    for one in entries:
        _add_entry(feed, one)
    return write_xml(feed)


def _add_entry(feed: ET.Element, one: ReaderEntry) -> None:
    report, language = one.entry.report, one.entry.report.headline.language
    item = ET.SubElement(feed, "entry", {"xml:lang": language})
    add_text(item, "id", one.id)
    add_text(item, "title", report.headline.text)
    add_text(item, "published", write_stamp(one.published))
    add_text(item, "updated", write_stamp(one.entry.updated or one.published))
    add_link(item, rel="alternate", type="text/html", href=one.entry.address)
    for state in one.states:
        label = state.rpartition("/")[2]
        ET.SubElement(item, "category", {"term": state, "scheme": _SCHEME, "label": label})
    for name in one.entry.article.authors or (report.publisher.name,):
        add_text(ET.SubElement(item, "author"), "name", name)
    words = wording(_edition_of(one))
    add_text(item, "content", write_content(one.entry, words), {"type": "html"})
    source = ET.SubElement(item, "source", {"gr:stream-id": one.stream})
    add_text(source, "id", f"tag:google.com,2005:reader/{one.stream}")
    add_text(source, "title", report.publisher.name)
    add_text(source, "updated", write_stamp(one.published))


def _edition_of(one: ReaderEntry) -> str:
    return one.stream.split("/")[1]
