"""What clusters that we do not have would do: measured stage times, replayed by the real relay.

    python -m bench scale --data DIR

A relay of real pages is measured first (`bench.relay`). Then the relay itself, its steps, its
store and the scheduling of its runner work on articles by the hundred, while what a worker would
do takes its measured time on a clock that skips the waiting. What the relay does itself is real,
and passes on that clock as it passes here: so it shows where one relay is all that there is.
At the end, what so many articles a day need.
"""

from __future__ import annotations

import asyncio
import selectors
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bench.relay import Publishers, make_settings, print_costs, quieten, relay_on
from bench.stages import Costs, measure_stages
from dragoman import ingest, store, translate
from dragoman.config import Settings, Translate
from dragoman.relay import relay_once
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, open_fetcher
from dragoman.store import open_store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    EngineSpec,
    FeedItem,
    Moment,
    Page,
    Reading,
    Source,
    SourceState,
    Text,
    Translation,
)

Value = TypeVar("Value")

MEASURED_PAGES = 60
ARTICLES = 400
WORKERS = (1, 2, 8, 32, 128, 512)
EDITIONS = ("pt", "en")
DAYS = (10_000, 1_000_000, 100_000_000)  # articles
USE = 0.7  # of a core's day: news does not come evenly
WORKER_MB = 400.0  # an encoder, two models and a parser
CORE_HOUR = 0.04  # in any money: what a core costs by the hour; 0.04 is a common list price in $
GB_MONTH = 0.1
_HOSTS = 20
_NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
_NOUNS = ("river", "council", "harvest", "minister", "bridge", "strike", "island", "market")


def main(data: Path, articles: int = ARTICLES, pages: int = MEASURED_PAGES) -> None:
    """Print the measured costs, the replay on each cluster, and the table of days."""
    quieten()
    with tempfile.TemporaryDirectory() as folder, Publishers(data, pages) as homes:
        run = relay_on(1, homes, Path(folder) / "1")
        settings = make_settings(Path(folder) / "1")
        with open_store(settings.store_url) as db:
            costs = measure_stages(db, settings)
        disk = (Path(folder) / "1" / "relay.db").stat().st_size / costs.articles
    print_costs(costs)
    overhead = run.cpu / (costs.total * run.articles / costs.articles)
    own = 0.0
    print(f"{'workers':>8}{'articles/s':>12}{'workers busy':>14}{'the relay itself':>18}")
    for workers in WORKERS:
        done = replay(workers, articles, costs)
        own = done.own
        print(f"{workers:8}{articles / done.seconds:12.1f}{100 * done.busy:13.0f}%"
              f"{1000 * done.own:13.1f} ms/a.")  # fmt: skip
    print_days(costs, overhead, disk, own)


@dataclass(frozen=True)
class Replayed:
    """What a replay took."""

    seconds: float  # on the replay's clock
    busy: float  # share of the workers' time
    own: float  # CPU seconds of the relay itself, an article


def print_days(costs: Costs, overhead: float, disk: float, own: float) -> None:
    """Print what so many articles a day need, in as many languages as were measured."""
    each = overhead * costs.total / costs.articles
    print(f"an article in {len(EDITIONS)} editions: {each:.2f} CPU-s, {disk / 1024:.0f} KiB; one "
          f"relay itself ends at {USE * 86400 / own:,.0f} articles a day")  # fmt: skip
    print(f"{'articles a day':>16}{'cores':>9}{'relays':>8}{'memory':>10}{'disk a month':>14}"
          f"{'money a month':>15}")  # fmt: skip
    for day in DAYS:
        cores = max(1.0, day * each / (USE * 86400))
        relays = max(1.0, np.ceil(day * own / (USE * 86400)))
        gigabytes = 30 * day * disk / 1e9
        money = 730 * CORE_HOUR * cores + GB_MONTH * gigabytes
        print(f"{day:16,}{cores:9,.0f}{relays:8,.0f}{cores * WORKER_MB / 1000:7,.0f} GB"
              f"{gigabytes:11,.0f} GB{money:15,.0f}")  # fmt: skip


class _Selector(selectors.DefaultSelector):
    """Waits for nothing that is only time: that passes at once, on the loop's clock."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See `selectors.BaseSelector.select`."""
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout > 0:
            self.skipped += timeout
        return ready


class ReplayLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is the CPU time of this process and the time it skipped."""

    def __init__(self) -> None:
        self.clock = _Selector()
        super().__init__(self.clock)

    def time(self) -> float:
        """Give seconds."""
        return time.process_time() + self.clock.skipped


class Cluster(LocalRunner):
    """The scheduling of the runner, before workers that only take their time."""

    def __init__(self, loop: ReplayLoop, workers: int, costs: Costs) -> None:
        super().__init__(workers)
        self._loop = loop
        self._free = asyncio.Semaphore(workers)
        self.busy_s = 0.0  # of the workers, on the clock
        self.here_s = 0.0  # that was theirs and was done here
        self._seconds = {
            "extract_article": costs.extract / costs.pages,
            "translate_article": costs.translate / costs.translations,
        }

    async def call(self, function: Callable[..., Value], *args: Any, deadline_s: float) -> Value:
        """Take a worker for as long as it takes. See `Runner.call`."""
        async with self._free:
            began = time.process_time()
            value: Value
            value, seconds = self._work(function, args)
            # What was done here was a worker's: on this clock it did not happen yet.
            real = time.process_time() - began
            self._loop.clock.skipped -= real
            self.here_s += real
            seconds = real if seconds is None else seconds
            self.busy_s += seconds
            await asyncio.sleep(seconds)
            return value

    def _work(
        self, function: Callable[..., Any], args: tuple[Any, ...]
    ) -> tuple[Any, float | None]:
        """Give what a worker would give, and its seconds; None: what it took here."""
        name = function.__name__
        match name:
            case "extract_article":
                return make_article(args[0]), self._seconds[name]
            case "learn_pages":
                return replace(args[0], pages=args[0].pages + len(args[1])), 0.0
            case "translate_article":
                return make_translation(args[0], args[1], args[2]), self._seconds[name]
            case _:
                return function(*args), None


def make_article(page: Page) -> Article:
    """Give the article of a page: as long as news is, and about something of its own."""
    chance = np.random.default_rng(list(page.id.encode()))
    words = [f"{_NOUNS[n % 8]}{n}" for n in chance.integers(0, 3000, 600)]
    lines = [" ".join(words[at : at + 50]) + "." for at in range(0, 600, 50)]
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(line),)) for line in lines)
    return Article(
        page.id, page.source, page.url, "en", " ".join(words[:9]), blocks,
        Dating(Moment(page.fetched)),
    )  # fmt: skip


def make_translation(article: Article, into: str, route: Any) -> Translation:
    """Give a translation by an engine that does nothing."""
    return translate.translate_article(article, into, route, (EngineSpec("echo"),))


def replay(workers: int, articles: int, costs: Costs) -> Replayed:
    """Relay so many pages with so many workers."""
    loop = ReplayLoop()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder), editions=EDITIONS, translate=Translate(engines=("echo",))
        )
        with open_store(settings.store_url) as db:
            fill(db, articles)
            cluster = Cluster(loop, workers, costs)
            work = Pass(db, cluster, settings, now=lambda: _NOW)
            began, own = loop.time(), time.process_time()
            loop.run_until_complete(_relay(work))
            seconds = loop.time() - began
            own = time.process_time() - own - cluster.here_s
            made = work.counts["translated"]
    loop.close()
    if made < articles:
        raise RuntimeError(f"{made} translations of {articles} articles: the replay is not whole")
    return Replayed(seconds, cluster.busy_s / (workers * seconds), own / articles)


async def _relay(work: Pass) -> None:
    async with open_fetcher(work.settings) as fetcher:
        await relay_once(work, fetcher)


def fill(db: store.Store, articles: int) -> None:
    """Store pages as if they had been fetched."""
    for host in range(_HOSTS):
        source = f"s{host}"
        store.sources.put_source(db, Source(source, f"https://h{host}.example/feed", source))
        urls = [f"https://h{host}.example/{n}" for n in range(host, articles, _HOSTS)]
        ids = {url: ingest.article_id(source, url) for url in urls}
        items = tuple(FeedItem(url) for url in urls)
        reading = Reading(source, f"{source} reading", items=items)
        store.items.put_reading(db, reading, SourceState(source), ids, _NOW)
        for number, item in enumerate(items):
            at = _NOW - timedelta(minutes=number)
            page = Page(
                item.url, item.url, at, 200, b"x", id=ids[item.url], source=source, item=item
            )
            store.pages.put_page(db, page)
