"""``source add | list | test | remove | import | export``."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_progress, show_table, show_time
from dragoman.errors import DragomanError, StageError
from dragoman.types import Reading, Rights, Source, SourceState

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.store import Store

app = typer.Typer(no_args_is_help=True, help="The publishers you follow.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


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


def _ask_again(db: Store, source: Source) -> None:
    """Poll a source again that said it was gone. Raises `DragomanError` for any other."""
    from dragoman import store

    state = store.sources.source_states(db).get(source.id)
    if not (state and state.is_gone):
        raise DragomanError(f"{source.url} is followed already")
    store.sources.put_source_state(db, SourceState(source.id))
    typer.echo(f"{source.name} had said it was gone; it is asked again. `dragoman once` reads it.")


def _choose_id(name: str, address: str, known: Iterable[Source]) -> str:
    """Choose the id of a new source; one that was followed before gets its own back."""
    known = tuple(known)
    former = next((source.id for source in known if source.url == address), "")
    return former or make_id(name, {source.id for source in known})


@app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A feed, or a page that names its feed.")],
    name: Annotated[
        str, typer.Option(help="The publisher's name; the feed's title if left out.")
    ] = "",
    language: Annotated[str, typer.Option(help="Its language (BCP 47).")] = "",
    country: Annotated[str, typer.Option(help="Its country (ISO 3166-1, two letters).")] = "",
    rights: Annotated[Rights, typer.Option(help="How much of it may be shown.")] = Rights.EXTRACT,
    indexable: Annotated[bool, typer.Option(help="May search engines index it here?")] = False,
    check: Annotated[bool, typer.Option(help="Read it once before adding it.")] = True,
    as_json: AsJson = False,
) -> None:
    """Follow a publisher."""
    from dragoman import store
    from dragoman.languages import normalise
    from dragoman.sanitize import clean_text, clean_url

    settings = read_settings(context)
    address = clean_url(url)
    if not address:
        raise DragomanError(f"'{url}' is no http or https address")
    if country and not re.fullmatch(r"[A-Za-z]{2}", country):
        raise DragomanError(f"'{country}' is no country code; write two letters, for example FR")
    declared = normalise(language)
    with opened_store(settings) as db:
        present = next((one for one in store.sources.sources(db) if one.url == address), None)
        if present:
            _ask_again(db, present)
            return
        reading = _read(settings, Source("new", address, "new")) if check else None
        if reading and declared == "und":
            declared = _declared(reading)
        title = name or (reading.title if reading else "") or urlsplit(address).hostname or address
        source = Source(
            id=_choose_id(title, address, store.sources.sources(db, with_removed=True)),
            url=address,
            name=clean_text(title)[:200],
            language=declared,
            country=country.upper(),
            rights=rights,
            is_indexable=indexable,
            added=datetime.now(UTC),
        )
        store.sources.put_source(db, source)
    if as_json:
        show_json(source)
    else:
        found = f", {len(reading.items)} items in its feed" if reading else ""
        typer.echo(f"Following {source.name} as '{source.id}'{found}. `dragoman once` reads it.")


def _declared(reading: Reading) -> str:
    from dragoman.errors import UnknownLanguage
    from dragoman.languages import normalise

    try:
        return normalise(reading.language)
    except UnknownLanguage:
        return "und"


def _read(settings: Settings, source: Source) -> Reading:
    from dragoman import ingest
    from dragoman.steps import open_fetcher

    async def read() -> Reading:
        async with open_fetcher(settings) as fetcher:
            return await ingest.read_source(source, SourceState(source.id), fetcher)

    return asyncio.run(read())


@app.command(name="list")
def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """List the publishers that are followed."""
    from dragoman import store

    with opened_store(read_settings(context)) as db:
        sources = store.sources.sources(db)
        states = store.sources.source_states(db)
    if as_json:
        show_json(sources)
        return
    rows = [
        (
            s.id,
            s.name,
            s.language,
            s.country,
            s.rights.value,
            show_time(states.get(s.id, SourceState(s.id)).last_success),
            s.url,
        )
        for s in sources
    ]
    show_table("", ("id", "name", "language", "country", "rights", "last read", "address"), rows)


def _find(db: Store, id: str) -> Source:
    from dragoman import store

    source = store.sources.source(db, id)
    if source is None:
        known = ", ".join(one.id for one in store.sources.sources(db)) or "none yet"
        raise DragomanError(f"there is no source '{id}'; followed: {known}")
    return source


@app.command()
def test(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The id of a source, or an address to try.")],
    as_json: AsJson = False,
) -> None:
    """Read a source once, take out its newest article, and show what each stage gave."""
    settings = read_settings(context)
    if "://" in source:
        chosen = Source("test", source, source)
    else:
        with opened_store(settings) as db:
            chosen = _find(db, source)
    report = asyncio.run(_try_stages(settings, chosen))
    if as_json:
        show_json(report)
    else:
        show_table(chosen.name, ("stage", "result"), report.items())
    if "failed" in report:
        raise typer.Exit(1)


async def _try_stages(settings: Settings, source: Source) -> dict[str, Any]:
    from dragoman import extract, ingest
    from dragoman.steps import open_fetcher

    report: dict[str, Any] = {}
    try:
        async with open_fetcher(settings) as fetcher:
            reading = await ingest.read_source(source, SourceState(source.id), fetcher)
            report["poll"] = f"{reading.feed_url}: {len(reading.items)} items"
            if not reading.items:
                return report
            item = reading.items[0]
            page = await ingest.fetch_page(item, source, fetcher, id="test")
            report["fetch"] = f"{page.final_url}: {len(page.body)} bytes"
        article = extract.extract_article(replace(page, item=item))
        moment = article.published.moment
        report["title"] = article.title
        report["language"] = article.language
        report["published"] = show_time(moment.at) if moment else "unknown"
        report["authors"] = ", ".join(article.authors) or "none named"
        report["body"] = f"{len(article.text.split())} words in {len(article.blocks)} blocks"
    except StageError as error:
        report["failed"] = str(error)
    return report


@app.command()
def remove(
    context: typer.Context, id: Annotated[str, typer.Argument(help="The id of the source.")]
) -> None:
    """Stop following a publisher; its articles stay."""
    from dragoman import store

    with opened_store(read_settings(context)) as db:
        source = _find(db, id)
        store.sources.remove_source(db, id)
    typer.echo(f"{source.name} is no longer followed; its articles stay.")


@app.command(name="import")
def import_outlines(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="An OPML file, or its address.")],
    as_json: AsJson = False,
) -> None:
    """Follow the publishers of an OPML file, with their folders; bad entries are named."""
    from dragoman import store
    from dragoman.ingest import parse_outlines

    settings = read_settings(context)
    is_address = "://" in place
    body = _fetch(settings, place) if is_address else _read_file(place)
    outlines = parse_outlines(body, place, is_own=not is_address)
    added: list[Source] = []
    with opened_store(settings) as db, show_progress(not as_json) as progress:
        known = {source.url: source for source in store.sources.sources(db, with_removed=True)}
        followed = {source.url for source in store.sources.sources(db)}
        for number, found in enumerate(outlines.sources, 1):
            if found.url not in followed:
                name = found.name or urlsplit(found.url).hostname or found.url
                id = _choose_id(name, found.url, known.values())
                source = replace(found, id=id, name=name, added=datetime.now(UTC))
                store.sources.put_source(db, source)
                known[source.url] = source
                followed.add(source.url)
                added.append(source)
            progress("import", number, len(outlines.sources), "publishers")
    present = len(outlines.sources) - len(added)
    if as_json:
        show_json({"added": added, "known": present, "faults": outlines.faults})
    else:
        for fault in outlines.faults:
            typer.echo(fault, err=True)
        typer.echo(
            f"{len(added)} publishers added, {present} followed already, "
            f"{len(outlines.faults)} entries left out. `dragoman once` reads them."
        )
    if outlines.faults and not outlines.sources:
        raise typer.Exit(1)


def _read_file(place: str) -> bytes:
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise DragomanError(f"{place} cannot be read: {error.strerror}") from error


def _fetch(settings: Settings, url: str) -> bytes:
    from dragoman.steps import open_fetcher

    async def fetch() -> bytes:
        async with open_fetcher(settings) as fetcher:
            return (await fetcher.fetch(url, is_robots_checked=False)).body

    return asyncio.run(fetch())


@app.command()
def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The OPML file to write; '-': standard output.")],
) -> None:
    """Write the publishers that are followed as OPML, in their folders."""
    from dragoman import store
    from dragoman.ingest import write_outlines

    settings = read_settings(context)
    with opened_store(settings) as db:
        sources = store.sources.sources(db)
    text = write_outlines(sources, settings.site.title)
    if file == "-":
        typer.echo(text, nl=False)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DragomanError(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"{len(sources)} publishers written to {file}.")
