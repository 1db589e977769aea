"""Sources, and what is known of their last polls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Connection, bindparam, delete, select, update

from dragoman.store.checkpoints import chunks
from dragoman.store.columns import AnyRow, decode, encode
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable
from dragoman.store.schema import articles, items, pages, work
from dragoman.store.schema import source_states as states
from dragoman.store.schema import sources as table
from dragoman.store.summaries import refresh_stories, stories_of
from dragoman.types import Source, SourceState


def put_source(db: Store, source: Source) -> None:
    """Add a source or change it; one that was removed is followed again.

    A new address, or coming back, forgets what was known of the last poll.
    """
    with db.write() as connection:
        known = connection.execute(select(table).where(table.c.id == source.id)).one_or_none()
        before = next(keep_readable([known] if known else [], _read_source), None)
        if source.added is None:
            source = replace(source, added=(before and before.added) or datetime.now(UTC))
        row = {"id": source.id, "is_removed": False, "record": encode(source)}
        upsert(connection, table, [row])
        if known and before and (known.is_removed or before.url != source.url):
            connection.execute(delete(states).where(states.c.source == source.id))


def sources(db: Store, *, with_removed: bool = False) -> tuple[Source, ...]:
    """List the sources that are followed, by id; removed ones are paused."""
    query = select(table).order_by(table.c.id)
    if not with_removed:
        query = query.where(table.c.is_removed.is_(False))
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(keep_readable(rows, _read_source))


_PICKED = select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


def sources_of(db: Store, ids: Collection[str]) -> dict[str, Source]:
    """Give sources by id, removed ones too."""
    rows: list[AnyRow] = []
    with db.read() as connection:
        for some in chunks(ids):
            rows += connection.execute(_PICKED, {"ids": some}).all()
    return {one.id: one for one in keep_readable(rows, _read_source)}


def source(db: Store, id: str) -> Source | None:
    """Find a source; one that was removed is still known, and paused: its articles stay."""
    with db.read() as connection:
        row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
    return _read_source(row) if row else None


def _read_source(row: AnyRow) -> Source:
    return _decode_source(row.id, row.record, row.is_removed)


@lru_cache(maxsize=4096)  # every page names them
def _decode_source(id: str, record: str, is_removed: bool) -> Source:
    found = decode(record, Source, f"source {id}")
    return replace(found, is_paused=True) if is_removed else found


def remove_source(db: Store, id: str, *, purge: bool = False) -> bool:
    """Stop following a source; false where it was not followed.

    Its articles stay, unless `purge` takes them, their pages and translations along.
    Takedowns stay in force even then.
    """
    with db.write() as connection:
        row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
        if row is None:
            return False
        connection.execute(delete(states).where(states.c.source == id))
        connection.execute(update(table).where(table.c.id == id).values(is_removed=True))
        if purge:
            _purge(connection, id)
    return purge or not row.is_removed


def _purge(connection: Connection, source: str) -> None:
    held: set[str] = set()
    for kept in (items, pages, articles):
        held.update(connection.scalars(select(kept.c.id).where(kept.c.source == source)))
    touched = stories_of(connection, held)
    for ids in chunks(held):
        connection.execute(delete(work).where(work.c.article.in_(ids)))
    for kept in (items, pages, articles):
        connection.execute(delete(kept).where(kept.c.source == source))
    refresh_stories(connection, touched)
    connection.execute(delete(table).where(table.c.id == source))


def source_states(db: Store) -> dict[str, SourceState]:
    """Give what is known of each source's last poll, by source; never polled: not there."""
    with db.read() as connection:
        rows = connection.execute(select(states.c.source, states.c.record)).all()
    return {state.source: state for state in keep_readable(rows, _read_state)}


def _read_state(row: AnyRow) -> SourceState:
    return decode(row.record, SourceState, f"state of the source {row.source}")


def put_source_state(db: Store, state: SourceState) -> None:
    """Write what a poll taught of its source; nothing where the source was removed."""
    with db.write() as connection:
        write_state(connection, state)


def write_state(connection: Connection, state: SourceState) -> bool:
    """Write a source's state in a transaction; false where the source is not followed."""
    followed = select(table.c.id).where(table.c.id == state.source, table.c.is_removed.is_(False))
    if connection.scalar(followed) is None:
        return False
    row = {"source": state.source, "next_poll": state.next_poll, "record": encode(state)}
    upsert(connection, states, [row])
    return True
