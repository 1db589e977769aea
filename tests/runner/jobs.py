"""What the runners are given to do: functions that workers can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from dragoman.errors import EmptyBody, FetchError


def double(number: int) -> int:
    return 2 * number


def refuse(number: int) -> int:
    raise EmptyBody(f"{number} is empty")


def ask_to_wait(number: int) -> int:
    raise FetchError(f"{number} is busy", permanent=False, retry_after=7.0)


def sleep_if_odd(number: int) -> int:
    if number % 2:
        time.sleep(60)
    return number


def die_if_odd(number: int) -> int:
    if number % 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_if_seven(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def eat_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def count_bytes(body: bytes) -> int:
    return len(body)


def work_slowly(number: int, log: str) -> int:
    """Note that the work began, and take a while."""
    Path(log).joinpath(f"{number}-{os.getpid()}").touch()
    time.sleep(0.4)
    return number


_LOADED: list[int] = []


def load_once(number: int) -> int:
    """Load an engine where there is none; say how often that was done here."""
    if not _LOADED:
        _LOADED.append(number)
        time.sleep(0.05)
    return len(_LOADED)
