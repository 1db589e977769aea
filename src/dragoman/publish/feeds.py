"""Write feeds: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1, each with the provenance of its texts.

Written with the standard library: feedgen drops ``rel`` and ``hreflang`` on an entry's links.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from dragoman import languages
from dragoman.publish.provenance import credit_line, describe_translation
from dragoman.publish.views import FeedEntry, FeedView, Showing
from dragoman.publish.wording import Wording, wording
from dragoman.sanitize import clean_url
from dragoman.types import Precision

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
PROVENANCE = "https://dragoman.readthedocs.io/ns/provenance"

# Names are written with their prefixes: the library's own table of them is shared by threads.
_RSS = {
    "version": "2.0",
    "xmlns:atom": ATOM,
    "xmlns:dc": DC,
    "xmlns:content": CONTENT,
    "xmlns:dragoman": PROVENANCE,
}
_FEED = {"xmlns": ATOM, "xmlns:dragoman": PROVENANCE}

# What XML 1.0 cannot hold (section 2.2), with the noncharacters that strict readers refuse.
_SIGNS = r"\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_ILLEGAL = re.compile(f"[^{_SIGNS}]")
_LEGAL = re.compile(f"[{_SIGNS}]*")


def render_rss(view: FeedView) -> bytes:
    """Write a feed as RSS 2.0."""
    rss = ET.Element("rss", _RSS)
    channel = ET.SubElement(rss, "channel")
    add_text(channel, "title", view.title)
    add_text(channel, "link", view.frame.address)
    add_text(channel, "description", view.description)
    add_text(channel, "language", view.frame.language)
    own = {"rel": "self", "type": "application/rss+xml", "href": feed_address(view, "rss")}
    ET.SubElement(channel, "atom:link", own)
    if view.updated:
        add_text(channel, "lastBuildDate", format_datetime(view.updated.astimezone(UTC)))
    for entry in view.entries:
        _add_rss_item(channel, entry, wording(view.frame.language))
    return write_xml(rss)


def render_atom(view: FeedView) -> bytes:
    """Write a feed as Atom."""
    language = view.frame.language
    feed = ET.Element("feed", {**_FEED, "xml:lang": language})
    add_text(feed, "id", view.frame.address)
    add_text(feed, "title", view.title)
    add_text(feed, "subtitle", view.description)
    add_text(feed, "updated", write_stamp(view.updated))
    add_link(feed, rel="self", type="application/atom+xml", href=feed_address(view, "atom"))
    add_link(feed, rel="alternate", type="text/html", hreflang=language, href=view.frame.address)
    author = ET.SubElement(feed, "author")
    add_text(author, "name", view.frame.site.title)
    for entry in view.entries:
        _add_atom_entry(feed, entry, wording(language))
    return write_xml(feed)


def render_json_feed(view: FeedView) -> bytes:
    """Write a feed as JSON Feed 1.1."""
    words = wording(view.frame.language)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": view.title,
        "home_page_url": view.frame.address,
        "feed_url": feed_address(view, "json"),
        "description": view.description,
        "language": view.frame.language,
        "items": [_json_item(entry, words) for entry in view.entries],
    }
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def feed_address(view: FeedView, kind: str) -> str:
    """Give the address of a feed itself: ``kind`` is rss, atom or json."""
    frame = view.frame
    return f"{frame.site.base_url}{frame.root}{frame.path}feed.{kind}{frame.query}"


def entry_id(entry: FeedEntry, into: str) -> str:
    """Give an id that stays when address, headline or translation change (RFC 9562, version 5)."""
    article = entry.article
    name = f"dragoman:{article.source}:{article.id}:{into}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{name}:{entry.key}" if entry.key else name).urn


def _add_rss_item(channel: ET.Element, entry: FeedEntry, words: Wording) -> None:
    report, article = entry.report, entry.article
    item = ET.SubElement(channel, "item")
    add_text(item, "title", report.headline.text)
    add_text(item, "link", entry.address)
    add_text(item, "guid", entry_id(entry, words.language), {"isPermaLink": "false"})
    if at := _at(entry):
        add_text(item, "pubDate", format_datetime(at))
    for author in article.authors:
        add_text(item, "dc:creator", author)
    add_text(item, "dc:language", report.headline.language)
    add_text(item, "dc:rights", report.publisher.name)
    add_text(item, "description", escape(describe(entry, words), quote=False))  # it is HTML there
    if entry.html:
        add_text(item, "content:encoded", write_content(entry, words))
    if home := clean_url(report.publisher.url):
        add_text(item, "source", report.publisher.name, {"url": home})
    _add_via(item, entry, "atom:link")
    _add_provenance(item, entry)


def _add_atom_entry(feed: ET.Element, entry: FeedEntry, words: Wording) -> None:
    report, article = entry.report, entry.article
    language = report.headline.language
    is_own = languages.is_same(language, words.language)
    item = ET.SubElement(feed, "entry", {} if is_own else {"xml:lang": language})
    add_text(item, "id", entry_id(entry, words.language))
    add_text(item, "title", report.headline.text)
    if at := _at(entry):
        add_text(item, "published", write_stamp(at))
    add_text(item, "updated", write_stamp(entry.updated or at))
    add_link(item, rel="alternate", type="text/html", hreflang=words.language, href=entry.address)
    _add_via(item, entry)
    for name in article.authors or (report.publisher.name,):
        author = ET.SubElement(item, "author")
        add_text(author, "name", name)
    add_text(item, "summary", describe(entry, words))
    if entry.html:
        add_text(item, "content", write_content(entry, words), {"type": "html"})
    source = ET.SubElement(item, "source")
    home = clean_url(report.publisher.url)
    add_text(source, "id", home or f"urn:dragoman:{report.publisher.id}")
    add_text(source, "title", report.publisher.name)
    add_text(source, "updated", write_stamp(entry.updated or at))
    add_text(item, "rights", report.publisher.name)
    _add_provenance(item, entry)


def _json_item(entry: FeedEntry, words: Wording) -> dict[str, Any]:
    report, article = entry.report, entry.article
    item: dict[str, Any] = {
        "id": entry_id(entry, words.language),
        "url": entry.address,
        "external_url": clean_url(article.url),
        "title": report.headline.text,
        "language": report.headline.language,
        "summary": entry.summary,
        "_dragoman": {
            **describe_translation(article, entry.translation),
            "publisher": report.publisher.name,
            "country": report.publisher.country,
            "title": article.title,
        },
    }
    if entry.html:
        item["content_html"] = write_content(entry, words)
    else:
        item["content_text"] = describe(entry, words)
    if at := _at(entry):
        item["date_published"] = write_stamp(at)
    if entry.updated:
        item["date_modified"] = write_stamp(entry.updated)
    item["authors"] = [{"name": name} for name in article.authors or (report.publisher.name,)]
    return {key: value for key, value in item.items() if value != ""}


def describe(entry: FeedEntry, words: Wording) -> str:
    """Give the summary of an entry with its notice, as plain text."""
    return "\n\n".join(part for part in (entry.summary, notice(entry, words)) if part)


def notice(entry: FeedEntry, words: Wording) -> str:
    """Say whose text this is and who translated it: the notice that every surface carries."""
    name = words.name(entry.article.language)
    outlet = entry.report.publisher.name
    headline = entry.report.headline
    states = {
        Showing.TRANSLATED: words.gettext(
            "%(outlet)s. Translated by machine from %(language)s; not checked by a person."
        ),
        Showing.NATIVE: words.gettext("%(outlet)s. Relayed as published, in %(language)s."),
        Showing.PENDING: words.gettext("%(outlet)s. Not translated yet from %(language)s."),
    }
    if headline.text != headline.original:
        states[Showing.PENDING] = words.gettext(
            "%(outlet)s. Only the title is translated yet, by machine, from %(language)s."
        )
    held = words.gettext("%(outlet)s. Shown in %(language)s: no translation can be shown.")
    reviewer = entry.translation.reviewer if entry.translation else ""
    if reviewer:
        states[Showing.TRANSLATED] = words.gettext(
            "%(outlet)s. Translated by machine from %(language)s; reviewed by %(name)s."
        )
    elif entry.translation and entry.translation.reviewed:
        states[Showing.TRANSLATED] = words.gettext(
            "%(outlet)s. Translated by machine from %(language)s; checked by a person in part."
        )
    named = {"outlet": outlet, "language": name, "name": reviewer}
    text = states.get(headline.showing, held) % named
    if headline.is_gist:
        text += " " + words.gettext("This is a rough gist, made by rules and a dictionary.")
    return text


def write_content(entry: FeedEntry, words: Wording) -> str:
    """Write what may be shown of an entry as HTML, with the notice."""
    if entry.html:
        return f"{entry.html}\n{_notice_html(entry, words)}"
    text = "".join(f"<p>{_html(line)}</p>" for line in entry.summary.splitlines() if line)
    return f"{text}\n{_notice_html(entry, words)}"


def _notice_html(entry: FeedEntry, words: Wording) -> str:
    link = ""
    if address := clean_url(entry.article.url):
        language = words.name(entry.article.language)
        text = words.gettext("Read the original (%(language)s)") % {"language": language}
        link = f' <a href="{_html(address)}">{_html(text)}</a>'
    said = _html(notice(entry, words))
    return f'<p lang="{_html(words.language)}"><small>{said}{link}</small></p>'


def _html(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))


def _at(entry: FeedEntry) -> datetime | None:
    """Give the moment an entry is dated by, where it is known to the day at least."""
    moment = entry.report.at
    if moment is None or moment.precision in (Precision.YEAR, Precision.MONTH):
        return None
    return moment.at.astimezone(UTC)


def write_stamp(at: datetime | None) -> str:
    """Write a moment as RFC 3339 wants it, in UTC."""
    # Atom demands `updated`; what has no date at all is as old as time can be written.
    at = at or datetime(1970, 1, 1, tzinfo=UTC)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add_via(item: ET.Element, entry: FeedEntry, name: str = "link") -> None:
    if address := clean_url(entry.article.url):
        link = {"rel": "via", "type": "text/html", "hreflang": entry.article.language}
        ET.SubElement(item, name, _clean({**link, "href": address}))


def _add_provenance(item: ET.Element, entry: FeedEntry) -> None:
    facts = describe_translation(entry.article, entry.translation)
    attributes = {
        key: str(facts[key]).lower() if isinstance(facts[key], bool) else str(facts[key])
        for key in ("from", "into", "status", "machine", "reviewed", "gist", "route", "verdict")
        if facts.get(key) is not None
    }
    element = ET.SubElement(item, "dragoman:translation", _clean(attributes))
    for engine in facts.get("engines", ()):
        ET.SubElement(element, "dragoman:engine", _clean(engine))
    if entry.translation:
        element.set("credit", xml_text(credit_line(entry.report.publisher, entry.translation)))


def xml_text(text: str) -> str:
    """Drop what XML 1.0 cannot hold."""
    return text if _LEGAL.fullmatch(text) else _ILLEGAL.sub("", text)


def _clean(attributes: dict[str, str]) -> dict[str, str]:
    return {key: xml_text(value) for key, value in attributes.items()}


def add_link(parent: ET.Element, **attributes: str) -> None:
    """Add an Atom link."""
    ET.SubElement(parent, "link", _clean(attributes))


def add_text(
    parent: ET.Element, name: str, text: str, attributes: dict[str, str] | None = None
) -> None:
    """Add an element that holds text, without what XML cannot hold."""
    ET.SubElement(parent, name, _clean(attributes) if attributes else {}).text = xml_text(text)


def write_xml(root: ET.Element) -> bytes:
    """Write a document."""
    # As text first: written as bytes, each of its pieces is encoded by itself.
    text: str = ET.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}".encode()
