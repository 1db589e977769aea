"""The read API: records for programs, under the same rights as the pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dragoman.publish.provenance import describe_translation, iso
from dragoman.publish.rows import rows_text
from dragoman.store import articles, stories
from dragoman.store.withdrawals import is_withdrawn
from dragoman.types import Article, Moment, Rights
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import (
    Shelf,
    fill_shelf,
    fill_shelf_by_id,
    find_card,
    find_headline,
    shown_rows,
)
from dragoman.web.views import list_publishers

if TYPE_CHECKING:
    from dragoman.store import Store

__all__ = [
    "ArticleList",
    "ArticleRecord",
    "SourceList",
    "StoryList",
    "is_withdrawn",
    "list_articles",
    "list_sources",
    "list_stories",
    "read_article",
]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A publisher that the site follows."""

    id: str
    name: str
    language: str
    country: str
    url: str
    rights: str  # link, extract or full
    is_indexable: bool


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article in an edition. Times are ISO 8601, as exactly as they are known."""

    id: str
    edition: str
    title: str
    title_language: str
    original_title: str
    language: str  # of the original
    status: str  # native, translated, pending, held or failed
    source: str
    authors: list[str]
    published: str | None
    modified: str | None
    first_seen: str | None
    url: str  # our page
    original_url: str
    text: str  # what the source's rights allow: nothing, an extract, or all
    rights: str
    story: str | None
    provenance: dict[str, Any]
    revision: int  # 2 and up: the publisher changed it
    changes: list[dict[str, str]]  # since the revision before; where rights allow all of the text


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story in an edition."""

    id: str
    edition: str
    title: str
    title_language: str
    title_is_gist: bool
    reports: int
    languages: list[str]
    countries: list[str]
    newest: str | None
    url: str
    articles: list[str]


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Articles, newest first; ``next`` is the value of ``before`` for those that follow."""

    articles: list[ArticleRecord]
    next: str | None


@dataclass(frozen=True, slots=True)
class StoryList:
    """Stories, newest first; ``next`` is the value of ``offset`` for those that follow."""

    stories: list[StoryRecord]
    next: int | None


@dataclass(frozen=True, slots=True)
class SourceList:
    """The publishers that the site follows."""

    sources: list[SourceRecord]


def list_articles(
    db: Store,
    settings: SiteSettings,
    edition: str,
    *,
    source: str | None = None,
    language: str | None = None,
    before: str = "",
    limit: int = 50,
) -> ArticleList:
    """List articles of an edition, newest first."""
    found = articles.articles(db, source=source, language=language, before=before, limit=limit + 1)
    page = found[:limit]
    shelf = fill_shelf(db, edition, page)
    story_of = {g.article: g.story for g in stories.groupings(db, [a.id for a in page])}
    records = [_describe(settings, shelf, a, story_of.get(a.id)) for a in page]
    return ArticleList(records, page[-1].id if len(found) > limit else None)


def read_article(db: Store, settings: SiteSettings, edition: str, id: str) -> ArticleRecord | None:
    """Give one article in an edition; None where there is none to show."""
    article = articles.article(db, id)
    if article is None:
        return None
    groups = stories.groupings(db, [id])
    shelf = fill_shelf(db, edition, [article])
    return _describe(settings, shelf, article, groups[0].story if groups else None)


def list_stories(
    db: Store, settings: SiteSettings, edition: str, *, offset: int = 0, limit: int = 25
) -> StoryList:
    """List stories of an edition, newest first."""
    ids = stories.story_ids(db, limit=limit + 1, offset=offset)
    groups = stories.members(db, ids[:limit])
    shelf = fill_shelf_by_id(db, edition, (g.article for one in groups.values() for g in one))
    records = []
    for id, members in groups.items():
        shown = [g.article for g in members if g.article in shelf.articles]
        if not shown:
            continue
        card = find_card(shelf, id, members)
        records.append(
            StoryRecord(
                id=id,
                edition=edition,
                title=card.headline.text,
                title_language=card.headline.language,
                title_is_gist=card.headline.is_gist,
                reports=card.reports,
                languages=list(card.languages),
                countries=list(card.countries),
                newest=_moment(card.newest),
                url=f"{settings.base_url.rstrip('/')}/{edition}/story/{id}/",
                articles=shown,
            )
        )
    return StoryList(records, offset + limit if len(ids) > limit else None)


def list_sources(db: Store) -> SourceList:
    """List the sources that are followed."""
    return SourceList(
        [
            SourceRecord(p.id, p.name, p.language, p.country, p.url, p.rights.value, p.is_indexable)
            for p in list_publishers(db)
        ]
    )


def _describe(
    settings: SiteSettings, shelf: Shelf, article: Article, story: str | None
) -> ArticleRecord:
    headline = find_headline(shelf, article)
    publisher = shelf.publisher(article)
    translation = shelf.translations.get(article.id)
    rows = shown_rows(shelf.paired(article), translation, publisher.rights)
    return ArticleRecord(
        id=article.id,
        edition=shelf.language,
        title=headline.text,
        title_language=headline.language,
        original_title=article.title,
        language=article.language,
        status=headline.showing.value,
        source=article.source,
        authors=list(article.authors),
        published=_moment(article.published.moment),
        modified=_moment(article.modified.moment),
        first_seen=_stamp(article.first_seen),
        url=f"{settings.base_url.rstrip('/')}/{shelf.language}/article/{article.id}/",
        original_url=article.url,
        text=rows_text(rows),
        rights=publisher.rights.value,
        story=story,
        provenance=describe_translation(article, translation),
        revision=article.revision,
        changes=[asdict(one) for one in article.changes if publisher.rights is Rights.FULL],
    )


def _moment(moment: Moment | None) -> str | None:
    return iso(moment) or None


def _stamp(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
