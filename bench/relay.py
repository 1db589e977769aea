"""The whole relay beside the sum of its stages alone, on one core and on two.

    python -m bench relay --data DIR

Real pages are served on loopback by a process of their own, a site on each address; a relay in
another reads them on one core, then one on two; at the end each stage does its part again, alone.
What is done once in a relay's life (engines, encoder) is done by a first pass that is not counted.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from bench.stages import Costs, measure_stages
from bench.workers import measure_workers
from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.config import Settings, load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.store import open_store
from dragoman.types import Rights, Source
from quality.relay import CONFIG, read_sites, served_site

PAGES = 70
WARM = 8
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Run:
    """What a relay took for the pages that count."""

    cores: int
    wall: float  # seconds
    parent: float  # CPU seconds
    workers: float  # CPU seconds
    articles: int
    translations: int

    @property
    def cpu(self) -> float:
        """Give the CPU seconds of all processes."""
        return self.parent + self.workers


def main(data: Path, pages: int = PAGES) -> None:
    """Print both runs, the stages alone, and the ratios."""
    quieten()
    with tempfile.TemporaryDirectory() as folder:
        with Publishers(data, pages) as homes:
            one, two = (relay_on(cores, homes, Path(folder) / str(cores)) for cores in (1, 2))
            settings = make_settings(Path(folder) / "1")
            db = open_store(settings.store_url)
            costs = measure_stages(db, settings)
            db.close()
        size = (Path(folder) / "1" / "relay.db").stat().st_size
    for run in (one, two):
        rate = 60 * run.articles / run.wall
        print(
            f"{run.cores} core(s): {run.articles} articles, {run.translations} translations in "
            f"{run.wall:.1f} s: {rate:.1f} articles/min; CPU {run.parent:.1f} s in the relay, "
            f"{run.workers:.1f} s in workers"
        )
    print_costs(costs)
    share = one.articles / costs.articles
    print(f"relay / stages alone, CPU-s: {one.cpu:.1f} / {share * costs.total:.1f} = "
          f"{one.cpu / (share * costs.total):.2f}")  # fmt: skip
    gain = (two.articles / two.wall) / (one.articles / one.wall)
    print(f"two cores / one, articles/s: {gain:.2f}")
    print(f"store: {size / costs.articles / 1024:.0f} KiB an article, pages and translations in it")


def quieten() -> None:
    """Log errors alone: a line for each article would be in the figures, and among them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def print_costs(costs: Costs) -> None:
    """Print what the stages cost alone."""
    for name, per, unit in (
        ("fetch", costs.pages, "page"),
        ("extract", costs.pages, "page"),
        ("translate", costs.translations, "translation"),
        ("link", costs.articles, "article"),
        ("index", costs.articles + costs.translations, "text"),
    ):
        seconds = getattr(costs, name)
        print(f"  {name:10} {seconds:8.2f} CPU-s, {1000 * seconds / max(per, 1):8.1f} ms a {unit}")
    print(f"  {costs.words / max(costs.translate, 1e-9):.0f} words translated a CPU-second, "
          f"{costs.words / max(costs.translations, 1):.0f} words a translation")  # fmt: skip


class Publishers:
    """Sites in a process of their own, so that their work is not counted."""

    def __init__(self, data: Path, pages: int) -> None:
        self._ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(data, pages, theirs), daemon=True)

    def __enter__(self) -> list[tuple[str, str]]:
        """Give the name and address of each."""
        self._process.start()
        homes: list[tuple[str, str]] = self._ours.recv()
        return homes

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.join()


def _serve(data: Path, most: int, pipe: Connection) -> None:
    with ExitStack() as stack:
        homes, served = [], 0
        for number, (site, pages) in enumerate(sorted(read_sites(data).items()), 1):
            some = [page for page in pages if page["lang"][:2] in ("en", "pt")][: most - served]
            if some:
                address = f"127.2.{number // 250}.{number % 250 + 1}"
                homes.append((site, stack.enter_context(served_site(address, some))))
                served += len(some)
        pipe.send(homes)
        pipe.recv()  # until it is ended


def relay_on(cores: int, homes: list[tuple[str, str]], folder: Path) -> Run:
    """Relay in a process that may use so many cores."""
    folder.mkdir()
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_relay, args=(cores, homes, folder, theirs))
    process.start()
    theirs.close()
    run: Run = ours.recv()
    process.join()
    return run


def make_settings(folder: Path) -> Settings:
    """Write a configuration and read it."""
    (folder / "dragoman.toml").write_text(CONFIG, encoding="utf-8")
    return load_settings(folder / "dragoman.toml")


def _relay(cores: int, homes: list[tuple[str, str]], folder: Path, pipe: Connection) -> None:
    quieten()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    settings = make_settings(folder)
    runner = LocalRunner(cores)
    with open_store(settings.store_url) as db:
        _follow(db, homes[:WARM], "warm")
        relay_now(Pass(db, runner, settings))
        before = _count(db)
        _follow(db, homes[WARM:], "s")
        workers = sum(used.cpu for used in measure_workers().values())
        began, parent = time.perf_counter(), time.process_time()
        relay_now(Pass(db, runner, settings))
        wall, parent = time.perf_counter() - began, time.process_time() - parent
        workers = sum(used.cpu for used in measure_workers().values()) - workers
        made = _count(db)
    runner.close()
    pipe.send(Run(cores, wall, parent, workers, made[0] - before[0], made[1] - before[1]))


def _follow(db: store.Store, homes: list[tuple[str, str]], name: str) -> None:
    for number, (site, home) in enumerate(homes):
        source = Source(f"{name}{number}", f"{home}/feed.json", site, rights=Rights.FULL)
        store.sources.put_source(db, source)


def _count(db: store.Store) -> tuple[int, int]:
    """Count articles, and translations that readers can see."""
    counts = store.work.counts(db)
    made = sum(states.get("done", 0) for states in counts["translations"].values())
    return sum(counts["articles"].values()), made
