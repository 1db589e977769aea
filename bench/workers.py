"""What worker processes use, as Linux counts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """What one worker uses: CPU seconds so far, and megabytes."""

    cpu: float
    rss: float
    pss: float  # memory shared with others counted in part


def measure_workers() -> dict[int, Used]:
    """Measure this process's children that run work; there are none where there is no /proc."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
            memory = (folder / "smaps_rollup").read_text()
        except OSError:  # another's, or gone
            continue
        if int(fields[1]) == os.getpid() and b"spawn_main" in command:
            sizes = dict(line.split(":", 1) for line in memory.splitlines()[1:])
            megabytes = {key: int(value.split()[0]) / 1024 for key, value in sizes.items()}
            cpu = (int(fields[11]) + int(fields[12])) / _TICK
            found[int(folder.name)] = Used(cpu, megabytes["Rss"], megabytes["Pss"])
    return found


def measure_descendants() -> float:
    """Measure the CPU seconds of all processes that this one started, and of theirs."""
    used: dict[int, float] = {}
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone
            continue
        parents[int(folder.name)] = int(fields[1])
        used[int(folder.name)] = sum(map(int, fields[11:15])) / _TICK  # with those that ended
    found, newest = 0.0, {os.getpid()}
    ended = os.times()
    while newest := {pid for pid, parent in parents.items() if parent in newest}:
        found += sum(used[pid] for pid in newest)
    return found + ended.children_user + ended.children_system
