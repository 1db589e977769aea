"""Find what search engines may list: fixed pages, and articles of sources that allow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.sitemaps import NEWS_LIMIT, NewsPlace, Place
from dragoman.publish.views import Headline
from dragoman.store import sources
from dragoman.store.listings import Wanted, article_page
from dragoman.types import Article, Precision
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import fill_shelf, find_headline
from dragoman.web.views import make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

NEWS_LASTS = timedelta(hours=48)
_BATCH = 500  # articles in memory at once


def list_places(db: Store, settings: SiteSettings) -> list[Place]:
    """List every address that search engines may list."""
    places = []
    for path in ("", "about/"):
        for language in settings.editions:
            frame = make_frame(settings, language, path)
            places.append(Place(frame.address, alternates=frame.alternates))
    for found in _open_articles(db):
        for article, headlines in _readable(db, settings, found):
            moment = article.modified.moment or article.published.moment
            at = moment.at if moment else article.first_seen
            for language in headlines:
                frame = make_frame(settings, language, f"article/{article.id}/", feeds=None)
                frame = replace(frame, written_in=tuple(headlines))
                places.append(Place(frame.address, at, frame.alternates))
    return places


def list_news(db: Store, settings: SiteSettings, now: datetime) -> list[NewsPlace]:
    """List the articles of the last 48 hours that search engines may list as news.

    Those that state no time of day are left out: the moment is what such a list is about.
    """
    places = []
    since = now - NEWS_LASTS
    for found in _open_articles(db, since):
        for article, headlines in _readable(db, settings, found):
            moment = article.published.moment
            if moment is None or not _is_exact(moment.precision) or not since <= moment.at <= now:
                continue
            for language, headline in headlines.items():
                address = make_frame(settings, language, f"article/{article.id}/").address
                code = languages.base(language)
                places.append(NewsPlace(address, headline.text, code, moment.at))
        if len(places) >= 2 * NEWS_LIMIT:
            break
    return places


def _is_exact(precision: Precision) -> bool:
    return precision in (Precision.MINUTE, Precision.SECOND)


def _open_articles(db: Store, since: datetime | None = None) -> Iterator[tuple[Article, ...]]:
    """Give the articles of sources that may be listed, batch by batch."""
    for source in sources.sources(db, with_removed=True):
        place, is_over = None, not source.is_indexable
        while not is_over:
            page, place = article_page(db, Wanted(source.id, since=since), place, _BATCH)
            yield tuple(article for article in page if not article.reservations.no_index)
            is_over = place is None


def _readable(
    db: Store, settings: SiteSettings, found: Iterable[Article]
) -> Iterator[tuple[Article, dict[str, Headline]]]:
    """Give each article with its headlines by the editions where it can be read."""
    every = list(found)
    headlines: dict[str, dict[str, Headline]] = {article.id: {} for article in every}
    for language in settings.editions:
        shelf = fill_shelf(db, language, every, is_brief=True)
        for article in every:
            headline = find_headline(shelf, article)
            if headline.showing.is_readable:
                headlines[article.id][language] = headline
    for article in every:
        yield article, headlines[article.id]
