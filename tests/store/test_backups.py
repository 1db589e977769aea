"""Copies of a store, made while it is written to, and put back."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from dragoman import store
from dragoman.errors import StoreBusy, StoreError
from dragoman.store import open_store
from dragoman.store.backups import back_up, restore, verify
from dragoman.types import Source


def follow(path: Path, *names: str) -> None:
    with open_store(path) as db:
        for name in names:
            store.sources.put_source(db, Source(name, f"https://{name}.example/feed", name))


def followed(path: Path) -> set[str]:
    with open_store(path) as db:
        return {source.id for source in store.sources.sources(db)}


def test_a_backup_is_a_store_that_holds_the_same(tmp_path: Path) -> None:
    follow(tmp_path / "relay.db", "alpha", "beta")
    made = back_up(tmp_path / "relay.db", tmp_path / "copy.db")
    assert made.sources == 2
    assert followed(tmp_path / "copy.db") == {"alpha", "beta"}
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_backup_is_one_moment_while_others_write(tmp_path: Path) -> None:
    place, stop = tmp_path / "relay.db", threading.Event()
    follow(place, "s0")

    def write() -> None:
        with open_store(place) as db:
            number = 0
            while not stop.is_set():
                number += 1
                url = f"https://s{number}.example/feed"
                store.sources.put_source(db, Source(f"s{number}", url, "S"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(place, tmp_path / f"copy-{number}.db") for number in range(4)]
    finally:
        stop.set()
        writer.join()
    counts = [one.sources for one in made]
    assert counts == sorted(counts)
    for one in made:
        assert followed(one.file) == {f"s{number}" for number in range(one.sources)}


def test_a_backup_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    follow(tmp_path / "relay.db", "alpha")
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        back_up(tmp_path / "relay.db", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_backup_into_no_folder_or_of_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        back_up(tmp_path / "relay.db", tmp_path / "copy.db")
    with pytest.raises(StoreError, match="create"):
        back_up(tmp_path / "relay.db", tmp_path / "nowhere" / "copy.db")
    assert not list(tmp_path.iterdir())


def test_a_restored_store_holds_what_the_backup_held_and_keeps_the_former(tmp_path: Path) -> None:
    place = tmp_path / "relay.db"
    follow(place, "alpha")
    back_up(place, tmp_path / "copy.db")
    follow(place, "beta")
    _, former = restore(tmp_path / "copy.db", place, suffix=".old")
    assert followed(place) == {"alpha"}
    assert former is not None
    assert followed(former) == {"alpha", "beta"}


def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "relay.db"
    follow(place, "alpha")
    back_up(place, tmp_path / "copy.db")
    with open_store(place) as db:
        store.sources.put_source(db, Source("beta", "https://beta.example/feed", "beta"))
        with pytest.raises(StoreBusy, match="in use"):
            restore(tmp_path / "copy.db", place, suffix=".old")
        store.sources.put_source(db, Source("gamma", "https://gamma.example/feed", "gamma"))
    assert followed(place) == {"alpha", "beta", "gamma"}


def test_a_damaged_backup_is_refused_and_a_damaged_store_replaced(tmp_path: Path) -> None:
    place, copy = tmp_path / "relay.db", tmp_path / "copy.db"
    follow(place, "alpha")
    back_up(place, copy)
    back_up(place, tmp_path / "bad.db")
    for file in (tmp_path / "bad.db", place):
        with file.open("r+b") as opened:
            opened.seek(4096)
            opened.write(os.urandom(40_000))
    with pytest.raises(StoreError):
        restore(tmp_path / "bad.db", place, suffix=".old")
    restore(copy, place, suffix=".old")
    assert followed(place) == {"alpha"}


@pytest.mark.parametrize("content", [b"", b"no database at all", os.urandom(9000)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(StoreError):
        verify(tmp_path / "copy.db")


def test_a_backup_of_a_newer_dragoman_is_refused(tmp_path: Path) -> None:
    follow(tmp_path / "relay.db", "alpha")
    back_up(tmp_path / "relay.db", tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        restore(tmp_path / "copy.db", tmp_path / "relay.db", suffix=".old")


def test_a_store_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    from dragoman.store.opening import MIGRATIONS

    place = tmp_path / "relay.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    open_store(place).close()
    assert verify(tmp_path / "relay.db.step-0002").step == "0002"


def test_postgresql_is_not_taken_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="dragoman migrate-store"):
        back_up("postgresql://relay@db.example/relay", tmp_path / "copy.db")
