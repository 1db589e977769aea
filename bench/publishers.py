"""A process that plays a thousand publishers on loopback, each on an address of its own.

`python -m bench.publishers FEEDS ITEMS [TEXTS]` prints its port as JSON and serves. For each line
"asked" that it reads it prints what was asked since the last, as JSON; after a line with a number
every feed holds so many newer items, in the place of its oldest, and the number is said again. It
ends with its input. What they report is invented, or told after the real texts of a file.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from random import Random
from typing import Protocol

from bench.retelling import STEP, read_texts

FAULTY = 20  # one feed in so many: 5%
FAULTS = ("404", "500", "silent", "malformed", "encoding", "moved", "slow")
READABLE = ("", "encoding", "moved", "slow")  # what a feed with such a fault says is to be had
_SLOW_S = 2.0
_DRIP_S = 0.5
_WORDS = (
    "council", "river", "minister", "harvest", "strike", "bridge", "school", "market", "island",
    "vote", "budget", "storm", "railway", "court", "hospital", "border", "treaty", "engine",
    "museum", "valley", "fishing", "dispute", "report", "factory", "harbour", "airport",
    "election", "forest", "library", "farm", "church", "festival", "pipeline", "prison", "tunnel",
    "village", "castle", "garden", "theatre", "union", "station", "reactor", "satellite",
    "vaccine", "wheat", "copper", "football", "orchestra", "archive", "lighthouse", "ferry",
    "dam", "mine", "vineyard", "glacier",
)  # fmt: skip
_VERBS = (
    "closed", "opened", "rejected", "approved", "repaired", "sold", "visited", "praised",
    "blamed", "rebuilt", "delayed", "cancelled", "inspected", "bought", "defended", "lost",
    "expanded", "abandoned", "protected", "described",
)  # fmt: skip
_ROLES = ("mayor", "minister", "professor", "judge", "engineer", "doctor", "captain", "director")
_DAYS = ("on Monday", "on Tuesday", "last week", "this morning", "in March", "after the storm")
_SYLLABLES = (
    "al", "ber", "cor", "dan", "el", "far", "gor", "hel", "in", "jor", "kal", "lan", "mor", "nor",
    "ost", "par", "quin", "ras", "sel", "tor", "ul", "ver", "wal", "yor",
)  # fmt: skip
_FORMS = (
    "the {what} of {where} was {did} {when}, {who} said",
    "{who} {did} the {what} in {where} {when}",
    "more than {many} people waited at the {what} near {where} {when}",
    "nobody in {where} expected that the {other} would be {did} before the {what}",
    "{who} told reporters that the {what} had cost {many} million",
    "the {what} and the {other} were {did} by {who} {when}",
    "a {other} from {where} {did} the old {what}, according to {who}",
    "after {many} days the {other} near {where} is to be {did} again",
)


def host_of(number: int) -> str:
    """Give the address of a publisher."""
    return f"127.3.{number // 250}.{number % 250 + 1}"


def fault_of(number: int) -> str:
    """Say what is wrong with a publisher's feed; empty: nothing."""
    return FAULTS[number // FAULTY % len(FAULTS)] if number % FAULTY == FAULTY - 1 else ""


def is_mark_sent(number: int) -> bool:
    """Whether a publisher's server knows conditional requests: nine of ten do."""
    return number % 10 != 3


def make_feed(number: int, items: range, home: str, news: News) -> bytes:
    """Write a publisher's feed: a third of them are Atom, a third carry whole articles."""
    is_atom, is_whole = number % 3 == 1, number % 3 == 2

    parts = []
    for at in reversed(items):
        link, when = f"{home}/2026/{number}-{at}.html", news.began + at * news.step
        reporter = news.report(number, at)
        title, author = escape(reporter.headline()), reporter.name()
        lead = escape(". ".join(reporter.say() for _ in range(4)))
        summary = f"&lt;p&gt;{lead}.&lt;/p&gt;"
        if is_atom:
            parts.append(
                f"<entry><title>{title}</title><link href='{link}'/><id>{link}</id>"
                f"<published>{when.isoformat()}</published><updated>{when.isoformat()}</updated>"
                f"<author><name>{author}</name></author><summary type='html'>{summary}</summary>"
                "</entry>"
            )
            continue
        whole = _paragraphs(reporter, 20) if is_whole else ""
        whole = f"<content:encoded><![CDATA[{whole}]]></content:encoded>" if whole else ""
        parts.append(
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(when)}</pubDate><dc:creator>{author}</dc:creator>"
            f"<category>{_WORDS[at % 9]}</category><description>{summary}</description>"
            f"{whole}</item>"
        )
    title, inside = f"Publisher {number}", "\n".join(parts)
    if is_atom:
        text = (
            "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
            f"xml:lang='en'><title>{title}</title><id>{home}/</id>\n{inside}</feed>"
        )
    else:
        text = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>{title}</title><link>{home}/</link><language>en</language>\n{inside}"
            "</channel></rss>"
        )
    if fault_of(number) == "malformed":
        text = text.replace("</title>", "</titel>", 3)[: len(text) // 2]
    if fault_of(number) == "encoding":  # declared as UTF-8 and sent as something else
        return text.replace("council", "conseil régional").encode("cp1252", "replace")
    return text.encode()


def make_page(number: int, at: int, news: News) -> bytes:
    """Write the page of an article: short, and unlike the others."""
    reporter = news.report(number, at)
    headline = escape(reporter.headline())
    text = _paragraphs(reporter, 4)
    return (
        f'<!doctype html><html lang="en"><head><title>{headline}</title>'
        '<meta property="og:type" content="article"></head>'
        f"<body><article><h1>{headline}</h1>{text}</article></body></html>"
    ).encode()


def _paragraphs(reporter: Report, count: int) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in reporter.tell(count))


class Reporter:
    """Writes plain English sentences about people and places that there are not."""

    def __init__(self, number: int, at: int) -> None:
        self._chance = Random(f"{number}-{at}")
        self._names = [self.name() for _ in range(4)]

    def name(self) -> str:
        """Give a name that nobody has."""
        syllables = self._chance.choices(_SYLLABLES, k=self._chance.choice((2, 3)))
        return "".join(syllables).capitalize()

    def headline(self) -> str:
        """Give a title."""
        return self.say()

    def tell(self, paragraphs: int) -> list[str]:
        """Give a text."""
        return [f"{self.say()}. {self.say()}." for _ in range(paragraphs)]

    def say(self) -> str:
        """Give a sentence without its full stop."""
        form, pick = self._chance.choice(_FORMS), self._chance.choice
        words = {
            "who": f"{pick(_ROLES)} {pick(self._names)}",
            "where": pick(self._names),
            "what": pick(_WORDS),
            "other": pick(_WORDS),
            "did": pick(_VERBS),
            "when": pick(_DAYS),
            "many": str(self._chance.randrange(3, 900)),
        }
        sentence = form.format(**words)
        return sentence[0].upper() + sentence[1:]


class Report(Protocol):
    """What an outlet writes: each call may give other words."""

    def headline(self) -> str:
        """Give the title."""

    def say(self) -> str:
        """Give a sentence without its full stop."""

    def tell(self, paragraphs: int) -> list[str]:
        """Give the text, in so many paragraphs."""

    def name(self) -> str:
        """Give who wrote it."""


@dataclass(frozen=True)
class News:
    """What publishers report, and when."""

    report: Callable[[int, int], Report]  # of a publisher, in its item of this number
    began: datetime
    step: timedelta


def read_news(texts: str) -> News:
    """Give the news told after a file of texts; invented news where there is none."""
    if not texts:
        return News(Reporter, datetime.now(UTC) - timedelta(days=2), timedelta(minutes=1))
    told = read_texts(Path(texts))
    return News(told.retell, told.began, STEP)


@dataclass
class Publishers:
    """The process, as who asks it sees it."""

    process: subprocess.Popen[str]
    port: int

    def address(self, number: int) -> str:
        """Give the address of a publisher's feed."""
        return f"http://{host_of(number)}:{self.port}/feed"

    def publish(self, items: int) -> None:
        """Have every feed bring so many newer items."""
        self._say(str(items))

    def asked(self) -> dict[str, dict[str, int]]:
        """Give what each host was asked since the last time: kinds of requests, counted."""
        found: dict[str, dict[str, int]] = json.loads(self._say("asked"))
        return found

    def _say(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


@contextmanager
def opened(feeds: int, items: int, texts: Path | None = None) -> Iterator[Publishers]:
    """Start the publishers, and end them with the block; they tell ``texts`` if there are any."""
    command = [sys.executable, "-m", "bench.publishers", str(feeds), str(items), str(texts or "")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            yield Publishers(process, json.loads(process.stdout.readline())["port"])
        finally:
            process.kill()


class _Server:
    def __init__(self, feeds: int, items: int, news: News) -> None:
        self.news = news
        self.hosts = {host_of(number): number for number in range(feeds)}
        self.items = range(items)
        self.port = 0
        self.asked: defaultdict[str, Counter[str]] = defaultdict(Counter)

    async def run(self) -> None:
        first, *others = self.hosts
        server = await asyncio.start_server(self.serve, first, 0)
        self.port = server.sockets[0].getsockname()[1]
        await asyncio.start_server(self.serve, others, self.port)
        print(json.dumps({"port": self.port}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip().isdigit():
                more = int(line)
                self.items = range(self.items.start + more, self.items.stop + more)
                print(more, flush=True)
            else:
                print(json.dumps(self.asked), flush=True)
                self.asked.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self.answer(self.hosts[host], host, head, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # who asked hung up
        finally:
            writer.close()

    async def answer(
        self, number: int, host: str, head: bytes, writer: asyncio.StreamWriter
    ) -> None:
        path = head.split(b" ", 2)[1].decode()
        is_conditional = b"\r\nIf-None-Match: " in head or b"\r\nIf-Modified-Since: " in head
        self.asked[host][f"{path}{' if changed' if is_conditional else ''}"] += 1
        fault = fault_of(number)
        if path.startswith("/2026/"):
            page = make_page(*_numbers(path), self.news)
            return _send(writer, "200 OK", page, "Content-Type: text/html")
        if path == "/drip":
            return await _drip(writer)
        if path not in ("/feed", "/feed.xml"):
            return _send(writer, "404 Not Found", b"none")
        if fault == "404":
            return _send(writer, "404 Not Found", b"none")
        if fault == "500":
            return _send(writer, "500 Internal Server Error", b"oh")
        if fault == "silent":
            await asyncio.sleep(3600)
        if fault == "slow":
            await asyncio.sleep(_SLOW_S)
        if fault == "moved" and path == "/feed":
            return _send(writer, "301 Moved Permanently", b"", "Location: /feed.xml")
        if f'\r\nIf-None-Match: "{self.items.start}"\r\n'.encode() in head:
            return _send(writer, "304 Not Modified", None)
        mark = (f'ETag: "{self.items.start}"',) if is_mark_sent(number) else ()
        kind = "Content-Type: application/xml; charset=utf-8"
        return _send(writer, "200 OK", self.make_feed(number, host), kind, *mark)

    def make_feed(self, number: int, host: str) -> bytes:
        return make_feed(number, self.items, f"http://{host}:{self.port}", self.news)


async def _drip(writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then, for as long as anybody waits."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n<rss>")
    while True:
        await asyncio.sleep(_DRIP_S)
        writer.write(b" ")
        await writer.drain()


def _numbers(path: str) -> tuple[int, int]:
    number, _, at = path.removeprefix("/2026/").removesuffix(".html").partition("-")
    return int(number), int(at)


def _send(writer: asyncio.StreamWriter, status: str, body: bytes | None, *headers: str) -> None:
    length = () if body is None else (f"Content-Length: {len(body)}",)
    lines = [f"HTTP/1.1 {status}", *headers, *length, "", ""]
    writer.write("\r\n".join(lines).encode() + (body or b""))


if __name__ == "__main__":
    feeds, items, texts = sys.argv[1:]
    asyncio.run(_Server(int(feeds), int(items), read_news(texts)).run())
