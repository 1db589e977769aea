"""A small web on loopback that answers exactly what a test tells it to, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "text/html; charset=utf-8"

    def encode(self) -> bytes:
        given = {name.lower() for name, _ in self.headers}
        lines = [f"HTTP/1.1 {self.status} X"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.media_type and "content-type" not in given:
            lines.append(f"Content-Type: {self.media_type}")
        if "content-length" not in given:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(slots=True)
class Web:
    """One host. What has no route answers 404."""

    host: str = "127.0.0.1"
    routes: dict[str, Answer | Script] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0
    port: int = 0
    server: asyncio.Server | None = None

    @property
    def root(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, but for what every host is asked for."""
        usual = ("/robots.txt", "/.well-known/tdmrep.json")
        return [each.path for each in self.asked if each.path not in usual]

    async def start(self) -> None:
        self.server = await asyncio.start_server(self.serve, self.host, 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            path = head[0].split()[1]
            self.asked.append(Asked(path, headers, asyncio.get_running_loop().time()))
            answer = self.routes.get(path, Answer(b"not here", 404))
            if isinstance(answer, Answer):
                writer.write(answer.encode())
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the fetcher hung up, as some tests want it to
        finally:
            self.open_now -= 1
            writer.close()

    def stop(self) -> None:
        if self.server is not None:
            self.server.close()


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(b"", status, (("Location", to),))
