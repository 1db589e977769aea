"""Step 3: translate every article into every edition, where a route leads there."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import structlog

from dragoman import store, translate
from dragoman.config import Settings
from dragoman.errors import DragomanError, NoRoute, StageError, TranslateError
from dragoman.steps.budget import Budget
from dragoman.steps.learning import gather_aids
from dragoman.steps.recalling import Glossary, recall
from dragoman.steps.work import BATCH, Pass, keep_going, plan_retry
from dragoman.types import (
    Aids,
    Article,
    EngineKind,
    EngineSpec,
    Leg,
    Route,
    Stage,
    Translation,
    TranslationStatus,
    Usage,
)

MANY = 500  # articles that wait for an edition: then titles come first
TITLES = 2000  # of the newest that are translated before texts
SOME = 50  # articles of an edition in turn, where the step's time is short

log = structlog.get_logger(__name__)


def engine_specs(settings: Settings) -> tuple[EngineSpec, ...]:
    """List the engines of the configuration, with their options, in order of preference."""
    specs = []
    for name in settings.translate.engines:
        options = dict(settings.translate.options.get(name, {}))
        if name == "firefox":
            options.setdefault("models", str(settings.models))
        specs.append(EngineSpec(name, tuple(sorted(options.items()))))
    return tuple(specs)


async def translate_articles(work: Pass) -> None:
    """Translate every article into every edition that lacks it, where a route leads there.

    The newest first, a few for each edition in turn; where many wait, their titles before all
    texts. What is left when the time of the step is over waits for the next pass.
    """
    if not _lacks_translations(work):
        return
    specs = engine_specs(work.settings)
    try:
        legs = await work.runner.call(translate.available_legs, specs, deadline_s=120.0)
    except DragomanError as error:  # linking and the next pass go on without
        keep_going(work, "engines", Stage.TRANSLATE, error)
        return
    budget = Budget(work, legs, specs)
    _free_pending(work, budget.legs())
    # Money buys what cannot be read yet, not once more what can.
    _free_gists(work, budget.legs(is_money_spent=False))
    editions = _order_editions(work.settings.editions, budget.legs())
    for into in editions:
        await _translate_titles(work, into, budget, specs)
    ends = work.step_ends()
    while editions and time.monotonic() < ends:
        editions = [into for into in editions if await _translate_some(work, into, budget, specs)]


async def _translate_some(
    work: Pass, into: str, budget: Budget, specs: Sequence[EngineSpec]
) -> bool:
    """Translate the newest articles that wait; tells whether there were any."""
    ids = _list_waiting(work, into, SOME if work.fetch_s else BATCH)
    articles = store.articles.articles(work.db, ids=ids)
    if articles:  # none: their rows are damaged, and said to be
        await _translate_batch(work, into, articles, budget, specs)
    return bool(articles)


def _list_waiting(work: Pass, into: str, limit: int) -> tuple[str, ...]:
    """List articles that wait for an edition, newest first: news that is late is none."""
    return store.articles.article_ids_lacking_translation(
        work.db, into, translate.VERSION, work.now(), limit, is_newest_first=True
    )


async def _translate_titles(
    work: Pass, into: str, budget: Budget, specs: Sequence[EngineSpec]
) -> None:
    """Translate the titles of what waits, if it is much; readers see what there is to come."""
    ids = _list_waiting(work, into, TITLES)
    if len(ids) < MANY:
        return
    known = store.translations.translations_of(work.db, ids, into)
    new = [id for id in ids if id not in known]
    articles = (
        article
        for start in range(0, len(new), BATCH)
        for article in store.articles.articles(work.db, ids=new[start : start + BATCH])
    )
    glossary = Glossary(work, into)
    ends = work.step_ends()
    jobs = (
        (article, _arguments(work, article, glossary, route, specs))
        for article, route in _find_routes(work, into, articles, budget)
        if time.monotonic() < ends
    )
    async for outcome in work.runner.run_each(
        translate.translate_title, jobs, deadline_s=work.settings.translate.deadline_s
    ):
        if outcome.value is not None:
            # Not remembered: what a title becomes in the end must not depend on the queue.
            made = replace(outcome.value, made=work.now())
            store.translations.put_translation(work.db, made, translate.VERSION, (), work.now())
        else:  # its text will say what is wrong with it
            budget.leave_out(outcome.error)


def _order_editions(editions: Sequence[str], legs: Sequence[Leg]) -> list[str]:
    """Put first what is on the way to others: these go on from what the memory has of it."""
    # A neural leg costs ten times what rules do, so it is its languages that count.
    spoken = {leg.language for leg in legs if leg.kind is EngineKind.NEURAL}

    def measure_way(into: str) -> int:
        length = 0
        for language in spoken:
            with contextlib.suppress(NoRoute):
                length += len(translate.find_route(legs, language, into).legs)
        return length

    return sorted(editions, key=measure_way)


async def _translate_batch(
    work: Pass,
    into: str,
    articles: Sequence[Article],
    budget: Budget,
    specs: Sequence[EngineSpec],
) -> None:
    # Made one by one as workers get free: asking the memory for all of them first would
    # keep the site, which shares this thread, waiting; and each one spends.
    ready = _find_routes(work, into, articles, budget)
    glossary = Glossary(work, into)
    jobs = (
        (article, _arguments(work, article, glossary, route, specs)) for article, route in ready
    )
    done = -work.counts["pending"]
    stale: set[str] = set()
    async for outcome in work.runner.run_each(
        translate.translate_article, jobs, deadline_s=work.settings.translate.deadline_s
    ):
        done += 1
        if outcome.value is not None:
            made = replace(outcome.value, made=work.now())
            memory = translate.remember(made, glossary.terms(made.language))
            store.translations.put_translation(work.db, made, translate.VERSION, memory)
            _tell(made)
            if glossary.has_changed():  # while workers had the former terms
                stale |= {article.id for article in articles}
            if made.article in stale:
                stale.remove(made.article)
                store.work.ask_again(work.db, [made.article], Stage.TRANSLATE, into)
            work.counts["translated"] += 1
        elif budget.leave_out(outcome.error):
            _ask_otherwise(work, outcome.item, into, outcome.error)
        else:
            _keep_untranslated(work, outcome.item, into, outcome.error)
        counted = done + work.counts["pending"]
        work.progress("translate", counted, len(articles), f"articles into {into}")


def _tell(made: Translation) -> None:
    """Log what came of an article, and whether readers see it."""
    log.info("translated", article=made.article, into=made.into, verdict=made.verdict.value)
    if made.status is TranslationStatus.HELD:
        log.info("held back", article=made.article, edition=made.into, reason=made.reason)
    else:
        log.info("published", article=made.article, edition=made.into, original=False)


def _find_routes(
    work: Pass, into: str, articles: Iterable[Article], budget: Budget
) -> Iterator[tuple[Article, Route]]:
    """Give articles with their routes; those that have none wait."""
    for article in articles:
        try:
            yield article, budget.find_route(article.language, into)
        except NoRoute as error:
            _keep_pending(work, article, into, str(error))


def _arguments(
    work: Pass, article: Article, glossary: Glossary, route: Route, specs: Sequence[EngineSpec]
) -> tuple[Article, str, Route, Sequence[EngineSpec], dict[str, str], Aids]:
    """Gather what a worker needs to translate an article."""
    remembered = recall(work, article, glossary, route)
    reviewed = tuple(store.memory.reviewers(work.db, remembered).items())
    aids = gather_aids(work, article, glossary.into)
    aids = replace(aids, glossary=glossary.of(article), reviewed=reviewed)
    return article, glossary.into, route, specs, remembered, aids


def _lacks_translations(work: Pass) -> bool:
    """Whether anything is to be translated, or waits for a route: asked before engines load."""
    if store.work.waiting_pairs(work.db) or store.translations.gists(work.db):
        return True
    return any(_list_waiting(work, into, 1) for into in work.settings.editions)


def _free_pending(work: Pass, legs: Sequence[Leg]) -> None:
    """Let articles that waited for a route go on where an engine or model was added since."""
    for language, into in store.work.waiting_pairs(work.db):
        if into in work.settings.editions:
            with contextlib.suppress(NoRoute):
                translate.find_route(legs, language, into)
                store.work.retry(
                    work.db, stage=Stage.TRANSLATE, into=into, language=language, now=work.now()
                )


def _free_gists(work: Pass, legs: Sequence[Leg]) -> None:
    """Have gists translated again where a better route leads now; readers keep them till then."""
    for gist in store.translations.gists(work.db):
        if gist.route is None or gist.into not in work.settings.editions:
            continue
        with contextlib.suppress(NoRoute):
            route = translate.find_route(legs, gist.language, gist.into)
            if translate.is_clearly_better(route, gist.route):
                ids = store.translations.articles_like(work.db, gist)
                store.work.ask_again(work.db, ids, Stage.TRANSLATE, gist.into)


def _keep_pending(work: Pass, article: Article, into: str, reason: str) -> None:
    """Write down why an article waits; adding a model frees it."""
    waiting = translate.pending(article, into, reason)
    store.translations.put_translation(work.db, waiting, translate.VERSION, ())
    work.counts["pending"] += 1
    log.info("waits", article=article.id, stage="translate", into=into, reason=reason)


def _ask_otherwise(work: Pass, article: Article, into: str, error: Exception | None) -> None:
    """Let an article go on at once by another engine: nothing is wrong with it."""
    waiting = replace(translate.pending(article, into, str(error)), usage=_spent(error))
    store.translations.put_translation(work.db, waiting, translate.VERSION, (), work.now())


def _keep_untranslated(work: Pass, article: Article, into: str, error: Exception | None) -> None:
    """Make a failed translation a state that readers see, and plan the next try."""
    error = error or StageError("neither a translation nor an error")
    failure, next_try = plan_retry(
        work, article.id, Stage.TRANSLATE, error, translate.VERSION, into
    )
    failed = translate.failed(article, into, failure.message)
    failed = replace(failed, usage=_spent(error))
    store.translations.put_translation(
        work.db, failed, translate.VERSION, (), next_try, failure=failure
    )


def _spent(error: Exception | None) -> tuple[Usage, ...]:
    return error.spent if isinstance(error, TranslateError) else ()
