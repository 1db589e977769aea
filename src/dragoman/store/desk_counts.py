"""What the desk shows at a glance: how far the news of a day came, and what waits longest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, and_, exists, func, select, type_coerce

from dragoman.errors import DamagedRow
from dragoman.languages import base
from dragoman.store.checkpoints import is_shown
from dragoman.store.columns import decode
from dragoman.store.opening import Store
from dragoman.store.schema import articles, items, translations, work
from dragoman.types import Failure, FeedItem, Stage, TranslationStatus, WorkState

_MAX_CAUSES = 5_000  # failures of one stage that are looked into
_ONCE = (Stage.FETCH, Stage.EXTRACT, Stage.LINK)  # stages that an article passes once


@dataclass(frozen=True, slots=True)
class Step:
    """How many articles came to a stage, and what became of them there."""

    stage: Stage
    came: int
    passed: int
    waiting: int  # not tried yet
    retrying: int  # failed, and tried again
    lost: int  # failed for good
    withdrawn: int = 0
    causes: tuple[tuple[str, int], ...] = ()  # what failed there, most frequent first


@dataclass(frozen=True, slots=True)
class Edition:
    """How much of what was extracted can be read in one language."""

    language: str
    native: int = 0
    translated: int = 0
    waiting: int = 0  # not tried yet, or no model leads there
    held: int = 0  # by the gate
    failed: int = 0

    @property
    def whole(self) -> int:
        """All that was extracted."""
        return self.native + self.translated + self.waiting + self.held + self.failed


@dataclass(frozen=True, slots=True)
class Flow:
    """How far the articles came that were found since a moment."""

    found: int
    steps: tuple[Step, ...]
    editions: tuple[Edition, ...]
    hours: dict[str, int] = field(default_factory=dict)  # "2026-11-20T09" → articles found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has waited longest before a stage."""

    stage: Stage
    article: str
    title: str
    since: datetime


def flow(db: Store, since: datetime, editions: tuple[str, ...]) -> Flow:
    """Count how far the articles came that were first seen since a moment."""
    with db.read() as connection:
        found = connection.scalar(select(func.count()).where(items.c.first_seen >= since)) or 0
        states = _count_states(connection, since)
        causes = _count_causes(connection, since)
        steps, came = [], found
        for stage in _ONCE:
            step = _make_step(stage, came, states[stage.value], causes.get(stage.value))
            steps.append(step)
            if stage is not Stage.LINK:
                came = step.passed
        return Flow(
            found,
            tuple(steps),
            tuple(_count_edition(connection, since, language) for language in editions),
            _count_hours(connection, since),
        )


def _count_states(connection: Connection, since: datetime) -> dict[str, Counter[str]]:
    query = (
        select(work.c.stage, work.c.state, func.count())
        .join_from(work, items, items.c.id == work.c.article)
        .where(items.c.first_seen >= since)
        .group_by(work.c.stage, work.c.state)
    )
    found: dict[str, Counter[str]] = {stage.value: Counter() for stage in Stage}
    for stage, state, number in connection.execute(query):
        found[stage][state] += number
    return found


def _count_causes(connection: Connection, since: datetime) -> dict[str, Counter[str]]:
    query = (
        select(work.c.stage, work.c.failure)
        .join_from(work, items, items.c.id == work.c.article)
        .where(items.c.first_seen >= since, work.c.failure.is_not(None))
        .limit(_MAX_CAUSES)
    )
    found: dict[str, Counter[str]] = {}
    for stage, record in connection.execute(query):
        found.setdefault(stage, Counter())[kind_of(record)] += 1
    return found


def kind_of(record: str) -> str:
    """Give the kind of a stored failure; a damaged one has a kind of its own."""
    try:
        return decode(record, Failure, "failure").kind
    except DamagedRow:
        return "DamagedRow"


def _make_step(stage: Stage, came: int, states: Counter[str], causes: Counter[str] | None) -> Step:
    tried = sum(states.values())
    return Step(
        stage,
        max(came, tried),
        passed=states[WorkState.DONE.value],
        waiting=max(came - tried, 0),
        retrying=states[WorkState.RETRY.value],
        lost=states[WorkState.FAILED.value],
        withdrawn=states[WorkState.WITHDRAWN.value],
        causes=tuple(causes.most_common(4)) if causes else (),
    )


def _count_edition(connection: Connection, since: datetime, language: str) -> Edition:
    is_new = and_(articles.c.first_seen >= since, is_shown(articles.c.id))
    whole = connection.scalar(select(func.count()).select_from(articles).where(is_new)) or 0
    own = select(func.count()).where(is_new, articles.c.language == base(language))
    native = connection.scalar(own.select_from(articles)) or 0
    query = (
        select(translations.c.status, func.count())
        .join_from(translations, articles, articles.c.id == translations.c.article)
        .where(is_new, translations.c.into == language, articles.c.language != base(language))
        .group_by(translations.c.status)
    )
    made = {row[0]: row[1] for row in connection.execute(query)}
    held = made.get(TranslationStatus.HELD.value, 0)
    failed = made.get(TranslationStatus.FAILED.value, 0)
    done = made.get(TranslationStatus.DONE.value, 0)
    rest = max(whole - native - done - held - failed, 0)
    return Edition(language, native, done, rest, held, failed)


def _count_hours(connection: Connection, since: datetime) -> dict[str, int]:
    hour = func.substr(type_coerce(items.c.first_seen, String), 1, 13)
    query = select(hour, func.count()).where(items.c.first_seen >= since).group_by(hour)
    return {row[0]: row[1] for row in connection.execute(query)}


def oldest_waiting(db: Store) -> tuple[Waiting, ...]:
    """Name what has waited longest before each stage that an article passes once."""
    found = []
    with db.read() as connection:
        for stage, before in ((Stage.FETCH, None), (Stage.EXTRACT, Stage.FETCH)):
            is_ready = [_lacks(stage)] + ([_has_passed(before)] if before else [])
            query = select(items.c.id, items.c.first_seen, items.c.record).where(*is_ready)
            row = connection.execute(query.order_by(items.c.first_seen).limit(1)).one_or_none()
            if row:
                found.append(Waiting(stage, row.id, _title_of(row.record), row.first_seen))
        query = (
            select(articles.c.id, articles.c.first_seen, items.c.record)
            .join_from(articles, items, items.c.id == articles.c.id, isouter=True)
            .where(~_row_of(articles.c.id, Stage.LINK), is_shown(articles.c.id))
        )
        row = connection.execute(query.order_by(articles.c.first_seen).limit(1)).one_or_none()
        if row:
            found.append(Waiting(Stage.LINK, row.id, _title_of(row.record), row.first_seen))
    return tuple(found)


def _row_of(key: ColumnElement[str], stage: Stage) -> ColumnElement[bool]:
    return exists().where(work.c.article == key, work.c.stage == stage.value)


def _lacks(stage: Stage) -> ColumnElement[bool]:
    """Whether an item was not tried in a stage, or is to be tried again."""
    is_retried = exists().where(
        work.c.article == items.c.id,
        work.c.stage == stage.value,
        work.c.state == WorkState.RETRY.value,
    )
    return is_retried | ~_row_of(items.c.id, stage)


def _has_passed(stage: Stage) -> ColumnElement[bool]:
    return exists().where(
        work.c.article == items.c.id,
        work.c.stage == stage.value,
        work.c.state == WorkState.DONE.value,
    )


def _title_of(record: str | None) -> str:
    try:
        return decode(record, FeedItem, "item").title if record else ""
    except DamagedRow:
        return ""


def newest_article(db: Store) -> datetime | None:
    """Give when the last article was taken in; None before the first."""
    with db.read() as connection:
        found: datetime | None = connection.scalar(select(func.max(articles.c.first_seen)))
    return found
