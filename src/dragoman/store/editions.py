"""What the front pages of an edition list: stories by section, and by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from dragoman.store.checkpoints import is_shown
from dragoman.store.opening import Store
from dragoman.store.schema import articles, groupings
from dragoman.store.schema import stories as table


def count_by_section(db: Store) -> dict[str, int]:
    """Count the stories of each section; those of none stand under the empty name."""
    query = select(table.c.section, func.count()).group_by(table.c.section)
    with db.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query).all()}


def count_articles(db: Store) -> int:
    """Count the articles that are shown."""
    with db.read() as connection:
        query = select(func.count()).select_from(articles).where(is_shown(articles.c.id))
        return connection.scalar(query) or 0


def ids_of_section(db: Store, section: str, *, limit: int, offset: int = 0) -> tuple[str, ...]:
    """List the stories of a section by their last report, newest first."""
    query = (
        select(table.c.id)
        .where(table.c.section == section)
        .order_by(table.c.newest.desc(), table.c.id)
        .limit(limit)
        .offset(offset)
    )
    with db.read() as connection:
        return tuple(connection.scalars(query))


def count_of_day(db: Store, day: date) -> int:
    """Count the stories that were reported on a day, in UTC."""
    query = (
        select(func.count(groupings.c.story.distinct()))
        .join_from(groupings, articles, groupings.c.article == articles.c.id)
        .where(*_on(day), is_shown(articles.c.id))
    )
    with db.read() as connection:
        return connection.scalar(query) or 0


def ids_of_day(db: Store, day: date, *, limit: int, offset: int = 0) -> tuple[str, ...]:
    """List the stories that were reported on a day, those with most reports of it first."""
    newest = func.max(articles.c.at)
    query = (
        select(groupings.c.story)
        .join_from(groupings, articles, groupings.c.article == articles.c.id)
        .where(*_on(day), is_shown(articles.c.id))
        .group_by(groupings.c.story)
        .order_by(func.count().desc(), newest.desc(), groupings.c.story)
        .limit(limit)
        .offset(offset)
    )
    with db.read() as connection:
        return tuple(connection.scalars(query))


def days_around(db: Store, day: date) -> tuple[date | None, date | None]:
    """Give the last day before this one with a report, and the first after it."""
    start, end = _bounds(day)
    shown = is_shown(articles.c.id)
    grouped = articles.c.id.in_(select(groupings.c.article))
    before = select(articles.c.at).where(articles.c.at < start, shown, grouped)
    after = select(articles.c.at).where(articles.c.at >= end, shown, grouped)
    with db.read() as connection:
        earlier = connection.scalar(before.order_by(articles.c.at.desc()).limit(1))
        later = connection.scalar(after.order_by(articles.c.at).limit(1))
    return earlier.date() if earlier else None, later.date() if later else None


def days(db: Store) -> tuple[date, ...]:
    """List every day with a report, newest first."""
    # Times are written as ISO 8601 in UTC, so a day is the first ten characters.
    day = func.substr(articles.c.at.expression, 1, 10)
    query = (
        select(day)
        .join_from(groupings, articles, groupings.c.article == articles.c.id)
        .where(is_shown(articles.c.id))
        .distinct()
    )
    with db.read() as connection:
        return tuple(sorted(map(date.fromisoformat, connection.scalars(query)), reverse=True))


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1)


def _on(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    start, end = _bounds(day)
    return articles.c.at >= start, articles.c.at < end
