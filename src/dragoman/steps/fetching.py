"""Steps 1: poll what is due, and fetch the pages it leads to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from dragoman import due, ingest, store
from dragoman.config import Settings
from dragoman.errors import Gone, StageError
from dragoman.steps.work import BATCH, Pass, failure_of, keep_failure
from dragoman.types import FeedItem, Reading, Source, SourceState, Stage

log = structlog.get_logger(__name__)


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
                failure = failure_of(source.id, "poll", error)
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
                work.failures.append(failure_of(id, Stage.FETCH, error))
            except StageError as error:
                keep_failure(work, id, Stage.FETCH, error, "1")
            else:
                store.pages.put_page(work.db, page)
                work.counts["fetched"] += 1

    while rows := store.items.items_lacking_page(work.db, work.now(), BATCH):
        fetches = [fetch(row.id, row.source, row.item) for row in rows]
        for done, fetch_one in enumerate(asyncio.as_completed(fetches), 1):
            await fetch_one
            work.progress("fetch", done, len(rows), "pages")
