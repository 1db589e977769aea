"""Between passes, what was kept long enough is forgotten, some rows at a time."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import structlog

from dragoman import store
from dragoman.config import Settings
from dragoman.steps.work import Pass

BATCH = 200  # rows in one transaction
PASS_S = 2.0  # spent on it in one pass; what is left goes in the next
_MAX_LEAP_S = 86_400.0

log = structlog.get_logger(__name__)


def _uptime() -> float:
    """Give seconds by a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


_BEGAN = time.time() - _uptime()


def keep_days(settings: Settings) -> dict[str, int]:
    """Give for how many days things are kept, by the names of the rules; 0: for ever."""
    days: dict[str, int] = settings.keep.model_dump()
    return {name.removesuffix("_days"): number for name, number in days.items()}


async def forget_old(work: Pass) -> None:
    """Forget what is older than its setting under ``[keep]``.

    Not where the clock was set ahead since the start: everything would seem old.
    """
    if time.time() - _uptime() - _BEGAN > _MAX_LEAP_S:
        log.warning("nothing forgotten: the clock was set ahead; restart if it is right now")
        return
    ends = time.monotonic() + PASS_S
    for name, days in keep_days(work.settings).items():
        gone = 0
        for rule in store.retention.RULES[name] if days else ():
            before, number = work.now() - timedelta(days=days), BATCH
            while number == BATCH and time.monotonic() < ends:
                number = store.retention.forget(work.db, rule, before, BATCH, work.now())
                gone += number
                await asyncio.sleep(0)
        if gone:
            log.info("forgotten", what=name, rows=gone, days=days)
