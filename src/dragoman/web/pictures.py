"""Pictures of articles through our own server, where their source allows it.

Only pictures that stand in a shown article are fetched, so nobody can use the site to reach
other addresses. They are kept on disk, the oldest given up when there are too many.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from dragoman.errors import DragomanError
from dragoman.publish.views import Publisher, Row
from dragoman.sanitize import clean_url
from dragoman.store import articles
from dragoman.types import Article, Images, Rights
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import fill_shelf

if TYPE_CHECKING:
    from dragoman.store import Store

Take = Callable[[str], Awaitable[bytes]]

MEDIA_TYPE = "image/webp"
MAX_KEPT = 500_000_000  # bytes on disk
AT_ONCE = 4
PATIENCE_S = 10.0  # of a reader who waits for a turn
FAILED_S = 900.0  # before a picture that failed is asked for again
MOST_FAILED = 5000

_log = structlog.get_logger(__name__)


class Pictures:
    """The pictures kept on disk, and the way to those that are not yet."""

    def __init__(self, folder: Path, take: Take) -> None:
        self._folder = folder
        self._take = take
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._failed: dict[str, float] = {}
        self._written = 0

    def get(self, url: str) -> bytes | None:
        """Give a picture, fetched if need be; None where it cannot be had now."""
        file = self._file(url)
        try:
            body = file.read_bytes()
        except OSError:
            return self._fetch(url, file)
        os.utime(file)  # it is wanted: others are given up first
        return body

    def _file(self, url: str) -> Path:
        name = digest_of(url)
        return self._folder / name[:2] / f"{name}.webp"

    def _fetch(self, url: str, file: Path) -> bytes | None:
        until = self._failed.get(url, 0.0)
        if time.monotonic() < until or not self._turns.acquire(timeout=PATIENCE_S):
            return None
        try:
            body = asyncio.run(self._make(url))
            self._keep(file, body)
        except (DragomanError, OSError) as error:
            _log.info("picture.not_had", url=url[:300], reason=str(error)[:300])
            if len(self._failed) >= MOST_FAILED:
                self._failed.clear()
            self._failed[url] = time.monotonic() + FAILED_S
            return None
        finally:
            self._turns.release()
        return body

    async def _make(self, url: str) -> bytes:
        return await self._take(url)

    def _keep(self, file: Path, body: bytes) -> None:
        """Write a file whole or not at all; clear out now and then."""
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as fresh:
            fresh.write(body)
        Path(fresh.name).replace(file)
        self._written += len(body)
        if self._written > MAX_KEPT // 20:
            self._written = 0
            self._clear_out()

    def _clear_out(self) -> None:
        kept = [
            (one.stat().st_mtime, one.stat().st_size, one) for one in self._folder.rglob("*.webp")
        ]
        total = sum(size for _, size, _ in kept)
        for _, size, old in sorted(kept):
            if total <= MAX_KEPT:
                return
            old.unlink(missing_ok=True)
            total -= size


def digest_of(url: str) -> str:
    """Give the name of a picture: a digest of its address."""
    return blake2b(url.encode("utf-8", "replace"), digest_size=12).hexdigest()


def lay_pictures(
    settings: SiteSettings, article: Article, publisher: Publisher, rows: tuple[Row, ...]
) -> tuple[Row, ...]:
    """Give the rows with their pictures as the source's setting has it."""
    if publisher.images is Images.NONE:
        return tuple(row for row in rows if row.kind != "image")
    if publisher.images is not Images.PROXY or settings.pictures is None or settings.is_static:
        return rows
    return tuple(
        replace(row, picture=f"/picture/{article.id}/{digest_of(row.url)}.webp")
        if row.kind == "image" and row.url
        else row
        for row in rows
    )


def find_picture(db: Store, settings: SiteSettings, id: str, digest: str) -> bytes | None:
    """Give a picture of a shown article; None where its source does not allow it."""
    article = articles.article(db, id)
    if article is None or settings.pictures is None:
        return None
    shelf = fill_shelf(db, settings.editions[0], [article])
    publisher = shelf.publisher(article)
    if publisher.images is not Images.PROXY or publisher.rights is not Rights.FULL:
        return None
    for block in article.blocks:
        url = clean_url(block.image.url) if block.image else ""
        if url and digest_of(url) == digest:
            return settings.pictures.get(url)
    return None
