"""An archive into tables: MB and articles per second, with one worker and two, here and on Ray.

    python -m bench archive --data DIR

The archive is made first: 2,000 records of invented outlets. Each run is a process of its own, as
``dragoman archive run`` starts one; one worker has one core for the whole program, two have two. A
ratio of wall times says something on an idle machine alone; beside it stands what the CPU times
allow, which hold on a busy one: the time of the parts that one process does alone, and half of
the rest. A run that is killed at half of its groups and begun again must give the same rows.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.archive_pages import make_archive
from bench.turns import HEAD, Ratio
from bench.workers import measure_descendants
from dragoman.errors import DragomanError

RECORDS = 2000
REPEATED = 40  # captures of pages that the archive has already
TRANSLATED = 24
WARM = 4  # records that workers read before it counts
_HEAD = (
    f"{'run':34}{'seconds':>9}{'MB/s':>7}{'articles/s':>12}{'parent CPU-s':>14}"
    f"{'workers CPU-s':>15}"
)


@dataclass(frozen=True)
class Took:
    """What a run took, in seconds, and what it made."""

    wall: float
    parent: float
    workers: float
    cut: float  # CPU of the part that one worker does alone
    articles: int
    translations: int


def take(archive: Path, out: Path, kind: str, workers: int, into: str) -> Took:
    """Run an archive in a process of its own. Raises `DragomanError` where it fails."""
    done = subprocess.run(
        _command(archive, out, kind, workers, into), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise DragomanError(f"{kind} failed: {(done.stderr.strip() or '?').splitlines()[-1]}")
    return Took(**json.loads(done.stdout.splitlines()[-1]))


def _command(archive: Path, out: Path, kind: str, workers: int, into: str) -> list[str]:
    words = [str(archive), str(out), kind, str(workers), into]  # as `_run` takes them
    return [sys.executable, "-m", "bench.archive", *words]


def kill_halfway(archive: Path, out: Path, groups: int) -> int:
    """Kill a run when half of its groups are there; give how many were."""
    # A group of processes of its own: the workers see within a second that it is gone.
    run = subprocess.Popen(_command(archive, out, "local", 2, ""), stdout=subprocess.PIPE)
    while run.poll() is None and len(list(out.glob("articles/*.parquet"))) < groups // 2:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    return len(list(out.glob("articles/*.parquet")))


def read_rows(out: Path) -> dict[str, Any]:
    """Read every row of every file."""
    import pyarrow.parquet as pq

    files = sorted(out.rglob("*.parquet"))
    return {str(file.relative_to(out)): pq.read_table(file).to_pylist() for file in files}


def main(data: Path | None = None, records: int = RECORDS) -> None:
    """Print a row for each run, the ratios, and whether a killed run gives the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, few = folder / "a.warc.gz", folder / "few.warc.gz"
        make_archive(archive, records, repeated=REPEATED)
        make_archive(few, TRANSLATED)
        size = archive.stat().st_size / 1e6
        print(f"archive of {records} records, {size:.1f} MB packed; load {os.getloadavg()[0]:.1f}")
        print(_HEAD)
        done = [kind for kind in ("local", "ray") if _take_both(kind, archive, folder, size)]
        same = read_rows(folder / "local-1")
        for other in [f"{kind}-{workers}" for kind in done for workers in (1, 2)][1:]:
            print(f"rows of {other}: {'identical' if read_rows(folder / other) == same else 'NOT'}")
        parts = len(list((folder / "local-1" / "articles").iterdir()))
        had = kill_halfway(archive, folder / "killed", parts)
        take(archive, folder / "killed", "local", 2, "")
        verdict = "identical" if read_rows(folder / "killed") == same else "NOT identical"
        print(f"killed with {had} of {parts} groups and begun again: rows {verdict}")
        made = take(few, folder / "few", "local", 2, "pt")
        _print(f"local, 2 workers, {made.translations} into pt", made, few.stat().st_size / 1e6)


def _take_both(kind: str, archive: Path, folder: Path, size: float) -> bool:
    """Print what one worker and two take; where that fails, say so and give False."""
    try:
        one = take(archive, folder / f"{kind}-1", kind, 1, "")
        _print(f"{kind}, 1 worker", one, size)
        two = take(archive, folder / f"{kind}-2", kind, 2, "")
        _print(f"{kind}, 2 workers", two, size)
    except DragomanError as error:  # Ray may not be installed; the rest is of use without it
        print(error)
        return False
    _compare(kind, one, two, size)
    return True


def _print(name: str, took: Took, size: float) -> None:
    print(
        f"{name:34}{took.wall:9.1f}{size / took.wall:7.2f}{took.articles / took.wall:12.1f}"
        f"{took.parent:14.1f}{took.workers:15.1f}",
        flush=True,
    )


def _compare(kind: str, one: Took, two: Took, size: float) -> None:
    alone, rest = one.parent + one.cut, one.workers - one.cut
    print(HEAD)
    for unit, much in (("articles/s", one.articles), ("MB/s", size)):
        ratio = Ratio(much / two.wall, much / one.wall)
        print(ratio.row(f"archive, {kind}, 2 workers / 1, {unit}"))
    ratio = Ratio(alone + rest, alone + rest / 2)
    print(ratio.row(f"archive, {kind}, what CPU allows: 1 worker / 2, s"))


# -- A run, in a process of its own ---------------------------------------------------


def _run(archive: Path, out: Path, kind: str, workers: int, into: str) -> None:
    from dragoman.archives import RECORDS as GROUP
    from dragoman.archives import Ledger, Limits, Run, Source, find_archives, run_archive
    from dragoman.archives.reading import cut_archive
    from dragoman.config import Settings
    from dragoman.runner import open_runner
    from dragoman.steps import engine_specs, open_fetcher

    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workers])
    settings = Settings()
    source = Source(partial(open_fetcher, settings), 10_000_000)
    places = find_archives([str(archive)], source.make_fetcher)
    began = time.process_time()
    cut_archive(str(archive), source, GROUP, places[0].size)
    cut = time.process_time() - began
    first = cut_archive(str(archive), source, WARM, places[0].size)[0]
    if kind == "ray":
        start_ray(workers)
    runner = open_runner("ray" if kind == "ray" else "local", workers=workers)
    languages = [into] if into else []
    with Ledger(out, {"archives": [[place.name, place.size] for place in places]}) as ledger:
        run = Run(ledger, runner, source, Limits(), lambda *_: None)
        asyncio.run(_warm(runner, first, source, 4 * workers))
        start, used, before = time.monotonic(), time.process_time(), measure_descendants()
        counts = asyncio.run(run_archive(run, places, languages, engine_specs(settings)))
        wall, parent = time.monotonic() - start, time.process_time() - used
        theirs = measure_descendants() - before
    runner.close()
    print(
        json.dumps(
            {
                "wall": wall, "parent": parent, "workers": theirs, "cut": cut,
                "articles": counts["articles"], "translations": counts["translations"],
            }
        )
    )  # fmt: skip


async def _warm(runner: Any, group: Any, source: Any, calls: int) -> None:
    """Start the workers, and have each load what it needs."""
    from dragoman.archives.reading import read_group

    some = (runner.call(read_group, group, source, {}, deadline_s=120.0) for _ in range(calls))
    await asyncio.gather(*some)


def start_ray(workers: int) -> None:
    """Start a cluster of this machine alone, with room for so many workers."""
    import ray

    os.environ["RAY_AUTH_MODE"] = "disabled"
    ray.init(
        address="local", num_cpus=workers + 1, object_store_memory=150_000_000,
        include_dashboard=False, log_to_driver=False, logging_level=40,
    )  # fmt: skip


if __name__ == "__main__":
    _run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5])
