"""Pages are looked at again: what changed, what is gone, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dragoman import store
from dragoman.config import Settings
from dragoman.steps import Pass, extract_articles, fetch_pages, open_fetcher
from dragoman.store import Store, open_store
from dragoman.types import FeedItem, Reading, Source, SourceState, Stage
from tests.ingest.loopback import Answer, Web
from tests.inline import Here

START = datetime.now(UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEAD = "The ferry left the harbour at noon with forty passengers on board, the port said."
TEXTS = (LEAD, "Two of them had come from the islands for the market that opens on the quay.")


def html(*texts: str, title: str = "Ferry sails again") -> bytes:
    body = "".join(f"<p>{each}</p>" for each in texts or TEXTS)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1>{body}</article></body></html>"
    ).encode()


@dataclass(slots=True)
class Desk:
    """A relay of one article, with a clock that the test sets."""

    db: Store
    web: Web
    folder: Path
    now: datetime = START

    async def look(self, after: timedelta = timedelta()) -> Any:
        """Set the clock, fetch what is due, and take the articles out."""
        self.now = START + after
        settings = Settings(
            data=self.folder,
            fetch={"allow_networks": ["127.0.0.0/8"], "host_interval_s": 0},
        )
        work = Pass(self.db, Here(), settings, now=lambda: self.now)  # type: ignore[arg-type]
        async with open_fetcher(settings) as fetcher:
            await fetch_pages(work, fetcher)
        await extract_articles(work)
        return work.tally()

    def asked(self) -> int:
        return self.web.paths.count("/1")

    @property
    def article(self) -> Any:
        return store.articles.article(self.db, "a1")


@pytest.fixture
async def desk(tmp_path: Path) -> Any:
    web = Web()
    await web.start()
    with open_store(f"sqlite:///{tmp_path}/relay.db") as db:
        store.sources.put_source(db, Source("s", f"{web.root}/feed", "S"))
        item = FeedItem(f"{web.root}/1", title="Ferry sails again", published=START)
        reading = Reading("s", f"{web.root}/feed", items=(item,))
        store.items.put_reading(db, reading, SourceState("s"), {item.url: "a1"}, START)
        web.routes["/1"] = Answer(html())
        yield Desk(db, web, tmp_path)
    web.stop()


async def test_a_fresh_article_is_looked_at_again_less_and_less_often(desk: Desk) -> None:
    looks = []
    for minutes in range(0, 5 * 1440, 10):
        before = desk.asked()
        if minutes < 60 or minutes % 30 == 0:
            await desk.look(minutes * MINUTE)
        if desk.asked() > before:
            looks.append(minutes)
    assert looks == [0, 30, 120, 360, 1440, 4320]


async def test_an_unchanged_page_is_asked_for_conditionally_and_stays_as_it_was(
    desk: Desk,
) -> None:
    marks = (("ETag", '"v1"'), ("Last-Modified", "Wed, 04 Mar 2026 09:31:00 GMT"))
    desk.web.routes["/1"] = Answer(html(), 200, marks)
    await desk.look()
    page = store.pages.page(desk.db, "a1")
    desk.web.routes["/1"] = Answer(b"", 304, marks)
    tally = await desk.look(HOUR)
    asked = desk.web.asked[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', marks[1][1])
    assert (tally.fetched, tally.extracted, tally.failures) == (0, 0, ())
    assert store.pages.page(desk.db, "a1") == page


async def test_a_correction_becomes_a_revision_that_says_what_changed(desk: Desk) -> None:
    await desk.look()
    corrected = LEAD.replace("forty", "fifty")
    desk.web.routes["/1"] = Answer(html(corrected, TEXTS[1]))
    await desk.look(HOUR)
    assert desk.article.revision == 2
    assert [(one.before, one.after) for one in desk.article.changes] == [(LEAD, corrected)]
    assert [one.revision for one in store.articles.revisions(desk.db, "a1")] == [1, 2]


async def test_a_page_that_only_looks_different_is_no_revision(desk: Desk) -> None:
    await desk.look()
    first = desk.article
    dressed = html(*(each.replace("the port", "<b>the</b>  port") for each in TEXTS))
    desk.web.routes["/1"] = Answer(dressed + b"<!-- 14:05 -->")
    tally = await desk.look(HOUR)
    assert tally.fetched == tally.extracted == 1
    assert (desk.article.revision, desk.article.digest) == (1, first.digest)
    assert desk.article.blocks == first.blocks


async def test_what_stands_at_the_address_of_an_article_by_mistake_does_not_replace_it(
    desk: Desk,
) -> None:
    await desk.look()
    portal = "To use the network of this hotel, accept its terms, and enter number and name. " * 3
    desk.web.routes["/1"] = Answer(html(portal, portal + "Thank you.", title="Welcome, guest"))
    tally = await desk.look(HOUR)
    assert desk.article.title == "Ferry sails again"
    assert desk.article.revision == 1
    (failure,) = tally.failures
    assert "something else stands there now ('Welcome, guest')" in failure.message


@pytest.mark.parametrize("status", [404, 410])
async def test_an_article_is_withdrawn_when_it_is_missing_twice_some_time_apart(
    desk: Desk, status: int
) -> None:
    await desk.look()
    desk.web.routes["/1"] = Answer(b"not here", status)
    assert (await desk.look(HOUR)).withdrawn == 0
    assert (await desk.look(HOUR + 10 * MINUTE)).withdrawn == 0
    assert desk.article is not None
    assert (await desk.look(2 * HOUR)).withdrawn == 1
    assert desk.article is None
    assert store.articles.is_withdrawn(desk.db, "a1")


async def test_an_outage_between_two_looks_withdraws_nothing(desk: Desk) -> None:
    await desk.look()
    desk.web.routes["/1"] = Answer(b"not here", 404)
    await desk.look(HOUR)
    desk.web.routes["/1"] = Answer(html())
    await desk.look(2 * HOUR)
    desk.web.routes["/1"] = Answer(b"not here", 404)
    assert (await desk.look(6 * HOUR)).withdrawn == 0
    assert desk.article is not None


async def test_a_withdrawn_article_that_comes_back_returns(desk: Desk) -> None:
    await desk.look()
    desk.web.routes["/1"] = Answer(b"not here", 404)
    await desk.look(HOUR)
    await desk.look(2 * HOUR)
    assert store.articles.is_withdrawn(desk.db, "a1")
    assert (await desk.look(3 * HOUR)).withdrawn == 0
    desk.web.routes["/1"] = Answer(html())
    await desk.look(2 * HOUR + DAY)
    assert desk.article is not None
    assert desk.article.revision == 1


async def test_a_takedown_is_never_looked_at_again(desk: Desk) -> None:
    await desk.look()
    store.articles.withdraw(desk.db, "a1", "a court ordered it", desk.now, block=True)
    asked = desk.asked()
    for days in (1, 3, 8):
        await desk.look(days * DAY)
    assert desk.asked() == asked


async def test_a_look_that_fails_leaves_the_article_and_no_failure(desk: Desk) -> None:
    await desk.look()
    desk.web.routes["/1"] = Answer(b"", 503)
    assert (await desk.look(HOUR)).failures == ()
    assert desk.article is not None
    assert store.work.failures(desk.db) == ()
    desk.web.routes["/1"] = Answer(html(*TEXTS, "The port expects another crossing at night."))
    await desk.look(2 * HOUR)
    assert desk.article.revision == 2


async def test_the_pages_of_a_source_that_is_no_longer_followed_are_left_alone(desk: Desk) -> None:
    await desk.look()
    store.sources.remove_source(desk.db, "s")
    asked = desk.asked()
    await desk.look(HOUR)
    assert desk.asked() == asked


async def test_a_page_whose_stored_bytes_are_damaged_is_fetched_again_by_itself(
    desk: Desk,
) -> None:
    desk.web.routes["/1"] = Answer(html(), 200, (("ETag", '"v1"'),))
    await desk.look()
    with desk.db.write() as connection:
        connection.execute(text("UPDATE pages SET body = :body"), {"body": b"no zlib"})
    store.work.ask_again(desk.db, ["a1"], Stage.EXTRACT)  # as a better reader would
    await desk.look(MINUTE)
    await desk.look(2 * MINUTE)
    page = store.pages.page(desk.db, "a1")
    assert page is not None and page.body == html()
    assert "if-none-match" not in desk.web.asked[-1].headers
    await desk.look(HOUR)
    assert store.work.failures(desk.db) == ()
    assert store.check(desk.db) == []


async def test_a_rerun_of_extraction_is_no_change_of_the_publishers(desk: Desk) -> None:
    await desk.look()
    corrected = LEAD.replace("forty", "fifty")
    desk.web.routes["/1"] = Answer(html(corrected, TEXTS[1]))
    await desk.look(HOUR)
    told = desk.article.changes
    store.work.ask_again(desk.db, ["a1"], Stage.EXTRACT)
    await desk.look(HOUR + MINUTE)
    assert (desk.article.revision, desk.article.changes) == (2, told)
