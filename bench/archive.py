"""An archive into tables: MB and articles per second, with one worker and two, here and on Ray.

    python -m bench archive --data DIR

The archive is made first: 2,000 records of invented outlets. Each run is a process of its own. A
ratio of wall times says something on an idle machine alone; beside it stands what the CPU times
allow, which hold on a busy one: the time of the parts that one process does alone, and half of
the rest. A run that is killed at half of its groups and begun again must give the same rows.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.archive_pages import make_archive

RECORDS = 2000
REPEATED = 40  # captures of pages that the archive has already
TRANSLATED = 24
GROUPS = 20  # in which the archive is read
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
    """Run an archive in a process of its own."""
    done = subprocess.run(
        _command(archive, out, kind, workers, into), check=True, capture_output=True, text=True
    )
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
        for kind in ("local", "ray"):
            one = take(archive, folder / f"{kind}-1", kind, 1, "")
            two = take(archive, folder / f"{kind}-2", kind, 2, "")
            _print(f"{kind}, 1 worker", one, size)
            _print(f"{kind}, 2 workers", two, size)
            _compare(kind, one, two)
        same = read_rows(folder / "local-1")
        for other in ("local-2", "ray-1", "ray-2"):
            print(f"rows of {other}: {'identical' if read_rows(folder / other) == same else 'NOT'}")
        parts = len(list((folder / "local-1" / "articles").iterdir()))
        had = kill_halfway(archive, folder / "killed", parts)
        take(archive, folder / "killed", "local", 2, "")
        verdict = "identical" if read_rows(folder / "killed") == same else "NOT identical"
        print(f"killed with {had} of {parts} groups and begun again: rows {verdict}")
        made = take(few, folder / "few", "local", 2, "pt")
        _print(f"local, 2 workers, {made.translations} into pt", made, few.stat().st_size / 1e6)


def _print(name: str, took: Took, size: float) -> None:
    print(
        f"{name:34}{took.wall:9.1f}{size / took.wall:7.2f}{took.articles / took.wall:12.1f}"
        f"{took.parent:14.1f}{took.workers:15.1f}"
    )


def _compare(kind: str, one: Took, two: Took) -> None:
    line = f"{kind}: two workers {one.wall / two.wall:.2f} times one"
    if one.workers:
        alone = one.parent + one.cut
        rest = one.workers - one.cut
        line += f"; by CPU time {(alone + rest) / (alone + rest / 2):.2f}"
    print(line)


# -- A run, in a process of its own ---------------------------------------------------


def _run(archive: Path, out: Path, kind: str, workers: int, into: str) -> None:
    from dragoman.archives import Ledger, Limits, Run, Source, find_archives, run_archive
    from dragoman.archives.reading import cut_archive
    from dragoman.config import Settings
    from dragoman.runner import open_runner
    from dragoman.steps import engine_specs, open_fetcher

    settings = Settings()
    source = Source(partial(open_fetcher, settings), 10_000_000)
    places = find_archives([str(archive)], source.make_fetcher)
    group = max(10, count_records(archive) // GROUPS)
    began = time.process_time()
    cut_archive(str(archive), source, group, places[0].size)
    cut = time.process_time() - began
    if kind == "ray":
        _start_ray(workers)
    runner = open_runner("ray" if kind == "ray" else "local", workers=workers)
    languages = [into] if into else []
    with Ledger(out, {"archives": [[place.name, place.size] for place in places]}) as ledger:
        run = Run(ledger, runner, source, Limits(), lambda *_: None, records=group)
        # A first run of nothing starts the workers and loads what they need.
        asyncio.run(_warm(runner, workers))
        start, used = time.monotonic(), time.process_time()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        counts = asyncio.run(run_archive(run, places, languages, engine_specs(settings)))
        wall, parent = time.monotonic() - start, time.process_time() - used
    runner.close()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    workers_cpu = 0.0 if kind == "ray" else usage.ru_utime + usage.ru_stime - before
    print(
        json.dumps(
            {
                "wall": wall, "parent": parent, "workers": workers_cpu, "cut": cut,
                "articles": counts["articles"], "translations": counts["translations"],
            }
        )
    )  # fmt: skip


def count_records(archive: Path) -> int:
    """Count the records of an archive that was made here."""
    return archive.read_bytes().count(b"\x1f\x8b\x08\x00\x00\x00\x00\x00")


async def _warm(runner: Any, workers: int) -> None:
    from dragoman import link
    from dragoman.types import LinkInput

    one = [LinkInput("a", "", "en", "A title", "A text.", datetime.now(UTC))]
    calls = (runner.call(link.embed, one, deadline_s=120.0) for _ in range(4 * workers))
    await asyncio.gather(*calls)


def _start_ray(workers: int) -> None:
    import ray

    os.environ["RAY_AUTH_MODE"] = "disabled"
    ray.init(
        address="local", num_cpus=workers + 1, object_store_memory=150_000_000,
        include_dashboard=False, log_to_driver=False, logging_level=40,
    )  # fmt: skip


if __name__ == "__main__":
    _run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5])
