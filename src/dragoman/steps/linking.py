"""Step 4: judge every new article against the live ones; compute events and stories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from dragoman import link, store
from dragoman.errors import StageError
from dragoman.steps.dating import date_undated
from dragoman.steps.learning import learn_spellings
from dragoman.steps.work import BATCH, Pass, keep_going
from dragoman.types import Article, Grouping, Judgement, LinkInput, Stage

LIVE_WINDOW = timedelta(days=21)  # the longest time between two events of one story
DEADLINE_S = 600.0


async def link_articles(work: Pass) -> None:
    """Judge every new article against the live ones, and compute events and stories."""
    version = link.VERSION
    while ids := store.articles.article_ids_lacking_link(work.db, version, limit=10 * BATCH):
        fresh = store.articles.articles(work.db, ids=ids)
        if not fresh:
            return
        try:
            await _embed(work, fresh)
            for near in _split_by_time(fresh):
                await _link(work, near)
                work.progress("link", work.counts["linked"], len(fresh), "articles")
        except StageError as error:  # a worker died: the next pass tries again
            keep_going(work, "stories", Stage.LINK, error)
            return


def _split_by_time(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Cut a batch where its time stands still: one old article must not wake the whole archive."""
    near: list[Article] = []
    for article in sorted(articles, key=lambda one: (_time_of(one), one.id)):
        if near and _time_of(article) - _time_of(near[-1]) > LIVE_WINDOW:
            yield near
            near = []
        near.append(article)
    if near:
        yield near


async def _link(work: Pass, fresh: Sequence[Article]) -> None:
    """Link articles of one time against what is known of that time."""
    ids = [article.id for article in fresh]
    since, until = _time_of(fresh[0]) - LIVE_WINDOW, _time_of(fresh[-1]) + LIVE_WINDOW
    live = store.articles.articles(work.db, since=since, until=until)
    known = _link_inputs(work, [article for article in live if article.id not in set(ids)])
    # A story may have begun before the window: its first reports give it its name.
    earlier = _link_inputs(work, _earlier_members(work, known))
    all_ids = [*ids, *(one.id for one in (*known, *earlier))]
    judgements = store.stories.judgements(work.db, all_ids)
    undated = frozenset(one.id for one in (*live, *fresh) if one.published.moment is None)
    made, groupings = await work.runner.call(
        _judge_and_group,
        _link_inputs(work, fresh),
        known,
        earlier,
        judgements,
        undated,
        deadline_s=DEADLINE_S,
    )
    store.stories.put_links(work.db, made, groupings, link.VERSION, ids)
    learn_spellings(work, frozenset(ids))
    date_undated(work, ids)
    work.counts["linked"] += len(ids)


def _earlier_members(work: Pass, known: Sequence[LinkInput]) -> tuple[Article, ...]:
    """Give the members of live stories that are no longer live themselves."""
    have = {one.id for one in known}
    stories = {one.story for one in store.stories.groupings(work.db, [*have])}
    members = store.stories.members(work.db, stories)
    missing = {one.article for group in members.values() for one in group} - have
    return store.articles.articles(work.db, ids=missing) if missing else ()


def _judge_and_group(
    new: Sequence[LinkInput],
    known: Sequence[LinkInput],
    earlier: Sequence[LinkInput],
    judgements: Sequence[Judgement],
    undated: frozenset[str],
) -> tuple[tuple[Judgement, ...], tuple[Grouping, ...]]:
    made = link.link_stories(new, known, judgements, undated=undated)
    everyone = {one.id: one for one in (*earlier, *known, *new)}
    return made, link.group_articles([*everyone.values()], [*judgements, *made])


async def _embed(work: Pass, articles: Sequence[Article]) -> None:
    have = store.stories.vectors(work.db, [one.id for one in articles], link.VERSION)
    inputs = [_link_input(one, b"") for one in articles if one.id not in have]
    for start in range(0, len(inputs), BATCH):
        batch = inputs[start : start + BATCH]
        vectors = await work.runner.call(link.embed, batch, deadline_s=DEADLINE_S)
        found = dict(zip((one.id for one in batch), vectors, strict=True))
        store.stories.put_vectors(work.db, found, link.VERSION)


def _link_inputs(work: Pass, articles: Sequence[Article]) -> list[LinkInput]:
    vectors = store.stories.vectors(work.db, [article.id for article in articles], link.VERSION)
    return [_link_input(one, vectors[one.id]) for one in articles if one.id in vectors]


def _link_input(article: Article, vector: bytes) -> LinkInput:
    return LinkInput(
        article.id,
        article.url,
        article.language,
        article.title,
        article.text,
        _time_of(article),
        article.source,
        vector,
    )


def _time_of(article: Article) -> datetime:
    """Give when it was published, or first seen where that is unknown."""
    moment = article.published.moment
    return moment.at if moment else article.first_seen or datetime.now(UTC)
