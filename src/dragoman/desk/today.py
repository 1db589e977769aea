"""Today: how far the news of a day came, where it was lost, and what needs somebody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from dragoman.desk.board import Board, Page, Visit
from dragoman.desk.rendering import describe_wait
from dragoman.desk.wording import say, told
from dragoman.store import desk_counts, sources, work
from dragoman.store.desk_counts import Step
from dragoman.types import Source, SourceState, Stage

board = Board("Today", "/")

DAY = timedelta(hours=24)
QUIET = timedelta(hours=6)  # after which a site without a new article is said to be quiet
_LEAST_FREE = 1_000_000_000
STAGES = {
    Stage.FETCH: told("Fetched"),
    Stage.EXTRACT: told("Extracted"),
    Stage.TRANSLATE: told("Translated"),
    Stage.LINK: told("Linked into stories"),
}


@board.page("/")
def show(visit: Visit) -> Page:
    """Show what became of the last 24 hours."""
    now = visit.now()
    found = desk_counts.flow(visit.db, now - DAY, visit.settings.editions)
    followed = sources.sources(visit.db)
    values = {
        "flow": found,
        "stages": STAGES,
        "parts_of": {step.stage: _parts(step) for step in found.steps},
        "editions_shown": any(one.whole for one in found.editions),
        "hours": _hours(found.hours, now),
        "waiting": [
            (one, describe_wait((now - one.since).total_seconds()))
            for one in desk_counts.oldest_waiting(visit.db)
        ],
        "red": red_sources(followed, sources.source_states(visit.db)),
        "followed": len(followed),
        "alarms": list(_alarms(visit, now, len(followed))),
        "counts": work.counts(visit.db),
    }
    return Page("today.html", values)


def _parts(step: Step) -> list[tuple[str, str, int]]:
    return [
        ("good", say("went on"), step.passed),
        ("wait", say("waiting"), step.waiting),
        ("again", say("to be tried again"), step.retrying),
        ("bad", say("lost"), step.lost),
        ("gone", say("withdrawn"), step.withdrawn),
    ]


def _hours(counts: dict[str, int], now: datetime) -> list[tuple[str, int]]:
    """List the last 24 hours, silent ones too."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    hours = [first + timedelta(hours=number) for number in range(24)]
    return [(f"{at:%H}:00", counts.get(f"{at:%Y-%m-%dT%H}", 0)) for at in hours]


def red_sources(
    followed: tuple[Source, ...], states: dict[str, SourceState]
) -> list[tuple[Source, SourceState]]:
    """Give the sources whose last poll failed, worst first."""
    rows = [(one, states.get(one.id, SourceState(one.id))) for one in followed]
    red = [(source, state) for source, state in rows if state.failure and not source.is_paused]
    return sorted(red, key=lambda row: (not row[1].is_gone, -row[1].failures, row[0].id))


def _alarms(visit: Visit, now: datetime, followed: int) -> Iterator[str]:
    """Say what stops the whole relay."""
    newest = desk_counts.newest_article(visit.db)
    if followed and newest and now - newest > QUIET:
        wait = describe_wait((now - newest).total_seconds())
        yield say(
            "No new article for %(wait)s. Is `dragoman run` running? `dragoman doctor` checks.",
            wait=wait,
        )
    try:
        free = shutil.disk_usage(visit.settings.data).free
    except OSError:
        return
    if free < _LEAST_FREE:
        yield say(
            "Only %(free)s MB are free on the disk; free at least 1 GB.", free=free // 1_000_000
        )
