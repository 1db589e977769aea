"""How well each source does: what it gave, what came of it, in which languages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, func, select, type_coerce

from dragoman.store.opening import Store
from dragoman.store.schema import articles, items, work
from dragoman.types import WorkState


@dataclass(slots=True)
class Yield:
    """What one source gave since a moment."""

    items: int = 0
    articles: int = 0
    lost: int = 0  # failed for good in a stage
    languages: Counter[str] = field(default_factory=Counter)  # of all its articles


def yields(db: Store, since: datetime) -> dict[str, Yield]:
    """Count what each source gave since a moment, by source; silent ones are not there."""
    found: dict[str, Yield] = {}
    with db.read() as connection:
        query = select(items.c.source, func.count()).where(items.c.first_seen >= since)
        for source, number in connection.execute(query.group_by(items.c.source)):
            found.setdefault(source, Yield()).items = number
        query = (
            select(items.c.source, func.count())
            .join_from(items, articles, articles.c.id == items.c.id)
            .where(items.c.first_seen >= since)
        )
        for source, number in connection.execute(query.group_by(items.c.source)):
            found.setdefault(source, Yield()).articles = number
        query = (
            select(items.c.source, func.count(items.c.id.distinct()))
            .join_from(items, work, work.c.article == items.c.id)
            .where(items.c.first_seen >= since, work.c.state == WorkState.FAILED.value)
        )
        for source, number in connection.execute(query.group_by(items.c.source)):
            found.setdefault(source, Yield()).lost = number
        spoken = select(articles.c.source, articles.c.language, func.count())
        for source, language, number in connection.execute(
            spoken.group_by(articles.c.source, articles.c.language)
        ):
            found.setdefault(source, Yield()).languages[language] = number
    return found


def days(db: Store, source: str, since: datetime) -> dict[str, int]:
    """Count what a source gave on each day since a moment: "2026-11-20" → items."""
    day = func.substr(type_coerce(items.c.first_seen, String), 1, 10)
    query = (
        select(day, func.count())
        .where(items.c.source == source, items.c.first_seen >= since)
        .group_by(day)
    )
    with db.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}
