"""The command and its exit codes.

0: done. 1: something failed; the message says what and what to do. 2: wrong usage or
configuration. 3: nothing succeeded although there was something to do. 130: interrupted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dragoman import __version__
from dragoman.cli import (
    archive,
    backups,
    correcting,
    demo,
    desk,
    filters,
    glossary,
    health,
    life,
    memory,
    models,
    moving,
    reader,
    relaying,
    retranslating,
    search,
    setup,
    sources,
    spending,
    story,
    webhook,
)
from dragoman.errors import ConfigError, DragomanError, UnknownLanguage

app = typer.Typer(
    name="dragoman",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A self-hosted, fully automatic, multilingual news relay.",
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"dragoman {__version__}")
        raise typer.Exit


@app.callback()
def choose_config(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Configuration file (default: ./dragoman.toml)."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Remember which configuration to read; it is read by the commands that need it."""
    del version  # acted on by its callback
    context.obj = config


for module in (
    setup,
    relaying,
    demo,
    health,
    life,
    backups,
    moving,
    filters,
    spending,
    retranslating,
    correcting,
    search,
):
    module.add_commands(app)
app.add_typer(sources.app, name="source")
app.add_typer(archive.app, name="archive")
app.add_typer(models.app, name="models")
app.add_typer(glossary.app, name="glossary")
app.add_typer(memory.app, name="memory")
app.add_typer(story.app, name="story")
app.add_typer(desk.app, name="desk")
app.add_typer(reader.app, name="reader")
app.add_typer(webhook.app, name="webhook")


def main() -> None:
    """Run the command; every expected error ends in one plain sentence and an exit code."""
    try:
        app(standalone_mode=True)
    except (ConfigError, UnknownLanguage) as error:
        typer.echo(f"dragoman: {error}", err=True)
        sys.exit(2)
    except DragomanError as error:
        typer.echo(f"dragoman: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
