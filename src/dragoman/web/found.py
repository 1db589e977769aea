"""What a search found, as records for programs: the API and the command give the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.analysis import Part, parse_query
from dragoman.publish.provenance import iso
from dragoman.publish.search import SearchAsked, SearchHit
from dragoman.sections import find_section
from dragoman.store.search import Hit
from dragoman.web.search import Finder, describe_hit
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import Shelf, fill_shelf_by_id

if TYPE_CHECKING:
    from dragoman.store import Store


@dataclass(frozen=True, slots=True)
class PartRecord:
    """A stretch of an excerpt: found, or around it."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """An article that was found, in an edition. Times are ISO 8601."""

    id: str
    edition: str
    title: str
    title_language: str
    original_title: str
    language: str  # of the original
    status: str  # native, translated, pending, held or failed
    source: str
    section: str
    published: str | None
    listed: str  # what orders by date: published, or first seen where that is unknown
    url: str  # our page
    original_url: str
    matched_language: str  # of the text in which the words were found
    is_original: bool  # found in an original of another language than the edition's
    is_doubted: bool  # the gate doubts a sentence of the excerpt
    excerpt: list[PartRecord]  # empty where the source's rights do not allow one


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """What a search found; ``next`` is the value of ``offset`` for those that follow."""

    query: str  # as it was understood
    total: int
    is_more: bool  # there are more than are counted
    results: list[FoundRecord]
    next: int | None


def find_records(
    db: Store, settings: SiteSettings, edition: str, asked: SearchAsked, offset: int, limit: int
) -> SearchRecord:
    """Search an edition, and describe so many of what is found."""
    query = parse_query(asked.words)
    found = Finder(db, edition).find(asked, query)
    shown = found.hits[offset : offset + limit]
    shelf = fill_shelf_by_id(db, edition, [hit.article for hit in shown])
    results = [
        _describe(settings, shelf, hit, describe_hit(shelf, query, hit))
        for hit in shown
        if hit.article in shelf.articles
    ]
    end = offset + limit
    following = end if end < len(found.hits) else None
    return SearchRecord(str(query), len(found.hits), found.is_more, results, following)


def _describe(settings: SiteSettings, shelf: Shelf, hit: Hit, shown: SearchHit) -> FoundRecord:
    article, edition = shelf.articles[hit.article], shelf.language
    headline = shown.report.headline
    return FoundRecord(
        id=hit.article,
        edition=edition,
        title=headline.text,
        title_language=headline.language,
        original_title=headline.original,
        language=headline.original_language,
        status=headline.showing.value,
        source=article.source,
        section=find_section(article.section, article.url),
        published=iso(shown.report.at) or None,
        listed=hit.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        url=f"{settings.base_url.rstrip('/')}/{edition}/article/{hit.article}/",
        original_url=shown.report.url,
        matched_language=shown.language,
        is_original=shown.is_original,
        is_doubted=shown.is_marked,
        excerpt=[_part(part) for part in shown.excerpt],
    )


def _part(part: Part) -> PartRecord:
    return PartRecord(part.text, part.is_hit)
