"""What the pages of each host taught of its layout, one row a host."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from dragoman.errors import DamagedRow
from dragoman.store.columns import decode, encode, key_of
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import lessons
from dragoman.types import Lesson


def lesson(db: Store, host: str) -> Lesson:
    """Give what is known of a host; of one that is new, or whose row is damaged, nothing."""
    query = select(lessons.c.record).where(lessons.c.host_key == key_of(host))
    with db.read() as connection:
        record = connection.scalar(query)
    if record is None:
        return Lesson(host)
    try:
        return decode(record, Lesson, f"lesson of {host}")
    except DamagedRow:  # it is learnt again from the pages
        return Lesson(host)


def put_lesson(db: Store, lesson: Lesson) -> None:
    """Write what is known of a host now."""
    row = {
        "host_key": key_of(lesson.host),
        "drifted": lesson.drifted,
        "record": encode(lesson),
    }
    with db.write() as connection:
        upsert(connection, lessons, [row])


def drifts(db: Store, since: datetime) -> tuple[Lesson, ...]:
    """List hosts whose layout changed since then, the latest first."""
    query = (
        select(lessons.c.record)
        .where(lessons.c.drifted >= since)
        .order_by(lessons.c.drifted.desc(), lessons.c.host_key)
    )
    found = []
    with db.read() as connection:
        for record in connection.scalars(query):
            try:
                found.append(decode(record, Lesson, "lesson of a host"))
            except DamagedRow:
                continue
    return tuple(found)
