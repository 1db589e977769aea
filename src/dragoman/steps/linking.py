"""Step 4: judge every new article against the live events; compute events and stories.

Only what may be touched is read: the events nearest to the new articles, and the stories that
those are part of. So an article costs the same whether the archive holds a thousand or a million.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from dragoman import link, store
from dragoman.errors import PluginError, StageError
from dragoman.steps.dating import date_undated
from dragoman.steps.learning import learn_spellings
from dragoman.steps.live import live_events
from dragoman.steps.work import BATCH, Pass, keep_going
from dragoman.types import Article, Grouping, Judgement, LinkInput, SpanKind, Stage

log = structlog.get_logger(__name__)

LIVE_WINDOW = timedelta(days=21)  # the longest time between two events of one story
DEADLINE_S = 600.0
_LEAD = 1600  # characters of a text that linking reads
_NEAREST = 8  # live events that may be those of a new article
_SHARE = 32  # articles embedded by one worker at a time


async def link_articles(work: Pass) -> None:
    """Judge every new article against the live ones, and compute events and stories."""
    version = _version(work)
    while ids := store.articles.article_ids_lacking_link(work.db, version, limit=BATCH):
        fresh = store.articles.articles(work.db, ids=ids)
        if not fresh:
            return
        try:
            await _embed(work, fresh)
            for near in _split_by_time(fresh):
                await _link(work, near)
                work.progress("link", work.counts["linked"], len(fresh), "articles")
        # A worker died, or the encoder is not installed: the next pass tries again.
        except (StageError, PluginError) as error:
            keep_going(work, "stories", Stage.LINK, error)
            return
        if len(ids) < BATCH:  # to look for more takes a look at every article
            return


def _version(work: Pass) -> str:
    return link.version_of(work.settings.link.encoder)


def _scale(work: Pass) -> link.Scale:
    asked = work.settings.link
    return link.Scale(asked.event_days, asked.event_threshold)


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What new articles are judged against."""

    inputs: list[LinkInput]
    events: dict[str, str]  # the event of each
    undated: frozenset[str]


def _find_known(work: Pass, fresh: Sequence[LinkInput]) -> _Known:
    """Give the reports that stand for the live events near to the new articles."""
    window = max(LIVE_WINDOW, timedelta(days=work.settings.link.event_days))
    since, until = fresh[0].at - window, fresh[-1].at + window
    found = live_events(work.db, since, _version(work)).find(
        [one.vector for one in fresh],
        [one.language for one in fresh],
        (since.timestamp(), until.timestamp()),
        _NEAREST,
    )
    wanted = {event for events in found for event in events}
    members = store.live_events.members_of_events(work.db, wanted)
    new = {one.id for one in fresh}
    events = {
        member.article: event
        for event, group in members.items()
        for member in link.choose_representatives([m for m in group if m.article not in new])
    }
    kept = store.stories.features(work.db, events.keys(), _version(work))
    read = [id for id, (_, features) in kept.items() if link.is_current(features)]
    # Of what has been read before, the head will do; the rest is read again.
    articles = [
        *store.articles.articles(work.db, ids=read, is_brief=True),
        *store.articles.articles(work.db, ids=kept.keys() - set(read)),
    ]
    undated = frozenset(one.id for one in articles if one.published.moment is None)
    return _Known(_put_together(articles, kept), events, undated)


async def _link(work: Pass, fresh: Sequence[Article]) -> None:
    """Link articles of one time against what is known of that time."""
    ids = [article.id for article in fresh]
    new = _link_inputs(work, fresh)
    known = _find_known(work, new) if new else _Known([], {}, frozenset())
    undated = known.undated | {one.id for one in fresh if one.published.moment is None}
    judgements = store.stories.judgements(work.db, [*ids, *known.events])
    counts = store.live_events.read_counts(work.db)
    made, counts = await work.runner.call(
        link.judge_stream, new, known.inputs, judgements, undated, known.events, counts,
        _scale(work), deadline_s=DEADLINE_S,
    )  # fmt: skip
    groupings = _regroup(work, new, made)
    store.stories.put_links(work.db, made, groupings, _version(work), ids, counts)
    learn_spellings(work, frozenset(ids))
    date_undated(work, ids)
    work.counts["linked"] += len(ids)
    stories = {one.article: one.story for one in groupings}
    for id in ids:
        log.info("linked", article=id, story=stories.get(id, ""))


def _regroup(
    work: Pass, new: Sequence[LinkInput], made: Sequence[Judgement]
) -> tuple[Grouping, ...]:
    """Compute the events and stories that judgements have touched, and no others."""
    touched = {id for judged in made for id in (judged.article, judged.other)}
    touched |= {one.id for one in new}
    stories = {one.story for one in store.stories.groupings(work.db, touched)}
    times = store.live_events.members_of_stories(work.db, stories)
    times |= {one.id: one.at for one in new}
    members = [LinkInput(id, "", "", "", "", at) for id, at in sorted(times.items())]
    kept = store.stories.judgements(work.db, times.keys())
    return link.group_articles(members, [*kept, *made])


async def _embed(work: Pass, articles: Sequence[Article]) -> None:
    have = store.stories.vectors(work.db, [one.id for one in articles], _version(work))
    inputs = [_link_input(one) for one in articles if one.id not in have]
    shares = [inputs[start : start + _SHARE] for start in range(0, len(inputs), _SHARE)]
    encoder = work.settings.link.encoder
    calls = (
        work.runner.call(link.read_articles, share, encoder, deadline_s=DEADLINE_S)
        for share in shares
    )
    vectors: dict[str, bytes] = {}
    features: dict[str, bytes] = {}
    for share, read in zip(shares, await asyncio.gather(*calls), strict=True):
        ids = [one.id for one in share]
        vectors.update(zip(ids, read[0], strict=True))
        features.update(zip(ids, read[1], strict=True))
    store.stories.put_vectors(work.db, vectors, _version(work), features)


def _link_inputs(work: Pass, articles: Sequence[Article]) -> list[LinkInput]:
    ids = [article.id for article in articles]
    return _put_together(articles, store.stories.features(work.db, ids, _version(work)))


def _put_together(
    articles: Sequence[Article], kept: Mapping[str, tuple[bytes, bytes]]
) -> list[LinkInput]:
    ready = [_link_input(one, *kept[one.id]) for one in articles if one.id in kept]
    return sorted(ready, key=lambda one: (one.at, one.id))


def _link_input(article: Article, vector: bytes = b"", features: bytes = b"") -> LinkInput:
    is_read = link.is_current(features)
    return LinkInput(
        article.id,
        article.url,
        article.language,
        article.title,
        "" if is_read else article.text[:_LEAD],
        _time_of(article),
        article.source,
        vector,
        () if is_read else tuple(find_links(article)),
        features,
    )


def find_links(article: Article) -> Iterator[str]:
    """Give the addresses that the text of an article links to; what stands beside it is none."""
    for block in article.blocks:
        for part in block.parts:
            yield from (span.value for span in part.spans if span.kind is SpanKind.LINK)


def _time_of(article: Article) -> datetime:
    """Give when it was published, or first seen where that is unknown."""
    moment = article.published.moment
    return moment.at if moment else article.first_seen or datetime.now(UTC)
