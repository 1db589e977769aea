"""Steps 1: poll what is due, and fetch the pages it leads to."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from dragoman import due, ingest, store
from dragoman.config import Settings
from dragoman.errors import Gone, StageError
from dragoman.steps.work import BATCH, Pass, failure_of, keep_failure, keep_going
from dragoman.store.checkpoints import FETCH_VERSION
from dragoman.store.items import StoredItem
from dragoman.types import UNKNOWN_LANGUAGE, FeedItem, Reading, Source, SourceState, Stage

MAX_HOST_FAILURES = 3  # in a row and in one pass

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
    states = store.sources.source_states(work.db)
    sources = store.sources.sources(work.db)
    plan = due.plan_polls(sources, states, work.now(), is_forced=is_forced)
    gate = asyncio.Semaphore(work.settings.fetch.concurrency)
    async with asyncio.TaskGroup() as polls:  # cancelled together, so that nothing is left behind
        for source, state in plan:
            polls.create_task(_poll(work, fetcher, gate, source, state, len(plan)))


async def _poll(
    work: Pass,
    fetcher: ingest.Fetcher,
    gate: asyncio.Semaphore,
    source: Source,
    state: SourceState,
    total: int,
) -> None:
    interval = timedelta(minutes=work.settings.fetch.interval_minutes)

    async def parse(body: bytes, url: str, media_type: str) -> ingest.ParsedFeed:
        deadline_s = work.settings.run.extract_deadline_s
        return await work.runner.call(
            ingest.parse_feed, body, url, media_type, deadline_s=deadline_s
        )

    async with gate:
        try:
            reading = await ingest.read_source(source, state, fetcher, parse)
        except Exception as error:  # whatever befalls one source, the others go on
            failure = keep_going(work, source.id, "poll", error)
            after = due.after_failure(state, failure, work.now(), interval)
            store.sources.put_source_state(work.db, after)
        else:
            after = due.after_reading(state, reading, work.now(), interval)
            _keep_reading(work, source, reading, after)
    work.counts["polled"] += 1
    work.progress("poll", work.counts["polled"], total, "sources")


def _keep_reading(work: Pass, source: Source, reading: Reading, state: SourceState) -> None:
    ids = _identify(work, source, reading.items)
    changes = store.items.put_reading(work.db, reading, state, ids, work.now())
    work.counts["found"] += len(changes.new) + len(changes.changed)
    work.counts["unchanged"] += reading.is_unchanged
    log.info("polled", source=source.id, new=len(changes.new), changed=len(changes.changed))


def _identify(work: Pass, source: Source, items: Sequence[FeedItem]) -> dict[str, str]:
    """Give each item's article: known by its guid, though the address changed, or by its address.

    A guid that a feed gives to several items at once says nothing.
    """
    guids = Counter(item.guid for item in items if item.guid)
    unique = [guid for guid, count in guids.items() if count == 1]
    known = store.items.ids_of_guids(work.db, source.id, unique)
    return {
        item.url: known.get(item.guid) or ingest.article_id(source.id, item.url) for item in items
    }


async def fetch_pages(work: Pass, fetcher: ingest.Fetcher) -> None:
    """Fetch the page of every item that lacks one: hosts side by side, each host in turn.

    What is left when the time of the step is over waits for the next pass.
    """
    sources = {source.id: source for source in store.sources.sources(work.db)}
    gate = asyncio.Semaphore(work.settings.fetch.concurrency)
    ends = time.monotonic() + work.fetch_s if work.fetch_s else math.inf
    tried: set[str] = set()
    while rows := _untried(work, tried):
        by_host: defaultdict[str, list[StoredItem]] = defaultdict(list)
        for row in rows:
            by_host[store.pages.host_of(row.item.url)].append(row)
        progress = _Progress(work, len(rows))
        async with asyncio.TaskGroup() as hosts:
            for items in by_host.values():
                hosts.create_task(_fetch_host(work, fetcher, gate, items, sources, ends, progress))


def _untried(work: Pass, tried: set[str]) -> list[StoredItem]:
    """List items that lack a page and were not tried in this pass; they are then."""
    rows = store.items.items_lacking_page(work.db, work.now(), 10 * BATCH)
    found = [row for row in rows if row.id not in tried]
    tried.update(row.id for row in found)
    return found


@dataclass(slots=True)
class _Progress:
    work: Pass
    total: int
    done: int = 0

    def step(self) -> None:
        self.done += 1
        self.work.progress("fetch", self.done, self.total, "pages")


async def _fetch_host(
    work: Pass,
    fetcher: ingest.Fetcher,
    gate: asyncio.Semaphore,
    items: Sequence[StoredItem],
    sources: Mapping[str, Source],
    ends: float,
    progress: _Progress,
) -> None:
    """Fetch one host's pages in turn; a host that fails again and again is left until later."""
    async with gate:
        failed = 0
        for row in items:
            if failed == MAX_HOST_FAILURES or time.monotonic() > ends:
                log.info("host left for the next pass", host=store.pages.host_of(row.item.url))
                return
            source = sources.get(row.source, Source(row.source, row.item.url, row.source))
            is_fetched = await _fetch(work, fetcher, row, source)
            failed = 0 if is_fetched else failed + 1
            progress.step()


async def _fetch(work: Pass, fetcher: ingest.Fetcher, row: StoredItem, source: Source) -> bool:
    """Fetch one page and keep it, or what befell it; false where the host itself failed."""
    # The source's language is a prior, where its feed says none for the item.
    declared = "" if source.language == UNKNOWN_LANGUAGE else source.language
    item = replace(row.item, language=row.item.language or declared)
    try:
        page = await ingest.fetch_page(item, source, fetcher, id=row.id)
    except Gone as error:
        store.articles.withdraw(work.db, row.id, str(error), work.now())
        work.counts["withdrawn"] += 1
        work.failures.append(failure_of(row.id, Stage.FETCH, error))
    except Exception as error:  # whatever befalls one page, the others go on
        keep_failure(work, row.id, Stage.FETCH, error, FETCH_VERSION)
        return isinstance(error, StageError) and error.permanent
    else:
        store.pages.put_page(work.db, page)
        work.counts["fetched"] += 1
    return True
