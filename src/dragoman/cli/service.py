"""What systemd is told: that the service is ready, alive, and stopping.

The protocol of sd_notify(3): lines in a datagram to the socket that NOTIFY_SOCKET names.
Without it, as on a terminal or in most containers, nothing is said.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress

_READY_S = 0.1  # between two looks at whether the site is served


async def tell_systemd(is_ready: Callable[[], bool], stop: asyncio.Event) -> None:
    """Say READY once the site is served, then that we are alive, and STOPPING at the end.

    That the event loop turns is what the watchdog learns: work that takes long is done in
    other processes, so a loop that stands still is one that hangs.
    """
    if not os.environ.get("NOTIFY_SOCKET"):
        return
    while not (is_ready() or stop.is_set()):
        await _wait(stop, _READY_S)
    if not stop.is_set():
        _say("READY=1", "STATUS=relaying")
    while not stop.is_set():
        _say("WATCHDOG=1")
        await _wait(stop, _watchdog_s() / 2 or None)
    _say("STOPPING=1")


def listen_for_hangup(reload: Callable[[], None], stop: asyncio.Event) -> None:
    """Read the configuration again on SIGHUP; stop where the terminal itself went away."""
    had_terminal = os.isatty(0)

    def hear() -> None:
        if had_terminal and not os.isatty(0):
            stop.set()
        else:
            _tell_reload(reload)

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hear)


def _tell_reload(reload: Callable[[], None]) -> None:
    """Read the configuration again, and say so (``Type=notify-reload``, systemd 253)."""
    microseconds = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    if os.environ.get("NOTIFY_SOCKET"):
        _say("RELOADING=1", f"MONOTONIC_USEC={microseconds}")
    reload()
    if os.environ.get("NOTIFY_SOCKET"):
        _say("READY=1")


async def _wait(stop: asyncio.Event, seconds: float | None) -> None:
    """Wait for the end, and no longer than some seconds."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=seconds)


def _watchdog_s() -> float:
    """Give the seconds after which systemd takes silence for a hang; 0: it does not watch us."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    try:
        return max(0, int(os.environ.get("WATCHDOG_USEC", "0"))) / 1e6
    except ValueError:
        return 0.0


def _say(*lines: str) -> None:
    address = os.environ["NOTIFY_SOCKET"]
    if address.startswith("@"):  # in Linux's abstract namespace
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        try:
            sender.connect(address)
            sender.sendall("\n".join(lines).encode())
        except OSError:
            return  # a service manager that went away must not stop the news
