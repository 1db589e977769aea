"""Who is at the desk: sessions of people, and tokens of programs. Both are kept as hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from dragoman.store.columns import AnyRow
from dragoman.store.desk_users import User
from dragoman.store.opening import Store
from dragoman.store.schema import desk_sessions as table
from dragoman.store.schema import desk_tokens as tokens
from dragoman.store.schema import desk_users as users

_SEEN_EVERY = timedelta(minutes=1)  # a read page costs a write at most this often


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at the desk, from one browser."""

    digest: str
    user: str
    began: datetime
    proved: datetime  # when the password or a link was given last
    seen: datetime
    address: str = ""
    browser: str = ""
    notice: str = ""  # what the next page says once


@dataclass(frozen=True, slots=True)
class Token:
    """What lets a program in, and how far."""

    digest: str
    user: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None = None
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a session lasts: unused, and at all."""

    idle: timedelta
    whole: timedelta


def begin_session(db: Store, new: Session) -> None:
    """Keep a new session."""
    with db.write() as connection:
        row = {name: getattr(new, name) for name in table.c.keys()}  # noqa: SIM118 - no mapping
        connection.execute(insert(table).values(**row))


def find_session(
    db: Store, digest: str, now: datetime, terms: Terms
) -> tuple[Session, User] | None:
    """Find a session that is not over, with its user; note that it was seen."""
    query = (
        select(table, users.c.role, users.c.password, users.c.created)
        .join_from(table, users, users.c.name == table.c.user)
        .where(table.c.digest == digest)
    )
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or _is_over(_read(row), now, terms):
        return None
    if now - row.seen > _SEEN_EVERY:
        with db.write() as connection:
            connection.execute(update(table).where(table.c.digest == digest).values(seen=now))
    return _read(row), User(row.user, row.role, row.created, row.password)


def _is_over(session: Session, now: datetime, terms: Terms) -> bool:
    is_old = now - session.seen > terms.idle or now - session.began > terms.whole
    return is_old or session.seen > now + terms.idle  # by a clock that was set back since


def _read(row: AnyRow) -> Session:
    times = (row.began, row.proved, row.seen)
    return Session(row.digest, row.user, *times, row.address, row.browser, row.notice)


def prove_session(db: Store, digest: str, now: datetime) -> None:
    """Note that the password was given once more."""
    with db.write() as connection:
        connection.execute(update(table).where(table.c.digest == digest).values(proved=now))


def sessions(db: Store, now: datetime, terms: Terms) -> tuple[Session, ...]:
    """List the sessions that are not over, last seen first."""
    with db.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.seen.desc())).all()
    return tuple(one for one in map(_read, rows) if not _is_over(one, now, terms))


def end_session(db: Store, digest: str) -> bool:
    """End a session; false where there is none."""
    with db.write() as connection:
        return bool(connection.execute(delete(table).where(table.c.digest == digest)).rowcount)


def end_sessions(db: Store, user: str, *, besides: str = "") -> int:
    """End a user's sessions, besides one, and count them."""
    with db.write() as connection:
        own = and_(table.c.user == user, table.c.digest != besides)
        return connection.execute(delete(table).where(own)).rowcount


def clear_sessions(db: Store, now: datetime, terms: Terms) -> None:
    """Delete the sessions that are over."""
    is_over = or_(table.c.seen < now - terms.idle, table.c.began < now - terms.whole)
    with db.write() as connection:
        connection.execute(delete(table).where(is_over))


def put_notice(db: Store, digest: str, notice: str) -> None:
    """Keep what the next page of a session says once; empty: it was said."""
    with db.write() as connection:
        connection.execute(update(table).where(table.c.digest == digest).values(notice=notice))


# -- Tokens -----------------------------------------------------------------------------


def put_token(db: Store, new: Token) -> None:
    """Keep a new token."""
    with db.write() as connection:
        connection.execute(
            insert(tokens).values(
                digest=new.digest,
                user=new.user,
                name=new.name,
                scopes=" ".join(new.scopes),
                created=new.created,
                expires=new.expires,
                seen=new.seen,
            )
        )


def list_tokens(db: Store) -> tuple[Token, ...]:
    """List all tokens, newest first."""
    with db.read() as connection:
        rows = connection.execute(select(tokens).order_by(tokens.c.created.desc())).all()
    return tuple(map(_read_token, rows))


def find_token(db: Store, digest: str, now: datetime) -> tuple[Token, User] | None:
    """Find a token that is not over, with its user; note that it was seen."""
    query = (
        select(tokens, users.c.role, users.c.created.label("joined"))
        .join_from(tokens, users, users.c.name == tokens.c.user)
        .where(tokens.c.digest == digest)
    )
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or (row.expires and row.expires <= now):
        return None
    if row.seen is None or now - row.seen > _SEEN_EVERY:
        with db.write() as connection:
            _note_token(connection, digest, now)
    return _read_token(row), User(row.user, row.role, row.joined)


def _note_token(connection: Connection, digest: str, now: datetime) -> None:
    connection.execute(update(tokens).where(tokens.c.digest == digest).values(seen=now))


def _read_token(row: AnyRow) -> Token:
    scopes = tuple(row.scopes.split())
    return Token(row.digest, row.user, row.name, scopes, row.created, row.expires, row.seen)


def remove_token(db: Store, digest: str) -> Token | None:
    """Take a token away, and give which it was; None where there is none."""
    with db.write() as connection:
        row = connection.execute(select(tokens).where(tokens.c.digest == digest)).one_or_none()
        connection.execute(delete(tokens).where(tokens.c.digest == digest))
    return _read_token(row) if row else None
