"""Full text search over originals and translations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Connection, func, select

from dragoman.analysis import Query, plan_query
from dragoman.analysis.folding import fold
from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import as_utc
from dragoman.store.fulltext import Asked, find_entries, scope_of
from dragoman.store.opening import Store
from dragoman.store.schema import search_documents as documents
from dragoman.store.schema import search_words as words

MOST = 500  # articles that one search gives: whoever wants more asks more closely

_LOOKED_AT = 2 * MOST  # texts: of an article, its original and a translation
_NEAR = math.log(1 / 0.85)  # what is worth at least so much of another is its near equal
_AT_ONCE = 500  # numbers in one statement
_KNOWN_WORDS = 20_000  # of a language that a misspelt one is compared with


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; empty: everything."""

    edition: str = ""  # its translations, and all originals; empty: every text
    language: str = ""  # of the original
    sources: frozenset[str] | None = None
    section: str = ""
    since: datetime | None = None
    until: datetime | None = None  # and not after


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, by the text in which it matched."""

    article: str
    into: str  # empty: in the original
    language: str  # of that text
    original: str
    source: str
    section: str
    at: datetime
    worth: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives, in order; ``is_more``: it was broken off at the most."""

    hits: tuple[Hit, ...] = ()
    is_more: bool = False


def find(db: Store, query: Query, filters: Filters, *, by_date: bool = False) -> Found:
    """Find articles: the best first, newer ones first among near equals; or by date alone.

    An article is found once: by its text in the edition's language where that matches, else
    by its original. Withdrawn articles are never found.
    """
    with db.read() as connection:
        asked = _ask(connection, query, filters)
        matched = _match(connection, asked, filters, by_date=by_date)
        rows = _describe(connection, matched)
    hits = _gather(rows, filters.edition)
    is_more = len(matched) >= _LOOKED_AT or len(hits) > MOST
    best = max((hit.worth for hit in hits), default=0.0)
    hits.sort(key=_by_date if by_date else partial(_by_worth, best))
    return Found(tuple(hits[:MOST]), is_more)


def _ask(connection: Connection, query: Query, filters: Filters) -> list[Asked]:
    """Put a query into the words of each language that is searched."""
    scopes: dict[str, list[str]] = {}
    for into, language in _list_scopes(connection):
        is_wanted = not filters.edition or into in ("", filters.edition)
        is_original = not filters.language or into or base(filters.language) == language
        if is_wanted and is_original:
            scopes.setdefault(language, []).append(scope_of(into, language))
    asked = []
    for language, names in scopes.items():
        plan = plan_query(query, language)
        if plan.required:
            asked.append(Asked(tuple(dict.fromkeys(names)), plan))
    return asked


def _list_scopes(connection: Connection) -> list[tuple[str, str]]:
    """List the (edition or none, language) of texts, leaping through the index of them."""
    found: list[tuple[str, str]] = []
    into, language = documents.c.into, documents.c.language
    query = select(into, language).order_by(into, language).limit(1)
    row = connection.execute(query).one_or_none()
    while row:
        found.append((row.into, row.language))
        next_one = query.where(into == row.into, language > row.language)
        row = connection.execute(next_one).one_or_none()
        if row is None:
            row = connection.execute(query.where(into > found[-1][0])).one_or_none()
    return found


def _match(
    connection: Connection, asked: Sequence[Asked], filters: Filters, *, by_date: bool
) -> dict[int, float]:
    """Give the numbers of the texts that match, with their worth."""
    wanted = _narrow(filters)
    is_joined = by_date or bool(wanted)
    found = find_entries(connection, asked, with_documents=is_joined, is_ranked=not by_date)
    if found is None:
        return {}
    order = documents.c.at.desc() if by_date else found.selected_columns.worth.desc()
    query = found.where(*wanted).order_by(order).limit(_LOOKED_AT)
    return {row.id: row.worth for row in connection.execute(query)}


def _narrow(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.language:
        wanted.append(documents.c.original == base(filters.language))
    if filters.sources is not None:
        wanted.append(documents.c.source.in_(sorted(filters.sources)))
    if filters.section:
        wanted.append(documents.c.section == filters.section)
    if filters.since:
        wanted.append(documents.c.at >= as_utc(filters.since))
    if filters.until:
        wanted.append(documents.c.at <= as_utc(filters.until))
    return wanted


def _describe(connection: Connection, matched: dict[int, float]) -> list[Hit]:
    hits = []
    ids = list(matched)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        query = select(documents).where(documents.c.id.in_(some), is_shown(documents.c.article))
        hits += [
            Hit(
                row.article,
                row.into,
                row.language,
                row.original,
                row.source,
                row.section,
                row.at,
                matched[row.id],
            )
            for row in connection.execute(query)
        ]
    return hits


def _gather(rows: Iterable[Hit], edition: str) -> list[Hit]:
    """Give each article once, worth what its best text is worth."""
    kept: dict[str, Hit] = {}
    worth: dict[str, float] = {}
    for hit in rows:
        worth[hit.article] = max(hit.worth, worth.get(hit.article, 0.0))
        before = kept.get(hit.article)
        if before is None or _rank(hit, edition) > _rank(before, edition):
            kept[hit.article] = hit
    return [
        Hit(h.article, h.into, h.language, h.original, h.source, h.section, h.at, worth[h.article])
        for h in kept.values()
    ]


def _rank(hit: Hit, edition: str) -> tuple[bool, float, str]:
    return (bool(edition) and base(edition) == hit.language, hit.worth, hit.into)


def _by_date(hit: Hit) -> tuple[float, float, str]:
    return (-hit.at.timestamp(), -hit.worth, hit.article)


def _by_worth(best: float, hit: Hit) -> tuple[int, float, str]:
    """Order by steps of worth, and in each step by time."""
    step = int(math.log(best / hit.worth) / _NEAR) if best > 0 and hit.worth > 0 else 0
    return (step, -hit.at.timestamp(), hit.article)


def list_sections(db: Store, limit: int) -> tuple[str, ...]:
    """List the sections that publishers put most articles in."""
    query = (
        select(documents.c.section)
        .where(documents.c.into == "", documents.c.section != "")
        .group_by(documents.c.section)
        .order_by(func.count().desc(), documents.c.section)
        .limit(limit)
    )
    with db.read() as connection:
        return tuple(connection.scalars(query))


def list_languages(db: Store) -> tuple[str, ...]:
    """List the languages of the originals that are indexed."""
    with db.read() as connection:
        return tuple(language for into, language in _list_scopes(connection) if not into)


def words_like(db: Store, word: str, language: str, most: int = 3) -> tuple[str, ...]:
    """Give words of a language that are written almost like this one, the nearest first.

    None where the word itself is known.
    """
    wanted = fold(word)
    slips = 1 if len(wanted) < 6 else 2
    if len(wanted) < 4 or len(wanted) > 30:
        return ()
    query = (
        select(words.c.word, words.c.documents)
        .where(
            words.c.language == base(language),
            func.length(words.c.word).between(len(wanted) - slips, len(wanted) + slips),
        )
        .order_by(words.c.documents.desc(), words.c.word)
        .limit(_KNOWN_WORDS)
    )
    with db.read() as connection:
        known = [row.word for row in connection.execute(query)]
    near = process.extract(
        wanted, [fold(one) for one in known], scorer=OSA.distance, score_cutoff=slips, limit=20
    )
    if any(distance == 0 for _, distance, _ in near):
        return ()
    # The order of the list is that of frequency.
    best = sorted(near, key=lambda one: (one[1], one[2]))
    return tuple(dict.fromkeys(known[place] for _, _, place in best))[:most]
