"""What webhooks were told, and what is still to be sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, literal, select, update

from dragoman.store.checkpoints import LONGEST_WAIT, chunks
from dragoman.store.columns import AnyRow
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import announced, deliveries, stories

STORY, SOURCE, SEARCH, MATCH = "story:", "source:", "search:", "match:"
_BEGUN = "begun"  # the row that says since when it is told what happens
_KEPT = timedelta(days=30)  # what was given up is shown for so long
_REMEMBERED = timedelta(days=7)  # which articles a search found; older ones are not looked at


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one webhook."""

    id: str
    hook: str  # its address
    event: str
    body: str
    made: datetime
    attempts: int = 0
    next_try: datetime | None = None  # None: given up
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Grown:
    """A story that webhooks were not told of yet, or not of all its reports."""

    id: str
    articles: int
    told: int  # reports that they were told of; 0: none


def begin(db: Store, now: datetime) -> None:
    """Take what there is as told, where nothing was told before: only what is new is news."""
    if told_of(db, [_BEGUN]):
        return
    with db.write() as connection:
        if connection.scalar(select(announced.c.subject).where(announced.c.subject == _BEGUN)):
            return  # another process was faster
        present = select(
            literal(STORY) + stories.c.id, stories.c.articles, literal(now, announced.c.at.type)
        )
        connection.execute(insert(announced).from_select(("subject", "count", "at"), present))
        connection.execute(insert(announced).values(subject=_BEGUN, count=0, at=now))


def forget(db: Store) -> None:
    """Forget what was told and is to be sent: there is no webhook any more."""
    with db.read() as connection:
        if not connection.scalar(select(announced.c.subject).limit(1)):
            return
    with db.write() as connection:
        connection.execute(delete(announced))
        connection.execute(delete(deliveries))


def grown_stories(db: Store, limit: int) -> tuple[Grown, ...]:
    """List stories that have more reports than was told, those that changed first foremost."""
    subject = literal(STORY) + stories.c.id
    told = func.coalesce(announced.c.count, 0)
    query = (
        select(stories.c.id, stories.c.articles, told.label("told"))
        .outerjoin(announced, announced.c.subject == subject)
        .where(stories.c.articles > told)
        .order_by(stories.c.newest, stories.c.id)
        .limit(limit)
    )
    with db.read() as connection:
        return tuple(Grown(row.id, row.articles, row.told) for row in connection.execute(query))


def told_sources(db: Store) -> frozenset[str]:
    """Name the sources of which it was told that they fail."""
    query = select(announced.c.subject).where(announced.c.subject.startswith(SOURCE))
    with db.read() as connection:
        return frozenset(subject.removeprefix(SOURCE) for subject in connection.scalars(query))


def told_of(db: Store, subjects: Collection[str]) -> frozenset[str]:
    """Say of which of these subjects webhooks were told."""
    found: set[str] = set()
    with db.read() as connection:
        for some in chunks(subjects):
            query = select(announced.c.subject).where(announced.c.subject.in_(some))
            found.update(connection.scalars(query))
    return frozenset(found)


def put_deliveries(
    db: Store,
    fresh: Sequence[Delivery],
    told: Mapping[str, int],
    now: datetime,
    *,
    untold: Collection[str] = (),
) -> None:
    """Queue messages and write down what they tell, in one transaction."""
    with db.write() as connection:
        for one in fresh:
            connection.execute(insert(deliveries).values(_row(one)))
        rows = [{"subject": subject, "count": count, "at": now} for subject, count in told.items()]
        upsert(connection, announced, rows)
        is_old = announced.c.subject.startswith(MATCH) & (announced.c.at < now - _REMEMBERED)
        connection.execute(delete(announced).where(is_old))
        for some in chunks(untold):
            connection.execute(delete(announced).where(announced.c.subject.in_(some)))


def _row(one: Delivery) -> dict[str, object]:
    return {
        "id": one.id,
        "hook": one.hook,
        "event": one.event,
        "body": one.body,
        "made": one.made,
        "attempts": one.attempts,
        "next_try": one.next_try,
        "failure": one.failure,
    }


def due_deliveries(db: Store, hook: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """List what is to be sent to a webhook now, oldest first.

    Nothing while an earlier failure makes it wait: one that is down is not asked in between.
    """
    mine = deliveries.c.hook == hook
    # Nothing waits longer; a time beyond it was set by a clock that was wrong.
    is_later = (deliveries.c.next_try > now) & (deliveries.c.next_try <= now + LONGEST_WAIT)
    waits = select(deliveries.c.id).where(mine, deliveries.c.attempts > 0, is_later)
    query = (
        select(deliveries)
        .where(mine, deliveries.c.next_try.is_not(None), ~is_later)
        .order_by(deliveries.c.made, deliveries.c.id)
        .limit(limit)
    )
    with db.read() as connection:
        if connection.scalar(waits.limit(1)):
            return ()
        return tuple(map(_read, connection.execute(query)))


def _read(row: AnyRow) -> Delivery:
    return Delivery(**row._asdict())


def end_delivery(db: Store, id: str) -> None:
    """Take a message off the queue: it was received."""
    with db.write() as connection:
        connection.execute(delete(deliveries).where(deliveries.c.id == id))


def put_failures(db: Store, failed: Iterable[Delivery]) -> None:
    """Write how messages failed, and when they are tried again."""
    with db.write() as connection:
        for one in failed:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == one.id)
                .values(attempts=one.attempts, next_try=one.next_try, failure=one.failure)
            )


def drop_others(db: Store, hooks: Collection[str], now: datetime) -> None:
    """Drop what waits for webhooks that are not there any more, and what was given up long ago."""
    is_old = deliveries.c.next_try.is_(None) & (deliveries.c.made < now - _KEPT)
    gone = deliveries.c.hook.not_in(list(hooks)) | is_old
    with db.read() as connection:
        if connection.scalar(select(deliveries.c.id).where(gone).limit(1)) is None:
            return
    with db.write() as connection:
        connection.execute(delete(deliveries).where(gone))


def list_deliveries(db: Store) -> tuple[Delivery, ...]:
    """List what waits and what was given up, oldest first."""
    query = select(deliveries).order_by(deliveries.c.made, deliveries.c.id)
    with db.read() as connection:
        return tuple(map(_read, connection.execute(query)))


def retry_given_up(db: Store, now: datetime) -> int:
    """Queue again what was given up; say how much it is."""
    change = (
        update(deliveries)
        .where(deliveries.c.next_try.is_(None))
        .values(attempts=0, next_try=now, failure="")
    )
    with db.write() as connection:
        return connection.execute(change).rowcount
