"""Step 3: translate every article into every edition, where a route leads there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dragoman import store, translate
from dragoman.config import Settings
from dragoman.errors import DragomanError, NoRoute, StageError, TranslateError
from dragoman.steps.budget import Budget
from dragoman.steps.learning import gather_aids
from dragoman.steps.recalling import Glossary, recall
from dragoman.steps.work import BATCH, Pass, keep_going, plan_retry
from dragoman.types import Aids, Article, EngineKind, EngineSpec, Leg, Route, Stage, Usage


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
    """Translate every article into every edition that lacks it, where a route leads there."""
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
    for into in _order_editions(work.settings.editions, budget.legs()):
        while ids := store.articles.article_ids_lacking_translation(
            work.db, into, translate.VERSION, work.now(), BATCH
        ):
            articles = store.articles.articles(work.db, ids=ids)
            if not articles:  # their rows are damaged, and said to be
                break
            await _translate_batch(work, into, articles, budget, specs)


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


def _find_routes(
    work: Pass, into: str, articles: Sequence[Article], budget: Budget
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
    return any(
        store.articles.article_ids_lacking_translation(
            work.db, into, translate.VERSION, work.now(), 1
        )
        for into in work.settings.editions
    )


def _free_pending(work: Pass, legs: Sequence[Leg]) -> None:
    """Let articles that waited for a route go on where an engine or model was added since."""
    for language, into in store.work.waiting_pairs(work.db):
        if into in work.settings.editions:
            with contextlib.suppress(NoRoute):
                translate.find_route(legs, language, into)
                store.work.retry(work.db, stage=Stage.TRANSLATE, into=into, language=language)


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
