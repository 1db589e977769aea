"""The translation memory: segments, their translations, and where those came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, delete, func, select

from dragoman.languages import base
from dragoman.store.checkpoints import chunks
from dragoman.store.columns import AnyRow, clean_words
from dragoman.store.dialects import stands_in, upsert
from dragoman.store.opening import Store
from dragoman.store.schema import memory as table
from dragoman.types import MemoryUnit

IMPORTED = "tmx:"  # what the origin of an imported unit begins with
REVIEWED = "reviewed by "  # and that of a unit that a person corrected or confirmed
_BATCH = 1000  # units in one transaction, or in memory at once


def remembered(db: Store, keys: Iterable[str]) -> dict[str, str]:
    """Look segments up in the translation memory; unknown keys are left out."""
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(keys):
            query = select(table.c.key, table.c.target).where(table.c.key.in_(some))
            found.update({row.key: row.target for row in connection.execute(query)})
    return found


def reviewers(db: Store, keys: Iterable[str]) -> dict[str, str]:
    """Name who settled segments, by their keys; those that machines made are left out."""
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(keys):
            query = select(table.c.key, table.c.origin).where(
                table.c.key.in_(some), table.c.origin.startswith(REVIEWED)
            )
            rows = connection.execute(query)
            found.update({row.key: row.origin.removeprefix(REVIEWED) for row in rows})
    return found


def put_units(db: Store, units: Iterable[MemoryUnit]) -> int:
    """Write units as they come, a thousand in a transaction, and count them."""
    rest, count = iter(units), 0
    while batch := list(islice(rest, _BATCH)):
        with db.write() as connection:
            write_units(connection, batch, datetime.now(UTC))
        count += len(batch)
    return count


def write_units(connection: Connection, units: Iterable[MemoryUnit], now: datetime) -> None:
    """Write units in a transaction; those of the same key are replaced.

    What a person settled here gives way to what a person settles alone.
    """
    rows = {
        unit.key: {
            "key": unit.key,
            "target": unit.target,
            "updated": unit.updated or now,
            "source": unit.source,
            "language": unit.language[:35],
            "into": unit.into[:35],
            "origin": clean_words(unit.origin)[:200],
        }
        for unit in units
    }
    others = [key for key, row in rows.items() if not str(row["origin"]).startswith(REVIEWED)]
    for some in chunks(others):
        settled = select(table.c.key).where(
            table.c.key.in_(some), table.c.origin.startswith(REVIEWED)
        )
        for key in connection.scalars(settled):
            del rows[key]
    upsert(connection, table, rows.values())


def each_unit(db: Store, language: str = "", into: str = "") -> Iterator[MemoryUnit]:
    """Give the units one after the other, all or those of a pair, without holding them all.

    Languages are taken without region. Units from before sources were kept are left out.
    """
    last = ""
    while True:
        query = select(table).where(*_wanted(language, into), table.c.key > last)
        with db.read() as connection:
            rows = connection.execute(query.order_by(table.c.key).limit(_BATCH)).all()
        if not rows:
            return
        yield from map(_read, rows)
        last = rows[-1].key


def count_units(db: Store, language: str = "", into: str = "") -> int:
    """Count the units that `each_unit` would give."""
    query = select(func.count()).select_from(table).where(*_wanted(language, into))
    with db.read() as connection:
        return connection.scalar(query) or 0


def forget_text(connection: Connection, language: str, text: str) -> None:
    """Delete the units of an article's sentences, in the transaction of its takedown.

    Another article that prints one of them has it translated again at need. What people
    wrote and imported is theirs, and stays.
    """
    connection.execute(
        delete(table).where(
            _is_of(table.c.language, language),
            table.c.source != "",
            ~table.c.origin.startswith(IMPORTED),
            stands_in(connection, table.c.source, text),
        )
    )


def _wanted(language: str, into: str) -> list[ColumnElement[bool]]:
    wanted = [table.c.source != ""]
    if language:
        wanted.append(_is_of(table.c.language, language))
    if into:
        wanted.append(_is_of(table.c.into, into))
    return wanted


def _is_of(column: ColumnElement[str], language: str) -> ColumnElement[bool]:
    return (column == base(language)) | column.startswith(f"{base(language)}-")


def _read(row: AnyRow) -> MemoryUnit:
    return MemoryUnit(
        row.key, row.source, row.target, row.language, row.into, row.origin, row.updated
    )
