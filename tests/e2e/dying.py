"""Run the command until a chosen call, and die there as by `kill -9`.

    python -m tests.e2e.dying MODULE:NAME COUNT before|after -- once --now

The process kills itself at the COUNT-th call of the function: before it, or after it returned.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import Any


def arm(place: str, count: int, when: str) -> None:
    """Put a function in the place of another that kills the process at its turn."""
    module, _, path = place.partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    function = getattr(owner, name)
    calls = 0

    def call(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*given, **named)
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, call)


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    sys.argv = ["dragoman", *sys.argv[5:]]
    from dragoman.cli import main

    main()
