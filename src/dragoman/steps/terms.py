"""What a term of the glossary would change, before it does."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman import store, translate
from dragoman.steps.retranslating import Campaign, find_affected
from dragoman.store import Store
from dragoman.translate.glossary import find_lacking
from dragoman.types import Term


@dataclass(frozen=True, slots=True)
class Use:
    """A translated sentence that holds a term, and whether it reads as the term demands."""

    article: str
    into: str
    segment: str
    source: str
    target: str
    is_met: bool
    reviewed_by: str = ""  # then it stays as it is


@dataclass(frozen=True, slots=True)
class Preview:
    """What a term would change."""

    translations: tuple[tuple[str, str], ...]  # by article and edition
    uses: tuple[Use, ...]  # examples: those that do not read so come first
    sentences: int
    met: int  # of these


def preview_term(db: Store, term: Term, most: int = 40) -> Preview:
    """Find the published sentences that hold a term, and how they read now."""
    affected = find_affected(db, Campaign(language=term.language, terms=(term,)))
    terms = translate.Terms([term])
    uses: list[Use] = []
    for article, into in affected:
        made = store.translations.translation(db, article, into)
        for one in made.segments if made else ():
            found = terms.find(one.segment.text)
            if found and not one.is_untouched:
                lacking = find_lacking(found, one.target, into)
                text, by = one.segment.text, one.reviewed_by
                uses.append(Use(article, into, one.segment.id, text, one.target, not lacking, by))
    uses.sort(key=lambda use: use.is_met)
    met = sum(use.is_met for use in uses)
    return Preview(tuple(affected), tuple(uses[:most]), len(uses), met)
