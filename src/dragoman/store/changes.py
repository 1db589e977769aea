"""Tell whether anything was written since, by whatever connection or process."""

from __future__ import annotations

import sqlite3
import weakref
from threading import Lock

from sqlalchemy import text
from sqlalchemy.pool import PoolProxiedConnection, StaticPool

from dragoman.store.failures import explain
from dragoman.store.opening import Store

Mark = str


class Watch:
    """Marks of what can be read from a store: two that are equal saw the same.

    Whoever takes a mark and then reads, sees what the mark saw or something newer.
    """

    def __init__(self, db: Store) -> None:
        self._db = db
        self._turn = Lock()
        self._own: PoolProxiedConnection | None = None

    def mark(self) -> Mark | None:
        """Give the mark of this moment; None where the store cannot tell. Raises `StoreError`."""
        if isinstance(self._db.engine.pool, StaticPool):  # one connection, which sees no others
            return None
        if self._db.engine.dialect.name == "sqlite":
            return self._version()
        with self._db.read() as connection:
            return str(connection.scalar(text("SELECT pg_current_snapshot()::text")))

    def _version(self) -> Mark:
        """Ask SQLite: the number changes for a connection when any other one commits."""
        with self._turn:
            try:
                if self._own is None:
                    # Outside of the pool: whatever this connection wrote, it would not see.
                    own = self._db.engine.raw_connection()
                    own.detach()
                    self._own = own
                    weakref.finalize(self, own.close)
                asking = self._own.cursor()
                row = asking.execute("PRAGMA data_version").fetchone()
                asking.close()
                return str(row[0])
            except sqlite3.Error as error:
                raise explain(error, self._db.place) from error
