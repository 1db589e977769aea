"""Steps 1: poll what is due, and fetch the pages it leads to."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from dragoman import due, ingest, store
from dragoman.config import Settings
from dragoman.errors import DamagedRow, Gone, StageError
from dragoman.steps.slots import Slots
from dragoman.steps.versions import add_version
from dragoman.steps.work import BATCH, Pass, failure_of, keep_failure, keep_going
from dragoman.store.checkpoints import FETCH_VERSION
from dragoman.store.items import StoredItem
from dragoman.types import UNKNOWN_LANGUAGE, FeedItem, Page, Reading, Source, SourceState, Stage

MAX_HOST_FAILURES = 3  # in a row and in one pass

log = structlog.get_logger(__name__)


def open_fetcher(settings: Settings, note: ingest.Note | None = None) -> ingest.Fetcher:
    """Make the guarded fetcher that the configuration asks for."""
    limits = ingest.Limits(
        total_s=settings.fetch.total_s, max_bytes=int(settings.fetch.max_mb * 1_000_000)
    )
    return ingest.Fetcher(
        user_agent=settings.user_agent,
        allow_networks=settings.fetch.allow_networks,
        limits=limits,
        host_interval=settings.fetch.host_interval_s,
        ports=settings.fetch.ports,
        proxy=settings.fetch.proxy,
        note=note,
    )


async def poll_sources(work: Pass, fetcher: ingest.Fetcher, *, is_forced: bool = False) -> None:
    """Read every source that is due; what went wrong is kept with the source.

    Those that hang go on beside the next steps, in ``work.late``.
    """
    states = store.sources.source_states(work.db)
    sources = store.sources.sources(work.db)
    plan = due.plan_polls(sources, states, work.now(), is_forced=is_forced)
    slots = Slots(work.settings.fetch.concurrency)
    polls = (_poll(work, fetcher, slots, source, state, len(plan)) for source, state in plan)
    work.late |= await slots.run(polls)


async def _poll(
    work: Pass,
    fetcher: ingest.Fetcher,
    slots: Slots,
    source: Source,
    state: SourceState,
    total: int,
) -> None:
    interval = timedelta(minutes=work.settings.fetch.interval_minutes)
    call = partial(work.runner.call, deadline_s=work.settings.run.extract_deadline_s)
    async with slots.hold():
        try:
            with slots.ask():
                reading = await ingest.read_source(source, state, fetcher, call)
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
    urls = {id: url for url, id in ids.items()}
    for event, found in (("seen", changes.new), ("seen again, changed", changes.changed)):
        for id in found:
            log.info(event, article=id, source=source.id, url=urls.get(id, ""))


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
    """Fetch the page of every item that lacks one, then those that are due for another look.

    Hosts side by side, each host in turn. What is left when the time of the step is over waits
    for the next pass; hosts that hang go on beside the next steps, in ``work.late``.
    """
    ends = work.step_ends()
    sources = {source.id: source for source in store.sources.sources(work.db)}
    slots = Slots(work.settings.fetch.concurrency)
    for choose, is_look in (
        (store.items.items_lacking_page, False),
        (store.items.items_to_look_at_again, True),
    ):
        while rows := _untried(work, choose, work.tried[is_look]):
            by_host: defaultdict[str, list[StoredItem]] = defaultdict(list)
            for row in rows:
                by_host[store.pages.host_of(row.item.url)].append(row)
            step = _Step(work, fetcher, slots, sources, ends, is_look, len(rows))
            work.late |= await slots.run(step.fetch_host(items) for items in by_host.values())


Choose = Callable[[store.Store, datetime, int], tuple[StoredItem, ...]]


def _untried(work: Pass, choose: Choose, tried: set[str]) -> list[StoredItem]:
    """List items that are to be fetched and were not tried in this pass; they are then."""
    limit = 10 * BATCH
    while True:
        rows = choose(work.db, work.now(), limit)
        found = [row for row in rows if row.id not in tried]
        if found or len(rows) < limit:
            tried.update(row.id for row in found)
            return found
        limit *= 2  # hosts that are left until later must not hide those behind them


@dataclass(slots=True)
class _Step:
    """What pages are fetched with."""

    work: Pass
    fetcher: ingest.Fetcher
    slots: Slots
    sources: Mapping[str, Source]
    ends: float
    is_look: bool  # the pages were had before, and are looked at again
    total: int
    done: int = 0

    async def fetch_host(self, items: Sequence[StoredItem]) -> None:
        """Fetch one host's pages; a host that fails again and again is left until later."""
        async with self.slots.hold():
            failed = 0
            for row in items:
                is_closed = failed == MAX_HOST_FAILURES or self.fetcher.closed_s(row.item.url)
                if is_closed or time.monotonic() > self.ends:
                    log.info("host left for the next pass", host=store.pages.host_of(row.item.url))
                    return
                with self.slots.ask():
                    failed = 0 if await self._fetch(row) else failed + 1
                self.done += 1
                self.work.progress("fetch", self.done, self.total, "pages")

    async def _fetch(self, row: StoredItem) -> bool:
        """Fetch one page and keep it, or what befell it; false where the host itself failed."""
        source = self.sources.get(row.source, Source(row.source, row.item.url, row.source))
        # The source's language is a prior, where its feed says none for the item.
        declared = "" if source.language == UNKNOWN_LANGUAGE else source.language
        item = replace(row.item, language=row.item.language or declared)
        before = _find_page(self.work, row.id)
        try:
            page = await ingest.fetch_page(item, source, self.fetcher, id=row.id, before=before)
            page = await add_version(self.work, self.fetcher, page, before)
        except Gone as error:
            _miss(self.work, row, error, is_had=before is not None)
        except Exception as error:  # whatever befalls one page, the others go on
            if self.is_look:
                _look_later(self.work, row, error)
            else:
                keep_failure(self.work, row.id, Stage.FETCH, error, FETCH_VERSION)
            return isinstance(error, StageError) and error.permanent
        else:
            _keep(self.work, row, page, before)
        return True


def _find_page(work: Pass, id: str) -> Page | None:
    """Give the page that is kept of an article; None: there is none, or it is damaged."""
    try:
        return store.pages.page(work.db, id)
    except DamagedRow:
        return None


def _next_look(work: Pass, row: StoredItem) -> datetime | None:
    published = row.item.published or row.first_seen
    return due.next_look(min(published, row.first_seen), work.now())


def _keep(work: Pass, row: StoredItem, page: Page, before: Page | None) -> None:
    next_look = _next_look(work, row)
    if before is not None and _bytes_of(page) == _bytes_of(before):
        store.pages.keep_page(work.db, row.id, work.now(), next_look=next_look)
        log.info("fetched, unchanged", article=row.id)
        return
    store.pages.put_page(work.db, page, next_look=next_look)
    log.info("fetched", article=row.id, url=page.final_url, bytes=len(page.body))
    work.counts["fetched"] += 1


def _bytes_of(page: Page) -> tuple[bytes, bytes]:
    return page.body, page.other.body if page.other is not None else b""


def _miss(work: Pass, row: StoredItem, error: Gone, *, is_had: bool) -> None:
    """Withdraw an article whose page is gone; one that was had must be missing twice.

    A publisher's server that fails may answer 404 for everything, for an hour.
    """
    tombstone = store.articles.withdrawal(work.db, row.id)
    if is_had and tombstone is None and not _was_missing(work, row.id):
        failure = replace(failure_of(row.id, Stage.FETCH, error), is_permanent=False)
        next_try = work.now() + due.MISSING_AGAIN
        store.work.put_failure(
            work.db, failure, Stage.FETCH, row.id, FETCH_VERSION, next_try=next_try
        )
        log.info("page is missing; looked for once more", article=row.id)
        return
    gone_since = tombstone.at if tombstone else work.now()
    next_look = due.next_return(gone_since, work.now())
    store.articles.withdraw(work.db, row.id, str(error), work.now(), next_look=next_look)
    if tombstone is None:
        log.info("withdrawn", article=row.id, reason=str(error))
        work.counts["withdrawn"] += 1
        work.failures.append(failure_of(row.id, Stage.FETCH, error))


def _was_missing(work: Pass, id: str) -> bool:
    """Whether the last try to fetch a page found it missing, too, some time ago."""
    for past in store.work.work(work.db, id):
        if past.stage is Stage.FETCH and past.failure is not None:
            return past.failure.kind == Gone.__name__
    return False


def _look_later(work: Pass, row: StoredItem, error: Exception) -> None:
    """Let a page be as it was had until the next look: what we have of it is good."""
    log.info("page not looked at", article=row.id, reason=str(error))
    if not isinstance(error, StageError):
        keep_going(work, row.id, Stage.FETCH, error)
    tombstone = store.articles.withdrawal(work.db, row.id)
    if tombstone is None:
        next_look = _next_look(work, row)
        store.pages.keep_page(work.db, row.id, work.now(), next_look=next_look)
    else:
        next_look = due.next_return(tombstone.at, work.now())
        store.articles.withdraw(work.db, row.id, tombstone.reason, work.now(), next_look=next_look)
