"""The step that indexes: what is new, changed, gone; twice, and after a break."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from dragoman import store
from dragoman.analysis import parse_query
from dragoman.config import Settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, index_texts
from dragoman.store import Store, open_store
from dragoman.store.search import Filters
from dragoman.store.withdrawals import restore, withdraw
from dragoman.types import TranslationStatus
from tests.contracts.store_samples import NOW, make_article, make_translation, put_articles


@pytest.fixture
def db() -> Iterator[Store]:
    with open_store("sqlite://") as opened:
        yield opened


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalRunner]:
    runner = LocalRunner(1)
    yield runner
    runner.close()


def index(db: Store, runner: LocalRunner) -> int:
    return asyncio.run(index_texts(Pass(db, runner, Settings())))


def ids(db: Store, query: str, edition: str = "en") -> list[str]:
    found = store.search.find(db, parse_query(query), Filters(edition))
    return [hit.article for hit in found.hits]


def test_what_is_new_is_indexed_once(db: Store, runner: LocalRunner) -> None:
    put_articles(db, "a1", "a2")
    store.translations.put_translation(db, make_translation("a1"), "1", ())
    assert index(db, runner) == 3
    assert index(db, runner) == 0
    assert sorted(ids(db, "ferry")) == ["a1", "a2"]
    assert ids(db, "balsa", "pt") == ["a1"]


def test_a_revision_is_indexed_again(db: Store, runner: LocalRunner) -> None:
    put_articles(db, "a1")
    index(db, runner)
    put_articles(db, "a1", text="The tram stops.", title="Tram")
    assert index(db, runner) == 1
    assert (ids(db, "tram"), ids(db, "ferry")) == (["a1"], [])


def test_a_translation_that_is_held_back_is_not_found(db: Store, runner: LocalRunner) -> None:
    put_articles(db, "a1")
    store.translations.put_translation(db, make_translation("a1"), "1", ())
    index(db, runner)
    held = make_translation("a1", status=TranslationStatus.HELD)
    store.translations.put_translation(db, held, "2", ())
    assert index(db, runner) == 1
    assert ids(db, "balsa", "pt") == []


def test_what_comes_back_is_found_again(db: Store, runner: LocalRunner) -> None:
    put_articles(db, "a1")
    index(db, runner)
    withdraw(db, "a1", "gone", NOW)
    assert (index(db, runner), ids(db, "ferry")) == (0, [])
    restore(db, "a1")
    assert (index(db, runner), ids(db, "ferry")) == (1, ["a1"])


def test_a_damaged_article_stops_no_other(db: Store, runner: LocalRunner) -> None:
    put_articles(db, "a1", "a2")
    with db.write() as connection:
        connection.exec_driver_sql("UPDATE articles SET record = '{}' WHERE id = 'a1'")
    assert index(db, runner) == 2
    assert (index(db, runner), ids(db, "ferry")) == (0, ["a2"])


def test_the_section_and_captions_are_indexed(db: Store, runner: LocalRunner) -> None:
    article = make_article("a1", section="Sport")
    store.articles.put_article(db, article, "1")
    index(db, runner)
    found = store.search.find(db, parse_query("quay"), Filters("en", section="sport"))
    assert [hit.article for hit in found.hits] == ["a1"]
