"""Say what stands on the share card of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragoman.publish.views import Headline, Showing
from dragoman.publish.wording import wording
from dragoman.store import articles, stories
from dragoman.web.cards import Card
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import choose_head, fill_shelf, fill_shelf_by_id, find_headline

if TYPE_CHECKING:
    from dragoman.store import Store

DOT = " · "


def edition_card(settings: SiteSettings, language: str) -> Card:
    """Give the card of an edition: the site's name, and what it does."""
    words = wording(language)
    line = words.gettext("News from many languages, translated by machine.")
    return Card("", settings.title, language, line, language)


def article_card(db: Store, settings: SiteSettings, language: str, id: str) -> Card | None:
    """Give the card of an article; None where there is none to show."""
    article = articles.article(db, id)
    if article is None:
        return None
    shelf = fill_shelf(db, language, [article])
    headline = find_headline(shelf, article)
    parts = [shelf.publisher(article).name, *_origin(headline, language)]
    return _card(settings, headline, DOT.join(parts), language)


def story_card(db: Store, settings: SiteSettings, language: str, id: str) -> Card | None:
    """Give the card of a story, with how many report it; None where it has no report."""
    members = stories.story(db, id)
    shelf = fill_shelf_by_id(db, language, (g.article for g in members))
    members = tuple(g for g in members if g.article in shelf.articles)
    if not members:
        return None
    headline = find_headline(shelf, choose_head(shelf, members))
    words = wording(language)
    count = words.ngettext("%(num)s report", "%(num)s reports", len(members))
    parts = [count % {"num": words.number(len(members))}, *_origin(headline, language)]
    return _card(settings, headline, DOT.join(parts), language)


def _origin(headline: Headline, language: str) -> list[str]:
    if headline.showing is not Showing.TRANSLATED and headline.text == headline.original:
        return []
    words = wording(language)
    template = words.gettext("machine translation from %(language)s")
    return [template % {"language": words.name(headline.original_language)}]


def _card(settings: SiteSettings, headline: Headline, line: str, language: str) -> Card:
    return Card(settings.title, headline.text, headline.language, line, language)
