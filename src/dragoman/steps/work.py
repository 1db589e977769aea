"""What a pass works with, and how it keeps what went wrong."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog

from dragoman import due, store
from dragoman.config import Settings
from dragoman.errors import DragomanError, StageError
from dragoman.runner import Runner
from dragoman.steps.slots import drop
from dragoman.store import Store
from dragoman.types import Failure, Stage, Tally, WorkState

log = structlog.get_logger(__name__)

Progress = Callable[[str, int, int, str], None]  # stage, done, total, what
BATCH = 200  # rows taken from the store at once: bounds memory, not throughput


def _no_progress(stage: str, done: int, total: int, what: str) -> None:
    """Show nothing."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Pass:
    """One pass through the stages: what it works with and what it counts."""

    db: Store
    runner: Runner
    settings: Settings
    progress: Progress = _no_progress
    now: Callable[[], datetime] = _utc_now
    # How long pages are fetched, and how long articles are translated, before the pass goes on.
    fetch_s: float | None = None
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    late: set[asyncio.Task[None]] = field(default_factory=set)  # hosts that hang, asked beside
    tried: dict[bool, set[str]] = field(default_factory=lambda: {False: set(), True: set()})

    def step_ends(self) -> float:
        """Say when a step that begins now leaves the rest to the next pass, by `time.monotonic`."""
        return time.monotonic() + self.fetch_s if self.fetch_s else math.inf

    def tally(self) -> Tally:
        """Give what was done so far."""
        return Tally(**self.counts, failures=tuple(self.failures))

    async def wait_for_late(self) -> None:
        """Wait for the hosts that hang. Raises what one of them raises."""
        late, self.late = self.late, set()
        try:
            await asyncio.gather(*late)
        except BaseException:
            await drop(late)
            raise

    async def drop_late(self) -> None:
        """Leave the hosts that hang."""
        await drop(self.late)


def failure_of(item: str, stage: str, error: Exception) -> Failure:
    """Give an error as a value."""
    permanent = isinstance(error, StageError) and error.permanent
    retry_after = error.retry_after if isinstance(error, StageError) else None
    return Failure(item, stage, type(error).__name__, str(error), permanent, retry_after)


def keep_going(work: Pass, item: str, stage: str, error: Exception) -> Failure:
    """Count what befell one item, so that the others go on; a surprise is logged whole."""
    if not isinstance(error, DragomanError):
        # Nobody expected this: it is a mistake of ours, and is logged with all there is.
        log.error("unexpected failure", item=item, stage=stage, exc_info=error)
    failure = failure_of(item, stage, error)
    work.failures.append(failure)
    return failure


def keep_failure(work: Pass, id: str, stage: Stage, error: Exception, version: str) -> None:
    """Write down what befell one article in one stage, and when it is tried again."""
    failure, next_try = plan_retry(work, id, stage, error, version)
    store.work.put_failure(work.db, failure, stage, id, version, next_try=next_try)


def plan_retry(
    work: Pass, id: str, stage: Stage, error: Exception, version: str, into: str = ""
) -> tuple[Failure, datetime | None]:
    """Count a failure, and say when to try again; None: never."""
    failure = keep_going(work, id, stage, error)
    attempts = 1
    for past in store.work.work(work.db, id):
        is_same = (past.stage, past.into, past.version) == (stage, into, version)
        if is_same and past.state is WorkState.RETRY and past.failure:
            attempts = past.attempts + 1
    next_try = due.retry_at(failure, attempts, work.now())
    log.info(
        "failed" if next_try else "given up",
        article=id,
        stage=stage.value,
        into=into,
        kind=failure.kind,
        reason=failure.message,
        attempts=attempts,
        next_try=next_try.isoformat() if next_try else None,
    )
    return replace(failure, is_permanent=next_try is None), next_try
