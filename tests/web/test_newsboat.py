"""Newsboat from the system's packages reads the site: its feeds, and the Google Reader API."""

from __future__ import annotations

import os
import pty
import select
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from dragoman.cli.relaying import make_server
from dragoman.config import load_settings
from dragoman.store import Store, open_store, readers
from dragoman.web.reader.login import set_password
from tests.e2e.relaying import free_port
from tests.web import newsroom as news

PROGRAM = shutil.which("newsboat")
USER, PASSWORD = "ana", "four words and more"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="newsboat is not installed")


@dataclass(frozen=True)
class Served:
    db: Store
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    file = folder / "dragoman.toml"
    file.write_text(
        f'editions = ["en", "pt"]\n[site]\nport = {port}\nbase_url = "{address}"\n'
        f'[reader]\nuser = "{USER}"\n'
    )
    settings = load_settings(file)
    settings.data.mkdir()
    with open_store(settings.store_url) as db:
        news.fill_store(db)
        set_password(db, USER, PASSWORD)
        readers.number_items(db, settings.editions, news.NOW + timedelta(hours=1))
        server = make_server(settings, db, is_leaving_signals=True)
        thread = threading.Thread(target=server.run)
        thread.start()
        until(lambda: server.started)
        yield Served(db, address)
        server.should_exit = True
        thread.join()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for another process, or give up after half a minute."""
    ends = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def command(folder: Path, config: str, urls: str = "") -> list[str]:
    (folder / "config").write_text(config)
    (folder / "urls").write_text(urls)
    files = ("-C", "config", "-u", "urls", "-c", "cache.db")
    return [str(PROGRAM), *files]


def reload(folder: Path, config: str, urls: str = "") -> list[tuple[str, str, int]]:
    """Let newsboat read what it follows; give each item's guid, title, and whether it is unread."""
    done = subprocess.run(
        [*command(folder, config, urls), "-x", "reload"],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "TERM": "xterm"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(folder / "cache.db") as cache:
        return list(cache.execute("SELECT guid, title, unread FROM rss_item"))


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_it_reads_the_feed_of_an_edition(served: Served, tmp_path: Path, form: str) -> None:
    found = reload(tmp_path, "", f"{served.address}/en/feed.{form}\n")
    titles = [title for _, title, _ in found]
    assert "Ferry links the islands again after eleven days" in titles
    assert len(found) == len(news.ARTICLES) - 2  # without a copy and a withdrawn one


def feedhq(served: Served) -> str:
    # Newsboat of 2020 has no setting for FreshRSS yet; FeedHQ speaks the same protocol.
    return (
        'urls-source "feedhq"\nfeedhq-show-special-feeds no\n'
        f'feedhq-url "{served.address}"\n'
        f'feedhq-login "{USER}"\n'
        f'feedhq-password "{PASSWORD}"\n'
    )


def test_it_logs_in_lists_and_takes_over_what_was_read(served: Served, tmp_path: Path) -> None:
    every = readers.items_of(served.db, readers.Stream(("en", "pt")), 1000)
    first = every[0]
    readers.mark(served.db, [item.number for item in every], is_read=False)
    readers.mark(served.db, [first.number], is_read=True)
    found = {guid: is_unread for guid, _, is_unread in reload(tmp_path, feedhq(served))}
    names = {f"tag:google.com,2005:reader/item/{item.number:016x}" for item in every}
    assert set(found) == names
    read = [guid for guid, is_unread in found.items() if not is_unread]
    assert read == [f"tag:google.com,2005:reader/item/{first.number:016x}"]


def test_it_marks_feeds_as_read(served: Served, tmp_path: Path) -> None:
    every = readers.items_of(served.db, readers.Stream(("en", "pt")), 1000)
    readers.mark(served.db, [item.number for item in every], is_read=False)
    reload(tmp_path, feedhq(served))

    def count() -> int:
        return readers.count_items(served.db, readers.Stream(("en", "pt"), is_read=False))

    assert count() == len(every)
    terminal, inner = pty.openpty()
    shown = subprocess.Popen(
        command(tmp_path, feedhq(served)),
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "TERM": "xterm"},
        stdin=inner,
        stdout=inner,
        stderr=inner,
    )
    os.close(inner)
    try:
        read_until(terminal, "Folha do Cais")
        os.write(terminal, b"A")  # mark-feed-read
        until(lambda: drain(terminal) and count() < len(every))
    finally:
        shown.kill()
        shown.wait()
        os.close(terminal)


def drain(terminal: int) -> bool:
    """Take what a program draws, so that it never waits for us."""
    while select.select([terminal], [], [], 0)[0]:
        os.read(terminal, 65536)
    return True


def read_until(terminal: int, words: str) -> None:
    """Read a screen until words stand on it."""
    seen = b""
    while words.encode() not in seen:
        assert select.select([terminal], [], [], 30)[0], seen.decode("utf-8", "replace")
        seen += os.read(terminal, 65536)
