"""The order of the stages, and nowhere else.

    due → ingest → extract → translate → link → index      (publish reads what they left behind)

Each stage takes from the store the rows that lack its result, sends the heavy part to the
runner, and writes result and checkpoint in one transaction. So a pass can stop at any instant
and the next one goes on from there; and a pass over a finished store does nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from dragoman.errors import DragomanError
from dragoman.ingest import Fetcher
from dragoman.runner import trim
from dragoman.steps import (
    Pass,
    extract_articles,
    fetch_pages,
    forget_old,
    index_texts,
    link_articles,
    notify_others,
    poll_sources,
    translate_articles,
)
from dragoman.types import Tally

log = structlog.get_logger(__name__)


async def relay_once(work: Pass, fetcher: Fetcher, *, is_forced: bool = False) -> Tally:
    """Take every article as far as it can go now; a forced pass polls what is not due too.

    Hosts that hang are waited for at the end, and what they gave then goes the same way. Memory
    that is free then is the system's again. Raises `DragomanError` where the pass cannot go on.
    """
    try:
        await poll_sources(work, fetcher, is_forced=is_forced)
        await _take_along(work, fetcher)
        while work.late:
            await work.wait_for_late()
            await _take_along(work, fetcher)
        await notify_others(work)
        await forget_old(work)
    except* DragomanError as group:  # of a step that does several things at once
        raise _first(group) from group
    finally:
        await work.drop_late()
    await asyncio.to_thread(trim)
    return work.tally()


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _take_along(work: Pass, fetcher: Fetcher) -> None:
    """Take what was found through every stage."""
    linked = work.counts["linked"]
    await fetch_pages(work, fetcher)
    await extract_articles(work)
    await index_texts(work)  # translating may take hours: what is new is found before
    await translate_articles(work)
    await link_articles(work)
    if work.counts["linked"] > linked:  # stories may have taught how an edition spells a name
        await translate_articles(work)
    await index_texts(work)


async def relay_forever(
    begin: Callable[[], Pass],
    fetcher: Fetcher,
    stop: asyncio.Event,
    *,
    report: Callable[[Tally], None],
    pause_s: float = 15.0,
    is_over: Callable[[], bool] = bool,
) -> None:
    """Pass after pass until ``stop`` is set; a pass under way is cancelled at once.

    Cancelling is safe: what is not acknowledged is done again by the next pass. ``is_over`` is
    asked between passes, and ends it too.
    """
    while not (stop.is_set() or is_over()):
        work = begin()
        stages = asyncio.ensure_future(relay_once(work, fetcher))
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({stages, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not stages.done():
            stages.cancel()
            await asyncio.gather(stages, return_exceptions=True)
            return
        try:
            report(stages.result())
        except DragomanError as error:
            # A full disk, a locked database, a worker that cannot start: said, and tried again.
            log.error("pass ended early", error=str(error))
        except Exception as error:
            # A mistake of ours must not end the relay: the site is still read.
            log.error("pass failed", exc_info=error)
        try:
            await asyncio.wait_for(stop.wait(), timeout=pause_s)
        except TimeoutError:
            continue
