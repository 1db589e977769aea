"""``source add | list | test | remove | import | export``."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_progress, show_table, show_time
from dragoman.errors import DragomanError
from dragoman.types import Images, Rights, Source, SourceState

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.store import Store

app = typer.Typer(no_args_is_help=True, help="The publishers you follow.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


def _ask_again(db: Store, source: Source) -> None:
    """Poll a source again that said it was gone. Raises `DragomanError` for any other."""
    from dragoman import store

    state = store.sources.source_states(db).get(source.id)
    if not (state and state.is_gone):
        raise DragomanError(f"{source.url} is followed already")
    store.sources.put_source_state(db, SourceState(source.id))
    typer.echo(f"{source.name} had said it was gone; it is asked again. `dragoman once` reads it.")


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
    images: Annotated[
        Images, typer.Option(help="What readers get of its pictures, where it is shown in full.")
    ] = Images.LINK,
    indexable: Annotated[bool, typer.Option(help="May search engines index it here?")] = False,
    check: Annotated[bool, typer.Option(help="Read it once before adding it.")] = True,
    as_json: AsJson = False,
) -> None:
    """Follow a publisher."""
    from dragoman import store
    from dragoman.languages import normalise
    from dragoman.steps.following import follow, read_address, read_country, read_once

    settings = read_settings(context)
    new = Source(
        id="",
        url=read_address(url),
        name=name,
        language=normalise(language),
        country=read_country(country),
        rights=rights,
        is_indexable=indexable,
        images=images,
    )
    with opened_store(settings) as db:
        present = next((one for one in store.sources.sources(db) if one.url == new.url), None)
        if present:
            _ask_again(db, present)
            return
        reading = read_once(settings, new.url) if check else None
        source = follow(db, new, reading, datetime.now(UTC))
    if as_json:
        show_json(source)
    else:
        found = f", {len(reading.items)} items in its feed" if reading else ""
        typer.echo(f"Following {source.name} as '{source.id}'{found}. `dragoman once` reads it.")


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
    from dragoman.steps.following import try_source

    settings = read_settings(context)
    if "://" in source:
        chosen = Source("test", source, source)
    else:
        with opened_store(settings) as db:
            chosen = _find(db, source)
    report = try_source(settings, chosen)
    if as_json:
        show_json(report)
    else:
        show_table(chosen.name, ("stage", "result"), report.items())
    if "failed" in report:
        raise typer.Exit(1)


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


@app.command()
def pictures(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="The source's id.")],
    images: Annotated[Images, typer.Argument(help="What readers get of its pictures.")],
) -> None:
    """Set what readers get of a source's pictures, where its articles are shown in full."""
    from dataclasses import replace

    from dragoman import store

    with opened_store(read_settings(context)) as db:
        source = _find(db, id)
        store.sources.put_source(db, replace(source, images=images))
    typer.echo(f"Pictures of {source.name}: {images.value}.")


@app.command(name="import")
def import_outlines(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="An OPML file, or its address.")],
    as_json: AsJson = False,
) -> None:
    """Follow the publishers of an OPML file, with their folders; bad entries are named."""
    from dragoman.ingest import parse_outlines
    from dragoman.steps.following import follow_outlines

    settings = read_settings(context)
    is_address = "://" in place
    body = _fetch(settings, place) if is_address else _read_file(place)
    outlines = parse_outlines(body, place, is_own=not is_address)
    with opened_store(settings) as db, show_progress(not as_json) as progress:
        done = follow_outlines(
            db,
            outlines,
            datetime.now(UTC),
            lambda done, total: progress("import", done, total, "publishers"),
        )
    if as_json:
        show_json({"added": done.added, "known": done.known, "faults": done.faults})
    else:
        for fault in outlines.faults:
            typer.echo(fault, err=True)
        typer.echo(
            f"{len(done.added)} publishers added, {done.known} followed already, "
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
