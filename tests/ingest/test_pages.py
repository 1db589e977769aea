from __future__ import annotations

import time

import pytest

from dragoman.errors import FetchError, Forbidden, Gone
from dragoman.ingest import Fetcher, article_id, fetch_page, find_feeds
from dragoman.types import FeedItem, Link, Source
from tests.ingest.loopback import Answer, Web, redirect

URL = "https://harbour.example/news/"
SOURCE = Source(id="harbour", url=URL, name="Harbour")


def test_it_finds_the_feeds_that_a_page_names_and_puts_comments_last() -> None:
    html = b"""<!doctype html><html><head>
    <!-- <link rel="alternate" type="application/rss+xml" href="/hidden"> -->
    <link rel="stylesheet" href="/style.css"><link rel="alternate" hreflang="fr" href="/fr/">
    <LINK REL='Alternate' TYPE='application/rss+xml'
    TITLE='Comments &amp; replies' HREF='comments'>
    <link href="//feeds.example/all?x=1&amp;y=2" type="application/atom+xml" rel=alternate
    title=All>
    <link rel=alternate type=application/feed+json href=/feed.json>
    <link rel="alternate" type="application/json" href="/wp-json/posts/1">
    <link rel="alternate" type="application/rss+xml" href="javascript:x">
    </head><body><a href="/other.rss">RSS</a></body></html>"""
    assert find_feeds(html, URL) == (
        Link("https://feeds.example/all?x=1&y=2", "All"),
        Link("https://harbour.example/feed.json"),
        Link("https://harbour.example/news/comments", "Comments & replies"),
    )


def test_where_the_head_names_none_links_that_look_like_feeds_are_taken() -> None:
    html = b"""<base href="/base/"><a href="rss.xml">RSS</a><a href="/feed/">F</a>
    <a href="/feeding-the-birds">no</a><a href="/story?feed">no</a>"""
    assert [link.url for link in find_feeds(html, URL)] == [
        "https://harbour.example/base/rss.xml",
        "https://harbour.example/feed/",
    ]


@pytest.mark.parametrize(
    "html", [b"<a " * 400_000, b"<link '\"" * 200_000, b"<!--" * 400_000, b"<a href=" * 200_000]
)
def test_a_hostile_page_costs_no_time(html: bytes) -> None:
    started = time.thread_time()
    assert find_feeds(html, URL) == ()
    assert time.thread_time() - started < 5


async def test_it_fetches_a_page_with_all_that_a_later_stage_asks_for(
    web: Web, fetcher: Fetcher
) -> None:
    headers = (("X-Robots-Tag", "noarchive"), ("Set-Cookie", "a=b"), ("tdm-reservation", "1"))
    web.routes["/a"] = redirect("/b")
    web.routes["/b"] = Answer(
        "<html>été</html>".encode("latin-1"), 200, headers, "Text/HTML; charset=ISO-8859-1"
    )
    item = FeedItem(url=f"{web.root}/a", title="Été")
    page = await fetch_page(item, SOURCE, fetcher, id="abc")
    assert (page.url, page.final_url) == (f"{web.root}/a", f"{web.root}/b")
    assert (page.id, page.source, page.item, page.status) == ("abc", "harbour", item, 200)
    assert (page.media_type, page.charset) == ("text/html", "iso-8859-1")
    assert page.body.decode(page.charset) == "<html>été</html>"
    assert dict(page.headers)["x-robots-tag"] == "noarchive"
    assert dict(page.headers)["tdm-reservation"] == "1"
    assert "set-cookie" not in dict(page.headers)
    assert page.fetched.tzinfo is not None


async def test_without_an_id_it_makes_the_articles_own(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a?utm_source=rss"] = Answer(b"<html>x</html>")
    url = f"{web.root}/a?utm_source=rss"
    page = await fetch_page(FeedItem(url=url), SOURCE, fetcher)
    assert page.id == article_id("harbour", f"{web.root}/a")


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/pdf", b"%PDF-1.7"),
        ("image/jpeg", b"\xff\xd8\xff"),
        ("text/plain", b"words"),
        ("application/json", b"{}"),
        ("video/mp4", b"\0\0"),
        ("", b"words"),
    ],
)
async def test_a_page_of_another_type_is_refused_by_name(
    web: Web, fetcher: Fetcher, media_type: str, body: bytes
) -> None:
    web.routes["/a"] = Answer(body, media_type=media_type)
    with pytest.raises(FetchError, match=f"/a: this is .*{media_type}.*not a web page") as caught:
        await fetch_page(FeedItem(url=f"{web.root}/a"), SOURCE, fetcher)
    assert caught.value.permanent


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/xhtml+xml"])
async def test_a_page_whose_type_is_said_vaguely_is_a_page(
    web: Web, fetcher: Fetcher, media_type: str
) -> None:
    body = b'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE html><html><p>x</p></html>'
    web.routes["/a"] = Answer(body, media_type=media_type)
    page = await fetch_page(FeedItem(url=f"{web.root}/a"), SOURCE, fetcher)
    assert page.media_type in ("text/html", "application/xhtml+xml")


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        b"%PDF-1.7\n%" + bytes(range(256)) * 9,
        bytes(3000),
    ],
)
async def test_a_file_that_is_called_a_page_is_none(
    web: Web, fetcher: Fetcher, body: bytes
) -> None:
    web.routes["/x"] = Answer(body)
    with pytest.raises(FetchError, match="no text, not a web page"):
        await fetch_page(FeedItem(f"{web.root}/x"), SOURCE, fetcher)


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be", "utf-16", "shift_jis"])
async def test_a_page_in_any_encoding_is_one(web: Web, fetcher: Fetcher, code: str) -> None:
    body = "<html><body><p>Hello there, こんにちは。\x08</p></body></html>".encode(code) * 20
    web.routes["/x"] = Answer(body)
    page = await fetch_page(FeedItem(f"{web.root}/x"), SOURCE, fetcher)
    assert page.body == body


@pytest.mark.parametrize("body", [b"", b" \n "])
async def test_an_empty_page_is_an_error_that_may_pass(
    web: Web, fetcher: Fetcher, body: bytes
) -> None:
    web.routes["/a"] = Answer(body)
    with pytest.raises(FetchError, match="/a: the page is empty") as caught:
        await fetch_page(FeedItem(url=f"{web.root}/a"), SOURCE, fetcher)
    assert not caught.value.permanent


@pytest.mark.parametrize("status", [404, 410])
async def test_a_withdrawn_page_is_gone(web: Web, fetcher: Fetcher, status: int) -> None:
    web.routes["/a"] = Answer(b"<html>sorry</html>", status)
    with pytest.raises(Gone, match=f"/a: the publisher answers {status}"):
        await fetch_page(FeedItem(url=f"{web.root}/a"), SOURCE, fetcher)


async def test_an_item_of_a_hostile_feed_cannot_send_us_inside(web: Web) -> None:
    async with Fetcher(user_agent="Dragoman/0.1", host_interval=0.0) as fetcher:
        for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"):
            with pytest.raises(Forbidden):
                await fetch_page(FeedItem(url=f"http://{host}:{web.port}/"), SOURCE, fetcher)
    assert web.asked == []
