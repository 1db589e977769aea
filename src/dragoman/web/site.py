"""The whole public site as one function, from an address to its answer.

The live server and the export both call `answer`, so a folder of files holds what the server
would say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from dragoman import languages, publish
from dragoman.errors import StoreError
from dragoman.store import sources, stories
from dragoman.store.articles import article as find_article
from dragoman.store.withdrawals import is_withdrawn
from dragoman.web import amenities, corrections, feeds, fronts, machines, sharing, views
from dragoman.web.answers import (
    HOURLY,
    SECURITY,
    VARY,
    Answer,
    Visit,
    finish,
    give_file,
    give_page,
    redirect,
    reservation_of,
)
from dragoman.web.cards import draw_card
from dragoman.web.reporting import receive, show_form
from dragoman.web.search import build_search, build_search_feed, build_seek, read_asked
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import describe_source
from dragoman.web.stories import build_story

if TYPE_CHECKING:
    from dragoman.store import Store

__all__ = ["SECURITY", "Answer", "Visit", "answer", "finish", "name_kept", "take"]

log = structlog.get_logger(__name__)

Handler = Callable[..., "Answer | None"]


def answer(
    db: Store,
    site: SiteSettings,
    path: str,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Answer a request for a path of the public site; header names are in lower case.

    The query is kept where an address is corrected.
    """
    asked = headers or {}
    visit = Visit(db, site, asked, _edition_of(path, site), query)
    try:
        found = _dispatch(visit, path, query) or _not_found(visit)
    except StoreError as error:
        log.warning("site.store_unavailable", path=path, reason=str(error))
        page = publish.render_error(views.build_error(site, visit.language, 503))
        found = give_page(page, None, status=503, extra=(("retry-after", "30"),))
    return finish(found, asked)


def name_kept(
    db: Store, site: SiteSettings, path: str, *, query: str, headers: Mapping[str, str]
) -> tuple[str, bool] | None:
    """Name an answer that stays the same while the store does, whoever asks; None of others.

    True where a reader chose a part of the name: there is no end of such.
    """
    visit = Visit(db, site, headers, _edition_of(path, site), query)
    handler = _find_handler(visit, path)
    if handler is None or handler.func not in _KEPT:
        return None
    if handler.func is _search or "/search/" in path:
        return f"{path}{read_asked(query).query}", True
    reads = ",".join(visit.reads)
    return f"{path}?{reads}", bool(reads)


def take(
    db: Store,
    site: SiteSettings,
    language: str,
    id: str,
    body: bytes,
    headers: Mapping[str, str],
    address: str,
) -> Answer:
    """Take in what a reader sends about an article, in the one form of the site that is posted."""
    visit = Visit(db, site, headers, language if language in site.editions else site.editions[0])
    try:
        found = receive(visit, id, body, address) if language in site.editions else None
    except StoreError as error:
        log.warning("site.report_lost", article=id, reason=str(error))
        page = publish.render_error(views.build_error(site, visit.language, 503))
        found = give_page(page, None, status=503, extra=(("retry-after", "30"),))
    return finish(found or _not_found(visit), headers)


def _edition_of(path: str, site: SiteSettings) -> str:
    first = path.lstrip("/").partition("/")[0]
    return first if first in site.editions else site.editions[0]


def _dispatch(visit: Visit, path: str, query: str) -> Answer | None:
    if handler := _find_handler(visit, path):
        return handler()
    if _find_handler(visit, f"{path}/"):
        return redirect(f"{path}/" + (f"?{query}" if query else ""))
    return None


def _find_handler(visit: Visit, path: str) -> partial[Answer | None] | None:
    """Give what answers a path; nothing in an edition that this site does not have."""
    for pattern, handler in _ROUTES:
        if found := pattern.fullmatch(path):
            groups = found.groupdict()
            if groups.pop("language", visit.language) != visit.language:
                return None
            return partial(handler, visit, **groups)
    return None


# -- Answers ---------------------------------------------------------------------------


def _not_found(visit: Visit) -> Answer:
    view = views.build_error(visit.settings, visit.language, 404)
    return give_page(publish.render_error(view), view.frame, status=404)


def _withdrawn(visit: Visit, id: str) -> Answer | None:
    """Answer 410 for an article that was taken back, with the way to its source."""
    if not is_withdrawn(visit.db, id):
        return None
    known = find_article(visit.db, id, with_withdrawn=True)
    source = sources.source(visit.db, known.source) if known else None
    publisher = describe_source(source) if source else None
    view = views.build_error(visit.settings, visit.language, 410, publisher)
    return give_page(publish.render_error(view), view.frame, status=410)


# -- Handlers, in the order of the routes -------------------------------------------------


def _root(visit: Visit) -> Answer:
    vary = (("vary", "accept-language"),)
    chosen = languages.choose(visit.headers.get("accept-language", ""), visit.settings.editions)
    if chosen or len(visit.settings.editions) == 1:
        return redirect(f"/{chosen or visit.settings.editions[0]}/", status=302, extra=vary)
    return give_page(publish.render_chooser(views.build_chooser(visit.settings)), None, extra=vary)


def _front(visit: Visit, number: str | None = None) -> Answer | None:
    if number == "1":
        return redirect(f"/{visit.language}/")
    view = fronts.build_front(
        visit.db, visit.settings, visit.language, int(number or 1), visit.reads
    )
    return give_page(publish.render_front(view), view.frame, extra=VARY) if view else None


def _section(visit: Visit, section: str, number: str | None = None) -> Answer | None:
    if number == "1":
        return redirect(f"/{visit.language}/section/{section}/")
    view = fronts.build_section(
        visit.db, visit.settings, visit.language, section, int(number or 1), visit.reads
    )
    return give_page(publish.render_front(view), view.frame, extra=VARY) if view else None


def _day(visit: Visit, day: str, number: str | None = None) -> Answer | None:
    if number == "1":
        return redirect(f"/{visit.language}/day/{day}/")
    at = fronts.parse_day(day)
    if at is None:
        return None
    view = fronts.build_day(
        visit.db, visit.settings, visit.language, at, int(number or 1), visit.reads
    )
    return give_page(publish.render_front(view), view.frame, extra=VARY) if view else None


def _story(visit: Visit, id: str) -> Answer | None:
    view = build_story(visit.db, visit.settings, visit.language, id, visit.reads)
    if view is None:
        return None
    if view.card.id != id:  # merged into another
        return redirect(f"/{visit.language}/story/{view.card.id}/")
    return give_page(publish.render_story(view), view.frame, extra=VARY)


def _article(visit: Visit, id: str) -> Answer | None:
    view = views.build_article(visit.db, visit.settings, visit.language, id, visit.reads)
    if view is None:
        return _withdrawn(visit, id)
    view = corrections.correct_view(visit.db, visit.settings, view)
    policy = view.frame.mining_policy
    extra = (
        (("tdm-policy", policy),) if policy.isascii() and policy.isprintable() and policy else ()
    )
    return give_page(publish.render_article(view), view.frame, extra=(*extra, *VARY))


def _corrections(visit: Visit, number: str | None = None) -> Answer | None:
    if number == "1":
        return redirect(f"/{visit.language}/{corrections.PATH}")
    view = corrections.build_corrections(visit.db, visit.settings, visit.language, int(number or 1))
    return give_page(publish.render_corrections(view), view.frame) if view else None


def _source(visit: Visit, id: str, number: str | None = None) -> Answer | None:
    if number == "1":
        return redirect(f"/{visit.language}/source/{id}/")
    view = views.build_source(
        visit.db, visit.settings, visit.language, id, int(number or 1), visit.reads
    )
    return give_page(publish.render_source(view), view.frame, extra=VARY) if view else None


def _search(visit: Visit) -> Answer | None:
    if not visit.settings.has_search:
        return None
    if visit.settings.is_static:
        seek = build_seek(visit.settings, visit.language)
        return give_page(publish.render_seek(seek), seek.frame)
    asked = read_asked(visit.query)
    view = build_search(visit.db, visit.settings, visit.language, asked)
    return give_page(publish.render_search(view), view.frame)


def _opensearch(visit: Visit) -> Answer | None:
    if not visit.settings.has_search or visit.settings.is_static:
        return None
    text = publish.render_opensearch(views.describe_site(visit.settings), visit.language)
    return give_file(text, "application/opensearchdescription+xml; charset=utf-8")


_CARDS = {"article": sharing.article_card, "story": sharing.story_card}


def _card(visit: Visit, of: str = "", id: str = "") -> Answer | None:
    """Answer with a share card; where one cannot be drawn, with that of the edition."""
    if of:
        card = _CARDS[of](visit.db, visit.settings, visit.language, id)
        if card is None:
            return _withdrawn(visit, id)
    else:
        card = sharing.edition_card(visit.settings, visit.language)
    if drawn := draw_card(card):
        return give_file(drawn, "image/png", HOURLY)
    return redirect(f"/{visit.language}/card.png", status=302) if of else None


_FORMATS = {
    "rss": (publish.render_rss, "application/rss+xml; charset=utf-8"),
    "atom": (publish.render_atom, "application/atom+xml; charset=utf-8"),
    "json": (publish.render_json_feed, "application/feed+json; charset=utf-8"),
}


def _feed(visit: Visit, form: str, id: str = "", of: str = "") -> Answer | None:
    if of == "story":
        view = feeds.build_story_feed(visit.db, visit.settings, visit.language, id)
        present = stories.resolve(visit.db, id) or id
        if view and present != id:
            return redirect(f"/{visit.language}/story/{present}/feed.{form}")
    elif of == "source":
        view = feeds.build_source_feed(visit.db, visit.settings, visit.language, id)
    elif of == "section":
        view = feeds.build_section_feed(visit.db, visit.settings, visit.language, id)
    elif of == "search":
        asked = read_asked(visit.query)
        view = build_search_feed(visit.db, visit.settings, visit.language, asked)
    elif of == "corrections":
        view = corrections.build_feed(visit.db, visit.settings, visit.language)
    else:
        view = feeds.build_edition_feed(visit.db, visit.settings, visit.language)
    if view is None:
        return None
    render, media_type = _FORMATS[form]
    found = give_file(render(view), media_type)
    changed = machines.stamp_change(visit.db, f"{view.frame.address} {form}", found.body)
    return replace(found, headers=(*found.headers, changed, *reservation_of(view.frame)))


_EDITION = r"/(?P<language>[A-Za-z0-9-]{2,20})"
_ID = r"(?P<id>[A-Za-z0-9][A-Za-z0-9._~-]{0,99})"
_NUMBER = r"(?:page/(?P<number>[1-9][0-9]{0,6})/)?"
_FORM = r"feed\.(?P<form>rss|atom|json)"

_ROUTES: tuple[tuple[re.Pattern[str], Handler], ...] = tuple(
    (re.compile(pattern), handler)
    for pattern, handler in (
        (r"/", _root),
        (rf"{_EDITION}/{_NUMBER}", _front),
        (rf"{_EDITION}/story/{_ID}/", _story),
        (rf"{_EDITION}/article/{_ID}/", _article),
        (rf"{_EDITION}/article/{_ID}/report/", show_form),
        (rf"{_EDITION}/corrections/{_NUMBER}", _corrections),
        (rf"{_EDITION}/(?P<of>corrections)/{_FORM}", _feed),
        (rf"{_EDITION}/source/{_ID}/{_NUMBER}", _source),
        (rf"{_EDITION}/section/(?P<section>[a-z]{{2,20}})/{_NUMBER}", _section),
        (rf"{_EDITION}/day/(?P<day>\d{{4}}-\d\d-\d\d)/{_NUMBER}", _day),
        (rf"{_EDITION}/card\.png", _card),
        (rf"{_EDITION}/(?P<of>article|story)/{_ID}/card\.png", _card),
        (rf"{_EDITION}/search/", _search),
        (rf"{_EDITION}/(?P<of>search)/{_FORM}", _feed),
        (rf"{_EDITION}/opensearch\.xml", _opensearch),
        (rf"{_EDITION}/about/", amenities.give_about),
        (rf"{_EDITION}/contact/", amenities.give_contact),
        (rf"{_EDITION}/languages/", amenities.give_reading),
        (rf"{_EDITION}/manifest\.webmanifest", amenities.give_manifest),
        (r"/worker\.js", amenities.give_worker),
        (rf"/picture/{_ID}/(?P<digest>[0-9a-f]{{24}})\.webp", amenities.give_picture),
        (rf"{_EDITION}/{_FORM}", _feed),
        (rf"{_EDITION}/(?P<of>story|source|section)/{_ID}/{_FORM}", _feed),
        (r"/sitemap(?:-(?P<number>[1-9][0-9]{0,3}))?\.xml", machines.give_sitemap),
        (r"/sitemap-news\.xml", machines.give_news),
        (rf"{_EDITION}/feeds\.opml", machines.give_outlines),
        (r"/robots\.txt", machines.give_robots),
        (r"/\.well-known/tdmrep\.json", machines.give_mining),
        (r"(?P<path>/static/[A-Za-z0-9.-]+)", amenities.give_static),
    )
)

# What follows from the store alone: neither from the clock, nor from files, nor from who asks.
_KEPT: frozenset[Handler] = frozenset(
    (
        _front,
        _section,
        _day,
        _story,
        _article,
        _source,
        _corrections,
        _search,
        _feed,
        machines.give_sitemap,
        machines.give_outlines,
    )
)
