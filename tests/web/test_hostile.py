"""Nothing that was fetched gets out of its place: scripts, addresses, control characters."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import feedparser
import pytest
from lxml import etree, html

from dragoman.store import Store, articles, open_store, sources, stories, translations
from dragoman.web import answer
from dragoman.web.export import list_addresses
from tests.web import newsroom as news
from tests.web.conftest import SMALL as SETTINGS

POISON = (
    "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)> "
    "]]> {{ 7*7 }} %(x)s &\x0b\ufffe\u202e"
)
KEPT = {"id", "article", "source", "language", "into", "status", "start", "end", "segments"}


def poison(value: Any, name: str = "") -> Any:
    """Put the poison into every text of a record, and harmful addresses into its links."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if name in ("url", "value", "tdm_policy", "image") and value.startswith("http"):
            return "javascript:alert(1)//" + value if name == "value" else value + POISON
        return value if name in KEPT else f"{value} {POISON}"
    if isinstance(value, tuple):
        return tuple(poison(item, name) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: poison(getattr(value, f.name), f.name) for f in fields(value)}
        return replace(value, **changed)
    return value


@pytest.fixture(scope="module")
def poisoned() -> Iterator[Store]:
    with open_store("sqlite://") as db:
        for source in news.SOURCES:
            sources.put_source(db, replace(source, name=f"{source.name} {POISON}", country="X<"))
        for article in news.ARTICLES:
            articles.put_article(db, poison(article), "1")
        for translation in news.TRANSLATIONS:
            translations.put_translation(db, poison(translation), "1", (), retry_at=news.NOW)
        stories.put_links(db, (), news.GROUPINGS, "1", [a.id for a in news.ARTICLES])
        yield db


def test_no_page_lets_a_fetched_text_become_markup(poisoned: Store) -> None:
    settings = replace(SETTINGS, title=f"Relay {POISON}", contact="javascript:alert(1)")
    seen = 0
    for path in list_addresses(poisoned, settings):
        found = answer(poisoned, settings, path)
        if not found.fields.get("content-type", "").startswith("text/html"):
            continue
        page = html.document_fromstring(found.body.decode())
        assert not page.xpath("//img | //iframe | //style | //*[@style]"), path
        for node in page.iter(etree.Element):
            for name, value in node.attrib.items():
                assert not str(name).startswith("on"), (path, name)
                assert "javascript:" not in str(value) or name not in ("href", "src", "cite"), path
        for script in page.iter("script"):
            if str(script.get("src")).startswith("/static/site."):
                assert not script.text
                continue
            assert script.get("type") == "application/ld+json"
            json.loads(script.text or "")
        assert "49" not in str(page.xpath("string(//main)"))
        seen += 1
    assert seen > 30


def test_every_feed_and_sitemap_stays_well_formed(poisoned: Store) -> None:
    for path in list_addresses(poisoned, SETTINGS):
        body = answer(poisoned, SETTINGS, path).body
        if path.endswith((".rss", ".atom")):
            feed = feedparser.parse(body)
            assert not feed.bozo, (path, feed.get("bozo_exception"))
            for entry in feed.entries:
                assert all(link.href.startswith("http") for link in entry.links)
                for content in entry.get("content", []):
                    assert "<script" not in content.value
        elif path.endswith(".json"):
            json.loads(body)
        elif path.endswith(".xml"):
            etree.fromstring(body)


def test_what_is_html_in_rss_is_escaped_as_html_too(poisoned: Store) -> None:
    items = etree.fromstring(answer(poisoned, SETTINGS, "/en/feed.rss").body).findall(".//item")
    assert items
    for item in items:
        shown = html.fragment_fromstring(item.findtext("description") or "", create_parent="div")
        assert not list(shown.iter("script", "img"))
        assert "alert(1)" in str(shown.text_content())


@pytest.mark.parametrize(
    "path",
    ["/en/?x=<script>", "//evil.example/", "/en/../../etc", "/en/story/<script>/",
     "/\x00", "/en/" + "a" * 5000],
)  # fmt: skip
def test_no_address_is_echoed_or_answered_with_more_than_404(poisoned: Store, path: str) -> None:
    found = answer(poisoned, SETTINGS, path, query="next=https://evil.example")
    assert found.status == 404
    assert b"<script>" not in found.body
    assert "evil.example" not in found.fields.get("location", "")
