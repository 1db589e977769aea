"""Search as readers and programs meet it: the page, the feed, the API, the command."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

import feedparser
import pytest
from lxml import html
from starlette.testclient import TestClient

from dragoman.config import Settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, index_texts
from dragoman.store import Store, open_store
from dragoman.store.withdrawals import withdraw
from dragoman.web import create_app
from dragoman.web.site import Answer, answer
from tests.web import newsroom as news
from tests.web.conftest import SETTINGS


@pytest.fixture(scope="module")
def indexed() -> Iterator[Store]:
    runner = LocalRunner(1)
    with open_store("sqlite://") as db:
        news.fill_store(db)
        asyncio.run(index_texts(Pass(db, runner, Settings())))
        yield db
    runner.close()


def get(db: Store, query: str, edition: str = "en", path: str = "search/") -> Answer:
    return answer(db, SETTINGS, f"/{edition}/{path}", query=query)


def page(db: Store, query: str, edition: str = "en") -> html.HtmlElement:
    found = get(db, query, edition)
    assert found.status == 200
    return html.fromstring(found.body.decode())


def found_ids(tree: html.HtmlElement) -> list[str]:
    return [link.split("/")[3] for link in tree.xpath("//section//h3/a/@href") if "article" in link]


def links(tree: html.HtmlElement, path: str) -> list[str]:
    return [str(one.get("href")) for one in tree.iterfind(f".{path}")]


def text_of(tree: html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


def test_each_result_shows_where_it_was_found(indexed: Store) -> None:
    tree = page(indexed, "q=captain")
    assert set(found_ids(tree)) == {news.FERRY_SPANISH.id, news.FERRY_ARABIC.id}
    assert {mark.text for mark in tree.xpath("//mark")} == {"captain"}
    assert "found in the translation from Arabic" in text_of(tree)
    (original,) = page(indexed, "q=cometa").xpath("//section/article")
    assert "found in the original (Portuguese)" in text_of(original)
    assert original.xpath(".//p[@class='excerpt']/@lang") == ["pt"]


def test_what_is_not_the_readers_language_says_so(indexed: Store) -> None:
    (article,) = page(indexed, f"q={quote_plus('الركاب')}").xpath("//section/article")
    (excerpt,) = article.xpath(".//p[@class='excerpt']")
    assert (excerpt.get("lang"), excerpt.get("dir")) == ("ar", "rtl")


def test_a_source_that_allows_a_link_alone_gives_no_excerpt(indexed: Store) -> None:
    tree = page(indexed, f"q={quote_plus('conseil adopté')}")
    assert found_ids(tree) == [news.BUDGET.id]
    assert not tree.xpath("//p[@class='excerpt']")
    assert "a adopté" not in text_of(tree)


def test_an_extract_is_short(indexed: Store) -> None:
    tree = page(indexed, "q=compa%C3%B1%C3%ADa", "es")
    (shown,) = (text_of(one) for one in tree.xpath("//p[@class='excerpt']"))
    assert len(shown) < 180


def test_an_excerpt_with_a_doubtful_sentence_says_so(indexed: Store) -> None:
    (article,) = page(indexed, "q=refunded").xpath("//section/article")
    assert "low confidence" in text_of(article)


def test_the_words_stay_in_the_form_the_address_and_the_switch(indexed: Store) -> None:
    tree = page(indexed, "q=ferry+%22eleven+days%22&language=es&from=2026-11-01&sort=date")
    assert tree.xpath("//main//input[@name='q']/@value") == ['ferry "eleven days"']
    assert tree.xpath("//select[@name='language']/option[@selected]/@value") == ["es"]
    assert tree.xpath("//input[@name='from']/@value") == ["2026-11-01"]
    switch = tree.xpath("//nav[@class='languages']//a[@lang='ar']/@href")[0]
    assert switch.startswith("/ar/search/?q=ferry+%22eleven+days%22&language=es")
    feeds = tree.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
    assert feeds[0].startswith("/en/search/feed.atom?q=ferry")
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert found_ids(tree) == [news.FERRY_SPANISH.id]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ("language=ar", {news.FERRY_ARABIC.id}),
        ("source=gaceta", {news.FERRY_SPANISH.id, news.FERRY_COPY.id}),
        ("country=pt", {news.FERRY.id}),
        ("country=PT&source=gaceta", set()),
        ("from=2026-11-19", {news.FERRY_ARABIC.id}),
        ("to=2026-11-17", set()),
        ("section=sport", set()),
        ("language=xx&from=x&to=y&section=z&page=999&sort=z", None),
    ],
)
def test_a_search_is_narrowed_by_what_makes_sense(
    indexed: Store, filters: str, ids: set[str] | None
) -> None:
    everything = set(found_ids(page(indexed, "q=ferry")))
    assert len(everything) == 5
    found = set(found_ids(page(indexed, f"q=ferry&{filters}")))
    assert found == (everything if ids is None else ids)


def test_where_nothing_is_found_other_ways_are_proposed(indexed: Store) -> None:
    misspelt = page(indexed, "q=captian")
    assert misspelt.xpath("//ul[@class='ways']//a/@href")[0] == "/en/search/?q=captain"
    fewer = page(indexed, "q=ferry+elephant")
    assert "/en/search/?q=ferry" in fewer.xpath("//ul[@class='ways']//a/@href")
    narrow = page(indexed, "q=ferry&section=sport")
    assert "/en/search/?q=ferry" in narrow.xpath("//ul[@class='ways']//a/@href")
    elsewhere = page(indexed, "q=communiqu%C3%A9", "pt")
    assert elsewhere.xpath("//ul[@class='ways']//a/@href") == ["/en/search/?q=communiqu%C3%A9"]
    assert "Try other words" in text_of(page(indexed, "q=qqqqqqqq"))


def test_a_query_without_words_is_answered_in_a_sentence(indexed: Store) -> None:
    assert "Name at least one word" in text_of(page(indexed, "q=-ferry"))
    assert "Nothing was found" not in text_of(page(indexed, ""))
    assert "only its beginning was used" in text_of(page(indexed, "q=" + "ferry+" * 2000))


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%ff%fe",
        "q=%22%28%29*%5E:NEAR(a+b)",
        "q=<script>alert(1)</script>",
        "q=" + "a" * 10_000,
        "q=" + "%22" * 3_000,
        "&".join(f"x{n}=1" for n in range(200)) + "&q=ferry",
        "q=ferry&page=-1&from=0000-00-00&to=9999-12-31",
        "q=ferry&q=x&country=%00&source=%27--",
        "q=%ED%A0%80",
    ],
)
@pytest.mark.parametrize("path", ["search/", "search/feed.rss", "search/feed.json"])
def test_no_address_fails(indexed: Store, query: str, path: str) -> None:
    found = get(indexed, query, path=path)
    assert found.status in ((200,) if path == "search/" else (200, 404))
    is_json = path.endswith("json")  # where it is text like any other, and sniffed by nobody
    assert is_json or b"<script>alert" not in found.body
    assert found.fields["x-content-type-options"] == "nosniff"


def test_what_is_withdrawn_is_not_found(indexed: Store) -> None:
    assert found_ids(page(indexed, "q=headline")) == []
    assert "taken back" not in get(indexed, "q=%22taken+back%22").body.decode().split("</form>")[-1]


def test_a_search_has_finite_pages() -> None:
    runner = LocalRunner(1)
    small = replace(SETTINGS, page_size=2)
    with open_store("sqlite://") as db:
        news.fill_store(db)
        asyncio.run(index_texts(Pass(db, runner, Settings())))
        seen = []
        query = "?q=ferry"
        while query:
            body = answer(db, small, "/en/search/", query=query[1:]).body.decode()
            tree = html.fromstring(body)
            seen += found_ids(tree)
            query = "".join(links(tree, "//a[@rel='next']")).removeprefix("/en/search/")
        assert len(seen) == len(set(seen)) == 5
        withdraw(db, news.FERRY.id, "gone", news.NOW)
        assert news.FERRY.id not in found_ids(page(db, "q=ferry"))
    runner.close()


def test_a_search_is_a_feed(indexed: Store) -> None:
    for form in ("rss", "atom"):
        found = get(indexed, "q=ferry&language=es", path=f"search/feed.{form}")
        feed = feedparser.parse(found.body)
        assert not feed.bozo
        assert [one.link for one in feed.entries] == [
            f"https://relay.example/en/article/{news.FERRY_SPANISH.id}/"
        ]
    found = json.loads(get(indexed, "q=ferry", path="search/feed.json").body)
    assert found["feed_url"] == "https://relay.example/en/search/feed.json?q=ferry"
    assert found["items"][0]["url"].endswith(f"/{news.FERRY_ARABIC.id}/")  # the newest
    assert get(indexed, "", path="search/feed.rss").status == 404


def test_browsers_learn_to_search_here(indexed: Store) -> None:
    tree = html.fromstring(answer(indexed, SETTINGS, "/ar/about/").body.decode())
    (address,) = links(tree, "//link[@rel='search']")
    assert tree.xpath("//header//form[@role='search']/@action") == ["/ar/search/"]
    found = answer(indexed, SETTINGS, address)
    assert found.fields["content-type"].startswith("application/opensearchdescription+xml")
    document = ET.fromstring(found.body)
    names = {one.tag.rpartition("}")[2]: one for one in document}
    assert len(names["ShortName"].text or "") <= 16
    templates = {one.get("type"): one.get("template") for one in document.iter() if one.get("type")}
    assert templates["text/html"] == "https://relay.example/ar/search/?q={searchTerms}"


def test_an_answer_is_not_sent_twice(indexed: Store) -> None:
    first = get(indexed, "q=ferry")
    again = answer(
        indexed,
        SETTINGS,
        "/en/search/",
        query="q=ferry",
        headers={"if-none-match": first.fields["etag"]},
    )
    assert again.status == 304
    assert get(indexed, "q=ferri").fields["etag"] != first.fields["etag"]


def test_the_page_is_small_and_needs_no_script(indexed: Store) -> None:
    found = get(indexed, "q=ferry")
    assert len(found.body) < 30_000
    assert "form-action 'self'" in found.fields["content-security-policy"]
    assert not re.search(rb"<[^>]+ style=|<script>|onclick", found.body)


def test_programs_search_too(indexed: Store) -> None:
    with TestClient(create_app(indexed, SETTINGS)) as client:
        found = client.get(
            "/api/v1/search", params={"q": "ferry", "edition": "en", "limit": 2, "sort": "date"}
        )
        first = found.json()
        assert (first["total"], first["next"], first["is_more"]) == (5, 2, False)
        assert first["results"][0]["id"] == news.FERRY_ARABIC.id
        hits = [part["text"] for part in first["results"][0]["excerpt"] if part["is_hit"]]
        assert hits == ["ferry"]
        same = client.get(found.request.url, headers={"If-None-Match": found.headers["etag"]})
        assert same.status_code == 304
        rest = client.get("/api/v1/search", params={"q": "ferry", "offset": 2, "limit": 9}).json()
        assert (len(rest["results"]), rest["next"]) == (3, None)
        link = client.get("/api/v1/search", params={"q": "conseil", "edition": "fr"}).json()
        assert link["results"][0]["excerpt"] == []
        assert client.get("/api/v1/search").status_code == 422
        assert client.get("/api/v1/search?q=a&edition=xx").status_code == 404
