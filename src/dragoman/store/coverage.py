"""Who reports what: which sources shared the stories of a time, and which published then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from dragoman.store.checkpoints import chunks, is_shown
from dragoman.store.columns import as_utc
from dragoman.store.opening import Store
from dragoman.store.schema import articles, groupings, stories


def shared_coverage(
    db: Store, since: datetime, until: datetime, *, least: int = 2, limit: int = 200
) -> dict[str, frozenset[str]]:
    """Give the sources of the newest stories of a time that at least so many sources told."""
    newest = (
        select(stories.c.id)
        .where(
            stories.c.newest >= as_utc(since),
            stories.c.newest <= as_utc(until),
            stories.c.sources >= least,
        )
        .order_by(stories.c.newest.desc(), stories.c.id)
        .limit(limit)
    )
    found: dict[str, set[str]] = {}
    with db.read() as connection:
        for some in chunks(connection.scalars(newest)):
            query = (
                select(groupings.c.story, articles.c.source)
                .join(articles, articles.c.id == groupings.c.article)
                .where(groupings.c.story.in_(some), is_shown(groupings.c.article))
                .distinct()
            )
            for row in connection.execute(query):
                found.setdefault(row.story, set()).add(row.source)
    return {story: frozenset(sources) for story, sources in found.items()}


def active_sources(
    db: Store, sources: Collection[str], since: datetime, until: datetime
) -> frozenset[str]:
    """Say which of these sources published anything in a time."""
    found: set[str] = set()
    with db.read() as connection:
        for some in chunks(sources):
            query = select(articles.c.source).where(
                articles.c.source.in_(some),
                articles.c.at >= as_utc(since),
                articles.c.at <= as_utc(until),
                is_shown(articles.c.id),
            )
            found.update(connection.scalars(query.distinct()))
    return frozenset(found)
