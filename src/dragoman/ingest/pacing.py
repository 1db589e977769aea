"""One request of one host at a time, with a pause between two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dragoman.errors import FetchError

MAX_CRAWL_DELAY = 30.0  # seconds; a robots.txt may ask for a day, and would never be read
_MAX_HOSTS = 4096


@dataclass(slots=True)
class _Slot:
    """What is known of one host. Times are of the monotonic clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    interval: float = 0.0  # asked for by robots.txt
    ready: float = 0.0
    closed_until: float = 0.0  # the host answered 429 with a Retry-After


class Pacing:
    """Gives turns at hosts."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._slots: dict[str, _Slot] = {}

    def slow_down(self, host: str, interval: float) -> None:
        """Take over the pause that a host's robots.txt asks for, up to a cap."""
        self._slot(host).interval = min(max(interval, 0.0), MAX_CRAWL_DELAY)

    def close_host(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for a while, because it said so."""
        self._slot(host).closed_until = time.monotonic() + seconds

    @asynccontextmanager
    async def turn(self, host: str, url: str) -> AsyncIterator[None]:
        """Wait for our turn at a host, hold it, and start the pause when it ends.

        Raises `FetchError` at once while the host is closed to us.
        """
        slot = self._slot(host)
        async with slot.lock:
            if (left := slot.closed_until - time.monotonic()) > 0:
                raise FetchError(
                    f"{url}: {host} asked us to wait; it is asked again in {left:.0f} s",
                    retry_after=left,
                )
            await asyncio.sleep(max(0.0, slot.ready - time.monotonic()))
            try:
                yield
            finally:
                slot.ready = time.monotonic() + max(self._interval, slot.interval)

    def _slot(self, host: str) -> _Slot:
        if host not in self._slots and len(self._slots) >= _MAX_HOSTS:
            self._forget_idle()
        return self._slots.setdefault(host, _Slot())

    def _forget_idle(self) -> None:
        now = time.monotonic()
        self._slots = {
            host: slot
            for host, slot in self._slots.items()
            if slot.lock.locked() or max(slot.ready, slot.closed_until) > now
        }
