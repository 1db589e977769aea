"""A process that serves hostile feeds and pages, each behaviour on an address of its own.

`python -m tests.hostile.streets` prints its ports as JSON, serves until its input ends, and
prints who came to the port that nobody may reach.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from tests.hostile import pages, wires
from tests.hostile.wires import Places, Wire

HEALTHY = 10  # publishers beside the hostile ones
ITEMS = 5  # articles of each

_FEEDS = wires.FAILING | wires.BENT
_ARTICLES = pages.LOST | pages.KEPT
_FEED_HOSTS = {f"127.1.2.{at}": name for at, name in enumerate(_FEEDS, 1)}
_PAGE_HOSTS = {f"127.1.3.{at}": name for at, name in enumerate(_ARTICLES, 1)}
_HEALTHY_HOSTS = {f"127.1.4.{at}": f"healthy {at}" for at in range(1, HEALTHY + 1)}
_GUIDE = "127.1.5.1"  # a healthy feed of hostile pages
_FORBIDDEN = ("127.9.9.9", "127.0.0.1")


@dataclass
class Streets:
    """The process, as a test sees it."""

    process: subprocess.Popen[str]
    port: int

    @property
    def feeds(self) -> dict[str, str]:
        """The hosts that have a feed, with what each does."""
        return {**_FEED_HOSTS, **_HEALTHY_HOSTS, _GUIDE: "guide"}

    @property
    def articles(self) -> dict[str, str]:
        """The hosts that have a hostile page, with what each does."""
        return _PAGE_HOSTS

    def home(self, host: str) -> str:
        return f"http://{host}:{self.port}"

    def close(self) -> list[str]:
        """End it, and give who came where nobody may come."""
        said, _ = self.process.communicate(timeout=30)
        visits: list[str] = json.loads(said)
        return visits


@contextmanager
def opened() -> Iterator[Streets]:
    command = [sys.executable, "-m", "tests.hostile.streets"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            yield Streets(process, json.loads(process.stdout.readline())["port"])
        finally:
            process.kill()


class _Server:
    def __init__(self) -> None:
        self.port = self.forbidden_port = 0
        self.visits: list[str] = []

    async def run(self) -> None:
        hosts = [*_FEED_HOSTS, *_PAGE_HOSTS, *_HEALTHY_HOSTS, _GUIDE]
        first = await asyncio.start_server(self.serve, hosts[0], 0, backlog=500)
        self.port = first.sockets[0].getsockname()[1]
        await asyncio.start_server(self.serve, hosts[1:], self.port, backlog=500)
        caught = await asyncio.start_server(self.catch, _FORBIDDEN, 0)
        self.forbidden_port = caught.sockets[0].getsockname()[1]
        print(json.dumps({"port": self.port}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps(self.visits), flush=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode("latin-1")
            await self.find(host, path)(writer, Places(self.home(host), self.forbidden_port))
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the relay hung up, as it should
        finally:
            writer.close()

    def find(self, host: str, path: str) -> Wire:
        """Give what a host does at a path."""
        if path == "/feed" and host in _FEED_HOSTS:
            return _FEEDS[_FEED_HOSTS[host]]
        if path == "/feed" and host == _GUIDE:
            listed = (wires.item(f"{self.home(one)}/page") for one in _PAGE_HOSTS)
            return partial(wires.sent_as, body=lambda _: wires.rss(*listed))
        if path == "/feed" and host in _HEALTHY_HOSTS:
            return partial(wires.sent_as, body=_some_items)
        if path == "/page" and host in _PAGE_HOSTS:
            return _ARTICLES[_PAGE_HOSTS[host]]
        if path.startswith("/page"):
            page = pages.healthy(f"{path} at {host}: {pages.HEADLINE}")
            return partial(wires.sent_as, body=lambda _: page, kind=pages.HTML)
        return partial(wires.status_of, status="404 Not Found")

    def home(self, host: str) -> str:
        return f"http://{host}:{self.port}"

    async def catch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits.append(str(writer.get_extra_info("sockname")))
        writer.close()


def _some_items(places: Places) -> bytes:
    return wires.rss(*(wires.item(f"{places.home}/page/{at}") for at in range(ITEMS)))


if __name__ == "__main__":
    asyncio.run(_Server().run())
