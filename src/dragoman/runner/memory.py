"""How much memory a process holds, and what it gives back."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
from pathlib import Path


def measure_mb() -> float:
    """Give the memory that this process holds; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
    except OSError:
        return 0.0


def trim() -> None:
    """Give free memory back to the system, where its C library can; other threads go on."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def give_back() -> None:
    """Collect what nothing refers to, and give free memory back to the system."""
    gc.collect()
    trim()
