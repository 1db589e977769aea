"""AMP and print versions: asked for where a page shows too little, and never otherwise."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dragoman import store
from dragoman.config import Settings
from dragoman.ingest import find_version
from dragoman.steps import Pass, extract_articles, fetch_pages, open_fetcher
from dragoman.store import Store, open_store
from dragoman.types import Article, FeedItem, Page, Reading, Source, SourceState
from tests.ingest.loopback import Answer, Web, redirect
from tests.inline import Here

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TITLE = "Harbour reopens after storm"
PARAGRAPHS = [
    "The harbour of Port Lorne opened again on Friday, three days after the storm had torn the "
    "eastern lock gate from its hinges and pushed two barges onto the quay of the old town.",
    "Engineers freed the lock gates in the night, and the first ships left for the islands "
    "before noon with the food and the medicine that had been waiting in the sheds.",
    "The mayor thanked the crews, and said that the wall would be raised by a metre before the "
    "next winter; the council has not yet said who is to pay for it.",
]
DESCRIPTION = "Engineers freed the lock gates of the harbour of Port Lorne after the storm."
PAID = {"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": False}


def html(
    texts: list[str], *, links: str = "", title: str = TITLE, stated: dict[str, Any] | None = None
) -> bytes:
    said = f'<script type="application/ld+json">{json.dumps(stated)}</script>' if stated else ""
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{links}{said}"
        f'<meta name="description" content="{DESCRIPTION}"></head><body><div id=root></div>'
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def amp_of(path: str) -> str:
    return f'<link rel="amphtml" href="{path}">'


def canonical(path: str) -> str:
    return f'<link rel="canonical" href="{path}">'


@dataclass(slots=True)
class Relay:
    """A publisher on loopback, and a relay that reads its articles one by one."""

    db: Store
    web: Web
    folder: Path
    now: datetime = NOW

    async def read(self, path: str = "/1", body: bytes | None = None, content: str = "") -> None:
        """Announce an article, fetch what is due, and take the articles out."""
        if body is not None:
            self.web.routes[path] = Answer(body)
            item = FeedItem(self.web.root + path, title=TITLE, published=NOW, content=content)
            reading = Reading("s", f"{self.web.root}/feed", items=(item,))
            store.items.put_reading(self.db, reading, SourceState("s"), {item.url: path}, self.now)
        settings = Settings(
            data=self.folder, fetch={"allow_networks": ["127.0.0.0/8"], "host_interval_s": 0}
        )
        work = Pass(self.db, Here(), settings, now=lambda: self.now)  # type: ignore[arg-type]
        async with open_fetcher(settings) as fetcher:
            await fetch_pages(work, fetcher)
        await extract_articles(work)

    def article(self, path: str = "/1") -> Article | None:
        return next(iter(store.articles.articles(self.db, ids=[path])), None)


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    web = Web()
    await web.start()
    with open_store(f"sqlite:///{tmp_path}/relay.db") as db:
        store.sources.put_source(db, Source("s", f"{web.root}/feed", "S"))
        yield Relay(db, web, tmp_path)
    web.stop()


async def test_a_page_that_loads_its_text_by_script_is_read_from_the_amp_page_it_names(
    relay: Relay,
) -> None:
    reserved = '<meta name="tdm-reservation" content="1">'
    relay.web.routes["/amp/1"] = Answer(html(PARAGRAPHS, links=canonical("/1")))
    await relay.read(body=html([], links=amp_of("/amp/1") + reserved))
    article = relay.article()
    assert article is not None
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.body_origin == "amp"
    assert ("body", "amp") in article.origins
    assert article.url == f"{relay.web.root}/1"
    assert article.reservations.tdm_reserved
    assert relay.web.paths == ["/1", "/amp/1"]


async def test_what_an_amp_page_corrects_becomes_a_revision(relay: Relay) -> None:
    relay.web.routes["/amp/1"] = Answer(html(PARAGRAPHS, links=canonical("/1")))
    await relay.read(body=html([], links=amp_of("/amp/1")))
    mended = [*PARAGRAPHS[:2], PARAGRAPHS[2].replace("a metre", "two metres")]
    relay.web.routes["/amp/1"] = Answer(html(mended, links=canonical("/1")))
    relay.now += timedelta(hours=2)
    await relay.read()
    article = relay.article()
    assert article is not None
    assert (article.revision, article.text) == (2, "\n\n".join(mended))
    relay.web.routes["/amp/1"] = Answer(b"", 503)
    relay.now += timedelta(hours=8)
    await relay.read()
    assert relay.article() == article


async def test_a_print_version_is_taken_where_the_page_is_much_shorter_than_it_says(
    relay: Relay,
) -> None:
    relay.web.routes["/1/print"] = Answer(html(PARAGRAPHS, links=canonical("/1?utm_source=p")))
    link = '<link rel="alternate" media="print" href="/1/print">'
    stated = {"@type": "NewsArticle", "headline": TITLE, "wordCount": 95}
    await relay.read(body=html(PARAGRAPHS[:1], links=link, stated=stated))
    article = relay.article()
    assert article is not None
    assert (article.body_origin, article.text) == ("print", "\n\n".join(PARAGRAPHS))


async def test_a_healthy_page_makes_no_second_request(relay: Relay) -> None:
    links = amp_of("/amp/1") + '<link rel="alternate" media="print" href="/1/print">'
    await relay.read(body=html(PARAGRAPHS, links=links))
    article = relay.article()
    assert article is not None
    assert article.body_origin == "page"
    assert relay.web.paths == ["/1"]


@pytest.mark.parametrize(
    "version",
    [
        Answer(html(PARAGRAPHS, links=canonical("/2"))),
        Answer(html(PARAGRAPHS)),
        Answer(html(PARAGRAPHS, links=canonical("/1"), stated=PAID)),
        Answer(html([f"<span amp-access>{text}" for text in PARAGRAPHS], links=canonical("/1"))),
        Answer(html(PARAGRAPHS[:1] * 3, links=canonical("/1"), title="x"), media_type="image/png"),
        Answer(b"", 500),
        redirect("/1"),
    ],
    ids=["another's", "nobody's", "paid", "fenced", "picture", "failing", "back"],
)
async def test_an_amp_page_that_is_of_no_use_costs_the_article_nothing(
    relay: Relay, version: Answer
) -> None:
    short = "The harbour of Port Lorne opened again on Friday. " * 3
    stated = {"@type": "NewsArticle", "headline": TITLE, "wordCount": 300}
    relay.web.routes["/amp/1"] = version
    await relay.read(body=html([short], links=amp_of("/amp/1"), stated=stated))
    article = relay.article()
    assert article is not None
    assert (article.body_origin, article.text) == ("page", short.strip())
    assert store.pages.page(relay.db, "/1").other is None  # type: ignore[union-attr]


async def test_a_host_whose_versions_never_help_is_not_asked_for_a_while(relay: Relay) -> None:
    def shell(number: int) -> bytes:
        return html([], links=amp_of(f"/amp/{number}"))

    for number in range(1, 6):
        await relay.read(f"/{number}", shell(number))
    asked = [path for path in relay.web.paths if path.startswith("/amp/")]
    assert asked == ["/amp/1", "/amp/2", "/amp/3"]
    relay.now += timedelta(days=15)
    await relay.read("/6", shell(6))
    assert "/amp/6" in relay.web.paths


async def test_a_text_for_subscribers_is_not_looked_for_elsewhere(relay: Relay) -> None:
    relay.web.routes["/amp/1"] = Answer(html(PARAGRAPHS, links=canonical("/1")))
    await relay.read(body=html([], links=amp_of("/amp/1"), stated=PAID))
    assert relay.article() is None
    assert relay.web.paths == ["/1"]


async def test_what_robots_may_not_read_is_not_asked_for(relay: Relay) -> None:
    relay.web.routes["/robots.txt"] = Answer(
        b"User-agent: *\nDisallow: /amp/", media_type="text/plain"
    )
    relay.web.routes["/amp/1"] = Answer(html(PARAGRAPHS, links=canonical("/1")))
    await relay.read(body=html([], links=amp_of("/amp/1")))
    assert relay.article() is None
    assert relay.web.paths == ["/1"]


async def test_the_content_of_the_feed_is_taken_before_anything_is_asked(relay: Relay) -> None:
    content = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    await relay.read(body=html([], links=amp_of("/amp/1")), content=content)
    article = relay.article()
    assert article is not None
    assert (article.body_origin, article.text) == ("feed", "\n\n".join(PARAGRAPHS))
    assert relay.web.paths == ["/1"]


async def test_the_content_of_the_feed_counts_for_nothing_where_it_tells_of_something_else(
    relay: Relay,
) -> None:
    content = "<p>Every visitor to this shop agrees to our terms, kept at the counter.</p>" * 9
    await relay.read(body=html([]), content=content)
    assert relay.article() is None


def page_with(head: str) -> Page:
    return Page("https://www.example.org/1", "", NOW, 200, f"<head>{head}</head>".encode())


def test_amp_goes_before_print_and_other_sites_are_left_alone() -> None:
    link = '<link rel="alternate" media="print" href="/print/1">'
    named = find_version(page_with(link + amp_of("https://amp.example.org/1?x=1&amp;y=2")))
    assert named is not None
    assert (named.kind, named.url) == ("amp", "https://amp.example.org/1?x=1&y=2")
    named = find_version(page_with(amp_of("https://cdn.ampproject.org/c/s/example.org/1") + link))
    assert named is not None
    assert (named.kind, named.url) == ("print", "https://www.example.org/print/1")
    for other in ("https://example.com/1", "/1#amp", "javascript:x", "https://vexample.org/1"):
        assert find_version(page_with(amp_of(other))) is None
    assert find_version(page_with('<link rel="stylesheet" media="print" href="/p.css">')) is None


@pytest.mark.parametrize("piece", [b"<p " * 100, b"<link amphtml '\"", b'"wordCount" '])
def test_a_hostile_page_costs_no_time(piece: bytes) -> None:
    body = b"<link amphtml print>" + piece * (2_000_000 // len(piece))
    started = time.thread_time()
    assert find_version(Page("https://example.org/1", "", NOW, 200, body)) is None
    assert time.thread_time() - started < 2
