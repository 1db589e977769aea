"""What the search page shows, and the document by which browsers learn to search here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from dragoman.analysis import Part
from dragoman.publish.views import Frame, Publisher, Report, SiteView
from dragoman.publish.wording import wording

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
PATH = "search/"


@dataclass(frozen=True, slots=True)
class SearchAsked:
    """What a reader asked for, as it stands in the address."""

    words: str = ""
    language: str = ""  # of the original
    source: str = ""
    country: str = ""
    section: str = ""
    since: str = ""  # days: 2026-11-20
    until: str = ""
    is_by_date: bool = False
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether more than words was asked for."""
        filters = (self.language, self.source, self.country, self.section, self.since, self.until)
        return any(filters)

    @property
    def query(self) -> str:
        """The query of the address, with its question mark; empty where nothing is asked."""
        fields = {
            "q": self.words,
            "language": self.language,
            "source": self.source,
            "country": self.country,
            "section": self.section,
            "from": self.since,
            "to": self.until,
            "sort": "date" if self.is_by_date else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        given = {name: value for name, value in fields.items() if value}
        return f"?{urlencode(given, errors='replace')}" if given else ""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that was found."""

    report: Report
    title: tuple[Part, ...]
    original: tuple[Part, ...]  # the original headline, where another one is shown
    language: str  # of the text that matched
    is_original: bool  # the original matched, not the text of this edition
    excerpt: tuple[Part, ...] = ()  # none where the source's rights do not allow it
    is_marked: bool = False  # the gate doubts a sentence of the excerpt


@dataclass(frozen=True, slots=True)
class SearchWay:
    """Another way to search, where one found nothing, with how much it finds."""

    words: str
    address: str
    found: int
    edition: str = ""  # the language of another edition


@dataclass(frozen=True, slots=True)
class SearchChoices:
    """What a search can be narrowed to."""

    languages: tuple[str, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    countries: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchView:
    """A search and what it found."""

    frame: Frame
    asked: SearchAsked
    choices: SearchChoices
    hits: tuple[SearchHit, ...] = ()
    found: int = 0
    is_more: bool = False  # it was broken off at the most
    is_cut: bool = False  # only the beginning of what was typed was used
    is_empty: bool = False  # nothing was asked that could be found
    before: str = ""  # address of the page before this one
    after: str = ""
    pages: int = 1
    spellings: tuple[SearchWay, ...] = ()
    fewer: tuple[SearchWay, ...] = ()
    elsewhere: tuple[SearchWay, ...] = ()


@dataclass(frozen=True, slots=True)
class SeekView:
    """The search page of an exported site, where the browser searches by itself."""

    frame: Frame
    script: str  # its address


def render_opensearch(site: SiteView, language: str) -> bytes:
    """Write the OpenSearch description of an edition's search (version 1.1)."""
    words = wording(language)
    root = f"{site.base_url}/{language}/"
    document = ET.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})

    def add(name: str, text: str = "", **attributes: str) -> None:
        ET.SubElement(document, name, attributes).text = text or None

    name = f"{site.title} ({language})"
    add("ShortName", name if len(name) <= 16 else site.title[:16])
    add("LongName", name[:48])
    add("Description", words.gettext("Search the news of many languages"))
    add("Language", language)
    add("InputEncoding", "UTF-8")
    add("OutputEncoding", "UTF-8")
    add("Image", f"{site.base_url}{site.icon}", type="image/svg+xml")
    add("Url", type="text/html", template=f"{root}{PATH}?q={{searchTerms}}")
    add("Url", type="application/atom+xml", template=f"{root}{PATH}feed.atom?q={{searchTerms}}")
    add("Url", type="application/rss+xml", template=f"{root}{PATH}feed.rss?q={{searchTerms}}")
    own = {"type": "application/opensearchdescription+xml", "rel": "self"}
    add("Url", **own, template=f"{root}opensearch.xml")
    written: bytes = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    return written
