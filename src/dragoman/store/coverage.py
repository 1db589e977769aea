"""Who reports what: which sources shared the stories of a time, and which published then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select

from dragoman.store.checkpoints import chunks, is_shown
from dragoman.store.columns import as_utc
from dragoman.store.opening import Store
from dragoman.store.schema import articles, groupings, stories

_NEWEST = (
    select(stories.c.id)
    .where(
        stories.c.newest >= bindparam("since"),
        stories.c.newest <= bindparam("until"),
        stories.c.sources >= bindparam("least"),
    )
    .order_by(stories.c.newest.desc(), stories.c.id)
    .limit(bindparam("most"))
    .subquery()
)
_TOLD = select(groupings.c.story, articles.c.source).join_from(
    groupings, articles, articles.c.id == groupings.c.article
)
_SHARED = _TOLD.join(_NEWEST, _NEWEST.c.id == groupings.c.story).where(
    is_shown(groupings.c.article)
)


def shared_coverage(
    db: Store, since: datetime, until: datetime, *, least: int = 2, limit: int = 200
) -> dict[str, frozenset[str]]:
    """Give the sources of the newest stories of a time that at least so many sources told."""
    asked = {"since": as_utc(since), "until": as_utc(until), "least": least, "most": limit}
    found: dict[str, set[str]] = {}
    with db.read() as connection:
        for row in connection.execute(_SHARED, asked).all():
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


def sources_by_story(db: Store) -> dict[str, set[str]]:
    """Give the sources that told each story."""
    query = _TOLD.where(is_shown(groupings.c.article)).distinct()
    found: dict[str, set[str]] = {}
    with db.read() as connection:
        for row in connection.execute(query).all():
            found.setdefault(row.story, set()).add(row.source)
    return found
