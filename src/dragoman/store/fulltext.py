"""The index of search, on either database: FTS5 of SQLite, a tsvector of PostgreSQL.

Both hold the same tokens, made by `dragoman.analysis`; what else tells one database from
another is in `dialects`. A token carries its scope in front: ``oen~ferri`` is a stem of an
English original, ``tpt=balsa`` a word of a translation into Portuguese. So one question asks
of each language in its own words, and never meets another's.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    REAL,
    Connection,
    Float,
    Select,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from dragoman.analysis import Phrase, Plan
from dragoman.store.schema import search_documents as documents
from dragoman.store.schema import search_tokens as tokens

_TITLE, _BODY = 6.0, 1.0  # what a word is worth where it stands
_GAP = 10  # places between title and body, so that no phrase reaches over
_FURTHEST = 16_383  # the last place that a tsvector knows
_MOST_PLACES = 255  # of one token

# The columns of a text, each a string of tokens.
Columns = tuple[str, str, str, str]

_sqlite = table("search_index", column("rowid"))
_postgresql = table("search_index", column("id"), column("words", TSVECTOR))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the index in one language: its scopes, and what their texts must hold."""

    scopes: tuple[str, ...]
    plan: Plan


def scope_of(into: str, language: str) -> str:
    """Name the scope of a text: an original in a language, or a translation into an edition."""
    code = re.sub(r"[^a-z0-9]", "", (into or language).lower())
    return f"{'t' if into else 'o'}{code}"


def lay_columns(
    scope: str, stems: Sequence[Sequence[str]], exact: Sequence[Sequence[str]]
) -> Columns:
    """Give the columns of a text: stems of title and body, then their exact tokens."""
    parts = [" ".join(f"{scope}{token}" for token in one) for one in (*stems, *exact)]
    return (parts[0], parts[1], parts[2], parts[3])


def put_entry(connection: Connection, id: int, columns: Columns) -> None:
    """Index a text under its number, in place of what had that number."""
    drop_entries(connection, [id])
    packed = zlib.compress("\n".join(columns).encode(), 3)
    connection.execute(insert(tokens).values(document=id, packed=packed))
    _write_entry(connection, id, columns)


def drop_entries(connection: Connection, ids: Sequence[int]) -> None:
    """Take texts out of the index."""
    for id in ids:
        packed = connection.scalar(select(tokens.c.packed).where(tokens.c.document == id))
        if packed is None:
            continue
        if connection.dialect.name == "sqlite":
            # An index without content forgets a text only when it is told every word of it.
            _run(
                connection,
                "INSERT INTO search_index(search_index, rowid, title, body, title_words, "
                "body_words) VALUES ('delete', :id, :a, :b, :c, :d)",
                id,
                _unpack(packed),
            )
        else:
            connection.execute(text("DELETE FROM search_index WHERE id = :id"), {"id": id})
        connection.execute(delete(tokens).where(tokens.c.document == id))


def _unpack(packed: bytes) -> Columns:
    a, b, c, d = zlib.decompress(packed).decode().split("\n")
    return (a, b, c, d)


def _write_entry(connection: Connection, id: int, columns: Columns) -> None:
    if connection.dialect.name == "sqlite":
        _run(
            connection,
            "INSERT INTO search_index(rowid, title, body, title_words, body_words) "
            "VALUES (:id, :a, :b, :c, :d)",
            id,
            columns,
        )
        return
    statement = text("INSERT INTO search_index VALUES (:id, CAST(:words AS tsvector))")
    connection.execute(statement, {"id": id, "words": _tsvector(columns)})


def _run(connection: Connection, statement: str, id: int, columns: Columns) -> None:
    values = dict(zip("abcd", columns, strict=True))
    connection.execute(text(statement), {"id": id, **values})


def _tsvector(columns: Columns) -> str:
    """Write tokens with their places; a title's weigh A, a body's D."""
    places: dict[str, list[str]] = {}
    for title, body in ((columns[0], columns[1]), (columns[2], columns[3])):
        first = title.split()
        for place, token in enumerate((*first, *body.split()), 1):
            here = places.setdefault(token, [])
            if place <= len(first):
                here.append(f"{min(place, _FURTHEST)}A")
            elif len(here) < _MOST_PLACES:
                here.append(f"{min(place + _GAP, _FURTHEST)}")
    return " ".join(f"{_quote(token)}:{','.join(at)}" for token, at in places.items())


def _quote(token: str) -> str:
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def has_gaps(connection: Connection) -> bool:
    """Whether the index lacks texts that it should hold, or holds more."""
    known = "search_index_docsize" if connection.dialect.name == "sqlite" else "search_index"
    counts = [
        connection.scalar(select(func.count()).select_from(one)) for one in (table(known), tokens)
    ]
    return counts[0] != counts[1]


def mend_index(connection: Connection) -> None:
    """Write the index anew from the tokens that are kept."""
    is_sqlite = connection.dialect.name == "sqlite"
    clear = "INSERT INTO search_index(search_index) VALUES ('delete-all')"
    connection.execute(text(clear if is_sqlite else "DELETE FROM search_index"))
    for id in connection.scalars(select(tokens.c.document)).all():
        packed = connection.scalar(select(tokens.c.packed).where(tokens.c.document == id))
        if packed is not None:
            _write_entry(connection, id, _unpack(packed))


def find_entries(
    connection: Connection, asked: Iterable[Asked], *, with_documents: bool, is_ranked: bool
) -> Select[*tuple[Any, ...]] | None:
    """Ask the index: the numbers and worth (more is better) of the texts, to be ordered.

    With the documents joined, their columns can be filtered by; unranked, every text is worth
    the same. None: nothing is asked for.
    """
    if connection.dialect.name == "sqlite":
        return _find_in_sqlite(asked, with_documents=with_documents, is_ranked=is_ranked)
    return _find_in_postgresql(asked, with_documents=with_documents, is_ranked=is_ranked)


def _find_in_sqlite(
    asked: Iterable[Asked], *, with_documents: bool, is_ranked: bool
) -> Select[*tuple[Any, ...]] | None:
    match = _join((_fts5(one, scope) for one in asked for scope in one.scopes), "OR")
    if not match:
        return None
    number = _sqlite.c.rowid
    weights = f"{_TITLE}, {_BODY}, {_TITLE}, {_BODY}"
    worth = f"-bm25(search_index, {weights})" if is_ranked else "0.0"
    query = select(number.label("id"), literal_column(worth, Float).label("worth"))
    joined = _sqlite.join(documents, documents.c.id == number) if with_documents else _sqlite
    condition = text("search_index MATCH :match").bindparams(match=match)
    return query.select_from(joined).where(condition)


def _find_in_postgresql(
    asked: Iterable[Asked], *, with_documents: bool, is_ranked: bool
) -> Select[*tuple[Any, ...]] | None:
    match = _join((_tsquery(one, scope) for one in asked for scope in one.scopes), "|")
    if not match:
        return None
    number, words = _postgresql.c.id, _postgresql.c.words
    wanted = cast(match, TSQUERY)
    weights = cast([_BODY / _TITLE, 0.0, 0.0, 1.0], ARRAY(REAL))  # of D, C, B and A
    worth = func.ts_rank(weights, words, wanted, 1) if is_ranked else literal(0.0)
    query = select(number.label("id"), worth.label("worth"))
    joined = (
        _postgresql.join(documents, documents.c.id == number) if with_documents else _postgresql
    )
    return query.select_from(joined).where(words.op("@@")(wanted))


def _join(parts: Iterable[str], word: str) -> str:
    found = list(dict.fromkeys(filter(None, parts)))
    return f"({f') {word} ('.join(found)})" if found else ""


def _fts5(asked: Asked, scope: str) -> str:
    def write(phrase: Phrase) -> str:
        words = " ".join(f"{scope}{token}" for token in phrase.tokens)
        return f'"{words}"' + (" *" if phrase.is_open else "")

    plan = asked.plan
    wanted = _join((_join(map(write, group), "OR") for group in plan.required), "AND")
    if wanted and plan.excluded:
        return f"{wanted} NOT ({_join(map(write, plan.excluded), 'OR')})"
    return wanted


def _tsquery(asked: Asked, scope: str) -> str:
    def write(phrase: Phrase) -> str:
        words = [_quote(f"{scope}{token}") for token in phrase.tokens]
        words[-1] += ":*" if phrase.is_open else ""
        return " <-> ".join(words)

    plan = asked.plan
    wanted = _join((_join(map(write, group), "|") for group in plan.required), "&")
    if wanted and plan.excluded:
        return f"({wanted}) & !({_join(map(write, plan.excluded), '|')})"
    return wanted
