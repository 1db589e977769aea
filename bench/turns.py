"""Work in turns, so that what slows the machine slows both sides."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

TURNS = 3


@dataclass(frozen=True)
class Ratio:
    """The CPU seconds of our work and of a peer's, on the same input."""

    ours: float
    peer: float

    def row(self, name: str) -> str:
        """Give a row of the table."""
        return f"{name:44}{self.ours:10.2f}{self.peer:10.2f}{self.ours / self.peer:8.2f}"


HEAD = f"{'what / peer':44}{'ours':>10}{'peer':>10}{'ratio':>8}"


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
