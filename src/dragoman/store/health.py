"""Look for damage in a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, Connection, Select, Table, and_, exists, func, or_, select

from dragoman.errors import DamagedRow
from dragoman.store.articles import read_article
from dragoman.store.columns import AnyRow
from dragoman.store.dialects import damage
from dragoman.store.items import read_item
from dragoman.store.opening import Store
from dragoman.store.pages import read_page
from dragoman.store.schema import (
    aliases,
    articles,
    groupings,
    items,
    pages,
    revisions,
    stories,
    translations,
    work,
)
from dragoman.store.summaries import summarise
from dragoman.types import Stage, WorkState

_ROWS = 500  # read to see whether they can be: the newest of each kind, a fifth of a second


def check(db: Store) -> list[str]:
    """Say what is wrong with a store, one plain sentence each; empty: nothing is.

    Looks at the file itself, at references between rows, and at what must agree: results
    with their checkpoints, summaries with what they are computed from.
    """
    with db.read() as connection:
        found = damage(connection)
        if found:  # what follows would only stumble over the same
            return found
        for query, words in _counted():
            if number := connection.scalar(query):
                found.append(words.format(number=number))
        found += _check_rows(connection)
    return found


def _counted() -> tuple[tuple[Select[int], str], ...]:
    """Give the counts that must be zero, with the words for what they count."""
    page = exists().where(pages.c.id == work.c.article)
    article = exists().where(articles.c.id == work.c.article)
    translation = exists().where(
        translations.c.article == work.c.article,
        translations.c.into == work.c.into,
        articles.c.id == work.c.article,
        articles.c.revision == translations.c.revision,
    )
    return (
        # Old pages go (`retention`), but not before their article was taken from them.
        (_ticked_off(Stage.FETCH).where(~page, ~article), "{number} fetched pages are missing"),
        (_ticked_off(Stage.EXTRACT).where(~article), "{number} extracted articles are missing"),
        (
            _ticked_off(Stage.TRANSLATE).where(~translation),
            "{number} finished translations are missing or of an older revision",
        ),
        (_lost_revisions(), "{number} articles lack some of their revisions"),
        (_wrong_summaries(), "{number} stories do not agree with their members"),
        (_dead_aliases(), "{number} ids of merged stories lead nowhere"),
    )


def _ticked_off(stage: Stage) -> Select[int]:
    is_done = work.c.state == WorkState.DONE.value
    return select(func.count()).select_from(work).where(work.c.stage == stage.value, is_done)


def _lost_revisions() -> Select[int]:
    """Count articles without their last former revision, or with gaps before it."""
    of_article = revisions.c.article == articles.c.id
    kept = select(func.count()).select_from(revisions).where(of_article).scalar_subquery()
    first = select(func.min(revisions.c.revision)).where(of_article).scalar_subquery()
    right = articles.c.revision - func.coalesce(first, articles.c.revision)
    is_short = and_(articles.c.revision > 1, kept == 0)
    return select(func.count()).select_from(articles).where(or_(kept != right, is_short))


def _wrong_summaries() -> Select[int]:
    right = summarise().subquery("right_summaries")
    columns = list(right.c)
    # The section stands last, and is not among what is summed up.
    same = and_(*(mine == own for mine, own in zip(stories.c, columns, strict=False)))
    joined = stories.join(right, same, isouter=True, full=True)
    either = func.coalesce(stories.c.id, columns[0])
    return (
        select(func.count(either.distinct()))
        .select_from(joined)
        .where(or_(stories.c.id.is_(None), columns[0].is_(None)))
    )


def _dead_aliases() -> Select[int]:
    leads = exists().where(groupings.c.story == aliases.c.story)
    return select(func.count()).select_from(aliases).where(~leads)


def _check_rows(connection: Connection) -> list[str]:
    """Read the newest rows of each kind, as the stages do."""
    kinds: tuple[tuple[Table, Column[datetime], Callable[[AnyRow], object]], ...] = (
        (items, items.c.first_seen, read_item),
        (pages, pages.c.fetched, read_page),
        (articles, articles.c.at, read_article),
    )
    found = []
    for table, at, read in kinds:
        for row in connection.execute(select(table).order_by(at.desc()).limit(_ROWS)):
            try:
                read(row)
            except DamagedRow as error:
                found.append(str(error).partition(";")[0])
    return found
