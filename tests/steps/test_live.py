"""The live events that are kept in memory from pass to pass are those of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dragoman import link, store
from dragoman.steps import deciding
from dragoman.steps.live import Live, live_events
from dragoman.store import Store, open_store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    Grouping,
    Moment,
    Source,
    Text,
)

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=21)
IDS = [f"a{number}" for number in range(8)]
EVENTS = {"a0": "a0", "a1": "a0", "a2": "a2", "a3": "a3", "a4": "a4", "a5": "a4"}


def _article(id: str, text: str = "") -> Article:
    at = NOW - timedelta(hours=IDS.index(id))
    block = Block(BlockKind.PARAGRAPH, (Text(text or f"What {id} reports."),))
    address = f"https://press.example/{id}"
    return Article(id, "press", address, "en", f"Report {id}", (block,), Dating(Moment(at)))


def _vector(seed: int) -> bytes:
    return np.random.default_rng(seed).standard_normal(512).astype(np.float16).tobytes()


def _link(db: Store, ids: list[str], events: dict[str, str], seed: int = 0) -> None:
    vectors = {id: _vector(seed + IDS.index(id)) for id in ids}
    store.stories.put_vectors(db, vectors, link.VERSION)
    groups = [Grouping(id, events.get(id, id), events.get(id, id)) for id in ids]
    store.stories.put_links(db, (), groups, link.VERSION, ids)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "relay.db") as opened:
        source = Source("press", "https://press.example/feed", "Press")
        store.sources.put_source(opened, source)
        for id in IDS:
            store.articles.put_article(opened, _article(id), "1")
        _link(opened, IDS, EVENTS)
        yield opened


def _take_back(db: Store) -> None:
    store.articles.withdraw(db, "a2", "gone", NOW)
    store.articles.withdraw(db, "a1", "gone", NOW)


def _bring_back(db: Store) -> None:
    _take_back(db)
    live_events(db, SINCE)
    store.articles.restore(db, "a2")


def _date_anew(db: Store) -> None:
    moved = Dating(Moment(NOW - timedelta(days=9)))
    store.articles.put_article(db, replace(_article("a3"), published=moved), "1")


def _date_out_of_the_window(db: Store) -> None:
    moved = Dating(Moment(NOW - timedelta(days=90)))
    store.articles.put_article(db, replace(_article("a3"), published=moved), "1")


def _rewrite(db: Store) -> None:
    store.articles.put_article(db, _article("a5", "Another text altogether."), "1")


def _rewrite_and_link(db: Store) -> None:
    _rewrite(db)
    live_events(db, SINCE)
    _link(db, ["a5"], EVENTS, seed=50)


def _merge(db: Store) -> None:
    deciding.merge_stories(db, "a2", "a3", "anna", is_event=True)


def _split(db: Store) -> None:
    deciding.split_story(db, "a0", ["a1"], "anna")


def _link_anew(db: Store) -> None:
    _link(db, IDS, {**EVENTS, "a6": "a0", "a7": "a2"}, seed=9)


def _find(events: link.LiveEvents, seed: int) -> list[list[str]]:
    vectors = [_vector(number + seed) for number in range(len(IDS))]
    span = SINCE.timestamp(), NOW.timestamp()
    week = (NOW - timedelta(days=7)).timestamp(), NOW.timestamp()
    languages = ["en"] * len(vectors)
    return events.find(vectors, languages, span, 4) + events.find(vectors, languages, week, 4)


CHANGES = [
    _take_back,
    _bring_back,
    _date_anew,
    _date_out_of_the_window,
    _rewrite,
    _rewrite_and_link,
    _merge,
    _split,
    _link_anew,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_kept_in_memory_is_what_a_restart_would_read(
    db: Store, change: Callable[[Store], None]
) -> None:
    before = live_events(db, SINCE)
    assert len(before) == 6
    change(db)
    kept = live_events(db, SINCE)
    anew = Live(SINCE - timedelta(days=10))
    anew.refresh(db)
    assert kept is before
    assert len(kept) == len(anew.events)
    for seed in (0, 9, 50):
        assert _find(kept, seed) == _find(anew.events, seed)


def _nearest(db: Store, id: str) -> str:
    span = SINCE.timestamp(), NOW.timestamp()
    found = live_events(db, SINCE).find([_vector(IDS.index(id))], ["en"], span, 1)[0]
    return found[0] if found else ""


def test_a_withdrawn_report_finds_no_event_and_a_restored_one_does(db: Store) -> None:
    assert _nearest(db, "a2") == "a2"
    store.articles.withdraw(db, "a2", "gone", NOW)
    assert _nearest(db, "a2") != "a2"
    store.articles.restore(db, "a2")
    assert _nearest(db, "a2") == "a2"


def test_an_event_moved_out_of_the_window_is_found_no_more(db: Store) -> None:
    assert _nearest(db, "a3") == "a3"
    _date_out_of_the_window(db)
    assert _nearest(db, "a3") != "a3"
