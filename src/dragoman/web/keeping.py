"""Pages that are kept, compressed, for as long as nothing is written to the store.

A page that was taken down or corrected is never served from here: the write that did it makes
all that is kept worthless, at once and in every process.
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from dragoman.errors import StoreError
from dragoman.store.changes import Mark, Watch
from dragoman.web.answers import Answer, spare
from dragoman.web.settings import SiteSettings
from dragoman.web.site import answer, name_kept

if TYPE_CHECKING:
    from dragoman.store import Store

PAGES = 32_000_000  # bytes of pages that are kept
CHOSEN = 8_000_000  # of those that a reader chose a part of: searches, languages that are read
LEVEL = 5  # of gzip: 6 takes twice the time for a fiftieth less
SMALLEST = 600  # bytes: less is sent as it is

_ROW = 1500  # bytes that an entry costs beside its body
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)")


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer  # its body is compressed where `is_packed`
    is_packed: bool


class Shelves:
    """What is kept for one mark of the store, the least asked for thrown away first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._mark: Mark | None = None
        self._found: OrderedDict[str, _Kept] = OrderedDict()
        self._turn = Lock()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def get(self, name: str, mark: Mark) -> _Kept | None:
        """Give what was kept at this mark; another mark throws all away."""
        with self._turn:
            if mark != self._mark:
                self._found.clear()
                self._size, self._mark = 0, mark
            kept = self._found.get(name)
            if kept:
                self._found.move_to_end(name)
            return kept

    def put(self, name: str, mark: Mark, kept: _Kept) -> None:
        """Keep what was made after this mark was taken, if nobody has seen another since."""
        size = len(kept.answer.body) + _ROW
        with self._turn:
            if mark != self._mark or name in self._found or size > self._limit // 4:
                return
            self._found[name] = kept
            self._size += size
            while self._size > self._limit:
                _, gone = self._found.popitem(last=False)
                self._size -= len(gone.answer.body) + _ROW


class Keeper:
    """The site's answers as they go over the wire, made once for each mark of the store."""

    def __init__(self, db: Store, site: SiteSettings) -> None:
        self._db = db
        self._site = site
        self._watch = Watch(db)
        self._pages = Shelves(PAGES)
        self._chosen = Shelves(CHOSEN)
        # Who asks for what is just being made waits for it.
        self._turns = tuple(Lock() for _ in range(64))
        # One page is made at a time: two threads at it only take turns, and lose by each.
        self._making = Lock()

    def answer(self, path: str, query: str, headers: Mapping[str, str]) -> Answer:
        """Answer a request, compressed where the reader takes it so."""
        named = name_kept(self._db, self._site, path, query=query, headers=headers)
        if named is None:
            return self._make(path, query, headers)
        name, is_chosen = named
        shelves = self._chosen if is_chosen else self._pages
        with self._turns[hash(name) % len(self._turns)]:
            try:
                mark = self._watch.mark()
            except StoreError:  # the page says so
                mark = None
            kept = shelves.get(name, mark) if mark else None
            if kept is None:
                # Without what belongs to one reader: it is made for all.
                asked = {key: value for key, value in headers.items() if key == "cookie"}
                with self._making:
                    kept = _pack(self._make(path, query, asked))
                if mark and kept.answer.status == 200:
                    shelves.put(name, mark, kept)
        return _send(kept, headers)

    def _make(self, path: str, query: str, headers: Mapping[str, str]) -> Answer:
        return answer(self._db, self._site, path, query=query, headers=headers)


def _pack(found: Answer) -> _Kept:
    if found.status != 200 or len(found.body) < SMALLEST:
        return _Kept(found, is_packed=False)
    fields = found.fields
    vary = ", ".join(filter(None, (fields.get("vary", ""), "accept-encoding")))
    headers = (*(field for field in found.headers if field[0] != "vary"), ("vary", vary))
    body = gzip.compress(found.body, LEVEL, mtime=0)
    return _Kept(Answer(found.status, headers, body), is_packed=True)


def _send(kept: _Kept, asked: Mapping[str, str]) -> Answer:
    found = spare(kept.answer, asked)
    if found.status != 200 or not kept.is_packed:
        return found
    if _GZIP.search(asked.get("accept-encoding", "").lower()):
        return replace(found, headers=(*found.headers, ("content-encoding", "gzip")))
    return replace(found, body=gzip.decompress(found.body))
