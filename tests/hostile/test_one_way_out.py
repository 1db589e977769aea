"""Nothing leaves this machine but through the guard, which lets nothing into its network."""

from __future__ import annotations

import ast
import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import dragoman
from dragoman.config import Fetch, Settings
from dragoman.errors import DragomanError, FetchError
from dragoman.ingest import Fetcher, fetch_page, parse_outlines, read_source
from dragoman.runner import LocalRunner
from dragoman.steps.following import read_once
from dragoman.steps.picturing import take_picture
from dragoman.types import FeedItem, Source, SourceState
from tests.hostile.wires import item, rss

# Each means 127.9.9.9, ::1, this machine, or one that only this machine's network knows.
FORMS = (
    "127.9.9.9", "127.9.9.9.", "2131298569", "0x7f090909", "0x7f.9.9.9", "0x7f.0x9.0x9.0x9",
    "0177.011.011.011", "017702204411", "127.592137", "127.9.2313", "0x7f.592137",
    "00000177.9.9.9", "１２７.9.9.9", "①②⑦.9.9.9", "127。9。9。9", "127．9．9．9", "127｡9｡9｡9",
    "%31%32%37.9.9.9", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.9.9.9]", "[::ffff:127.9.9.9]",
    "[::ffff:7f09:909]", "[0:0:0:0:0:ffff:7f09:0909]", "[::ffff:0:127.9.9.9]",
    "[64:ff9b::7f09:909]", "[64:ff9b:1::7f09:909]", "[2002:7f09:909::1]", "[2001:0:7f09:909::]",
    "[fe80::1%25lo]", "[::1%25lo]", "[::ffff:127.9.9.9%25lo]", "[::]", "0.0.0.0", "0", "0x0",
    "localhost", "localhost.", "LOCALHOST", "ｌｏｃａｌｈｏｓｔ", "user:pass@127.9.9.9",
    "public.example@127.9.9.9", "127.9.9.9#@public.example", "127.9.9.9\\@public.example",
    "rebinding.example", "inside.example",
)  # fmt: skip
# Who may speak to the network, and why.
SPEAKERS = {
    "ingest/connect.py": "the guard",
    "ingest/exchange.py": "the guard",
    "ingest/fetch.py": "the guard",
    "ingest/addresses.py": "reads numbers as addresses, and connects to nothing",
    "translate/remote/wire.py": "engines over HTTP: the operator names the host",
    "translate/remote/batches.py": "engines over HTTP: the operator names the host",
    "cli/service.py": "tells systemd, by a socket that systemd names",
    "cli/desk.py": "listens",
    "cli/health.py": "asks whether the operator's proxy is there",
    "runner/ray_joining.py": "asks whether the head of the operator's cluster is there",
    "store/leading.py": "reads this machine's name",
}
NETWORK = frozenset(
    (
        *("aiohttp", "aiosmtplib", "ftplib", "grpc", "http.client", "httpcore", "httpx", "httpx2"),
        *("imaplib", "nntplib", "poplib", "pycurl", "requests", "smtplib", "socket", "ssl"),
        *("telnetlib", "treq", "urllib.request", "urllib3", "websockets", "xmlrpc"),
    )
)
CALLS = frozenset({"open_connection", "create_connection", "urlopen", "urlretrieve"})


def speaks(file: Path) -> bool:
    """Whether a module names anything by which a connection can be made."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in CALLS:
            return True
        if any(name in NETWORK or name.partition(".")[0] in NETWORK for name in names):
            return True
    return False


def test_no_other_module_speaks_to_the_network() -> None:
    root = Path(dragoman.__file__).parent
    found = {str(file.relative_to(root)) for file in root.rglob("*.py") if speaks(file)}
    assert found == set(SPEAKERS), "a request that does not go through ingest.Fetcher?"


class Forbidden:
    """A server at the addresses that nobody may reach, beside one that may be asked."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.port = 0
        self.answer = b""  # of the server that may be asked

    async def catch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits.append(str(writer.get_extra_info("sockname")))
        writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        await writer.drain()
        writer.close()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        hosts = ["127.9.9.9", "127.0.0.1", *(["::1"] if has_ipv6() else [])]
        first = await asyncio.start_server(self.catch, hosts[0], 0)
        self.port = first.sockets[0].getsockname()[1]
        rest = await asyncio.start_server(self.catch, hosts[1:], self.port)
        public = await asyncio.start_server(self.serve, "127.1.7.1", self.port)
        async with first, rest, public:
            yield

    @property
    def home(self) -> str:
        return f"http://127.1.7.1:{self.port}"

    def redirect(self, to: str) -> None:
        head = f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close"
        self.answer = f"{head}\r\n\r\n".encode()

    def hand_out(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}"
        self.answer = f"{head}\r\nConnection: close\r\n\r\n".encode() + body


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def make_fetcher(port: int) -> Fetcher:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        if host == "rebinding.example":  # public once in a while
            return ("93.184.216.34", "127.9.9.9") if len(asked) % 2 else ("127.9.9.9",)
        if host == "inside.example":
            return ("::ffff:127.9.9.9",)
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return tuple(str(info[4][0]) for info in infos)

    return Fetcher(
        user_agent="test",
        allow_networks=("127.1.0.0/16",),
        host_interval=0.0,
        ports=(port,),  # so that it is the address that is refused, and not its port
        resolve=resolve,
    )


Way = Callable[[Fetcher, Forbidden, str], Awaitable[object]]


async def _as_feed(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    await read_source(Source("s", url, "S"), SourceState("s"), fetcher)


async def _as_page(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    await fetch_page(FeedItem(url), Source("s", there.home, "S"), fetcher, id="a")


async def _as_webhook(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    await fetcher.send(url, b"{}", {})


async def _as_sitemap(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    listed = f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>"
    there.hand_out(listed.encode())
    await read_source(Source("s", f"{there.home}/sitemap.xml", "S"), SourceState("s"), fetcher)


async def _as_redirect(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    there.redirect(url)  # of the feed, and of robots.txt and tdmrep.json on the way
    await fetcher.fetch(f"{there.home}/feed")


async def _as_robots(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    there.hand_out(f"User-agent: *\nSitemap: {url}\n".encode())
    for found in await fetcher.sitemaps(there.home):
        await fetcher.fetch(found)


async def _as_entry(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    there.hand_out(rss(item(url)))
    source = Source("s", f"{there.home}/feed", "S")
    reading = await read_source(source, SourceState("s"), fetcher)
    for one in reading.items:
        await fetch_page(one, source, fetcher, id="a")


async def _as_outline(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    listed = f'<opml><body><outline text="x" xmlUrl="{url}"/></body></opml>'
    for source in parse_outlines(listed.encode(), "list.opml").sources:
        await read_source(source, SourceState("s"), fetcher)


async def _as_signals(fetcher: Fetcher, there: Forbidden, url: str) -> None:
    await fetcher.signals(url)


WAYS: tuple[Way, ...] = (
    _as_feed, _as_page, _as_webhook, _as_sitemap, _as_redirect, _as_robots, _as_entry, _as_outline,
    _as_signals,
)  # fmt: skip


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) == len(FORMS) >= 26


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_no_way_leads_to_a_forbidden_address_in_whatever_form(way: Way) -> None:
    there = Forbidden()
    async with there.opened():
        refused = 0
        for form in FORMS:
            async with make_fetcher(there.port) as fetcher:
                try:
                    await way(fetcher, there, f"http://{form}:{there.port}/x")
                except FetchError as error:
                    refused += 1
                    assert str(error)
                except DragomanError:
                    pass
        assert refused or way in (_as_signals, _as_sitemap), "nothing was refused, so nothing tried"
        assert there.visits == []


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalRunner]:
    made = LocalRunner(1)
    yield made
    made.close()


async def test_neither_do_the_desks_test_of_a_source_and_the_image_proxy(
    runner: LocalRunner,
) -> None:
    there = Forbidden()
    async with there.opened():
        fetch = Fetch(allow_networks=("127.1.0.0/16",), ports=(there.port,), host_interval_s=0)
        settings = Settings(fetch=fetch)
        there.redirect(f"http://127.9.9.9:{there.port}/x")
        moved = f"{there.home}/x"
        named = (form for form in FORMS if not form.endswith(".example"))  # the system's resolver
        for url in (moved, *(f"http://{form}:{there.port}/x" for form in named)):
            with pytest.raises(DragomanError):
                await asyncio.to_thread(read_once, settings, url)
            with pytest.raises(DragomanError):
                await take_picture(settings, runner, url)
        assert there.visits == []
