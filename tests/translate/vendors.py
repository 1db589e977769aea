"""Servers on loopback that speak as the vendors of translation do, or as a test tells them to."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dragoman.translate.engine import Engine, load_engine
from dragoman.types import EngineSpec, Leg


@dataclass(frozen=True)
class Reply:
    """What a server answers: JSON, or bytes as they are."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_dripping: bool = False

    def encode(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


Vendor = Callable[[Asked], Reply]


@dataclass
class Server:
    """A server; what a test puts into ``next`` is answered first."""

    vendor: Vendor
    asked: list[Asked] = field(default_factory=list)
    next: deque[Reply] = field(default_factory=deque)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def posts(self) -> list[Asked]:
        return [one for one in self.asked if one.method == "POST"]

    def fail(self, *replies: Reply) -> None:
        self.next.extend(replies)


@contextmanager
def serve(vendor: Vendor) -> Iterator[Server]:
    server = Server(vendor)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            asked = Asked(self.command, self.path, dict(self.headers), body)
            server.asked.append(asked)
            is_scripted = self.command == "POST" and server.next
            reply = server.next.popleft() if is_scripted else server.vendor(asked)
            data = reply.encode()
            try:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if reply.is_dripping:
                    self.wfile.write(data[:1])
                    self.wfile.flush()
                    server.over.wait(20)
                self.wfile.write(data)
            except ConnectionError:
                pass  # the client hung up, as some tests want it to

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.port = listening.server_port
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        listening.shutdown()
        thread.join()


def translate(text: str) -> str:
    """Translate a little Spanish into a little Portuguese, and leave the rest."""
    return text.replace("El ", "O ").replace("come", "come muito")


def deepl(asked: Asked) -> Reply:
    if asked.path == "/v2/usage":
        return Reply({"character_count": 10, "character_limit": 500_000})
    rows = [
        {"detected_source_language": "ES", "text": translate(one)} for one in asked.body["text"]
    ]
    return Reply({"translations": rows})


def libretranslate(asked: Asked) -> Reply:
    if asked.path == "/languages":
        codes = ("en", "es", "pb", "pt", "zt", "xx-unknown")
        rows = [{"code": one, "name": one, "targets": list(codes)} for one in codes]
        return Reply(rows)
    return Reply({"translatedText": [translate(one) for one in asked.body["q"]]})


def openai(asked: Asked) -> Reply:
    if asked.path == "/v1/models":
        return Reply({"object": "list", "data": [{"id": "gemma", "object": "model"}]})
    return chat(translate(asked.body["messages"][-1]["content"]))


def chat(content: str | None, ending: str = "stop", **message: Any) -> Reply:
    """Answer as a chat model's server does."""
    choice = {
        "index": 0,
        "finish_reason": ending,
        "message": {"role": "assistant", "content": content, **message},
    }
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return Reply({"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage})


VENDORS: Mapping[str, Vendor] = {
    "deepl": deepl,
    "libretranslate": libretranslate,
    "openai": openai,
}
KEYS = {name: f"DRAGOMAN_{name.upper()}_KEY" for name in VENDORS}
_OWN: Mapping[str, Mapping[str, str]] = {
    "deepl": {"languages": "es pt"},
    "libretranslate": {},
    "openai": {"languages": "es pt", "model": "gemma"},
}


def engine_at(server: Server, name: str, **options: str) -> Engine:
    """Load an engine that asks a server of ours."""
    path = "/v1" if name == "openai" else ""
    given = {"url": server.url + path, "total_s": "20", **_OWN[name], **options}
    return load_engine(EngineSpec(name, tuple(sorted(given.items()))))


def spanish_leg(engine: Engine) -> Leg:
    """Give the leg from Spanish into Portuguese."""
    return next(one for one in engine.legs() if (one.language, one.into) == ("es", "pt"))
