from __future__ import annotations

import asyncio

import pytest

from dragoman.errors import FetchError, Forbidden
from dragoman.ingest import Fetcher
from tests.ingest.loopback import Answer, Web, redirect

PAGE = Answer(b"<html></html>")


def make_robots(text: str) -> Answer:
    return Answer(text.encode(), media_type="text/plain")


def count_robots(web: Web) -> int:
    return sum(each.path == "/robots.txt" for each in web.asked)


async def test_it_does_not_fetch_what_robots_txt_disallows(web: Web, fetcher: Fetcher) -> None:
    web.routes["/robots.txt"] = make_robots(
        "User-agent: *\nDisallow: /private/\nAllow: /private/open\n"
    )
    web.routes["/private/open"] = PAGE
    assert (await fetcher.fetch(f"{web.root}/private/open")).status == 200
    with pytest.raises(Forbidden, match=r"/private/x: the publisher's robots\.txt"):
        await fetcher.fetch(f"{web.root}/private/x")
    assert web.paths == ["/private/open"]


async def test_the_group_that_names_us_counts_and_the_others_do_not(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/robots.txt"] = make_robots(
        "User-agent: *\nAllow: /\n\nUser-agent: dragoman\nDisallow: /a\n"
    )
    web.routes["/b"] = PAGE
    assert (await fetcher.fetch(f"{web.root}/b")).status == 200
    with pytest.raises(Forbidden):
        await fetcher.fetch(f"{web.root}/a")


async def test_robots_txt_is_asked_once_per_host(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = web.routes["/b"] = PAGE
    web.routes["/robots.txt"] = make_robots("User-agent: *\nDisallow:\n")
    await asyncio.gather(*(fetcher.fetch(f"{web.root}/{path}") for path in "abab"))
    assert count_robots(web) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_without_robots_txt_everything_is_allowed(
    web: Web, fetcher: Fetcher, status: int
) -> None:
    web.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", status)
    web.routes["/a"] = PAGE
    assert (await fetcher.fetch(f"{web.root}/a")).status == 200


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_while_robots_txt_fails_nothing_is_fetched_and_it_is_said_to_be_for_now(
    web: Web, fetcher: Fetcher, status: int
) -> None:
    web.routes["/robots.txt"] = Answer(b"", status)
    web.routes["/a"] = PAGE
    with pytest.raises(FetchError, match=r"robots\.txt could not be read") as caught:
        await fetcher.fetch(f"{web.root}/a")
    assert not caught.value.permanent
    assert caught.value.retry_after is not None
    assert web.paths == []


async def test_a_robots_txt_that_never_ends_is_cut(web: Web, fetcher: Fetcher) -> None:
    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n")
        while True:
            writer.write(b"# " + b"x" * 65_000 + b"\n")
            await writer.drain()

    web.routes["/robots.txt"] = pour
    web.routes["/a"] = PAGE
    assert (await fetcher.fetch(f"{web.root}/a")).status == 200
    with pytest.raises(Forbidden):
        await fetcher.fetch(f"{web.root}/private")


async def test_every_hop_of_a_redirect_asks_its_own_robots_txt(
    web: Web, other_web: Web, fetcher: Fetcher
) -> None:
    web.routes["/a"] = redirect(f"{other_web.root}/b")
    other_web.routes["/b"] = PAGE
    other_web.routes["/robots.txt"] = make_robots("User-agent: *\nDisallow: /b\n")
    with pytest.raises(Forbidden):
        await fetcher.fetch(f"{web.root}/a")
    assert other_web.paths == []


async def test_crawl_delay_slows_us_down(web: Web, fetcher: Fetcher) -> None:
    web.routes["/robots.txt"] = make_robots("User-agent: *\nCrawl-delay: 0.4\n")
    web.routes["/a"] = PAGE
    for _ in range(2):
        await fetcher.fetch(f"{web.root}/a")
    first, second = (each.at for each in web.asked if each.path == "/a")
    assert second - first >= 0.39


async def test_a_wild_robots_txt_costs_no_time(web: Web, fetcher: Fetcher) -> None:
    rule = "Disallow: /" + "a*" * 2000 + "b\n"
    web.routes["/robots.txt"] = make_robots("User-agent: *\n" + rule * 100)
    path = "/" + "a" * 3000
    web.routes[path] = PAGE
    async with asyncio.timeout(5):
        assert (await fetcher.fetch(web.root + path)).status == 200
