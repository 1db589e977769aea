"""Between passes old things go, in small transactions; a clock that leaps ahead takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dragoman import store
from dragoman.config import Settings
from dragoman.ingest import ClosedHost
from dragoman.steps import Pass, fetch_pages, forget_old, keep_days, keeping, open_fetcher
from dragoman.store import Store, desk_audit, open_store
from dragoman.store.desk_audit import Deed
from tests.contracts.store_samples import HARBOUR, NOW, make_entry, read

LATER = NOW + timedelta(days=400)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Pass]:
    with open_store(tmp_path / "relay.db") as db:
        yield Pass(db, None, Settings(data=tmp_path), now=lambda: LATER)  # type: ignore[arg-type]


def fill(db: Store, number: int) -> None:
    for _ in range(number):
        desk_audit.note(db, Deed(NOW, "ann", "editor", "::1", "source.add"))


def test_what_is_older_than_its_setting_goes_in_small_steps(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 3)
    fill(work.db, 8)
    asyncio.run(forget_old(work))
    assert desk_audit.deeds(work.db, 10) == ()


def test_where_time_is_up_the_rest_goes_in_the_next_pass(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PASS_S", 0.0)
    fill(work.db, 8)
    asyncio.run(forget_old(work))
    assert len(desk_audit.deeds(work.db, 10)) == 8


def test_nothing_goes_where_it_is_kept_for_ever_or_the_clock_was_set_ahead(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(work.db, 2)
    kept = work.settings.keep.model_copy(update={"audit_days": 0})
    for_ever = Pass(work.db, work.runner, work.settings.model_copy(update={"keep": kept}))
    for_ever.now = work.now
    asyncio.run(forget_old(for_ever))
    monkeypatch.setattr(keeping, "_BEGAN", keeping._BEGAN - 3 * 86_400)
    asyncio.run(forget_old(work))
    assert len(desk_audit.deeds(work.db, 10)) == 2


def test_every_rule_has_a_setting_and_every_setting_a_rule() -> None:
    assert keep_days(Settings()).keys() == store.retention.RULES.keys()
    assert keep_days(Settings())["articles"] == 0


def test_a_host_that_is_left_alone_costs_its_articles_no_try(
    work: Pass,
) -> None:
    store.sources.put_source(work.db, HARBOUR)
    read(work.db, make_entry(1), make_entry(2))

    async def fetch() -> None:
        async with open_fetcher(work.settings) as fetcher:
            until = datetime.now(UTC) + timedelta(minutes=30)
            fetcher.restore([ClosedHost("harbour.example:443", until, 7, "it answers 503")])
            await fetch_pages(work, fetcher)

    asyncio.run(fetch())
    assert store.work.work(work.db, "a1") == ()
    assert len(store.items.items_lacking_page(work.db, LATER, 10)) == 2
    assert work.failures == []
