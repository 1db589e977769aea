"""What was done at the desk: who, when, what, from where, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from dragoman.store.columns import AnyRow
from dragoman.store.opening import Store
from dragoman.store.schema import desk_audit as table

BEGUN = "begun"  # an action that never ended: the program was killed in it
_MAX_WORDS = 500


@dataclass(frozen=True, slots=True)
class Deed:
    """One action at the desk."""

    at: datetime
    user: str  # empty: nobody who is known
    role: str
    address: str
    action: str  # like "source.pause"
    target: str = ""
    before: str = ""
    after: str = ""
    outcome: str = BEGUN
    id: int = 0


def note(db: Store, deed: Deed) -> int:
    """Write a deed before it is done, so that none is without its line; give its number."""
    with db.write() as connection:
        row = _row(deed) | {"at": deed.at, "user": deed.user, "role": deed.role}
        done = connection.execute(insert(table).values(**row, address=deed.address[:100]))
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0


def end(db: Store, number: int, deed: Deed) -> None:
    """Write what became of a deed."""
    with db.write() as connection:
        connection.execute(update(table).where(table.c.id == number).values(**_row(deed)))


def _row(deed: Deed) -> dict[str, str]:
    return {
        "action": deed.action,
        "target": _shorten(deed.target),
        "before": _shorten(deed.before),
        "after": _shorten(deed.after),
        "outcome": _shorten(deed.outcome),
    }


def _shorten(words: str) -> str:
    return words if len(words) <= _MAX_WORDS else f"{words[: _MAX_WORDS - 1]}…"


def deeds(
    db: Store, limit: int, *, before: int = 0, user: str = "", action: str = ""
) -> tuple[Deed, ...]:
    """List deeds, last first; of one user, of actions that begin so, from a number down."""
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if before:
        query = query.where(table.c.id < before)
    if user:
        query = query.where(table.c.user == user)
    if action:
        query = query.where(table.c.action.startswith(action, autoescape=True))
    with db.read() as connection:
        return tuple(map(_read, connection.execute(query)))


def _read(row: AnyRow) -> Deed:
    who = (row.at, row.user, row.role, row.address, row.action)
    return Deed(*who, row.target, row.before, row.after, row.outcome, row.id)
