"""Make the files of a site from its addresses, in several processes where there are many."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import lru_cache, partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from dragoman import publish
from dragoman.errors import DragomanError
from dragoman.store import open_store
from dragoman.web import views
from dragoman.web.settings import SiteSettings
from dragoman.web.site import answer

if TYPE_CHECKING:
    from dragoman.store import Store

Files = list[tuple[str, bytes]]

MANY = 1000  # addresses: for fewer, no process is worth its start
_CHUNK = 10  # addresses that a process takes at once: so many are made yet after an interrupt
_AHEAD = 4  # chunks of each process that are made or wait to be written: bounds memory


def make_files(db: Store, site: SiteSettings, addresses: Sequence[str]) -> Iterator[Files]:
    """Give the files of each address in turn: its own, and those of the pages that follow it."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if len(addresses) < MANY or (workers or 1) < 2 or not db.url:
        for address in addresses:
            yield list(_files_of(db, site, address))
        return
    make = partial(_make_apart, db.url, replace(site, pictures=None))
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _leave_with, (os.getpid(),))
    try:
        waiting: deque[Future[list[Files]]] = deque()
        for start in range(0, len(addresses), _CHUNK):
            if len(waiting) >= _AHEAD * (workers or 1):
                yield from waiting.popleft().result()
            waiting.append(pool.submit(make, addresses[start : start + _CHUNK]))
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise DragomanError(
            "a process that made pages was ended from outside, perhaps for want of memory; "
            "export again; the site that stood there is as it was"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_with(parent: int) -> None:
    """End a process with the one that started it, which alone hears of an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


def _make_apart(url: str, site: SiteSettings, addresses: Sequence[str]) -> list[Files]:
    return [list(_files_of(_open(url), site, address)) for address in addresses]


@lru_cache(maxsize=1)  # of a process that was started for this
def _open(url: str) -> Store:
    return open_store(url, create=False)


def file_of(address: str) -> str:
    """Give the file, relative to the folder, that a static host serves for an address."""
    path = address.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def _files_of(db: Store, site: SiteSettings, address: str) -> Iterator[tuple[str, bytes]]:
    """Give an address's file, and those of the pages that follow it in a list."""
    found = answer(db, site, address)
    if address == "/" and found.status == 302:  # one edition: a static host cannot redirect
        chooser = publish.render_chooser(views.build_chooser(site))
        yield "index.html", chooser.encode("utf-8", "replace")
        return
    if found.status != 200:  # withdrawn, or merged into another story, a moment ago
        return
    yield file_of(address), found.body
    if address == "/sitemap.xml":
        yield from _sitemap_parts(db, site)
    is_list = any(f"/{kind}/" in address for kind in ("source", "section", "day"))
    if not is_list or not address.endswith("/"):
        return
    number = 2
    while (found := answer(db, site, f"{address}page/{number}/")).status == 200:
        yield file_of(f"{address}page/{number}/"), found.body
        number += 1


def _sitemap_parts(db: Store, site: SiteSettings) -> Iterator[tuple[str, bytes]]:
    number = 1
    while (found := answer(db, site, f"/sitemap-{number}.xml")).status == 200:
        yield f"sitemap-{number}.xml", found.body
        number += 1
