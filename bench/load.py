"""Ask a web server for addresses at a steady rate, from a process of its own.

    python -m bench.load < job.json

Open loop: each request has its moment, and its time is counted from then on, whether or not
the ones before it are answered. The job is ``{"port", "rate", "paths"}``; the answer stands on
one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

GIVE_UP_S = 20.0
MOST_OPEN = 64  # connections

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Answered:
    """What a run gave: milliseconds of each request, statuses, the largest body as it was sent."""

    times: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    largest: int = 0

    @property
    def errors(self) -> int:
        """How many requests had another answer than 200."""
        return sum(count for status, count in self.statuses.items() if status != "200")

    def percentile(self, share: float) -> float:
        """Give the milliseconds within which so many percent were answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]


def ask(port: int, paths: list[str], rate: float = 100.0) -> Answered:
    """Ask for each path once, at so many a second, and wait for the last answer."""
    job = json.dumps({"port": port, "rate": rate, "paths": paths})
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=job,
        capture_output=True,
        text=True,
        check=True,
        timeout=len(paths) / rate + 4 * GIVE_UP_S,
    )
    return Answered(**json.loads(done.stdout))


class _Client:
    """Connections to one port, taken and given back."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[Connection] = []
        self._turns = asyncio.Semaphore(MOST_OPEN)

    async def get(self, path: str) -> tuple[str, int]:
        """Give the status of an address and the bytes of its body."""
        async with self._turns:
            fresh = not self._free
            connection = self._free.pop() if self._free else await self._open()
            try:
                found = await self._send(connection, path)
            except (OSError, asyncio.IncompleteReadError):
                if fresh:
                    raise
                connection = await self._open()  # it was closed while nobody used it
                found = await self._send(connection, path)
            self._free.append(connection)
            return found

    async def _open(self) -> Connection:
        return await asyncio.open_connection("127.0.0.1", self._port)

    async def _send(self, connection: Connection, path: str) -> tuple[str, int]:
        reader, writer = connection
        writer.write(
            f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: gzip\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = head.split(" ", 2)[1]
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if "content-length" in fields:
            size = int(fields["content-length"])
            await reader.readexactly(size)
            return status, size
        size = 0
        while length := int(await reader.readline(), 16):
            await reader.readexactly(length + 2)
            size += length
        await reader.readline()
        return status, size


async def _run(port: int, rate: float, paths: list[str]) -> Answered:
    client = _Client(port)
    times: list[float] = []
    statuses: Counter[str] = Counter()
    sizes = [0]
    began = time.monotonic() + 0.05

    async def send(path: str, at: float) -> None:
        try:
            status, size = await asyncio.wait_for(client.get(path), GIVE_UP_S)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
            status, size = type(error).__name__, 0
        times.append(1000 * (time.monotonic() - at))
        statuses[status] += 1
        sizes[0] = max(sizes[0], size)

    sent = []
    for number, path in enumerate(paths):
        at = began + number / rate
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        sent.append(asyncio.create_task(send(path, at)))
    await asyncio.gather(*sent)
    return Answered(times, dict(statuses), sizes[0])


if __name__ == "__main__":
    print(json.dumps(vars(asyncio.run(_run(**json.load(sys.stdin))))))
