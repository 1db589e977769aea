"""Make the API's records of stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragoman.store import stories
from dragoman.store.listings import Place, Wanted, story_page
from dragoman.types import Grouping
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import Shelf, fill_shelf_by_id, find_card, find_headline

from .cursors import write_cursor
from .reading import address_of, moment_text
from .records import EventRecord, ReportRecord, StoryDetail, StoryList, StoryRecord

if TYPE_CHECKING:
    from dragoman.store import Store


def list_stories(
    db: Store,
    settings: SiteSettings,
    edition: str,
    wanted: Wanted,
    after: Place | None,
    limit: int,
) -> StoryList:
    """List stories of an edition, newest first."""
    page, end = story_page(db, wanted, after, limit)
    groups = stories.members(db, [summary.id for summary in page])
    shelf = fill_shelf_by_id(db, edition, (g.article for one in groups.values() for g in one))
    records = []
    for id, members in groups.items():
        shown = tuple(g for g in members if g.article in shelf.articles)
        if shown:
            records.append(_describe(settings, shelf, id, shown))
    return StoryList(records, write_cursor(end))


def read_story(db: Store, settings: SiteSettings, edition: str, id: str) -> StoryDetail | None:
    """Give a story with its events and their reports; None where it has none to show."""
    members = stories.story(db, id)
    shelf = fill_shelf_by_id(db, edition, (g.article for g in members))
    shown = tuple(g for g in members if g.article in shelf.articles)
    if not shown:
        return None
    events: dict[str, list[ReportRecord]] = {}
    for grouping in shown:
        report = _report(settings, shelf, grouping)
        events.setdefault(grouping.event, []).append(report)
    return StoryDetail(
        _describe(settings, shelf, shown[0].story, shown),
        [EventRecord(event, reports) for event, reports in events.items()],
    )


def _describe(
    settings: SiteSettings, shelf: Shelf, id: str, members: tuple[Grouping, ...]
) -> StoryRecord:
    card = find_card(shelf, id, members)
    return StoryRecord(
        id=id,
        edition=shelf.language,
        title=card.headline.text,
        title_language=card.headline.language,
        title_is_gist=card.headline.is_gist,
        reports=card.reports,
        languages=list(card.languages),
        countries=list(card.countries),
        newest=moment_text(card.newest),
        url=address_of(settings, shelf.language, f"story/{id}/"),
        articles=[grouping.article for grouping in members],
    )


def _report(settings: SiteSettings, shelf: Shelf, grouping: Grouping) -> ReportRecord:
    article = shelf.articles[grouping.article]
    headline, publisher = find_headline(shelf, article), shelf.publisher(article)
    return ReportRecord(
        article=article.id,
        title=headline.text,
        title_language=headline.language,
        original_title=article.title,
        language=article.language,
        status=headline.showing.value,
        source=article.source,
        source_name=publisher.name,
        country=publisher.country,
        published=moment_text(article.published.moment),
        url=address_of(settings, shelf.language, f"article/{article.id}/"),
        original_url=article.url,
        copy_of=grouping.copy_of or None,
    )
