"""The glossary: terms and how they are rendered, by language pair."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, select

from dragoman.languages import base
from dragoman.store.columns import AnyRow, clean_words, key_of
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import glossary as table
from dragoman.types import Term


def put_terms(db: Store, terms: Iterable[Term], *, replace: bool = False) -> tuple[Term, ...]:
    """Write terms, and give those that are new, say something else, or went.

    A term that is there in its pair already is overwritten. With `replace` the terms of the
    pairs that are given, and that are not among these, go.
    """
    now = datetime.now(UTC)
    given = {_key_of(term): term for term in map(_cleaned, terms)}
    with db.write() as connection:
        there = {_key_of(term): term for term in _read_all(connection)}
        pairs = {(term.language, term.into) for term in given.values()}
        gone = {
            key: term
            for key, term in there.items()
            if replace and key not in given and (term.language, term.into) in pairs
        }
        _delete(connection, gone)
        upsert(connection, table, [_row(key, term, now) for key, term in given.items()])
    changed = [term for key, term in given.items() if _meaning(there.get(key)) != _meaning(term)]
    return (*changed, *gone.values())


def remove_terms(
    db: Store, *, term: str = "", language: str = "", into: str = ""
) -> tuple[Term, ...]:
    """Delete terms by their words, their pair or both, and give them; without either, all."""
    with db.write() as connection:
        gone = {
            _key_of(one): one
            for one in _read_all(connection)
            if (not term or one.term.casefold() == term.casefold())
            and language in ("", one.language)
            and into in ("", one.into)
        }
        _delete(connection, gone)
    return tuple(gone.values())


def terms(db: Store, language: str = "", into: str = "") -> tuple[Term, ...]:
    """List the terms, all or those from one language or into one, in order."""
    with db.read() as connection:
        found = _read_all(connection)
    return tuple(
        term for term in found if language in ("", term.language) and into in ("", term.into)
    )


def terms_for(db: Store, language: str, into: str) -> tuple[Term, ...]:
    """Give the terms that hold for a language pair: its own before those of the bare languages.

    A glossary for ``pt`` holds for ``pt-BR`` too, where that has none of its own for a term.
    """
    froms, intos = (dict.fromkeys((code, base(code))) for code in (language, into))
    query = select(table).where(table.c.language.in_(froms), table.c.into.in_(intos))
    with db.read() as connection:
        found = [_read(row) for row in connection.execute(query.order_by(table.c.term_key))]
    found.sort(key=lambda one: (one.into != into, one.language != language))
    chosen: dict[str, Term] = {}
    for term in found:
        chosen.setdefault(term.term, term)
    return tuple(chosen.values())


def state_of(db: Store, into: str) -> tuple[int, datetime | None]:
    """Give what tells one state of an edition's terms from another: their number, the newest."""
    query = select(func.count(), func.max(table.c.updated)).where(
        table.c.into.in_({into, base(into)})
    )
    with db.read() as connection:
        number, newest = connection.execute(query).one()
    return number, newest


def _read_all(connection: Connection) -> list[Term]:
    query = select(table).order_by(table.c.term_key)
    found = [_read(row) for row in connection.execute(query)]
    # Not in the database: PostgreSQL sorts words as its locale does.
    return sorted(found, key=lambda one: (one.language, one.into, one.term))


def _read(row: AnyRow) -> Term:
    return Term(row.language, row.into, row.term, row.translation, row.is_cased, row.note)


def _key_of(term: Term) -> tuple[str, str, str]:
    return term.language, term.into, key_of(term.term)


def _cleaned(term: Term) -> Term:
    words = (clean_words(text) for text in (term.term, term.translation, term.note))
    text, translation, note = words
    return Term(term.language, term.into, text, translation, term.is_cased, note)


def _meaning(term: Term | None) -> tuple[str, bool] | None:
    """What a translation depends on; a note changes nothing."""
    return (term.translation, term.is_cased) if term else None


def _row(key: tuple[str, str, str], term: Term, now: datetime) -> dict[str, object]:
    return {
        "language": term.language,
        "into": term.into,
        "term_key": key[2],
        "term": term.term,
        "translation": term.translation,
        "is_cased": term.is_cased,
        "note": term.note,
        "updated": now,
    }


def _delete(connection: Connection, keys: Collection[tuple[str, str, str]]) -> None:
    for language, into, key in keys:
        connection.execute(
            delete(table).where(
                table.c.language == language, table.c.into == into, table.c.term_key == key
            )
        )
