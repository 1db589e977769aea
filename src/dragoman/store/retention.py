"""What is kept for a time alone, and how it is forgotten: some rows in one short transaction.

Nothing goes that something which stays is computed from or checked against: a page stays until
its article was taken from it, and the last former revision of an article stays with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    select,
    tuple_,
)

from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import as_utc
from dragoman.store.live_events import note_changes
from dragoman.store.opening import Store
from dragoman.store.reports import OPEN
from dragoman.store.schema import (
    aliases,
    articles,
    deliveries,
    desk_audit,
    desk_links,
    desk_sessions,
    desk_tokens,
    desk_tries,
    former_translations,
    groupings,
    items,
    pages,
    reader_items,
    reports,
    revisions,
    work,
)
from dragoman.store.summaries import refresh_stories, stories_of
from dragoman.store.withdrawals import Withdrawal, address_of, entomb
from dragoman.types import Stage, WorkState

EXPIRED = "kept no longer than the operator of this relay keeps articles"
Drop = Callable[[Connection, Sequence[Any], datetime], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one table that go some time after a moment of theirs."""

    table: Table
    keys: tuple[Column[Any], ...]
    at: Column[datetime]
    wanted: tuple[ColumnElement[bool], ...] = ()
    drop: Drop | None = None  # none: the rows alone


def _state(key: ColumnElement[str], stage: Stage, state: WorkState) -> ColumnElement[bool]:
    return exists().where(
        work.c.article == key, work.c.stage == stage.value, work.c.state == state.value
    )


def _drop_failed(connection: Connection, keys: Sequence[Any], now: datetime) -> None:
    """Forget entries whose page could not be had or read."""
    ids = sorted({row[0] for row in keys})
    for table, key in ((work, work.c.article), (pages, pages.c.id), (items, items.c.id)):
        connection.execute(delete(table).where(key.in_(ids)))


def _drop_articles(connection: Connection, keys: Sequence[Any], now: datetime) -> None:
    """Forget articles with all that was made of them; a tombstone says that they were there."""
    ids = [row[0] for row in keys]
    touched = stories_of(connection, ids)
    found = select(groupings.c.event).where(groupings.c.article.in_(ids)).distinct()
    events = list(connection.scalars(found))
    for id in ids:
        entomb(connection, Withdrawal(id, address_of(connection, id), EXPIRED, now))
    connection.execute(
        delete(work).where(work.c.article.in_(ids), work.c.stage != Stage.FETCH.value)
    )
    connection.execute(delete(pages).where(pages.c.id.in_(ids)))
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))
    refresh_stories(connection, touched)
    note_changes(connection, events)
    leads = exists().where(groupings.c.story == aliases.c.story)
    connection.execute(delete(aliases).where(aliases.c.story.in_(touched), ~leads))


_is_lost = work.c.state == WorkState.FAILED.value
_is_starred = exists().where(reader_items.c.article == articles.c.id, reader_items.c.is_starred)

# By the names of the settings under [keep].
RULES: dict[str, tuple[Rule, ...]] = {
    "pages": (
        Rule(
            pages,
            (pages.c.id,),
            pages.c.fetched,
            (
                _state(pages.c.id, Stage.EXTRACT, WorkState.DONE),
                exists().where(articles.c.id == pages.c.id),
            ),
        ),
    ),
    "revisions": (
        Rule(
            revisions,
            (revisions.c.article, revisions.c.revision),
            revisions.c.replaced,
            (
                exists().where(
                    articles.c.id == revisions.c.article,
                    articles.c.revision - 1 > revisions.c.revision,
                ),
            ),
        ),
        Rule(
            former_translations,
            (
                former_translations.c.article,
                former_translations.c.into,
                former_translations.c.made,
            ),
            former_translations.c.made,
        ),
    ),
    "failures": (
        Rule(
            work,
            (work.c.article, work.c.stage, work.c.into),
            work.c.updated,
            (
                _is_lost,
                work.c.stage.in_([Stage.FETCH.value, Stage.EXTRACT.value]),
                ~exists().where(articles.c.id == work.c.article),
            ),
            _drop_failed,
        ),
    ),
    "reports": (Rule(reports, (reports.c.id,), reports.c.closed, (reports.c.state != OPEN,)),),
    "audit": (Rule(desk_audit, (desk_audit.c.id,), desk_audit.c.at),),
    "sessions": (
        Rule(desk_sessions, (desk_sessions.c.digest,), desk_sessions.c.seen),
        Rule(desk_links, (desk_links.c.digest,), desk_links.c.expires),
        Rule(desk_tokens, (desk_tokens.c.digest,), desk_tokens.c.expires),
        Rule(desk_tries, (desk_tries.c.key,), desk_tries.c.last),
    ),
    "webhooks": (
        Rule(deliveries, (deliveries.c.id,), deliveries.c.made, (deliveries.c.next_try.is_(None),)),
    ),
    "articles": (
        Rule(
            articles,
            (articles.c.id,),
            articles.c.at,
            (is_shown(articles.c.id), ~_is_starred),
            _drop_articles,
        ),
    ),
}


def forget(db: Store, rule: Rule, before: datetime, limit: int, now: datetime) -> int:
    """Forget at most so many rows that are older than a moment, and count them.

    Where there are none, nobody who writes is held up.
    """
    before = as_utc(before)
    is_old = [rule.at < before, *rule.wanted]
    if rule.table is articles:
        is_old.append(articles.c.first_seen < before)
    query = select(*rule.keys).where(*is_old).order_by(rule.at).limit(limit)
    with db.read() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return 0
    with db.write() as connection:
        keys = connection.execute(query).all()
        if rule.drop:
            rule.drop(connection, keys, now)
        else:
            chosen = [tuple(row) for row in keys]
            connection.execute(delete(rule.table).where(tuple_(*rule.keys).in_(chosen)))
        return len(keys)


def oldest(db: Store) -> dict[str, datetime]:
    """Give when the oldest thing that each rule is about is from; not there: nothing is."""
    found: dict[str, datetime] = {}
    with db.read() as connection:
        for name, rules in RULES.items():
            moments = [
                connection.scalar(select(func.min(rule.at)).where(*_lasting(rule)))
                for rule in rules
            ]
            if known := [moment for moment in moments if moment]:
                found[name] = min(known)
    return found


def _lasting(rule: Rule) -> tuple[ColumnElement[bool], ...]:
    return (_is_lost,) if rule.table is work else ()
