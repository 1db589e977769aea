"""Work in turns, so that what slows the machine slows both sides."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
TURNS = 3


@dataclass(frozen=True)
class Ratio:
    """The CPU seconds of our work and of a peer's, on the same input."""

    ours: float
    peer: float

    def row(self, name: str) -> str:
        """Give a row of the table, which is kept for the end of the run."""
        ratio = self.ours / self.peer if self.peer else float("nan")
        row = f"{name:{_WIDE}}{self.ours:10.2f}{self.peer:10.2f}{ratio:8.2f}"
        ROWS.append(row)
        return row


_WIDE = 66
HEAD = f"{'what / peer':{_WIDE}}{'ours':>10}{'peer':>10}{'ratio':>8}"
ROWS: list[str] = []  # all that were printed in this run


def compare(ours: Callable[[], object], peer: Callable[[], object]) -> Ratio:
    """Give the CPU seconds of both, the best of the turns, after one to warm up."""
    best = [float("inf"), float("inf")]
    for turn in range(TURNS + 1):
        for which, work in enumerate((ours, peer)):
            began = time.process_time()
            work()
            if turn:
                best[which] = min(best[which], time.process_time() - began)
    return Ratio(*best)


def compare_each(
    ours: Callable[[Item], object], peer: Callable[[Item], object], items: Iterable[Item]
) -> Ratio:
    """Give the CPU seconds of both over items, each item's best of the turns summed.

    Turns as short as one item meet the same noise on both sides, so the ratio holds still
    where whole runs in turns do not.
    """
    best = [0.0, 0.0]
    for item in items:
        times = compare(lambda item=item: ours(item), lambda item=item: peer(item))  # type: ignore[misc]
        best = [best[0] + times.ours, best[1] + times.peer]
    return Ratio(*best)
