"""Step 2: take the article out of every page."""

from __future__ import annotations

import structlog

from dragoman import extract, store
from dragoman.errors import DamagedRow, StageError
from dragoman.steps.learning import learn_forms
from dragoman.steps.revising import settle_revision
from dragoman.steps.work import BATCH, Pass, keep_failure
from dragoman.types import Article, Page, Stage

log = structlog.get_logger(__name__)

TEMPLATE_PAGES = 30  # of a host, newest first
MIN_TEMPLATE_PAGES = 3  # measured: with one old sibling 52 of 71 dropped lines were body


async def extract_articles(work: Pass) -> None:
    """Take the article out of every page that lacks one, knowing what its host repeats."""
    deadline_s = work.settings.run.extract_deadline_s
    templates: dict[str, extract.Template | None] = {}
    while ids := store.pages.page_ids_lacking_article(work.db, extract.VERSION, work.now(), BATCH):
        pages = [page for id in ids if (page := _find_page(work, id))]
        for host in {store.pages.host_of(page.final_url) for page in pages} - set(templates):
            templates[host] = await _learn_template(work, host)
        jobs = [(page, (page, templates[store.pages.host_of(page.final_url)])) for page in pages]
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


def _keep(work: Pass, article: Article, page: Page) -> None:
    """Store an article, with what changed where it was had before."""
    try:
        article = settle_revision(work, article, page)
    except StageError as error:
        keep_failure(work, page.id, Stage.EXTRACT, error, extract.VERSION)
        return
    store.articles.put_article(work.db, article, extract.VERSION, fetched=page.fetched)
    learn_forms(work, article)
    work.counts["extracted"] += 1


def _find_page(work: Pass, id: str) -> Page | None:
    """Read a stored page; one that is damaged fails alone, and is fetched again."""
    try:
        return store.pages.page(work.db, id)
    except DamagedRow as error:
        keep_failure(work, id, Stage.EXTRACT, error, extract.VERSION)
        store.work.ask_again(work.db, [id], Stage.FETCH)
        return None


async def _learn_template(work: Pass, host: str) -> extract.Template | None:
    """Learn what recurs on a host's pages; one or two pages teach wrongly."""
    pages = store.pages.host_pages(work.db, host, TEMPLATE_PAGES)
    if len(pages) < MIN_TEMPLATE_PAGES:
        return None
    try:
        return await work.runner.call(
            extract.learn_template, pages, deadline_s=2 * work.settings.run.extract_deadline_s
        )
    except Exception as error:  # without a template the pages are taken as they are
        log.warning("no template", host=host, error=repr(error))
        return None
