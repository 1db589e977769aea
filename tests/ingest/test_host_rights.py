"""What hosts reserve for their pages, stored with each fetch."""

from __future__ import annotations

import json

import pytest

from dragoman.ingest import Fetcher, fetch_page
from dragoman.types import FeedItem, Source
from tests.ingest.loopback import Answer, Web

SOURCE = Source("harbour", "https://harbour.example/feed", "Harbour")
PAGE = Answer(b"<html><p>The ferry sails.</p></html>")
ROBOTS = """License: https://a.example/license.xml
User-agent: other
Content-Usage: train-ai=y
User-agent: *
Content-Usage: train-ai=n
Content-Usage: /open/ train-ai=y, search=y
Content-Signal: search=yes, ai-input=no
Disallow: /private
"""


async def signals(web: Web, fetcher: Fetcher, path: str) -> dict[str, str]:
    web.routes[path] = PAGE
    page = await fetch_page(FeedItem(f"{web.root}{path}"), SOURCE, fetcher)
    return dict(page.signals)


async def test_the_signals_of_robots_txt_travel_with_the_page(web: Web, fetcher: Fetcher) -> None:
    web.routes["/robots.txt"] = Answer(ROBOTS.encode(), media_type="text/plain")
    assert await signals(web, fetcher, "/a") == {
        "License in robots.txt": "https://a.example/license.xml",
        "Content-Usage in robots.txt": "train-ai=n",
        "Content-Signal in robots.txt": "search=yes, ai-input=no",
    }
    inside = await signals(web, fetcher, "/open/b")
    assert inside["Content-Usage in robots.txt"] == "train-ai=y, search=y"


async def test_the_group_that_names_us_counts_before_the_one_for_all(
    web: Web, fetcher: Fetcher
) -> None:
    text = "User-agent: *\nContent-Usage: train-ai=y\n\nUser-agent: Dragoman\nContent-Usage: x=n\n"
    web.routes["/robots.txt"] = Answer(text.encode(), media_type="text/plain")
    assert await signals(web, fetcher, "/a") == {"Content-Usage in robots.txt": "x=n"}


async def test_a_tdm_file_is_asked_for_once_and_holds_for_the_paths_it_names(
    web: Web, fetcher: Fetcher
) -> None:
    rules = [
        {"location": "/paid/*", "tdm-reservation": 1, "tdm-policy": "https://a.example/policy"},
        {"location": "/free", "tdm-reservation": 0},
    ]
    web.routes["/.well-known/tdmrep.json"] = Answer(json.dumps(rules).encode())
    assert await signals(web, fetcher, "/paid/1") == {
        "tdm-reservation in tdmrep.json": "1",
        "tdm-policy in tdmrep.json": "https://a.example/policy",
    }
    assert await signals(web, fetcher, "/free") == {}
    assert sum(each.path.endswith("tdmrep.json") for each in web.asked) == 1


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'[{"location": 5}]', b"[1]", b"\xff"])
async def test_a_broken_tdm_file_says_nothing_and_loses_no_page(
    web: Web, fetcher: Fetcher, body: bytes
) -> None:
    web.routes["/.well-known/tdmrep.json"] = Answer(body)
    assert await signals(web, fetcher, "/a") == {}
