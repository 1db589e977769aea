"""Every kind of store can be moved to every other, and goes on there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, text

from dragoman import store
from dragoman.errors import StoreError
from dragoman.store import Store, open_store
from dragoman.store.moving import move_store
from dragoman.store.schema import desk_audit, forms
from tests.contracts.store_samples import (
    HARBOUR,
    NOW,
    finish,
    make_entry,
    make_page,
    put_articles,
    read,
)

DEED = {
    "at": NOW, "user": "ann", "role": "editor", "address": "", "action": "look", "target": "",
    "before": "", "after": "", "outcome": "done",
}  # fmt: skip


@pytest.fixture
def origin(shared_db: Store, shared_url: str) -> str:
    """A store that holds something of most kinds; its numbers have a gap at the end."""
    store.sources.put_source(shared_db, HARBOUR)
    read(shared_db, make_entry(1), make_entry(2))
    store.pages.put_page(shared_db, make_page())
    put_articles(shared_db, "a1")
    finish(shared_db)
    with shared_db.write() as connection:
        connection.execute(insert(desk_audit), [{"id": 7, **DEED}])
    return shared_url


def test_it_holds_there_what_it_held_here_and_counts_on(origin: str, empty_url: str) -> None:
    seen: list[tuple[str, int, int]] = []
    target = empty_url if empty_url.startswith("postgresql") else f"{empty_url}.new"
    moved = move_store(origin, target, lambda *step: seen.append(step))
    assert ("articles", 1, 1) in seen
    assert {one.table: one.rows for one in moved}["work"] > 3
    with open_store(origin) as here, open_store(target, create=False) as there:
        assert store.check(there) == []
        assert store.articles.article(there, "a1") == store.articles.article(here, "a1")
        assert store.pages.page(there, "a1") == store.pages.page(here, "a1")
        assert store.work.counts(there) == store.work.counts(here)
        with there.write() as connection:
            added = connection.execute(insert(desk_audit).values(**DEED))
            assert added.inserted_primary_key == (8,)


def test_what_no_database_should_hold_is_mended_and_counted(tmp_path: Path, empty_url: str) -> None:
    origin = tmp_path / "old.db"
    with open_store(origin) as db, db.write() as connection:
        row = {"language": "en", "word": "o\0slo", "form": "O\0slo", "articles": 2}
        connection.execute(insert(forms), [row])
    (found,) = (one for one in move_store(origin, empty_url) if one.rows)
    assert (found.table, found.rows, found.mended) == ("forms", 1, 1)
    with open_store(empty_url) as db:
        assert store.names.usual_forms(db, "en", ["oslo"]) == {"oslo": "Oslo"}


def test_a_row_that_does_not_fit_leaves_nothing_behind(tmp_path: Path, postgresql_url: str) -> None:
    origin = tmp_path / "old.db"
    with open_store(origin) as db, db.write() as connection:
        row = {"language": "en", "word": "x" * 300, "form": "X", "articles": 2}
        connection.execute(insert(forms), [row])
    for _ in range(2):  # the second is not refused for what the first left
        with pytest.raises(StoreError, match=r"table 'forms' .*value too long"):
            move_store(origin, postgresql_url)


def test_a_place_that_is_not_empty_is_left_alone(tmp_path: Path, empty_url: str) -> None:
    open_store(tmp_path / "old.db").close()
    with open_store(empty_url) as db, db.write() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(StoreError, match=r"is not empty|exists already"):
        move_store(tmp_path / "old.db", empty_url)
