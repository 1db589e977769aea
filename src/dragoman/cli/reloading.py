"""What `dragoman run` has in force: settings that can be read again, and counts that outlive it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from dragoman.errors import DragomanError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from dragoman.config import Settings
    from dragoman.ingest import Fetcher
    from dragoman.runner import Runner
    from dragoman.steps import Pass
    from dragoman.steps.vitals import Vitals
    from dragoman.store import Store
    from dragoman.types import Tally

FETCH_S = 120.0  # of a pass of `run`: then what was fetched is translated, and the rest waits
KEPT_S = 10.0  # between two writings of the vitals
# What is opened once: a change of it waits for a restart.
FIXED = {
    "": ("data", "store", "run"),
    "site": ("host", "port"),
    "desk": ("enabled", "host", "port", "trusted_proxies"),
}

log = structlog.get_logger(__name__)


class Switch:
    """An application in whose place another can be put while it is served."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application of this moment answer."""
        await self.app(scope, receive, send)


class InForce:
    """The settings in force, and what is told where others take their place."""

    def __init__(self, settings: Settings, file: Path | None) -> None:
        self.settings = settings
        self.file = file
        self.vitals: Vitals | None = None
        self._listeners: list[Callable[[Settings], None]] = []

    def tell(self, listener: Callable[[Settings], None]) -> None:
        """Have a function called with new settings."""
        self._listeners.append(listener)

    def reload(self) -> None:
        """Read the configuration again; one with a mistake changes nothing, and is told."""
        from dragoman.cli.session import set_up_log
        from dragoman.config import load_settings
        from dragoman.steps import read_hooks

        try:
            fresh, waiting = keep_fixed(self.settings, load_settings(self.file))
            read_hooks(fresh)
            for listener in self._listeners:
                listener(fresh)
        except DragomanError as error:
            self._count(failed=1)
            log.error("configuration not taken over; the old one stays in force", why=str(error))
            return
        self._count(done=1)
        self.settings = fresh
        set_up_log(fresh.log, fresh.log_format)
        log.warning("configuration taken over", file=str(self.file or ""))
        if waiting:
            log.warning("some changes wait for a restart", settings=", ".join(waiting))

    def _count(self, done: int = 0, failed: int = 0) -> None:
        if self.vitals:
            self.vitals.reloads += done
            self.vitals.failed_reloads += failed


def keep_fixed(old: Settings, new: Settings) -> tuple[Settings, list[str]]:
    """Keep what cannot change while it runs, and name what differs."""
    waiting: list[str] = []
    for section, keys in FIXED.items():
        former, fresh = (getattr(one, section) if section else one for one in (old, new))
        differs = [key for key in keys if getattr(former, key) != getattr(fresh, key)]
        waiting += [f"{section}.{key}".lstrip(".") for key in differs]
        kept = fresh.model_copy(update={key: getattr(former, key) for key in keys})
        new = new.model_copy(update={section: kept}) if section else kept
    return new, waiting


async def relay_in_force(
    force: InForce,
    db: Store,
    runner: Runner,
    stop: asyncio.Event,
    report: Callable[[Tally], None],
) -> None:
    """Relay until told to stop; new settings hold from the next pass on."""
    from dragoman.relay import relay_forever
    from dragoman.steps import Pass, open_fetcher
    from dragoman.steps.vitals import begin_vitals

    vitals = force.vitals = begin_vitals(force.settings.data)
    clock = _Clock(vitals)

    def end(tally: Tally) -> None:
        clock.end(tally)
        report(tally)

    while not stop.is_set():
        settings = force.settings

        def begin(settings: Settings = settings) -> Pass:
            clock.begin()
            return Pass(db, runner, settings, fetch_s=FETCH_S)

        def is_over(settings: Settings = settings) -> bool:
            return force.settings is not settings

        async with (
            open_fetcher(settings, vitals.note_fetch) as fetcher,
            kept(settings.data, vitals, fetcher),
        ):
            await relay_forever(begin, fetcher, stop, report=end, is_over=is_over)


class _Clock:
    """Times passes; one that has no end ended early."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals
        self._began = 0.0

    def begin(self) -> None:
        """Note that a pass begins."""
        self._vitals.failed_passes += bool(self._began)
        self._began = time.monotonic()

    def end(self, tally: Tally) -> None:
        """Note that it came to its end."""
        self._vitals.note_pass(tally, time.monotonic() - self._began)
        self._began = 0.0


@asynccontextmanager
async def kept(folder: Path, vitals: Vitals, fetcher: Fetcher) -> AsyncIterator[None]:
    """Write the vitals every few seconds, and at the end; hosts stay left alone that were."""
    from dragoman.steps.vitals import write_vitals

    async def keep() -> None:
        while True:
            write_vitals(folder, vitals, fetcher)
            await asyncio.sleep(KEPT_S)

    fetcher.restore(vitals.closed_hosts)
    keeping = asyncio.ensure_future(keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        write_vitals(folder, vitals, fetcher)
