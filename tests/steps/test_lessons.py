"""What the pages of a host teach is kept in the store, and a changed layout is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from dragoman import store
from dragoman.config import Settings
from dragoman.steps import Pass, extract_articles
from dragoman.store import Store, open_store
from dragoman.types import FeedItem, Lesson, Reading, Source, SourceState
from tests.cli.running import dragoman
from tests.extract.test_layouts import NEW, OLD, REDESIGN, make_page, tell
from tests.inline import Here

HOST = "valley.example"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/relay.db") as found:
        store.sources.put_source(found, Source("v", f"https://{HOST}/feed", "Valley"))
        yield found


async def relay(db: Store, folder: Path, *numbers: int) -> None:
    """Fetch these pages of the valley, and take their articles out in one pass."""
    pages = [make_page(n) for n in numbers]
    items = tuple(FeedItem(page.url) for page in pages)
    ids = {page.url: page.id for page in pages}
    reading = Reading("v", f"https://{HOST}/feed", items=items)
    store.items.put_reading(db, reading, SourceState("v"), ids, pages[0].fetched)
    for page in pages:
        store.pages.put_page(db, page)
    now = max(page.fetched for page in pages)
    work = Pass(db, Here(), Settings(data=folder), now=lambda: now)  # type: ignore[arg-type]
    await extract_articles(work)


def text_of(db: Store, number: int) -> str:
    article = store.articles.article(db, f"p{number}")
    assert article is not None
    return article.text


async def test_a_lesson_grows_from_pass_to_pass(db: Store, tmp_path: Path) -> None:
    for n in range(4):
        await relay(db, tmp_path, n)
        assert store.lessons.lesson(db, HOST).pages == n + 1
    assert not [line for line in OLD if line in text_of(db, 2) + text_of(db, 3)]
    assert all(paragraph in text_of(db, 3) for paragraph in tell(3)[1])


async def test_pages_that_come_together_teach_each_other(db: Store, tmp_path: Path) -> None:
    await relay(db, tmp_path, 0, 1, 2)
    for n in range(3):
        assert not [line for line in OLD if line in text_of(db, n)]


async def test_the_first_pages_of_a_host_are_read_again_once_it_is_known(
    db: Store, tmp_path: Path
) -> None:
    await relay(db, tmp_path, 0)
    await relay(db, tmp_path, 1)
    assert any(line in text_of(db, n) for line in OLD for n in (0, 1))
    await relay(db, tmp_path, 2)
    await relay(db, tmp_path, 3)
    for n in range(4):
        assert not [line for line in OLD if line in text_of(db, n)]
        assert all(paragraph in text_of(db, n) for paragraph in tell(n)[1])


async def test_pages_that_came_amid_a_redesign_are_read_again_once_it_is_learnt(
    db: Store, tmp_path: Path
) -> None:
    await relay(db, tmp_path, *range(REDESIGN - 8, REDESIGN))
    for n in range(REDESIGN, REDESIGN + 9):
        await relay(db, tmp_path, n)
    for n in range(REDESIGN - 8, REDESIGN + 9):
        assert not [line for line in (*OLD, *NEW) if line in text_of(db, n)], n
        assert all(paragraph in text_of(db, n) for paragraph in tell(n)[1])


async def test_a_lesson_that_is_damaged_is_learnt_again(db: Store, tmp_path: Path) -> None:
    await relay(db, tmp_path, 0, 1, 2)
    with db.write() as connection:
        connection.execute(text("UPDATE lessons SET record = '{'"))
    assert store.lessons.lesson(db, HOST) == Lesson(HOST)
    await relay(db, tmp_path, 3)
    assert store.lessons.lesson(db, HOST).pages == 4


def test_status_tells_of_a_layout_that_changed(db: Store, tmp_path: Path) -> None:
    lesson = Lesson(HOST, pages=33, drifted=datetime.now(UTC), is_drifting=True)
    store.lessons.put_lesson(db, lesson)
    store.lessons.put_lesson(db, Lesson("calm.example", pages=33))
    (tmp_path / "dragoman.toml").write_text('data = "."\n')
    shown = dragoman("status", cwd=tmp_path).stdout
    assert HOST in shown
    assert "DRIFTING" in shown
    assert "calm.example" not in shown
    (drift,) = json.loads(dragoman("status", "--json", cwd=tmp_path).stdout)["drifts"]
    assert (drift["host"], drift["is_drifting"]) == (HOST, True)


async def test_a_redesign_is_kept_in_the_store_until_it_is_learnt(
    db: Store, tmp_path: Path
) -> None:
    await relay(db, tmp_path, *range(REDESIGN - 8, REDESIGN))
    since = make_page(0).fetched
    assert store.lessons.drifts(db, since) == ()
    await relay(db, tmp_path, *range(REDESIGN, REDESIGN + 3))
    (drift,) = store.lessons.drifts(db, since)
    assert (drift.host, drift.is_drifting) == (HOST, True)
    await relay(db, tmp_path, *range(REDESIGN + 3, REDESIGN + 9))
    (drift,) = store.lessons.drifts(db, since)
    assert not drift.is_drifting
