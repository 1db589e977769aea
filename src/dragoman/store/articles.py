"""Articles and their revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
)

from dragoman.errors import DamagedRow
from dragoman.languages import base
from dragoman.sections import find_section
from dragoman.store.brief import read_article_head
from dragoman.store.checkpoints import chunks, clear_work, is_settled, is_shown, set_work
from dragoman.store.columns import AnyRow, as_utc, decode, encode, key_of
from dragoman.store.dialects import upsert
from dragoman.store.indexing import ask_index
from dragoman.store.live_events import note_articles
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable, list_readable
from dragoman.store.schema import articles as table
from dragoman.store.schema import items, pages, translations, vectors
from dragoman.store.schema import revisions as old_revisions
from dragoman.store.summaries import refresh_stories, stories_of
from dragoman.store.withdrawals import (
    Withdrawal,
    is_withdrawn,
    keep_out,
    restore,
    withdraw,
    withdrawal,
)
from dragoman.types import Article, Dating, Stage, WorkState

__all__ = [
    "Withdrawal",
    "article",
    "article_ids_lacking_link",
    "article_ids_lacking_translation",
    "articles",
    "is_withdrawn",
    "listing_time",
    "newest_ids",
    "put_article",
    "restore",
    "revisions",
    "withdraw",
    "withdrawal",
]


_LINKED_BY = ("at", "language", "revision")  # what moves an article among the live events


def put_article(
    db: Store, article: Article, version: str, *, fetched: datetime | None = None
) -> Article:
    """Write an article and tick off its extraction, in one transaction.

    Gives it back with its revision number and first sight (the feed entry's, where there
    is one). Another digest makes a new revision, whose translations and links are lacking
    again; the same digest keeps them. `fetched` is the time of the page that was read: if a
    newer one came meanwhile, extraction stays lacking. An article that was taken down is
    not written.
    """
    now = datetime.now(UTC)
    with db.write() as connection:
        if keep_out(connection, article.id, article.url):
            return article
        query = select(table).where(table.c.id == article.id)
        before = connection.execute(query).one_or_none()
        fresh = _revise(connection, article, before, now)
        is_rewritten = before is not None and fresh.revision != before.revision
        if before and is_rewritten:
            _keep_revision(connection, before, now)
        if before and (is_rewritten or before.language != base(fresh.language)):
            clear_work(connection, [fresh.id], Stage.TRANSLATE, Stage.LINK)
            connection.execute(delete(vectors).where(vectors.c.article == fresh.id))
            _drop_needless(connection, fresh)
        row = _row(fresh)
        upsert(connection, table, [row])
        ask_index(connection, fresh.id)
        if before:
            refresh_stories(connection, stories_of(connection, [fresh.id]))
        if before and any(getattr(before, name) != row[name] for name in _LINKED_BY):
            note_articles(connection, [fresh.id])
        if not _has_newer_page(connection, fresh.id, fetched):
            set_work(connection, [fresh.id], Stage.EXTRACT, version, WorkState.DONE, now)
    return fresh


def _revise(
    connection: Connection, article: Article, before: AnyRow | None, now: datetime
) -> Article:
    """Give the article its revision, first sight and digest."""
    digest = article.digest or _digest_of(article)
    seen = connection.scalar(select(items.c.first_seen).where(items.c.id == article.id))
    if before is None:
        return replace(
            article, revision=1, digest=digest, first_seen=seen or article.first_seen or now
        )
    revision = before.revision + (before.digest != digest)
    kept = _dated_by_story(before)
    if article.published.moment is None and kept is not None and before.digest == digest:
        article = replace(article, published=kept)
    return replace(article, revision=revision, digest=digest, first_seen=seen or before.first_seen)


def _dated_by_story(before: AnyRow) -> Dating | None:
    """Give a date that the other reports of the story told: the page alone never will."""
    try:
        published = decode(before.record, Article, f"article {before.id}").published
    except DamagedRow:
        return None
    evidence = published.evidence[:1]
    return published if any(one.origin == "story" for one in evidence) else None


def _digest_of(article: Article) -> str:
    text = f"{article.title}\n\n{article.text}"
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _keep_revision(connection: Connection, before: AnyRow, now: datetime) -> None:
    old = {
        "article": before.id,
        "revision": before.revision,
        "replaced": now,
        "record": before.record,
    }
    connection.execute(insert(old_revisions).values(old))


def _drop_needless(connection: Connection, article: Article) -> None:
    """Delete translations into the language that the article was found to be in."""
    query = select(translations.c.into).where(translations.c.article == article.id)
    own = [into for into in connection.scalars(query) if base(into) == base(article.language)]
    connection.execute(
        delete(translations).where(
            translations.c.article == article.id, translations.c.into.in_(own)
        )
    )


def _row(article: Article) -> dict[str, object]:
    return {
        "id": article.id,
        "source": article.source,
        "url_key": key_of(article.url),
        "language": base(article.language)[:35],
        "at": listing_time(article),
        "first_seen": article.first_seen,
        "revision": article.revision,
        "digest": article.digest,
        "record": encode(article),
        "section": find_section(article.section, article.url),
    }


def _has_newer_page(connection: Connection, id: str, fetched: datetime | None) -> bool:
    if fetched is None:
        return False
    newest = connection.scalar(select(pages.c.fetched).where(pages.c.id == id))
    return newest is not None and newest > as_utc(fetched)


def listing_time(article: Article) -> datetime:
    """Give the time that lists are ordered by: published, or first seen where unknown.

    A date after first sight is wrong, and would stay on top of every list.
    """
    seen = as_utc(article.first_seen or datetime.now(UTC))
    moment = article.published.moment
    return min(as_utc(moment.at), seen) if moment else seen


# Made once: pages ask these again and again.
_SHOWN = is_shown(table.c.id)
_ONE = select(table.c.id, table.c.record).where(table.c.id == bindparam("id"))
_ONE_SHOWN = _ONE.where(_SHOWN)


def article(db: Store, id: str, *, with_withdrawn: bool = False) -> Article | None:
    """Find an article; a withdrawn one is not shown unless asked for."""
    query = _ONE if with_withdrawn else _ONE_SHOWN
    with db.read() as connection:
        row = connection.execute(query, {"id": id}).one_or_none()
    return read_article(row) if row else None


def read_article(row: AnyRow) -> Article:
    """Read an article from its row; raises `DamagedRow`."""
    return decode(row.record, Article, f"article of {row.id}")


def articles(
    db: Store,
    *,
    source: str | None = None,
    language: str | None = None,
    ids: Collection[str] | None = None,
    before: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
    offset: int = 0,
    is_brief: bool = False,
) -> tuple[Article, ...]:
    """List articles newest first, without withdrawn ones; no limit: all that fit.

    `before` is the id of the last article of the page before this one. `language` is taken
    without its region. Brief ones have no bodies.
    """
    read = read_article_head if is_brief else read_article
    wanted = [_SHOWN]
    if source is not None:
        wanted.append(table.c.source == source)
    if language is not None:
        wanted.append(table.c.language == base(language))
    if since is not None:
        wanted.append(table.c.at >= since)
    if until is not None:
        wanted.append(table.c.at <= until)
    with db.read() as connection:
        if before:
            wanted.append(_is_after(connection, before))
        if ids is None:
            return list_readable(connection, _newest(wanted), read, limit, offset)
        found = tuple(keep_readable(_pick(connection, wanted[1:], ids), read))
    return found[offset : None if limit is None else offset + limit]


def _is_after(connection: Connection, id: str) -> ColumnElement[bool]:
    """Whether a row comes after this article in a list, newest first."""
    at = connection.scalar(select(table.c.at).where(table.c.id == id))
    if at is None:
        return false()
    return or_(table.c.at < at, and_(table.c.at == at, table.c.id > id))


def _newest(wanted: Iterable[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    query = select(table.c.id, table.c.at, table.c.record).where(*wanted)
    return query.order_by(table.c.at.desc(), table.c.id)


_PICKED = _newest([_SHOWN, table.c.id.in_(bindparam("ids", expanding=True))])


def _pick(
    connection: Connection, wanted: list[ColumnElement[bool]], ids: Collection[str]
) -> list[AnyRow]:
    rows: list[AnyRow] = []
    for some in chunks(ids):
        rows += connection.execute(_PICKED.where(*wanted), {"ids": some}).all()
    rows.sort(key=lambda row: row.id)
    rows.sort(key=lambda row: row.at, reverse=True)
    return rows


def newest_ids(db: Store, limit: int | None = None) -> tuple[str, ...]:
    """List the articles that are shown, newest first; no limit: every one."""
    query = select(table.c.id).where(_SHOWN).order_by(table.c.at.desc(), table.c.id).limit(limit)
    with db.read() as connection:
        return tuple(connection.scalars(query))


def revisions(db: Store, id: str) -> tuple[Article, ...]:
    """List an article's revisions, oldest first, the present one last; none if withdrawn."""
    older = (
        select(old_revisions.c.article.label("id"), old_revisions.c.record)
        .where(old_revisions.c.article == id, is_shown(old_revisions.c.article))
        .order_by(old_revisions.c.revision)
    )
    present = select(table.c.id, table.c.record).where(table.c.id == id, is_shown(table.c.id))
    with db.read() as connection:
        rows = [*connection.execute(older), *connection.execute(present)]
    return tuple(keep_readable(rows, read_article))


def article_ids_lacking_translation(
    db: Store, into: str, version: str, now: datetime, limit: int, *, is_newest_first: bool = False
) -> tuple[str, ...]:
    """List articles in other languages that this version has not put into `into`.

    Oldest first, unless the newest are wanted first.
    """
    is_foreign = table.c.language != base(into)
    order: Sequence[ColumnElement[Any]] = (table.c.first_seen, table.c.id)
    if is_newest_first:
        order = (table.c.first_seen.desc(), table.c.id.desc())
    return _list_lacking(db, Stage.TRANSLATE, version, now, limit, into, is_foreign, order=order)


def article_ids_lacking_link(
    db: Store, version: str, limit: int, *, now: datetime | None = None
) -> tuple[str, ...]:
    """List articles that this version has not compared with others, oldest first."""
    return _list_lacking(db, Stage.LINK, version, now or datetime.now(UTC), limit)


def _list_lacking(
    db: Store,
    stage: Stage,
    version: str,
    now: datetime,
    limit: int,
    into: str = "",
    *wanted: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] = (table.c.first_seen, table.c.id),
) -> tuple[str, ...]:
    query = (
        select(table.c.id, table.c.record)
        .where(~is_settled(table.c.id, stage, version, now, into), is_shown(table.c.id), *wanted)
        .order_by(*order)
    )
    with db.read() as connection:
        # Read already here: a damaged one would be lacking for ever.
        return list_readable(connection, query, lambda row: read_article(row).id, limit)
