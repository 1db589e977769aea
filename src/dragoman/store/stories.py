"""Judgements, and the events and stories that are computed from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from dragoman.languages import base
from dragoman.store.checkpoints import chunks, is_shown, set_work
from dragoman.store.columns import AnyRow, decode, encode
from dragoman.store.dialects import upsert
from dragoman.store.live_events import note_changes, put_counts
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable
from dragoman.store.schema import aliases, articles, translations
from dragoman.store.schema import groupings as grouping_table
from dragoman.store.schema import judgements as judgement_table
from dragoman.store.schema import stories as table
from dragoman.store.schema import vectors as vector_table
from dragoman.store.summaries import refresh_stories
from dragoman.types import Grouping, Judgement, Stage, TranslationStatus, WorkState

OURS = "dragoman"  # who judged, where no person did


@dataclass(frozen=True, slots=True)
class StorySummary:
    """A story in a list: how much of it there is, withdrawn articles left out."""

    id: str
    newest: datetime  # listing time of its last report
    oldest: datetime
    articles: int
    languages: int
    sources: int
    section: str = ""  # where most of its reports stand


# -- Vectors -----------------------------------------------------------------------


def put_vectors(
    db: Store, found: Mapping[str, bytes], version: str, features: Mapping[str, bytes] | None = None
) -> None:
    """Write the vectors of articles, and what linking read of their texts.

    Those of articles no longer there are left out.
    """
    features = features or {}
    with db.write() as connection:
        known = _existing(connection, found)
        rows = [
            {"article": id, "version": version, "vector": vector, "features": features.get(id)}
            for id, vector in found.items()
            if id in known
        ]
        upsert(connection, vector_table, rows)


def vectors(db: Store, ids: Collection[str], version: str | None = None) -> dict[str, bytes]:
    """Give the vectors of articles, of one version alone where it is named."""
    table = vector_table.c
    return {
        row.article: row.vector
        for row in _read_vectors(db, ids, version, table.article, table.vector)
    }


def features(db: Store, ids: Collection[str], version: str) -> dict[str, tuple[bytes, bytes]]:
    """Give the vectors of articles, and what linking read of their texts: empty where unknown."""
    rows = _read_vectors(db, ids, version, *vector_table.c)
    return {row.article: (row.vector, row.features or b"") for row in rows}


def _read_vectors(
    db: Store, ids: Collection[str], version: str | None, *columns: ColumnElement[Any]
) -> list[AnyRow]:
    found: list[AnyRow] = []
    with db.read() as connection:
        for some in chunks(ids):
            query = select(*columns).where(vector_table.c.article.in_(some))
            if version is not None:
                query = query.where(vector_table.c.version == version)
            found += connection.execute(query).all()
    return found


def _existing(connection: Connection, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in chunks(ids):
        found.update(connection.scalars(select(articles.c.id).where(articles.c.id.in_(some))))
    return found


# -- Writing links -----------------------------------------------------------------


def put_links(
    db: Store,
    judgements: Collection[Judgement],
    groupings: Collection[Grouping],
    version: str,
    article_ids: Collection[str],
    counts: bytes | None = None,
) -> None:
    """Write judgements, groupings and the checkpoints of `article_ids`, in one transaction.

    `counts` of the stream are kept with them where they are given.

    Groupings are computed from judgements; those that are not given stay. A
    person's judgement on a pair stays against ours. A story whose members all went to
    another leaves its id behind, which leads there. Rows on articles that are no longer
    there are left out.
    """
    now = datetime.now(UTC)
    named = {id for judged in judgements for id in (judged.article, judged.other)}
    named.update(article_ids, (grouping.article for grouping in groupings))
    with db.write() as connection:
        known = _existing(connection, named)
        _put_judgements(connection, judgements, known)
        done = [id for id in article_ids if id in known]
        _put_groupings(connection, [one for one in groupings if one.article in known], done)
        set_work(connection, done, Stage.LINK, version, WorkState.DONE, now)
        if counts is not None:
            put_counts(connection, counts)


def _put_judgements(
    connection: Connection, judgements: Iterable[Judgement], known: Collection[str]
) -> None:
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for judged in judgements:
        low, high = sorted((judged.article, judged.other))
        if low == high or low not in known or high not in known:
            continue
        is_ours = judged.by == OURS
        if is_ours and not rows.get((low, high), {"is_ours": True})["is_ours"]:
            continue
        row = {"low": low, "high": high, "is_ours": is_ours, "record": encode(_mend_scores(judged))}
        rows[low, high] = row
    upsert(connection, judgement_table, rows.values(), unless="is_ours")


def forget_judgements(db: Store, pairs: Iterable[tuple[str, str]]) -> None:
    """Delete the judgements on these pairs, people's too: somebody decided otherwise."""
    with db.write() as connection:
        for pair in pairs:
            low, high = sorted(pair)
            connection.execute(
                delete(judgement_table).where(
                    judgement_table.c.low == low, judgement_table.c.high == high
                )
            )


def forget_ours(db: Store) -> None:
    """Delete all judgements but those of people."""
    with db.write() as connection:
        connection.execute(delete(judgement_table).where(judgement_table.c.is_ours.is_(True)))


def _mend_scores(judged: Judgement) -> Judgement:
    """Write 0 for NaN: JSON has none, and one would make every judgement unreadable."""
    if isfinite(judged.score) and isfinite(judged.runner_up_score):
        return judged
    return replace(judged, score=0.0, runner_up_score=0.0)


def _put_groupings(
    connection: Connection, groupings: Collection[Grouping], read: Collection[str]
) -> None:
    """Write groupings; the events of articles that were read anew have changed with them."""
    before = _stories_by_article(connection, [one.article for one in groupings])
    changed = [one for one in groupings if before.get(one.article) != one]
    moves: dict[str, Counter[str]] = {}
    for one in changed:
        old = before.get(one.article)
        if old and old.story != one.story:
            moves.setdefault(old.story, Counter())[one.story] += 1
    upsert(connection, grouping_table, [_grouping_row(one) for one in changed])
    _lead_on(connection, moves)
    fresh = {one.story for one in changed}
    for some in chunks(fresh):
        connection.execute(delete(aliases).where(aliases.c.id.in_(some)))
    refresh_stories(connection, {*fresh, *moves})
    left = {before[one.article].event for one in changed if one.article in before}
    done = set(read)
    anew = {one.event for one in groupings if one.article in done}
    note_changes(connection, {*left, *anew, *(one.event for one in changed)})


def _stories_by_article(connection: Connection, ids: Collection[str]) -> dict[str, Grouping]:
    found: dict[str, Grouping] = {}
    for some in chunks(ids):
        query = select(grouping_table).where(grouping_table.c.article.in_(some))
        found.update({row.article: _read(row) for row in connection.execute(query)})
    return found


def _lead_on(connection: Connection, moves: Mapping[str, Counter[str]]) -> None:
    """Let the id of a story that shows no member any more lead to where most of them went."""
    left = stories_with_members(connection, moves)
    for old, targets in sorted(moves.items()):
        if old in left:
            continue
        target = min(targets, key=lambda id: (-targets[id], id))
        connection.execute(update(aliases).where(aliases.c.story == old).values(story=target))
        upsert(connection, aliases, [{"id": old, "story": target}])


def stories_with_members(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Say which of these stories have members to show."""
    found: set[str] = set()
    for some in chunks(ids):
        query = select(grouping_table.c.story).where(
            grouping_table.c.story.in_(some), is_shown(grouping_table.c.article)
        )
        found.update(connection.scalars(query.distinct()))
    return found


def _grouping_row(one: Grouping) -> dict[str, object]:
    return {
        "article": one.article,
        "event": one.event,
        "story": one.story,
        "copy_of": one.copy_of,
    }


def _read(row: AnyRow) -> Grouping:
    return Grouping(row.article, row.event, row.story, row.copy_of)


# -- Reading -----------------------------------------------------------------------


def judgements(db: Store, ids: Collection[str] | None = None) -> tuple[Judgement, ...]:
    """List judgements, of these articles with any other where `ids` is given."""
    low, high = judgement_table.c.low, judgement_table.c.high
    query = select(low, high, judgement_table.c.record)
    found: dict[tuple[str, str], AnyRow] = {}
    with db.read() as connection:
        if ids is None:
            found = {(row.low, row.high): row for row in connection.execute(query)}
        for some in chunks(ids or ()):
            rows = connection.execute(query.where(or_(low.in_(some), high.in_(some))))
            found.update({(row.low, row.high): row for row in rows})
    return tuple(keep_readable((found[pair] for pair in sorted(found)), _read_judgement))


def _read_judgement(row: AnyRow) -> Judgement:
    return decode(row.record, Judgement, f"judgement of {row.low} and {row.high}")


def _members() -> Select[*tuple[Any, ...]]:
    """Select the groupings of shown articles, in order of time."""
    return (
        select(grouping_table)
        .join(articles, articles.c.id == grouping_table.c.article)
        .where(is_shown(grouping_table.c.article))
        .order_by(articles.c.at, articles.c.id)
    )


_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_MEMBERS = _members().where(grouping_table.c.story.in_(_IDS))
_OF_ARTICLES = _members().where(grouping_table.c.article.in_(_IDS))


def groupings(db: Store, ids: Collection[str] | None = None) -> tuple[Grouping, ...]:
    """List where articles ended up, in order of time; withdrawn ones are left out."""
    with db.read() as connection:
        if ids is None:
            return tuple(_read(row) for row in connection.execute(_members()).all())
        found: list[Grouping] = []
        for some in chunks(ids):
            found += [_read(row) for row in connection.execute(_OF_ARTICLES, {"ids": some}).all()]
    return tuple(found)


def resolve(db: Store, id: str) -> str | None:
    """Give the present id of a story: itself, what it was merged into, or None."""
    with db.read() as connection:
        return _resolve(connection, id)


def _resolve(connection: Connection, id: str) -> str | None:
    if stories_with_members(connection, [id]):
        return id
    target = connection.scalar(select(aliases.c.story).where(aliases.c.id == id))
    hidden = select(grouping_table.c.story).where(grouping_table.c.story == id).limit(1)
    return target or connection.scalar(hidden)


def story(db: Store, id: str) -> tuple[Grouping, ...]:
    """List a story's members in order of time; a merged story's old id leads to the new."""
    with db.read() as connection:
        query = _members().where(grouping_table.c.story == (_resolve(connection, id) or id))
        return tuple(_read(row) for row in connection.execute(query).all())


def members(db: Store, ids: Collection[str]) -> dict[str, tuple[Grouping, ...]]:
    """Give the members of many stories in order of time, by the story's present id."""
    found: dict[str, list[Grouping]] = {}
    with db.read() as connection:
        for some in chunks(ids):
            for row in connection.execute(_MEMBERS, {"ids": some}).all():
                found.setdefault(row.story, []).append(_read(row))
    return {id: tuple(found[id]) for id in ids if id in found}


def newest(
    db: Store,
    limit: int,
    offset: int = 0,
    *,
    since: datetime | None = None,
    language: str | None = None,
) -> tuple[StorySummary, ...]:
    """List stories by their last report, newest first.

    With `language`, only those with a report that can be read in it: written in it, or
    translated into it.
    """
    query = select(table).order_by(table.c.newest.desc(), table.c.id).limit(limit).offset(offset)
    if since is not None:
        query = query.where(table.c.newest >= since)
    if language is not None:
        query = query.where(_is_readable(language))
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(StorySummary(**row._asdict()) for row in rows)


def _is_readable(language: str) -> ColumnElement[bool]:
    is_translated = exists().where(
        translations.c.article == articles.c.id,
        translations.c.into == language,
        translations.c.status == TranslationStatus.DONE.value,
    )
    return (
        exists()
        .where(
            grouping_table.c.story == table.c.id,
            grouping_table.c.article == articles.c.id,
            is_shown(articles.c.id),
            or_(articles.c.language == base(language), is_translated),
        )
        .correlate(table)
    )


def story_ids(
    db: Store, *, since: datetime | None = None, limit: int, offset: int = 0
) -> tuple[str, ...]:
    """List the ids of stories by their last report, newest first."""
    return tuple(summary.id for summary in newest(db, limit, offset, since=since))


def summaries(db: Store, ids: Collection[str]) -> dict[str, StorySummary]:
    """Give the summaries of stories, by id."""
    found: dict[str, StorySummary] = {}
    with db.read() as connection:
        for some in chunks(ids):
            for row in connection.execute(select(table).where(table.c.id.in_(some))):
                found[row.id] = StorySummary(**row._asdict())
    return found


def count_stories(db: Store) -> int:
    """Count the stories that have a report to show."""
    with db.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0
