"""Serve the sample press: invented outlets, each with its own site and feed, on loopback.

    python demo/press.py --port 8611          # serves until Ctrl-C

An outlet is a folder of ``press/``: its settings, its templates and its articles. Everything it may
serve is in one table of known paths, so a path outside the table is a 404 and nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

if not __package__:  # run as a file
    sys.path.insert(0, str(Path(__file__).parents[1]))

from demo.outlets import PHASES, Article, Outlet, read_articles, read_outlets
from demo.sites import Site, Stand

__all__ = ["Article", "Hit", "Outlet", "Press"]


class Hit(NamedTuple):
    """One request that was answered."""

    outlet: str
    path: str
    status: int


class Press:
    """All outlets on loopback, one server each; a context manager."""

    def __init__(
        self, base_port: int = 0, phase: str = "after", now: datetime | None = None
    ) -> None:
        """Take the ports: from ``base_port`` on, or free ones where it is 0."""
        self.hits: list[Hit] = []
        self.outlets = read_outlets(base_port)
        self.stand = Stand(phase, now)
        self.set_phase(phase)
        self._servers: list[ThreadingHTTPServer] = []
        try:
            for outlet in self.outlets:
                port = outlet.port if base_port else 0
                self._servers.append(Server(("127.0.0.1", port), Handler))
        except OSError:
            self._close()
            raise
        self.outlets = tuple(
            replace(outlet, port=int(server.server_address[1]))
            for outlet, server in zip(self.outlets, self._servers, strict=True)
        )

    def set_phase(self, phase: str) -> None:
        """Go to "before" or "after" the corrections and the withdrawal."""
        if phase not in PHASES:
            raise ValueError(f"the phase is {phase!r}, and must be one of {PHASES}")
        self.stand.articles = {one.id: read_articles(one, phase) for one in self.outlets}
        self.stand.phase = phase

    def articles(self, outlet: str) -> tuple[Article, ...]:
        """Return one outlet's articles as they stand in the present phase, the newest first."""
        return self.stand.articles[outlet]

    def subscriptions(self) -> list[dict[str, str]]:
        """Return what a relay should follow, one record an outlet."""
        keys = ("id", "name", "language", "country", "rights")
        return [
            {"url": outlet.address + outlet.follow, **{key: getattr(outlet, key) for key in keys}}
            for outlet in self.outlets
        ]

    def __enter__(self) -> Self:
        for outlet, server in zip(self.outlets, self._servers, strict=True):
            site = self.stand.sites[outlet.id] = Site(outlet, self.stand)
            known = {"site": site, "hits": self.hits}
            server.RequestHandlerClass = type("OutletHandler", (Handler,), known)
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
        self._close()

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._servers.clear()


class Server(ThreadingHTTPServer):
    """A server that does not wait for a caller that hangs."""

    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Report a fault of the press, but not a caller that hung up."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """Answer GET and HEAD from one outlet's table of known paths."""

    site: Site
    hits: list[Hit]
    protocol_version = "HTTP/1.1"
    server_version = "SamplePress"
    timeout = 5

    def do_GET(self) -> None:
        """Answer the path, or 304 where the caller has it already."""
        path = self.path.partition("?")[0]
        answer = self.site.answer(path)
        tag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
        is_known = answer.status == 200 and self.is_fresh(tag, answer.modified)
        status = 304 if is_known else answer.status
        self.hits.append(Hit(self.site.outlet.id, path, status))
        content = b"" if is_known else answer.content
        charset = "" if answer.type == "image/png" else "; charset=utf-8"
        self.send_response(status)
        self.send_header("Content-Type", answer.type + charset)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")  # a kept connection would outlive the press
        if answer.status == 200:
            self.send_header("ETag", tag)
        if answer.modified:
            modified = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
            self.send_header("Last-Modified", modified)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_HEAD(self) -> None:
        """Answer as GET does, without the content."""
        self.do_GET()

    def is_fresh(self, tag: str, modified: datetime | None) -> bool:
        """Tell whether the caller's copy is good; a tag outweighs a date (RFC 9110, 13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return tag in tags
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
            return modified is not None and modified <= since
        except (ValueError, TypeError):  # no date, or one without a zone
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: ``Press.hits`` is the log."""


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve the sample press on loopback.")
    parser.add_argument("--port", type=int, default=8611, help="the first outlet's; others follow")
    parser.add_argument("--phase", choices=PHASES, default="after")
    options = parser.parse_args()
    with Press(options.port, options.phase) as press:
        for one in press.subscriptions():
            print(f"{one['language']:6} {one['name']:28} {one['url']}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
