"""Hostile feeds and pages: each is stated or borne, and what stands beside it is complete."""

from __future__ import annotations

import pytest

from dragoman import store
from dragoman.types import Article, Stage, WorkState
from tests.hostile import pages, wires
from tests.hostile.conftest import Hostile
from tests.hostile.streets import HEALTHY, ITEMS

pytestmark = pytest.mark.timeout(240)


def articles_of(hostile: Hostile, source: str) -> tuple[Article, ...]:
    return store.articles.articles(hostile.db, source=source, limit=100)


def article_at(hostile: Hostile, url: str) -> Article | None:
    found = store.articles.articles(hostile.db, limit=10_000)
    return next((article for article in found if url in (article.url, f"{article.url}/page")), None)


def test_there_are_at_least_sixty_behaviours() -> None:
    assert len(wires.FAILING) + len(wires.BENT) + len(pages.LOST) + len(pages.KEPT) >= 60


@pytest.mark.parametrize("name", wires.FAILING)
def test_a_feed_that_cannot_be_read_is_stated(hostile: Hostile, name: str) -> None:
    state = store.sources.source_states(hostile.db)[hostile.sources[name]]
    assert state.failure is not None
    assert state.failure.message
    assert len(state.failure.message) < 1000
    assert state.next_poll is not None
    assert not articles_of(hostile, hostile.sources[name])


@pytest.mark.parametrize("name", wires.BENT)
def test_a_feed_that_is_bent_is_read_or_stated(hostile: Hostile, name: str) -> None:
    source = hostile.sources[name]
    state = store.sources.source_states(hostile.db)[source]
    assert state.last_poll is not None
    for article in articles_of(hostile, source):
        assert pages.SENTENCES[0] in article.text
    if state.failure is None:
        assert any(article.url.endswith("/page") for article in articles_of(hostile, source))


@pytest.mark.parametrize("name", pages.LOST)
def test_a_page_without_an_article_is_stated(hostile: Hostile, name: str) -> None:
    address = hostile.pages[name]
    assert article_at(hostile, address) is None
    failures = [work.failure for work in store.work.failures(hostile.db) if work.failure]
    assert any(address.removeprefix("http://").removesuffix("/page") in f.message for f in failures)


@pytest.mark.parametrize("name", pages.KEPT)
def test_a_hostile_page_gives_its_article_and_nothing_else(hostile: Hostile, name: str) -> None:
    article = article_at(hostile, hostile.pages[name])
    assert article is not None
    assert article.title == pages.HEADLINE
    assert article.text.split("\n\n") == list(pages.SENTENCES)


def test_healthy_feeds_beside_them_are_complete(hostile: Hostile) -> None:
    for number in range(1, HEALTHY + 1):
        found = articles_of(hostile, f"h127-1-4-{number}")
        assert len(found) == ITEMS
        for article in found:
            assert article.text.split("\n\n") == list(pages.SENTENCES)


def test_nothing_that_is_forbidden_was_asked(hostile: Hostile) -> None:
    assert hostile.visits == []


def test_nothing_stays_half_done_and_the_store_is_sound(hostile: Hostile) -> None:
    assert store.check(hostile.db) == []
    for work in store.work.failures(hostile.db):
        assert work.state is not WorkState.DONE
        assert work.stage in (Stage.FETCH, Stage.EXTRACT)
        assert work.failure is not None
        assert work.failure.message
