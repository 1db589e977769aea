"""Translation beside the bare engine: our own cost, two processes, memory, and copies.

News of NTREX, by documents. The bare engine gets the very sentences that our path finds. The
processes are those of the runner, as the relay uses them; copies go through the relay's step and
a real store.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.turns import HEAD, TURNS, Ratio, compare
from bench.workers import Used, measure_workers
from dragoman import extract, store, translate
from dragoman.config import Settings, Translate
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, translate_articles
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    EngineSpec,
    FeedItem,
    Moment,
    Page,
    Reading,
    Route,
    Source,
    SourceState,
    Text,
)

LINES = 120
COPIED_LINES = 40
OUTLETS = 4
SPECS = (EngineSpec("firefox"),)
INTO = "pt"
DEADLINE_S = 600.0
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Done:
    """What a batch took in the workers."""

    wall: float
    cpu: float
    workers: dict[int, Used]


def main(data: Path) -> None:
    """Print one table."""
    articles = read_articles(data, LINES)
    route = translate.find_route(translate.available_legs(SPECS), "en", INTO)
    words = sum(len(segment.text.split()) for a in articles for segment in segments(a))
    print(f"{len(articles)} articles, {words} words")
    print(HEAD)
    alone = compare(
        lambda: [translate.translate_article(a, INTO, route, SPECS) for a in articles],
        lambda: [translate_bare(a, route) for a in articles],
    )
    print(alone.row("our path / bare engine, one process, CPU-s"))
    speeds = {count: bench_workers(articles, route, count) for count in (1, 2)}
    for count, (ours, bare) in speeds.items():
        rates = Ratio(words / ours.wall, words / bare.wall)
        print(rates.row(f"our path / bare engine, {count} worker(s), words/s"))
    for side, name in enumerate(("our path", "bare engine")):
        one, two = (speeds[count][side].wall for count in (1, 2))
        print(Ratio(words / two, words / one).row(f"{name}, two workers / one, words/s"))
    for used in speeds[2][0].workers.values():
        print(Ratio(used.rss, used.pss).row("memory of a worker: RSS / PSS, MB"))
    bench_copies(read_articles(data, COPIED_LINES), route)


def bench_workers(articles: Sequence[Article], route: Route, count: int) -> tuple[Done, Done]:
    """Give the best of our path's turns in so many workers, and of the bare engine's."""
    runner = LocalRunner(count)
    works: tuple[tuple[Callable[..., Any], tuple[Any, ...]], ...] = (
        (translate.translate_article, (INTO, route, SPECS)),
        (translate_bare, (route,)),
    )
    best: list[Done] = []
    try:
        for function, rest in works:  # loads the models in every worker
            run(runner, function, list(articles[: 2 * count]) * 2, rest)
        for turn in range(TURNS):
            for side, (function, rest) in enumerate(works):
                done = run(runner, function, articles, rest)
                if not turn:
                    best.append(done)
                elif done.wall < best[side].wall:
                    best[side] = done
    finally:
        runner.close()
    return best[0], best[1]


def bench_copies(articles: Sequence[Article], route: Route) -> None:
    """Print what the memory saves where every report is printed by several outlets."""
    rounds = [[print_report(a, outlet) for a in articles] for outlet in range(OUTLETS)]
    stream = [article for printed in rounds for article in printed]
    runner = LocalRunner(2)
    try:
        run(runner, translate.translate_article, stream[:4], (INTO, route, SPECS))
        without = run(runner, translate.translate_article, stream, (INTO, route, SPECS))
        before = sum(used.cpu for used in measure_workers().values())
        made, seconds = relay_rounds(runner, rounds)
        with_memory = sum(used.cpu for used in measure_workers().values()) - before
    finally:
        runner.close()
    asked = [s for one in made for s in one.segments if not s.is_untouched]
    recalled = sum(s.is_remembered for s in asked)
    print(Ratio(with_memory, without.cpu).row("copies: with memory / without, CPU-s of workers"))
    print(Ratio(seconds, without.wall).row("copies: with memory and store / without, s"))
    share = 100 * recalled / len(asked)
    print(f"copies: {recalled} of {len(asked)} segments came from the memory ({share:.0f}%)")


def relay_rounds(
    runner: LocalRunner, rounds: Sequence[Sequence[Article]]
) -> tuple[list[Any], float]:
    """Translate the rounds as the relay does, a pass each, and give what was made."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder), editions=(INTO,), translate=Translate(engines=("firefox",))
        )
        db = store.open_store(settings.store_url)
        store.sources.put_source(db, Source("s", "https://a.example/feed", "A"))
        began = time.perf_counter()
        for number, articles in enumerate(rounds):
            for article in articles:
                put(db, article)
            work = Pass(db, runner, settings, now=lambda: NOW + timedelta(hours=number))  # noqa: B023
            asyncio.run(translate_articles(work))
        seconds = time.perf_counter() - began
        made = [
            store.translations.translation(db, a.id, INTO) for printed in rounds for a in printed
        ]
        db.close()
    return [one for one in made if one], seconds


def put(db: store.Store, article: Article) -> None:
    """Store an article as if it had been polled, fetched and extracted."""
    item = FeedItem(article.url)
    reading = Reading("s", "x", items=(item,))
    store.items.put_reading(db, reading, SourceState("s"), {article.url: article.id}, NOW)
    page = Page(article.url, article.url, NOW, 200, b"x", id=article.id, source="s", item=item)
    store.pages.put_page(db, page)
    store.articles.put_article(db, article, extract.VERSION)


def run(
    runner: LocalRunner,
    function: Callable[..., Any],
    articles: Sequence[Article],
    rest: tuple[Any, ...],
) -> Done:
    """Run a function on each article in the workers, and say what it took."""
    before = sum(used.cpu for used in measure_workers().values())
    began = time.perf_counter()

    async def each() -> None:
        jobs = ((article, (article, *rest)) for article in articles)
        async for outcome in runner.run_each(function, jobs, deadline_s=DEADLINE_S):
            if outcome.error:
                raise outcome.error

    asyncio.run(each())
    wall = time.perf_counter() - began
    workers = measure_workers()
    return Done(wall, sum(used.cpu for used in workers.values()) - before, workers)


def translate_bare(article: Article, route: Route) -> list[str]:
    """Translate an article's sentences with nothing before or after the engine."""
    engine = translate.load_engine(SPECS[0])
    return engine.translate([segment.text for segment in segments(article)], route.legs[0])


def segments(article: Article) -> Sequence[Any]:
    """Give the segments of an article."""
    return translate.segment_article(article)


def print_report(article: Article, outlet: int) -> Article:
    """Give a wire report as an outlet prints it: with its own headline, cuts and small edits."""
    id = f"{article.id}-{outlet}"
    if not outlet:
        return replace(article, id=id, url=f"https://a.example/{id}")
    texts = [block.parts[0].text for block in article.blocks]
    kept = texts[: max(2, len(texts) - outlet)]
    kept[0] = kept[0].replace(" said ", " told reporters ", 1)
    kept[outlet % len(kept)] += f" The report was printed on page {outlet}."
    title = (f"{article.title} – live", article.title.replace(",", ""), article.title)[outlet % 3]
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in kept)
    return replace(article, id=id, url=f"https://a.example/{id}", title=title, blocks=blocks)


def read_articles(data: Path, lines: int) -> list[Article]:
    """Read the first lines of NTREX as articles, a document each."""
    return list(_documents(data / "ntrex", lines))


def _documents(folder: Path, lines: int) -> Iterator[Article]:
    names = [line.split("\t")[-1] for line in (folder / "documents.tsv").read_text().splitlines()]
    texts = (folder / "eng.txt").read_text("utf-8").splitlines()
    rows = list(zip(names, texts, strict=True))[:lines]
    for name, group in groupby(rows, key=lambda row: row[0]):
        title, *body = [text for _, text in group]
        blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in body)
        url = f"https://a.example/{name}"
        yield Article(name, "s", url, "en", title, blocks, Dating(Moment(NOW)))
