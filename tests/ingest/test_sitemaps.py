"""Sitemaps as sources: what is new in them, and nothing of the rest."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from dragoman.errors import FeedError
from dragoman.ingest import Fetcher, read_source
from dragoman.ingest.sitemaps import MAX_ENTRIES, parse_sitemap
from dragoman.types import Source, SourceState
from tests.ingest.loopback import Answer, Web

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
FEED = (
    b'<rss version="2.0"><channel><title>Harbour</title><item><title>Ferry</title>'
    b"<link>/ferry</link><pubDate>Wed, 04 Mar 2026 09:30:00 GMT</pubDate></item></channel></rss>"
)
DAY = timedelta(days=1)


def iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def news(path: str, at: datetime, title: str = "Ferry sails", language: str = "en") -> str:
    return (
        f"<url><loc>https://a.example/{path}</loc><image:image><image:loc>https://a.example/i.jpg"
        f"</image:loc></image:image><n:news><n:publication><n:name>A</n:name><n:language>"
        f"{language}</n:language></n:publication><n:publication_date>{iso(at)}"
        f"</n:publication_date><n:title>{title}</n:title></n:news></url>"
    )


def plain(path: str, changed: str) -> str:
    return f"<url><loc>https://a.example/{path}</loc><lastmod>{changed}</lastmod></url>"


def urlset(*entries: str) -> bytes:
    return f"<?xml version='1.0'?><urlset {SPACES}>{''.join(entries)}</urlset>".encode()


def index(*children: tuple[str, str]) -> bytes:
    entries = (
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in children
    )
    return f"<sitemapindex {SPACES}>{''.join(entries)}</sitemapindex>".encode()


def parse(body: bytes) -> list[str]:
    parsed = parse_sitemap(body, "https://a.example/map.xml", NOW)
    return [item.url.rpartition("/")[2] for item in parsed.items]


def make_source(url: str) -> Source:
    return Source("harbour", url, "Harbour")


def test_a_news_sitemap_gives_title_date_and_language() -> None:
    body = urlset(news("1", NOW - DAY, "Ferry &amp; quay", "pt-br"))
    (item,) = parse_sitemap(body, "https://a.example/map.xml", NOW).items
    assert item.url == "https://a.example/1"
    assert item.title == "Ferry & quay"
    assert (item.published, item.language) == (NOW - DAY, "pt-BR")


def test_only_entries_of_the_last_days_are_taken_newest_first() -> None:
    body = urlset(
        news("old", NOW - 9 * DAY),
        news("yesterday", NOW - DAY),
        plain("today", iso(NOW)),
        plain("long-ago", "2019-01-02"),
        "<url><loc>https://a.example/undated</loc></url>",
        plain("tomorrow", iso(NOW + 30 * DAY)),
    )
    assert parse(body) == ["today", "yesterday"]


def test_an_old_article_whose_template_changed_is_not_news() -> None:
    changed = f"<lastmod>{iso(NOW)}</lastmod><n:news>"
    assert parse(urlset(news("old", NOW - 99 * DAY).replace("<n:news>", changed))) == []


def test_a_day_without_a_time_is_not_taken_for_midnight() -> None:
    (item,) = parse_sitemap(urlset(plain("1", "2026-11-22")), "https://a.example/m", NOW).items
    assert (item.published, item.updated) == (None, None)


def test_a_packed_sitemap_is_unpacked_and_a_bomb_is_refused() -> None:
    assert parse(gzip.compress(urlset(news("1", NOW)))) == ["1"]
    with pytest.raises(FeedError, match="larger than"):
        parse(gzip.compress(b" " * 60_000_000))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE u [<!ENTITY a 'b'>]><urlset>&a;</urlset>", "entities"),
        (b"<urlset>" + b"<a>" * 500, "nests"),
        (b"<urlset" + b" a='1'" * 500 + b"></urlset>", "attributes"),
        (b"<urlset><url><loc>https://a.example", "cannot be read"),
        (b"<html></html>", "no sitemap"),
    ],
)
def test_hostile_and_broken_sitemaps_are_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=rf"a\.example/map\.xml.*{words}"):
        parse(body)


def test_what_stands_before_the_fault_of_a_broken_sitemap_is_read() -> None:
    assert parse(urlset(news("1", NOW), news("2", NOW))[:-40]) == ["1"]


def test_no_more_entries_are_read_than_a_sitemap_may_have() -> None:
    body = urlset(*["<url><loc>https://a.example/x</loc></url>"] * (MAX_ENTRIES + 5))
    assert parse_sitemap(body, "https://a.example/map.xml", NOW).entries == MAX_ENTRIES


async def test_a_sitemap_is_a_source_and_is_asked_conditionally(web: Web, fetcher: Fetcher) -> None:
    now = datetime.now(UTC)
    web.routes["/news.xml"] = Answer(urlset(news("1", now)), 200, (("ETag", '"1"'),), "text/xml")
    source = make_source(f"{web.root}/news.xml")
    reading = await read_source(source, SourceState("harbour"), fetcher)
    assert [item.url for item in reading.items] == ["https://a.example/1"]
    assert (reading.etag, reading.language) == ('"1"', "en")


async def test_an_index_leads_to_what_may_be_new_and_is_always_asked_itself(
    web: Web, fetcher: Fetcher
) -> None:
    now = datetime.now(UTC)
    children = [(f"{web.root}/2019-{n}.xml", "2019-01-02") for n in range(40)]
    children += [(f"{web.root}/this-week.xml", iso(now)), (f"{web.root}/news.xml", "")]
    marks = (("ETag", '"1"'),)
    web.routes["/index.xml"] = Answer(index(*children), 200, marks, "text/xml")
    web.routes["/news.xml"] = Answer(urlset(news("1", now)), media_type="text/xml")
    web.routes["/this-week.xml"] = Answer(urlset(news("2", now)), media_type="text/xml")
    reading = await read_source(make_source(f"{web.root}/index.xml"), SourceState("h"), fetcher)
    assert {item.url for item in reading.items} == {"https://a.example/1", "https://a.example/2"}
    assert web.paths == ["/index.xml", "/news.xml", "/this-week.xml"]
    assert (reading.feed_url, reading.etag) == (f"{web.root}/index.xml", "")


async def test_an_index_of_itself_ends(web: Web, fetcher: Fetcher) -> None:
    children = index(*[(f"{web.root}/index.xml?{n}", "") for n in range(99)])
    for path in ("/index.xml", *(f"/index.xml?{n}" for n in range(99))):
        web.routes[path] = Answer(children, media_type="text/xml")
    reading = await read_source(make_source(f"{web.root}/index.xml"), SourceState("h"), fetcher)
    assert reading.items == ()
    assert len(web.paths) <= 31


async def test_one_sitemap_of_an_index_that_fails_does_not_stop_the_others(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/i"] = Answer(index((f"{web.root}/gone", ""), (f"{web.root}/b", "")))
    web.routes["/b"] = Answer(urlset(news("1", datetime.now(UTC))), media_type="text/xml")
    reading = await read_source(make_source(f"{web.root}/i"), SourceState("h"), fetcher)
    assert len(reading.items) == 1


async def test_a_page_leads_to_its_feed_before_any_sitemap(web: Web, fetcher: Fetcher) -> None:
    web.routes["/robots.txt"] = Answer(f"Sitemap: {web.root}/news.xml\n".encode())
    web.routes["/"] = Answer(b'<html><link rel="alternate feed" href="/feed"></html>')
    web.routes["/feed"] = Answer(FEED, media_type="application/rss+xml")
    reading = await read_source(make_source(f"{web.root}/"), SourceState("h"), fetcher)
    assert reading.feed_url == f"{web.root}/feed"


async def test_a_page_without_a_feed_leads_to_the_news_sitemap_of_robots_txt(
    web: Web, fetcher: Fetcher
) -> None:
    robots = f"Sitemap: {web.root}/all.xml\nSitemap: {web.root}/news.xml\nUser-agent: *\nAllow: /\n"
    web.routes["/robots.txt"] = Answer(robots.encode(), media_type="text/plain")
    web.routes["/"] = Answer(b"<html><body><a href='/ferry'>Ferry</a></body></html>")
    web.routes["/all.xml"] = Answer(urlset(plain("old", "2019-01-02")), media_type="text/xml")
    body = gzip.compress(urlset(news("1", datetime.now(UTC))))
    web.routes["/news.xml"] = Answer(body, media_type="application/gzip")
    reading = await read_source(make_source(f"{web.root}/"), SourceState("h"), fetcher)
    assert reading.feed_url == f"{web.root}/news.xml"
    assert len(reading.items) == 1
    assert web.paths == ["/", "/news.xml"]
