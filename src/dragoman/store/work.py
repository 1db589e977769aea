"""The state of the work: failures, checkpoints, counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    delete,
    false,
    func,
    or_,
    select,
    update,
)

from dragoman.languages import base
from dragoman.store.checkpoints import chunks, is_shown, set_work
from dragoman.store.columns import AnyRow, decode
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable, list_readable
from dragoman.store.schema import (
    articles,
    items,
    pages,
    sources,
    stories,
    translations,
    withdrawals,
)
from dragoman.store.schema import work as table
from dragoman.types import Failure, Stage, Work, WorkState


class Counts(TypedDict):
    """How much there is of everything; withdrawn articles count as withdrawn alone."""

    work: dict[str, dict[str, int]]  # stage → state → number
    articles: dict[str, int]  # language → number
    translations: dict[str, dict[str, int]]  # "en>pt" → status → number
    sources: int
    items: int
    pages: int
    stories: int
    withdrawn: int


def put_failure(
    db: Store,
    failure: Failure,
    stage: Stage,
    article: str,
    version: str,
    into: str = "",
    next_try: datetime | None = None,
) -> None:
    """Write that a stage failed for an article: for good, or until `next_try`.

    Without `next_try` it is as soon as the other side allows. Failures at one version count
    up; another version starts anew.
    """
    now = datetime.now(UTC)
    if failure.is_permanent:
        state, next_try = WorkState.FAILED, None
    else:
        state = WorkState.RETRY
        next_try = next_try or now + timedelta(seconds=failure.retry_after or 0)
    with db.write() as connection:
        set_work(
            connection,
            [article],
            stage,
            version,
            state,
            now,
            into=into,
            next_try=next_try,
            failure=failure,
        )


def ask_again(db: Store, ids: Collection[str], stage: Stage, into: str = "") -> int:
    """Have a stage done once more for articles; what it made before stays until then."""
    with db.write() as connection:
        return sum(
            connection.execute(
                delete(table).where(
                    table.c.article.in_(some),
                    table.c.stage == stage.value,
                    table.c.into == into,
                )
            ).rowcount
            for some in chunks(ids)
        )


def ask_all_again(db: Store, stage: Stage) -> int:
    """Have a stage done once more for every article that it was done for; count them."""
    with db.write() as connection:
        query = delete(table).where(
            table.c.stage == stage.value, table.c.state != WorkState.WITHDRAWN.value
        )
        return connection.execute(query).rowcount


def retry(
    db: Store,
    *,
    stage: Stage | None = None,
    into: str | None = None,
    language: str | None = None,
    kinds: Collection[str] = (),
    now: datetime | None = None,
) -> int:
    """Make what waits for another try due ``now``, and count it: a model was added.

    `language` is the article's, taken without its region. What failed for good stays so
    until there is a new version, except for failures of these `kinds` (exceptions' names):
    their attempts are counted anew.
    """
    has_failed = _has_failed_by(kinds)
    waiting = [or_(table.c.state == WorkState.RETRY.value, has_failed)]
    if language is not None:
        written = select(articles.c.id).where(articles.c.language == base(language))
        waiting.append(table.c.article.in_(written))
    if stage is not None:
        waiting.append(table.c.stage == stage.value)
    if into is not None:
        waiting.append(table.c.into == into)
    with db.write() as connection:
        due = (
            update(table)
            .where(*waiting)
            .values(
                state=WorkState.RETRY.value,
                next_try=now or datetime.now(UTC),
                attempts=case((has_failed, 0), else_=table.c.attempts),
            )
        )
        return connection.execute(due).rowcount


def _has_failed_by(kinds: Collection[str]) -> ColumnElement[bool]:
    """Whether a row failed for good with one of these exceptions."""
    # JSON escapes the quotes inside a message, so that none can look like this.
    named = (table.c.failure.contains(f'"kind":"{kind}"', autoescape=True) for kind in kinds)
    return and_(table.c.state == WorkState.FAILED.value, or_(false(), *named))


def waiting_pairs(db: Store, *, kinds: Collection[str] = ()) -> set[tuple[str, str]]:
    """Name the pairs, from and into, in which articles wait until they are asked for.

    Those too that failed for good with one of these `kinds`, which `retry` would free.
    """
    is_waiting = and_(table.c.state == WorkState.RETRY.value, table.c.next_try.is_(None))
    query = (
        select(articles.c.language, table.c.into)
        .join_from(table, articles, articles.c.id == table.c.article)
        .where(
            table.c.stage == Stage.TRANSLATE.value,
            or_(is_waiting, _has_failed_by(kinds)),
            is_shown(articles.c.id),
        )
        .distinct()
    )
    with db.read() as connection:
        return {(row.language, row.into) for row in connection.execute(query)}


def work(db: Store, article: str) -> tuple[Work, ...]:
    """List the checkpoints of an article, in the order of the stages."""
    with db.read() as connection:
        rows = connection.execute(select(table).where(table.c.article == article)).all()
    order = list(Stage)
    found = keep_readable(rows, _read)
    return tuple(sorted(found, key=lambda one: (order.index(one.stage), one.into)))


def failures(db: Store, limit: int | None = None) -> tuple[Work, ...]:
    """List what failed and was not mended since, last failure first."""
    query = (
        select(table)
        .where(
            table.c.state.in_((WorkState.RETRY.value, WorkState.FAILED.value)),
            table.c.failure.is_not(None),
        )
        .order_by(table.c.updated.desc(), table.c.article, table.c.stage, table.c.into)
    )
    with db.read() as connection:
        return list_readable(connection, query, _read, limit)


def _read(row: AnyRow) -> Work:
    name = f"failure of {row.article} ({row.stage})"
    return Work(
        article=row.article,
        stage=Stage(row.stage),
        state=WorkState(row.state),
        version=row.version,
        into=row.into,
        attempts=row.attempts,
        next_try=row.next_try,
        failure=decode(row.failure, Failure, name) if row.failure else None,
        updated=row.updated,
    )


def counts(db: Store) -> Counts:
    """Count the store's rows for `dragoman status` and the front page."""
    with db.read() as connection:
        return {
            "work": _count_work(connection),
            "articles": _count_articles(connection),
            "translations": _count_translations(connection),
            "sources": _count(connection, sources, sources.c.is_removed.is_(False)),
            "items": _count(connection, items),
            "pages": _count(connection, pages),
            "stories": _count(connection, stories),
            "withdrawn": _count(connection, withdrawals),
        }


def _count(connection: Connection, counted: Table, *wanted: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(counted).where(*wanted)) or 0


def _count_work(connection: Connection) -> dict[str, dict[str, int]]:
    query = select(table.c.stage, table.c.state, func.count()).group_by(
        table.c.stage, table.c.state
    )
    found: dict[str, dict[str, int]] = {stage.value: {} for stage in Stage}
    for stage, state, number in connection.execute(query):
        found[stage][state] = number
    return found


def _count_articles(connection: Connection) -> dict[str, int]:
    query = (
        select(articles.c.language, func.count())
        .where(is_shown(articles.c.id))
        .group_by(articles.c.language)
        .order_by(articles.c.language)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _count_translations(connection: Connection) -> dict[str, dict[str, int]]:
    columns = (translations.c.language, translations.c.into, translations.c.status)
    query = (
        select(*columns, func.count())
        .where(is_shown(translations.c.article))
        .group_by(*columns)
        .order_by(*columns)
    )
    found: dict[str, dict[str, int]] = {}
    for language, into, status, number in connection.execute(query):
        found.setdefault(f"{language}>{into}", {})[status] = number
    return found
