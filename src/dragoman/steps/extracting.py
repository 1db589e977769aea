"""Step 2: take the article out of every page."""

from __future__ import annotations

from datetime import datetime

import structlog

from dragoman import extract, store
from dragoman.errors import DamagedRow, StageError
from dragoman.languages import base
from dragoman.steps.learning import learn_forms
from dragoman.steps.revising import settle_revision
from dragoman.steps.work import BATCH, Pass, keep_failure
from dragoman.types import Article, Page, Stage

log = structlog.get_logger(__name__)

FIRST_LESSON = 30  # pages of a host that was never learnt, newest first
UNNOTICED = 2  # pages of a new layout before the alarm


async def extract_articles(work: Pass) -> None:
    """Take the article out of every page that lacks one, knowing what its host repeats."""
    deadline_s = work.settings.run.extract_deadline_s
    while ids := store.pages.page_ids_lacking_article(work.db, extract.VERSION, work.now(), BATCH):
        pages = [page for id in ids if (page := _find_page(work, id))]
        templates = {host: await _learn(work, host, some) for host, some in _by_host(pages).items()}
        jobs = [(page, (page, templates[_host_of(page)])) for page in pages]
        done = 0
        async for outcome in work.runner.run_each(
            extract.extract_article, jobs, deadline_s=deadline_s
        ):
            done += 1
            if outcome.value is not None:
                _keep(work, outcome.value, outcome.item)
            else:
                error = outcome.error or StageError("neither an article nor an error")
                keep_failure(work, outcome.item.id, Stage.EXTRACT, error, extract.VERSION)
            work.progress("extract", done, len(jobs), "articles")
        if len(ids) < BATCH:  # to look for more takes a look at every page
            return


def _keep(work: Pass, article: Article, page: Page) -> None:
    """Store an article, with what changed where it was had before."""
    was_known = bool(store.articles.articles(work.db, ids=[article.id]))
    try:
        article = settle_revision(work, article, page)
    except StageError as error:
        keep_failure(work, page.id, Stage.EXTRACT, error, extract.VERSION)
        return
    kept = store.articles.put_article(work.db, article, extract.VERSION, fetched=page.fetched)
    if kept.revision == 1 and not was_known:
        learn_forms(work, article)
    work.counts["extracted"] += 1
    log.info("extracted", article=kept.id, language=kept.language, revision=kept.revision)
    if base(kept.language) in map(base, work.settings.editions):
        log.info("published", article=kept.id, edition=base(kept.language), original=True)


def _find_page(work: Pass, id: str) -> Page | None:
    """Read a stored page; one that is damaged fails alone, and is fetched again."""
    try:
        return store.pages.page(work.db, id)
    except DamagedRow as error:
        keep_failure(work, id, Stage.EXTRACT, error, extract.VERSION)
        store.work.ask_again(work.db, [id], Stage.FETCH)
        return None


def _host_of(page: Page) -> str:
    return store.pages.host_of(page.final_url or page.url)


def _by_host(pages: list[Page]) -> dict[str, list[Page]]:
    hosts: dict[str, list[Page]] = {}
    for page in pages:
        hosts.setdefault(_host_of(page), []).append(page)
    return hosts


async def _learn(work: Pass, host: str, pages: list[Page]) -> extract.Template | None:
    """Learn from the pages that came, on top of what their host taught before."""
    known = store.lessons.lesson(work.db, host)
    if not known.pages:
        # A store of before, or a first page: what is there of the host teaches first.
        older = store.pages.host_pages(work.db, host, FIRST_LESSON)
        pages = sorted({page.id: page for page in (*pages, *older)}.values(), key=_fetched)
    try:
        learnt = await work.runner.call(
            extract.learn_pages,
            known,
            pages,
            deadline_s=2 * work.settings.run.extract_deadline_s,
        )
    except Exception as error:  # without new lessons the pages are taken with the old ones
        log.warning("no lesson", host=host, error=repr(error))
        return extract.make_template(known)
    store.lessons.put_lesson(work.db, learnt)
    if learnt.drifted != known.drifted:
        log.warning("layout changed", host=host, pages=learnt.pages)
    template = extract.make_template(learnt)
    had_none = not extract.make_template(known).recurring
    if had_none and template.recurring:
        _read_again(work, host, {page.id for page in pages}, None)
    elif known.is_drifting and not learnt.is_drifting:
        _read_again(work, host, {page.id for page in pages}, learnt.drifted)
    return template


def _read_again(work: Pass, host: str, now: set[str], since: datetime | None) -> None:
    """Have the pages read again that came before their host, or its new layout, was known."""
    kept = store.pages.host_pages(work.db, host, FIRST_LESSON)
    if since is not None:
        # The alarm came with the third page of the new layout; those before the two knew the old.
        fresh = sum(page.fetched >= since for page in kept)
        kept = kept[: fresh + UNNOTICED]
    ids = [page.id for page in kept if page.id not in now]
    read = [article.id for article in store.articles.articles(work.db, ids=ids)]
    store.work.ask_again(work.db, read, Stage.EXTRACT)


def _fetched(page: Page) -> datetime:
    return page.fetched
