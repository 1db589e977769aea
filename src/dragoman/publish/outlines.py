"""Write the feeds of an edition as an outline (OPML 2.0), which every reading program imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from dragoman.publish.feeds import write_xml, xml_text


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed, or a folder of feeds."""

    title: str
    feed: str = ""  # address of the feed; empty: a folder
    page: str = ""
    language: str = ""
    inside: tuple[Outline, ...] = ()


def render_outlines(title: str, outlines: Sequence[Outline]) -> bytes:
    """Write feeds and folders as OPML; a folder without feeds is left out."""
    opml = ET.Element("opml", {"version": "2.0"})
    head = ET.SubElement(opml, "head")
    ET.SubElement(head, "title").text = xml_text(title)
    body = ET.SubElement(opml, "body")
    for one in outlines:
        _add(body, one)
    return write_xml(opml)


def _add(parent: ET.Element, one: Outline) -> None:
    title = xml_text(one.title)
    if not one.feed:
        if one.inside:
            folder = ET.SubElement(parent, "outline", {"text": title, "title": title})
            for child in one.inside:
                _add(folder, child)
        return
    given = {
        "type": "rss",
        "text": title,
        "title": title,
        "xmlUrl": one.feed,
        "htmlUrl": one.page,
        "language": one.language,
    }
    ET.SubElement(parent, "outline", {key: value for key, value in given.items() if value})
