"""Translations, and those that they replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, select, tuple_

from dragoman.languages import base
from dragoman.store.brief import read_translation_head
from dragoman.store.checkpoints import chunks, is_shown, set_work
from dragoman.store.columns import AnyRow, decode, encode
from dragoman.store.dialects import upsert
from dragoman.store.indexing import ask_index
from dragoman.store.memory import write_units
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable
from dragoman.store.schema import articles, work
from dragoman.store.schema import former_translations as former
from dragoman.store.schema import translations as table
from dragoman.store.spending import add_usage, month_of
from dragoman.types import (
    Failure,
    MemoryUnit,
    Stage,
    Translation,
    TranslationStatus,
    WorkState,
)

_FINISHED = (TranslationStatus.DONE, TranslationStatus.HELD)
_BATCH = 200  # records in memory at once


def put_translation(
    db: Store,
    translation: Translation,
    version: str,
    memory: Collection[MemoryUnit] = (),
    retry_at: datetime | None = None,
    failure: Failure | None = None,
) -> None:
    """Write a translation, what is to be remembered of it, and its checkpoint, in one go.

    Done and held ones are ticked off. A pending or failed one is tried again at `retry_at`;
    without it a failed one never is, and a pending one waits until it is asked for
    (`work.retry`), or a new version or revision comes. A translation of an older revision
    than the article's is kept, and the new revision stays lacking. One that is pending or
    failed does not replace a done or held one of the same revision: only its checkpoint is
    written. One that reads otherwise than the one it replaces leaves that among the former
    ones. What engines were asked for is counted in any case; nothing else is written for an
    article that is no longer there.
    """
    now = datetime.now(UTC)
    with db.write() as connection:
        query = select(articles.c.revision, articles.c.source).where(
            articles.c.id == translation.article
        )
        own = connection.execute(query).one_or_none()
        month = month_of(translation.made or now)
        add_usage(connection, month, own.source if own else "", translation.usage)
        if own is None:
            return
        revision = own.revision
        write_units(connection, memory, now)
        stored = _find_stored(connection, translation)
        if stored and translation.revision < stored.revision:
            return
        if not (stored and _is_better(stored, translation)):
            if stored:
                _keep_former(connection, stored, translation, now)
            write_translation(connection, translation)
        if translation.revision == revision:
            set_work(
                connection,
                [translation.article],
                Stage.TRANSLATE,
                version,
                _state_of(translation.status, retry_at),
                now,
                into=translation.into,
                next_try=retry_at,
                failure=failure,
            )


def read_stored(connection: Connection, translation: Translation) -> str:
    """Give the stored record of an article and edition as it is written, or nothing."""
    query = select(table.c.record).where(
        table.c.article == translation.article, table.c.into == translation.into
    )
    return connection.scalar(query) or ""


def write_translation(connection: Connection, translation: Translation) -> None:
    """Put a translation in the place of the stored one, in a transaction."""
    upsert(connection, table, [_row(translation)])
    ask_index(connection, translation.article, translation.into)


def _find_stored(connection: Connection, translation: Translation) -> AnyRow | None:
    query = select(
        table.c.article, table.c.revision, table.c.language, table.c.status, table.c.record
    ).where(table.c.article == translation.article, table.c.into == translation.into)
    return connection.execute(query).one_or_none()


def _is_better(stored: AnyRow, translation: Translation) -> bool:
    """Whether the stored one has words of this revision, and the new one has none.

    One made while the article was thought to be in another language is worth nothing.
    """
    is_same = stored.revision == translation.revision and stored.language == _key(translation)
    return is_same and stored.status in _FINISHED and translation.status not in _FINISHED


def _keep_former(
    connection: Connection, stored: AnyRow, translation: Translation, now: datetime
) -> None:
    """Keep what a translation replaces, if both are of one revision and read otherwise."""
    is_same = stored.revision == translation.revision and stored.language == _key(translation)
    if not is_same or stored.status not in _FINISHED or translation.status not in _FINISHED:
        return
    for old in keep_readable([stored], _read):
        if (old.title, old.blocks) != (translation.title, translation.blocks):
            row = {
                "article": old.article,
                "into": old.into,
                "made": old.made or now,
                "record": stored.record,
            }
            upsert(connection, former, [row])


def _key(translation: Translation) -> str:
    return base(translation.language)[:35]


def _state_of(status: TranslationStatus, retry_at: datetime | None) -> WorkState:
    if status in _FINISHED:
        return WorkState.DONE
    if status is TranslationStatus.FAILED and retry_at is None:
        return WorkState.FAILED
    return WorkState.RETRY


def _row(translation: Translation) -> dict[str, object]:
    return {
        "article": translation.article,
        "into": translation.into,
        "revision": translation.revision,
        "language": _key(translation),
        "status": translation.status.value,
        "gist": _gist(translation),
        "verdict": translation.verdict.value if translation.status in _FINISHED else "",
        "record": encode(translation),
    }


def _gist(translation: Translation) -> str:
    route = translation.route
    return route.name[:200] if route and route.is_gist else ""


def translation(db: Store, article: str, into: str) -> Translation | None:
    """Find an article's translation into a language; none of a withdrawn article."""
    return translations_of(db, [article], into).get(article)


def translations(db: Store, article: str) -> tuple[Translation, ...]:
    """List an article's translations by language; none of a withdrawn article."""
    query = (
        select(table.c.article, table.c.record)
        .where(table.c.article == article, is_shown(table.c.article))
        .order_by(table.c.into)
    )
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(keep_readable(rows, _read))


_DONE = select(table.c.into).where(
    table.c.article == bindparam("id"),
    table.c.status == TranslationStatus.DONE.value,
    is_shown(table.c.article),
)


def editions_with(db: Store, article: str) -> frozenset[str]:
    """Give the languages that an article is translated into; none of a withdrawn article."""
    with db.read() as connection:
        return frozenset(connection.scalars(_DONE, {"id": article}))


def _read(row: AnyRow) -> Translation:
    return decode(row.record, Translation, f"translation of {row.article}")


_PICKED = select(table.c.article, table.c.record).where(
    table.c.article.in_(bindparam("ids", expanding=True)),
    table.c.into == bindparam("into"),
    is_shown(table.c.article),
)


def translations_of(
    db: Store, ids: Collection[str], into: str, *, is_brief: bool = False
) -> dict[str, Translation]:
    """Give the translations of many articles into one language, by article.

    Brief ones have their titles, with the first segment, and no bodies.
    """
    read = read_translation_head if is_brief else _read
    found: dict[str, Translation] = {}
    with db.read() as connection:
        for some in chunks(ids):
            rows = connection.execute(_PICKED, {"ids": some, "into": into}).all()
            for made in keep_readable(rows, read):
                found[made.article] = made
    return found


def gists(db: Store) -> tuple[Translation, ...]:
    """Give one gist of each language pair and route, as an example of those like it."""
    alike = (
        select(func.min(table.c.article).label("article"), table.c.into)
        .where(table.c.gist != "")
        .group_by(table.c.gist, table.c.language, table.c.into)
        .subquery()
    )
    query = select(table.c.article, table.c.record).join(
        alike, and_(alike.c.article == table.c.article, alike.c.into == table.c.into)
    )
    with db.read() as connection:
        return tuple(keep_readable(connection.execute(query), _read))


def articles_like(db: Store, gist: Translation) -> tuple[str, ...]:
    """List the articles that have a gist of the same language pair and route, and no newer try.

    One whose next try waits or failed is left to that.
    """
    mine = and_(table.c.article == gist.article, table.c.into == gist.into)
    name = select(table.c.gist).where(mine).scalar_subquery()
    is_done = exists().where(
        work.c.article == table.c.article,
        work.c.stage == Stage.TRANSLATE.value,
        work.c.into == table.c.into,
        work.c.state == WorkState.DONE.value,
    )
    query = select(table.c.article).where(
        table.c.gist == name,
        table.c.language == _key(gist),
        table.c.into == gist.into,
        is_done,
    )
    with db.read() as connection:
        return tuple(connection.scalars(query))


def former_translations(db: Store, article: str, into: str) -> tuple[Translation, ...]:
    """List what an article's translation replaced, oldest first; none of a withdrawn one."""
    query = (
        select(former.c.article, former.c.record)
        .where(former.c.article == article, former.c.into == into, is_shown(former.c.article))
        .order_by(former.c.made)
    )
    with db.read() as connection:
        return tuple(keep_readable(connection.execute(query).all(), _read))


def count_former(db: Store) -> int:
    """Count the translations that were replaced by one that reads otherwise."""
    with db.read() as connection:
        return connection.scalar(select(func.count()).select_from(former)) or 0


def count_finished(
    db: Store,
    language: str = "",
    into: str = "",
    source: str = "",
    since: datetime | None = None,
) -> int:
    """Count the translations that `each_finished` would give."""
    query = select(func.count()).select_from(table).join(articles)
    with db.read() as connection:
        return connection.scalar(query.where(*_finished(language, into, source, since))) or 0


def each_finished(
    db: Store,
    language: str = "",
    into: str = "",
    source: str = "",
    since: datetime | None = None,
) -> Iterator[Translation]:
    """Give done and held translations one after the other, without holding them all.

    By language and edition of the translation, source of the article, and the time since
    which articles are listed; none of a withdrawn article.
    """
    wanted = _finished(language, into, source, since)
    last = ("", "")
    while True:
        query = (
            select(table.c.article, table.c.into, table.c.record)
            .join(articles)
            .where(*wanted, tuple_(table.c.article, table.c.into) > last)
            .order_by(table.c.article, table.c.into)
            .limit(_BATCH)
        )
        with db.read() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return
        yield from keep_readable(rows, _read)
        last = (rows[-1].article, rows[-1].into)


def _finished(
    language: str, into: str, source: str, since: datetime | None
) -> list[ColumnElement[bool]]:
    wanted = [table.c.status.in_([one.value for one in _FINISHED]), is_shown(table.c.article)]
    if language:
        wanted.append(table.c.language == base(language))
    if into:
        wanted.append(table.c.into == into)
    if source:
        wanted.append(articles.c.source == source)
    if since:
        wanted.append(articles.c.at >= since)
    return wanted
