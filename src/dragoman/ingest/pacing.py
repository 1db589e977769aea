"""One request of one host at a time, with a pause between two; a host that fails is left alone.

The circuit breaker (M. Nygard, *Release It!*) is per host: after some failures in a row nothing
is asked of it for a while, then one request tries it, and the while doubles where that fails too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dragoman.errors import FetchError

MAX_CRAWL_DELAY = 30.0  # seconds; a robots.txt may ask for a day, and would never be read
BREAK_AFTER = 5  # failures in a row
FIRST_BREAK_S = 60.0
LONGEST_BREAK_S = 3600.0
_MAX_HOSTS = 4096
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class ClosedHost:
    """A host that is left alone."""

    host: str  # with its port
    until: datetime
    failures: int  # in a row; 0: it asked us itself to wait
    reason: str = ""


@dataclass(slots=True)
class _Slot:
    """What is known of one host. Times are of the monotonic clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    interval: float = 0.0  # asked for by robots.txt
    ready: float = 0.0
    closed_until: float = 0.0
    failures: int = 0  # in a row
    reason: str = ""  # of the last failure

    @property
    def left(self) -> float:
        """How long nothing is asked of the host, in seconds."""
        return max(0.0, self.closed_until - time.monotonic())


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
        slot = self._slot(host)
        slot.closed_until = max(slot.closed_until, time.monotonic() + seconds)

    def succeed(self, host: str) -> None:
        """Note that a host answered: what it failed before is forgotten."""
        slot = self._slot(host)
        slot.failures, slot.reason = 0, ""

    def fail(self, host: str, reason: str) -> None:
        """Note that a host failed; one that keeps failing is left alone longer and longer."""
        slot = self._slot(host)
        slot.failures += 1
        slot.reason = reason[:_LONGEST_REASON]
        if slot.failures >= BREAK_AFTER:
            doublings = min(slot.failures - BREAK_AFTER, 16)
            self.close_host(host, min(FIRST_BREAK_S * 2**doublings, LONGEST_BREAK_S))

    def left(self, host: str) -> float:
        """Say for how many seconds nothing is asked of a host."""
        slot = self._slots.get(host)
        return slot.left if slot else 0.0

    def closed_hosts(self) -> tuple[ClosedHost, ...]:
        """List the hosts that are left alone, or are to be tried by one request alone."""
        now = datetime.now(UTC)
        return tuple(
            ClosedHost(host, now + timedelta(seconds=slot.left), slot.failures, slot.reason)
            for host, slot in sorted(self._slots.items())
            if slot.left or slot.failures >= BREAK_AFTER
        )

    def restore(self, hosts: Iterable[ClosedHost]) -> None:
        """Go on with what another fetcher knew, as far as it can still be true."""
        now = datetime.now(UTC)
        for one in hosts:
            slot = self._slot(one.host)
            slot.failures, slot.reason = one.failures, one.reason
            # The clock may have been set meanwhile: never longer than we would have waited.
            left = min((one.until - now).total_seconds(), LONGEST_BREAK_S)
            self.close_host(one.host, max(left, 0.0))

    @asynccontextmanager
    async def turn(self, host: str, url: str) -> AsyncIterator[None]:
        """Wait for our turn at a host, hold it, and start the pause when it ends.

        Raises `FetchError` at once while the host is closed to us.
        """
        slot = self._slot(host)
        async with slot.lock:
            if left := slot.left:
                why = "asked us to wait"
                if slot.failures >= BREAK_AFTER:
                    why = f"failed {slot.failures} times in a row ({slot.reason})"
                raise FetchError(
                    f"{url}: {host} {why}; it is asked again in {left:.0f} s", retry_after=left
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
