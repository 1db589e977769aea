"""A relay that is killed at any moment loses nothing and doubles nothing."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo.press import Press
from dragoman import store
from dragoman.config import load_settings
from dragoman.store import open_store
from tests.e2e.relaying import follow, write_config

KILLS = 10


def once(config: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "dragoman", "--config", str(config), "once", "--now", "--json"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def prepare(folder: Path, press: Press) -> Path:
    config = write_config(folder)
    db = open_store(load_settings(config).store_url)
    follow(db, press)
    db.close()
    return config


def outcome(config: Path) -> dict[str, object]:
    """Give all that a reader could see, free of the times at which it was made."""
    db = open_store(load_settings(config).store_url)
    articles = store.articles.articles(db, limit=1000)
    ids = [article.id for article in articles]
    translations = {
        (one.article, into): (one.status, one.title, tuple(s.target for s in one.segments))
        for into in load_settings(config).editions
        for one in store.translations.translations_of(db, ids, into).values()
    }
    groupings = {(one.article, one.event, one.story) for one in store.stories.groupings(db)}
    found: dict[str, object] = {
        "articles": {(one.id, one.revision, one.digest) for one in articles},
        "translations": translations,
        "stories": groupings,
    }
    db.close()
    return found


@pytest.mark.timeout(900)
def test_ten_kills_change_nothing_of_what_is_published(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    print(f"seed {seed}")
    with Press(0) as press:
        undisturbed = prepare(tmp_path / "undisturbed", press)
        began = time.monotonic()
        assert once(undisturbed).wait() == 0
        length = time.monotonic() - began

        disturbed = prepare(tmp_path / "disturbed", press)
        killed = 0
        for _ in range(KILLS):
            relay = once(disturbed)
            try:
                # Most of a pass can be cut off; later passes have less left to do.
                relay.wait(timeout=chance.uniform(0.3, 0.7 * length))
            except subprocess.TimeoutExpired:
                relay.send_signal(signal.SIGKILL)
                relay.wait()
                killed += 1
        assert once(disturbed).wait() == 0
    assert killed >= 2
    assert outcome(disturbed) == outcome(undisturbed)
    with sqlite3.connect(load_settings(disturbed).data / "relay.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
