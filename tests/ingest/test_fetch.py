from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

import pytest

from dragoman.errors import FetchError, Forbidden, Gone, TooLarge, TooSlow
from dragoman.ingest import Fetcher, Limits
from tests.ingest.conftest import AGENT, LOOPBACK
from tests.ingest.loopback import Answer, Script, Web, redirect

PAGE = Answer(b"<html><p>hello</p></html>")


def make_fetcher(
    *, networks: Sequence[str] = LOOPBACK, interval: float = 0.0, limits: Limits | None = None
) -> Fetcher:
    return Fetcher(
        user_agent=AGENT,
        allow_networks=networks,
        host_interval=interval,
        limits=limits or Limits(stall_s=0.5, total_s=1.5),
        obey_robots=False,
    )


async def test_it_says_who_asks_and_takes_what_is_guarded(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = PAGE
    answer = await fetcher.fetch(f"{web.root}/a", accept="text/html")
    assert (answer.status, answer.body) == (200, PAGE.body)
    assert (answer.media_type, answer.charset) == ("text/html", "utf-8")
    headers = web.asked[-1].headers
    assert headers["user-agent"] == AGENT
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "cookie" not in headers


async def test_it_refuses_loopback_unless_it_is_allowed(web: Web) -> None:
    web.routes["/"] = PAGE
    spellings = ["127.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "0.0.0.0"]
    async with make_fetcher(networks=()) as fetcher:
        for host in spellings:
            with pytest.raises(Forbidden, match="not a public address") as caught:
                await fetcher.fetch(f"http://{host}:{web.port}/")
                # A name may have another address another day.
                assert caught.value.permanent is (host != "localhost")
    assert web.asked == []


async def test_a_name_that_a_login_network_gives_an_address_of_its_own_is_tried_again(
    web: Web,
) -> None:
    """Until one logs in, every name leads to the network's own machine."""
    web.routes["/a"] = PAGE
    answers = ["192.168.1.1", "127.0.0.1"]

    async def resolve(host: str, port: int) -> Sequence[str]:
        return [answers.pop(0)]

    async with Fetcher(
        user_agent=AGENT, allow_networks=LOOPBACK, resolve=resolve, obey_robots=False
    ) as fetcher:
        with pytest.raises(Forbidden, match=r"192\.168\.1\.1 is not a public") as caught:
            await fetcher.fetch(f"http://news.example:{web.port}/a")
        assert not caught.value.permanent
        assert (await fetcher.fetch(f"http://news.example:{web.port}/a")).status == 200


async def test_a_redirect_to_a_login_page_of_the_network_is_tried_again_too(web: Web) -> None:
    web.routes["/a"] = redirect("http://192.168.1.1/login")
    async with make_fetcher() as fetcher:
        with pytest.raises(Forbidden) as caught:
            await fetcher.fetch(f"{web.root}/a")
    assert not caught.value.permanent


async def test_a_redirect_to_a_forbidden_address_is_not_followed(web: Web, other_web: Web) -> None:
    other_web.routes["/secret"] = PAGE
    web.routes["/a"] = redirect(f"{other_web.root}/secret")
    web.routes["/b"] = redirect("file:///etc/passwd")
    web.routes["/c"] = redirect(f"http://ann:pw@127.0.0.1:{web.port}/a")
    async with make_fetcher(networks=["127.0.0.1/32"]) as fetcher:
        for path in ("/a", "/b", "/c"):
            with pytest.raises(Forbidden):
                await fetcher.fetch(web.root + path)
    assert other_web.asked == []


async def test_a_name_that_changes_its_address_gains_nothing(web: Web, other_web: Web) -> None:
    """Rebinding: the first answer is allowed, every later one points inside."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    other_web.routes["/a"] = PAGE
    other_web.routes["/again"] = redirect("/a")
    limits = Limits(stall_s=0.5, total_s=1.5)
    async with Fetcher(
        user_agent=AGENT,
        allow_networks=["127.0.0.2/32"],
        limits=limits,
        host_interval=0.0,
        obey_robots=False,
        resolve=resolve,
    ) as fetcher:
        answer = await fetcher.fetch(f"http://rebind.example:{other_web.port}/a")
        assert answer.body == PAGE.body
        assert asked == ["rebind.example"]  # resolved once, connected to what was checked
        with pytest.raises(Forbidden):
            await fetcher.fetch(f"http://rebind.example:{other_web.port}/again")
    assert web.asked == []


async def test_one_forbidden_address_among_several_is_enough_to_refuse(web: Web) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "169.254.169.254"]

    async with Fetcher(user_agent=AGENT, resolve=resolve, obey_robots=False) as fetcher:
        with pytest.raises(Forbidden, match=r"169\.254\.169\.254"):
            await fetcher.fetch("http://metadata.example/")


async def test_a_name_that_nobody_knows_is_an_error_that_says_so() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    async with Fetcher(user_agent=AGENT, resolve=resolve, obey_robots=False) as fetcher:
        with pytest.raises(FetchError, match=r"nowhere\.example.*spelling") as caught:
            await fetcher.fetch("http://nowhere.example/")
    assert not caught.value.permanent


async def test_a_closed_door_is_tried_again_later(web: Web, fetcher: Fetcher) -> None:
    web.stop()
    with pytest.raises(FetchError, match="could not connect") as caught:
        await fetcher.fetch(f"{web.root}/x", is_robots_checked=False)
    assert not caught.value.permanent


async def test_a_connection_that_is_not_secure_is_said_to_be_so(fetcher: Fetcher) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 no TLS here\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(FetchError, match="not secure") as caught:
        await fetcher.fetch(f"https://127.0.0.1:{port}/x", is_robots_checked=False)
    assert not caught.value.permanent
    server.close()


async def test_a_byte_now_and_then_meets_the_total_deadline(web: Web, fetcher: Fetcher) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.1)

    web.routes["/drip"] = drip
    started = asyncio.get_running_loop().time()
    with pytest.raises(TooSlow, match=f"{web.root}/drip") as caught:
        await fetcher.fetch(f"{web.root}/drip")
    assert asyncio.get_running_loop().time() - started < 4
    assert not caught.value.permanent


async def test_headers_that_drip_meet_the_total_deadline_too(web: Web, fetcher: Fetcher) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            writer.write(b"X-%d: y\r\n" % number)
            await writer.drain()
            await asyncio.sleep(0.1)

    web.routes["/drip"] = drip
    with pytest.raises(TooSlow):
        await fetcher.fetch(f"{web.root}/drip")


async def test_one_deadline_spans_all_redirects(web: Web, fetcher: Fetcher) -> None:
    def make_slow(to: str) -> Script:
        async def answer(writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.4)
            writer.write(redirect(to).encode())
            await writer.drain()

        return answer

    for number in range(5):
        web.routes[f"/{number}"] = make_slow(f"/{number + 1}")
    web.routes["/5"] = PAGE
    with pytest.raises(TooSlow):
        await fetcher.fetch(f"{web.root}/0")


async def test_a_host_that_never_answers_stalls_us_no_longer_than_the_stall_time(
    web: Web, fetcher: Fetcher
) -> None:
    async def say_nothing(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    web.routes["/mute"] = say_nothing
    started = asyncio.get_running_loop().time()
    with pytest.raises(TooSlow):
        await fetcher.fetch(f"{web.root}/mute")
    assert asyncio.get_running_loop().time() - started < 1.4


async def test_a_body_above_the_cap_is_refused(web: Web, fetcher: Fetcher) -> None:
    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x" * 65536)
            await writer.drain()

    web.routes["/pour"] = pour
    web.routes["/long"] = Answer(b"x" * 2_000_000)
    for path in ("/pour", "/long"):
        with pytest.raises(TooLarge, match=path):
            await fetcher.fetch(web.root + path)


async def test_huge_headers_are_refused(web: Web, fetcher: Fetcher) -> None:
    web.routes["/one"] = Answer(b"x", 200, (("X-Long", "y" * 200_000),))
    web.routes["/many"] = Answer(b"x", 200, tuple((f"X-{n}", "y") for n in range(5000)))
    web.routes["/sum"] = Answer(b"x", 200, tuple((f"X-{n}", "y" * 2000) for n in range(60)))
    for path in ("/one", "/many", "/sum"):
        with pytest.raises(TooLarge, match="headers exceed"):
            await fetcher.fetch(web.root + path)


async def test_what_is_no_http_is_an_error_with_the_address(web: Web, fetcher: Fetcher) -> None:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        await writer.drain()

    web.routes["/smtp"] = talk
    with pytest.raises(FetchError, match="/smtp"):
        await fetcher.fetch(f"{web.root}/smtp")


async def test_a_truncated_body_is_not_taken_for_the_whole(web: Web, fetcher: Fetcher) -> None:
    web.routes["/a"] = Answer(b"<html>half", 200, (("Content-Length", "5000"),))
    with pytest.raises(FetchError, match="broke off") as caught:
        await fetcher.fetch(f"{web.root}/a")
    assert not caught.value.permanent


async def test_redirects_in_a_circle_and_without_end_are_refused(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/a"] = redirect("/b")
    web.routes["/b"] = redirect("/a")
    for number in range(20):
        web.routes[f"/n{number}"] = redirect(f"/n{number + 1}")
    web.routes["/nowhere"] = Answer(b"", 302)
    with pytest.raises(TooLarge, match="in a circle"):
        await fetcher.fetch(f"{web.root}/a")
    with pytest.raises(TooLarge, match="more than 5 times"):
        await fetcher.fetch(f"{web.root}/n0")
    with pytest.raises(FetchError, match="nowhere"):
        await fetcher.fetch(f"{web.root}/nowhere")


async def test_the_body_of_a_redirect_is_not_read(web: Web, fetcher: Fetcher) -> None:
    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 X\r\nLocation: /b\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    web.routes["/a"] = pour
    web.routes["/b"] = PAGE
    answer = await fetcher.fetch(f"{web.root}/a")
    assert (answer.final_url, answer.body) == (f"{web.root}/b", PAGE.body)


async def test_permanent_redirects_are_told_and_temporary_ones_are_not(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/301"] = redirect("/308", 301)
    web.routes["/308"] = redirect("/302", 308)
    web.routes["/302"] = redirect("/end", 302)
    web.routes["/end"] = PAGE
    moved = await fetcher.fetch(f"{web.root}/301")
    assert (moved.moved_to, moved.final_url) == (f"{web.root}/302", f"{web.root}/end")
    assert (await fetcher.fetch(f"{web.root}/302")).moved_to == ""


async def test_no_cookie_of_one_answer_goes_with_the_next_request(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/a"] = Answer(b"x", 302, (("Location", "/b"), ("Set-Cookie", "id=1; Path=/")))
    web.routes["/b"] = PAGE
    await fetcher.fetch(f"{web.root}/a")
    assert all("cookie" not in each.headers for each in web.asked)


async def test_a_proxy_in_the_environment_is_not_used(
    web: Web, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    web.routes["/a"] = PAGE
    assert (await fetcher.fetch(f"{web.root}/a")).status == 200


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [
        (400, FetchError, True),
        (401, FetchError, True),
        (403, FetchError, True),
        (404, Gone, True),
        (408, FetchError, False),
        (410, Gone, True),
        (425, FetchError, False),
        (429, FetchError, False),
        (500, FetchError, False),
        (503, FetchError, False),
        (304, FetchError, False),
    ],
)
async def test_a_status_says_whether_trying_again_can_help(
    web: Web, fetcher: Fetcher, status: int, kind: type[FetchError], permanent: bool
) -> None:
    web.routes["/a"] = Answer(b"", status)
    with pytest.raises(kind, match=rf"/a: the publisher answers {status}") as caught:
        await fetcher.fetch(f"{web.root}/a")
    assert type(caught.value) is kind
    assert caught.value.permanent is permanent


async def test_retry_after_is_handed_on_in_seconds_and_as_a_date(
    web: Web, fetcher: Fetcher
) -> None:
    web.routes["/s"] = Answer(b"", 503, (("Retry-After", "120"),))
    web.routes["/d"] = Answer(b"", 503, (("Retry-After", "Wed, 22 Dec 2021 10:00:00 GMT"),))
    web.routes["/x"] = Answer(b"", 503, (("Retry-After", "soon"),))
    for path, seconds in (("/s", 120.0), ("/d", 0.0), ("/x", None)):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(web.root + path)
        assert caught.value.retry_after == seconds


async def test_a_host_that_answers_429_is_left_alone_for_as_long_as_it_asked(
    web: Web, other_web: Web, fetcher: Fetcher
) -> None:
    web.routes["/a"] = Answer(b"", 429, (("Retry-After", "60"),))
    other_web.routes["/a"] = web.routes["/b"] = PAGE
    with pytest.raises(FetchError):
        await fetcher.fetch(f"{web.root}/a")
    with pytest.raises(FetchError, match="asked us to wait") as caught:
        await fetcher.fetch(f"{web.root}/b")
    assert caught.value.retry_after is not None
    assert 50 < caught.value.retry_after <= 60
    assert web.paths == ["/a"]
    assert (await fetcher.fetch(f"{other_web.root}/a")).status == 200


async def test_one_host_is_asked_one_thing_at_a_time_with_a_pause(web: Web, other_web: Web) -> None:
    web.routes["/a"] = other_web.routes["/a"] = PAGE
    async with make_fetcher(interval=0.3) as fetcher:
        urls = [f"{web.root}/a"] * 3 + [f"{other_web.root}/a"]
        await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    times = [each.at for each in web.asked]
    assert web.most_open == 1
    assert all(later - earlier >= 0.29 for earlier, later in itertools.pairwise(times))
    assert other_web.asked[0].at < times[1]  # another host does not wait


async def test_two_hosts_that_redirect_to_each_other_do_not_block_two_fetches(
    web: Web, other_web: Web, fetcher: Fetcher
) -> None:
    web.routes["/a"] = redirect(f"{other_web.root}/end")
    other_web.routes["/a"] = redirect(f"{web.root}/end")
    web.routes["/end"] = other_web.routes["/end"] = PAGE
    answers = await asyncio.gather(
        fetcher.fetch(f"{web.root}/a"), fetcher.fetch(f"{other_web.root}/a")
    )
    assert [answer.status for answer in answers] == [200, 200]


async def test_a_polled_address_may_come_back_unless_it_is_gone(web: Web, fetcher: Fetcher) -> None:
    web.routes["/403"] = Answer(b"", 403)
    web.routes["/410"] = Answer(b"", 410)
    web.routes["/big"] = Answer(b"x" * 2_000_000)
    for path in ("/403", "/404", "/big"):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(web.root + path, is_polled=True)
        assert not isinstance(caught.value, Gone)
        assert not caught.value.permanent
    with pytest.raises(Gone):
        await fetcher.fetch(f"{web.root}/410", is_polled=True)
