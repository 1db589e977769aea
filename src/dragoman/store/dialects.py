"""The one place that knows one database from another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    func,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from dragoman.errors import StoreError
from dragoman.store.failures import explain

WRITES = "dragoman_writes"  # execution option of the engine that writes

# Any number will do, as long as every Dragoman takes the same: "drag" in ASCII.
_ADVISORY_LOCK = 0x64726167

# A server that fell silent is noticed in half a minute, as libpq counts (in seconds, and the last
# in milliseconds): https://www.postgresql.org/docs/current/libpq-connect.html
_NOTICING = {
    "application_name": "dragoman",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_OLDEST = 150_000  # the oldest PostgreSQL that the tests run on, as the server counts

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


def read_url(address: str | Path) -> URL:
    """Read a database's address, or the path of an SQLite file; raises `StoreError`."""
    text = str(address)
    if "://" not in text:
        return URL.create(_DRIVERS["sqlite"], database=str(Path(text).expanduser()))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(f"the database address cannot be read: {error}") from error
    name = url.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise StoreError(
            f"'{name}' is no database that Dragoman can use; write sqlite:////path/relay.db "
            "or postgresql://user@host/name"
        )
    return url.set(drivername=_DRIVERS[name]) if "+" not in url.drivername else url


def is_sqlite(url: URL) -> bool:
    """Whether the address is one of SQLite."""
    return url.get_backend_name() == "sqlite"


def is_memory(url: URL) -> bool:
    """Whether the store lives in this process alone."""
    return is_sqlite(url) and url.database in (None, "", ":memory:")


def place_of(url: URL) -> str:
    """Name the store for messages: its file, or its address without the password."""
    if is_memory(url):
        return "the store in memory"
    if is_sqlite(url):
        return str(url.database)
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def make_engine(url: URL, wait: float) -> Engine:
    """Make the engine; `wait` is how many seconds a writer waits for another."""
    if is_sqlite(url):
        return _make_sqlite_engine(url, wait)
    # A server admits a hundred sessions unless told otherwise, and a standby has as many as we.
    arguments = {**_NOTICING, **url.query}
    try:
        engine = create_engine(
            url, connect_args=arguments, pool_pre_ping=True, pool_size=4, max_overflow=26
        )
    except ImportError as error:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed; run "
            "`pip install 'dragoman[postgresql]'`"
        ) from error

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{int(wait * 1000)}ms'")
        connection.commit()

    return engine


def _make_sqlite_engine(url: URL, wait: float) -> Engine:
    # isolation_level=None: the driver begins nothing by itself, `begin` below does.
    arguments = {"timeout": wait, "isolation_level": None, "check_same_thread": False}
    if is_memory(url):
        engine = create_engine(url, connect_args=arguments, poolclass=StaticPool)
    else:
        # The web server's threads: 64 readers at once before one has to wait.
        # The one used last is taken first: it knows the schema and the statements already.
        engine = create_engine(
            url, connect_args=arguments, pool_size=16, max_overflow=48, pool_use_lifo=True
        )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # Broken bytes in one row would fail the whole query; so they fail to decode alone.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL: what was acknowledged survives a power cut too, not only kill -9. It costs an
        # fsync a transaction: 0.1 to 0.8 ms on a virtual disk, beside 0.8 ms for the smallest put.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA journal_size_limit = 67108864")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: a reader that turns writer half-way is
        # refused by SQLite without waiting.
        is_writing = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def split_engine(engine: Engine) -> tuple[Engine, Engine]:
    """Give the engine that reads one consistent snapshot, and the one that writes."""
    writer = engine.execution_options(**{WRITES: True})
    if engine.dialect.name == "sqlite":
        return engine, writer
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return reader, writer


def take_write_lock(connection: Connection) -> None:
    """Let one writer in at a time on PostgreSQL too, as BEGIN IMMEDIATE does on SQLite."""
    if connection.dialect.name == "postgresql":
        # A writer that froze half-way gives way to the others after a while.
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK}), "
            "set_config('idle_in_transaction_session_timeout', '60s', true)"
        )


def take_time(connection: Connection) -> None:
    """Let a transaction take as long as it needs, whatever the server's limits are."""
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


def prepare_migration(connection: Connection, place: str) -> None:
    """Refuse a server that a store cannot live on; take the time that a migration needs."""
    if connection.dialect.name != "postgresql":
        return
    take_time(connection)
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < _OLDEST:
        raise StoreError(
            f"{place} runs on PostgreSQL {version // 10_000}; Dragoman needs 15 or newer"
        )
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreError(
            f"{place} keeps text as {encoding}, which holds no news of the world; make the "
            "database anew with `createdb --encoding=UTF8 --template=template0`"
        )


def turn_on_wal(engine: Engine, place: str) -> None:
    """Let readers go on while one writes. The mode stays with the file."""
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()  # outside a transaction, where alone the mode can change
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()
    except sqlite3.Error as error:
        raise explain(error, place) from error
    finally:
        raw.close()


def upsert(
    connection: Connection,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    *,
    unless: str = "",
    adding: str = "",
) -> None:
    """Insert rows, or replace those with the same primary key.

    A row whose column `unless` is false stays as it is where the new one's is true: the
    word of a person against ours. A number in the column `adding` is added to the old one's.
    """
    values: Sequence[Mapping[str, Any]] = list(rows)
    if not values:
        return
    module = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(_make_upsert(module, table, tuple(values[0]), unless, adding), values)


@lru_cache(maxsize=256)  # every article asks for the same ones, many times
def _make_upsert(
    module: ModuleType, table: Table, given: tuple[str, ...], unless: str, adding: str
) -> Insert:
    statement = module.insert(table)
    keys = [column.name for column in table.primary_key]
    excluded = statement.excluded
    new = {name: excluded[name] for name in given if name not in keys}
    if adding:
        new[adding] = table.c[adding] + excluded[adding]
    where = None
    if unless:
        where = table.c[unless].is_(True) | excluded[unless].is_(False)
    made: Insert = statement.on_conflict_do_update(index_elements=keys, set_=new, where=where)
    return made


def stands_in(connection: Connection, column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a column's words stand in a text, to the letter."""
    function = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return function(text, column) > 0


def damage(connection: Connection) -> list[str]:
    """Say what the database itself finds wrong with its file."""
    if connection.dialect.name != "sqlite":
        return []
    found = [
        f"integrity check: {row[0]}"
        for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")
        if row[0] != "ok"
    ]
    for table, _row, parent, _key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        found.append(f"a row of {table} refers to {parent} that is not there")
    return found
