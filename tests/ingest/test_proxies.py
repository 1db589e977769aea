"""Behind a proxy everything goes through it; elsewhere only web ports are asked."""

from __future__ import annotations

import base64

import pytest

from dragoman.errors import FetchError, Forbidden
from dragoman.ingest import Fetcher, Limits
from tests.ingest.conftest import AGENT, LOOPBACK
from tests.ingest.loopback import Answer, Web, redirect

PAGE = Answer(b"<html><p>hello</p></html>")


def behind(proxy: str) -> Fetcher:
    limits = Limits(stall_s=0.5, total_s=1.5)
    return Fetcher(
        user_agent=AGENT, limits=limits, host_interval=0.0, obey_robots=False, proxy=proxy
    )


async def test_everything_goes_through_the_proxy_which_resolves_the_names(web: Web) -> None:
    web.routes["http://news.invalid/a"] = redirect("http://other.invalid/b")
    web.routes["http://other.invalid/b"] = PAGE
    async with behind(f"http://ann:secret@127.0.0.1:{web.port}") as fetcher:
        answer = await fetcher.fetch("http://news.invalid/a")
    assert (answer.final_url, answer.body) == ("http://other.invalid/b", PAGE.body)
    given = web.asked[0].headers["proxy-authorization"]
    assert given == f"Basic {base64.b64encode(b'ann:secret').decode()}"


async def test_addresses_and_ports_that_are_written_are_refused_behind_a_proxy_too(
    web: Web,
) -> None:
    web.routes["http://news.invalid/a"] = redirect("http://169.254.169.254/latest/")
    targets = ["http://10.0.0.1/", "http://0x7f.1/", "http://[::1]/", "http://news.invalid/a"]
    async with behind(web.root) as fetcher:
        for target in targets:
            with pytest.raises(Forbidden, match="not a public address"):
                await fetcher.fetch(target)
        with pytest.raises(Forbidden, match="port 25 is not among"):
            await fetcher.fetch("http://news.invalid:25/")
    assert web.paths == ["http://news.invalid/a"]


async def test_https_asks_the_proxy_for_a_tunnel(web: Web) -> None:
    web.routes["news.invalid:443"] = Answer(b"", 403)
    web.routes["down.invalid:443"] = Answer(b"", 504)
    async with behind(web.root) as fetcher:
        with pytest.raises(FetchError, match="the proxy refuses it with 403"):
            await fetcher.fetch("https://news.invalid/a")
        with pytest.raises(FetchError, match="the proxy answers 504"):
            await fetcher.fetch("https://down.invalid/a")


async def test_a_proxy_that_is_down_is_named_and_no_host_is_blamed(web: Web) -> None:
    web.stop()
    async with behind(web.root) as fetcher:
        for _ in range(10):
            with pytest.raises(FetchError, match=r"the proxy cannot be reached.*fetch\.proxy"):
                await fetcher.fetch("http://news.invalid/a")
        assert fetcher.closed_hosts() == ()


async def test_a_port_that_is_not_listed_is_asked_in_allowed_networks_alone(web: Web) -> None:
    web.routes["/a"] = PAGE

    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34" if host == "far.example" else "127.0.0.1"]

    async with Fetcher(
        user_agent=AGENT, allow_networks=LOOPBACK, resolve=resolve, obey_robots=False
    ) as fetcher:
        for host in ("far.example", "93.184.216.34"):
            with pytest.raises(Forbidden, match=r"port 25 is not among fetch\.ports"):
                await fetcher.fetch(f"http://{host}:25/a")
        assert (await fetcher.fetch(f"http://near.example:{web.port}/a")).status == 200
