"""Checkpoints: which rows lack a stage's result, and how a result is ticked off.

Every function here runs inside the transaction that writes the result itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select

from dragoman.store.columns import as_utc, encode
from dragoman.store.dialects import upsert
from dragoman.store.schema import withdrawals, work
from dragoman.types import Failure, Stage, WorkState

FETCH_VERSION = "1"  # fetching has no version of its own: a page is a page

LONGEST_WAIT = timedelta(days=8)  # a server may ask for a week; beyond it a clock was wrong
_CHUNK = 500  # ids in one statement; SQLite once took no more than 999


def chunks(values: Iterable[str]) -> Iterable[list[str]]:
    """Cut values into lists that one statement can take, without repetitions."""
    every = list(dict.fromkeys(values))
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))


def is_settled(
    key: ColumnElement[str], stage: Stage, version: str, now: datetime, into: str = ""
) -> ColumnElement[bool]:
    """Whether this version of the stage is done with a row, for good or until later.

    A retry without a time waits until a person, a new version or a new revision asks.
    """
    is_waiting = or_(work.c.next_try.is_(None), is_later(now))
    return exists().where(
        work.c.article == key,
        work.c.stage == stage.value,
        work.c.into == into,
        work.c.version == version,
        or_(
            work.c.state != WorkState.RETRY.value,
            and_(work.c.state == WorkState.RETRY.value, is_waiting),
        ),
    )


def is_later(now: datetime) -> ColumnElement[bool]:
    """Whether the time to try again has not come; one that a wrong clock set has."""
    return and_(work.c.next_try > as_utc(now), work.c.next_try <= as_utc(now + LONGEST_WAIT))


def is_shown(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an article was not withdrawn."""
    return ~exists().where(withdrawals.c.article == key)


def is_blocked(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an article was taken down and may not come back."""
    return exists().where(withdrawals.c.article == key, withdrawals.c.is_blocked.is_(True))


def set_work(
    connection: Connection,
    articles: Collection[str],
    stage: Stage,
    version: str,
    state: WorkState,
    now: datetime,
    *,
    into: str = "",
    next_try: datetime | None = None,
    failure: Failure | None = None,
) -> None:
    """Write the checkpoint of articles; attempts go on from a failure at this version.

    To wait for something is no attempt, and what comes after it counts from the start.
    """
    is_waiting = state is WorkState.RETRY and failure is None
    attempts = dict.fromkeys(articles, 0 if is_waiting else 1)
    if not is_waiting:
        attempts.update(_count_attempts(connection, articles, stage, version, into))
    upsert(
        connection,
        work,
        [
            {
                "article": article,
                "stage": stage.value,
                "into": into,
                "version": version,
                "state": state.value,
                "attempts": count,
                "next_try": next_try,
                "failure": encode(failure) if failure else None,
                "updated": now,
            }
            for article, count in attempts.items()
        ],
    )


def _count_attempts(
    connection: Connection, articles: Collection[str], stage: Stage, version: str, into: str
) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for ids in chunks(articles):
        rows = connection.execute(
            select(work.c.article, work.c.attempts).where(
                work.c.article.in_(ids),
                work.c.stage == stage.value,
                work.c.into == into,
                work.c.version == version,
                work.c.failure.is_not(None),
            )
        )
        found.update({row.article: row.attempts + 1 for row in rows})
    return found


def clear_work(connection: Connection, articles: Collection[str], *stages: Stage) -> None:
    """Put checkpoints back: these stages lack their results again."""
    for ids in chunks(articles):
        connection.execute(
            delete(work).where(
                work.c.article.in_(ids), work.c.stage.in_([stage.value for stage in stages])
            )
        )
