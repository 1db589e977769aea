"""Lists for programs, page by page: each page begins where the one before ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from dragoman.languages import base
from dragoman.store.articles import read_article
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import AnyRow
from dragoman.store.opening import Store
from dragoman.store.readable import list_readable
from dragoman.store.schema import articles, groupings
from dragoman.store.schema import stories as summaries
from dragoman.store.stories import StorySummary
from dragoman.types import Article


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in a list, newest first: a page begins after one."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows a list is to hold. `language` is taken without its region."""

    source: str | None = None
    language: str | None = None
    since: datetime | None = None  # listed then or later
    until: datetime | None = None  # listed earlier


def article_page(
    db: Store, wanted: Wanted, after: Place | None, limit: int
) -> tuple[tuple[Article, ...], Place | None]:
    """List articles newest first, and give the place where the next page begins, if any."""
    query = select(articles.c.id, articles.c.at, articles.c.record).where(
        is_shown(articles.c.id), *_sort(wanted), *_span(wanted, articles.c.at)
    )
    query = _begin(query, articles.c.at, articles.c.id, after)
    with db.read() as connection:
        found = list_readable(connection, query, _read_placed, limit + 1)
    page = tuple(article for article, _ in found[:limit])
    return page, found[limit - 1][1] if len(found) > limit else None


def _read_placed(row: AnyRow) -> tuple[Article, Place]:
    return read_article(row), Place(row.at, row.id)


def story_page(
    db: Store, wanted: Wanted, after: Place | None, limit: int
) -> tuple[tuple[StorySummary, ...], Place | None]:
    """List stories by their last report, newest first, and where the next page begins."""
    query = select(summaries).where(*_span(wanted, summaries.c.newest))
    if wanted.source is not None or wanted.language is not None:
        query = query.where(
            exists()
            .where(
                groupings.c.story == summaries.c.id,
                groupings.c.article == articles.c.id,
                is_shown(articles.c.id),
                *_sort(wanted),
            )
            .correlate(summaries)
        )
    query = _begin(query, summaries.c.newest, summaries.c.id, after)
    with db.read() as connection:
        rows = connection.execute(query.limit(limit + 1)).all()
    page = tuple(StorySummary(**row._asdict()) for row in rows[:limit])
    return page, Place(page[-1].newest, page[-1].id) if len(rows) > limit else None


def _sort(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.source is not None:
        found.append(articles.c.source == wanted.source)
    if wanted.language is not None:
        found.append(articles.c.language == base(wanted.language))
    return found


def _span(wanted: Wanted, at: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    found = []
    if wanted.since is not None:
        found.append(at >= wanted.since)
    if wanted.until is not None:
        found.append(at < wanted.until)
    return found


def _begin(
    query: Select[*tuple[Any, ...]],
    at: ColumnElement[datetime],
    id: ColumnElement[str],
    after: Place | None,
) -> Select[*tuple[Any, ...]]:
    if after is not None:
        query = query.where(or_(at < after.at, and_(at == after.at, id > after.id)))
    return query.order_by(at.desc(), id)
