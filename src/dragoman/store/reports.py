"""What readers report of translations, and how often one of them may."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import AnyRow, key_of
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.schema import report_days, report_marks
from dragoman.store.schema import reports as table
from dragoman.types import ReportKind

OPEN, FIXED, DISMISSED = "open", "fixed", "dismissed"
OF_ONE = 20  # reports a day from one address
OF_ALL = 2000  # a day: nobody reads more, and a flood must not fill the disk


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says is wrong with a translation."""

    article: str
    into: str
    kind: ReportKind
    segment: str = ""  # empty: none in particular
    words: str = ""
    suggestion: str = ""
    source: str = ""  # the sentence, and how it read when it was reported
    shown: str = ""
    id: str = ""
    at: datetime | None = None
    times: int = 1  # the same was said
    state: str = OPEN
    closed: datetime | None = None
    by: str = ""  # who closed it, and why
    reason: str = ""


def take_report(db: Store, report: Report, address: str, now: datetime) -> bool:
    """Write a report that is not there already; false where enough came today.

    The address is hashed with a salt of the day, and neither is kept longer than the day.
    """
    day = now.astimezone(UTC).date().isoformat()
    with db.write() as connection:
        total, salt = _read_day(connection, day)
        mark = key_of(f"{salt}{_network_of(address)}")
        mine = (report_marks.c.day == day) & (report_marks.c.mark == mark)
        own = connection.scalar(select(report_marks.c.reports).where(mine)) or 0
        if own >= OF_ONE or total >= OF_ALL:
            return False
        upsert(connection, report_days, [{"day": day, "salt": salt, "reports": total + 1}])
        upsert(connection, report_marks, [{"day": day, "mark": mark, "reports": own + 1}])
        _write(connection, report, now)
    return True


def _read_day(connection: Connection, day: str) -> tuple[int, str]:
    """Give how many reports came on a day, and its salt; what is known of other days goes."""
    for one in (report_days, report_marks):
        connection.execute(delete(one).where(one.c.day != day))
    row = connection.execute(select(report_days)).one_or_none()
    return (row.reports, row.salt) if row else (0, secrets.token_hex(16))


def _network_of(address: str) -> str:
    """Give what one subscriber has: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


def _write(connection: Connection, report: Report, now: datetime) -> None:
    said = {
        "article": report.article,
        "into": report.into,
        "segment": report.segment,
        "kind": report.kind.value,
        "words": report.words,
        "suggestion": report.suggestion,
        "shown": report.shown,
        "state": OPEN,
    }
    again = (
        update(table)
        .where(*(table.c[name] == value for name, value in said.items()))
        .values(times=table.c.times + 1)
    )
    if connection.execute(again).rowcount:
        return
    own = {
        "id": secrets.token_hex(8),
        "at": now,
        "source": report.source,
        "times": 1,
        "closed": None,
        "by": "",
        "reason": "",
    }
    connection.execute(table.insert().values(said | own))


def reports(
    db: Store,
    *,
    article: str = "",
    into: str = "",
    state: str = OPEN,
    limit: int | None = None,
) -> tuple[Report, ...]:
    """List reports, newest first; none of a withdrawn article. An empty state gives all."""
    wanted: list[ColumnElement[bool]] = [is_shown(table.c.article)]
    for column, value in ((table.c.article, article), (table.c.into, into), (table.c.state, state)):
        if value:
            wanted.append(column == value)
    query = select(table).where(*wanted).order_by(table.c.at.desc(), table.c.id).limit(limit)
    with db.read() as connection:
        return tuple(map(_read, connection.execute(query)))


def report(db: Store, id: str) -> Report | None:
    """Find a report."""
    with db.read() as connection:
        row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
    return _read(row) if row else None


def count_open(db: Store) -> int:
    """Count the reports that nobody has answered."""
    query = select(func.count()).select_from(table)
    with db.read() as connection:
        return connection.scalar(query.where(table.c.state == OPEN, is_shown(table.c.article))) or 0


def dismiss(db: Store, id: str, by: str, reason: str, now: datetime) -> bool:
    """Close an open report without a correction; false where it is not open."""
    with db.write() as connection:
        return _close(connection, [table.c.id == id], DISMISSED, by, reason, now) > 0


def close_fixed(
    connection: Connection, article: str, into: str, segment: str, by: str, now: datetime
) -> int:
    """Close the open reports of a sentence, in the transaction that corrects it."""
    wanted = [table.c.article == article, table.c.into == into, table.c.segment == segment]
    return _close(connection, wanted, FIXED, by, "", now)


def _close(
    connection: Connection,
    wanted: list[ColumnElement[bool]],
    state: str,
    by: str,
    reason: str,
    now: datetime,
) -> int:
    closing = (
        update(table)
        .where(table.c.state == OPEN, *wanted)
        .values(state=state, closed=now, by=by, reason=reason)
    )
    return connection.execute(closing).rowcount


def _read(row: AnyRow) -> Report:
    return Report(
        article=row.article,
        into=row.into,
        kind=ReportKind(row.kind),
        segment=row.segment,
        words=row.words,
        suggestion=row.suggestion,
        source=row.source,
        shown=row.shown,
        id=row.id,
        at=row.at,
        times=row.times,
        state=row.state,
        closed=row.closed,
        by=row.by,
        reason=row.reason,
    )
