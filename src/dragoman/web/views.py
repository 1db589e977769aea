"""Build what each page shows from the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.rows import lay_title, reading_minutes, rows_text
from dragoman.publish.views import (
    ArticleView,
    ChooserView,
    ErrorView,
    Frame,
    Pager,
    Publisher,
    Report,
    Showing,
    SiteView,
    SourceView,
)
from dragoman.sanitize import clean_url
from dragoman.store import articles, sources, stories, translations
from dragoman.types import Article, Grouping, Rights
from dragoman.web.assets import assets
from dragoman.web.cards import can_draw
from dragoman.web.pictures import lay_pictures
from dragoman.web.settings import FILE_POLICY, SiteSettings
from dragoman.web.shelf import (
    Shelf,
    describe_source,
    fill_shelf,
    fill_shelf_by_id,
    find_report,
    is_read,
    shown_rows,
)

if TYPE_CHECKING:
    from dragoman.store import Store

ELSEWHERE = 8  # reports of the same story under an article; the story page has all


def describe_site(settings: SiteSettings) -> SiteView:
    """Give what every page has in common."""
    contact = settings.contact if settings.contact.startswith("mailto:") else ""
    return SiteView(
        title=settings.title,
        base_url=settings.base_url.rstrip("/"),
        editions=settings.editions,
        style=assets()["site.css"].path,
        icon=assets()["icon.svg"].path,
        script=assets()["site.js"].path,
        is_static=settings.is_static,
        has_search=settings.has_search,
        contact=contact or clean_url(settings.contact),
        is_mining_reserved=settings.is_mining_reserved,
        policy=FILE_POLICY if settings.is_static else "",
    )


def make_frame(
    settings: SiteSettings, language: str, path: str, *, feeds: str | None = ""
) -> Frame:
    """Give the frame of a page that every edition has in its own language."""
    return Frame(
        site=describe_site(settings),
        language=language,
        path=path,
        written_in=settings.editions,
        is_mining_reserved=settings.is_mining_reserved,
        feeds=feeds,
        card="card.png" if can_draw(language) else "",
    )


def own_card(settings: SiteSettings, language: str, path: str) -> str:
    """Give the path of a page's own share card; of the edition's, where pages are files."""
    if not can_draw(language):
        return ""
    return "card.png" if settings.is_static else f"{path}card.png"


def list_publishers(db: Store) -> tuple[Publisher, ...]:
    """List the sources that are followed, by name."""
    found = map(describe_source, sources.sources(db))
    return tuple(sorted(found, key=lambda publisher: publisher.name.casefold()))


def order_reports(shelf: Shelf, members: tuple[Grouping, ...]) -> tuple[Report, ...]:
    """List a story's reports in order of time, each with its copies, and mark the beginnings."""
    own = [g for g in members if g.copy_of not in shelf.articles or g.copy_of == g.article]
    kept = {g.article for g in own}
    copies: dict[str, list[Report]] = {}
    for grouping in members:
        if grouping.article not in kept and grouping.copy_of in kept:
            copy = find_report(shelf, shelf.articles[grouping.article])
            copies.setdefault(grouping.copy_of, []).append(copy)
        elif grouping.article not in kept:  # a copy of a copy stands for itself
            own.append(grouping)
    places = {grouping.article: place for place, grouping in enumerate(members)}
    own.sort(key=lambda grouping: places[grouping.article])
    events: set[str] = set()
    reports = []
    for index, grouping in enumerate(own):
        also_in = tuple(copies.get(grouping.article, ()))
        report = find_report(shelf, shelf.articles[grouping.article], also_in)
        is_new = index > 0 and grouping.event not in events
        reports.append(replace(report, is_first=index == 0, is_new_event=is_new))
        events.add(grouping.event)
    return tuple(reports)


def build_article(
    db: Store, settings: SiteSettings, language: str, id: str, reads: tuple[str, ...] = ()
) -> ArticleView | None:
    """Build the page of an article; None where there is none to show."""
    article = articles.article(db, id)
    if article is None:
        return None
    shelf = fill_shelf(db, language, [article])
    translation = shelf.translations.get(id)
    shown = shelf.paired(article)
    publisher = shelf.publisher(article)
    rows = shown_rows(shown, translation, publisher.rights)
    report = find_report(shelf, article)
    story, elsewhere = _find_elsewhere(db, language, id, reads)
    return ArticleView(
        frame=_frame_article(db, settings, language, article, publisher, report.headline.showing),
        report=report,
        article=shown,
        translation=translation,
        rows=lay_pictures(settings, shown, publisher, rows),
        title=lay_title(translation),
        is_cut=rows != shown_rows(shown, translation, Rights.FULL),
        is_outdated=shown.revision != article.revision,
        is_original_first=is_read(article.language, reads),
        minutes=reading_minutes(rows_text(rows)),
        story=story,
        elsewhere=elsewhere,
    )


def _frame_article(
    db: Store,
    settings: SiteSettings,
    language: str,
    article: Article,
    publisher: Publisher,
    showing: Showing,
) -> Frame:
    done = translations.editions_with(db, article.id)
    written = tuple(
        code
        for code in settings.editions
        if code in done or languages.is_same(code, article.language)
    )
    kept = article.reservations
    return replace(
        make_frame(settings, language, f"article/{article.id}/", feeds=None),
        written_in=written,
        is_indexable=publisher.is_indexable and showing.is_readable and not kept.no_index,
        is_archivable=not kept.no_archive,
        is_mining_reserved=settings.is_mining_reserved or kept.tdm_reserved,
        mining_policy=kept.tdm_policy,
        card=own_card(settings, language, f"article/{article.id}/"),
    )


def _find_elsewhere(
    db: Store, language: str, id: str, reads: tuple[str, ...]
) -> tuple[str, tuple[Report, ...]]:
    """Give an article's story and the other reports of it, readable ones first."""
    own = stories.groupings(db, [id])
    if not own:
        return "", ()
    members = stories.members(db, [own[0].story]).get(own[0].story, ())
    shelf = fill_shelf_by_id(db, language, (g.article for g in members), reads, is_brief=True)
    others = tuple(g for g in members if g.article != id and g.article in shelf.articles)
    reports = [replace(r, is_first=False, is_new_event=False) for r in order_reports(shelf, others)]
    reports.sort(key=lambda report: not report.headline.showing.is_readable)
    return own[0].story, tuple(reports[:ELSEWHERE])


def build_source(
    db: Store,
    settings: SiteSettings,
    language: str,
    id: str,
    number: int,
    reads: tuple[str, ...] = (),
) -> SourceView | None:
    """Build a page of a source's articles; None where there is no such page."""
    source = sources.source(db, id)
    if source is None:
        return None
    size = settings.page_size
    start = (number - 1) * size
    found = articles.articles(db, source=id, limit=size + 1, offset=start, is_brief=True)
    if not found and number > 1:
        return None
    shelf = fill_shelf(db, language, found[:size], reads, is_brief=True)
    path = f"source/{id}/"
    pager = Pager(number, has_next=len(found) > size, path=path)
    frame = make_frame(settings, language, pager.path_of(number), feeds=path)
    return SourceView(
        frame=replace(frame, is_indexable=source.is_indexable),
        publisher=describe_source(source),
        reports=tuple(find_report(shelf, article) for article in found[:size]),
        pager=pager,
    )


def build_error(
    settings: SiteSettings, language: str, status: int, publisher: Publisher | None = None
) -> ErrorView:
    """Build the page for what is not there."""
    frame = make_frame(settings, language, "", feeds=None)
    return ErrorView(
        replace(frame, is_everywhere=False, is_indexable=False), status=status, publisher=publisher
    )


def build_chooser(settings: SiteSettings) -> ChooserView:
    """Build the list of editions."""
    return ChooserView(describe_site(settings))
