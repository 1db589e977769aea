"""Move a store to another database: all of it, or nothing.

The target is filled in one transaction, or in a file that gets its name when it is whole; until
then it is no store, and the original is only read. Ids and numbers stay as they are. Each table's
rows are counted and digested as they are read, and once more in the target.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    URL,
    Boolean,
    Connection,
    Table,
    TableClause,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)

from dragoman.errors import StoreError
from dragoman.store import backups, dialects
from dragoman.store.backups import Backup
from dragoman.store.columns import clean_words
from dragoman.store.failures import explain
from dragoman.store.fulltext import mend_index
from dragoman.store.leading import leading
from dragoman.store.opening import Store, open_store, upgrade
from dragoman.store.schema import metadata

_ROWS = 200  # held in memory at once: a page may weigh megabytes
_MODULUS = 1 << 128

Row = tuple[Any, ...]
Progress = Callable[[str, int, int], None]  # table, rows done, rows in all


@dataclass(frozen=True, slots=True)
class Moved:
    """A table whose rows stand in the target as they stood in the original."""

    table: str
    rows: int
    digest: str  # of all rows, whatever their order
    mended: int  # rows without the NUL and lone surrogates that no database should hold


def move_store(
    origin: str | Path, target: str | Path, progress: Progress = lambda name, done, whole: None
) -> tuple[Moved, ...]:
    """Move a store between SQLite and PostgreSQL, or to another place of either.

    Nobody writes to the original meanwhile, and no relay may lead it. Raises `StoreError`; then
    the target holds nothing, and the original what it held.
    """
    with open_store(origin, create=False) as source, leading(source):
        if dialects.is_memory(dialects.read_url(origin)):
            raise StoreError("a store in memory cannot be moved; name a file or a server")
        with source.write() as connection, _opened_target(target) as db:
            dialects.take_time(connection)
            moved = fill_store(connection, db, progress)
    return moved


def back_up(
    url: str | Path, file: Path, progress: Progress = lambda name, done, whole: None
) -> Backup:
    """Copy one moment of a store to a new SQLite file, and verify the copy.

    Whoever writes meanwhile goes on. Raises `StoreError`; what is half made is removed.
    """
    if dialects.is_sqlite(dialects.read_url(url)):
        return backups.back_up(
            url, file, lambda done, whole: progress("MB", done >> 20, whole >> 20)
        )
    with (
        open_store(url, create=False) as db,
        db.read() as connection,
        _new_file(file) as part,
        _open(dialects.read_url(part)) as copy,
    ):
        dialects.take_time(connection)
        fill_store(connection, copy, progress)
    return backups.verify(file)


def fill_store(origin: Connection, db: Store, progress: Progress) -> tuple[Moved, ...]:
    """Fill an empty database with what a transaction sees of a store, and compare the two."""
    with db.write() as target:
        if found := inspect(target).get_table_names():
            raise StoreError(
                f"{db.place} is not empty (it has a table '{found[0]}'); name an empty database: "
                "`createdb` makes one, and an SQLite file is made here"
            )
        upgrade(target, db.place)
        for one in reversed(metadata.sorted_tables):
            target.execute(one.delete())  # what the steps wrote of themselves
        moved = tuple(_move(origin, target, one, progress) for one in metadata.sorted_tables)
        _compare(target, moved, db.place)
        progress("search index", 0, 1)
        mend_index(target)
        progress("search index", 1, 1)
    dialects.turn_on_wal(db.engine, db.place)
    return moved


def _move(origin: Connection, target: Connection, full: Table, progress: Progress) -> Moved:
    plain = _plain(full)
    whole = origin.scalar(select(func.count()).select_from(plain)) or 0
    total, done, mended = 0, 0, 0
    rows = _read(origin, plain)
    while batch := list(islice(rows, _ROWS)):
        clean = [_clean(row) for row in batch]
        mended += sum(new is not old for new, old in zip(clean, batch, strict=True))
        _write(target, plain, clean)
        total = sum(map(_digest, clean), total) % _MODULUS
        done += len(clean)
        progress(full.name, done, whole)
    _set_sequence(target, full)
    return Moved(full.name, done, f"{total:032x}", mended)


def _plain(full: Table) -> TableClause:
    """Give a table whose values come and go as the driver has them, without our types."""
    columns = [
        column(one.name, Boolean()) if isinstance(one.type, Boolean) else column(one.name)
        for one in full.columns
    ]
    return table(full.name, *columns)


def _read(connection: Connection, plain: TableClause) -> Iterator[Row]:
    with connection.execute(select(plain).execution_options(yield_per=_ROWS)) as found:
        for row in found:
            yield tuple(row)


def _clean(row: Row) -> Row:
    """Give the row itself, or one without what cannot be stored everywhere."""
    try:
        if not any("\0" in one for one in row if isinstance(one, str)):
            msgspec.msgpack.encode(row)
            return row
    except UnicodeEncodeError:
        pass
    return tuple(clean_words(one) if isinstance(one, str) else one for one in row)


def _digest(row: Row) -> int:
    return int.from_bytes(blake2b(msgspec.msgpack.encode(row), digest_size=16).digest())


def _write(target: Connection, plain: TableClause, rows: Sequence[Row]) -> None:
    names = [one.name for one in plain.columns]
    if target.dialect.name == "sqlite":
        target.execute(insert(plain), [dict(zip(names, row, strict=True)) for row in rows])
        return
    quote = target.dialect.identifier_preparer.quote
    into = f"COPY {quote(plain.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    cursor: Any = target.connection.cursor()
    try:
        with cursor, cursor.copy(into) as copying:
            for row in rows:
                copying.write_row(row)
    except target.dialect.loaded_dbapi.Error as error:
        raise explain(error, f"table '{plain.name}'") from error


def _set_sequence(target: Connection, full: Table) -> None:
    """Let PostgreSQL count on from the highest number."""
    counted = full.autoincrement_column
    if target.dialect.name == "sqlite" or counted is None:
        return
    highest = target.scalar(select(func.max(counted))) or 0
    target.execute(
        text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)"),
        {"table": full.name, "column": counted.name, "next": highest + 1},
    )


def _compare(target: Connection, moved: Sequence[Moved], place: str) -> None:
    for one in moved:
        total, rows = 0, 0
        for row in _read(target, _plain(metadata.tables[one.table])):
            total += _digest(row)
            rows += 1
        if (rows, f"{total % _MODULUS:032x}") != (one.rows, one.digest):
            raise StoreError(
                f"{place} gave other rows of '{one.table}' than it was given ({rows} of "
                f"{one.rows}); nothing was moved: check its disk, and please report this"
            )


@contextmanager
def _opened_target(url: str | Path) -> Iterator[Store]:
    """Open an empty place; a file gets its name at the end, when it is whole."""
    address = dialects.read_url(url)
    if not dialects.is_sqlite(address):
        with _open(address) as db:
            yield db
        return
    file = Path(str(address.database or ""))
    if dialects.is_memory(address) or str(file).startswith("file:"):
        raise StoreError("name the file that the store is to be moved to")
    with _new_file(file) as part, _open(dialects.read_url(part)) as db:
        yield db


def _open(address: URL) -> Store:
    """Open a database without making a store of it."""
    return Store(dialects.make_engine(address, 20.0), dialects.place_of(address), is_shared=False)


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """Give a file to write to, readable by its owner alone; at the end it gets its name."""
    if file.exists():
        raise StoreError(f"{file} exists already; name a file that does not, or remove it first")
    if not file.parent.is_dir():
        raise StoreError(f"the folder of {file} does not exist; create {file.parent} first")
    part = file.with_name(f"{file.name}.part")
    try:
        _remove(part)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.link(part, file)  # unlike a rename it never takes the place of another file
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        _remove(part)
    backups.flush_folder(file.parent)


def _remove(part: Path) -> None:
    for end in ("", "-journal", "-wal", "-shm"):
        part.with_name(part.name + end).unlink(missing_ok=True)
