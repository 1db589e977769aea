"""Step 4: judge every new article against the live ones; compute events and stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dragoman import link, store
from dragoman.steps.work import BATCH, Pass
from dragoman.types import Article, Judgement, LinkInput

LIVE_WINDOW = timedelta(days=21)  # the longest time between two events of one story


async def link_articles(work: Pass) -> None:
    """Judge every new article against the live ones, and compute events and stories."""
    ids = store.articles.article_ids_lacking_link(work.db, link.VERSION, limit=10 * BATCH)
    if not ids:
        return
    await _embed(work, ids)
    fresh = store.articles.articles(work.db, ids=ids)
    new = _link_inputs(work, fresh)
    live = store.articles.articles(work.db, since=min(one.at for one in new) - LIVE_WINDOW)
    known = _link_inputs(work, [article for article in live if article.id not in ids])
    judgements = store.stories.judgements(work.db, [one.id for one in known])
    undated = frozenset(one.id for one in (*live, *fresh) if one.published.moment is None)
    work.progress("link", 0, len(new), "articles")
    made = await work.runner.call(_judge, new, known, judgements, undated, deadline_s=600.0)
    groupings = link.group_articles([*known, *new], [*judgements, *made])
    store.stories.put_links(work.db, made, groupings, link.VERSION, ids)
    work.counts["linked"] += len(new)
    work.progress("link", len(new), len(new), "articles")


def _judge(
    new: Sequence[LinkInput],
    known: Sequence[LinkInput],
    judgements: Sequence[Judgement],
    undated: frozenset[str],
) -> tuple[Judgement, ...]:
    return link.link_stories(new, known, judgements, undated=undated)


async def _embed(work: Pass, ids: Sequence[str]) -> None:
    have = store.stories.vectors(work.db, ids)
    inputs = [
        _link_input(a, b"") for a in store.articles.articles(work.db, ids=ids) if a.id not in have
    ]
    for start in range(0, len(inputs), BATCH):
        batch = inputs[start : start + BATCH]
        vectors = await work.runner.call(link.embed, batch, deadline_s=300.0)
        found = dict(zip((one.id for one in batch), vectors, strict=True))
        store.stories.put_vectors(work.db, found, link.VERSION)


def _link_inputs(work: Pass, articles: Sequence[Article]) -> list[LinkInput]:
    vectors = store.stories.vectors(work.db, [article.id for article in articles])
    return [_link_input(one, vectors[one.id]) for one in articles if one.id in vectors]


def _link_input(article: Article, vector: bytes) -> LinkInput:
    moment = article.published.moment
    at = moment.at if moment else article.first_seen or datetime.now(UTC)
    return LinkInput(
        article.id,
        article.url,
        article.language,
        article.title,
        article.text,
        at,
        article.source,
        vector,
    )
