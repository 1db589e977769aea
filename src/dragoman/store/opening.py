"""Open a store: make it, take it to the present schema, or say why not."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from types import TracebackType

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dragoman.errors import StoreBusy, StoreError
from dragoman.store import dialects
from dragoman.store.backups import keep_before_migration
from dragoman.store.failures import explain
from dragoman.store.schema import HEAD, STEPS

MIGRATIONS = Path(__file__).with_name("migrations")


class Store:
    """An open store. Threads may share it; processes each open their own."""

    def __init__(self, engine: Engine, place: str, *, is_shared: bool) -> None:
        self.place = place  # its file or address, for messages
        self.engine = engine
        self._reader, self._writer = dialects.split_engine(engine)
        # A store in memory is one connection, which serves one thread at a time.
        self._turn = RLock() if is_shared else nullcontext()
        self._guard: Callable[[Connection], None] | None = None

    @property
    def url(self) -> str:
        """Its address, password and all, for another process; empty where it is in memory."""
        url = self.engine.url
        return "" if dialects.is_memory(url) else url.render_as_string(hide_password=False)

    def guarded(self, guard: Callable[[Connection], None]) -> Store:
        """Give the same store, whose writers must first pass ``guard``, which may raise."""
        other = copy.copy(self)
        other._guard = guard
        return other

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read from one consistent snapshot, whatever is written meanwhile."""
        with self._explained(), self._turn, self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write in one transaction, after whoever writes now; all of it or nothing."""
        with self._explained(), self._turn, self._writer.begin() as connection:
            dialects.take_write_lock(connection)
            if self._guard:
                self._guard(connection)
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise explain(error.orig, self.place) from error
        except PoolTimeout as error:
            raise StoreBusy(
                f"{self.place} has too many readers at once; try again in a moment"
            ) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(url: str | Path, *, create: bool = True, wait: float = 20.0) -> Store:
    """Open a store by address (``sqlite:////path/relay.db``) or path of an SQLite file.

    The first start creates it, later ones bring it up to date, with a copy of an SQLite file
    from before kept beside it; ``create=False`` refuses
    where there is none yet. ``sqlite://`` lives in memory. `wait` is how many seconds a
    writer waits for another before it raises `StoreBusy`. Raises `StoreError`.
    """
    address = dialects.read_url(url)
    place = dialects.place_of(address)
    if dialects.is_sqlite(address) and not dialects.is_memory(address):
        _check_file(place, create=create)
    store = Store(dialects.make_engine(address, wait), place, is_shared=dialects.is_memory(address))
    try:
        _bring_up_to_date(store, url, create=create, wait=wait)
    except BaseException:
        store.close()
        raise
    return store


def _check_file(place: str, *, create: bool) -> None:
    if place.startswith("file:"):  # an SQLite URI says itself how it is to be opened
        return
    path = Path(place)
    if path.is_dir():
        raise StoreError(f"{place} is a folder; name a file in it for the database")
    if not path.parent.is_dir():
        raise StoreError(f"the folder of {place} does not exist; create {path.parent} first")
    if not create and not path.exists():
        raise StoreError(f"there is no database at {place} yet; run `dragoman init` first")


def _bring_up_to_date(store: Store, url: str | Path, *, create: bool, wait: float) -> None:
    with store.read() as connection:
        step = _read_step(connection, store.place)
    if step != HEAD:
        if not (create or step):
            raise StoreError(f"{store.place} holds no relay yet; run `dragoman init` first")
        if step:
            keep_before_migration(url, step)
        _migrate(store, wait)


def _read_step(connection: Connection, place: str) -> str:
    """Give the step that the store is at, empty for an empty database."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return ""
    step = None
    if "alembic_version" in tables:
        step = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if step is None:
        raise StoreError(
            f"{place} is a database of something else; name another file for the relay's"
        )
    if step not in STEPS:
        raise StoreError(
            f"{place} was written by a newer Dragoman (schema {step}, this one knows {HEAD}); "
            "install that version again, or restore a backup"
        )
    return str(step)


def _migrate(store: Store, wait: float) -> None:
    _turn_on_wal(store, wait)
    with store.write() as connection:
        if _read_step(connection, store.place) != HEAD:  # else another process was faster
            upgrade(connection, store.place)


def upgrade(connection: Connection, place: str) -> None:
    """Take a database to the present schema, in the transaction of the connection."""
    from alembic import command  # costs 0.1 s, so only where there is something to do
    from alembic.config import Config

    dialects.prepare_migration(connection, place)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _turn_on_wal(store: Store, wait: float) -> None:
    """Turn on WAL, again and again: SQLite does not wait for this lock by itself."""
    until = time.monotonic() + wait
    while True:
        try:
            dialects.turn_on_wal(store.engine, store.place)
        except StoreBusy:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
