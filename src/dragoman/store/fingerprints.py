"""Digests of all that is stored of articles: two that are equal were taken of the same."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import select

from dragoman.store.checkpoints import is_shown
from dragoman.store.opening import Store
from dragoman.store.schema import articles, corrections, groupings, revisions, translations

_PARTS = (
    (articles, articles.c.id),
    (revisions, revisions.c.article),
    (translations, translations.c.article),
    (corrections, corrections.c.article),
    (groupings, groupings.c.article),
)
_BATCH = 500  # rows in memory at once


def digest_articles(db: Store) -> dict[str, bytes]:
    """Digest every shown article with its revisions, translations, corrections and place."""
    found: dict[str, blake2b] = {}
    with db.read() as connection:
        for table, key in _PARTS:
            query = select(key, table).where(is_shown(key)).order_by(*table.primary_key)
            for row in connection.execute(query, execution_options={"yield_per": _BATCH}):
                own = found.setdefault(row[0], blake2b(digest_size=12))
                own.update(repr((table.name, *row)).encode())
    return {id: own.digest() for id, own in found.items()}
