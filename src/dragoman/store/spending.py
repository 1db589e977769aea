"""What engines did and cost, by month, engine and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from dragoman.store.columns import as_utc
from dragoman.store.opening import Store
from dragoman.store.schema import usage as table
from dragoman.types import Usage


@dataclass(frozen=True, slots=True)
class Spent:
    """What one engine did for one source in one month."""

    month: str  # like 2026-11, UTC
    engine: str
    source: str  # empty where the article was gone before its translation was stored
    words: int
    seconds: float
    cost: float


def month_of(at: datetime) -> str:
    """Name the month of a moment, in UTC."""
    return f"{as_utc(at):%Y-%m}"


def add_usage(connection: Connection, month: str, source: str, used: Iterable[Usage]) -> None:
    """Add to the counts of a month, in the transaction that stores what the money bought."""
    for one in used:
        own = (table.c.month == month, table.c.engine == one.engine, table.c.source == source)
        more = (
            update(table)
            .where(*own)
            .values(
                words=table.c.words + one.words,
                seconds=table.c.seconds + one.seconds,
                cost=table.c.cost + one.cost,
            )
        )
        # One writer at a time on every database: nobody inserts in between.
        if not connection.execute(more).rowcount:
            row = {"month": month, "engine": one.engine, "source": source}
            counts = {"words": one.words, "seconds": one.seconds, "cost": one.cost}
            connection.execute(insert(table).values(**row, **counts))


def month_cost(db: Store, month: str) -> float:
    """Give what all engines cost in a month."""
    with db.read() as connection:
        query = select(func.sum(table.c.cost)).where(table.c.month == month)
        return float(connection.scalar(query) or 0.0)


def spending(db: Store) -> tuple[Spent, ...]:
    """List all counts: last month first, then what cost most, then what did most."""
    order = (table.c.month.desc(), table.c.cost.desc(), table.c.words.desc())
    query = select(table).order_by(*order, table.c.engine, table.c.source)
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Spent(row.month, row.engine, row.source, row.words, row.seconds, row.cost) for row in rows
    )
