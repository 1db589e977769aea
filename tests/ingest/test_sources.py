from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dragoman.errors import FeedError, FetchError, Forbidden, Gone
from dragoman.ingest import Fetcher, read_source
from dragoman.types import Source, SourceState
from tests.ingest.loopback import Answer, Web, redirect

FEED = (
    b'<rss version="2.0"><channel><title>Harbour</title><language>en</language>'
    b"<item><title>Ferry</title><link>/ferry</link>"
    b"<pubDate>Wed, 04 Mar 2026 09:30:00 GMT</pubDate></item></channel></rss>"
)
RSS = Answer(FEED, media_type="application/rss+xml")


def make_source(url: str) -> Source:
    return Source(id="harbour", url=url, name="Harbour")


async def test_it_reads_a_feed_and_remembers_what_the_next_poll_needs(
    web: Web, fetcher: Fetcher
) -> None:
    marks = (("ETag", '"v1"'), ("Last-Modified", "Wed, 04 Mar 2026 09:31:00 GMT"))
    web.routes["/feed"] = Answer(FEED, 200, marks, "text/xml")
    reading = await read_source(make_source(f"{web.root}/feed"), SourceState("harbour"), fetcher)
    assert reading.source == "harbour"
    assert reading.feed_url == f"{web.root}/feed"
    assert (reading.title, reading.language) == ("Harbour", "en")
    assert [item.url for item in reading.items] == [f"{web.root}/ferry"]
    assert (reading.etag, reading.last_modified) == (marks[0][1], marks[1][1])
    assert not reading.is_unchanged
    assert reading.moved_to == ""
    assert "if-none-match" not in web.asked[-1].headers


async def test_it_asks_conditionally_and_304_means_unchanged(web: Web, fetcher: Fetcher) -> None:
    web.routes["/feed"] = Answer(b"", 304, (("ETag", '"v2"'),))
    state = SourceState(
        "harbour",
        feed_url=f"{web.root}/feed",
        etag='"v1"',
        last_modified="Wed, 04 Mar 2026 09:31:00 GMT",
    )
    reading = await read_source(make_source(f"{web.root}/feed"), state, fetcher)
    assert reading.is_unchanged
    assert reading.items == ()
    assert (reading.etag, reading.last_modified) == ('"v2"', state.last_modified)
    assert web.asked[-1].headers["if-none-match"] == '"v1"'
    assert web.asked[-1].headers["if-modified-since"] == state.last_modified


async def test_a_permanent_redirect_moves_the_source(web: Web, fetcher: Fetcher) -> None:
    web.routes["/old"] = redirect("/feed", 301)
    web.routes["/older"] = redirect("/old", 308)
    web.routes["/now"] = redirect("/feed", 302)
    web.routes["/feed"] = RSS
    moved = await read_source(make_source(f"{web.root}/older"), SourceState("harbour"), fetcher)
    assert moved.moved_to == moved.feed_url == f"{web.root}/feed"
    stays = await read_source(make_source(f"{web.root}/now"), SourceState("harbour"), fetcher)
    assert (stays.moved_to, stays.feed_url) == ("", f"{web.root}/now")


async def test_410_ends_a_source_and_404_does_not(web: Web, fetcher: Fetcher) -> None:
    web.routes["/gone"] = Answer(b"", 410)
    with pytest.raises(Gone, match="/gone"):
        await read_source(make_source(f"{web.root}/gone"), SourceState("harbour"), fetcher)
    with pytest.raises(FetchError, match="check the address") as caught:
        await read_source(make_source(f"{web.root}/404"), SourceState("harbour"), fetcher)
    assert not isinstance(caught.value, Gone)
    assert not caught.value.permanent


async def test_retry_after_of_a_busy_feed_is_handed_on(web: Web, fetcher: Fetcher) -> None:
    web.routes["/feed"] = Answer(b"", 503, (("Retry-After", "300"),))
    with pytest.raises(FetchError) as caught:
        await read_source(make_source(f"{web.root}/feed"), SourceState("harbour"), fetcher)
    assert caught.value.retry_after == 300


@pytest.mark.parametrize(
    ("control", "ttl", "seconds"),
    [
        ("public, max-age=600", "", 600.0),
        ("max-age=31536000", "", 3600.0),
        ("s-max-age=9, no-cache", "", None),
        ("max-age=60", "<ttl>10</ttl>", 600.0),
    ],
)
async def test_it_says_when_the_publisher_wants_to_see_us_again(
    web: Web, fetcher: Fetcher, control: str, ttl: str, seconds: float | None
) -> None:
    body = FEED.replace(b"<language>", ttl.encode() + b"<language>")
    web.routes["/feed"] = Answer(body, 200, (("Cache-Control", control),), "text/xml")
    reading = await read_source(make_source(f"{web.root}/feed"), SourceState("harbour"), fetcher)
    assert reading.retry_after == seconds


async def test_a_page_leads_to_the_feed_that_it_names(web: Web, fetcher: Fetcher) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
    web.routes["/news/"] = Answer(f"<!doctype html><head>{head}</head>".encode())
    web.routes["/news/feed.xml"] = RSS
    source = make_source(f"{web.root}/news/")
    reading = await read_source(source, SourceState("harbour"), fetcher)
    assert reading.feed_url == f"{web.root}/news/feed.xml"
    assert len(reading.items) == 1
    # The next poll asks the feed at once.
    state = SourceState("harbour", feed_url=reading.feed_url)
    await read_source(source, state, fetcher)
    assert web.paths == ["/news/", "/news/feed.xml", "/news/feed.xml"]


async def test_a_broken_feed_among_those_named_does_not_hide_the_next(
    web: Web, fetcher: Fetcher
) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/atom+xml" href="/{n}">' for n in "abc"
    )
    web.routes["/"] = Answer(f"<html><head>{links}</head></html>".encode())
    web.routes["/b"] = Answer(b"<html>an error page</html>")
    web.routes["/c"] = RSS
    reading = await read_source(make_source(f"{web.root}/"), SourceState("harbour"), fetcher)
    assert reading.feed_url == f"{web.root}/c"


async def test_a_page_without_a_feed_says_how_to_give_one(web: Web, fetcher: Fetcher) -> None:
    web.routes["/"] = Answer(b"<html><body><a href='/ferry'>Ferry</a></body></html>")
    with pytest.raises(FeedError, match=r"names no feed.*dragoman source add") as caught:
        await read_source(make_source(f"{web.root}/"), SourceState("harbour"), fetcher)
    assert web.root in str(caught.value)


async def test_where_a_found_feed_vanished_the_sources_own_page_is_asked_again(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/"] = Answer(b'<html><link rel="alternate feed" href="/new"></html>')
    web.routes["/new"] = RSS
    state = SourceState("harbour", feed_url=f"{web.root}/old", etag='"v1"')
    reading = await read_source(make_source(f"{web.root}/"), state, fetcher)
    assert reading.feed_url == f"{web.root}/new"
    assert "if-none-match" not in web.asked[-1].headers


async def test_a_feed_sent_as_html_is_a_feed(web: Web, fetcher: Fetcher) -> None:
    web.routes["/feed"] = Answer(b'<?xml version="1.0"?>' + FEED, media_type="text/html")
    reading = await read_source(make_source(f"{web.root}/feed"), SourceState("harbour"), fetcher)
    assert len(reading.items) == 1


async def test_what_is_no_feed_names_the_source_and_the_next_step(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/feed"] = Answer(b"just words", media_type="text/plain")
    web.routes["/void"] = Answer(b"", media_type="text/xml")
    with pytest.raises(FeedError, match=f"{web.root}/feed.*neither RSS, Atom nor JSON Feed"):
        await read_source(make_source(f"{web.root}/feed"), SourceState("harbour"), fetcher)
    with pytest.raises(FeedError, match=r"empty.*tried again later"):
        await read_source(make_source(f"{web.root}/void"), SourceState("harbour"), fetcher)


async def test_a_feed_that_robots_txt_disallows_is_not_read(web: Web, fetcher: Fetcher) -> None:
    web.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /feed\n")
    web.routes["/feed"] = RSS
    with pytest.raises(Forbidden):
        await read_source(make_source(f"{web.root}/feed"), SourceState("harbour"), fetcher)
    assert web.paths == []


async def test_the_bytes_go_to_the_worker_that_is_given(web: Web, fetcher: Fetcher) -> None:
    given: list[tuple[str, str]] = []

    async def call(function: Callable[..., Any], *args: Any) -> Any:
        given.append(args[1:])
        return function(*args)

    web.routes["/a"] = redirect("/feed")
    web.routes["/feed"] = RSS
    source = make_source(f"{web.root}/a")
    reading = await read_source(source, SourceState("harbour"), fetcher, call)
    assert given == [(f"{web.root}/feed", "application/rss+xml")]
    assert len(reading.items) == 1
