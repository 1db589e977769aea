"""Copies of a store: made while it is in use, verified, and put back.

An SQLite store is copied by ``VACUUM INTO``, which reads one snapshot and holds no writer up;
the copy is itself a store. A PostgreSQL store is copied row by row: see `moving`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from dragoman.errors import StoreBusy, StoreError, StoreFull
from dragoman.store import dialects
from dragoman.store.failures import explain
from dragoman.store.schema import HEAD, STEPS

_COUNTED = ("sources", "articles", "translations", "stories")
_WATCHED_S = 0.2

Progress = Callable[[int, int], None]  # bytes written, bytes expected


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy of a store."""

    file: Path
    size: int  # bytes
    step: str  # of the schema
    sources: int
    articles: int
    translations: int
    stories: int


def back_up(url: str | Path, target: Path, progress: Progress = lambda done, whole: None) -> Backup:
    """Copy a store to a new file, readable by its owner alone, and verify the copy.

    Whoever writes meanwhile goes on. Raises `StoreError`; what is half made is removed.
    """
    place = _file_of(url)
    if target.exists():
        raise StoreError(f"{target} exists already; name a file that does not, or remove it first")
    if not target.parent.is_dir():
        raise StoreError(f"the folder of {target} does not exist; create {target.parent} first")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(place, part, progress)
        found = verify(part)
        os.link(part, target)  # unlike a rename it never takes the place of another file
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    flush_folder(target.parent)
    return Backup(target, *_fields(found))


def verify(file: Path) -> Backup:
    """Look a copy through: is it whole, and a store of this Dragoman or an earlier one?

    Raises `StoreError`, which says what is wrong with it.
    """
    if not file.is_file():
        raise StoreError(f"{file}: no such file; `dragoman backup` writes one")
    try:
        with closing(_open(file)) as connection:
            if problems := _problems(connection):
                raise StoreError(f"{file} is damaged ({problems}); use another backup")
            step = _step_of(connection, file)
            counts = [_count(connection, table) for table in _COUNTED]
    except sqlite3.Error as error:
        raise explain(error, str(file)) from error
    return Backup(file, file.stat().st_size, step, *counts)


def restore(file: Path, url: str | Path, *, suffix: str) -> tuple[Backup, Path | None]:
    """Put a verified copy in the place of a store; the store that was there is kept beside it.

    Gives the copy and the file that the former store was moved to, its name ending with
    ``suffix``. The next start takes an older copy to the present schema. Raises `StoreError`,
    also where another process has the store open.
    """
    found = verify(file)
    place = _file_of(url)
    if place.exists() and place.samefile(file):
        raise StoreError(f"{file} is the store itself; name a backup")
    part = place.with_name(f"{place.name}.part")
    former = _find_name(place, suffix) if place.exists() else None
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(file, part, lambda done, whole: None)
        if former:
            _close_for_all(place)
            os.link(place, former)
        part.replace(place)
    except OSError as error:
        raise StoreError(f"{place} cannot be replaced: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    flush_folder(place.parent)
    return found, former


def _find_name(place: Path, suffix: str) -> Path:
    """Find a name for what is replaced: two restores of one second keep both."""
    first = place.with_name(f"{place.name}{suffix}")
    others = (place.with_name(f"{place.name}{suffix}-{number}") for number in range(2, 1000))
    return next((one for one in (first, *others) if not one.exists()), first)


def keep_before_migration(url: str | Path, step: str) -> Path | None:
    """Copy a store that is about to be migrated, beside it; none where it lives in memory."""
    address = dialects.read_url(url)
    if not dialects.is_sqlite(address) or dialects.is_memory(address):
        return None
    place = Path(str(address.database))
    if not place.is_file():  # an SQLite URI says itself how it is to be opened
        return None
    target = place.with_name(f"{place.name}.step-{step}")
    if not target.exists():
        back_up(place, target)
    return target


def _file_of(url: str | Path) -> Path:
    address = dialects.read_url(url)
    if not dialects.is_sqlite(address):
        raise StoreError(
            f"{dialects.place_of(address)} is no file; put a backup into an empty database "
            "with `dragoman migrate-store BACKUP ADDRESS`, and what pg_dump wrote with pg_restore"
        )
    if dialects.is_memory(address):
        raise StoreError("the store in memory cannot be copied; set 'store' to a file")
    return Path(str(address.database))


def _open(file: Path) -> sqlite3.Connection:
    """Open a file to read; one that is missing is not made."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _copy(place: Path, part: Path, progress: Progress) -> None:
    """Write a compact copy of one snapshot, and see to it that it is on the disk."""
    if not place.is_file():
        raise StoreError(f"there is no database at {place} yet; run `dragoman init` first")
    whole, done = place.stat().st_size, Event()

    def watch() -> None:
        while not done.wait(_WATCHED_S):
            progress(part.stat().st_size, whole)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        with closing(_open(place)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.Error as error:
        # SQLite does not say whether reading or writing failed; damage it does.
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise StoreFull(
                f"{part} cannot be written: the disk is full, a limit is reached, or the disk "
                "fails; free space there, or name another place"
            ) from error
        raise explain(error, str(place)) from error
    finally:
        done.set()
        watcher.join()
        part.with_name(f"{part.name}-journal").unlink(missing_ok=True)
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    progress(whole, whole)


def _problems(connection: sqlite3.Connection) -> str:
    rows = connection.execute("PRAGMA integrity_check(3)").fetchall()
    broken = [str(row[0]) for row in rows if row[0] != "ok"]
    if not broken and connection.execute("PRAGMA foreign_key_check").fetchone():
        broken = ["rows refer to rows that are not there"]
    return "; ".join(broken)


def _step_of(connection: sqlite3.Connection, file: Path) -> str:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        row = None
    if row is None:
        raise StoreError(f"{file} is a database of something else; name a backup of Dragoman's")
    if row[0] not in STEPS:
        raise StoreError(
            f"{file} was written by a newer Dragoman (schema {row[0]}, this one knows {HEAD}); "
            "install that version first"
        )
    return str(row[0])


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def _close_for_all(place: Path) -> None:
    """Make sure that nobody has the store open, and that its file holds all of it.

    WAL can be left only by the last connection (https://sqlite.org/wal.html), which brings
    what stands in the log into the file.
    """
    try:
        with closing(sqlite3.connect(place, timeout=2, isolation_level=None)) as connection:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as error:
        mode = str(error)
    except sqlite3.DatabaseError:
        return  # damaged: the reason for restoring, and no hindrance
    if mode != "delete":
        raise StoreBusy(f"{place} is in use; stop `dragoman run` and what else uses it first")


def _fields(found: Backup) -> tuple[int, str, int, int, int, int]:
    return (
        found.size, found.step, found.sources, found.articles, found.translations, found.stories,
    )  # fmt: skip


def flush_folder(folder: Path) -> None:
    """See to it that a new name is on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
