"""Full text search over originals and translations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import starmap
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Connection, func, select

from dragoman.analysis import Query, plan_query
from dragoman.analysis.folding import fold, fold_all, lower
from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import as_utc, clean_words
from dragoman.store.fulltext import Asked, find_entries, scope_of
from dragoman.store.opening import Store
from dragoman.store.schema import search_documents as documents
from dragoman.store.schema import search_scopes as scopes
from dragoman.store.schema import search_words as words

MOST = 200  # articles that one search gives: whoever wants more asks more closely

_LOOKED_AT = 2 * MOST  # texts: of an article, its original and a translation
_NEAR = math.log(1 / 0.85)  # what is worth at least so much of another is its near equal
_KNOWN_WORDS = 10_000  # of a language that a misspelt one is compared with


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; empty: everything."""

    edition: str = ""  # its translations, and all originals; empty: every text
    language: str = ""  # of the original
    sources: frozenset[str] | None = None
    section: str = ""
    since: datetime | None = None
    until: datetime | None = None  # and not after


class Hit(NamedTuple):
    """An article that was found, by the text in which it matched."""

    article: str
    into: str  # empty: in the original
    language: str  # of that text
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
    hits = _gather(matched, filters.edition)
    is_more = len(matched) >= _LOOKED_AT or len(hits) > MOST
    best = max((hit.worth for hit in hits), default=0.0)
    hits.sort(key=_by_date if by_date else partial(_by_worth, best))
    return Found(tuple(hits[:MOST]), is_more)


def _ask(connection: Connection, query: Query, filters: Filters) -> list[Asked]:
    """Put a query into the words of each language that is searched."""
    wanted: dict[str, list[str]] = {}
    for into, language in connection.execute(select(scopes)):
        is_wanted = not filters.edition or into in ("", filters.edition)
        is_original = not filters.language or into or base(filters.language) == language
        if is_wanted and is_original:
            wanted.setdefault(language, []).append(scope_of(into, language))
    asked = []
    for language, names in wanted.items():
        plan = plan_query(query, language)
        if plan.required:
            asked.append(Asked(tuple(dict.fromkeys(names)), plan))
    return asked


def _match(
    connection: Connection, asked: Sequence[Asked], filters: Filters, *, by_date: bool
) -> list[Hit]:
    """Give the texts that match, the best or the newest of them, each with its worth."""
    wanted = _narrow(filters)
    is_joined = by_date or bool(wanted)
    found = find_entries(connection, asked, with_documents=is_joined, is_ranked=not by_date)
    if found is None:
        return []
    order = documents.c.at.desc() if by_date else found.selected_columns.worth.desc()
    # Only the best are looked up: a common word stands in most texts.
    best = found.where(*wanted).order_by(order).limit(_LOOKED_AT).subquery()
    query = select(
        documents.c.article, documents.c.into, documents.c.language, documents.c.at, best.c.worth
    ).join_from(best, documents, documents.c.id == best.c.id)
    rows = connection.execute(query.where(is_shown(documents.c.article))).all()
    return list(starmap(Hit, rows))


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


def _gather(found: Iterable[Hit], edition: str) -> list[Hit]:
    """Give each article once, worth what its best text is worth."""
    kept: dict[str, Hit] = {}
    for hit in found:
        before = kept.get(hit.article)
        if before is None:
            kept[hit.article] = hit
            continue
        worth = max(hit.worth, before.worth)
        better = hit if _rank(hit, edition) > _rank(before, edition) else before
        kept[hit.article] = better._replace(worth=worth)
    return list(kept.values())


def _rank(hit: Hit, edition: str) -> tuple[bool, float, str]:
    return (bool(edition) and base(edition) == hit.language, hit.worth, hit.into)


def _by_date(hit: Hit) -> tuple[float, float, str]:
    return (-hit.at.timestamp(), -hit.worth, hit.article)


def _by_worth(best: float, hit: Hit) -> tuple[int, float, str]:
    """Order by steps of worth, and in each step by time."""
    step = int(math.log(best / hit.worth) / _NEAR) if best > 0 and hit.worth > 0 else 0
    return (step, -hit.at.timestamp(), hit.article)


def list_languages(db: Store) -> tuple[str, ...]:
    """List the languages of the originals that are indexed."""
    with db.read() as connection:
        query = select(scopes.c.language).where(scopes.c.into == "").order_by(scopes.c.language)
        return tuple(connection.scalars(query))


def words_like(db: Store, word: str, language: str, most: int = 3) -> tuple[str, ...]:
    """Give words of a language that are written almost like this one, the nearest first.

    None where the word itself is known.
    """
    wanted = fold(word)
    slips = 1 if len(wanted) < 6 else 2
    if len(wanted) < 4 or len(wanted) > 30:
        return ()
    query = (
        select(words.c.word)
        .where(
            words.c.language == base(language),
            func.length(words.c.word).between(len(wanted) - slips, len(wanted) + slips),
        )
        .order_by(words.c.documents.desc(), words.c.word)
        .limit(_KNOWN_WORDS)
    )
    itself = select(words.c.word).where(
        words.c.language == base(language),
        words.c.word.in_([clean_words(wanted), clean_words(lower(word))]),
    )
    with db.read() as connection:
        if connection.scalars(itself).first():
            return ()
        known = connection.scalars(query).all()
    near = process.extract(
        wanted, fold_all(known), scorer=OSA.distance, score_cutoff=slips, limit=20
    )
    if any(distance == 0 for _, distance, _ in near):
        return ()
    # The order of the list is that of frequency.
    best = sorted(near, key=lambda one: (one[1], one[2]))
    return tuple(dict.fromkeys(known[place] for _, _, place in best))[:most]
