"""Hosts that hang keep no other waiting, and what they give in the end is not lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dragoman import relay, store
from dragoman.config import Fetch, Settings
from dragoman.ingest import Fetcher
from dragoman.steps import Pass, fetch_pages, open_fetcher, poll_sources, slots
from dragoman.store import open_store
from dragoman.types import Source
from tests.inline import Here

HEALTHY, SLOW = 4, 6


class Publishers:
    """Healthy feeds of one page each, and feeds and pages that come when they are let go."""

    def __init__(self, *slow_paths: str) -> None:
        self.port = 0
        self.slow_paths = slow_paths
        self.is_let_go = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.answer(reader, writer)
        finally:
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        host, path = writer.get_extra_info("sockname")[0], head.split(b" ", 2)[1].decode()
        if host.startswith("127.4.2.") and path in self.slow_paths:
            await self.is_let_go.wait()
        page = f"<!doctype html><html><head><title>{host}</title></head><p>News.</html>"
        item = f"<item><title>x</title><link>http://{host}:{self.port}/page</link></item>"
        feed = f"<rss version='2.0'><channel><title>{host}</title>{item}</channel></rss>"
        bodies = {"/feed": (feed, "application/rss+xml"), "/page": (page, "text/html")}
        body, kind = bodies.get(path, ("", "text/plain"))
        status = "200 OK" if body else "404 Not Found"
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}".encode()
        )


@asynccontextmanager
async def opened(*slow_paths: str) -> AsyncIterator[Publishers]:
    found = Publishers(*slow_paths)
    hosts = [f"127.4.1.{n}" for n in range(1, HEALTHY + 1)]
    hosts += [f"127.4.2.{n}" for n in range(1, SLOW + 1)]
    first = await asyncio.start_server(found.serve, hosts[0], 0)
    found.port = first.sockets[0].getsockname()[1]
    others = await asyncio.start_server(found.serve, hosts[1:], found.port)
    async with first, others:
        yield found


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pass:
    monkeypatch.setattr(slots, "PATIENCE_S", 0.2)
    monkeypatch.setattr(slots, "HANGING_S", 2.0)
    monkeypatch.setattr(slots, "_LOOK_S", 0.1)
    fetch = Fetch(allow_networks=("127.4.0.0/16",), host_interval_s=0, concurrency=3)
    db = open_store(f"sqlite:///{tmp_path}/relay.db")
    return Pass(db, Here(), Settings(data=tmp_path, fetch=fetch))  # type: ignore[arg-type]


def run(
    work: Pass,
    step: Callable[[Fetcher, asyncio.Event], Coroutine[None, None, None]],
    *slow_paths: str,
) -> None:
    async def go() -> None:
        async with opened(*slow_paths) as publishers, open_fetcher(work.settings) as fetcher:
            for net, count in ((2, SLOW), (1, HEALTHY)):  # the slow ones are asked first
                for number in range(1, count + 1):
                    url = f"http://127.4.{net}.{number}:{publishers.port}/feed"
                    store.sources.put_source(work.db, Source(f"s{3 - net}-{number}", url, "x"))
            await step(fetcher, publishers.is_let_go)

    asyncio.run(go())


def test_feeds_that_hang_keep_no_other_waiting_and_lose_nothing(work: Pass) -> None:
    async def step(fetcher: Fetcher, let_go: asyncio.Event) -> None:
        await poll_sources(work, fetcher)
        assert store.work.counts(work.db)["items"] == HEALTHY
        assert len(work.late) == SLOW
        let_go.set()
        await work.wait_for_late()
        assert store.work.counts(work.db)["items"] == HEALTHY + SLOW

    run(work, step, "/feed")


def test_pages_that_hang_keep_no_other_waiting_and_lose_nothing(work: Pass) -> None:
    async def step(fetcher: Fetcher, let_go: asyncio.Event) -> None:
        await poll_sources(work, fetcher)
        await fetch_pages(work, fetcher)
        assert store.work.counts(work.db)["pages"] == HEALTHY
        let_go.set()
        await work.wait_for_late()
        assert store.work.counts(work.db)["pages"] == HEALTHY + SLOW

    run(work, step, "/page")


def test_a_pass_takes_along_in_the_end_what_came_late(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def skip(_: Pass) -> None:
        """Leave out a step that has its own tests."""

    for name in ("extract_articles", "translate_articles", "link_articles", "index_texts"):
        monkeypatch.setattr(relay, name, skip)

    async def step(fetcher: Fetcher, let_go: asyncio.Event) -> None:
        asyncio.get_running_loop().call_later(2 * slots.HANGING_S, let_go.set)
        tally = await relay.relay_once(work, fetcher)
        assert tally.fetched == HEALTHY + SLOW
        assert not work.late

    run(work, step, "/feed")


def test_a_pass_that_is_stopped_leaves_nothing_running(work: Pass) -> None:
    async def step(fetcher: Fetcher, let_go: asyncio.Event) -> None:
        relaying = asyncio.ensure_future(relay.relay_once(work, fetcher))
        await asyncio.sleep(1.5 * slots.HANGING_S)
        late = set(work.late)
        relaying.cancel()
        await asyncio.gather(relaying, return_exceptions=True)
        assert all(task.done() for task in late)

    run(work, step, "/feed")
