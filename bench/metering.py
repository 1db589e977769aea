"""What one call takes in a worker. Nothing else is imported here: a worker would hold it."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Measured(NamedTuple):
    """What a function gave, and what it took."""

    value: Any
    process: int
    seconds: float  # of CPU
    peak: float  # MiB that the process has held at most


def measure(function: Callable[..., Any], *args: Any) -> Measured:
    """Call a function and measure it."""
    before = time.process_time()
    value = function(*args)
    return Measured(value, os.getpid(), time.process_time() - before, read_peak())


def read_peak() -> float:
    """Give the MiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
