"""Linking as the archive grows: articles per second, CPU and memory, vectors included.

    python -m bench link --data DIR

A store is filled with articles of the last three weeks, each an event of its own, in the rows
that the relay would have written, by processes of their own: what is measured is the relay and
its workers alone. Their vectors are real ones of the labelled pairs, turned a little; their
texts are sentences of the pairs, so that they share words and names as news does and are no
copies. Then new articles are linked as the relay does it. The window grows from 1,000 to 100,000
articles.

Articles per second mean something on an idle machine alone; CPU per article holds on a busy one
too. Reading and embedding are shared by the workers and all else waits for its turn, so `on two
cores` is what the CPU allows: half of the reading, and the rest whole.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import structlog

from bench.metering import measure, read_peak
from bench.turns import Ratio
from dragoman import link, store
from dragoman.config import Settings
from dragoman.runner import LocalRunner, Outcome
from dragoman.steps import Pass, link_articles
from dragoman.store import Store, open_store, schema
from dragoman.store.articles import listing_time
from dragoman.store.checkpoints import set_work
from dragoman.store.columns import encode, key_of
from dragoman.store.dialects import upsert
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    Grouping,
    LinkInput,
    Moment,
    Source,
    Stage,
    Text,
    WorkState,
)
from quality.link_sets import read_pair_articles

WINDOWS = (1_000, 10_000, 100_000)
NEW = 400
WARM = 40
WORKERS = 2
TEXTS = 1000  # of the pairs, that the window is made of
_NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
_DAYS = 20
_TURN = 0.6  # how far a vector is turned: its nearest are as near as two reports of a topic
_SENTENCES = 8  # of an article of the window
_AT_ONCE = 2000
_PARTING = re.compile(r"(?<=[.!?。！？؟])\s*")

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass
class Meter:
    """A runner that counts the CPU and memory of its workers."""

    runner: LocalRunner
    cpu: dict[str, float] = field(default_factory=dict)  # seconds, by the function's name
    peaks: dict[int, float] = field(default_factory=dict)  # MiB, by process
    workers: int = 1

    async def call(self, function: Callable[..., Value], *args: Any, deadline_s: float) -> Value:
        """Run one function and count what it took."""
        measured = await self.runner.call(measure, function, *args, deadline_s=deadline_s)
        name = function.__name__
        self.cpu[name] = self.cpu.get(name, 0.0) + measured.seconds
        self.peaks[measured.process] = measured.peak
        value: Value = measured.value
        return value

    def run_each(
        self,
        function: Callable[..., Value],
        items: Iterable[tuple[Item, tuple[Any, ...]]],
        *,
        deadline_s: float,
    ) -> AsyncIterator[Outcome[Item, Value]]:
        """Run a function on each, uncounted."""
        return self.runner.run_each(function, items, deadline_s=deadline_s)

    def close(self) -> None:
        """End the workers."""
        self.runner.close()


# -- The window -----------------------------------------------------------------------


def _make_article(ident: str, text: LinkInput, at: datetime) -> Article:
    block = Block(BlockKind.PARAGRAPH, (Text(text.text[:1500] or text.title[:1500]),))
    url = f"https://bench.example/{ident}"
    return Article(
        ident, "bench", url, text.language, text.title[:200], (block,), Dating(Moment(at))
    )


async def fill(workers: LocalRunner, path: Path, data: Path, first: int, last: int) -> None:
    """Put articles into the window, in processes that are not measured."""
    middle = (first + last) // 2
    shares = (first, middle), (middle, last)
    calls = (workers.call(_fill, path, data, *share, deadline_s=3600.0) for share in shares)
    await asyncio.gather(*calls)


@lru_cache(maxsize=1)
def _read_texts(data: Path) -> list[LinkInput]:
    texts = read_pair_articles(data)[:TEXTS]
    return [replace(t, vector=v) for t, v in zip(texts, link.embed(texts), strict=True)]


def _fill(path: Path, data: Path, first: int, last: int) -> None:
    """Put articles into the window, with their vectors, features and events."""
    db, texts = open_store(path), _read_texts(data)
    chance = np.random.default_rng(first)
    pools: dict[str, list[str]] = {}
    for text in texts:
        pools.setdefault(text.language, []).extend(_PARTING.split(text.text))
    for start in range(first, last, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, last))
        chosen = [_mix(texts[n % len(texts)], pools, chance) for n in numbers]
        vectors = np.stack([np.frombuffer(t.vector, np.float16) for t in chosen]).astype(np.float32)
        noise = chance.standard_normal(vectors.shape, dtype=np.float32)
        turned = vectors + _TURN * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        ids = [f"old-{n:06}" for n in numbers]
        _put_new(
            db,
            [
                _make_article(ident, text, _NOW - timedelta(seconds=n * 7919 % (_DAYS * 86400)))
                for ident, text, n in zip(ids, chosen, numbers, strict=True)
            ],
        )
        rows = {i: v.astype(np.float16).tobytes() for i, v in zip(ids, turned, strict=True)}
        kept = dict(zip(ids, link.keep_features(chosen), strict=True))
        store.stories.put_vectors(db, rows, link.VERSION, kept)
        groups = [Grouping(ident, ident, ident) for ident in ids]
        store.stories.put_links(db, (), groups, link.VERSION, ids)
    db.close()


def _mix(text: LinkInput, pools: dict[str, list[str]], chance: np.random.Generator) -> LinkInput:
    """Give an article other sentences of its language: one text stands in no two events."""
    pool = pools[text.language]
    return replace(
        text, text=" ".join(pool[n] for n in chance.integers(len(pool), size=_SENTENCES))
    )


def _put_new(db: Store, articles: Sequence[Article]) -> None:
    """Write articles as `store.articles.put_article` does, all in one transaction."""
    now = datetime.now(UTC)
    fresh = [
        replace(one, revision=1, digest=key_of(f"{one.title}\n\n{one.text}"), first_seen=now)
        for one in articles
    ]
    rows = [
        {
            "id": one.id,
            "source": one.source,
            "url_key": key_of(one.url),
            "language": one.language,
            "at": listing_time(one),
            "first_seen": now,
            "revision": 1,
            "digest": one.digest,
            "record": encode(one),
            "section": "",
        }
        for one in fresh
    ]
    with db.write() as connection:
        upsert(connection, schema.articles, rows)
        waiting = [{"article": one.id, "into": "", "asked": 1} for one in fresh]
        upsert(connection, schema.search_waiting, waiting)
        done = [one.id for one in fresh]
        set_work(connection, done, Stage.EXTRACT, "bench", WorkState.DONE, now)


# -- What is measured -----------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """What linking took: articles a second, and CPU milliseconds an article."""

    rate: float
    parent: float
    read: float
    judge: float

    @property
    def total(self) -> float:
        """CPU of all processes."""
        return self.parent + self.read + self.judge

    @property
    def on_two_cores(self) -> float:
        """Articles a second where reading has two cores and all else one."""
        return 1000.0 / (self.parent + self.read / WORKERS + self.judge)


def link_new(work: Pass, meter: Meter, texts: Sequence[LinkInput], name: str) -> Cost:
    """Link new articles and count what it took."""
    for number, text in enumerate(texts):
        at = _NOW - timedelta(minutes=number)
        store.articles.put_article(work.db, _make_article(f"{name}-{number}", text, at), "bench")
    meter.cpu.clear()
    started, before = time.perf_counter(), time.process_time()
    asyncio.run(link_articles(work))
    passed, own = time.perf_counter() - started, time.process_time() - before
    read = meter.cpu["read_articles"]
    judge = sum(meter.cpu.values()) - read
    each = [seconds * 1000 / len(texts) for seconds in (own, read, judge)]
    return Cost(len(texts) / passed, *each)


def main(data: Path) -> None:
    """Print speed, CPU and memory for each window, and the growth."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    fresh = iter(read_pair_articles(data)[TEXTS:])
    costs: list[Cost] = []
    meter, fillers = Meter(LocalRunner(WORKERS)), LocalRunner(WORKERS)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.db"
            db = open_store(path)
            work = Pass(db, meter, Settings(data=Path(folder)))
            store.sources.put_source(db, Source("bench", "https://bench.example/feed", "Bench"))
            filled = 0
            for window in WINDOWS:
                asyncio.run(fill(fillers, path, data, filled, window))
                filled = window
                link_new(work, meter, [next(fresh) for _ in range(WARM)], f"warm-{window}")
                costs.append(link_new(work, meter, [next(fresh) for _ in range(NEW)], f"{window}"))
                _print(window, costs[-1], read_peak(), sum(meter.peaks.values()))
            db.close()
    finally:
        meter.close()
        fillers.close()
    growth = Ratio(costs[-1].total, costs[0].total)
    print(growth.row("link growth of the CPU per article, ms"))


def _print(window: int, cost: Cost, parent: float, workers: float) -> None:
    print(
        f"link {window:>8,} in the window: {cost.rate:6.1f} articles/s measured, "
        f"{cost.on_two_cores:6.1f} on two cores by CPU; ms of CPU an article: "
        f"{cost.total:5.1f} (parent {cost.parent:.1f}, read {cost.read:.1f}, "
        f"judge {cost.judge:.1f}); MiB at most: {parent:.0f} and workers {workers:.0f}, "
        f"together {parent + workers:.0f}",
        flush=True,
    )
