"""Entries of feeds: what was found, and which of it still has to be fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, or_, select

from dragoman.errors import StoreError
from dragoman.store.checkpoints import (
    FETCH_VERSION,
    LONGEST_WAIT,
    chunks,
    clear_work,
    is_blocked,
    is_settled,
)
from dragoman.store.columns import AnyRow, as_utc, decode, encode, key_of
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable, list_readable
from dragoman.store.schema import items, sources, withdrawals, work
from dragoman.store.sources import write_state
from dragoman.types import FeedItem, Reading, SourceState, Stage, WorkState


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A feed's entry with the id of its article."""

    id: str
    source: str
    item: FeedItem
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What a reading brought: ids of new articles, and of known ones to fetch again."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def put_reading(
    db: Store, reading: Reading, state: SourceState, ids: Mapping[str, str], now: datetime
) -> ItemChanges:
    """Write a reading's entries and the source's state, in one transaction.

    `ids` maps addresses to article ids; an entry without one is left out, as is one whose
    address was taken down. Where a feed names one article twice, the first entry counts.
    An entry whose update time, title or summary changed is to be fetched again. Raises
    `StoreError` where the source is unknown; one removed meanwhile changes nothing.
    """
    entries: dict[str, FeedItem] = {}
    for entry in reading.items:
        if entry.url in ids:
            entries.setdefault(ids[entry.url], entry)
    with db.write() as connection:
        if not write_state(connection, state):
            _refuse_unknown(connection, state.source)
            return ItemChanges()
        for id in _blocked(connection, entries):
            del entries[id]
        known = _known(connection, entries)
        new = tuple(id for id in entries if id not in known)
        same = {
            old.id for old in keep_readable(known.values(), read_item) if _is_same(old, entries)
        }
        changed = tuple(id for id in known if id not in same)
        upsert(
            connection,
            items,
            [
                _row(id, reading.source, entries[id], known[id].first_seen if id in known else now)
                for id in (*new, *changed)
            ],
        )
        clear_work(connection, changed, Stage.FETCH)
    return ItemChanges(new, changed)


def _refuse_unknown(connection: Connection, source: str) -> None:
    if connection.scalar(select(sources.c.id).where(sources.c.id == source)) is None:
        raise StoreError(f"source '{source}' is not known; add it with `dragoman source add`")


def _blocked(connection: Connection, entries: Mapping[str, FeedItem]) -> set[str]:
    by_address = {key_of(entry.url): id for id, entry in entries.items()}
    found: set[str] = set()
    for some in chunks((*entries, *by_address)):
        rows = connection.execute(
            select(withdrawals.c.article, withdrawals.c.url_key).where(
                withdrawals.c.is_blocked.is_(True),
                or_(withdrawals.c.article.in_(some), withdrawals.c.url_key.in_(some)),
            )
        )
        for row in rows:
            found.add(row.article)
            found.add(by_address.get(row.url_key, row.article))
    return found & set(entries)


def _known(connection: Connection, ids: Iterable[str]) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    for some in chunks(ids):
        rows = connection.execute(select(items).where(items.c.id.in_(some)))
        found.update({row.id: row for row in rows})
    return found


def _is_same(stored: StoredItem, entries: Mapping[str, FeedItem]) -> bool:
    old, new = stored.item, entries[stored.id]
    return (old.updated, old.title, old.summary) == (new.updated, new.title, new.summary)


def _row(id: str, source: str, entry: FeedItem, first_seen: datetime) -> dict[str, object]:
    return {
        "id": id,
        "source": source,
        "guid_key": key_of(entry.guid) if entry.guid else "",
        "first_seen": first_seen,
        "record": encode(entry),
    }


def read_item(row: AnyRow) -> StoredItem:
    """Read an entry from its row; raises `DamagedRow`."""
    entry = decode(row.record, FeedItem, f"entry of {row.id}")
    return StoredItem(row.id, row.source, entry, row.first_seen)


def item(db: Store, id: str) -> StoredItem | None:
    """Find the feed's entry of an article."""
    with db.read() as connection:
        row = connection.execute(select(items).where(items.c.id == id)).one_or_none()
    return read_item(row) if row else None


def ids_of_guids(db: Store, source: str, guids: Iterable[str]) -> dict[str, str]:
    """Give the articles that a source named by these guids before.

    A headline that changes often takes the address along; the guid stays. One that named
    several articles tells nothing, and is left out.
    """
    by_key = {key_of(guid): guid for guid in guids if guid}
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(by_key):
            rows = connection.execute(
                select(items.c.guid_key, func.min(items.c.id).label("id"))
                .where(items.c.source == source, items.c.guid_key.in_(some))
                .group_by(items.c.guid_key)
                .having(func.count() == 1)
            )
            found.update({by_key[row.guid_key]: row.id for row in rows})
    return found


def items_to_look_at_again(db: Store, now: datetime, limit: int) -> tuple[StoredItem, ...]:
    """List entries of followed sources whose page was had and is due for another look.

    Those that were withdrawn, too: a page may come back. Longest overdue first.
    """
    is_followed = exists().where(sources.c.id == items.c.source, sources.c.is_removed.is_(False))
    query = (
        select(items)
        .join(work, work.c.article == items.c.id)
        .where(
            work.c.stage == Stage.FETCH.value,
            work.c.state.in_((WorkState.DONE.value, WorkState.WITHDRAWN.value)),
            or_(work.c.next_try <= as_utc(now), work.c.next_try > as_utc(now + LONGEST_WAIT)),
            is_followed,
            ~is_blocked(items.c.id),
        )
        .order_by(work.c.next_try, items.c.id)
    )
    with db.read() as connection:
        return list_readable(connection, query, read_item, limit)


def items_lacking_page(db: Store, now: datetime, limit: int) -> tuple[StoredItem, ...]:
    """List entries whose page is to be fetched, oldest first."""
    query = (
        select(items)
        .where(
            ~is_settled(items.c.id, Stage.FETCH, FETCH_VERSION, now),
            ~is_blocked(items.c.id),
        )
        .order_by(items.c.first_seen, items.c.id)
    )
    with db.read() as connection:
        return list_readable(connection, query, read_item, limit)
