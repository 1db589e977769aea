"""What each stage costs alone: its function on its inputs, in a plain loop, in one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman import extract, ingest, link, store, translate
from dragoman.config import Settings
from dragoman.errors import StageError
from dragoman.languages import base
from dragoman.steps import open_fetcher
from dragoman.steps.indexing import lay_text
from dragoman.steps.translating import engine_specs
from dragoman.store.indexing import analyse_text
from dragoman.types import Article, Lesson, LinkInput, Page, Route, Source, SourceState, Translation

_LEAD = 1600  # characters that linking reads of a text


@dataclass(frozen=True)
class Costs:
    """CPU seconds of each stage alone, and of how much."""

    pages: int
    articles: int
    translations: int
    words: int  # that were translated
    fetch: float
    extract: float
    translate: float
    link: float
    index: float

    @property
    def total(self) -> float:
        """Give the sum."""
        return self.fetch + self.extract + self.translate + self.link + self.index


def measure_stages(db: store.Store, settings: Settings) -> Costs:
    """Do again, stage by stage, what a relay made of the pages that a store holds."""
    sources = store.sources.sources(db)
    articles = store.articles.articles(db)
    pages = [page for one in articles if (page := store.pages.page(db, one.id))]
    specs = engine_specs(settings)
    legs = translate.available_legs(specs)
    jobs = [
        (article, into, translate.find_route(legs, article.language, into))
        for article in articles
        for into in settings.editions
        if base(article.language) != base(into)
        and any((leg.language, leg.into) == (base(article.language), into) for leg in legs)
    ]
    warm(articles[:3], jobs[:3], specs)
    fetching, _ = timed(lambda: asyncio.run(fetch(sources, pages, settings)))
    extracting, _ = timed(lambda: take(pages))
    translating, made = timed(
        lambda: [translate.translate_article(a, into, route, specs) for a, into, route in jobs]
    )
    linking, _ = timed(lambda: link_all(articles))
    indexing, _ = timed(lambda: index(articles, made))
    words = sum(len(segment.segment.text.split()) for one in made for segment in one.segments)
    return Costs(
        len(pages), len(articles), len(made), words,
        fetching, extracting, translating, linking, indexing,
    )  # fmt: skip


def warm(
    articles: Sequence[Article], jobs: Sequence[tuple[Article, str, Route]], specs: Any
) -> None:
    """Load what is loaded once: engines, encoder, dictionaries."""
    for article, into, route in jobs:
        translate.translate_article(article, into, route, specs)
    link_all(articles)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Give the CPU seconds of a piece of work, and what it made."""
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


async def fetch(sources: Sequence[Source], pages: Sequence[Page], settings: Settings) -> None:
    """Poll every source once, and fetch every page."""
    by_id = {source.id: source for source in sources}
    async with open_fetcher(settings) as fetcher:
        for source in sources:
            await ingest.read_source(source, SourceState(source.id), fetcher)
        for page in pages:
            if page.item:
                await ingest.fetch_page(page.item, by_id[page.source], fetcher)


def take(pages: Sequence[Page]) -> None:
    """Learn every host, and take the articles out of its pages."""
    hosts: dict[str, list[Page]] = {}
    for page in pages:
        hosts.setdefault(store.pages.host_of(page.final_url or page.url), []).append(page)
    for host, some in hosts.items():
        template = extract.make_template(extract.learn_pages(Lesson(host), some))
        for page in some:
            try:
                extract.extract_article(page, template)
            except StageError:
                continue


def link_all(articles: Sequence[Article]) -> None:
    """Embed all, and judge each against those before it."""
    bare = [
        LinkInput(
            one.id, one.url, one.language, one.title, one.text[:_LEAD],
            store.articles.listing_time(one), one.source, b"",
        )
        for one in articles
    ]  # fmt: skip
    inputs = [
        LinkInput(o.id, o.url, o.language, o.title, o.text, o.at, o.source, vector)
        for o, vector in zip(bare, link.embed(bare), strict=True)
    ]
    inputs.sort(key=lambda one: (one.at, one.id))
    rarity, _ = link.count_stream(b"", inputs)
    link.group_articles(inputs, link.link_stories(inputs, [], [], rarity=rarity))


def index(articles: Sequence[Article], made: Sequence[Translation]) -> None:
    """Analyse every original and translation for search."""
    by_id = {one.id: one for one in articles}
    texts = [lay_text(one, "", None) for one in articles]
    texts += [lay_text(by_id[one.article], one.into, one) for one in made]
    for text in texts:
        if text:
            analyse_text(text)
