"""The log of corrections, for its page and for the pages of the articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dragoman.publish.correcting import KINDS, CorrectionsView
from dragoman.publish.views import (
    ArticleView,
    CorrectionEntry,
    FeedEntry,
    FeedView,
    Frame,
    Pager,
    Showing,
)
from dragoman.publish.wording import Wording, wording
from dragoman.store import corrections
from dragoman.store.corrections import Correction
from dragoman.types import Moment
from dragoman.web.reporting import complaint_path, shown_segments
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import Shelf, fill_shelf_by_id, find_headline, find_report, shown_rows
from dragoman.web.views import make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

PATH = "corrections/"
OF_ARTICLE = 20  # corrections on an article's own page


def build_corrections(
    db: Store, settings: SiteSettings, language: str, number: int
) -> CorrectionsView | None:
    """Build a page of an edition's log; None where there is no such page."""
    size = settings.page_size
    total = max(1, -(-corrections.count_corrections(db, language) // size))
    if number > total:
        return None
    found = corrections.corrections(db, language, limit=size, offset=(number - 1) * size)
    pager = Pager(number, has_next=number < total, total=total, path=PATH)
    frame = make_frame(settings, language, pager.path_of(number), feeds=PATH)
    return CorrectionsView(replace(frame, is_indexable=False), describe(db, language, found), pager)


def build_feed(db: Store, settings: SiteSettings, language: str) -> FeedView:
    """Build the feed of an edition's corrections."""
    found = corrections.corrections(db, language, limit=settings.feed_size)
    shelf = fill_shelf_by_id(db, language, (one.article for one in found))
    words = wording(language)
    frame = make_frame(settings, language, PATH, feeds=PATH)
    entries = tuple(
        _build_entry(shelf, frame, one, entry, words)
        for one, entry in zip(found, describe(db, language, found), strict=True)
    )
    title = f"{settings.title}: {words.gettext('Corrections')}"
    about = words.gettext("Sentences of machine translations that a person put right.")
    return FeedView(frame, title, about, entries, found[0].at if found else None)


def _build_entry(
    shelf: Shelf, frame: Frame, one: Correction, entry: CorrectionEntry, words: Wording
) -> FeedEntry:
    article = shelf.articles[one.article]
    report = replace(find_report(shelf, article), at=Moment(one.at))
    kind = words.gettext(KINDS[one.kind])
    change = f"{entry.before} → {entry.after}" if entry.before else ""
    return FeedEntry(
        report=report,
        article=article,
        translation=shelf.translations.get(one.article),
        address=replace(frame, path=f"article/{one.article}/").address,
        summary="\n".join(part for part in (f"{kind}.", change) if part),
        updated=one.at,
        key=one.id,
    )


def correct_view(db: Store, settings: SiteSettings, view: ArticleView) -> ArticleView:
    """Add to an article's page what was corrected, and where its translation is reported."""
    if view.showing is not Showing.TRANSLATED:
        return view
    language, id = view.frame.language, view.report.id
    return replace(
        view,
        corrections=corrections_of(db, language, id),
        complaint=complaint_path(settings, language, id),
        takes_reports=settings.takes_reports and not settings.is_static,
    )


def corrections_of(db: Store, language: str, article: str) -> tuple[CorrectionEntry, ...]:
    """Give the corrections of an article, newest first."""
    found = corrections.corrections(db, language, article=article, limit=OF_ARTICLE)
    return describe(db, language, found) if found else ()


def describe(
    db: Store, language: str, found: tuple[Correction, ...]
) -> tuple[CorrectionEntry, ...]:
    """Give corrections as readers see them, without the words that a source's rights forbid."""
    shelf = fill_shelf_by_id(db, language, (one.article for one in found))
    shown = {id: _shown_segments(shelf, id) for id in shelf.articles}
    return tuple(
        _describe(shelf, one, shown[one.article]) for one in found if one.article in shelf.articles
    )


def _shown_segments(shelf: Shelf, id: str) -> frozenset[str]:
    article = shelf.articles[id]
    translation = shelf.translations.get(id)
    rows = shown_rows(shelf.paired(article), translation, shelf.publisher(article).rights)
    return shown_segments(rows)


def _describe(shelf: Shelf, one: Correction, shown: frozenset[str]) -> CorrectionEntry:
    article = shelf.articles[one.article]
    is_shown = one.is_title or one.segment in shown
    return CorrectionEntry(
        article=one.article,
        headline=find_headline(shelf, article),
        publisher=shelf.publisher(article),
        segment=one.segment,
        kind=one.kind,
        at=one.at,
        before=one.before if is_shown else "",
        after=one.after if is_shown else "",
        is_title=one.is_title,
    )
