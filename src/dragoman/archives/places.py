"""Where archives lie: files of this machine, web servers, and object stores."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from dragoman.archives.tables import load_arrow
from dragoman.errors import DragomanError, FetchError

if TYPE_CHECKING:
    from dragoman.ingest import Fetcher

_PIECE = 2 * 1024 * 1024
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_WILD = re.compile(r"[*?\[]")

MakeFetcher = Callable[[], "Fetcher"]


@dataclass(frozen=True, slots=True)
class Place:
    """An archive and its size in bytes, as stored."""

    name: str
    size: int


def find_archives(patterns: Sequence[str], make_fetcher: MakeFetcher) -> list[Place]:
    """Find the archives that names and patterns mean, each once, in the order of their names.

    Raises `DragomanError` where one means nothing.
    """
    found: dict[str, Place] = {}
    for pattern in patterns:
        places = list(_find(pattern, make_fetcher))
        if not places:
            raise DragomanError(f"{pattern}: there is no such archive; check path and pattern")
        found |= {place.name: place for place in places}
    return [found[name] for name in sorted(found)]


def _find(pattern: str, make_fetcher: MakeFetcher) -> Iterator[Place]:
    scheme = pattern.partition("://")[0] if "://" in pattern else ""
    if scheme in ("http", "https"):
        with _RangeFile(pattern, make_fetcher) as file:
            yield Place(pattern, file.size)
    elif scheme:
        yield from _find_in_store(pattern)
    else:
        for found in _find_here(Path(pattern)):
            if found.is_file():
                yield Place(str(found), found.stat().st_size)


def _find_here(path: Path) -> Iterator[Path]:
    """Give the files of this machine that a path with wild cards means."""
    wild = [at for at, part in enumerate(path.parts) if _WILD.search(part)]
    if path.exists() or not wild:
        return iter([path])
    base = Path(*path.parts[: wild[0]])
    return base.glob(str(Path(*path.parts[wild[0] :])))


def _open_store(address: str) -> tuple[Any, str]:
    """Open an object store with PyArrow: s3, gs, abfs, hdfs; keys come from the environment."""
    pa = load_arrow()
    import pyarrow.fs

    try:
        return cast("tuple[Any, str]", pyarrow.fs.FileSystem.from_uri(address))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise DragomanError(f"{address}: this object store cannot be opened: {error}") from error


def _find_in_store(pattern: str) -> Iterator[Place]:
    from pyarrow.fs import FileSelector, FileType

    address, mark, options = pattern.partition("?") if "://" in pattern else (pattern, "", "")
    if mark and "=" not in options:  # a wild card, not the store's options
        address, mark, options = pattern, "", ""
    wild = _WILD.search(address)
    base = address[: address.rindex("/", 0, wild.start())] if wild else address
    files, path = _open_store(base + mark + options)
    try:
        if not wild:
            infos = [files.get_file_info(path)]
        else:
            infos = files.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
    except OSError as error:
        raise DragomanError(f"{pattern}: the object store does not answer: {error}") from error
    tail = address[len(base) + 1 :] if wild else ""
    for info in infos:
        name = info.path[len(path) :].lstrip("/") if wild else ""
        is_meant = info.type is FileType.File and (not wild or fnmatch(name, tail))
        if is_meant:
            yield Place(f"{base}/{name}{mark}{options}" if wild else pattern, info.size)


@contextmanager
def open_archive(name: str, make_fetcher: MakeFetcher) -> Iterator[BinaryIO]:
    """Open an archive for reading from any position; what is not here comes in pieces.

    Raises `FetchError` where it cannot be opened or read.
    """
    try:
        if name.startswith(("http://", "https://")):
            with io.BufferedReader(_RangeFile(name, make_fetcher), _PIECE) as remote:
                yield cast(BinaryIO, remote)
        elif "://" in name:
            files, path = _open_store(name)
            with files.open_input_file(path) as stored:
                yield cast(BinaryIO, stored)
        else:
            with Path(name).open("rb") as file:
                yield file
    except OSError as error:
        raise FetchError(f"{name}: it cannot be read: {error}; run again once it can") from error


class _RangeFile(io.RawIOBase):
    """A file on a web server, read in pieces through the guarded fetcher."""

    def __init__(self, url: str, make_fetcher: MakeFetcher) -> None:
        self._url, self._position = url, 0
        self._runner = asyncio.Runner()
        self._fetcher = make_fetcher()
        self.size = 0
        try:
            self._runner.run(self._fetcher.__aenter__())
            self._fetch(0, 16)
        except BaseException:
            self.close()
            raise

    def _fetch(self, start: int, size: int) -> bytes:
        span = (start, start + size - 1)
        answer = self._runner.run(
            self._fetcher.fetch(self._url, span=span, is_robots_checked=False)
        )
        match = _RANGE.fullmatch(answer.header("content-range").strip())
        if answer.status != 206 or match is None or int(match[1]) != start:
            raise FetchError(
                f"{self._url}: the server does not give a file piece by piece; download it first",
                permanent=True,
            )
        if self.size and int(match[3]) != self.size:
            raise FetchError(f"{self._url}: it has changed while it was read", permanent=True)
        self.size = int(match[3])
        return answer.body

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position."""
        base = {0: 0, 1: self._position, 2: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Give the position."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer as much as it holds, or is left."""
        wanted = min(len(buffer), self.size - self._position, _PIECE)
        if wanted <= 0:
            return 0
        piece = self._fetch(self._position, wanted)
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """Leave the server."""
        if not self.closed:
            self._runner.run(self._fetcher.__aexit__(None, None, None))
            self._runner.close()
        super().close()
