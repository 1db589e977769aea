"""Withdrawals: what a publisher took back, and what we were told to take down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Table, delete, or_, select

from dragoman.store.checkpoints import FETCH_VERSION, clear_work, set_work
from dragoman.store.columns import AnyRow, decode, key_of
from dragoman.store.dialects import upsert
from dragoman.store.indexing import ask_index, drop_index
from dragoman.store.live_events import note_articles
from dragoman.store.memory import forget_text
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable
from dragoman.store.schema import (
    articles,
    corrections,
    former_translations,
    items,
    pages,
    reports,
    revisions,
    withdrawals,
)
from dragoman.store.summaries import refresh_stories, stories_of
from dragoman.types import Article, FeedItem, Page, Stage, WorkState


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The tombstone of an article: why and when it went, and whether it may come back."""

    article: str
    url: str
    reason: str
    at: datetime
    is_blocked: bool = False


def withdraw(
    db: Store,
    id: str,
    reason: str,
    now: datetime,
    *,
    block: bool = False,
    next_look: datetime | None = None,
) -> None:
    """Hide an article and its translations everywhere; a tombstone stays.

    With `block` (a takedown) its address is never taken in again, and its former translations
    and its sentences in the translation memory go; without, it comes back when the publisher
    serves its page again, which is looked for at `next_look`. Done twice, the first time and
    reason stay, unless the second one is the first to block.
    """
    with db.write() as connection:
        before = _find(connection, id)
        if before and (before.is_blocked or not block):
            found = before  # its checkpoint may have gone back meanwhile
        else:
            found = Withdrawal(id, address_of(connection, id), reason, now, block)
        entomb(connection, found, None if found.is_blocked else next_look)
        if block:
            _forget(connection, id)


def _forget(connection: Connection, id: str) -> None:
    """Delete what was kept of an article besides itself, its earlier revisions included."""
    for table in (former_translations, reports, corrections):
        connection.execute(delete(table).where(table.c.article == id))
    queries = (
        select(articles.c.record).where(articles.c.id == id),
        select(revisions.c.record).where(revisions.c.article == id),
    )
    rows = [row for query in queries for row in connection.execute(query)]
    for article in keep_readable(rows, partial(_read_record, kind=Article, id=id)):
        if isinstance(article, Article):
            texts = [article.title, *(p.text for block in article.blocks for p in block.parts)]
            forget_text(connection, article.language, "\n".join(texts))


def entomb(
    connection: Connection, withdrawal: Withdrawal, next_look: datetime | None = None
) -> None:
    """Write a tombstone in a transaction, with its checkpoint and the story's summary."""
    upsert(
        connection,
        withdrawals,
        [
            {
                "article": withdrawal.article,
                "url": withdrawal.url,
                "url_key": key_of(withdrawal.url) if withdrawal.url else "",
                "reason": withdrawal.reason,
                "at": withdrawal.at,
                "is_blocked": withdrawal.is_blocked,
            }
        ],
    )
    set_work(
        connection,
        [withdrawal.article],
        Stage.FETCH,
        FETCH_VERSION,
        WorkState.WITHDRAWN,
        withdrawal.at,
        next_try=next_look,
    )
    refresh_stories(connection, stories_of(connection, [withdrawal.article]))
    note_articles(connection, [withdrawal.article])
    drop_index(connection, withdrawal.article)


def address_of(connection: Connection, id: str) -> str:
    """Give the address of an article, of whatever is kept of it; empty: nothing is."""
    homes: tuple[tuple[Table, type[Article | FeedItem | Page]], ...] = (
        (articles, Article),
        (items, FeedItem),
        (pages, Page),
    )
    for table, kind in homes:
        rows = connection.execute(select(table.c.record).where(table.c.id == id))
        for found in keep_readable(rows, partial(_read_record, kind=kind, id=id)):
            return found.url
    return ""


def _read_record(
    row: AnyRow, *, kind: type[Article | FeedItem | Page], id: str
) -> Article | FeedItem | Page:
    return decode(row.record, kind, f"{kind.__name__.lower()} of {id}")


def keep_out(connection: Connection, id: str, url: str) -> bool:
    """Whether a takedown keeps an article out, by id or by address.

    One that comes under another id, from another source, gets a tombstone of its own.
    """
    query = select(withdrawals).where(
        withdrawals.c.is_blocked.is_(True),
        or_(withdrawals.c.article == id, withdrawals.c.url_key == key_of(url)),
    )
    rows = connection.execute(query).all()
    if not rows:
        return False
    own = [row for row in rows if row.article == id]
    entomb(connection, replace(_read((own or rows)[0]), article=id))
    return True


def lift_withdrawal(connection: Connection, id: str) -> None:
    """Take a tombstone away, if there is one; the stories show the article again."""
    gone = connection.execute(delete(withdrawals).where(withdrawals.c.article == id))
    if gone.rowcount:
        refresh_stories(connection, stories_of(connection, [id]))
        note_articles(connection, [id])
        ask_index(connection, id)


def restore(db: Store, id: str) -> bool:
    """Undo a withdrawal or takedown and fetch the page again; false where there is none."""
    with db.write() as connection:
        if _find(connection, id) is None:
            return False
        lift_withdrawal(connection, id)
        clear_work(connection, [id], Stage.FETCH)
    return True


def is_withdrawn(db: Store, id: str) -> bool:
    """Whether an article was withdrawn or taken down."""
    return withdrawal(db, id) is not None


def withdrawal(db: Store, id: str) -> Withdrawal | None:
    """Find the tombstone of an article."""
    with db.read() as connection:
        return _find(connection, id)


def _find(connection: Connection, id: str) -> Withdrawal | None:
    query = select(withdrawals).where(withdrawals.c.article == id)
    row = connection.execute(query).one_or_none()
    return _read(row) if row else None


def _read(row: AnyRow) -> Withdrawal:
    return Withdrawal(row.article, row.url, row.reason, row.at, row.is_blocked)
