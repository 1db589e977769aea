"""Write what crawlers read first: the sitemap, robots.txt and the reservation of mining."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
LIMIT = 50_000  # addresses in one file (sitemaps.org)


@dataclass(frozen=True, slots=True)
class Place:
    """An address that search engines may list, with the same text in other editions."""

    address: str
    updated: datetime | None = None
    alternates: tuple[tuple[str, str], ...] = ()  # (language, address), its own among them


def render_sitemap(places: Sequence[Place]) -> bytes:
    """Write a sitemap; the first addresses count where there are more than a file may hold."""
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for place in places[:LIMIT]:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = place.address
        if place.updated:
            stamp = place.updated.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            ET.SubElement(url, "lastmod").text = stamp
        for language, address in place.alternates:
            link = {"rel": "alternate", "hreflang": language, "href": address}
            ET.SubElement(url, "xhtml:link", link)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def render_robots(base_url: str) -> str:
    """Write robots.txt: pages say themselves whether they may be listed."""
    return f"User-agent: *\nDisallow: /api/\n\nSitemap: {base_url}/sitemap.xml\n"


def render_reservation(*, is_reserved: bool, reserved_paths: Iterable[str] = ()) -> str:
    """Write ``/.well-known/tdmrep.json`` (TDMRep): what may not be mined."""
    paths = ["/"] if is_reserved else list(reserved_paths)
    return json.dumps([{"location": path, "tdm-reservation": 1} for path in paths])
