"""Translations that a person should look at: reported, held back, or of low confidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.opening import Store
from dragoman.store.reports import OPEN
from dragoman.store.schema import articles
from dragoman.store.schema import reports as report_table
from dragoman.store.schema import translations as table
from dragoman.types import Verdict


class DoubtKind(StrEnum):
    """Why a translation is to be looked at."""

    REPORTED = "reported"  # by a reader
    HELD = "held"  # by the gate: readers see the original
    MARKED = "marked"  # the gate doubts a sentence of it
    GIST = "gist"  # made by rules


@dataclass(frozen=True, slots=True)
class Doubt:
    """A translation to look at."""

    article: str
    into: str
    language: str
    source: str
    verdict: Verdict
    is_gist: bool
    reports: int  # open ones
    at: datetime  # of the last report, else as the article is listed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them; what is empty does not narrow them down."""

    language: str = ""
    into: str = ""
    source: str = ""
    kind: DoubtKind | None = None  # None: all but gists, which may be most of an edition


_EVERY = Wanted()


def doubts(
    db: Store, wanted: Wanted = _EVERY, *, limit: int = 50, offset: int = 0
) -> tuple[Doubt, ...]:
    """List translations to look at: what readers reported, then what is held, newest first."""
    query, reported = _query(wanted)
    rank = case(
        (reported.c.number.is_not(None), 0), (table.c.verdict == Verdict.HOLD.value, 1), else_=2
    )
    newest = func.coalesce(reported.c.newest, articles.c.at)
    query = query.order_by(rank, newest.desc(), table.c.article, table.c.into)
    with db.read() as connection:
        rows = connection.execute(query.limit(limit).offset(offset)).all()
    return tuple(
        Doubt(
            article=row.article,
            into=row.into,
            language=row.language,
            source=row.source,
            verdict=Verdict(row.verdict or Verdict.PUBLISH),
            is_gist=bool(row.gist),
            reports=row.number or 0,
            at=row.newest or row.at,
        )
        for row in rows
    )


def count_doubts(db: Store, wanted: Wanted = _EVERY) -> int:
    """Count the translations to look at."""
    query, _ = _query(wanted)
    with db.read() as connection:
        return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def pairs(db: Store) -> tuple[tuple[str, str], ...]:
    """Name the language pairs that there are translations of."""
    columns = table.c.language, table.c.into
    query = select(*columns).where(table.c.status.in_(("done", "held"))).distinct()
    with db.read() as connection:
        rows = connection.execute(query.order_by(*columns))
        return tuple((row.language, row.into) for row in rows)


def _query(wanted: Wanted) -> tuple[Select[*tuple[Any, ...]], Any]:
    reported = (
        select(
            report_table.c.article,
            report_table.c.into,
            func.count().label("number"),
            func.max(report_table.c.at).label("newest"),
        )
        .where(report_table.c.state == OPEN)
        .group_by(report_table.c.article, report_table.c.into)
        .subquery()
    )
    own = and_(reported.c.article == table.c.article, reported.c.into == table.c.into)
    columns = (table.c.article, table.c.into, table.c.language, table.c.verdict, table.c.gist)
    query = (
        select(*columns, articles.c.source, articles.c.at, reported.c.number, reported.c.newest)
        .join_from(table, articles, articles.c.id == table.c.article)
        .outerjoin(reported, own)
        .where(is_shown(table.c.article), _is_of(wanted.kind, reported.c.number))
    )
    if wanted.language:
        query = query.where(table.c.language == base(wanted.language))
    if wanted.into:
        query = query.where(table.c.into == wanted.into)
    if wanted.source:
        query = query.where(articles.c.source == wanted.source)
    return query, reported


def _is_of(kind: DoubtKind | None, number: ColumnElement[int]) -> ColumnElement[bool]:
    kinds: dict[DoubtKind, ColumnElement[bool]] = {
        DoubtKind.REPORTED: number.is_not(None),
        DoubtKind.HELD: table.c.verdict == Verdict.HOLD.value,
        DoubtKind.MARKED: table.c.verdict == Verdict.MARK.value,
    }
    if kind is DoubtKind.GIST:
        return table.c.gist != ""
    return kinds[kind] if kind else or_(*kinds.values())
