"""SQLite files that cannot be opened, read or written: each has one plain sentence."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import store
from dragoman.errors import DamagedRow, StoreError, StoreFull
from dragoman.store import Store, open_store
from dragoman.types import Page, Source

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "relay.db"


@pytest.fixture
def db(path: Path) -> Iterator[Store]:
    with open_store(path) as opened:
        yield opened


def make_page(number: int, size: int = 20_000) -> Page:
    url = f"https://x.example/{number}"
    return Page(url, url, NOW, 200, os.urandom(size), id=f"a{number}")


def fill(db: Store) -> int:
    """Put pages until the store refuses; give how many it took."""
    for number in range(1000):
        try:
            store.pages.put_page(db, make_page(number))
        except StoreFull:
            return number
    pytest.fail("the store never filled up")


def test_a_full_disk_loses_nothing_that_was_acknowledged(path: Path, db: Store) -> None:
    with db.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 200")
    taken = fill(db)
    assert taken > 5
    assert store.check(db) == []
    assert store.work.counts(db)["pages"] == taken
    assert store.pages.page(db, f"a{taken}") is None
    assert store.work.work(db, f"a{taken}") == ()
    with pytest.raises(StoreFull, match=rf"{re.escape(str(path))} cannot grow: the disk is full"):
        store.pages.put_page(db, make_page(taken))
    with db.read() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert store.pages.put_page(db, make_page(taken))


FILLING = """
import resource, sys
from dragoman import store
from tests.store.test_store_files import fill
db = store.open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
print(fill(db), flush=True)
"""


def test_a_limit_on_file_size_loses_nothing_that_was_acknowledged(path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", FILLING, str(path)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    taken = int(found.stdout)
    assert taken > 5
    with open_store(path) as db:
        assert store.check(db) == []
        assert store.work.counts(db)["pages"] == taken
        assert store.pages.put_page(db, make_page(taken))


BACKING_UP = """
import resource, sys
from pathlib import Path
from dragoman.errors import StoreFull
from dragoman.store.backups import back_up
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    back_up(sys.argv[1], Path(sys.argv[2]))
except StoreFull as error:
    print(error)
"""


def test_a_backup_that_finds_no_room_says_where_and_leaves_nothing(
    path: Path, db: Store, tmp_path: Path
) -> None:
    for number in range(20):
        store.pages.put_page(db, make_page(number))
    folder = tmp_path / "backups"
    folder.mkdir()
    command = [sys.executable, "-c", BACKING_UP, str(path), str(folder / "copy.db")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(f"{folder / 'copy.db.part'} cannot be written: the disk is full")
    assert not list(folder.iterdir())
    assert store.check(db) == []


READING = """
import os, sys
from dragoman import store
from dragoman.errors import StoreError
from dragoman.types import Source
source = Source("x", "https://x.example/", "X")
with store.open_store("sqlite://") as warm:
    # Everything is imported before rights are given up: the package may lie where only we may read.
    store.sources.put_source(warm, source)
    store.sources.sources(warm)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    db = store.open_store(sys.argv[1])
    print(store.sources.sources(db))
    store.sources.put_source(db, source)
except StoreError as error:
    print(error)
"""


def read_without_rights(path: Path) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-c", READING, str(path)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.splitlines()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_is_named_with_the_right_that_is_missing(open_folder: Path) -> None:
    path = open_folder / "relay.db"
    open_store(path).close()
    path.chmod(0o444)
    open_folder.chmod(0o777)
    assert read_without_rights(path) == [
        "()",
        f"{path} is read-only; give this user the right to write the file and its folder",
    ]


def test_a_file_without_permission_is_named(open_folder: Path) -> None:
    path = open_folder / "relay.db"
    open_store(path).close()
    path.chmod(0o000)
    (message,) = read_without_rights(path)
    assert message.startswith(f"{path} cannot be opened; check that its folder exists and that")


def test_a_folder_without_permission_is_named(open_folder: Path) -> None:
    path = open_folder / "relay.db"
    (message,) = read_without_rights(path)
    assert message.startswith(f"{path} cannot be opened; check that its folder exists and that")


def test_a_file_that_is_no_database_is_left_as_it_is(path: Path) -> None:
    words = b"Dear diary, this is no database at all.\n" * 50
    path.write_bytes(words)
    with pytest.raises(StoreError, match=r"relay\.db is no database; name another file"):
        open_store(path)
    assert path.read_bytes() == words


def test_a_damaged_file_is_said_to_be_damaged(path: Path) -> None:
    with open_store(path) as db:
        for number in range(30):
            store.pages.put_page(db, make_page(number))
    data = bytearray(path.read_bytes())
    for start in range(4096 * 3, len(data), 4096):
        data[start : start + 300] = os.urandom(300)
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"relay\.db is damaged; stop Dragoman and restore"):
        use_everything(path)


def use_everything(path: Path) -> None:
    with open_store(path) as db:
        for number in range(30):
            store.pages.page(db, f"a{number}")
            store.work.work(db, f"a{number}")
        store.work.counts(db)


def test_the_check_names_damage_in_the_file(path: Path, db: Store) -> None:
    for number in range(30):
        store.pages.put_page(db, make_page(number))
    with db.write() as connection:
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX ix_pages_source ON pages (host)' "
            "WHERE name = 'ix_pages_source'"
        )
    with open_store(path) as again:
        assert any("ix_pages_source" in found for found in store.check(again))


@pytest.mark.parametrize("address", ["{0}/relay.db", "sqlite:///{0}/relay.db"])
def test_a_missing_folder_is_named(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "nowhere"
    with pytest.raises(StoreError, match=rf"relay\.db does not exist; create {folder} first"):
        open_store(address.format(folder))


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder; name a file in it for the database"):
        open_store(tmp_path)


def test_only_the_first_start_may_create(path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database at .*relay\.db yet; run `dragoman"):
        open_store(path, create=False)
    assert not path.exists()
    path.touch()
    with pytest.raises(StoreError, match="holds no relay yet; run `dragoman init` first"):
        open_store(path, create=False)
    open_store(path).close()
    open_store(path, create=False).close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://host/x", "'mysql' is no database that Dragoman can use; write sqlite:"),
        ("postgresql://host:port/x", "the database address cannot be read"),
        ("://", "the database address cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        open_store(address)


def test_a_store_is_found_by_path_and_by_address(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(f"sqlite:///{path}") as db:
        store.sources.put_source(db, Source("x", "https://x.example/", "X"))
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("HOME", str(path.parent))
    for address in (path, str(path), "relay.db", "sqlite:///relay.db", "~/relay.db"):
        with open_store(address, create=False) as db:
            assert len(store.sources.sources(db)) == 1


def test_stores_in_memory_are_strangers() -> None:
    with open_store("sqlite://") as one, open_store("sqlite://") as other:
        store.sources.put_source(one, Source("x", "https://x.example/", "X"))
        assert store.sources.sources(other) == ()


def test_readers_and_the_writer_do_not_wait_for_one_another(path: Path, db: Store) -> None:
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    with db.write() as writing:
        assert writing.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert writing.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_raw_pages_are_kept_small(path: Path, db: Store) -> None:
    body = b"<p>The ferry sailed at nine, and again at ten.</p>" * 10_000
    store.pages.put_page(db, Page("https://x.example/1", "", NOW, 200, body, id="a1"))
    with db.read() as connection:
        size = connection.exec_driver_sql("SELECT length(body) FROM pages").scalar()
    assert size is not None
    assert size < len(body) / 50


def test_a_store_that_is_up_to_date_opens_at_once(path: Path, db: Store) -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        open_store(path).close()
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05


def test_opening_a_store_does_not_load_what_only_migrations_need(path: Path, db: Store) -> None:
    script = (
        "import sys; from dragoman import store; assert 'sqlalchemy' not in sys.modules; "
        f"store.open_store({str(path)!r}).close(); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_store_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'facade'"):
        _ = store.facade
    assert callable(store.check)


def test_a_text_with_broken_bytes_is_a_damaged_row_and_not_a_damaged_file(
    path: Path, db: Store
) -> None:
    for number in (1, 2):
        store.pages.put_page(db, make_page(number, size=10))
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE pages SET record = CAST(x'7b22ff' AS TEXT) WHERE id = 'a1'")
    raw.close()
    with pytest.raises(DamagedRow, match="page of a1"):
        store.pages.page(db, "a1")
    assert [page.id for page in store.pages.host_pages(db, "x.example", 9)] == ["a2"]
