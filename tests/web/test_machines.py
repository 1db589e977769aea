"""What the site tells machines: sitemaps, outlines, when a feed changed, and JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from dragoman.ingest import parse_outlines
from dragoman.publish.sitemaps import NewsPlace, Place, render_news_sitemap, render_sitemap_index
from dragoman.store import Store, articles, open_store, translations
from dragoman.store.withdrawals import withdraw
from dragoman.types import Dating, Moment, Precision
from dragoman.web.machines import Changes
from tests.web import newsroom as news
from tests.web.conftest import Site

NOW = datetime.now(UTC)


def read_page(text: str) -> Any:
    """Read a page; of what XPath finds in it the type checker knows too much."""
    return html.fromstring(text)


@pytest.fixture
def fresh() -> Iterator[Site]:
    """Give a site of its own, to be changed."""
    with open_store("sqlite://") as db:
        news.fill_store(db)
        yield Site(db)


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_is_sent_again_only_when_it_changed(fresh: Site, form: str) -> None:
    path = f"/en/source/folha/feed.{form}"
    first = fresh.get(path).fields
    since = first["last-modified"]
    assert fresh.get(path, if_modified_since=since).status == 304
    assert fresh.get(path, if_none_match=first["etag"]).status == 304
    old = "Wed, 01 Jan 2020 00:00:00 GMT"
    assert fresh.get(path, if_modified_since=old).status == 200
    assert fresh.get(path, if_modified_since="yesterday").status == 200
    # A tag says more than a time: where there is one, the time has no say.
    assert fresh.get(path, if_modified_since=since, if_none_match='"x"').status == 200


def test_a_feed_has_changed_though_no_date_in_it_is_newer(fresh: Site) -> None:
    since = fresh.get("/en/feed.atom").fields["last-modified"]
    withdraw(fresh.db, news.FERRY.id, "asked for", NOW)
    without = fresh.get("/en/feed.atom", if_modified_since=since)
    assert without.status == 200
    assert news.FERRY.url.encode() not in without.body
    since = without.fields["last-modified"]
    older = replace(news.STORM, id="olderpt00001", url="https://folha-do-cais.example/older")
    articles.put_article(fresh.db, older, "1")
    assert fresh.get("/en/feed.atom", if_modified_since=since).status == 200


def test_two_changes_in_one_second_are_told_apart() -> None:
    changes = Changes()
    first = changes.since("x", b"1", NOW)
    assert changes.since("x", b"1", NOW + timedelta(hours=1)) == first
    second = changes.since("x", b"2", NOW)
    assert second > first
    assert changes.since("x", b"1", NOW) > second


def test_an_outline_names_every_feed_of_an_edition(site: Site) -> None:
    found = site.get("/pt/feeds.opml")
    assert found.fields["content-type"].startswith("text/x-opml")
    outlines = parse_outlines(found.body, "feeds.opml")
    assert outlines.faults == ()
    addresses = [one.url for one in outlines.sources]
    assert addresses[0] == "https://relay.example/pt/feed.rss"
    assert "https://relay.example/pt/source/marsa/feed.rss" in addresses
    assert {one.language for one in outlines.sources} == {"pt"}
    assert [one.folder for one in outlines.sources if "marsa" in one.url] == [("Fontes",)]
    for address in addresses:
        assert site.get(address.removeprefix("https://relay.example")).status == 200
    assert "/pt/feeds.opml" in site.text("/pt/about/")


def recent(db: Store, id: str, source: str, moment: Moment) -> None:
    base = news.FERRY_NATIVE
    url = f"https://harbour.example/{id}"
    written = Dating(moment)
    article = replace(base, id=id, source=source, url=url, published=written, first_seen=moment.at)
    articles.put_article(db, article, "1")


def test_the_sitemap_of_news_holds_two_days_of_what_may_be_listed(fresh: Site) -> None:
    at = NOW - timedelta(hours=2)
    recent(fresh.db, "newen0000001", "harbour", Moment(at, Precision.MINUTE))
    recent(fresh.db, "newen0000002", "folha", Moment(at, Precision.MINUTE))  # may not be listed
    recent(fresh.db, "newen0000003", "harbour", Moment(at, Precision.DAY))  # states no time
    recent(fresh.db, "newen0000004", "harbour", Moment(NOW - timedelta(hours=49)))
    made = replace(news.FERRY_PORTUGUESE, article="newen0000001")
    translations.put_translation(fresh.db, made, "1")
    root = ET.fromstring(fresh.get("/sitemap-news.xml").body)
    spaces = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "n": "http://www.google.com/schemas/sitemap-news/0.9",
    }
    found = {
        url.findtext("s:loc", "", spaces): (
            url.findtext("n:news/n:publication/n:language", "", spaces),
            url.findtext("n:news/n:title", "", spaces),
        )
        for url in root.findall("s:url", spaces)
    }
    assert found == {
        "https://relay.example/en/article/newen0000001/": ("en", news.FERRY_NATIVE.title),
        "https://relay.example/pt/article/newen0000001/": ("pt", news.FERRY_PORTUGUESE.title),
    }
    name = root.findtext("s:url/n:news/n:publication/n:name", "", spaces)
    assert name == "Relay & Sons"
    assert "Sitemap: https://relay.example/sitemap-news.xml" in fresh.text("/robots.txt")


def test_a_sitemap_of_news_holds_a_thousand_articles_at_most() -> None:
    places = [
        NewsPlace(f"https://relay.example/{n}", str(n), "en", NOW - timedelta(seconds=n))
        for n in range(1200)
    ]
    body = render_news_sitemap("Relay", reversed(places)).decode()
    assert body.count("<loc>") == 1000
    assert "<loc>https://relay.example/0</loc>" in body


def test_more_than_fifty_thousand_addresses_are_parted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = re.findall(r"<loc>([^<]+)</loc>", site.text("/sitemap.xml"))
    assert site.get("/sitemap-1.xml").status == 404
    for module in ("dragoman.publish.sitemaps", "dragoman.web.machines"):
        monkeypatch.setattr(f"{module}.LIMIT", 4)
    parts = re.findall(r"<loc>https://relay.example([^<]+)</loc>", site.text("/sitemap.xml"))
    assert parts == [f"/sitemap-{n}.xml" for n in range(1, len(whole) // 4 + 2)][: len(parts)]
    listed = [loc for part in parts for loc in re.findall(r"<loc>([^<]+)</loc>", site.text(part))]
    assert listed == whole
    assert site.get(f"/sitemap-{len(parts) + 1}.xml").status == 404


def test_an_index_of_sitemaps_says_when_each_part_changed() -> None:
    places = [Place(f"https://relay.example/{n}") for n in range(50_000)]
    body = render_sitemap_index("https://relay.example", [*places, Place("x", NOW)]).decode()
    assert body.count("<sitemap>") == 2
    assert body.count("<lastmod>") == 1


def test_a_translated_page_tells_machines_what_it_is(site: Site) -> None:
    page = read_page(site.text(f"/en/article/{news.FERRY.id}/"))
    (text,) = page.xpath("//script[@type='application/ld+json']/text()")
    record = json.loads(text)
    address = f"https://relay.example/en/article/{news.FERRY.id}/"
    assert record["@type"] == "NewsArticle"
    assert record["url"] == record["mainEntityOfPage"] == address
    assert (record["inLanguage"], record["translationOfWork"]["inLanguage"]) == ("en", "pt")
    assert record["isBasedOn"] == record["translationOfWork"]["url"] == news.FERRY.url
    assert record["translationOfWork"]["author"][0]["name"] == "Joana Teles"
    assert record["digitalSourceType"].endswith("TrainedAlgorithmicMediaDigitalSource")
    assert record["copyrightHolder"]["name"] == "Folha do Cais"
    assert record["publisher"]["name"] == "Relay & Sons"
    assert "machine translation" in record["creditText"]

    def meta(name: str) -> list[str]:
        return [str(one) for one in page.xpath(f"//meta[@property='{name}']/@content")]

    assert meta("og:url") == page.xpath("//link[@rel='canonical']/@href") == [address]
    assert meta("og:type") == ["article"]
    assert meta("og:title") == [record["headline"]]
    assert meta("og:locale") == ["en_US"]
    assert meta("article:published_time") == [record["datePublished"]]
    assert record.get("image", "") == "".join(meta("og:image"))


def test_editions_of_one_text_name_each_other(site: Site) -> None:
    def alternates(path: str) -> dict[str, str]:
        page = read_page(site.text(path))
        links = page.xpath("//link[@rel='alternate'][@hreflang]")
        return {link.get("hreflang"): link.get("href") for link in links}

    english = alternates(f"/en/article/{news.FERRY_NATIVE.id}/")
    assert set(english) == {"en", "pt", "x-default"}
    assert english == alternates(f"/pt/article/{news.FERRY_NATIVE.id}/")


@pytest.mark.parametrize("path", ["/en/", "/pt/story/ferry-story/", "/ar/source/folha/"])
def test_a_page_leads_programs_to_its_feeds(site: Site, path: str) -> None:
    page = read_page(site.text(path))
    for kind in ("rss+xml", "atom+xml", "feed+json"):
        (href,) = page.xpath(f"//link[@rel='alternate'][@type='application/{kind}']/@href")
        assert str(href).startswith(path)
        assert site.get(str(href)).status == 200
