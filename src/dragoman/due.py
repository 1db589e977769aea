"""What is due, and when to try again: pure functions of records and a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dragoman.types import Failure, Reading, Source, SourceState

MAX_ATTEMPTS = 6  # then a failure is final: with the steps below, after about two days
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=24)
LONGEST_POLL = timedelta(hours=24)
LONGEST_INTERVAL = timedelta(hours=6)  # between polls of a source that says little
GONE_AGAIN = timedelta(hours=6)  # after which a source that answers 410 is asked once more
_RECENT = 20  # items whose dates tell how often a source publishes

# When a fresh article's page is fetched again, counted from its publication.
LOOKS = tuple(timedelta(minutes=minutes) for minutes in (30, 120, 360, 1440, 4320))
CLOCK_SKEW = timedelta(minutes=5)  # what was written later than that was by a clock set back since
_TOO_SOON = timedelta(minutes=15)  # after a fetch: the next look would see the same
MISSING_AGAIN = timedelta(hours=1)  # after which a page that is missing is looked for once more
# When a page that is gone is looked for again, counted from its withdrawal.
RETURNS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))


def plan_polls(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    now: datetime,
    *,
    is_forced: bool = False,
) -> tuple[tuple[Source, SourceState], ...]:
    """Choose the sources to poll now, longest overdue first.

    With ``is_forced`` every source that is neither paused nor gone. What a clock that was wrong
    put off until its own year is due, too.
    """
    chosen = []
    for source in sources:
        state = states.get(source.id, SourceState(source.id))
        is_ahead = state.last_poll is not None and state.last_poll > now + CLOCK_SKEW
        is_due = is_forced or is_ahead or state.next_poll is None or state.next_poll <= now
        if is_due and not source.is_paused and not state.is_gone:
            chosen.append((source, state))
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return tuple(sorted(chosen, key=lambda pair: (pair[1].next_poll or never, pair[0].id)))


def after_reading(
    state: SourceState, reading: Reading, now: datetime, interval: timedelta
) -> SourceState:
    """Give the state of a source after a poll that went well."""
    recent = _recent_of(reading, now) or state.recent
    wait = max(poll_interval(recent, now, interval), timedelta(seconds=reading.retry_after or 0))
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
        recent=recent,
    )


def _recent_of(reading: Reading, now: datetime) -> tuple[datetime, ...]:
    """Give when a feed's newest items came, newest first; what lies ahead says nothing."""
    dates = (item.published or item.updated for item in reading.items)
    return tuple(sorted((at for at in dates if at and at <= now), reverse=True)[:_RECENT])


def poll_interval(recent: Sequence[datetime], now: datetime, shortest: timedelta) -> timedelta:
    """Say how long to wait for a source that published at these times.

    Half the mean time between its items, silence until now included: so a source that falls
    silent is asked less and less, and at once more often when it speaks again. Where no item
    has a date, the shortest.
    """
    if not recent:
        return shortest
    mean = (now - min(recent)) / len(recent)
    return max(shortest, min(mean / 2, LONGEST_INTERVAL))


def after_failure(
    state: SourceState, failure: Failure, now: datetime, interval: timedelta
) -> SourceState:
    """Give the state of a source after a poll that failed: it is asked less and less often."""
    failures = state.failures + 1
    wait = min(interval * 2 ** min(failures - 1, 10), LONGEST_POLL)
    if failure.retry_after:
        wait = max(wait, timedelta(seconds=failure.retry_after))
    is_gone = failure.kind == "Gone"
    if is_gone:
        wait = max(wait, GONE_AGAIN)
    return replace(
        state,
        next_poll=now + wait,
        last_poll=now,
        failures=failures,
        failure=failure,
        # Once may be a mistake of the publisher's, and the source would be lost for it.
        is_gone=is_gone and _was_gone(state, now),
    )


def _was_gone(state: SourceState, now: datetime) -> bool:
    is_old = state.last_poll is not None and now - state.last_poll >= GONE_AGAIN
    return is_old and state.failure is not None and state.failure.kind == "Gone"


def retry_at(failure: Failure, attempts: int, now: datetime) -> datetime | None:
    """Say when to try an item again after so many attempts; None: never."""
    if failure.is_permanent or attempts >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST_RETRY * 3.0 ** (attempts - 1), LONGEST_RETRY)
    if failure.retry_after:
        wait = max(wait, timedelta(seconds=failure.retry_after))
    return now + wait


def next_look(born: datetime, now: datetime) -> datetime | None:
    """Say when to fetch the page of an article again that was just fetched; None: never.

    ``born`` is its publication, or our first sight of it.
    """
    return next((born + after for after in LOOKS if born + after >= now + _TOO_SOON), None)


def next_return(withdrawn: datetime, now: datetime) -> datetime | None:
    """Say when to look again for a page that was withdrawn at a time; None: never."""
    times = (withdrawn + after for after in RETURNS)
    return next((at for at in times if at >= now + _TOO_SOON), None)
