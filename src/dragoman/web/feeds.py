"""Build feeds and the sitemap from the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dragoman.publish.bodies import write_body
from dragoman.publish.headings import name_section
from dragoman.publish.rows import lay_rows, rows_text
from dragoman.publish.views import FeedEntry, FeedView, Frame
from dragoman.publish.wording import wording
from dragoman.sections import OTHER, SECTIONS
from dragoman.store import articles, editions, sources, stories
from dragoman.types import Article, Rights, TranslationStatus
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import (
    Shelf,
    describe_source,
    fill_shelf,
    fill_shelf_by_id,
    find_headline,
    find_report,
    newest_of,
    shown_rows,
)
from dragoman.web.shelf import choose_head as choose_story_head
from dragoman.web.views import make_frame

if TYPE_CHECKING:
    from dragoman.store import Store


def build_edition_feed(db: Store, settings: SiteSettings, language: str) -> FeedView:
    """Build the feed of an edition: its newest articles, copies of others left out."""
    # As many again, so that the feed stays full where wire copies are left out.
    listed = articles.newest_ids(db, 2 * settings.feed_size)
    copies = {g.article for g in stories.groupings(db, listed) if g.copy_of}
    chosen = [id for id in listed if id not in copies][: settings.feed_size]
    own = articles.articles(db, ids=chosen)
    words = wording(language)
    description = words.gettext("News from many languages, translated by machine.")
    frame = make_frame(settings, language, "")
    return lay_feed(fill_shelf(db, language, own), frame, settings.title, description, own)


def build_story_feed(db: Store, settings: SiteSettings, language: str, id: str) -> FeedView | None:
    """Build the feed of a story; None where it has no report."""
    members = stories.story(db, id)
    shelf = fill_shelf_by_id(db, language, (g.article for g in members), is_brief=True)
    members = tuple(g for g in members if g.article in shelf.articles)
    if not members:
        return None
    told = [shelf.articles[g.article] for g in reversed(members) if not g.copy_of]
    title = find_headline(shelf, choose_story_head(shelf, members)).text
    words = wording(language)
    description = words.gettext("Reports of this story from many languages.")
    frame = make_frame(settings, language, f"story/{members[0].story}/")
    shelf, own = _with_bodies(db, shelf, told[: settings.feed_size])
    return lay_feed(shelf, frame, title, description, own)


def build_section_feed(
    db: Store, settings: SiteSettings, language: str, section: str
) -> FeedView | None:
    """Build the feed of a section: the head of each of its newest stories."""
    ids = editions.ids_of_section(db, "" if section == OTHER else section, limit=settings.feed_size)
    if not ids or section not in (*SECTIONS, OTHER):
        return None
    groups = stories.members(db, ids)
    ids = tuple(g.article for one in groups.values() for g in one)
    shelf = fill_shelf_by_id(db, language, ids, is_brief=True)
    heads = [
        choose_story_head(shelf, members)
        for members in groups.values()
        if any(g.article in shelf.articles for g in members)
    ]
    words = wording(language)
    name = f"{name_section(section, words)} – {settings.title}"
    description = words.gettext("News from many languages, translated by machine.")
    frame = make_frame(settings, language, f"section/{section}/")
    shelf, own = _with_bodies(db, shelf, heads)
    return lay_feed(shelf, frame, name, description, own)


def _with_bodies(db: Store, shelf: Shelf, found: Iterable[Article]) -> tuple[Shelf, list[Article]]:
    """Read the bodies of articles that a feed gives; one that was withdrawn meanwhile goes."""
    wanted = [one.id for one in found]
    full = fill_shelf_by_id(db, shelf.language, wanted)
    return full, [full.articles[id] for id in wanted if id in full.articles]


def build_source_feed(db: Store, settings: SiteSettings, language: str, id: str) -> FeedView | None:
    """Build the feed of a source; None where we follow no such source."""
    source = sources.source(db, id)
    if source is None:
        return None
    publisher = describe_source(source)
    found = articles.articles(db, source=id, limit=settings.feed_size)
    frame = make_frame(settings, language, f"source/{id}/")
    words = wording(language)
    description = words.gettext("Articles of %(outlet)s, translated by machine.")
    shelf = fill_shelf(db, language, found)
    return lay_feed(shelf, frame, publisher.name, description % {"outlet": publisher.name}, found)


def lay_feed(
    shelf: Shelf, frame: Frame, title: str, description: str, found: Iterable[Article]
) -> FeedView:
    """Lay out a feed of articles, in their order."""
    entries = tuple(build_entry(shelf, frame, article) for article in found)
    updated = newest_of(entry.updated for entry in entries)
    return FeedView(frame, title, description, entries, updated)


def build_entry(shelf: Shelf, frame: Frame, article: Article) -> FeedEntry:
    """Build the entry of an article."""
    translation = shelf.translations.get(article.id)
    publisher = shelf.publisher(article)
    paired = shelf.paired(article)
    is_full = publisher.rights is Rights.FULL
    summary = shown_rows(paired, translation, Rights.EXTRACT if is_full else publisher.rights)
    body = lay_rows(paired, translation, is_paired=False) if is_full else ()
    is_done = translation is not None and translation.status is TranslationStatus.DONE
    made = newest_of((translation.made, translation.corrected)) if translation and is_done else None
    modified = article.modified.moment or article.published.moment
    return FeedEntry(
        report=find_report(shelf, article),
        article=article,
        translation=translation,
        address=f"{frame.site.base_url}{frame.root}article/{article.id}/",
        summary=rows_text(summary),
        html=write_body(body, article.language, shelf.language),
        updated=made or (modified.at if modified else article.first_seen),
    )
