"""Build what each page shows from the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.rows import lay_title, reading_minutes, rows_text
from dragoman.publish.views import (
    AboutView,
    ArticleView,
    ChooserView,
    ErrorView,
    Frame,
    FrontView,
    Pager,
    Publisher,
    Report,
    Showing,
    SiteView,
    SourceView,
    StoryCard,
    StoryView,
)
from dragoman.sanitize import clean_url
from dragoman.store import articles, sources, stories, translations
from dragoman.types import Article, Grouping, Rights, TranslationStatus
from dragoman.web.assets import assets
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import (
    Shelf,
    describe_source,
    fill_shelf,
    fill_shelf_by_id,
    find_card,
    find_report,
    newest_of,
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
        contact=contact or clean_url(settings.contact),
        is_mining_reserved=settings.is_mining_reserved,
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
    )


def build_front(db: Store, settings: SiteSettings, language: str, number: int) -> FrontView | None:
    """Build a page of an edition's front; None where there is no such page."""
    size = settings.page_size
    total = max(1, -(-stories.count_stories(db) // size))
    if number > total:
        return None
    ids = stories.story_ids(db, limit=size, offset=(number - 1) * size)
    groups = stories.members(db, ids)
    shelf = fill_shelf_by_id(db, language, (g.article for one in groups.values() for g in one))
    # An article may be withdrawn between two reads: a story without any left is skipped.
    cards = tuple(
        find_card(shelf, id, members)
        for id, members in groups.items()
        if any(g.article in shelf.articles for g in members)
    )
    pager = Pager(number, has_next=number < total, total=total)
    return FrontView(
        frame=make_frame(settings, language, pager.path_of(number)),
        stories=_lead_first(cards) if number == 1 else cards,
        publishers=list_publishers(db),
        pager=pager,
        updated=newest_of(card.newest.at for card in cards if card.newest),
    )


def _lead_first(cards: tuple[StoryCard, ...]) -> tuple[StoryCard, ...]:
    """Put the story with most reports on top, if readers can read it; the rest stay in order."""
    shared = [c for c in cards if c.reports > 1 and c.headline.showing.is_readable]
    if not shared:
        return cards
    top = max(shared, key=lambda card: card.reports)  # the newest of equals
    return (top, *(card for card in cards if card is not top))


def list_publishers(db: Store) -> tuple[Publisher, ...]:
    """List the sources that are followed, by name."""
    found = map(describe_source, sources.sources(db))
    return tuple(sorted(found, key=lambda publisher: publisher.name.casefold()))


def build_story(db: Store, settings: SiteSettings, language: str, id: str) -> StoryView | None:
    """Build the page of a story; None where it has no report to show."""
    members = stories.story(db, id)
    shelf = fill_shelf_by_id(db, language, (g.article for g in members))
    members = tuple(g for g in members if g.article in shelf.articles)
    if not members:
        return None
    reports = order_reports(shelf, members)
    found = [shelf.articles[g.article] for g in members]
    spoken = Counter(languages.base(article.language) for article in found)
    groups: dict[str, list[Report]] = {}
    for report in reports:
        groups.setdefault(languages.base(report.headline.original_language), []).append(report)
    followed = {languages.base(s.language) for s in sources.sources(db)} - {"und"}
    path = f"story/{members[0].story}/"
    frame = make_frame(settings, language, path, feeds=path)
    is_open = all(shelf.publisher(article).is_indexable for article in found)
    return StoryView(
        frame=replace(frame, is_indexable=is_open),
        card=find_card(shelf, members[0].story, members),
        by_language=tuple(spoken.most_common()),
        by_country=tuple(Counter(shelf.publisher(a).country for a in found).most_common()),
        timeline=reports,
        groups=tuple(
            (code, tuple(groups[code])) for code, _ in spoken.most_common() if code in groups
        ),
        silent=tuple(sorted(followed - set(spoken))),
    )


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
    own.sort(key=members.index)
    events: set[str] = set()
    reports = []
    for index, grouping in enumerate(own):
        also_in = tuple(copies.get(grouping.article, ()))
        report = find_report(shelf, shelf.articles[grouping.article], also_in)
        is_new = index > 0 and grouping.event not in events
        reports.append(replace(report, is_first=index == 0, is_new_event=is_new))
        events.add(grouping.event)
    return tuple(reports)


def build_article(db: Store, settings: SiteSettings, language: str, id: str) -> ArticleView | None:
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
    story, elsewhere = _find_elsewhere(db, language, id)
    return ArticleView(
        frame=_frame_article(db, settings, language, article, publisher, report.headline.showing),
        report=report,
        article=shown,
        translation=translation,
        rows=rows,
        title=lay_title(translation),
        is_cut=rows != shown_rows(shown, translation, Rights.FULL),
        is_outdated=shown.revision != article.revision,
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
    done = {
        one.into
        for one in translations.translations(db, article.id)
        if one.status is TranslationStatus.DONE
    }
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
    )


def _find_elsewhere(db: Store, language: str, id: str) -> tuple[str, tuple[Report, ...]]:
    """Give an article's story and the other reports of it, readable ones first."""
    own = stories.groupings(db, [id])
    if not own:
        return "", ()
    members = stories.story(db, own[0].story)
    shelf = fill_shelf_by_id(db, language, (g.article for g in members))
    others = tuple(g for g in members if g.article != id and g.article in shelf.articles)
    reports = [replace(r, is_first=False, is_new_event=False) for r in order_reports(shelf, others)]
    reports.sort(key=lambda report: not report.headline.showing.is_readable)
    return own[0].story, tuple(reports[:ELSEWHERE])


def build_source(
    db: Store, settings: SiteSettings, language: str, id: str, number: int
) -> SourceView | None:
    """Build a page of a source's articles; None where there is no such page."""
    source = sources.source(db, id)
    if source is None:
        return None
    size = settings.page_size
    found = articles.articles(db, source=id, limit=size + 1, offset=(number - 1) * size)
    if not found and number > 1:
        return None
    shelf = fill_shelf(db, language, found[:size])
    path = f"source/{id}/"
    pager = Pager(number, has_next=len(found) > size, path=path)
    frame = make_frame(settings, language, pager.path_of(number), feeds=path)
    return SourceView(
        frame=replace(frame, is_indexable=source.is_indexable),
        publisher=describe_source(source),
        reports=tuple(find_report(shelf, article) for article in found[:size]),
        pager=pager,
    )


def build_about(db: Store, settings: SiteSettings, language: str) -> AboutView:
    """Build the page that says how the site works."""
    return AboutView(make_frame(settings, language, "about/"), list_publishers(db))


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
