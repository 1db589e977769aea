"""The feeds of the site, read by other people's readers."""

import json
from xml.etree import ElementTree as ET

import fastfeedparser
import feedparser
import pytest

from tests.web import newsroom as news
from tests.web.conftest import SETTINGS, Site

ADDRESSES = ("/en/", "/ar/", "/en/story/ferry-story/", "/pt/source/folha/")


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_two_readers_agree_on_every_xml_feed(site: Site, address: str, form: str) -> None:
    body = site.get(f"{address}feed.{form}").body
    careful = feedparser.parse(body)
    quick = fastfeedparser.parse(body)
    assert not careful.bozo
    assert len(careful.entries) == len(quick.entries) > 0
    for one, other in zip(careful.entries, quick.entries, strict=True):
        assert one.title == other.title
        assert one.link == other.link
        assert one.link.startswith(f"{SETTINGS.base_url}/")
        assert one.id.startswith("urn:uuid:")
    assert careful.feed.language == address.split("/")[1]


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_entry_leads_to_the_original_and_names_its_language(site: Site, form: str) -> None:
    feed = feedparser.parse(site.get(f"/en/feed.{form}").body)
    entry = next(e for e in feed.entries if "Ferry links the islands" in e.title)
    via = next(link for link in entry.links if link.rel == "via")
    assert via.href == news.FERRY.url
    assert via.hreflang == "pt"
    assert entry.published.startswith(("Wed, 18 Nov 2026", "2026-11-18"))
    assert "Translated by machine from Portuguese; not checked by a person." in entry.summary
    mark = entry.dragoman_translation
    assert (mark["from"], mark["into"], mark["status"]) == ("pt", "en", "done")
    assert mark["reviewed"] == "false"


def test_json_feed_has_the_fields_of_its_version_and_the_provenance(site: Site) -> None:
    feed = json.loads(site.text("/en/feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://relay.example/en/feed.json"
    assert feed["language"] == "en"
    for item in feed["items"]:
        assert item["id"]
        assert item["url"]
        assert "content_html" in item or "content_text" in item
        assert item["_dragoman"]["from"]
    ferry = next(i for i in feed["items"] if i["external_url"] == news.FERRY.url)
    assert ferry["_dragoman"]["engines"][0]["name"] == "firefox"
    assert ferry["_dragoman"]["marked"] == 1
    assert ferry["authors"] == [{"name": "Joana Teles"}]
    assert '<a href="https://port.example/notice"' in ferry["content_html"]


def test_ids_stay_when_the_address_of_the_site_changes(site: Site) -> None:
    from dataclasses import replace

    moved = Site(site.db, replace(SETTINGS, base_url="https://other.example"))
    ids = [item["id"] for item in json.loads(site.text("/en/feed.json"))["items"]]
    assert ids == [item["id"] for item in json.loads(moved.text("/en/feed.json"))["items"]]
    french = [item["id"] for item in json.loads(site.text("/fr/feed.json"))["items"]]
    assert not set(ids) & set(french)


def test_an_edition_feed_leaves_out_copies_and_withdrawn_articles(site: Site) -> None:
    feed = json.loads(site.text("/en/feed.json"))
    originals = [item["external_url"] for item in feed["items"]]
    assert news.FERRY_COPY.url not in originals
    assert news.GONE.url not in originals
    assert len(originals) == len(set(originals)) == len(news.ARTICLES) - 2


def test_an_untranslated_entry_keeps_its_own_language(site: Site) -> None:
    root = ET.fromstring(site.get("/en/feed.atom").body)
    atom = "{http://www.w3.org/2005/Atom}"
    budget = next(
        e for e in root.iter(f"{atom}entry") if "budget" in (e.findtext(f"{atom}title") or "")
    )
    assert budget.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert "Not translated yet from French." in (budget.findtext(f"{atom}summary") or "")
    assert budget.find(f"{atom}content") is None  # only the headline may be shown
