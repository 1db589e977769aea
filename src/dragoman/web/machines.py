"""Answer machines: sitemaps, robots.txt, the outline of an edition's feeds, when one changed."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

from dragoman import publish
from dragoman.publish.headings import name_section
from dragoman.publish.outlines import Outline, render_outlines
from dragoman.publish.sitemaps import (
    LIMIT,
    render_news_sitemap,
    render_reservation,
    render_sitemap_index,
)
from dragoman.publish.wording import wording
from dragoman.store import editions
from dragoman.web.answers import Answer, Visit, give_file
from dragoman.web.fronts import list_sections
from dragoman.web.places import list_news, list_places
from dragoman.web.views import list_publishers, make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

XML = "application/xml; charset=utf-8"
_REMEMBERED = 20_000  # addresses


def give_sitemap(visit: Visit, number: str = "") -> Answer | None:
    """Answer with the sitemap, or with the list of its parts where it has to be parted."""
    places = list_places(visit.db, visit.settings)
    is_parted = len(places) > LIMIT
    if not number:
        base_url = visit.settings.base_url.rstrip("/")
        body = render_sitemap_index(base_url, places) if is_parted else None
        return give_file(body or publish.render_sitemap(places), XML)
    start = (int(number) - 1) * LIMIT
    part = places[start : start + LIMIT] if is_parted else []
    return give_file(publish.render_sitemap(part), XML) if part else None


def give_news(visit: Visit) -> Answer:
    """Answer with the sitemap of the last two days' news."""
    places = list_news(visit.db, visit.settings, datetime.now(UTC))
    return give_file(render_news_sitemap(visit.settings.title, places), XML)


def give_robots(visit: Visit) -> Answer:
    """Answer with robots.txt."""
    base_url = visit.settings.base_url.rstrip("/")
    return give_file(publish.render_robots(base_url), "text/plain; charset=utf-8")


def give_mining(visit: Visit) -> Answer:
    """Answer with what may not be mined."""
    text = render_reservation(is_reserved=visit.settings.is_mining_reserved)
    return give_file(text, "application/json")


def give_outlines(visit: Visit) -> Answer:
    """Answer with the feeds of an edition: its own, its sections' and its sources'."""
    words = wording(visit.language)
    home = make_frame(visit.settings, visit.language, "").address
    sections = list_sections(editions.count_by_section(visit.db))

    def outline(title: str, path: str, language: str = visit.language) -> Outline:
        return Outline(title, f"{home}{path}feed.rss", f"{home}{path}", language)

    found = (
        outline(visit.settings.title, ""),
        Outline(
            words.gettext("Sections"),
            inside=tuple(outline(name_section(one, words), f"section/{one}/") for one in sections),
        ),
        Outline(
            words.gettext("Sources"),
            inside=tuple(
                outline(one.name, f"source/{one.id}/") for one in list_publishers(visit.db)
            ),
        ),
    )
    return give_file(render_outlines(visit.settings.title, found), "text/x-opml; charset=utf-8")


class Changes:
    """Since when addresses have given what they give now, as far as this process saw.

    An article may come into a feed long after the date that it bears, and go from it without
    any. So it is the bytes that count, and not the dates of what stands in them.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[object, tuple[bytes, datetime]] = OrderedDict()
        self._turn = Lock()

    def since(self, key: object, body: bytes, now: datetime) -> datetime:
        """Give when an address began to give this body, to the second."""
        digest = blake2b(body, digest_size=16).digest()
        with self._turn:
            before = self._seen.pop(key, None)
            if before and before[0] == digest:
                at = before[1]
            else:
                at = now.replace(microsecond=0)
                if before:  # two changes in one second are told apart
                    at = max(at, before[1] + timedelta(seconds=1))
            self._seen[key] = (digest, at)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return at


_changes = Changes()


def stamp_change(db: Store, address: str, body: bytes) -> tuple[str, str]:
    """Give the ``Last-Modified`` header of what an address gives."""
    at = _changes.since((db.place, address), body, datetime.now(UTC))
    return ("last-modified", format_datetime(at, usegmt=True))
