"""Summaries of stories, kept so that a front page need not count its archive.

They are computed from groupings and articles, in the transaction that changes those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from dragoman.sections import choose_section
from dragoman.store.checkpoints import chunks, is_shown
from dragoman.store.schema import articles, groupings, stories

_COLUMNS = ("id", "newest", "oldest", "articles", "languages", "sources")


def summarise() -> Select[*tuple[Any, ...]]:
    """Compute every summary from what it is derived from."""
    return (
        select(
            groupings.c.story,
            func.max(articles.c.at),
            func.min(articles.c.at),
            func.count(),
            func.count(articles.c.language.distinct()),
            func.count(articles.c.source.distinct()),
        )
        .join_from(groupings, articles, groupings.c.article == articles.c.id)
        .where(is_shown(groupings.c.article))
        .group_by(groupings.c.story)
    )


def stories_of(connection: Connection, ids: Collection[str]) -> set[str]:
    """Name the stories that these articles are in."""
    found: set[str] = set()
    for some in chunks(ids):
        query = select(groupings.c.story).where(groupings.c.article.in_(some)).distinct()
        found.update(connection.scalars(query))
    return found


def refresh_stories(connection: Connection, ids: Collection[str]) -> None:
    """Compute the summaries of these stories again; one without shown members goes."""
    for some in chunks(ids):
        connection.execute(delete(stories).where(stories.c.id.in_(some)))
        fresh = summarise().where(groupings.c.story.in_(some))
        connection.execute(insert(stories).from_select(_COLUMNS, fresh))
        _put_sections(connection, some)


def _put_sections(connection: Connection, ids: Collection[str]) -> None:
    """Give each story the section that most of its reports stand in."""
    query = (
        select(groupings.c.story, articles.c.section, func.count())
        .join_from(groupings, articles, groupings.c.article == articles.c.id)
        .where(groupings.c.story.in_(ids), articles.c.section != "")
        .where(is_shown(groupings.c.article))
        .group_by(groupings.c.story, articles.c.section)
    )
    counts: dict[str, Counter[str]] = {}
    for story, section, reports in connection.execute(query):
        counts.setdefault(story, Counter())[section] = reports
    if counts:
        change = update(stories).where(stories.c.id == bindparam("story"))
        rows = [{"story": id, "known": choose_section(one)} for id, one in counts.items()]
        connection.execute(change.values(section=bindparam("known")), rows)
