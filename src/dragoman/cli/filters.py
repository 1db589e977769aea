"""Each stage alone, as a filter: ``extract``, ``translate``, ``link``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from dragoman.cli.session import read_settings
from dragoman.cli.show import show_json, show_row
from dragoman.cli.story import link_store
from dragoman.errors import ConfigError, DragomanError

File = Annotated[
    Path | None, typer.Argument(help="File to read; standard input if left out or '-'.")
]
Batch = Annotated[
    bool, typer.Option("--batch", help="Read JSON lines, write JSON lines, in order.")
]


def _read_bytes(file: Path | None) -> bytes:
    if file is None or str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise DragomanError(f"{file} cannot be read: {error.strerror}") from error


def _read_rows(file: Path | None) -> Iterator[dict[str, Any]]:
    """Give each line's object; a line that is none comes as {"id": its number, "error": why}."""
    for number, line in enumerate(_read_bytes(file).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = {"id": number, "error": f"line {number} is no JSON: {error}"}
        if not isinstance(row, dict):
            row = {"id": number, "error": f"line {number} is no JSON object"}
        yield row


def extract(
    file: File = None,
    url: Annotated[str, typer.Option(help="The address that the page was fetched from.")] = "",
    batch: Batch = False,
) -> None:
    """Take the article out of a page: HTML in, JSON out."""
    from dragoman.extract import article_json, extract_article, extract_batch
    from dragoman.types import Page

    if batch:
        for row in extract_batch(_read_rows(file)):
            show_row(row)
        return
    page = Page(url, url, datetime.now(UTC), 200, _read_bytes(file))
    show_json(article_json(extract_article(page)))


def translate(
    context: typer.Context,
    into: Annotated[str, typer.Option(help="The language to translate into (BCP 47).")],
    file: File = None,
    language: Annotated[
        str, typer.Option("--from", help="The language of the text; detected if left out.")
    ] = "",
    batch: Batch = False,
    text: Annotated[bool, typer.Option("--text", help="Print the translated text alone.")] = False,
) -> None:
    """Translate plain text, HTML or an article's JSON."""
    from dragoman.languages import normalise
    from dragoman.steps import engine_specs
    from dragoman.translate import translate_batch, translate_document

    specs = engine_specs(read_settings(context))
    into = normalise(into)
    language = normalise(language) if language else ""
    if batch:
        for row in translate_batch(_read_rows(file), into, specs, language=language):
            show_row(row)
        return
    document = _read_bytes(file).decode("utf-8", errors="replace")
    answer = translate_document(document, into, specs, language=language)
    if text:
        typer.echo(answer["text"])
    else:
        show_json(answer)


def link(
    context: typer.Context,
    file: File = None,
    stored: Annotated[
        bool, typer.Option("--stored", help="Link the articles in the store that wait for it.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Link every article in the store anew.")
    ] = False,
    event_days: Annotated[
        float,
        typer.Option(min=0.5, max=365, help="Days that reports of one event may lie apart."),
    ] = 2.0,
    event_threshold: Annotated[
        float, typer.Option(min=-6, max=6, help="Log odds from which reports are one event.")
    ] = -1.25,
) -> None:
    """Link reports of one story: JSON lines of articles in, events and stories out."""
    if stored or again:
        if file is not None:
            raise ConfigError("--stored and --again link the store's articles; leave the file out")
        link_store(context, is_anew=again)
        return
    from dragoman.link import Scale, link_batch

    for row in link_batch(_read_rows(file), scale=Scale(event_days, event_threshold)):
        show_row(row)


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    app.command()(extract)
    app.command()(translate)
    app.command()(link)
