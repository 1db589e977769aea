"""What is indexed for search, and what waits for it.

What changes an article or a translation writes in the same transaction that it waits to be
indexed (`ask_index`), and what withdraws an article takes its texts out at once (`drop_index`).
The step of indexing takes what waits, and ticks it off in the transaction that indexes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from dragoman import analysis
from dragoman.languages import base
from dragoman.store.columns import clean_words
from dragoman.store.dialects import upsert
from dragoman.store.fulltext import (
    Columns,
    drop_entries,
    has_gaps,
    lay_columns,
    mend_index,
    put_entry,
    scope_of,
)
from dragoman.store.opening import Store
from dragoman.store.schema import search_documents as documents
from dragoman.store.schema import search_scopes as scopes
from dragoman.store.schema import search_waiting as waiting
from dragoman.store.schema import search_words as words
from dragoman.store.schema import translations

_WIDEST = 200  # characters of a key


@dataclass(frozen=True, slots=True)
class IndexText:
    """A text to be indexed. ``into`` is empty for an original."""

    article: str
    into: str
    language: str  # of the text
    original: str  # of the article
    source: str
    section: str
    at: datetime
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A text as the index takes it: analysed outside of any transaction."""

    text: IndexText
    columns: Columns
    words: tuple[str, ...]  # from the top of the text, as they are written


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits to be indexed, or to be taken out."""

    article: str
    into: str
    asked: int


def ask_index(connection: Connection, article: str, *intos: str) -> None:
    """Ask in a transaction for texts of an article to be indexed; without names, for all."""
    wanted = set(intos)
    if not intos:
        query = select(translations.c.into).where(translations.c.article == article)
        wanted = {"", *_known(connection, article), *connection.scalars(query)}
    rows = [{"article": article, "into": into, "asked": 1} for into in sorted(wanted)]
    upsert(connection, waiting, rows, adding="asked")


def drop_index(connection: Connection, article: str) -> None:
    """Take every text of an article out of the index, in a transaction."""
    for into in _known(connection, article):
        _drop(connection, article, into)
    connection.execute(delete(waiting).where(waiting.c.article == article))


def _known(connection: Connection, article: str) -> list[str]:
    query = select(documents.c.into).where(documents.c.article == article)
    return list(connection.scalars(query))


def begin_indexing(db: Store) -> None:
    """Ask again for what another version of the analyser indexed; mend an index with gaps."""
    # Not "unequal", which would read every row.
    version = documents.c.version
    is_old = or_(version < analysis.VERSION, version > analysis.VERSION)
    old = select(documents.c.article, documents.c.into).where(is_old)
    with db.read() as connection:
        needs_texts = connection.scalar(select(exists(old)))
        needs_mending = has_gaps(connection)
    if not (needs_texts or needs_mending):
        return
    with db.write() as connection:
        found = connection.execute(old).all()
        rows = [{"article": one.article, "into": one.into, "asked": 1} for one in found]
        upsert(connection, waiting, rows, adding="asked")
        connection.execute(update(documents).where(is_old).values(version=analysis.VERSION))
        if has_gaps(connection):
            mend_index(connection)


def list_waiting(db: Store, limit: int) -> tuple[Waiting, ...]:
    """List texts that wait, in the order of their articles."""
    query = select(waiting).order_by(waiting.c.article, waiting.c.into).limit(limit)
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(Waiting(row.article, row.into, row.asked) for row in rows)


def count_waiting(db: Store) -> int:
    """Count the texts that wait to be indexed."""
    with db.read() as connection:
        return connection.scalar(select(func.count()).select_from(waiting)) or 0


def analyse_text(text: IndexText) -> IndexEntry:
    """Analyse a text for the index: the part that costs time, and needs no store."""
    parts = [analysis.analyse(part, text.language) for part in (text.title, text.body)]
    columns = lay_columns(
        scope_of(text.into, base(text.language)),
        [part.stems for part in parts],
        [part.exact for part in parts],
    )
    top = f"{text.title}\n{text.body[:1000]}"
    return IndexEntry(text, columns, tuple(analysis.common_words(top, text.language)))


def put_entries(
    db: Store, entries: Iterable[tuple[Waiting, IndexEntry]], gone: Iterable[Waiting] = ()
) -> None:
    """Index texts and take out those that are gone, and tick both off, in one transaction.

    One that was asked for again meanwhile is indexed, and still waits.
    """
    learnt: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, str]] = set()
    with db.write() as connection:
        for one in gone:
            _drop(connection, one.article, one.into)
            _tick_off(connection, one)
        for one, entry in entries:
            if _tick_off(connection, one):
                _put(connection, entry, learnt)
                seen.add((one.into, base(entry.text.language)[:_WIDEST]))
        _learn(connection, learnt)
        known = {(row.into, row.language) for row in connection.execute(select(scopes))}
        for into, language in sorted(seen - known):
            connection.execute(insert(scopes).values(into=into, language=language))


def _tick_off(connection: Connection, one: Waiting) -> bool:
    """Take a text off the list; false where it changed or was withdrawn meanwhile."""
    mine = (waiting.c.article == one.article, waiting.c.into == one.into)
    done = connection.execute(delete(waiting).where(*mine, waiting.c.asked == one.asked))
    return bool(done.rowcount)


def _put(connection: Connection, entry: IndexEntry, learnt: Counter[tuple[str, str]]) -> None:
    text = entry.text
    mine = (documents.c.article == text.article, documents.c.into == text.into)
    id = connection.scalar(select(documents.c.id).where(*mine))
    about = {
        "original": base(text.original)[:_WIDEST],
        "source": text.source,
        "section": clean_words(text.section)[:_WIDEST],
        "at": text.at,
    }
    own = {"language": base(text.language)[:_WIDEST], "version": analysis.VERSION}
    if id is None:
        highest = connection.scalar(select(func.max(documents.c.id))) or 0
        id = highest + 1
        row = {"id": id, "article": text.article, "into": text.into, **about, **own}
        connection.execute(insert(documents).values(row))
        learnt.update((base(text.language), word) for word in entry.words)
    else:
        connection.execute(update(documents).where(documents.c.id == id).values(**about, **own))
    if not text.into:  # its translations are of the same day and section
        others = documents.c.article == text.article
        connection.execute(update(documents).where(others).values(**about))
    put_entry(connection, id, entry.columns)


def _learn(connection: Connection, learnt: Counter[tuple[str, str]]) -> None:
    rows = [
        {"language": language[:_WIDEST], "word": word, "documents": count}
        for (language, word), count in sorted(learnt.items())
    ]
    upsert(connection, words, rows, adding="documents")


def _drop(connection: Connection, article: str, into: str) -> None:
    mine = (documents.c.article == article, documents.c.into == into)
    id = connection.scalar(select(documents.c.id).where(*mine))
    if id is not None:
        drop_entries(connection, [id])
        connection.execute(delete(documents).where(documents.c.id == id))
