"""What befalls one item, or one step, stops neither the others nor the relay."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dragoman import extract, ingest, relay, store
from dragoman.config import Settings
from dragoman.errors import EngineDied
from dragoman.steps import Pass, link_articles, open_fetcher, poll_sources
from dragoman.steps.linking import _split_by_time
from dragoman.steps.work import plan_retry
from dragoman.store import Store, open_store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    FeedItem,
    Judgement,
    LinkInput,
    Moment,
    Page,
    Reading,
    Relation,
    Source,
    SourceState,
    Stage,
    Text,
)
from tests.inline import Here

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def article(id: str, day: int, title: str = "Ferry sails again to the islands") -> Article:
    at = NOW + timedelta(days=day)
    block = Block(BlockKind.PARAGRAPH, (Text(f"{title}, said the harbour on day {day}."),))
    published = Dating(Moment(at))
    return Article(id, "s", f"https://a.example/{id}", "en", title, (block,), published)


@pytest.fixture
def work(tmp_path: Path) -> Pass:
    db = open_store(f"sqlite:///{tmp_path}/relay.db")
    store.sources.put_source(db, Source("s", "https://a.example/feed", "A"))
    return Pass(db, Here(), Settings(data=tmp_path))  # type: ignore[arg-type]


def put(db: Store, one: Article) -> None:
    item = FeedItem(one.url)
    state = SourceState("s")
    store.items.put_reading(db, Reading("s", "x", items=(item,)), state, {one.url: one.id}, NOW)
    page = Page(one.url, one.url, NOW, 200, b"x", id=one.id, source="s", item=item)
    store.pages.put_page(db, page)
    store.articles.put_article(db, one, extract.VERSION)


def test_a_source_that_eats_all_memory_fails_alone_and_is_asked_later(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_: Any) -> Reading:
        raise MemoryError

    monkeypatch.setattr(ingest, "read_source", read)

    async def poll() -> None:
        async with open_fetcher(work.settings) as fetcher:
            await poll_sources(work, fetcher)

    asyncio.run(poll())
    state = store.sources.source_states(work.db)["s"]
    assert state.failure is not None and state.failure.kind == "MemoryError"
    assert state.next_poll is not None


def test_a_worker_that_dies_while_linking_is_a_failure_and_the_articles_wait(work: Pass) -> None:
    put(work.db, article("a", 0))
    broken = replace_runner(work, EngineDied("it died"))
    asyncio.run(link_articles(broken))
    assert [one.kind for one in broken.failures] == ["EngineDied"]
    asyncio.run(link_articles(work))
    assert len(store.stories.groupings(work.db)) == 1


def replace_runner(work: Pass, error: Exception) -> Pass:
    class Dying(Here):
        async def call(self, function: Callable[..., Any], *args: Any, deadline_s: float) -> Any:
            raise error

    return Pass(work.db, Dying(), work.settings)  # type: ignore[arg-type]


def test_one_old_article_does_not_wake_the_archive() -> None:
    batch = [article("new", 0), article("old", -800), article("newer", 10)]
    assert [[one.id for one in near] for near in _split_by_time(batch)] == [
        ["old"],
        ["new", "newer"],
    ]


def test_a_story_that_outlives_the_window_keeps_its_name(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow_the_last(
        new: Sequence[LinkInput], known: Sequence[LinkInput], *_: Any, **__: Any
    ) -> tuple[Judgement, ...]:
        last = max(known, key=lambda one: one.at, default=None)
        if last is None:
            return ()
        return tuple(Judgement(one.id, last.id, Relation.SAME_STORY, 0.9) for one in new)

    monkeypatch.setattr("dragoman.link.stream.link_stories", follow_the_last)
    for id, day in (("a", -30), ("b", -20), ("c", -10), ("d", 0)):
        put(work.db, article(id, day))
        asyncio.run(link_articles(work))
    stories = {one.article: one.story for one in store.stories.groupings(work.db)}
    assert stories == dict.fromkeys("abcd", "a")


def test_only_failures_count_as_attempts(work: Pass) -> None:
    put(work.db, article("a", 0))
    failure, next_try = plan_retry(work, "a", Stage.TRANSLATE, EngineDied("x"), "1", "pt")
    assert next_try is not None and not failure.is_permanent


def test_a_mistake_in_one_pass_does_not_end_the_relay(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: asyncio.Queue[int] = asyncio.Queue()

    async def fail(*_: Any) -> None:
        passes.put_nowait(1)
        raise ZeroDivisionError

    monkeypatch.setattr(relay, "relay_once", fail)

    async def run() -> None:
        stop = asyncio.Event()
        async with open_fetcher(work.settings) as fetcher:
            going = asyncio.create_task(
                relay.relay_forever(
                    lambda: work, fetcher, stop, report=lambda tally: None, pause_s=0.01
                )
            )
            for _ in range(3):
                await passes.get()
            stop.set()
            await asyncio.wait_for(going, 5)

    asyncio.run(run())


def test_an_item_whose_address_changed_is_known_by_its_guid(work: Pass) -> None:
    from dragoman.steps.fetching import _identify

    source = Source("s", "https://a.example/feed", "A")
    first = FeedItem("https://a.example/old-slug", guid="tag:1")
    ids = _identify(work, source, (first,))
    store.items.put_reading(work.db, Reading("s", "x", items=(first,)), SourceState("s"), ids, NOW)
    moved = replace(first, url="https://a.example/new-slug")
    twins = (replace(moved, guid="tag:2"), FeedItem("https://a.example/other", guid="tag:2"))
    assert _identify(work, source, (moved,)) == {moved.url: ids[first.url]}
    assert len(set(_identify(work, source, twins).values())) == 2
