"""Linking as the archive grows: articles per second and memory, vectors included.

    python -m bench link --data DIR

A store is filled with articles of the last three weeks, each an event of its own, whose texts
and vectors are real ones from the labelled pairs, turned a little; then a batch of new articles
is linked as the relay does it, and timed. The window grows from 1,000 to 100,000 articles.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from dragoman import link, store
from dragoman.config import Settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, link_articles
from dragoman.store import Store, open_store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    Grouping,
    LinkInput,
    Moment,
    Source,
    Text,
)
from quality.link_sets import read_pair_articles

WINDOWS = (1_000, 10_000, 100_000)
NEW = 200
WORKERS = 2
_NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
_TURN = 0.6  # how far a vector is turned: its nearest are as near as two reports of a topic


def _make_article(ident: str, text: LinkInput, at: datetime) -> Article:
    block = Block(BlockKind.PARAGRAPH, (Text(text.text[:1500] or text.title[:1500]),))
    url = f"https://bench.example/{ident}"
    return Article(
        ident, "bench", url, text.language, text.title[:200], (block,), Dating(Moment(at))
    )


def fill(db: Store, texts: Sequence[LinkInput], first: int, last: int) -> None:
    """Put articles into the window, with their vectors and events."""
    chance = np.random.default_rng(first)
    for start in range(first, last, 1000):
        numbers = range(start, min(start + 1000, last))
        chosen = [texts[n % len(texts)] for n in numbers]
        vectors = np.stack([np.frombuffer(t.vector, np.float16) for t in chosen]).astype(np.float32)
        noise = chance.standard_normal(vectors.shape).astype(np.float32)
        turned = vectors + _TURN * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        ids = [f"old-{n:06}" for n in numbers]
        for ident, text, number in zip(ids, chosen, numbers, strict=True):
            at = _NOW - timedelta(seconds=(number * 7919) % (20 * 86400))
            store.articles.put_article(db, _make_article(ident, text, at), "bench")
        rows = {i: v.astype(np.float16).tobytes() for i, v in zip(ids, turned, strict=True)}
        store.stories.put_vectors(db, rows, link.VERSION)
        groups = [Grouping(ident, ident, ident) for ident in ids]
        store.stories.put_links(db, (), groups, link.VERSION, ids)


def time_new(work: Pass, texts: Sequence[LinkInput], label: int) -> float:
    """Link new articles; give how many a second."""
    for number, text in enumerate(texts):
        at = _NOW - timedelta(minutes=number)
        store.articles.put_article(work.db, _make_article(f"new-{label}-{number}", text, at), "x")
    started = time.perf_counter()
    asyncio.run(link_articles(work))
    return len(texts) / (time.perf_counter() - started)


def _read_memory() -> float:
    """Give the most memory of this process and of its largest worker, in MiB."""
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def main(data: Path) -> None:
    """Print articles per second and memory for each window, and the growth."""
    texts = read_pair_articles(data)
    ready = [
        replace(text, vector=vector)
        for text, vector in zip(texts[:1000], link.embed(texts[:1000]), strict=True)
    ]
    fresh = texts[1000:]
    rates: list[float] = []
    runner = LocalRunner(WORKERS)
    try:
        with tempfile.TemporaryDirectory() as folder:
            db = open_store(Path(folder) / "bench.db")
            work = Pass(db, runner, Settings(data=Path(folder)))
            store.sources.put_source(db, Source("bench", "https://bench.example/feed", "Bench"))
            asyncio.run(_warm(runner))
            filled = 0
            for label, window in enumerate(WINDOWS):
                fill(db, ready, filled, window)
                filled = window
                time_new(work, fresh[label * 220 + NEW : label * 220 + NEW + 20], label + 90)
                rates.append(time_new(work, fresh[label * 220 : label * 220 + NEW], label))
                print(f"link {window:>8,} in the window: {rates[-1]:6.1f} articles/s, "
                      f"{_read_memory():6.0f} MiB at most", flush=True)  # fmt: skip
            db.close()
    finally:
        runner.close()
    print(f"link growth of the cost per article: {rates[0] / rates[-1]:.2f}")


async def _warm(runner: LocalRunner) -> None:
    """Have each worker load the encoder."""
    text = LinkInput("w", "", "en", "A warm day", "It is warm.", _NOW)
    await asyncio.gather(*(runner.call(link.embed, [text], deadline_s=120) for _ in range(WORKERS)))
