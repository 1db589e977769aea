"""Follow publishers: try one, add it, take in a list of them. What the front doors share."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from dragoman import extract, ingest, store, translate
from dragoman.config import Settings
from dragoman.errors import DragomanError, NoRoute, StageError, UnknownLanguage
from dragoman.ingest.opml import Outlines
from dragoman.languages import is_same, normalise
from dragoman.runner import LocalRunner
from dragoman.sanitize import clean_text, clean_url
from dragoman.steps.fetching import open_fetcher
from dragoman.steps.translating import engine_specs
from dragoman.store import Store
from dragoman.types import Reading, Rights, Source, SourceState

FAILED = "failed"  # what a report calls the stage that failed
_LOAD_S = 120.0  # to load the engines


def make_id(name: str, taken: set[str]) -> str:
    """Make a short id from a name or address that no other source has."""
    from anyascii import anyascii

    words = re.findall(r"[a-z0-9]+", anyascii(name).lower())
    plain = "-".join(words)[:40].strip("-") or "source"
    number, id = 1, plain
    while id in taken:
        number += 1
        id = f"{plain}-{number}"
    return id


def choose_id(name: str, address: str, known: Iterable[Source]) -> str:
    """Choose the id of a new source; one that was followed before gets its own back."""
    known = tuple(known)
    former = next((source.id for source in known if source.url == address), "")
    return former or make_id(name, {source.id for source in known})


def read_address(text: str) -> str:
    """Give an address as it is stored. Raises `DragomanError` for none of http or https."""
    address = clean_url(text)
    if not address:
        raise DragomanError(f"'{text}' is no http or https address")
    return address


def read_country(text: str) -> str:
    """Give a country's code as it is stored. Raises `DragomanError` for none."""
    if text and not re.fullmatch(r"[A-Za-z]{2}", text):
        raise DragomanError(f"'{text}' is no country code; write two letters, for example FR")
    return text.upper()


def declared_language(reading: Reading) -> str:
    """Give the language that a feed says it is in; unknown where it says none or nonsense."""
    try:
        return normalise(reading.language)
    except UnknownLanguage:
        return "und"


def read_once(settings: Settings, address: str) -> Reading:
    """Read what an address leads to, once. Raises leaves of `StageError`."""

    async def read() -> Reading:
        source = Source("new", address, "new")
        async with open_fetcher(settings) as fetcher:
            return await ingest.read_source(source, SourceState(source.id), fetcher)

    return asyncio.run(read())


def follow(db: Store, new: Source, reading: Reading | None, now: datetime) -> Source:
    """Follow a publisher, with what its feed said where ``new`` says nothing.

    Its id is chosen here. Raises `DragomanError` where its address is followed already.
    """
    if any(one.url == new.url for one in store.sources.sources(db)):
        raise DragomanError(f"{new.url} is followed already")
    title = new.name or (reading.title if reading else "") or urlsplit(new.url).hostname or new.url
    language = new.language
    if reading and language == "und":
        language = declared_language(reading)
    known = store.sources.sources(db, with_removed=True)
    id = choose_id(title, new.url, known)
    source = replace(new, id=id, name=clean_text(title)[:200], language=language, added=now)
    store.sources.put_source(db, source)
    return source


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a list of publishers."""

    added: tuple[Source, ...]
    known: int
    faults: tuple[str, ...]


def follow_outlines(
    db: Store,
    outlines: Outlines,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Followed:
    """Follow the publishers of an outline that are not followed yet."""
    known = {source.url: source for source in store.sources.sources(db, with_removed=True)}
    followed = {source.url for source in store.sources.sources(db)}
    added = []
    for number, found in enumerate(outlines.sources, 1):
        if found.url not in followed:
            name = found.name or urlsplit(found.url).hostname or found.url
            id = choose_id(name, found.url, known.values())
            source = replace(found, id=id, name=name, added=now)
            store.sources.put_source(db, source)
            known[source.url] = source
            followed.add(source.url)
            added.append(source)
        progress(number, len(outlines.sources))
    present = len(outlines.sources) - len(added)
    return Followed(tuple(added), present, outlines.faults)


def try_source(settings: Settings, source: Source) -> dict[str, Any]:
    """Read a source once, take out its newest article, and say what each stage gave.

    Nothing is stored. The parsers run in a worker that is killed when it takes too long. What
    failed stands under ``failed``.
    """
    runner = LocalRunner(1, memory_mb=settings.run.memory_mb)
    report: dict[str, Any] = {}
    try:
        asyncio.run(_try(settings, source, runner, report))
    except StageError as error:
        report[FAILED] = str(error)
    finally:
        runner.close()
    return report


async def _try(
    settings: Settings, source: Source, runner: LocalRunner, report: dict[str, Any]
) -> None:
    call = partial(runner.call, deadline_s=settings.run.extract_deadline_s)
    async with open_fetcher(settings) as fetcher:
        reading = await ingest.read_source(source, SourceState(source.id), fetcher, call)
        report["poll"] = f"{reading.feed_url}: {len(reading.items)} items"
        if not reading.items:
            return
        item = reading.items[0]
        page = await ingest.fetch_page(item, source, fetcher, id="test")
        report["fetch"] = f"{page.final_url}: {len(page.body)} bytes"
    article = await call(extract.extract_article, replace(page, item=item))
    moment = article.published.moment
    report["title"] = article.title
    report["language"] = article.language
    report["published"] = f"{moment.at:%Y-%m-%d %H:%M}" if moment else "unknown"
    report["authors"] = ", ".join(article.authors) or "none named"
    report["body"] = f"{len(article.text.split())} words in {len(article.blocks)} blocks"
    specs = engine_specs(settings)
    legs = await runner.call(translate.available_legs, specs, deadline_s=_LOAD_S)
    for into in settings.editions:
        if is_same(into, article.language):
            continue
        try:
            report[f"into {into}"] = translate.find_route(legs, article.language, into).name
        except NoRoute as error:
            report[f"into {into}"] = str(error)


def parse_rights(text: str) -> Rights:
    """Give rights by their word. Raises `DragomanError` for another."""
    try:
        return Rights(text)
    except ValueError as error:
        known = ", ".join(one.value for one in Rights)
        raise DragomanError(f"'{text}' are no rights; there are: {known}") from error
