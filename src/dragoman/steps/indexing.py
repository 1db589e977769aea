"""Step 5: index for search every article and translation that is new, changed or gone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from dragoman import store
from dragoman.sections import find_section
from dragoman.steps.work import Pass, keep_going
from dragoman.store.indexing import IndexEntry, IndexText, Waiting, analyse_text
from dragoman.types import Article, Block, BlockKind, Translation, TranslationStatus

BATCH = 50  # texts written in one transaction: other writers wait for it

_STAGE = "index"


async def index_texts(work: Pass) -> int:
    """Index what waits; give how many texts. It takes the analyser milliseconds for each."""
    store.indexing.begin_indexing(work.db)
    total = store.indexing.count_waiting(work.db)
    done = 0
    while rows := store.indexing.list_waiting(work.db, BATCH):
        # In a thread of its own: the site is served by the one that waits here.
        await asyncio.to_thread(_index, work, rows)
        done += len(rows)
        work.progress(_STAGE, done, max(done, total), "texts")
    return done


def _index(work: Pass, rows: Sequence[Waiting]) -> None:
    ids = {row.article for row in rows}
    articles = {one.id: one for one in store.articles.articles(work.db, ids=ids)}
    made: dict[tuple[str, str], Translation] = {}
    for into in {row.into for row in rows if row.into}:
        some = [row.article for row in rows if row.into == into]
        for one in store.translations.translations_of(work.db, some, into).values():
            made[one.article, into] = one
    entries: list[tuple[Waiting, IndexEntry]] = []
    gone: list[Waiting] = []
    for row in rows:
        article = articles.get(row.article)
        text = lay_text(article, row.into, made.get((row.article, row.into))) if article else None
        entry = _analyse(work, text) if text else None
        if entry:
            entries.append((row, entry))
        else:
            gone.append(row)
    store.indexing.put_entries(work.db, entries, gone)


def _analyse(work: Pass, text: IndexText) -> IndexEntry | None:
    """Analyse a text; one that cannot be is left out, and the others go on."""
    try:
        return analyse_text(text)
    except Exception as error:
        keep_going(work, text.article, _STAGE, error)
        return None


def lay_text(article: Article, into: str, translation: Translation | None) -> IndexText | None:
    """Give the text of an article, or of its translation; None where readers see none."""
    title, blocks, language = article.title, article.blocks, article.language
    if into:
        if translation is None or translation.status is not TranslationStatus.DONE:
            return None
        title, blocks, language = translation.title, translation.blocks, into
    return IndexText(
        article=article.id,
        into=into,
        language=language,
        original=article.language,
        source=article.source,
        section=find_section(article.section, article.url),
        at=store.articles.listing_time(article) if article.first_seen else datetime.now(UTC),
        title=title,
        body=plain_text(blocks),
    )


def plain_text(blocks: Sequence[Block]) -> str:
    """Give what can be searched of a body: its text and captions, embeds left out."""
    shown = (block.text for block in blocks if block.kind is not BlockKind.EMBED)
    return "\n".join(text for text in shown if text)
