"""Corrections of translations: the public log, and what they change in one go."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import AnyRow, encode
from dragoman.store.memory import write_units
from dragoman.store.opening import Store
from dragoman.store.reports import close_fixed
from dragoman.store.schema import corrections as table
from dragoman.store.schema import translations as translation_table
from dragoman.store.translations import read_stored, write_translation
from dragoman.types import MemoryUnit, ReportKind, Translation, TranslationStatus

_CHANGEABLE = (TranslationStatus.DONE.value, TranslationStatus.HELD.value)
_AT_ONCE = 200  # records held while all are read


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence that a person put right: how it read, and how it reads.

    Both are empty where sentences were confirmed: that is kept, and no part of the log.
    """

    article: str
    into: str
    segment: str
    kind: ReportKind
    by: str
    source: str
    before: str
    after: str
    at: datetime
    is_title: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A translation as it was read and as it is to be, with what is logged of that."""

    before: Translation
    after: Translation
    log: tuple[Correction, ...] = ()
    settled: tuple[str, ...] = ()  # segments whose open reports are answered by it


def put_changes(
    db: Store,
    changes: Sequence[Change],
    units: Collection[MemoryUnit],
    by: str,
    now: datetime,
) -> bool:
    """Write corrected translations, the memory's units and the log, all or nothing.

    False, and nothing is written, where a translation is no longer the one that was read.
    """
    with db.write() as connection:
        for change in changes:
            if read_stored(connection, change.before) != encode(change.before):
                return False
        write_units(connection, units, now)
        for change in changes:
            write_translation(connection, change.after)
            _write_log(connection, change.log)
            for segment in change.settled:
                close_fixed(connection, change.after.article, change.after.into, segment, by, now)
    return True


def _write_log(connection: Connection, log: Sequence[Correction]) -> None:
    for one in log:
        connection.execute(
            table.insert().values(
                id=secrets.token_hex(8),
                at=one.at,
                article=one.article,
                into=one.into,
                segment=one.segment,
                is_title=one.is_title,
                kind=one.kind.value,
                by=one.by,
                source=one.source,
                before=one.before,
                after=one.after,
            )
        )


def find_equal(db: Store, language: str, texts: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Name the translations, by article and edition, of which a segment has one of these texts.

    One reading of all records serves all texts: databases look for each of them anew.
    """
    if not texts:
        return ()
    query = select(
        translation_table.c.article, translation_table.c.into, translation_table.c.record
    ).where(
        translation_table.c.language == base(language)[:35],
        translation_table.c.status.in_(_CHANGEABLE),
        is_shown(translation_table.c.article),
    )
    # As JSON writes it: inside other texts the quotation marks are escaped.
    written = [f'"text":{encode(text)}' for text in texts]
    with db.read() as connection:
        rows = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
        return tuple(
            (article, into)
            for article, into, record in rows
            if any(one in record for one in written)
        )


def corrections(
    db: Store, into: str, *, article: str = "", limit: int | None = None, offset: int = 0
) -> tuple[Correction, ...]:
    """List what was corrected in an edition, newest first; none of a withdrawn article."""
    query = select(table).where(*_of_log(into))
    if article:
        query = query.where(table.c.article == article)
    query = query.order_by(table.c.at.desc(), table.c.id).limit(limit).offset(offset)
    with db.read() as connection:
        return tuple(map(_read, connection.execute(query)))


def count_corrections(db: Store, into: str) -> int:
    """Count what was corrected in an edition."""
    query = select(func.count()).select_from(table)
    with db.read() as connection:
        return connection.scalar(query.where(*_of_log(into))) or 0


def _of_log(into: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.into == into, table.c.before != table.c.after, is_shown(table.c.article)


def state_of(db: Store, into: str) -> tuple[int, datetime | None]:
    """Give what tells one state of an edition's corrections from another: number and newest."""
    query = select(func.count(), func.max(table.c.at)).where(table.c.into == into)
    with db.read() as connection:
        number, newest = connection.execute(query).one()
    return number, newest


def _read(row: AnyRow) -> Correction:
    return Correction(
        article=row.article,
        into=row.into,
        segment=row.segment,
        kind=ReportKind(row.kind),
        by=row.by,
        source=row.source,
        before=row.before,
        after=row.after,
        at=row.at,
        is_title=row.is_title,
        id=row.id,
    )
