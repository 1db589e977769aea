"""Leave damaged rows out of lists: one of them must not stop all that come after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Select

from dragoman.errors import DamagedRow
from dragoman.store.columns import AnyRow

log = structlog.get_logger(__name__)

Found = TypeVar("Found")
Read = Callable[[AnyRow], Found]


def keep_readable(rows: Iterable[AnyRow], read: Read[Found]) -> Iterator[Found]:
    """Read rows; those that are damaged are logged and left out."""
    for row in rows:
        try:
            yield read(row)
        except DamagedRow as error:
            log.warning("damaged row left out", reason=str(error))


def list_readable(
    connection: Connection,
    query: Select[*tuple[Any, ...]],
    read: Read[Found],
    limit: int | None,
    offset: int = 0,
) -> tuple[Found, ...]:
    """Read the rows of a query until there are `limit` of them that can be read."""
    found: list[Found] = []
    while True:
        rows = connection.execute(query.limit(limit).offset(offset)).all()
        found += keep_readable(rows, read)
        if limit is None or len(rows) < limit or len(found) >= limit:
            return tuple(found[:limit])
        offset += limit
