"""What was taken down or withdrawn, and which article an address means."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from dragoman.store.columns import key_of
from dragoman.store.opening import Store
from dragoman.store.schema import articles, items
from dragoman.store.schema import withdrawals as table
from dragoman.store.withdrawals import Withdrawal


def withdrawn(
    db: Store, limit: int, *, before: datetime | None = None, blocked_only: bool = False
) -> tuple[Withdrawal, ...]:
    """List withdrawals, last first; takedowns alone where asked."""
    query = select(table).order_by(table.c.at.desc(), table.c.article).limit(limit)
    if before is not None:
        query = query.where(table.c.at < before)
    if blocked_only:
        query = query.where(table.c.is_blocked.is_(True))
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Withdrawal(row.article, row.url, row.reason, row.at, row.is_blocked) for row in rows
    )


def find_articles(db: Store, url: str) -> tuple[str, ...]:
    """Give the articles that have an address, of whatever source."""
    with db.read() as connection:
        query = select(articles.c.id).where(articles.c.url_key == key_of(url))
        return tuple(connection.scalars(query))


def is_known(db: Store, id: str) -> bool:
    """Whether there is an article of this id, or an entry that led to one."""
    with db.read() as connection:
        return any(
            connection.scalar(select(one.c.id).where(one.c.id == id)) is not None
            for one in (articles, items)
        )
