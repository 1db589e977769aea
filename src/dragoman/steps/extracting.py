"""Step 2: take the article out of every page."""

from __future__ import annotations

import structlog

from dragoman import extract, store
from dragoman.errors import StageError
from dragoman.steps.work import BATCH, Pass, keep_failure
from dragoman.types import Stage

log = structlog.get_logger(__name__)

TEMPLATE_PAGES = 30  # of a host, newest first
MIN_TEMPLATE_PAGES = 3  # measured: with one old sibling 52 of 71 dropped lines were body


async def extract_articles(work: Pass) -> None:
    """Take the article out of every page that lacks one, knowing what its host repeats."""
    deadline_s = work.settings.run.extract_deadline_s
    templates: dict[str, extract.Template | None] = {}
    while ids := store.pages.page_ids_lacking_article(work.db, extract.VERSION, work.now(), BATCH):
        pages = [page for id in ids if (page := store.pages.page(work.db, id))]
        for host in {store.pages.host_of(page.final_url) for page in pages} - set(templates):
            templates[host] = await _learn_template(work, host)
        jobs = [(page, (page, templates[store.pages.host_of(page.final_url)])) for page in pages]
        done = 0
        async for outcome in work.runner.run_each(
            extract.extract_article, jobs, deadline_s=deadline_s
        ):
            done += 1
            if outcome.value is not None:
                store.articles.put_article(
                    work.db, outcome.value, extract.VERSION, fetched=outcome.item.fetched
                )
                work.counts["extracted"] += 1
            else:
                keep_failure(work, outcome.item.id, Stage.EXTRACT, outcome.error, extract.VERSION)
            work.progress("extract", done, len(jobs), "articles")


async def _learn_template(work: Pass, host: str) -> extract.Template | None:
    """Learn what recurs on a host's pages; one or two pages teach wrongly."""
    pages = store.pages.host_pages(work.db, host, TEMPLATE_PAGES)
    if len(pages) < MIN_TEMPLATE_PAGES:
        return None
    try:
        return await work.runner.call(
            extract.learn_template, pages, deadline_s=2 * work.settings.run.extract_deadline_s
        )
    except StageError as error:
        log.warning("no template", host=host, error=str(error))
        return None
