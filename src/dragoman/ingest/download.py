"""Large files, piece by piece through the guarded fetcher: a broken download goes on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator

from dragoman.errors import FetchError

from .exchange import Fetched
from .fetch import Fetcher

_PIECE = 2 * 1024 * 1024
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def open_download(make_fetcher: Callable[[], Fetcher]) -> Callable[[str, int], Iterator[bytes]]:
    """Give a function (address, offset) that yields the rest of a file, from an offset on.

    It raises leaves of `FetchError`. ``make_fetcher`` gives one whose limits admit the file: a
    server without ranges sends all of it at once.
    """

    def download(url: str, offset: int) -> Iterator[bytes]:
        with asyncio.Runner() as runner:
            fetcher = make_fetcher()
            runner.run(fetcher.__aenter__())
            try:
                while True:
                    span = (offset, offset + _PIECE - 1)
                    answer = runner.run(fetcher.fetch(url, span=span, is_robots_checked=False))
                    if answer.status != 206:
                        yield answer.body[offset:]
                        return
                    yield answer.body
                    offset += len(answer.body)
                    if offset >= _size(answer, url, offset):
                        return
            finally:
                runner.run(fetcher.__aexit__(None, None, None))

    return download


def _size(answer: Fetched, url: str, end: int) -> int:
    """Give the size of the whole file.

    Raises `FetchError` where the piece is not the one that was asked for.
    """
    match = _RANGE.fullmatch(answer.header("content-range").strip())
    if match is None or int(match[2]) + 1 != end or not answer.body:
        raise FetchError(f"{url}: the server sent another piece than was asked; try again later")
    return int(match[3])
