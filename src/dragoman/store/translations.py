"""Translations and the translation memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from dragoman.languages import base
from dragoman.store.checkpoints import chunks, is_shown, set_work
from dragoman.store.columns import AnyRow, decode, encode
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.readable import keep_readable
from dragoman.store.schema import articles, memory
from dragoman.store.schema import translations as table
from dragoman.types import Failure, Stage, Translation, TranslationStatus, WorkState

_FINISHED = (TranslationStatus.DONE, TranslationStatus.HELD)


def put_translation(
    db: Store,
    translation: Translation,
    version: str,
    memory: Mapping[str, str],
    retry_at: datetime | None = None,
    failure: Failure | None = None,
) -> None:
    """Write a translation, what is to be remembered of it, and its checkpoint, in one go.

    Done and held ones are ticked off. A pending or failed one is tried again at `retry_at`;
    without it a failed one never is, and a pending one waits until it is asked for
    (`work.retry`), or a new version or revision comes. A translation of an older revision
    than the article's is kept, and the new revision stays lacking. One that is pending or
    failed does not replace a done or held one of the same revision: only its checkpoint is
    written. Nothing is written for an article that is no longer there.
    """
    now = datetime.now(UTC)
    with db.write() as connection:
        query = select(articles.c.revision).where(articles.c.id == translation.article)
        revision = connection.scalar(query)
        if revision is None:
            return
        _remember(connection, memory, now)
        stored = _find_stored(connection, translation)
        if stored and translation.revision < stored.revision:
            return
        if not (stored and _is_better(stored, translation)):
            upsert(connection, table, [_row(translation)])
        if translation.revision == revision:
            set_work(
                connection,
                [translation.article],
                Stage.TRANSLATE,
                version,
                _state_of(translation.status, retry_at),
                now,
                into=translation.into,
                next_try=retry_at,
                failure=failure,
            )


def _find_stored(connection: Connection, translation: Translation) -> AnyRow | None:
    query = select(table.c.revision, table.c.language, table.c.status).where(
        table.c.article == translation.article, table.c.into == translation.into
    )
    return connection.execute(query).one_or_none()


def _is_better(stored: AnyRow, translation: Translation) -> bool:
    """Whether the stored one has words of this revision, and the new one has none.

    One made while the article was thought to be in another language is worth nothing.
    """
    is_same = stored.revision == translation.revision and stored.language == _key(translation)
    return is_same and stored.status in _FINISHED and translation.status not in _FINISHED


def _key(translation: Translation) -> str:
    return base(translation.language)[:35]


def _state_of(status: TranslationStatus, retry_at: datetime | None) -> WorkState:
    if status in _FINISHED:
        return WorkState.DONE
    if status is TranslationStatus.FAILED and retry_at is None:
        return WorkState.FAILED
    return WorkState.RETRY


def _row(translation: Translation) -> dict[str, object]:
    return {
        "article": translation.article,
        "into": translation.into,
        "revision": translation.revision,
        "language": _key(translation),
        "status": translation.status.value,
        "record": encode(translation),
    }


def _remember(connection: Connection, found: Mapping[str, str], now: datetime) -> None:
    rows = [{"key": key, "target": target, "updated": now} for key, target in found.items()]
    upsert(connection, memory, rows)


def translation(db: Store, article: str, into: str) -> Translation | None:
    """Find an article's translation into a language; none of a withdrawn article."""
    return translations_of(db, [article], into).get(article)


def translations(db: Store, article: str) -> tuple[Translation, ...]:
    """List an article's translations by language; none of a withdrawn article."""
    query = (
        select(table.c.article, table.c.record)
        .where(table.c.article == article, is_shown(table.c.article))
        .order_by(table.c.into)
    )
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(keep_readable(rows, _read))


def _read(row: AnyRow) -> Translation:
    return decode(row.record, Translation, f"translation of {row.article}")


def translations_of(db: Store, ids: Collection[str], into: str) -> dict[str, Translation]:
    """Give the translations of many articles into one language, by article."""
    found: dict[str, Translation] = {}
    with db.read() as connection:
        for some in chunks(ids):
            query = select(table.c.article, table.c.record).where(
                table.c.article.in_(some), table.c.into == into, is_shown(table.c.article)
            )
            for made in keep_readable(connection.execute(query), _read):
                found[made.article] = made
    return found


def remembered(db: Store, keys: Iterable[str]) -> dict[str, str]:
    """Look segments up in the translation memory; unknown keys are left out."""
    found: dict[str, str] = {}
    with db.read() as connection:
        for some in chunks(keys):
            query = select(memory.c.key, memory.c.target).where(memory.c.key.in_(some))
            found.update({row.key: row.target for row in connection.execute(query)})
    return found
