"""Runs of an archive, as the tests want them; and stages that break."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dragoman.archives import Ledger, Limits, Run, Source, find_archives, run_archive
from dragoman.config import Fetch, Settings
from dragoman.link import Scale
from dragoman.runner import Runner
from dragoman.steps import open_fetcher
from dragoman.types import EngineSpec

PAIRS = "en-pt en-es en-fr pt-en pt-es pt-fr"
ECHO = (EngineSpec("echo", (("pairs", PAIRS),)),)


def open_source(max_bytes: int = 1_000_000) -> Source:
    fetch = Fetch(allow_networks=("127.0.0.0/8",), host_interval_s=0.0)
    return Source(partial(open_fetcher, Settings.model_construct(fetch=fetch)), max_bytes)


def take(
    runner: Runner,
    archives: Sequence[str],
    out: Path,
    into: Sequence[str] = (),
    *,
    page_s: float = 60.0,
    records: int = 8,
    reports: list[tuple[str, int, int, int]] | None = None,
    scale: Scale | None = None,
) -> tuple[Run, Counter[str]]:
    """Run archives into a folder, in groups of few records."""
    source = open_source()
    places = find_archives(archives, source.make_fetcher)
    job = {"archives": [[place.name, place.size] for place in places]}
    with Ledger(out, job) as ledger:
        seen = reports if reports is not None else []
        run = Run(
            ledger,
            runner,
            source,
            Limits(page_s),
            lambda *one: seen.append(one),
            records=records,
            scale=scale or Scale(),
        )
        counts = asyncio.run(run_archive(run, places, into, ECHO))
        assert not run.unread, run.unread
        return run, counts


def read_table(out: Path, table: str) -> list[dict[str, Any]]:
    """Read all rows of a table, in the order of its files."""
    return [row for file in sorted((out / table).glob("*.parquet")) for row in rows_of(file)]


def rows_of(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return found


def read_all(out: Path) -> dict[str, Any]:
    """Read every row of every file, by the file's name."""
    return {str(file.relative_to(out)): rows_of(file) for file in sorted(out.rglob("*.parquet"))}


def is_deadly(body: bytes) -> bool:
    return b"Kill the worker" in body


class Deadly:
    """Stands in for extraction: a page that says so kills its worker."""

    def __init__(self, extract: Any) -> None:
        self._extract = extract

    def __call__(self, page: Any, *rest: Any) -> Any:
        if is_deadly(page.body):
            os.kill(os.getpid(), signal.SIGKILL)
        return self._extract(page, *rest)
