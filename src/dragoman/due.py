"""What is due, and when to try again: pure functions of records and a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dragoman.types import Failure, Reading, Source, SourceState

MAX_ATTEMPTS = 6  # then a failure is final: with the steps below, after about two days
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=24)
LONGEST_POLL = timedelta(hours=24)


def plan_polls(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    now: datetime,
    *,
    is_forced: bool = False,
) -> tuple[tuple[Source, SourceState], ...]:
    """Choose the sources to poll now, longest overdue first.

    With ``is_forced`` every source that is neither paused nor gone.
    """
    chosen = []
    for source in sources:
        state = states.get(source.id, SourceState(source.id))
        is_due = is_forced or state.next_poll is None or state.next_poll <= now
        if is_due and not source.is_paused and not state.is_gone:
            chosen.append((source, state))
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return tuple(sorted(chosen, key=lambda pair: (pair[1].next_poll or never, pair[0].id)))


def after_reading(
    state: SourceState, reading: Reading, now: datetime, interval: timedelta
) -> SourceState:
    """Give the state of a source after a poll that went well."""
    wait = max(interval, timedelta(seconds=reading.retry_after or 0))
    return replace(
        state,
        next_poll=now + wait,
        last_poll=now,
        last_success=now,
        last_item=now if reading.items else state.last_item,
        feed_url=reading.moved_to or reading.feed_url or state.feed_url,
        etag=reading.etag or (state.etag if reading.is_unchanged else ""),
        last_modified=reading.last_modified
        or (state.last_modified if reading.is_unchanged else ""),
        failures=0,
        failure=None,
    )


def after_failure(
    state: SourceState, failure: Failure, now: datetime, interval: timedelta
) -> SourceState:
    """Give the state of a source after a poll that failed: it is asked less and less often."""
    failures = state.failures + 1
    wait = min(interval * 2 ** min(failures - 1, 10), LONGEST_POLL)
    if failure.retry_after:
        wait = max(wait, timedelta(seconds=failure.retry_after))
    return replace(
        state,
        next_poll=now + wait,
        last_poll=now,
        failures=failures,
        failure=failure,
        is_gone=failure.kind == "Gone" and "410" in failure.message,
    )


def retry_at(failure: Failure, attempts: int, now: datetime) -> datetime | None:
    """Say when to try an item again after so many attempts; None: never."""
    if failure.is_permanent or attempts >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST_RETRY * 3.0 ** (attempts - 1), LONGEST_RETRY)
    if failure.retry_after:
        wait = max(wait, timedelta(seconds=failure.retry_after))
    return now + wait
