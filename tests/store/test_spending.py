"""What engines did and cost is counted in the transaction that stores what it bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import store
from dragoman.store import Store, open_store
from dragoman.types import TranslationStatus, Usage
from tests.contracts.store_samples import HARBOUR, NOW, make_translation, put_articles

MONTH = "2026-03"
USED = (Usage("deepl", 10, 1.5, 0.25), Usage("firefox", 7, 0.5))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/relay.db") as opened:
        store.sources.put_source(opened, HARBOUR)
        put_articles(opened, "a1", "a2")
        yield opened


def rows(db: Store) -> dict[tuple[str, str, str], tuple[int, float, float]]:
    return {
        (one.month, one.engine, one.source): (one.words, one.seconds, one.cost)
        for one in store.spending.spending(db)
    }


def test_what_a_translation_took_is_counted_by_month_engine_and_source(db: Store) -> None:
    store.translations.put_translation(db, make_translation("a1", usage=USED), "1")
    assert rows(db) == {
        (MONTH, "deepl", "harbour"): (10, 1.5, 0.25),
        (MONTH, "firefox", "harbour"): (7, 0.5, 0.0),
    }
    assert store.spending.month_cost(db, MONTH) == 0.25


def test_counts_of_one_month_add_up(db: Store) -> None:
    for id in ("a1", "a2", "a1"):
        store.translations.put_translation(db, make_translation(id, usage=USED), "1")
    assert rows(db)[MONTH, "deepl", "harbour"] == (30, 4.5, 0.75)


def test_months_are_counted_apart_and_the_last_comes_first(db: Store) -> None:
    for made in (NOW, datetime(2026, 4, 1, tzinfo=UTC)):
        made_then = make_translation("a1", usage=USED, made=made)
        store.translations.put_translation(db, made_then, "1")
    assert [one.month for one in store.spending.spending(db)] == [
        "2026-04",
        "2026-04",
        MONTH,
        MONTH,
    ]
    assert store.spending.month_cost(db, MONTH) == 0.25
    assert store.spending.month_cost(db, "2026-05") == 0


def test_a_month_ends_at_midnight_utc() -> None:
    late = datetime.fromisoformat("2026-03-31T23:30:00-02:00")
    assert store.spending.month_of(late) == "2026-04"


def test_what_bought_nothing_is_counted_too(db: Store) -> None:
    failed = replace(
        make_translation("a1", usage=USED), status=TranslationStatus.FAILED, segments=()
    )
    store.translations.put_translation(db, failed, "1")
    outdated = make_translation("a1", usage=USED, revision=0)
    store.translations.put_translation(db, outdated, "1")
    gone = make_translation("a9", usage=USED)
    store.translations.put_translation(db, gone, "1")
    assert store.spending.month_cost(db, MONTH) == 0.75
    assert rows(db)[MONTH, "deepl", ""] == (10, 1.5, 0.25)


def test_a_translation_without_engines_counts_nothing(db: Store) -> None:
    store.translations.put_translation(db, make_translation("a1"), "1")
    assert rows(db) == {}
