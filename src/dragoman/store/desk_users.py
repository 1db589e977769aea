"""Who may come to the desk: users, their one-time links, and how often a password was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from dragoman.errors import StoreError
from dragoman.store.columns import AnyRow
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import desk_links as links
from dragoman.store.schema import desk_tries as tries
from dragoman.store.schema import desk_users as table

_FORGOTTEN = timedelta(days=1)  # after which wrong passwords no longer count
_MAX_KEYS = 10_000  # names and addresses that are watched at once


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may come to the desk."""

    name: str
    role: str  # "reader", "editor" or "operator"
    created: datetime
    password: str = ""  # Argon2id; empty: comes in by a link alone

    @property
    def has_password(self) -> bool:
        """Whether the user can come in by a password."""
        return bool(self.password)


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a password was wrong in a row, and until when no other is looked at."""

    failures: int = 0
    last: datetime | None = None
    until: datetime | None = None


def users(db: Store) -> tuple[User, ...]:
    """List everybody who may come, by name."""
    with db.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.name)).all()
    return tuple(map(_read, rows))


def user(db: Store, name: str) -> User | None:
    """Find a user."""
    with db.read() as connection:
        return _find(connection, name)


def _find(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(table).where(table.c.name == name)).one_or_none()
    return _read(row) if row else None


def _read(row: AnyRow) -> User:
    return User(row.name, row.role, row.created, row.password)


def add_user(db: Store, new: User) -> None:
    """Add a user. Raises `StoreError` where there is one of this name."""
    with db.write() as connection:
        if _find(connection, new.name):
            raise StoreError(f"there is a user '{new.name}' already; choose another name")
        row = {"name": new.name, "role": new.role, "created": new.created}
        connection.execute(insert(table).values(**row, password=new.password))


def set_role(db: Store, name: str, role: str, *, highest: str) -> User:
    """Give a user another role; give the user as before.

    Raises `StoreError` for an unknown user, and for the last with the `highest` role: nobody
    could undo it.
    """
    with db.write() as connection:
        before = _require(connection, name)
        if role != highest:
            _keep_one(connection, before, highest)
        connection.execute(update(table).where(table.c.name == name).values(role=role))
    return before


def remove_user(db: Store, name: str, *, highest: str) -> User:
    """Take a user away, with sessions, links and tokens; give who it was.

    Raises `StoreError` for an unknown user, and for the last with the `highest` role.
    """
    with db.write() as connection:
        before = _require(connection, name)
        _keep_one(connection, before, highest)
        connection.execute(delete(table).where(table.c.name == name))
    return before


def _require(connection: Connection, name: str) -> User:
    found = _find(connection, name)
    if found is None:
        known = ", ".join(connection.scalars(select(table.c.name).order_by(table.c.name)))
        raise StoreError(f"there is no user '{name}'; there are: {known or 'none yet'}")
    return found


def _keep_one(connection: Connection, user: User, highest: str) -> None:
    others = select(func.count()).where(table.c.role == highest, table.c.name != user.name)
    if user.role == highest and not connection.scalar(others):
        raise StoreError(
            f"'{user.name}' is the last {highest}, whom the desk needs; make another one first"
        )


def set_password(db: Store, name: str, password: str) -> None:
    """Write the hash of a password. Raises `StoreError` for an unknown user."""
    with db.write() as connection:
        _require(connection, name)
        connection.execute(update(table).where(table.c.name == name).values(password=password))


# -- Links --------------------------------------------------------------------------


def put_link(db: Store, digest: str, user: str, now: datetime, expires: datetime) -> None:
    """Keep the hash of a one-time link; a user's former links end with it.

    Raises `StoreError` for an unknown user.
    """
    with db.write() as connection:
        _require(connection, user)
        is_over = or_(links.c.user == user, links.c.expires <= now)
        connection.execute(delete(links).where(is_over))
        connection.execute(insert(links).values(digest=digest, user=user, expires=expires))


def has_link(db: Store, digest: str, now: datetime) -> bool:
    """Whether a link would still let somebody in."""
    query = select(links.c.digest).where(links.c.digest == digest, links.c.expires > now)
    with db.read() as connection:
        return connection.scalar(query) is not None


def take_link(db: Store, digest: str, now: datetime) -> User | None:
    """Use a link up, and give whose it was; None where it was used or is over."""
    with db.write() as connection:
        row = connection.execute(select(links).where(links.c.digest == digest)).one_or_none()
        connection.execute(delete(links).where(links.c.digest == digest))
        return _find(connection, row.user) if row and row.expires > now else None


# -- Wrong passwords ------------------------------------------------------------------


def tries_of(db: Store, key: str) -> Tries:
    """Give what is known of the wrong passwords of a user or an address."""
    with db.read() as connection:
        return _tries(connection, key)


def _tries(connection: Connection, key: str) -> Tries:
    row = connection.execute(select(tries).where(tries.c.key == key)).one_or_none()
    return Tries(row.failures, row.last, row.until) if row else Tries()


def count_failure(
    db: Store, key: str, now: datetime, *, free: int, first: timedelta, longest: timedelta
) -> Tries:
    """Count a wrong password; after `free` of them each locks twice as long as the one before.

    Never longer than `longest`. A day without one, and the count starts anew.
    """
    with db.write() as connection:
        before = _tries(connection, key)
        is_old = before.last is None or now - before.last > _FORGOTTEN
        failures = 1 if is_old else before.failures + 1
        wait = first * 2 ** min(failures - free, 20) if failures >= free else None
        found = Tries(failures, now, now + min(wait, longest) if wait else None)
        row = {"key": key, "failures": failures, "last": now, "until": found.until}
        upsert(connection, tries, [row])
        _prune(connection, now)
    return found


def _prune(connection: Connection, now: datetime) -> None:
    """Forget what is old, and the oldest where somebody tries names without end."""
    connection.execute(delete(tries).where(tries.c.last < now - _FORGOTTEN))
    kept = select(tries.c.last).order_by(tries.c.last.desc()).offset(_MAX_KEYS).limit(1)
    limit = connection.scalar(kept)
    if limit is not None:
        connection.execute(delete(tries).where(tries.c.last <= limit))


def forgive(db: Store, *keys: str) -> None:
    """Forget wrong passwords: the right one was given, or a link was used."""
    with db.write() as connection:
        connection.execute(delete(tries).where(tries.c.key.in_(keys)))
