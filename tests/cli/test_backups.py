"""`dragoman backup` and `dragoman restore`, as people use them."""

from __future__ import annotations

import json
from pathlib import Path

from dragoman import store
from dragoman.config import load_settings
from dragoman.types import Source
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config


def test_what_was_lost_comes_back_from_a_backup(tmp_path: Path) -> None:
    settings = load_settings(write_config(tmp_path))
    settings.data.mkdir(exist_ok=True)
    with store.open_store(settings.store_url) as db:
        store.sources.put_source(db, Source("alpha", "https://alpha.example/feed", "Alpha"))
    made = json.loads(dragoman("backup", "--json", cwd=tmp_path).stdout)
    with store.open_store(settings.store_url) as db:
        store.sources.remove_source(db, "alpha", purge=True)
    told = dragoman("restore", made["file"], cwd=tmp_path).stdout
    assert "1 sources" in told
    assert ".replaced-" in told
    listed = json.loads(dragoman("source", "list", "--json", cwd=tmp_path).stdout)
    assert "alpha" in json.dumps(listed)


def test_a_backup_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_config(tmp_path)
    done = dragoman("restore", "nothing.db", cwd=tmp_path, expected=1)
    assert "nothing.db: no such file" in done.stderr
