"""The order of the stages, and nowhere else.

    due → ingest → extract → translate → link        (publish reads what they left in the store)

Each stage takes from the store the rows that lack its result, sends the heavy part to the
runner, and writes result and checkpoint in one transaction. So a pass can stop at any instant
and the next one goes on from there; and a pass over a finished store does nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from dragoman import due, extract, ingest, link, store, translate
from dragoman.config import Settings
from dragoman.errors import DragomanError, Gone, NoRoute, StageError
from dragoman.runner import Runner
from dragoman.store import Store
from dragoman.types import (
    Article,
    EngineSpec,
    Failure,
    FeedItem,
    Leg,
    LinkInput,
    Reading,
    Route,
    Source,
    SourceState,
    Stage,
    Tally,
    TranslationStatus,
    WorkState,
)

log = structlog.get_logger(__name__)

Progress = Callable[[str, int, int, str], None]  # stage, done, total, what
BATCH = 200  # rows taken from the store at once: bounds memory, not throughput
LIVE_WINDOW = timedelta(days=30)  # reports older than this found no new story


def _no_progress(stage: str, done: int, total: int, what: str) -> None:
    """Show nothing."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Pass:
    """One pass through the stages: what it works with and what it counts."""

    db: Store
    runner: Runner
    settings: Settings
    progress: Progress = _no_progress
    now: Callable[[], datetime] = _utc_now
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def tally(self) -> Tally:
        """Give what was done so far."""
        return Tally(**self.counts, failures=tuple(self.failures))


def engine_specs(settings: Settings) -> tuple[EngineSpec, ...]:
    """List the engines of the configuration, with their options, in order of preference."""
    specs = []
    for name in settings.translate.engines:
        options = dict(settings.translate.options.get(name, {}))
        if name == "firefox":
            options.setdefault("models", str(settings.models))
        specs.append(EngineSpec(name, tuple(sorted(options.items()))))
    return tuple(specs)


def open_fetcher(settings: Settings) -> ingest.Fetcher:
    """Make the guarded fetcher that the configuration asks for."""
    limits = ingest.Limits(
        total_s=settings.fetch.total_s, max_bytes=int(settings.fetch.max_mb * 1_000_000)
    )
    return ingest.Fetcher(
        user_agent=settings.user_agent,
        allow_networks=settings.fetch.allow_networks,
        limits=limits,
        host_interval=settings.fetch.host_interval_s,
    )


# -- The passes ----------------------------------------------------------------


async def relay_once(work: Pass, fetcher: ingest.Fetcher, *, is_forced: bool = False) -> Tally:
    """Take every article as far as it can go now; a forced pass polls what is not due too."""
    await poll_sources(work, fetcher, is_forced=is_forced)
    await fetch_pages(work, fetcher)
    await extract_articles(work)
    await translate_articles(work)
    await link_articles(work)
    return work.tally()


async def relay_forever(
    begin: Callable[[], Pass],
    fetcher: ingest.Fetcher,
    stop: asyncio.Event,
    *,
    report: Callable[[Tally], None],
    pause_s: float = 15.0,
) -> None:
    """Pass after pass until ``stop`` is set; a pass under way is cancelled at once.

    Cancelling is safe: what is not acknowledged is done again by the next pass.
    """
    while not stop.is_set():
        work = begin()
        stages = asyncio.ensure_future(relay_once(work, fetcher))
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({stages, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not stages.done():
            stages.cancel()
            await asyncio.gather(stages, return_exceptions=True)
            return
        report(stages.result())
        try:
            await asyncio.wait_for(stop.wait(), timeout=pause_s)
        except TimeoutError:
            continue


# -- 1 ingest ------------------------------------------------------------------


async def poll_sources(work: Pass, fetcher: ingest.Fetcher, *, is_forced: bool = False) -> None:
    """Read every source that is due; what went wrong is kept with the source."""
    now = work.now()
    states = store.sources.source_states(work.db)
    plan = due.plan_polls(store.sources.sources(work.db), states, now, is_forced=is_forced)
    interval = timedelta(minutes=work.settings.fetch.interval_minutes)
    gate = asyncio.Semaphore(work.settings.fetch.concurrency)

    async def parse(body: bytes, url: str, media_type: str) -> ingest.ParsedFeed:
        return await work.runner.call(
            ingest.parse_feed,
            body,
            url,
            media_type,
            deadline_s=work.settings.run.extract_deadline_s,
        )

    async def poll(source: Source, state: SourceState) -> None:
        async with gate:
            try:
                reading = await ingest.read_source(source, state, fetcher, parse)
            except StageError as error:
                failure = _failure(source.id, "poll", error)
                work.failures.append(failure)
                store.sources.put_source_state(
                    work.db, due.after_failure(state, failure, now, interval)
                )
            else:
                _keep_reading(
                    work, source, reading, due.after_reading(state, reading, now, interval)
                )

    for done, poll_one in enumerate(asyncio.as_completed([poll(s, t) for s, t in plan]), 1):
        await poll_one
        work.counts["polled"] += 1
        work.progress("poll", done, len(plan), "sources")


def _keep_reading(work: Pass, source: Source, reading: Reading, state: SourceState) -> None:
    ids = {item.url: ingest.article_id(source.id, item.url) for item in reading.items}
    changes = store.items.put_reading(work.db, reading, state, ids, work.now())
    work.counts["found"] += len(changes.new) + len(changes.changed)
    work.counts["unchanged"] += reading.is_unchanged
    log.info("polled", source=source.id, new=len(changes.new), changed=len(changes.changed))


async def fetch_pages(work: Pass, fetcher: ingest.Fetcher) -> None:
    """Fetch the page of every item that lacks one, hosts side by side."""
    gate = asyncio.Semaphore(work.settings.fetch.concurrency)
    sources = {source.id: source for source in store.sources.sources(work.db)}

    async def fetch(id: str, source: str, item: FeedItem) -> None:
        async with gate:
            try:
                publisher = sources.get(source, Source(source, item.url, source))
                page = await ingest.fetch_page(item, publisher, fetcher, id=id)
            except Gone as error:
                store.articles.withdraw(work.db, id, str(error), work.now())
                work.counts["withdrawn"] += 1
                work.failures.append(_failure(id, Stage.FETCH, error))
            except StageError as error:
                _keep_failure(work, id, Stage.FETCH, error, "1")
            else:
                store.pages.put_page(work.db, page)
                work.counts["fetched"] += 1

    while rows := store.items.items_lacking_page(work.db, work.now(), BATCH):
        fetches = [fetch(row.id, row.source, row.item) for row in rows]
        for done, fetch_one in enumerate(asyncio.as_completed(fetches), 1):
            await fetch_one
            work.progress("fetch", done, len(rows), "pages")


# -- 2 extract -----------------------------------------------------------------


async def extract_articles(work: Pass) -> None:
    """Take the article out of every page that lacks one."""
    while ids := store.pages.page_ids_lacking_article(work.db, extract.VERSION, work.now(), BATCH):
        pages = [(page, (page,)) for id in ids if (page := store.pages.page(work.db, id))]
        outcomes = work.runner.run_each(
            extract.extract_article, pages, deadline_s=work.settings.run.extract_deadline_s
        )
        done = 0
        async for outcome in outcomes:
            done += 1
            if outcome.value is not None:
                store.articles.put_article(
                    work.db, outcome.value, extract.VERSION, fetched=outcome.item.fetched
                )
                work.counts["extracted"] += 1
            else:
                _keep_failure(work, outcome.item.id, Stage.EXTRACT, outcome.error, extract.VERSION)
            work.progress("extract", done, len(pages), "articles")


# -- 3 translate ---------------------------------------------------------------


async def translate_articles(work: Pass) -> None:
    """Translate every article into every edition that lacks it, where a route leads there."""
    if not _lacks_translations(work):
        return
    specs = engine_specs(work.settings)
    legs = await work.runner.call(translate.available_legs, specs, deadline_s=120.0)
    _free_pending(work, legs)
    for into in work.settings.editions:
        while ids := store.articles.article_ids_lacking_translation(
            work.db, into, translate.VERSION, work.now(), BATCH
        ):
            jobs = []
            for article in store.articles.articles(work.db, ids=ids):
                try:
                    route = translate.find_route(legs, article.language, into)
                except NoRoute as error:
                    _keep_pending(work, article, into, str(error))
                else:
                    jobs.append(
                        (article, (article, into, route, specs, _recall(work, article, route)))
                    )
            await _translate_batch(work, into, jobs)


def _lacks_translations(work: Pass) -> bool:
    """Whether anything is to be translated, or waits for a route: asked before engines load."""
    made = store.work.counts(work.db)["translations"].values()
    return any(TranslationStatus.PENDING in statuses for statuses in made) or any(
        store.articles.article_ids_lacking_translation(
            work.db, into, translate.VERSION, work.now(), 1
        )
        for into in work.settings.editions
    )


async def _translate_batch(
    work: Pass, into: str, jobs: Sequence[tuple[Article, tuple[object, ...]]]
) -> None:
    done = 0
    async for outcome in work.runner.run_each(
        translate.translate_article, jobs, deadline_s=work.settings.translate.deadline_s
    ):
        done += 1
        if outcome.value is not None:
            made = replace(outcome.value, made=work.now())
            memory = translate.remember(made)
            store.translations.put_translation(work.db, made, translate.VERSION, memory)
            work.counts["translated"] += 1
        else:
            _keep_untranslated(work, outcome.item, into, outcome.error)
        work.progress("translate", done, len(jobs), f"articles into {into}")


def _recall(work: Pass, article: Article, route: Route) -> dict[str, str]:
    """Ask the translation memory for what it knows of an article."""
    segments = translate.segment_article(article)
    keys = {translate.memory_key(segment.text, route) for segment in segments}
    return store.translations.remembered(work.db, keys)


def _free_pending(work: Pass, legs: Sequence[Leg]) -> None:
    """Let articles that waited for a route go on where an engine or model was added since."""
    for pair, statuses in store.work.counts(work.db)["translations"].items():
        language, _, into = pair.partition(">")
        if statuses.get(TranslationStatus.PENDING) and into in work.settings.editions:
            with contextlib.suppress(NoRoute):
                translate.find_route(legs, language, into)
                store.work.retry(work.db, stage=Stage.TRANSLATE, into=into)


def _keep_pending(work: Pass, article: Article, into: str, reason: str) -> None:
    """Write down why an article waits; adding a model frees it."""
    waiting = translate.pending(article, into, reason)
    store.translations.put_translation(work.db, waiting, translate.VERSION, {})
    work.counts["pending"] += 1


def _keep_untranslated(work: Pass, article: Article, into: str, error: Exception | None) -> None:
    """Make a failed translation a state that readers see, and plan the next try."""
    failure, next_try = _plan_retry(work, article.id, Stage.TRANSLATE, error, into)
    failed = translate.failed(article, into, failure.message)
    store.translations.put_translation(
        work.db, failed, translate.VERSION, {}, next_try, failure=failure
    )


# -- 4 link --------------------------------------------------------------------


async def link_articles(work: Pass) -> None:
    """Judge every new article against the live ones, and compute events and stories."""
    ids = store.articles.article_ids_lacking_link(work.db, link.VERSION, limit=10 * BATCH)
    if not ids:
        return
    await _embed(work, ids)
    new = _link_inputs(work, store.articles.articles(work.db, ids=ids))
    live = store.articles.articles(work.db, since=min(one.at for one in new) - LIVE_WINDOW)
    known = _link_inputs(work, [article for article in live if article.id not in ids])
    judgements = store.stories.judgements(work.db, [one.id for one in known])
    work.progress("link", 0, len(new), "articles")
    made = await work.runner.call(link.link_stories, new, known, judgements, deadline_s=600.0)
    groupings = link.group_articles([*known, *new], [*judgements, *made])
    store.stories.put_links(work.db, made, groupings, link.VERSION, ids)
    work.counts["linked"] += len(new)
    work.progress("link", len(new), len(new), "articles")


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


# -- Failures ------------------------------------------------------------------


def _failure(item: str, stage: str, error: Exception) -> Failure:
    permanent = isinstance(error, StageError) and error.permanent
    retry_after = error.retry_after if isinstance(error, StageError) else None
    return Failure(item, stage, type(error).__name__, str(error), permanent, retry_after)


def _keep_failure(work: Pass, id: str, stage: Stage, error: Exception | None, version: str) -> None:
    """Write down what befell one article in one stage, and when it is tried again."""
    failure, next_try = _plan_retry(work, id, stage, error)
    store.work.put_failure(work.db, failure, stage, id, version, next_try=next_try)


def _plan_retry(
    work: Pass, id: str, stage: Stage, error: Exception | None, into: str = ""
) -> tuple[Failure, datetime | None]:
    if error is None or not isinstance(error, DragomanError):
        # Nobody expected this: it is a mistake of ours, and is logged with all there is.
        log.error("unexpected failure", article=id, stage=stage, exc_info=error)
    failure = _failure(id, stage, error or StageError("neither a result nor an error"))
    past = [one for one in store.work.work(work.db, id) if (one.stage, one.into) == (stage, into)]
    attempts = 1 + max((one.attempts for one in past if one.state is WorkState.RETRY), default=0)
    next_try = due.retry_at(failure, attempts, work.now())
    failure = replace(failure, is_permanent=next_try is None)
    work.failures.append(failure)
    return failure, next_try
