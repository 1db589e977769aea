"""What is measured of a store at a moment: what waits, what the gate said, how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, text

from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import as_utc
from dragoman.store.opening import Store
from dragoman.store.schema import articles, items, pages, translations, work
from dragoman.types import Stage, WorkState


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits before a stage and could be taken now."""

    stage: Stage
    into: str  # the edition; empty where the stage has none
    length: int
    since: datetime | None  # the oldest was first seen then; None: nothing waits


def queues(db: Store, editions: tuple[str, ...], now: datetime) -> tuple[Queue, ...]:
    """Measure what waits before each stage, for translations before each edition."""
    with db.read() as connection:
        found = [
            _measure(connection, Stage.FETCH, now, items.c.first_seen, items.c.id),
            _measure(connection, Stage.EXTRACT, now, pages.c.fetched, pages.c.id),
        ]
        for into in editions:
            is_foreign = articles.c.language != base(into)
            found.append(_measure(connection, Stage.TRANSLATE, now, *_SEEN, is_foreign, into=into))
        found.append(_measure(connection, Stage.LINK, now, *_SEEN))
    return tuple(found)


_SEEN = (articles.c.first_seen, articles.c.id)


def _measure(
    connection: Connection,
    stage: Stage,
    now: datetime,
    at: ColumnElement[datetime],
    key: ColumnElement[str],
    *wanted: ColumnElement[bool],
    into: str = "",
) -> Queue:
    is_later = or_(work.c.next_try.is_(None), work.c.next_try > as_utc(now))
    is_settled = exists().where(
        work.c.article == key,
        work.c.stage == stage.value,
        work.c.into == into,
        or_(work.c.state != WorkState.RETRY.value, is_later),
    )
    query = select(func.count(), func.min(at)).where(~is_settled, is_shown(key), *wanted)
    number, since = connection.execute(query).one()
    return Queue(stage, into, number, since)


def verdicts(db: Store) -> dict[tuple[str, str], int]:
    """Count the translations of each edition by the gate's verdict; empty: none was given."""
    query = select(translations.c.into, translations.c.verdict, func.count()).group_by(
        translations.c.into, translations.c.verdict
    )
    with db.read() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def size(db: Store) -> int:
    """Give the size of the database, in bytes."""
    with db.read() as connection:
        if connection.dialect.name == "sqlite":
            pages_of_file = connection.scalar(text("PRAGMA page_count")) or 0
            return int(pages_of_file) * int(connection.scalar(text("PRAGMA page_size")) or 0)
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
