"""Many feeds on loopback: what polling them costs, beside feedparser in a plain loop.

    python -m bench soak --data DIR

A first poll of 1,000 feeds of 20 items, 5% of which are faulty, and a second one, which finds
nothing new; then healthy feeds beside hostile ones. Each side runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import publishers
from bench.workers import measure_workers
from tests.hostile import streets

if TYPE_CHECKING:
    from dragoman.config import Settings

FEEDS = 1000
ITEMS = 20
DRIPPING = 60
HEALTHY, FEW = 200, 5  # feeds beside the hostile ones, and items of each
_PEER_S = 5.0  # after which the peer gives up on a silent server
CONFIG = """
editions = ["en"]
data = "data"
log = "error"
[desk]
enabled = false
[fetch]
allow_networks = ["127.0.0.0/8"]
[translate]
engines = []
"""


def main(data: Path) -> None:
    """Poll all feeds twice, by us and by the peer. ``data`` is not needed."""
    print(f"{FEEDS} feeds of {ITEMS} items, 5% faulty")
    print(f"{'poll':22}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'requests':>10}{'items':>8}")
    with publishers.opened(FEEDS, ITEMS) as served:
        for side in ("ours", "feedparser"):
            for row in _run(side, served):
                print(
                    f"{row['what']:22}{row['wall']:8.1f}{row['cpu']:8.2f}{row['peak']:9.0f}"
                    f"{row['requests']:10}{sum(row['items'].values()):8}  {row['said']}",
                    flush=True,
                )
    _show_delays()


def _show_delays() -> None:
    """Show how long healthy articles take to be had: alone, and beside hostile feeds."""
    print(f"\n{HEALTHY} healthy feeds of {FEW} items: seconds until so many of them are there")
    print(f"{'beside':34}{'half':>8}{'9 of 10':>9}{'all':>8}{'ratio':>7}")
    last = 0.0
    with publishers.opened(2 * HEALTHY + DRIPPING, FEW) as served, streets.opened() as hostile:
        every = [f"{hostile.home(host)}/feed" for host in hostile.feeds]
        drips = [
            f"http://{publishers.host_of(2 * HEALTHY + at)}:{served.port}/drip"
            for at in range(DRIPPING)
        ]
        sides = {"nothing": [], f"{len(every)} hostile": every, f"{DRIPPING} that drip": drips}
        for name, hosts in sides.items():
            command = [sys.executable, "-m", "bench.soak", "beside", str(served.port)]
            said = subprocess.run(
                command, input=json.dumps(hosts), stdout=subprocess.PIPE, text=True, check=True
            )
            half, most, full = (_when(json.loads(said.stdout), x) for x in (0.5, 0.9, 1.0))
            last = last or full
            print(f"{name:34}{half:8.1f}{most:9.1f}{full:8.1f}{full / last:7.2f}", flush=True)


def _sound() -> list[int]:
    return [number for number in range(2 * HEALTHY) if not publishers.fault_of(number)]


def _when(seen: list[tuple[float, int]], share: float) -> float:
    wanted = share * HEALTHY * FEW
    return next((at for at, count in seen if count >= wanted), float("inf"))


def _run(side: str, served: publishers.Publishers) -> Iterator[dict[str, Any]]:
    """Run one side; it prints a line after each poll, and waits for one before the next."""
    command = [sys.executable, "-m", "bench.soak", side, str(served.port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for poll in ("first", "second"):
            row = json.loads(process.stdout.readline())
            asked = served.asked()
            row |= {"what": f"{side}, {poll}", "requests": _count(asked)}
            row["said"] = _judge(asked, row) if side == "ours" else ""
            yield row
            process.stdin.write("on\n")
            process.stdin.flush()


def _count(asked: dict[str, dict[str, int]]) -> int:
    return sum(sum(kinds.values()) for kinds in asked.values())


def _judge(asked: dict[str, dict[str, int]], row: dict[str, Any]) -> str:
    """Say what was lost, and what an unchanged feed was asked in vain."""
    readable = [n for n in range(FEEDS) if publishers.fault_of(n) in publishers.READABLE]
    lost = sum(ITEMS - row["items"].get(str(n), 0) for n in readable)
    if not row["is_second"]:
        return f"{lost} items lost"
    marked = [n for n in readable if publishers.is_mark_sent(n)]
    once = sum(_is_asked_once(asked.get(publishers.host_of(n), {})) for n in marked)
    return f"{lost} items lost; {once} of {len(marked)} unchanged cost one conditional request"


def _is_asked_once(kinds: dict[str, int]) -> bool:
    return sum(kinds.values()) == 1 and all(kind.endswith("if changed") for kind in kinds)


def _peak_mb() -> float:
    """Give the peak memory of this process and its workers, each taken at its own highest."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return own + sum(_peak_of(pid) for pid in measure_workers())


def _peak_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _cpu() -> float:
    return time.process_time() + sum(worker.cpu for worker in measure_workers().values())


def _report(began: float, cpu: float, **more: object) -> None:
    row = {"wall": time.monotonic() - began, "cpu": _cpu() - cpu, "peak": _peak_mb(), **more}
    print(json.dumps(row), flush=True)
    sys.stdin.readline()


def poll_ours(port: int) -> None:
    """Poll with the relay's own step, into a store of its own."""
    from dragoman import store
    from dragoman.runner import LocalRunner
    from dragoman.steps import Pass, open_fetcher, poll_sources
    from dragoman.types import Source

    async def polls(folder: Path) -> None:
        settings = _settings(folder)
        runner = LocalRunner(memory_mb=settings.run.memory_mb)
        with store.open_store(settings.store_url) as db:
            cpu = -_cpu()  # to follow them is no part of a poll; to start is
            for number in range(FEEDS):
                url = f"http://{publishers.host_of(number)}:{port}/feed"
                store.sources.put_source(db, Source(f"s{number}", url, f"Publisher {number}"))
            cpu += _cpu()
            async with open_fetcher(settings) as fetcher:
                for is_second in (False, True):
                    began = time.monotonic()
                    await poll_sources(Pass(db, runner, settings), fetcher, is_forced=True)
                    kept = _count_items(settings.data / "relay.db")
                    _report(began, cpu, items=kept, is_second=is_second)
                    cpu = _cpu()
        runner.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(polls(Path(folder)))


def _settings(folder: Path) -> Settings:
    from dragoman.cli.session import set_up_log
    from dragoman.config import load_settings

    (folder / "dragoman.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder / "dragoman.toml")
    settings.data.mkdir()
    set_up_log(settings.log)
    return settings


def _count_items(file: Path) -> dict[str, int]:
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT source, count(*) FROM items GROUP BY source").fetchall()
    database.close()
    return {source.removeprefix("s"): count for source, count in rows}


def poll_peer(port: int) -> None:
    """Poll with feedparser in a plain loop, which keeps nothing but what a next poll needs."""
    import socket

    import feedparser

    socket.setdefaulttimeout(_PEER_S)  # it has no limit of its own
    marks: dict[int, dict[str, Any]] = {}
    cpu = 0.0
    for is_second in (False, True):
        began, kept = time.monotonic(), {}
        for number in range(FEEDS):
            url = f"http://{publishers.host_of(number)}:{port}/feed"
            try:
                feed = feedparser.parse(url, **marks.get(number, {}))
            except TimeoutError:
                continue
            marks[number] = {"etag": feed.get("etag")}
            kept[str(number)] = len(feed.entries)
        _report(began, cpu, items=kept, is_second=is_second)
        cpu = _cpu()


def relay_beside(port: int) -> None:
    """Make one pass of the relay over healthy feeds, and those that stand on standard input.

    Prints when there were how many healthy articles.
    """
    from dragoman import store
    from dragoman.cli.relaying import relay_now
    from dragoman.runner import LocalRunner
    from dragoman.steps import Pass
    from dragoman.types import Source

    hostile = json.load(sys.stdin)
    seen: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        runner = LocalRunner(memory_mb=settings.run.memory_mb)
        with store.open_store(settings.store_url) as db:
            for number in _sound()[:HEALTHY]:
                url = f"http://{publishers.host_of(number)}:{port}/feed"
                store.sources.put_source(db, Source(f"s{number}", url, f"Publisher {number}"))
            for number, url in enumerate(hostile):
                store.sources.put_source(db, Source(f"hostile{number}", url, url))
            watch = threading.Thread(
                target=_watch, args=(settings.data / "relay.db", seen), daemon=True
            )
            watch.start()
            relay_now(Pass(db, runner, settings), is_forced=True)
            watch.join()
        runner.close()
    print(json.dumps(seen))


def _watch(file: Path, seen: list[tuple[float, int]]) -> None:
    """Count the healthy articles, every quarter of a second until all are there."""
    began = time.monotonic()
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        while not seen or seen[-1][1] < HEALTHY * FEW:
            time.sleep(0.25)
            query = "SELECT count(*) FROM articles WHERE source LIKE 's%'"
            count = database.execute(query).fetchone()[0]
            seen.append((time.monotonic() - began, count))
    database.close()


SIDES = {
    "ours": poll_ours,
    "feedparser": poll_peer,
    "beside": relay_beside,
}

if __name__ == "__main__":
    SIDES[sys.argv[1]](int(sys.argv[2]))
