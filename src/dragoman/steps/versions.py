"""Step 1 still: a page that shows too little is asked for its AMP or print version, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from dragoman import extract, ingest, store
from dragoman.errors import FetchError
from dragoman.steps.work import Pass
from dragoman.types import Lesson, Page, Version

_IN_VAIN = 3  # times in a row that no version helped on a host: it is not asked again
_AGAIN = timedelta(days=14)  # until the host has another try

log = structlog.get_logger(__name__)


async def add_version(work: Pass, fetcher: ingest.Fetcher, page: Page, before: Page | None) -> Page:
    """Give a page with the version of it that has its text, where it has none itself.

    At most one more request an article, and none where those of the host did not help the last
    times. Whatever goes wrong, the page is as good as it was.
    """
    had = before.other if before is not None else None
    own = replace(page, other=None)
    named = ingest.find_version(own)
    if named is None:
        return own
    kept = replace(own, other=had)
    host = store.pages.host_of(page.final_url or page.url)
    if not _may_help(store.lessons.lesson(work.db, host), work.now()):
        return kept
    try:
        if await _judge(work, own):
            return own
        version = await _fetch(fetcher, named, page)
        found = replace(own, other=version)
        is_better = version is not None and await _judge(work, found) == named.kind
    except Exception as error:  # a worker that died: the page itself will tell, when it is read
        log.warning("no other version", article=page.id, error=repr(error))
        return kept
    lesson = store.lessons.lesson(work.db, host)
    tries = (*lesson.versions, (work.now(), is_better))[-_IN_VAIN:]
    store.lessons.put_lesson(work.db, replace(lesson, versions=tries))
    log.info("asked for another version", article=page.id, url=named.url, helped=is_better)
    return found if is_better else kept


async def _judge(work: Pass, page: Page) -> str:
    deadline_s = work.settings.run.extract_deadline_s
    return await work.runner.call(extract.judge_body, page, deadline_s=deadline_s)


async def _fetch(fetcher: ingest.Fetcher, named: Version, page: Page) -> Version | None:
    try:
        return await ingest.fetch_version(named, page, fetcher)
    except FetchError as error:
        log.info("another version cannot be had", article=page.id, reason=str(error))
        return None


def _may_help(lesson: Lesson, now: datetime) -> bool:
    """Whether versions of a host's pages helped lately, or were hardly tried."""
    tries = lesson.versions
    in_vain = len(tries) >= _IN_VAIN and not any(helped for _, helped in tries)
    return not in_vain or tries[-1][0] < now - _AGAIN
