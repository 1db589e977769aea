"""Serve the sample press: invented outlets, each with its own site and feed, on loopback.

    python demo/press.py --port 8611          # serves until Ctrl-C

An outlet is a folder of ``press/``: its settings, its templates and its articles. Everything it may
serve is in one table of known paths, so a path that is not in the table is a 404 and nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

if not __package__:  # run as a file
    sys.path.insert(0, str(Path(__file__).parents[1]))

from demo.outlets import FOLDER, PHASES, SHARED, Article, Outlet, read_articles, read_outlets  # noqa: E402

TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
IMAGES = {".svg": "image/svg+xml", ".png": "image/png"}


class Hit(NamedTuple):
    """One request that was answered."""

    outlet: str
    path: str
    status: int


class Answer(NamedTuple):
    """What a known path answers."""

    status: int
    type: str
    content: bytes
    modified: datetime | None = None


class Site:
    """One outlet's pages, made anew at each request from its templates."""

    def __init__(self, outlet: Outlet, press: Press) -> None:
        self.outlet = outlet
        self.press = press
        folders = [FOLDER / outlet.id, SHARED]
        self.env = Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined)
        self.env.filters |= {"rfc822": format_datetime, "day": self.format_day}
        self.env.globals |= {"outlet": outlet, "site": outlet.settings, "address": outlet.address}
        self.env.globals |= {"link": self.link, "media": f"{outlet.address}{outlet.settings['media']}"}

    @property
    def articles(self) -> tuple[Article, ...]:
        """Return the articles of the phase that the press is in."""
        return self.press.articles[self.outlet.id]

    def link(self, slug: str, outlet: str = "") -> str:
        """Return the full address of an article, of this outlet if no other is named."""
        site = self.press.sites[outlet or self.outlet.id]
        return site.outlet.address + next(one.path for one in site.articles if one.slug == slug)

    def format_day(self, value: datetime, pattern: str) -> str:
        """Write a date with the outlet's own names of days and months."""
        names = self.outlet.settings["dates"]
        weekday, month = names["weekdays"][value.weekday()], names["months"][value.month - 1]
        return pattern.format(value, weekday=weekday, month=month)

    def answer(self, path: str) -> Answer:
        """Answer one path: exactly what is known, else the outlet's own 404 page."""
        make = self.known_paths().get(path)
        return make() if make else Answer(404, "text/html", self.render("missing.html"))

    def known_paths(self) -> dict[str, Callable[[], Answer]]:
        """Return everything this outlet serves."""
        settings = self.outlet.settings
        newest = max((article.updated for article in self.articles), default=None)
        paths: dict[str, Callable[[], Answer]] = {
            "/": lambda: Answer(200, "text/html", self.render("front.html"), newest),
            "/robots.txt": lambda: Answer(200, "text/plain", settings["robots"].encode()),
        }
        if kind := settings["feed"]["kind"]:
            feed = settings["feed"]["path"]
            paths[feed] = lambda: Answer(200, TYPES[kind], self.render(f"feed.{kind}"), newest)
        for image in (SHARED / "img").iterdir():
            paths[settings["media"] + image.name] = lambda image=image: Answer(  # type: ignore[misc]
                200, IMAGES[image.suffix], image.read_bytes()
            )
        for article in self.articles:
            paths[article.path] = lambda article=article: self.show(article)  # type: ignore[misc]
        return paths

    def show(self, article: Article) -> Answer:
        """Answer an article's page, or 410 once it is withdrawn."""
        if article.is_withdrawn and self.press.phase == "after":
            return Answer(410, "text/html", self.render("missing.html"))
        page = self.render("page.html", article=article, body=self.body(article))
        return Answer(200, "text/html", page, article.updated)

    def body(self, article: Article) -> Markup:
        """Return the body with the outlet's own pieces (pictures, promotions, boxes) in it."""
        pieces = self.env.get_template("pieces.html").make_module({"article": article})
        return Markup(self.env.from_string(article.body).render(vars(pieces)))

    def render(self, template: str, **values: object) -> bytes:
        """Render one template with what every template may use."""
        clock = (self.press.now or datetime.now(UTC)).astimezone(ZoneInfo(self.outlet.settings["zone"]))
        content = self.env.get_template(template).render(
            articles=self.articles, clock=clock, body_of=self.body, **values
        )
        return content.encode()


class Press:
    """All outlets on loopback, one server each; a context manager."""

    def __init__(self, base_port: int = 0, phase: str = "after", now: datetime | None = None) -> None:
        self.base_port = base_port  # 0: free ports, known once the press runs
        self.now = now
        self.hits: list[Hit] = []
        self.outlets = read_outlets(base_port)
        self.sites: dict[str, Site] = {}
        self._servers: list[ThreadingHTTPServer] = []
        self.set_phase(phase)

    def set_phase(self, phase: str) -> None:
        """Go to "before" or "after" the correction and the withdrawal."""
        if phase not in PHASES:
            raise ValueError(f"the phase is {phase!r}, and must be one of {PHASES}")
        self.phase = phase
        self.articles = {outlet.id: read_articles(outlet, phase) for outlet in self.outlets}

    def subscriptions(self) -> list[dict[str, str]]:
        """Return what a relay should follow, one record an outlet."""
        keys = ("id", "name", "language", "country", "rights")
        return [
            {"url": outlet.address + outlet.follow, **{key: getattr(outlet, key) for key in keys}}
            for outlet in self.outlets
        ]

    def __enter__(self) -> Self:
        running = []
        try:
            for outlet in self.outlets:
                server = ThreadingHTTPServer(("127.0.0.1", outlet.port if self.base_port else 0), Handler)
                self._servers.append(server)
                port = int(server.server_address[1])
                running.append(replace(outlet, port=port))
        except OSError:
            self._close()
            raise
        self.outlets = tuple(running)
        for outlet, server in zip(self.outlets, self._servers, strict=True):
            self.sites[outlet.id] = Site(outlet, self)
            server.RequestHandlerClass = type("OutletHandler", (Handler,), {"site": self.sites[outlet.id]})
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
        self._close()

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._servers.clear()


class Handler(BaseHTTPRequestHandler):
    """Answer GET and HEAD from one outlet's table of known paths."""

    site: Site
    protocol_version = "HTTP/1.1"
    server_version = "SamplePress"
    timeout = 5

    def do_GET(self) -> None:  # noqa: N802 (the name is http.server's)
        """Answer the path, or 304 where the caller has it already."""
        path = self.path.partition("?")[0]
        answer = self.site.answer(path)
        tag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
        status = 304 if answer.status == 200 and self.is_fresh(tag, answer.modified) else answer.status
        self.site.press.hits.append(Hit(self.site.outlet.id, path, status))
        content = b"" if status == 304 else answer.content
        self.send_response(status)
        self.send_header("Content-Type", answer.type + ("" if answer.type == "image/png" else "; charset=utf-8"))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")  # a kept connection would outlive the press
        if answer.status == 200:
            self.send_header("ETag", tag)
            if answer.modified:
                self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815

    def is_fresh(self, tag: str, modified: datetime | None) -> bool:
        """Tell whether the caller's copy is still good; a tag outweighs a date (RFC 9110, 13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return tag in tags
        since = self.headers.get("If-Modified-Since")
        return bool(since and modified and modified <= parsedate_to_datetime(since))

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: ``Press.hits`` is the log."""


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve the sample press on loopback.")
    parser.add_argument("--port", type=int, default=8611, help="the first outlet's port; the others follow")
    parser.add_argument("--phase", choices=PHASES, default="after")
    options = parser.parse_args()
    with Press(options.port, options.phase) as press:
        for one in press.subscriptions():
            print(f"{one['language']:6} {one['name']:28} {one['url']}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
