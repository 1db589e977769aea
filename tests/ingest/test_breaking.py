"""A host that keeps failing is left alone for a growing while; the others notice nothing."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from dragoman.errors import FetchError, TooLarge
from dragoman.ingest import ClosedHost, Fetcher, pacing
from tests.ingest.loopback import Answer, Web

PAGE = Answer(b"<html><p>hello</p></html>")
BROKEN = Answer(b"", 503)


async def fail(fetcher: Fetcher, url: str, times: int = 1) -> str:
    said = ""
    for _ in range(times):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url, is_robots_checked=False)
        said = str(caught.value)
    return said


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> float:
    """Make the breaker's first while short, and give it."""
    monkeypatch.setattr(pacing, "FIRST_BREAK_S", 0.3)
    return 0.3


async def test_a_host_that_keeps_failing_is_left_alone_and_others_are_not(
    web: Web, other_web: Web, fetcher: Fetcher
) -> None:
    web.routes["/a"] = BROKEN
    other_web.routes["/a"] = PAGE
    await fail(fetcher, f"{web.root}/a", pacing.BREAK_AFTER)
    said = await fail(fetcher, f"{web.root}/b", 20)
    assert re.search(
        r"failed 5 times in a row \(it answers 503\); it is asked again in \d+ s", said
    )
    assert len(web.asked) == pacing.BREAK_AFTER
    assert fetcher.closed_s(f"{web.root}/x") > 50
    assert fetcher.closed_s(f"{other_web.root}/x") == 0
    assert (await fetcher.fetch(f"{other_web.root}/a")).status == 200


async def test_one_request_tries_it_and_the_while_grows_where_that_fails(
    web: Web, fetcher: Fetcher, soon: float
) -> None:
    web.routes["/a"] = BROKEN
    await fail(fetcher, f"{web.root}/a", pacing.BREAK_AFTER)
    await asyncio.sleep(soon)
    # Many want to know; one asks.
    tries = (fetcher.fetch(f"{web.root}/a", is_robots_checked=False) for _ in range(10))
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(end, FetchError) for end in ends)
    assert len(web.asked) == pacing.BREAK_AFTER + 1
    assert fetcher.closed_s(web.root) > soon


async def test_a_host_that_answers_again_is_asked_as_before(
    web: Web, fetcher: Fetcher, soon: float
) -> None:
    web.routes["/a"] = BROKEN
    await fail(fetcher, f"{web.root}/a", pacing.BREAK_AFTER)
    await asyncio.sleep(soon)
    web.routes["/a"] = PAGE
    for _ in range(3):
        assert (await fetcher.fetch(f"{web.root}/a", is_robots_checked=False)).status == 200
    assert fetcher.closed_hosts() == ()


async def test_what_is_no_failure_of_the_host_does_not_count(web: Web, fetcher: Fetcher) -> None:
    web.routes["/big"] = Answer(b"x" * 2_000_000)
    for _ in range(2 * pacing.BREAK_AFTER):
        await fail(fetcher, f"{web.root}/missing")
        with pytest.raises(TooLarge):
            await fetcher.fetch(f"{web.root}/big", is_robots_checked=False)
    assert fetcher.closed_hosts() == ()


async def test_failures_between_answers_do_not_add_up(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"], web.routes["/b"] = BROKEN, PAGE
    for _ in range(3):
        await fail(fetcher, f"{web.root}/a", pacing.BREAK_AFTER - 1)
        await fetcher.fetch(f"{web.root}/b", is_robots_checked=False)
    assert fetcher.closed_s(web.root) == 0


async def test_what_is_known_outlives_the_fetcher_whatever_the_clock_does(
    web: Web, fetcher: Fetcher
) -> None:
    host = web.root.removeprefix("http://")
    ages = (timedelta(minutes=5), timedelta(days=400), timedelta(days=-400))
    for ahead in ages:
        until = datetime.now(UTC) + ahead
        fetcher.restore([ClosedHost(host, until, pacing.BREAK_AFTER, "it stalls")])
        assert fetcher.closed_s(web.root) <= pacing.LONGEST_BREAK_S
    (closed,) = fetcher.closed_hosts()
    assert (closed.host, closed.failures, closed.reason) == (host, 5, "it stalls")
    await fail(fetcher, f"{web.root}/a")
    assert web.asked == []
