"""Which relay leads, where several share a store: one relays, the others stand by.

On PostgreSQL the leader holds an advisory lock in a session of its own and gives a sign of life
every `_BEAT_S`. The server ends a session that was silent for `_LEASE_S`, whatever became of the
process or of the way to it, and whoever stands by has the lock a second later. The leader stops
trusting itself before that (`_TRUST_S`), and each of its writes asks whether that session still
holds the lock: so there are never two who write. On SQLite the operating system locks a file
beside the store, and lets go of it when the process ends.
"""

from __future__ import annotations

import fcntl
import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, text

from dragoman.errors import StoreBusy, StoreError
from dragoman.store.failures import explain
from dragoman.store.opening import Store

if TYPE_CHECKING:
    import psycopg

_BEAT_S, _TRUST_S, _LEASE_S = 1.5, 7, 10
_CONNECT_S = 4
_PREFIX = "dragoman relay "

_HOLDER = (
    "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
    "AND classid = 1685217639 AND objid = 1 AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)
_TAKE = "SELECT pg_try_advisory_lock(1685217639, 1)"  # any two numbers will do: "drag" in ASCII
_LEAVE = "SELECT pg_advisory_unlock(1685217639, 1)"


@dataclass(frozen=True, slots=True)
class Leader:
    """The relay that leads."""

    name: str  # host:pid
    since: datetime | None
    is_here: bool  # this process


def own_name() -> str:
    """Name this process among those that share a store."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def leader(db: Store) -> Leader | None:
    """Say which relay leads; None where none runs."""
    if db.engine.dialect.name == "sqlite":
        return _read_file(_file_of(db))
    query = text(
        "SELECT application_name, backend_start FROM pg_stat_activity "  # noqa: S608
        f"WHERE pid IN (SELECT pid {_HOLDER})"
    )
    with db.read() as connection:
        row = connection.execute(query).first()
    # Another role's sessions are shown without their names.
    if row is None:
        return None
    since = row[1].astimezone(UTC) if row[1] else None
    return _leader(str(row[0] or "").removeprefix(_PREFIX), since)


def where_led(db: Store) -> str:
    """Say where the relay is, as seen from this process: here, elsewhere or nowhere."""
    found = leader(db)
    if found is None:
        return "nowhere"
    return "here" if found.is_here else "elsewhere"


def _leader(name: str, since: datetime | None) -> Leader:
    return Leader(name or "another session", since, name == own_name())


class _Seat(Protocol):
    """The lead, while it is held."""

    is_lasting: bool  # it is held as long as the process lives

    def beat(self) -> None: ...

    def check(self, connection: Connection) -> bool: ...

    def leave(self, *, is_held: bool) -> None: ...


class Candidate:
    """A process that would relay. Use it from one thread; `is_leading` from any."""

    def __init__(self, db: Store) -> None:
        self._db = db
        self._seat: _Seat | None = None
        self._trusted = 0.0  # until when, by the clock that never goes back
        self._done = Event()
        self._beating: Thread | None = None

    @property
    def store(self) -> Store:
        """The store, whose writes are refused unless this process leads."""
        return self._db.guarded(self._refuse)

    @property
    def is_leading(self) -> bool:
        """Whether this process may relay now."""
        return self._seat is not None and time.monotonic() < self._trusted

    def lead(self) -> bool:
        """Take the lead if it is free, and hold it. Raises `StoreError`."""
        self.resign()
        began = time.monotonic()
        self._seat = _take_seat(self._db)
        if self._seat is None:
            return False
        self._trusted = float("inf") if self._seat.is_lasting else began + _TRUST_S
        if not self._seat.is_lasting:
            self._done = Event()
            self._beating = Thread(target=self._beat, args=(self._seat, self._done), daemon=True)
            self._beating.start()
        return True

    def resign(self) -> None:
        """Give up the lead; it is free at once."""
        is_held = self.is_leading
        self._trusted = 0.0
        self._done.set()
        if self._beating is not None:
            self._beating.join()  # nobody else may hold the connection while it is closed
            self._beating = None
        if self._seat is not None:
            self._seat.leave(is_held=is_held)
            self._seat = None

    def _beat(self, seat: _Seat, done: Event) -> None:
        while not done.wait(_BEAT_S):
            began = time.monotonic()
            try:
                seat.beat()
            except Exception:  # whatever it is: without an answer there is no lead
                if not done.is_set():
                    self._trusted = 0.0
                return
            if done.is_set() or began > self._trusted:
                return  # it came too late: another may lead already
            self._trusted = began + _TRUST_S

    def _refuse(self, connection: Connection) -> None:
        """Refuse a write unless this process leads."""
        seat = self._seat
        if seat is None or not self.is_leading or not seat.check(connection):
            raise StoreBusy(f"this relay leads {self._db.place} no more, and may not write")


@contextmanager
def leading(db: Store, wait: float | None = None) -> Iterator[Store]:
    """Lead while the block runs; gives the store to write to. Raises `StoreBusy`.

    Waits some seconds for a leader that is just ending, or was killed.
    """
    candidate = Candidate(db)
    ends = time.monotonic() + (_LEASE_S + 2 if wait is None else wait)
    while not candidate.lead():
        if time.monotonic() > ends:
            found = leader(db)
            raise StoreBusy(
                f"{db.place} is relayed by {found.name if found else 'another process'}; "
                "leave the work to it, or stop it first"
            )
        time.sleep(0.1)
    try:
        yield candidate.store
    finally:
        candidate.resign()


def _take_seat(db: Store) -> _Seat | None:
    if db.engine.dialect.name != "sqlite":
        return _Session.take(db)
    file = _file_of(db)
    return _File.take(file) if file else _Alone()


# -- PostgreSQL: an advisory lock in a session of its own ---------------------------------


class _Session:
    is_lasting = False

    def __init__(self, connection: psycopg.Connection[Any], errors: type[Exception]) -> None:
        self._connection = connection
        self._errors = errors
        self._pid = connection.info.backend_pid

    @classmethod
    def take(cls, db: Store) -> _Session | None:
        import psycopg

        _, given = db.engine.dialect.create_connect_args(db.engine.url)
        options: dict[str, Any] = dict(given)
        options |= {"application_name": f"{_PREFIX}{own_name()}", "autocommit": True}
        options |= {"connect_timeout": _CONNECT_S, "tcp_user_timeout": _TRUST_S * 1000}
        try:
            connection = psycopg.connect(**options)
        except psycopg.Error as error:
            raise explain(error, db.place) from error
        try:
            _query(connection, f"SET idle_session_timeout = '{_LEASE_S}s'")
            found = _query(connection, _TAKE)
        except psycopg.Error as error:
            connection.close()
            raise explain(error, db.place) from error
        if found == b"t":
            return cls(connection, psycopg.Error)
        connection.close()
        return None

    def beat(self) -> None:
        _query(self._connection, "SELECT 1")

    def check(self, connection: Connection) -> bool:
        query = f"SELECT count(*) {_HOLDER} AND pid = {self._pid}"
        return bool(connection.exec_driver_sql(query).scalar())

    def leave(self, *, is_held: bool) -> None:
        if is_held:  # the server learns of the end of a session a moment later
            with suppress(self._errors):
                _query(self._connection, _LEAVE)
        self._connection.close()


def _query(connection: psycopg.Connection[Any], statement: str) -> bytes | None:
    """Ask the server for one value, and wait for a limited time: the driver waits for ever."""
    from psycopg import OperationalError
    from psycopg.pq import ExecStatus

    channel, value = connection.pgconn, None
    channel.send_query(statement.encode())
    ends = time.monotonic() + _TRUST_S
    poll = select.poll()
    poll.register(channel.socket, select.POLLIN)
    while True:
        channel.flush()
        channel.consume_input()
        while not channel.is_busy():
            result = channel.get_result()
            if result is None:
                return value
            if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
                raise OperationalError(result.get_error_message())
            value = result.get_value(0, 0) if result.ntuples else None
        left = ends - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise OperationalError(f"no answer in {_TRUST_S} s")


# -- SQLite: a lock of the operating system ----------------------------------------------------


class _Alone:
    """A store that no other process can open."""

    is_lasting = True

    def beat(self) -> None:
        return

    def check(self, connection: Connection) -> bool:
        return True

    def leave(self, *, is_held: bool) -> None:
        return


class _File(_Alone):
    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, file: Path) -> _File | None:
        try:
            handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise _unopened(file, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{own_name()} {datetime.now(UTC).isoformat()}\n".encode(), 0)
        return cls(handle)

    def leave(self, *, is_held: bool) -> None:
        os.ftruncate(self._handle, 0)
        os.close(self._handle)  # the file stays: without it two could lock two of one name


def _file_of(db: Store) -> Path | None:
    place = db.engine.url.database
    is_shared = place and place != ":memory:" and not place.startswith("file:")
    return Path(f"{place}.leader") if place and is_shared else None


def _unopened(file: Path, error: OSError) -> StoreError:
    return StoreError(f"{file} cannot be opened ({error.strerror}); look who owns it")


def _read_file(file: Path | None) -> Leader | None:
    if file is None or not file.exists():
        return None
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise _unopened(file, error) from error
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None  # nobody holds it
        name, _, since = os.pread(handle, 200, 0).decode().strip().partition(" ")
        return _leader(name, datetime.fromisoformat(since) if since else None)
    finally:
        os.close(handle)
