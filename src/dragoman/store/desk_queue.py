"""What failed, by cause: to be tried again, or left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from dragoman.errors import DamagedRow
from dragoman.store.checkpoints import chunks
from dragoman.store.columns import decode
from dragoman.store.opening import Store
from dragoman.store.schema import articles, items
from dragoman.store.schema import work as table
from dragoman.types import Article, Failure, FeedItem, Stage, WorkState

_MAX_ROWS = 20_000  # failures that are looked at, last first
_MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One article that a cause befell."""

    article: str
    into: str
    message: str
    attempts: int
    next_try: datetime | None
    updated: datetime


@dataclass(slots=True)
class Cause:
    """What failed in the same stage with the same error."""

    stage: Stage
    kind: str  # the exception's name
    retrying: int = 0
    lost: int = 0  # for good
    next_try: datetime | None = None  # the soonest
    examples: tuple[Example, ...] = ()

    @property
    def count(self) -> int:
        """How many articles it befell, in all."""
        return self.retrying + self.lost


def causes(db: Store) -> tuple[Cause, ...]:
    """Group the failures by stage and error, most frequent first."""
    query = (
        select(table)
        .where(
            table.c.state.in_((WorkState.RETRY.value, WorkState.FAILED.value)),
            table.c.failure.is_not(None),
        )
        .order_by(table.c.updated.desc(), table.c.article)
        .limit(_MAX_ROWS)
    )
    found: dict[tuple[str, str], Cause] = {}
    with db.read() as connection:
        for row in connection.execute(query):
            failure = _read(row.failure)
            cause = found.setdefault(
                (row.stage, failure.kind), Cause(Stage(row.stage), failure.kind)
            )
            if row.state == WorkState.RETRY.value:
                cause.retrying += 1
                if row.next_try:
                    cause.next_try = min(cause.next_try or row.next_try, row.next_try)
            else:
                cause.lost += 1
            if len(cause.examples) < _MAX_EXAMPLES:
                facts = (row.article, row.into, failure.message, row.attempts)
                cause.examples += (Example(*facts, row.next_try, row.updated),)
    return tuple(sorted(found.values(), key=lambda one: (-one.count, one.stage, one.kind)))


def _read(record: str) -> Failure:
    try:
        return decode(record, Failure, "failure")
    except DamagedRow as error:
        return Failure("", "", "DamagedRow", str(error))


def _of_cause(stage: Stage, kind: str) -> ColumnElement[bool]:
    return and_(
        table.c.stage == stage.value,
        table.c.state.in_((WorkState.RETRY.value, WorkState.FAILED.value)),
        # JSON escapes the quotes inside a message, so that none can look like this.
        table.c.failure.contains(f'"kind":"{kind}"', autoescape=True),
    )


def retry_cause(db: Store, stage: Stage, kind: str, now: datetime) -> int:
    """Have all be tried again at once that failed so, and count them."""
    due = {"state": WorkState.RETRY.value, "next_try": now, "attempts": 0}
    with db.write() as connection:
        query = update(table).where(_of_cause(stage, kind)).values(**due)
        return connection.execute(query).rowcount


def skip_cause(db: Store, stage: Stage, kind: str, now: datetime) -> int:
    """Leave all that failed so: not tried again, and no longer listed; count them.

    A new version of the stage, or a new revision, takes them up again.
    """
    left = {"state": WorkState.FAILED.value, "next_try": None, "failure": None, "updated": now}
    with db.write() as connection:
        query = update(table).where(_of_cause(stage, kind)).values(**left)
        return connection.execute(query).rowcount


def titles(db: Store, ids: Collection[str]) -> dict[str, str]:
    """Give the titles of articles, or of the entries that led to them, by id."""
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(ids):
            rows = connection.execute(
                select(items.c.id, items.c.record).where(items.c.id.in_(some))
            )
            found |= {row.id: _title(row.record, FeedItem) for row in rows}
            rows = connection.execute(
                select(articles.c.id, articles.c.record).where(articles.c.id.in_(some))
            )
            found |= {row.id: _title(row.record, Article) or found.get(row.id, "") for row in rows}
    return found


def _title(record: str, kind: type[FeedItem | Article]) -> str:
    try:
        return decode(record, kind, "title").title
    except DamagedRow:
        return ""
