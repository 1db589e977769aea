"""Campaigns: articles that are translated again after a model or the glossary changed.

Readers keep the old translation until the new one is there, and it stays in the store beside
it. Sentences that the change leaves alone come from the memory, so most of a campaign is cheap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from dragoman import languages, store, translate
from dragoman.store import Store
from dragoman.types import Stage, Term, Translation


@dataclass(frozen=True, slots=True)
class Campaign:
    """Which translations are to be made again; what is empty does not narrow them down."""

    language: str = ""  # of the articles
    into: str = ""
    source: str = ""
    since: datetime | None = None  # as articles are listed
    engine: str = ""  # that took part in the translation
    route: str = ""  # as it is shown, or a part of it
    words: str = ""  # that stand in the article, also inflected
    terms: tuple[Term, ...] = ()  # of which one stands in the article, in its language pair


def _no_progress(done: int, total: int) -> None:
    """Show nothing."""


def find_affected(
    db: Store, campaign: Campaign, progress: Callable[[int, int], None] = _no_progress
) -> list[tuple[str, str]]:
    """List the translations of a campaign by article and edition."""
    narrowed = campaign.language, campaign.into, campaign.source, campaign.since
    total = store.translations.count_finished(db, *narrowed)
    by_pair: dict[tuple[str, str], translate.Terms] = {}
    found: list[tuple[str, str]] = []
    for done, one in enumerate(store.translations.each_finished(db, *narrowed), 1):
        if _is_by(one, campaign) and _has_term(one, campaign, by_pair):
            found.append((one.article, one.into))
        progress(done, total)
    return found


def mark_again(db: Store, affected: Iterable[tuple[str, str]]) -> int:
    """Have translations made again at the next pass, and count them."""
    by_edition: dict[str, list[str]] = {}
    for article, into in affected:
        by_edition.setdefault(into, []).append(article)
    return sum(
        store.work.ask_again(db, ids, Stage.TRANSLATE, into) for into, ids in by_edition.items()
    )


def count_editions(affected: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Count the translations of a campaign by edition."""
    return dict(sorted(Counter(into for _, into in affected).items()))


def _is_by(one: Translation, campaign: Campaign) -> bool:
    route = one.route
    engines = {leg.engine for leg in route.legs} if route else set()
    return (not campaign.engine or campaign.engine in engines) and (
        not campaign.route or (route is not None and campaign.route in route.name)
    )


def _has_term(
    one: Translation, campaign: Campaign, by_pair: dict[tuple[str, str], translate.Terms]
) -> bool:
    if not campaign.terms and not campaign.words:
        return True
    pair = languages.base(one.language), one.into
    if pair not in by_pair:
        asked = [Term(*pair, campaign.words)] if campaign.words else []
        by_pair[pair] = translate.Terms(
            [*asked, *(term for term in campaign.terms if _is_for(term, *pair))]
        )
    return any(by_pair[pair].find(segment.segment.text) for segment in one.segments)


def _is_for(term: Term, language: str, into: str) -> bool:
    is_into = term.into in (into, languages.base(into))
    return is_into and languages.is_same(term.language, language)
