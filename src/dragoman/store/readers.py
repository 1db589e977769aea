"""What reading programs are given: an account, numbered items, and what was read or starred.

An article in an edition gets its number when it can be read there, or when we know that it will
not be soon. The number is that moment in microseconds, made unique: so what a program asks for
"since" its last visit holds whatever came after, however long a translation took.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_rows

from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import AnyRow
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import articles, translations
from dragoman.store.schema import reader_items as items
from dragoman.store.schema import readers as accounts

KEPT = timedelta(days=30)  # items are numbered and kept for so long; starred ones stay
_CHUNK = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """The account of reading programs."""

    user: str
    password: str  # Argon2id
    secret: str  # what logins are signed with


@dataclass(frozen=True, slots=True)
class ReaderItem:
    """An article in an edition, as reading programs know it."""

    number: int
    article: str
    into: str
    source: str
    is_read: bool = False
    is_starred: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Which items are meant. Numbers are microseconds since 1970."""

    editions: tuple[str, ...]
    source: str | None = None
    is_read: bool | None = None
    is_starred: bool | None = None
    since: int | None = None  # this number or later
    until: int | None = None  # this number or earlier
    after: int | None = None  # the last number of the page before
    is_oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """How much of a source is unread in an edition."""

    into: str
    source: str
    count: int
    newest: int  # number


# -- The account -------------------------------------------------------------------------


def put_account(db: Store, account: Account) -> None:
    """Write the account; there is one, so any other goes."""
    with db.write() as connection:
        connection.execute(delete(accounts).where(accounts.c.user != account.user))
        row = {"user": account.user, "password": account.password, "secret": account.secret}
        upsert(connection, accounts, [row])


def account(db: Store, user: str) -> Account | None:
    """Find the account of a user."""
    with db.read() as connection:
        row = connection.execute(select(accounts).where(accounts.c.user == user)).one_or_none()
    return Account(row.user, row.password, row.secret) if row else None


# -- Numbering ---------------------------------------------------------------------------


def number_of(at: datetime) -> int:
    """Give the number of a moment: microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def number_items(db: Store, editions: Sequence[str], now: datetime) -> int:
    """Give a number to each article that has none yet in an edition; say how many there were.

    Where an edition has none at all, its articles get the times when they came to us. Items
    older than `KEPT` go, but for starred ones.
    """
    oldest = now - KEPT
    made = 0
    for into in editions:
        with db.read() as connection:
            rows = connection.execute(_unnumbered(into, oldest)).all()
        if rows:
            with db.write() as connection:
                made += _number(connection, into, rows, now)
    _drop_old(db, number_of(oldest))
    return made


def _drop_old(db: Store, oldest: int) -> None:
    is_old = and_(items.c.number < oldest, items.c.is_starred.is_(False))
    with db.read() as connection:
        if connection.scalar(select(items.c.number).where(is_old).limit(1)) is None:
            return
    with db.write() as connection:
        connection.execute(delete(items).where(is_old))


def _unnumbered(into: str, oldest: datetime) -> Select[*tuple[Any, ...]]:
    is_numbered = exists().where(items.c.article == articles.c.id, items.c.into == into)
    # A translation that waits for a model is there, too: the original is shown until then.
    is_tried = exists().where(translations.c.article == articles.c.id, translations.c.into == into)
    return (
        select(articles.c.id, articles.c.first_seen)
        .where(
            articles.c.first_seen >= oldest,
            ~is_numbered,
            or_(articles.c.language == base(into), is_tried),
            is_shown(articles.c.id),
        )
        .order_by(articles.c.first_seen, articles.c.id)
    )


def _number(connection: Connection, into: str, rows: Sequence[AnyRow], now: datetime) -> int:
    """Number articles in their order; another process may have been faster with some."""
    own = select(items.c.article).where(items.c.into == into)
    known = set(connection.scalars(own))
    fresh = [row for row in rows if row.id not in known]
    if known:
        last = connection.scalar(select(func.max(items.c.number))) or 0
        numbers: Iterable[int] = count(max(number_of(now), last + 1))
    else:
        used = set(connection.scalars(select(items.c.number)))
        numbers = _spread((min(row.first_seen, now) for row in fresh), used)
    made = [
        {"number": number, "article": row.id, "into": into, "is_read": False, "is_starred": False}
        for number, row in zip(numbers, fresh, strict=False)
    ]
    if made:
        connection.execute(insert_into(items), made)
    return len(made)


def _spread(times: Iterable[datetime], used: set[int]) -> Iterable[int]:
    for at in times:
        number = number_of(at)
        while number in used:
            number += 1
        used.add(number)
        yield number


# -- Reading -----------------------------------------------------------------------------


def _chosen(stream: Stream) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        items.c.into.in_(stream.editions),
        is_shown(items.c.article),
    ]
    if stream.source is not None:
        wanted.append(articles.c.source == stream.source)
    if stream.is_read is not None:
        wanted.append(items.c.is_read.is_(stream.is_read))
    if stream.is_starred is not None:
        wanted.append(items.c.is_starred.is_(stream.is_starred))
    if stream.since is not None:
        wanted.append(items.c.number >= stream.since)
    if stream.until is not None:
        wanted.append(items.c.number <= stream.until)
    if stream.after is not None:
        number = items.c.number
        wanted.append(number > stream.after if stream.is_oldest_first else number < stream.after)
    return wanted


def _placed() -> Select[*tuple[Any, ...]]:
    return select(items, articles.c.source).join(articles, articles.c.id == items.c.article)


def items_of(db: Store, stream: Stream, limit: int) -> tuple[ReaderItem, ...]:
    """List the items of a stream, newest first unless it says otherwise."""
    order = items.c.number if stream.is_oldest_first else items.c.number.desc()
    query = _placed().where(*_chosen(stream)).order_by(order).limit(limit)
    with db.read() as connection:
        return tuple(map(_read, connection.execute(query)))


def count_items(db: Store, stream: Stream) -> int:
    """Count the items of a stream."""
    query = (
        select(func.count())
        .select_from(items)
        .join(articles, articles.c.id == items.c.article)
        .where(*_chosen(stream))
    )
    with db.read() as connection:
        return connection.scalar(query) or 0


def items_by_number(db: Store, numbers: Collection[int]) -> dict[int, ReaderItem]:
    """Give items by their numbers; those that are gone or withdrawn are not there."""
    found: dict[int, ReaderItem] = {}
    with db.read() as connection:
        for some in _chunks(numbers):
            query = _placed().where(items.c.number.in_(some), is_shown(items.c.article))
            found.update({row.number: _read(row) for row in connection.execute(query)})
    return found


def _read(row: AnyRow) -> ReaderItem:
    return ReaderItem(row.number, row.article, row.into, row.source, row.is_read, row.is_starred)


def unread(db: Store, editions: Sequence[str]) -> tuple[Unread, ...]:
    """Count what is unread, by edition and source."""
    query = (
        select(
            items.c.into,
            articles.c.source,
            func.count().label("amount"),
            func.max(items.c.number).label("newest"),
        )
        .join(articles, articles.c.id == items.c.article)
        .where(*_chosen(Stream(tuple(editions), is_read=False)))
        .group_by(items.c.into, articles.c.source)
        .order_by(items.c.into, articles.c.source)
    )
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(Unread(row.into, row.source, row.amount, row.newest) for row in rows)


# -- Marking -----------------------------------------------------------------------------


def mark(
    db: Store,
    numbers: Collection[int],
    *,
    is_read: bool | None = None,
    is_starred: bool | None = None,
) -> None:
    """Say of items that they were read or starred, or were not; None leaves it as it is."""
    given = {"is_read": is_read, "is_starred": is_starred}
    values = {name: value for name, value in given.items() if value is not None}
    if not values:
        return
    with db.write() as connection:
        for some in _chunks(numbers):
            change = update_rows(items).where(items.c.number.in_(some)).values(**values)
            connection.execute(change)


def mark_all_read(db: Store, stream: Stream) -> None:
    """Say of a whole stream that it was read."""
    wanted: list[ColumnElement[bool]] = [
        items.c.into.in_(stream.editions),
        items.c.is_read.is_(False),
    ]
    if stream.source is not None:
        own = select(articles.c.id).where(articles.c.source == stream.source)
        wanted.append(items.c.article.in_(own))
    if stream.is_starred is not None:
        wanted.append(items.c.is_starred.is_(stream.is_starred))
    if stream.until is not None:
        wanted.append(items.c.number <= stream.until)
    with db.write() as connection:
        connection.execute(update_rows(items).where(*wanted).values(is_read=True))


def _chunks(numbers: Collection[int]) -> Iterable[list[int]]:
    every = list(dict.fromkeys(numbers))
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))
