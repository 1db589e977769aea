"""The last step: reading programs and webhooks are told what is new.

A webhook's messages are queued in the store with what they tell, so none is lost by a crash; one
may come twice, under the same id. They follow the convention of standardwebhooks.com.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from dragoman import languages, store
from dragoman.analysis import parse_query
from dragoman.steps.delivering import deliver
from dragoman.steps.hooks import Hook, read_hooks, stamp_time, write_messages
from dragoman.steps.work import BATCH, Pass
from dragoman.store.search import Filters
from dragoman.store.webhooks import MATCH, SEARCH, SOURCE, STORY, Delivery
from dragoman.types import Article, SourceState, Translation, TranslationStatus

FAILING = 3  # polls in a row after which a source is said to fail
MATCHES_LAST = timedelta(days=2)  # articles listed earlier are not looked at


async def notify_others(work: Pass) -> None:
    """Number what came for reading programs, and tell webhooks what happened."""
    hooks = read_hooks(work.settings)
    # In a thread of its own: the site is served by the one that waits here.
    await asyncio.to_thread(_write_down, work, hooks)
    await deliver(work, hooks)


def _write_down(work: Pass, hooks: Sequence[Hook]) -> None:
    """Number items, and queue messages; without webhooks all of theirs is forgotten."""
    if work.settings.reader.user:
        store.readers.number_items(work.db, work.settings.editions, work.now())
    if not hooks:
        store.webhooks.forget(work.db)
        return
    store.webhooks.begin(work.db, work.now())
    store.webhooks.drop_others(work.db, [hook.url for hook in hooks], work.now())
    _announce_stories(work, hooks)
    _announce_sources(work, hooks)
    for hook in hooks:
        if hook.search:
            _announce_matches(work, hook)


# -- What happened ---------------------------------------------------------------------------


def _announce_stories(work: Pass, hooks: Sequence[Hook]) -> None:
    """Queue a message for each story that began or grew."""
    while grown := store.webhooks.grown_stories(work.db, BATCH):
        fresh: list[Delivery] = []
        for one in grown:
            event = "story.grown" if one.told else "story.new"
            wanted = [hook for hook in hooks if event in hook.events]
            if wanted:
                data = {"story": describe_story(work, one.id), "reports_before": one.told}
                fresh += write_messages(wanted, event, data, work.now())
        told = {f"{STORY}{one.id}": one.articles for one in grown}
        store.webhooks.put_deliveries(work.db, fresh, told, work.now())


def describe_story(work: Pass, id: str) -> dict[str, Any]:
    """Describe a story to programs: its headlines by edition, and its reports."""
    members = store.stories.story(work.db, id)
    ids = [one.article for one in members]
    found = {one.id: one for one in store.articles.articles(work.db, ids=ids)}
    reports = [found[one] for one in ids if one in found]
    return {
        "id": id,
        "editions": _describe_editions(work, reports, f"story/{id}/"),
        "reports": len(reports),
        "languages": sorted({languages.base(one.language) for one in reports}),
        "articles": [_describe_article(one) for one in reports],
    }


def _describe_article(one: Article) -> dict[str, Any]:
    moment = one.published.moment
    return {
        "id": one.id,
        "source": one.source,
        "language": one.language,
        "title": one.title,
        "url": one.url,
        "published": stamp_time(moment.at) if moment else None,
    }


def _describe_editions(work: Pass, reports: Sequence[Article], path: str) -> dict[str, Any]:
    """Give the page of each edition, with the newest headline that can be read in it."""
    base_url = work.settings.site.base_url.rstrip("/")
    ids = [one.id for one in reports]
    found = {}
    for edition in work.settings.editions:
        made = store.translations.translations_of(work.db, ids, edition)
        title = next(_titles(reversed(reports), made, edition), None)
        found[edition] = {"title": title, "url": f"{base_url}/{edition}/{path}"}
    return found


def _titles(
    reports: Iterable[Article], made: dict[str, Translation], edition: str
) -> Iterator[str]:
    """Give the headlines of reports that can be read in an edition."""
    for one in reports:
        translation = made.get(one.id)
        if languages.is_same(one.language, edition):
            yield one.title
        elif translation and translation.status is TranslationStatus.DONE and translation.title:
            yield translation.title


def _announce_sources(work: Pass, hooks: Sequence[Hook]) -> None:
    """Queue a message for each source that began to fail; one that recovers may fail anew."""
    states = store.sources.source_states(work.db)
    told = store.webhooks.told_sources(work.db)
    failing = {id: state for id, state in states.items() if state.failures >= FAILING}
    well = {f"{SOURCE}{id}" for id in told if id not in failing}
    wanted = [hook for hook in hooks if "source.failing" in hook.events]
    fresh: list[Delivery] = []
    news = {id: state for id, state in failing.items() if id not in told}
    for id, state in news.items():
        fresh += write_messages(
            wanted, "source.failing", _describe_failing(work, id, state), work.now()
        )
    counts = {f"{SOURCE}{id}": state.failures for id, state in news.items()}
    if counts or well:
        store.webhooks.put_deliveries(work.db, fresh, counts, work.now(), untold=well)


def _describe_failing(work: Pass, id: str, state: SourceState) -> dict[str, Any]:
    source = store.sources.source(work.db, id)
    failure = state.failure
    return {
        "source": {
            "id": id,
            "name": source.name if source else id,
            "failures": state.failures,
            "failure": failure.kind if failure else None,
            "message": failure.message if failure else None,
            "last_success": stamp_time(state.last_success) if state.last_success else None,
            "is_gone": state.is_gone,
        }
    }


def _announce_matches(work: Pass, hook: Hook) -> None:
    """Queue a message for each article that a webhook's search finds for the first time.

    What a new search finds at once is not told: it was there before.
    """
    since = Filters(since=work.now() - MATCHES_LAST)
    found = store.search.find(work.db, parse_query(hook.search), since, by_date=True)
    marker = f"{SEARCH}{hook.key}"
    subjects = {f"{MATCH}{hook.key}:{hit.article}": hit.article for hit in found.hits}
    known = store.webhooks.told_of(work.db, [marker, *subjects])
    fresh = {subject: id for subject, id in subjects.items() if subject not in known}
    messages: list[Delivery] = []
    if marker in known:
        for one in store.articles.articles(work.db, ids=list(fresh.values())):
            pages = _describe_editions(work, [one], f"article/{one.id}/")
            article = {**_describe_article(one), "editions": pages}
            data = {"search": hook.search, "article": article}
            messages += write_messages([hook], "search.match", data, work.now())
    if fresh or marker not in known:
        told = dict.fromkeys((marker, *fresh), 1)
        store.webhooks.put_deliveries(work.db, messages, told, work.now())
