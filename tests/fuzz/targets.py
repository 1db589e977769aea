"""What must hold of any bytes at all: read, or refused with a stated error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from dragoman.errors import DragomanError
from dragoman.extract import extract_article
from dragoman.ingest import find_feeds, parse_feed, parse_outlines, write_outlines
from dragoman.sanitize import clean_text
from dragoman.types import Article, Page, Text

Target = Callable[[bytes], None]

SEEDS = Path(__file__).with_name("seeds")
URL = "https://fuzz.example/news/today"
WHEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
_WEB = ("http://", "https://")


def read_feed(data: bytes) -> None:
    """A feed gives items with addresses of the web, or a `FeedError` that names it."""
    try:
        feed = parse_feed(data, URL)
    except DragomanError as error:
        assert URL in str(error)
        return
    for item in feed.items:
        assert item.url.startswith(_WEB)
        assert item.title == clean_text(item.title)
        for moment in (item.published, item.updated):
            assert moment is None or moment.tzinfo is not None


def read_page(data: bytes) -> None:
    """A page gives an article whose spans and addresses hold, or a stated error."""
    assert all(link.url.startswith(_WEB) for link in find_feeds(data, URL))
    try:
        article = extract_article(Page(URL, URL, WHEN, 200, data))
    except DragomanError as error:
        assert str(error)
        return
    check_article(article)


def check_article(article: Article) -> None:
    assert article.url.startswith(_WEB)
    assert article.title == clean_text(article.title)
    assert all(link.url.startswith(_WEB) for link in article.related)
    assert not article.image or article.image.startswith(_WEB)
    for block in article.blocks:
        assert not block.url or block.url.startswith(_WEB)
        if block.image:
            assert block.image.url.startswith(_WEB)
        for part in block.parts:
            check_text(part)


def check_text(text: Text) -> None:
    for span in text.spans:
        assert 0 <= span.start <= span.end <= len(text.text)
        assert span.kind.value != "link" or span.value.startswith(_WEB)
    for one, other in pairwise(text.spans):
        assert (one.start, -one.end) <= (other.start, -other.end)


def read_outlines(data: bytes) -> None:
    """An outline gives publishers that are written and read again the same, or a stated error."""
    try:
        found = parse_outlines(data, "list.opml")
    except DragomanError as error:
        assert "list.opml" in str(error)
        return
    assert all(source.url.startswith(_WEB) for source in found.sources)
    written = write_outlines(found.sources, "Publishers")
    again = parse_outlines(written.encode(), "list.opml", is_own=True)
    assert {source.url for source in again.sources} == {source.url for source in found.sources}


TARGETS: dict[str, Target] = {
    "feeds": read_feed,
    "pages": read_page,
    "outlines": read_outlines,
}


def read_seeds(name: str) -> list[bytes]:
    """Read the files that fuzzing of a target begins with."""
    return [file.read_bytes() for file in sorted((SEEDS / name).iterdir())]
