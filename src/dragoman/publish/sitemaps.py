"""Write what crawlers read first: sitemaps, robots.txt and the reservation of mining."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from dragoman.publish.feeds import xml_text

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
LIMIT = 50_000  # addresses in one file (sitemaps.org)
NEWS_LIMIT = 1_000  # articles in a sitemap of news


@dataclass(frozen=True, slots=True)
class Place:
    """An address that search engines may list, with the same text in other editions."""

    address: str
    updated: datetime | None = None
    alternates: tuple[tuple[str, str], ...] = ()  # (language, address), its own among them


@dataclass(frozen=True, slots=True)
class NewsPlace:
    """An article of the last days that search engines may list as news."""

    address: str
    title: str
    language: str
    published: datetime


def render_sitemap(places: Sequence[Place]) -> bytes:
    """Write a sitemap; the first addresses count where there are more than a file may hold."""
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for place in places[:LIMIT]:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = place.address
        if place.updated:
            ET.SubElement(url, "lastmod").text = _stamp(place.updated)
        for language, address in place.alternates:
            link = {"rel": "alternate", "hreflang": language, "href": address}
            ET.SubElement(url, "xhtml:link", link)
    return _write(root)


def render_sitemap_index(base_url: str, places: Sequence[Place]) -> bytes:
    """Write the list of the sitemaps that hold these places, `LIMIT` in each."""
    root = ET.Element("sitemapindex", {"xmlns": SITEMAP})
    for number, start in enumerate(range(0, len(places), LIMIT), 1):
        inside = places[start : start + LIMIT]
        sitemap = ET.SubElement(root, "sitemap")
        ET.SubElement(sitemap, "loc").text = f"{base_url}/sitemap-{number}.xml"
        if newest := max((place.updated for place in inside if place.updated), default=None):
            ET.SubElement(sitemap, "lastmod").text = _stamp(newest)
    return _write(root)


def render_news_sitemap(site: str, places: Iterable[NewsPlace]) -> bytes:
    """Write a sitemap of news, newest first; ``site`` is the name of the publication."""
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    newest = sorted(places, key=lambda place: place.published, reverse=True)
    for place in newest[:NEWS_LIMIT]:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = place.address
        news = ET.SubElement(url, "news:news")
        publication = ET.SubElement(news, "news:publication")
        ET.SubElement(publication, "news:name").text = xml_text(site)
        ET.SubElement(publication, "news:language").text = place.language
        ET.SubElement(news, "news:publication_date").text = _stamp(place.published)
        ET.SubElement(news, "news:title").text = xml_text(place.title)
    return _write(root)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def render_robots(base_url: str) -> str:
    """Write robots.txt: pages say themselves whether they may be listed."""
    return (
        "User-agent: *\nDisallow: /api/\n\n"
        f"Sitemap: {base_url}/sitemap.xml\nSitemap: {base_url}/sitemap-news.xml\n"
    )


def render_reservation(*, is_reserved: bool, reserved_paths: Iterable[str] = ()) -> str:
    """Write ``/.well-known/tdmrep.json`` (TDMRep): what may not be mined."""
    paths = ["/"] if is_reserved else list(reserved_paths)
    return json.dumps([{"location": path, "tdm-reservation": 1} for path in paths])
