"""What the relay learnt of names: how a language writes a word, how an edition spells a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import delete, select

from dragoman.languages import base
from dragoman.store.checkpoints import chunks
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import forms, spellings

_LONGEST = 200  # characters of a key
_FEWEST = 2  # articles that must agree on a form before it is believed, or reports on a spelling


def add_forms(db: Store, language: str, found: Mapping[str, str]) -> None:
    """Count one more article that writes these words, given small, in these forms."""
    found = _without_monsters(found)
    if not found:
        return
    code = base(language)
    with db.write() as connection:
        counts: dict[tuple[str, str], int] = {}
        for some in chunks(found):
            query = select(forms).where(forms.c.language == code, forms.c.word.in_(some))
            counts |= {(row.word, row.form): row.articles for row in connection.execute(query)}
        rows = [
            {
                "language": code,
                "word": word,
                "form": form,
                "articles": counts.get((word, form), 0) + 1,
            }
            for word, form in found.items()
        ]
        upsert(connection, forms, rows)


def _without_monsters(found: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is longer than a key, and no word."""
    return {word: form for word, form in found.items() if max(len(word), len(form)) <= _LONGEST}


def usual_forms(db: Store, language: str, words: Iterable[str]) -> dict[str, str]:
    """Give the form that most articles of a language write words in; only what two agree on."""
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(words):
            query = (
                select(forms)
                .where(
                    forms.c.language == base(language),
                    forms.c.word.in_(some),
                    forms.c.articles >= _FEWEST,
                )
                .order_by(forms.c.articles, forms.c.form.desc())
            )
            found |= {row.word: row.form for row in connection.execute(query)}
    return found


def add_spellings(db: Store, language: str, into: str, found: Mapping[str, str]) -> dict[str, str]:
    """Count one more native report that spells these names so.

    Gives those whose spelling in the edition changed by it.
    """
    found = _without_monsters(found)
    before = usual_spellings(db, language, into, found)
    codes = {"language": base(language), "into": base(into)}
    with db.write() as connection:
        counts: dict[tuple[str, str], int] = {}
        for some in chunks(found):
            query = select(spellings).where(
                spellings.c.language == codes["language"],
                spellings.c.into == codes["into"],
                spellings.c.name.in_(some),
            )
            counts |= {(row.name, row.spelling): row.reports for row in connection.execute(query)}
        rows = [
            {
                **codes,
                "name": name,
                "spelling": spelling,
                "reports": counts.get((name, spelling), 0) + 1,
                "updated": datetime.now(UTC),
            }
            for name, spelling in found.items()
        ]
        upsert(connection, spellings, rows)
    after = usual_spellings(db, language, into, found)
    return {name: spelling for name, spelling in after.items() if before.get(name) != spelling}


def usual_spellings(db: Store, language: str, into: str, names: Iterable[str]) -> dict[str, str]:
    """Give how native reports spell names: only what two agree on, and of two ways the commoner.

    A single report may misspell a name, or be linked to the wrong story.
    """
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(names):
            query = (
                select(spellings)
                .where(
                    spellings.c.language == base(language),
                    spellings.c.into == base(into),
                    spellings.c.name.in_(some),
                    spellings.c.reports >= _FEWEST,
                )
                .order_by(spellings.c.reports, spellings.c.spelling.desc())
            )
            found |= {row.name: row.spelling for row in connection.execute(query)}
    return found


def forget_spellings(db: Store) -> None:
    """Delete all spellings: the stories that showed them are linked anew, and show them again."""
    with db.write() as connection:
        connection.execute(delete(spellings))
