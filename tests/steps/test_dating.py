"""An article without a date gets one from its own words and its story, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import extract, link, store
from dragoman.config import Settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.steps.dating import date_undated
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    Evidence,
    FeedItem,
    Grouping,
    Moment,
    Page,
    Precision,
    Reading,
    Source,
    SourceState,
    SpanKind,
    Text,
)

FETCHED = datetime(2022, 11, 28, 9, tzinfo=UTC)
UNDATED = (
    "Le port a confirmé lundi qu’il recevrait la délégation le mois prochain. "
    "La mairesse a déclaré aujourd’hui que la visite aurait lieu avant le 12 janvier. "
    "Elle avait parlé dimanche à la radio."
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Pass]:
    db = store.open_store(f"sqlite:///{tmp_path}/relay.db")
    store.sources.put_source(db, Source("s", "https://a.example/feed", "A"))
    runner = LocalRunner(1)
    yield Pass(db, runner, Settings(data=tmp_path))
    runner.close()
    db.close()


def put(work: Pass, id: str, language: str, text: str, at: datetime | None = None) -> None:
    url = f"https://a.example/{id}"
    item = FeedItem(url)
    reading = Reading("s", "x", items=(item,))
    store.items.put_reading(work.db, reading, SourceState("s"), {url: id}, FETCHED)
    page = Page(url, url, FETCHED, 200, b"x", id=id, source="s", item=item)
    store.pages.put_page(work.db, page)
    blocks = (Block(BlockKind.PARAGRAPH, (Text(text),)),)
    published = Dating()
    if at:
        moment = Moment(at)
        published = Dating(moment, (Evidence("json-ld", at.isoformat(), moment),))
    article = Article(id, "s", url, language, "T", blocks, published, first_seen=FETCHED)
    store.articles.put_article(work.db, extract.mark_days(article), extract.VERSION)


def link_all(work: Pass, **events: str) -> None:
    groupings = [Grouping(id, event, "story") for id, event in events.items()]
    store.stories.put_links(work.db, (), groupings, link.VERSION, [*events])


def dating(work: Pass, id: str) -> Dating:
    found = store.articles.article(work.db, id)
    assert found is not None
    return found.published


def test_case_12_an_undated_report_is_dated_by_its_event_and_never_by_the_clock(work: Pass) -> None:
    put(work, "undated", "fr", UNDATED)
    put(work, "first", "en", "The port agreed on Wednesday.", datetime(2021, 12, 22, 9, tzinfo=UTC))
    put(work, "same", "en", "The port confirmed it.", datetime(2021, 12, 27, 15, tzinfo=UTC))
    link_all(work, undated="e2", first="e1", same="e2")
    assert date_undated(work, ["undated"]) == 1
    published = dating(work, "undated")
    assert published.moment is not None
    assert published.moment.at == datetime(2021, 12, 27, tzinfo=UTC)
    assert published.moment.precision is Precision.DAY
    assert published.evidence[0].origin == "story"
    assert "lundi" in published.evidence[0].raw
    assert "2021-12-27" in published.evidence[0].note


def test_case_16_once_dated_its_days_are_marked(work: Pass) -> None:
    put(work, "undated", "fr", UNDATED)
    put(work, "same", "en", "The port confirmed it.", datetime(2021, 12, 27, 15, tzinfo=UTC))
    link_all(work, undated="e2", same="e2")
    date_undated(work, ["same"])
    article = store.articles.article(work.db, "undated")
    assert article is not None
    part = article.blocks[0].parts[0]
    days = {part.text[s.start : s.end]: s.value for s in part.spans if s.kind is SpanKind.DATE}
    assert days == {
        "lundi": "2021-12-27",
        "mois prochain": "2022-01",
        "aujourd’hui": "2021-12-27",
        "dimanche": "2021-12-26",
    }


def test_a_story_that_leaves_two_days_open_dates_nothing(work: Pass) -> None:
    put(work, "undated", "fr", UNDATED)
    put(work, "first", "en", "The port agreed.", datetime(2021, 12, 22, 9, tzinfo=UTC))
    link_all(work, undated="e2", first="e1")
    assert date_undated(work, ["undated"]) == 0
    assert dating(work, "undated").moment is None


def test_a_text_that_says_nothing_of_its_day_stays_undated(work: Pass) -> None:
    put(work, "undated", "fr", "Le port rouvre, dit la mairesse.")
    put(work, "same", "en", "The port confirmed it.", datetime(2021, 12, 27, 15, tzinfo=UTC))
    link_all(work, undated="e", same="e")
    assert date_undated(work, ["undated"]) == 0


def test_a_date_that_the_story_told_survives_another_extraction(work: Pass) -> None:
    put(work, "undated", "fr", UNDATED)
    put(work, "same", "en", "The port confirmed it.", datetime(2021, 12, 27, 15, tzinfo=UTC))
    link_all(work, undated="e2", same="e2")
    date_undated(work, ["undated"])
    put(work, "undated", "fr", UNDATED)
    assert dating(work, "undated").moment is not None
    assert store.articles.article(work.db, "undated").revision == 1  # type: ignore[union-attr]


def test_a_weekday_without_today_needs_a_report_of_that_very_day(work: Pass) -> None:
    text = "Le port a confirmé lundi la date. Rien de plus."
    put(work, "undated", "fr", text)
    put(work, "first", "en", "The port agreed.", datetime(2021, 12, 28, 9, tzinfo=UTC))
    link_all(work, undated="e", first="e")
    assert date_undated(work, ["undated"]) == 0
