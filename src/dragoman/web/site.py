"""The whole public site as one function, from an address to its answer.

The live server and the export both call `answer`, so a folder of files holds what the server
would say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

import structlog

from dragoman import publish
from dragoman.errors import StoreError
from dragoman.publish.sitemaps import render_reservation
from dragoman.publish.views import Frame
from dragoman.store import sources, stories
from dragoman.store.articles import article as find_article
from dragoman.store.withdrawals import is_withdrawn
from dragoman.web import feeds, views
from dragoman.web.assets import by_path
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import describe_source

if TYPE_CHECKING:
    from dragoman.store import Store

log = structlog.get_logger(__name__)

HTML = "text/html; charset=utf-8"

# Nothing but our own stylesheet and icon: no script, no frame, no form, no picture of others.
SECURITY = (
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    ("cross-origin-opener-policy", "same-origin"),
)

_BRIEFLY = "public, max-age=60, stale-while-revalidate=600"
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gives. Header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        """The headers by name."""
        return dict(self.headers)


@dataclass(frozen=True, slots=True)
class Visit:
    """One question to the site."""

    db: Store
    settings: SiteSettings
    headers: Mapping[str, str]
    language: str  # the edition asked for; the first one outside of editions


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

    The query is kept where an address is corrected, and otherwise changes nothing.
    """
    asked = headers or {}
    visit = Visit(db, site, asked, _edition_of(path, site))
    try:
        found = _dispatch(visit, path, query) or _not_found(visit)
    except StoreError as error:
        log.warning("site.store_unavailable", path=path, reason=str(error))
        page = publish.render_error(views.build_error(site, visit.language, 503))
        found = _page(page, None, status=503, extra=(("retry-after", "30"),))
    return finish(found, asked)


def finish(found: Answer, asked: Mapping[str, str]) -> Answer:
    """Add the headers that every answer has, and give 304 where the reader has it already."""
    headers = (*found.headers, *SECURITY)
    if found.status != 200:
        return replace(found, headers=headers)
    # Weak: a proxy may compress what it passes on.
    tag = f'W/"{blake2b(found.body, digest_size=12).hexdigest()}"'
    headers = (*headers, ("etag", tag))
    if _has_already(asked.get("if-none-match", ""), tag):
        return Answer(304, headers, b"")
    return replace(found, headers=headers)


def _has_already(sent: str, tag: str) -> bool:
    """Compare weakly (RFC 9110, section 13.1.2)."""
    tags = {one.strip().removeprefix("W/") for one in sent.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def choose_edition(accept: str, editions: tuple[str, ...]) -> str:
    """Give the edition that a browser's ``Accept-Language`` likes best, or nothing."""
    wishes = []
    for place, part in enumerate(accept.split(",")[:50]):
        code, _, weight = part.strip().partition(";")
        quality = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{1,3})?)\s*", weight)
        worth = float(quality[1]) if quality else 1.0
        if code and worth > 0:
            wishes.append((-worth, place, code.strip().lower()))
    for _, _, code in sorted(wishes):
        exact = [e for e in editions if e.lower() == code]
        near = [e for e in editions if e.lower().partition("-")[0] == code.partition("-")[0]]
        if exact or near:
            return (exact or near)[0]
    return ""


def _edition_of(path: str, site: SiteSettings) -> str:
    first = path.lstrip("/").partition("/")[0]
    return first if first in site.editions else site.editions[0]


def _dispatch(visit: Visit, path: str, query: str) -> Answer | None:
    if handler := _find_handler(visit, path):
        return handler()
    if _find_handler(visit, f"{path}/"):
        return _redirect(f"{path}/" + (f"?{query}" if query else ""))
    return None


def _find_handler(visit: Visit, path: str) -> Callable[[], Answer | None] | None:
    """Give what answers a path; nothing in an edition that this site does not have."""
    for pattern, handler in _ROUTES:
        if found := pattern.fullmatch(path):
            groups = found.groupdict()
            if groups.pop("language", visit.language) != visit.language:
                return None
            return partial(handler, visit, **groups)
    return None


# -- Answers ---------------------------------------------------------------------------


def _page(
    html: str,
    frame: Frame | None,
    *,
    status: int = 200,
    extra: tuple[tuple[str, str], ...] = (),
) -> Answer:
    headers = [("content-type", HTML), ("cache-control", _BRIEFLY if status == 200 else "no-cache")]
    if frame:
        headers.append(("content-language", frame.language))
        headers += _reservation(frame)
    return Answer(status, (*headers, *extra), html.encode("utf-8", "replace"))


def _reservation(frame: Frame) -> list[tuple[str, str]]:
    if not frame.is_mining_reserved:
        return []
    return [("tdm-reservation", "1")]


def _file(body: bytes | str, media_type: str, cache: str = _BRIEFLY) -> Answer:
    data = body.encode("utf-8") if isinstance(body, str) else body
    return Answer(200, (("content-type", media_type), ("cache-control", cache)), data)


def _redirect(
    address: str, *, status: int = 301, extra: tuple[tuple[str, str], ...] = ()
) -> Answer:
    return Answer(status, (("location", address), ("cache-control", "no-cache"), *extra), b"")


def _not_found(visit: Visit) -> Answer:
    view = views.build_error(visit.settings, visit.language, 404)
    return _page(publish.render_error(view), view.frame, status=404)


def _withdrawn(visit: Visit, id: str) -> Answer | None:
    """Answer 410 for an article that was taken back, with the way to its source."""
    if not is_withdrawn(visit.db, id):
        return None
    known = find_article(visit.db, id, with_withdrawn=True)
    source = sources.source(visit.db, known.source) if known else None
    publisher = describe_source(source) if source else None
    view = views.build_error(visit.settings, visit.language, 410, publisher)
    return _page(publish.render_error(view), view.frame, status=410)


# -- Handlers, in the order of the routes -------------------------------------------------


def _root(visit: Visit) -> Answer:
    vary = (("vary", "accept-language"),)
    chosen = choose_edition(visit.headers.get("accept-language", ""), visit.settings.editions)
    if chosen or len(visit.settings.editions) == 1:
        return _redirect(f"/{chosen or visit.settings.editions[0]}/", status=302, extra=vary)
    return _page(publish.render_chooser(views.build_chooser(visit.settings)), None, extra=vary)


def _front(visit: Visit, number: str | None = None) -> Answer | None:
    if number == "1":
        return _redirect(f"/{visit.language}/")
    view = views.build_front(visit.db, visit.settings, visit.language, int(number or 1))
    return _page(publish.render_front(view), view.frame) if view else None


def _story(visit: Visit, id: str) -> Answer | None:
    view = views.build_story(visit.db, visit.settings, visit.language, id)
    if view is None:
        return None
    if view.card.id != id:  # merged into another
        return _redirect(f"/{visit.language}/story/{view.card.id}/")
    return _page(publish.render_story(view), view.frame)


def _article(visit: Visit, id: str) -> Answer | None:
    view = views.build_article(visit.db, visit.settings, visit.language, id)
    if view is None:
        return _withdrawn(visit, id)
    policy = view.frame.mining_policy
    extra = (
        (("tdm-policy", policy),) if policy.isascii() and policy.isprintable() and policy else ()
    )
    return _page(publish.render_article(view), view.frame, extra=extra)


def _source(visit: Visit, id: str, number: str | None = None) -> Answer | None:
    if number == "1":
        return _redirect(f"/{visit.language}/source/{id}/")
    view = views.build_source(visit.db, visit.settings, visit.language, id, int(number or 1))
    return _page(publish.render_source(view), view.frame) if view else None


def _about(visit: Visit) -> Answer:
    view = views.build_about(visit.db, visit.settings, visit.language)
    return _page(publish.render_about(view), view.frame)


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
            return _redirect(f"/{visit.language}/story/{present}/feed.{form}")
    elif of == "source":
        view = feeds.build_source_feed(visit.db, visit.settings, visit.language, id)
    else:
        view = feeds.build_edition_feed(visit.db, visit.settings, visit.language)
    if view is None:
        return None
    render, media_type = _FORMATS[form]
    found = _file(render(view), media_type)
    return replace(found, headers=(*found.headers, *_reservation(view.frame)))


def _sitemap(visit: Visit) -> Answer:
    places = feeds.list_places(visit.db, visit.settings)
    return _file(publish.render_sitemap(places), "application/xml; charset=utf-8")


def _robots(visit: Visit) -> Answer:
    base_url = visit.settings.base_url.rstrip("/")
    return _file(publish.render_robots(base_url), "text/plain; charset=utf-8")


def _mining(visit: Visit) -> Answer:
    text = render_reservation(is_reserved=visit.settings.is_mining_reserved)
    return _file(text, "application/json")


def _static(visit: Visit, path: str) -> Answer | None:
    asset = by_path().get(path)
    return _file(asset.body, asset.media_type, _FOREVER) if asset else None


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
        (rf"{_EDITION}/source/{_ID}/{_NUMBER}", _source),
        (rf"{_EDITION}/about/", _about),
        (rf"{_EDITION}/{_FORM}", _feed),
        (rf"{_EDITION}/(?P<of>story|source)/{_ID}/{_FORM}", _feed),
        (r"/sitemap\.xml", _sitemap),
        (r"/robots\.txt", _robots),
        (r"/\.well-known/tdmrep\.json", _mining),
        (r"(?P<path>/static/[A-Za-z0-9.-]+)", _static),
    )
)
