"""Terminology: how terms are to be translated, with what a change would do before it is done."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dragoman.desk.board import Board, Done, File, Page, Role, Visit
from dragoman.desk.wording import say
from dragoman.errors import ConfigError, DragomanError, UnknownLanguage
from dragoman.languages import normalise
from dragoman.sanitize import clean_text
from dragoman.steps import Campaign, find_affected, mark_again
from dragoman.steps.terms import preview_term
from dragoman.store import articles, doubts, glossary
from dragoman.translate.exchange import read_csv, write_csv, write_tbx
from dragoman.translate.exchange.glossary_files import BadRow
from dragoman.types import UNKNOWN_LANGUAGE, Term

board = Board("Terminology", "/terminology")

LONGEST = 200  # characters of a term, and of its translation
SIZE = 200  # terms on a page


@board.page("/terminology")
def show_terms(visit: Visit) -> Page:
    """List the terms, and take in new ones."""
    language, into = _pair(visit)
    words = visit.query.get("q", "").strip().casefold()
    found = [
        term
        for term in glossary.terms(visit.db, language, into)
        if words in f"{term.term} {term.translation} {term.note}".casefold()
    ]
    pages = max(1, -(-len(found) // SIZE))
    number = min(max(visit.number("page", 1), 1), pages)
    chosen = {"pair": visit.query.get("pair", ""), "q": visit.query.get("q", "")}
    values = {
        "terms": found[(number - 1) * SIZE : number * SIZE],
        "total": len(found),
        "pages": pages,
        "number": number,
        "pairs": _known_pairs(visit),
        "pair": (language, into),
        "words": visit.query.get("q", ""),
        "filter": urlencode({key: value for key, value in chosen.items() if value}),
        "given": _given(visit, Term(language, into, "")),
        "preview": "/terminology/preview",
    }
    return Page("terminology.html", values)


def _pair(visit: Visit) -> tuple[str, str]:
    language, _, into = visit.query.get("pair", "").partition(">")
    return language, into


def _known_pairs(visit: Visit) -> list[tuple[str, str]]:
    own = {(term.language, term.into) for term in glossary.terms(visit.db)}
    return sorted(own | set(doubts.pairs(visit.db)))


def _given(visit: Visit, default: Term) -> Term:
    """Give what a form says of a term, as it was typed."""
    if not visit.fields:
        return default
    return Term(
        visit.field("language") or default.language,
        visit.field("into") or default.into,
        visit.field("term"),
        visit.field("translation"),
        bool(visit.field("cased")),
        visit.field("note"),
    )


def _read_term(get: Callable[[str], str]) -> Term:
    """Read a term; raises `ConfigError` with what it lacks."""
    term, translation, note = (clean_text(get(name)) for name in ("term", "translation", "note"))
    if not any(char.isalnum() for char in term):
        raise ConfigError("a term needs at least one letter or digit; write it as articles do")
    for name, text in (("term", term), ("translation", translation), ("note", note)):
        if len(text) > LONGEST:
            raise ConfigError(f"the {name} is longer than {LONGEST} characters; shorten it")
    try:
        language, into = normalise(get("language")), normalise(get("into"))
    except UnknownLanguage as error:
        raise ConfigError(str(error)) from error
    if UNKNOWN_LANGUAGE in (language, into) or language == into:
        raise ConfigError("name the language of the term and another one to translate it into")
    return Term(language, into, term, translation, bool(get("cased")), note)


# -- Preview ---------------------------------------------------------------------------


@board.page("/terminology/preview")
def show_preview(visit: Visit) -> Page:
    """Show what saving or deleting a term would change: nothing is changed by it."""
    typed = dict(visit.fields)

    def get(name: str) -> str:
        return typed.get(name, visit.query.get(name, ""))

    try:
        term = _read_term(get)
    except ConfigError as error:
        refused = {"error": str(error), "back": "/terminology"}
        return Page("terminology_refused.html", refused, 422)
    found = preview_term(visit.db, term)
    shown = articles.articles(visit.db, ids=list({use.article for use in found.uses}))
    same = [
        one for one in glossary.terms(visit.db, term.language, term.into) if one.term == term.term
    ]
    values: dict[str, Any] = {
        "term": term,
        "found": found,
        "before": same[0] if same else None,
        "titles": {one.id: one.title for one in shown},
        "may_edit": visit.role >= Role.EDITOR,
        "is_removal": get("remove") == "1" and bool(same),
    }
    return Page("terminology_preview.html", values)


# -- Changes -----------------------------------------------------------------------------


@board.action("/terminology/save", Role.EDITOR, "term.save", again=show_terms)
def save(visit: Visit) -> Done:
    """Write a term, and have what holds it translated again where that is asked for."""
    term = _read_term(visit.field)
    before = [
        one for one in glossary.terms(visit.db, term.language, term.into) if one.term == term.term
    ]
    changed = glossary.put_terms(visit.db, [term])
    words = say("The term is saved.") if changed else say("The term stood so already.")
    words += _campaign(visit, changed or (term,))
    return Done(
        _home(term),
        words,
        target=f"{term.language} > {term.into}: {term.term}",
        before=_write(before[0]) if before else "",
        after=_write(term),
    )


@board.action("/terminology/remove", Role.EDITOR, "term.remove")
def remove(visit: Visit) -> Done:
    """Delete a term."""
    term = _read_term(visit.field)
    gone = glossary.remove_terms(visit.db, term=term.term, language=term.language, into=term.into)
    if not gone:
        raise ConfigError("the glossary holds no such term; go back and load the page again")
    words = say("The term is deleted.") + _campaign(visit, gone)
    target = f"{term.language} > {term.into}: {term.term}"
    return Done(_home(term), words, target, before="; ".join(map(_write, gone)))


@board.action("/terminology/again", Role.EDITOR, "term.again")
def translate_again(visit: Visit) -> Done:
    """Have the articles that hold a term translated again."""
    term = _read_term(visit.field)
    number = mark_again(visit.db, find_affected(visit.db, Campaign(terms=(term,))))
    words = say(
        "Translations made again at the next pass: %(num)s; until then the old ones show.",
        num=number,
    )
    return Done(
        _home(term), words, f"{term.language} > {term.into}: {term.term}", after=str(number)
    )


@board.action("/terminology/import", Role.EDITOR, "term.import", again=show_terms, takes_file=True)
def take_file(visit: Visit) -> Done:
    """Read terms from a CSV file; rows that cannot be read are named, the rest is taken."""
    if not visit.file:
        raise ConfigError("choose a CSV file: language,into,term,translation,case,note")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "terms.csv")
        file.write_bytes(visit.file)
        try:
            found, bad = read_csv(file)
        except DragomanError as error:
            raise ConfigError(str(error).replace(str(file), "the file")) from error
    if not found:
        raise ConfigError(_name_bad(bad) or "the file holds no terms")
    changed = glossary.put_terms(visit.db, found)
    words = say(
        "Terms read: %(read)s; of them %(changed)s changed something.",
        read=len(found),
        changed=len(changed),
    )
    words += _campaign(visit, changed) + (f" {_name_bad(bad)}" if bad else "")
    return Done("/terminology", words[:1000], target=f"{len(found)} terms", after=words[:300])


def _campaign(visit: Visit, changed: Iterable[Term]) -> str:
    """Say how many translations a change affects, and mark them where that was ticked."""
    terms = tuple(changed)
    affected = find_affected(visit.db, Campaign(terms=terms)) if terms else []
    if not affected:
        return ""
    if visit.field("again"):
        number = mark_again(visit.db, affected)
        return " " + say("Translations made again at the next pass: %(num)s.", num=number)
    return " " + say("Translations that hold it, and stay as they are: %(num)s.", num=len(affected))


# -- Files -------------------------------------------------------------------------------


@board.page("/terminology/terms.csv")
def give_csv(visit: Visit) -> File:
    """Give the terms as CSV."""
    return File("terms.csv", _write_file(visit, write_csv), "text/csv; charset=utf-8")


@board.page("/terminology/terms.tbx")
def give_tbx(visit: Visit) -> File:
    """Give the terms as TBX, for other tools."""
    return File("terms.tbx", _write_file(visit, write_tbx), "application/x-tbx+xml")


def _write_file(visit: Visit, write: Callable[[Path, Iterable[Term]], int]) -> bytes:
    language, into = _pair(visit)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "terms")
        write(file, glossary.terms(visit.db, language, into))
        return file.read_bytes()


def _name_bad(bad: Sequence[BadRow]) -> str:
    return " ".join(
        say("Line %(line)s: %(reason)s.", line=row.line, reason=row.reason) for row in bad[:5]
    )


def _home(term: Term) -> str:
    return f"/terminology?{urlencode({'pair': f'{term.language}>{term.into}'})}"


def _write(term: Term) -> str:
    case = ", as written" if term.is_cased else ""
    return f"{term.translation or '(never translated)'}{case}"
