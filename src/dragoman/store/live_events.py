"""Events as the linker looks for them: what changed since it looked last, and who is in them.

Each change of an event gets the next number, so whoever keeps centroids in memory asks for
what came after the number that it has seen, and the cost of a look does not grow with the
archive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from dragoman.store.checkpoints import chunks, is_shown
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import articles, groupings, stream_counts
from dragoman.store.schema import live_events as table

_GONE = datetime(1, 1, 1, tzinfo=UTC)
_STREAM = "stream"


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event at its last change; without members it is gone."""

    id: str
    revision: int
    oldest: datetime
    newest: datetime
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """A report of an event, as far as finding it goes."""

    event: str
    article: str
    language: str
    at: datetime


def note_changes(connection: Connection, events: Iterable[str]) -> None:
    """Write down that these events have gained or lost members."""
    wanted = sorted(set(events))
    if not wanted:
        return
    last = connection.scalar(select(func.max(table.c.revision))) or 0
    rows: list[dict[str, object]] = []
    for some in chunks(wanted):
        query = (
            select(
                groupings.c.event,
                func.min(articles.c.at),
                func.max(articles.c.at),
                func.count(),
            )
            .join(articles, articles.c.id == groupings.c.article)
            .where(groupings.c.event.in_(some), is_shown(articles.c.id))
            .group_by(groupings.c.event)
        )
        found = {event: rest for event, *rest in connection.execute(query)}
        for id in some:
            oldest, newest, count = found.get(id, (_GONE, _GONE, 0))
            rows.append({"event": id, "revision": last + 1, "oldest": oldest, "newest": newest,
                         "members": count})  # fmt: skip
    upsert(connection, table, rows)


def note_articles(connection: Connection, ids: Collection[str]) -> None:
    """Write down that these articles came, went, or are of another time or text."""
    events: set[str] = set()
    for some in chunks(ids):
        query = select(groupings.c.event).where(groupings.c.article.in_(some)).distinct()
        events.update(connection.scalars(query))
    note_changes(connection, events)


def changed_events(db: Store, after: int, since: datetime) -> tuple[LiveEvent, ...]:
    """List the events that changed after a revision, in order of change.

    Of those never seen, only the ones with a report since a time: a reader that begins
    (``after`` 0) gets the live ones, a reader that goes on gets those that are gone too.
    """
    query = select(table).where(table.c.revision > after)
    if not after:
        query = query.where(table.c.newest >= since)
    with db.read() as connection:
        rows = connection.execute(query.order_by(table.c.revision, table.c.event)).all()
    return tuple(LiveEvent(row.event, row.revision, row.oldest, row.newest, row.members)
                 for row in rows)  # fmt: skip


def members_of_events(db: Store, events: Collection[str]) -> dict[str, list[Member]]:
    """Give the members of events in order of time; withdrawn ones are left out."""
    found: dict[str, list[Member]] = {}
    columns = groupings.c.event, groupings.c.article, articles.c.language, articles.c.at
    with db.read() as connection:
        for some in chunks(events):
            query = (
                select(*columns)
                .join(articles, articles.c.id == groupings.c.article)
                .where(groupings.c.event.in_(some), is_shown(articles.c.id))
                .order_by(articles.c.at, articles.c.id)
            )
            for row in connection.execute(query):
                found.setdefault(row[0], []).append(Member(*row))
    return found


def members_of_stories(db: Store, stories: Collection[str]) -> dict[str, datetime]:
    """Give the ids of the members of stories and their times."""
    found: dict[str, datetime] = {}
    with db.read() as connection:
        for some in chunks(stories):
            query = _of_stories(some, groupings.c.article, articles.c.at)
            found.update((id, at) for id, at in connection.execute(query))
    return found


def languages_of_stories(db: Store, stories: Collection[str]) -> dict[str, set[str]]:
    """Give the languages, without region, in which stories are told."""
    found: dict[str, set[str]] = {}
    with db.read() as connection:
        for some in chunks(stories):
            for story, language in connection.execute(
                _of_stories(some, groupings.c.story, articles.c.language).distinct()
            ):
                found.setdefault(story, set()).add(language)
    return found


def stories_with_undated(db: Store, stories: Collection[str]) -> set[str]:
    """Say which stories may have a report without a date: it is listed by its first sight."""
    is_undated = articles.c.at == articles.c.first_seen
    found: set[str] = set()
    with db.read() as connection:
        for some in chunks(stories):
            query = _of_stories(some, groupings.c.story).where(is_undated)
            found.update(connection.scalars(query.distinct()))
    return found


def _of_stories(stories: Collection[str], *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Select from the reports of stories; withdrawn ones are left out."""
    return (
        select(*columns)
        .join_from(groupings, articles, articles.c.id == groupings.c.article)
        .where(groupings.c.story.in_(stories), is_shown(articles.c.id))
    )


def read_counts(db: Store) -> bytes:
    """Give the kept counts of names and words in the stream; empty where there are none."""
    with db.read() as connection:
        query = select(stream_counts.c.counts).where(stream_counts.c.name == _STREAM)
        kept: bytes | None = connection.scalar(query)
    return kept or b""


def put_counts(connection: Connection, counts: bytes) -> None:
    """Keep the counts of the stream."""
    upsert(connection, stream_counts, [{"name": _STREAM, "counts": counts}])
