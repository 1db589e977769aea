"""The whole relay beside the sum of its stages alone: cores, stores and runners compared.

    python -m bench relay --data DIR

Real pages are served on loopback by a process of their own, a site on each address; relays in
others read them, one after the other. The cores are for all that a relay starts: its workers, the
database server, the processes of Ray. At the end each stage does its part again, alone. What is
done once in a relay's life (engines, encoder) is done by a first pass that is not counted.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import structlog

from bench.archive import start_ray
from bench.stages import Costs, measure_stages
from bench.turns import HEAD, Ratio
from bench.workers import measure_descendants
from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.config import Settings, load_settings
from dragoman.errors import DragomanError
from dragoman.runner import open_runner
from dragoman.steps import Pass
from dragoman.store import open_store
from dragoman.types import Rights, Source
from quality.relay import CONFIG, read_sites, served_site

PAGES = 56
WARM = 8
_SPAWN = multiprocessing.get_context("spawn")


_RUNS = (
    ("sqlite", "local", 1), ("sqlite", "local", 2),
    ("postgresql", "local", 1), ("postgresql", "local", 2),
    ("sqlite", "ray", 2),
)  # fmt: skip
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "local": "local", "ray": "Ray"}
_HEAD = (
    f"{'store':12}{'runner':8}{'cores':>5}{'pages':>7}{'published':>11}{'translations':>14}"
    f"{'seconds':>9}{'articles/min':>14}{'relay CPU-s':>13}{'others CPU-s':>14}"
)


@dataclass(frozen=True)
class Run:
    """What a relay took for the pages that count."""

    cores: int
    wall: float  # seconds
    parent: float  # CPU seconds
    workers: float  # CPU seconds of all that the relay started
    articles: int
    translations: int
    pages: int

    @property
    def cpu(self) -> float:
        """Give the CPU seconds of all processes."""
        return self.parent + self.workers

    @property
    def rate(self) -> float:
        """Give the articles that were published in a minute."""
        return 60 * self.articles / self.wall


def main(data: Path, pages: int = PAGES) -> None:
    """Print a row for each run, the stages alone, and the ratios."""
    quieten()
    found: dict[tuple[str, str, int], Run] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(_HEAD)
        with Publishers(data, pages) as homes:
            for kind, runner, cores in _RUNS:
                place = folder / f"{kind}-{runner}-{cores}"
                try:
                    run = relay_on(cores, homes, place, kind=kind, runner=runner)
                except DragomanError as error:  # the other rows are of use without it
                    print(f"{kind:12}{runner:8}{cores:5}  no figures: {error}")
                    continue
                found[kind, runner, cores] = run
                print(
                    f"{kind:12}{runner:8}{cores:5}{run.pages:7}{run.articles:11}"
                    f"{run.translations:14}{run.wall:9.1f}{run.rate:14.1f}{run.parent:13.1f}"
                    f"{run.workers:14.1f}", flush=True,
                )  # fmt: skip
            settings = make_settings(folder / "sqlite-local-1")
            with open_store(settings.store_url) as db:
                costs = measure_stages(db, settings)
        size = (folder / "sqlite-local-1" / "relay.db").stat().st_size
    print_costs(costs)
    share = found["sqlite", "local", 1].articles / costs.articles
    _compare(found, share * costs.total)
    print(f"store: {size / costs.articles / 1024:.0f} KiB an article, pages and translations in it")


def _compare(found: dict[tuple[str, str, int], Run], alone: float) -> None:
    """Print the ratios."""
    first = found["sqlite", "local", 1]
    print(HEAD)
    print(Ratio(first.cpu, alone).row("relay, SQLite, 1 core / its stages alone, CPU-s"))
    for (kind, runner, cores), run in found.items():
        name = f"relay, {_NAMES[kind]}, {_NAMES[runner]}, {cores} core{'s' * (cores > 1)}"
        peer = found.get((kind, runner, 1))
        if peer is not None and peer is not run:
            print(Ratio(run.rate, peer.rate).row(f"{name} / 1 core, articles/min"))
        peer = found.get(("sqlite", "local", cores))
        if peer is not None and peer is not run:
            print(Ratio(run.rate, peer.rate).row(f"{name} / SQLite, local, articles/min"))
        print(Ratio(run.articles, run.pages).row(f"{name}, published / pages"))


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


def relay_on(
    cores: int,
    homes: list[tuple[str, str]],
    folder: Path,
    *,
    kind: str = "sqlite",
    runner: str = "local",
) -> Run:
    """Relay in a process that may use so many cores. Raises `DragomanError` where it cannot."""
    folder.mkdir()
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_relay, args=(cores, homes, folder, kind, runner, theirs))
    process.start()
    theirs.close()
    try:
        said: Run | str = ours.recv()
    except EOFError:
        said = "the relay died"
    process.join()
    if isinstance(said, str):
        raise DragomanError(said)
    return said


def make_settings(folder: Path, address: str = "") -> Settings:
    """Write a configuration and read it; the store is SQLite unless it has an address."""
    text = f'store = "{address}"\n{CONFIG}' if address else CONFIG
    (folder / "dragoman.toml").write_text(text, encoding="utf-8")
    return load_settings(folder / "dragoman.toml")


def _relay(
    cores: int,
    homes: list[tuple[str, str]],
    folder: Path,
    kind: str,
    runner: Literal["local", "ray"],
    pipe: Connection,
) -> None:
    quieten()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    with ExitStack() as stack:
        try:
            address = stack.enter_context(_serve_database()) if kind == "postgresql" else ""
            if runner == "ray":
                start_ray(cores)
            work = open_runner(runner, workers=cores)
        except (DragomanError, ImportError, RuntimeError) as error:  # Ray raises the last
            pipe.send(f"{type(error).__name__}: {error}")
            return
        stack.callback(work.close)
        settings = make_settings(folder, address)
        db = stack.enter_context(open_store(settings.store_url))
        pipe.send(_measure(cores, homes, Pass(db, work, settings)))


@contextmanager
def _serve_database() -> Iterator[str]:
    """Start a PostgreSQL server with an empty store, and give its address."""
    from tests import postgresql

    if postgresql.find_programs() is None:
        raise DragomanError("PostgreSQL is not installed")
    # The tests' server need not outlive the machine; this one is to cost what a real one costs.
    postgresql.SETTINGS.update({"fsync": "on", "full_page_writes": "on", "autovacuum": "on"})
    with postgresql.running_server() as server, server.database() as address:
        yield address


def _measure(cores: int, homes: list[tuple[str, str]], work: Pass) -> Run:
    _follow(work.db, homes[:WARM], "warm")
    relay_now(work)
    before = _count(work.db)
    _follow(work.db, homes[WARM:], "s")
    theirs = measure_descendants()
    began, parent = time.perf_counter(), time.process_time()
    relay_now(Pass(work.db, work.runner, work.settings))
    wall, parent = time.perf_counter() - began, time.process_time() - parent
    theirs = measure_descendants() - theirs
    made = [now - then for now, then in zip(_count(work.db), before, strict=True)]
    return Run(cores, wall, parent, theirs, *made)


def _follow(db: store.Store, homes: list[tuple[str, str]], name: str) -> None:
    for number, (site, home) in enumerate(homes):
        source = Source(f"{name}{number}", f"{home}/feed.json", site, rights=Rights.FULL)
        store.sources.put_source(db, source)


def _count(db: store.Store) -> tuple[int, int, int]:
    """Count articles, translations that readers can see, and pages that were fetched."""
    counts = store.work.counts(db)
    made = sum(states.get("done", 0) for states in counts["translations"].values())
    return sum(counts["articles"].values()), made, counts["pages"]
