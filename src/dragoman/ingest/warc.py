"""WARC files in: web pages as an archive kept them, with the day on which it fetched them.

One record is held at a time, up to a cap. A damaged record is named and skipped: reading goes
on where the next record begins, which a packed archive shows by the head of a gzip member.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, BinaryIO

from dragoman.errors import FetchError
from dragoman.sanitize import clean_url
from dragoman.types import FeedItem, Page

from .pages import PAGE_TYPES, SENT_HEADERS

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_MAX_HEADERS = 64 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/1."
# The head of another record inside one: its length is wrong.
_SWALLOWED = re.compile(rb"WARC/1\.\d\r\n[A-Za-z]{1,30}(?:-[A-Za-z]{1,30}){1,4}:")


@dataclass(frozen=True, slots=True)
class ArchiveFault:
    """A record that could not be read, in words."""

    message: str


@dataclass(frozen=True, slots=True)
class Archived:
    """What one step through an archive gave, and how many of its bytes are behind it."""

    found: Page | ArchiveFault
    position: int


class _Damaged(Exception):
    """A record is not what it says; the next one is to be looked for."""


def begins_record(file: BinaryIO, position: int) -> bool:
    """Whether a record begins at a position, so that reading can."""
    file.seek(position)
    head = file.read(len(_PLAIN))
    return head == _PLAIN or head.startswith(_GZIP)


def read_archive(
    file: BinaryIO, name: str, *, max_bytes: int, start: int = 0, end: int | None = None
) -> Iterator[Archived]:
    """Read the web pages of a WARC file: answers with status 200 that are HTML.

    ``file`` can seek; ``name`` is its path or address, for messages. Pages have neither id nor
    source yet. Records above ``max_bytes``, as stored or unpacked, are named and skipped, as
    damaged ones are. ``start`` is 0 or the position of a page that was read before; only records
    that begin before ``end`` are read. Raises `FetchError` where the file is no WARC file at all.
    """
    file.seek(0)
    head = file.read(len(_PLAIN))
    is_packed = head.startswith(_GZIP)
    if not (is_packed or head == _PLAIN):
        raise FetchError(
            f"{name}: this is no WARC file; give one that ends in .warc or .warc.gz", permanent=True
        )
    walk = _Walk(file, name, max_bytes, _GZIP if is_packed else _PLAIN, end)
    position: int | None = start
    while position is not None and (end is None or position < end):
        position = yield from walk.read_from(position)
    if not walk.has_read:
        raise FetchError(
            f"{name}: no record of this file can be read; it is no WARC file, or damaged from its "
            "beginning: get it again",
            permanent=True,
        )


@dataclass(slots=True)
class _Walk:
    """Where reading stands in an archive."""

    file: BinaryIO
    name: str
    max_bytes: int
    mark: bytes  # how a record begins
    end: int | None = None  # where reading stops
    has_read: bool = False  # any record at all
    is_lost: bool = False  # looking for the next record after a fault was named

    def read_from(self, start: int) -> Generator[Archived, None, int | None]:
        """Read records from a position on; give where to go on after damage, or None: the end."""
        from fastwarc.warc import ArchiveIterator

        self.file.seek(start)
        at, record = start, None
        try:
            for record in ArchiveIterator(self.file, parse_http=False, max_header_len=_MAX_HEADERS):
                at = record.stream_pos
                if self.end is not None and at >= self.end:
                    return None
                self.has_read, self.is_lost = True, False
                if (record.headers.get("WARC-Type") or "").lower() == "response":
                    page = self._read(record)
                    if page is not None:
                        yield Archived(page, at)
        except (OSError, ValueError, _Damaged) as error:
            if not self.is_lost:
                where = f" ({record.headers.get('WARC-Target-URI')})" if record else ""
                yield Archived(
                    ArchiveFault(f"{self.name}: the record at byte {at} or after it{where} is left "
                                 f"out: {error}"),
                    at,
                )  # fmt: skip
                self.is_lost = True
            return self._find_next(at + 1)
        return None

    def _find_next(self, start: int) -> int | None:
        """Find where the next record may begin."""
        overlap = len(self.mark) - 1
        self.file.seek(start)
        rest = b""
        while chunk := self.file.read(_CHUNK):
            found = (rest + chunk).find(self.mark)
            if found >= 0:
                return start - len(rest) + found
            start += len(chunk)
            rest = (rest + chunk)[-overlap:]
        return None

    def _read(self, record: WarcRecord) -> Page | None:
        """Read an answer. None: it is no web page. Raises `_Damaged`, `OSError`."""
        declared = record.content_length
        if declared > self.max_bytes + _MAX_HEADERS:
            raise _Damaged(f"it is larger than {self.max_bytes} bytes")
        record.freeze()
        if record.content_length != declared:
            raise _Damaged(f"it breaks off after {record.content_length} of {declared} bytes")
        if record.headers.get("WARC-Truncated"):
            raise _Damaged("the archive kept only the beginning of the page")
        record.parse_http(auto_decode="all", max_header_len=_MAX_HEADERS)
        http = record.http_headers
        if http is None or http.status_code != 200:
            return None
        media_type = (record.http_content_type or "").partition(";")[0].strip().lower()
        url = clean_url((record.headers.get("WARC-Target-URI") or "").strip("<> "))
        if media_type not in PAGE_TYPES or not url:
            return None
        body = record.reader.read(self.max_bytes + 1)
        if len(body) > self.max_bytes:
            raise _Damaged(f"it unpacks to more than {self.max_bytes} bytes")
        if _SWALLOWED.search(body):
            raise _Damaged("its length is wrong, and runs into the next record")
        headers = tuple((key.lower(), value) for key, value in http)
        return Page(
            url=url,
            final_url=url,
            fetched=record.record_date.astimezone(UTC),
            status=200,
            body=body,
            media_type=media_type,
            charset=record.http_charset or "",
            headers=tuple(pair for pair in headers if pair[0] not in SENT_HEADERS),
            item=FeedItem(url),
        )
