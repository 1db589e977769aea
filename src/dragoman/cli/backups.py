"""``backup`` and ``restore``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.session import read_settings
from dragoman.cli.show import show_json, show_progress

if TYPE_CHECKING:
    from dragoman.store.backups import Backup

AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


def backup(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Where to; without it a dated file in data/backups.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy the whole store to a file while the relay runs, and verify the copy."""
    from dragoman.store.moving import back_up

    settings = read_settings(context)
    if file is None:
        folder = settings.data / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"relay-{_stamp()}.db"
    with show_progress(not as_json) as progress:

        def draw(what: str, done: int, whole: int) -> None:
            progress("copy", done, whole, what)

        made = back_up(settings.store_url, file, draw)
    if as_json:
        show_json(made)
    else:
        typer.echo(f"{made.file}: {_describe(made)}, verified.")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup.")],
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the store; what was there is kept beside it."""
    from dragoman.store.backups import restore as put_back

    settings = read_settings(context)
    if not settings.store:
        settings.data.mkdir(parents=True, exist_ok=True)
    found, former = put_back(file, settings.store_url, suffix=f".replaced-{_stamp()}")
    if as_json:
        show_json({"backup": found, "former": former})
        return
    typer.echo(f"Restored {file}: {_describe(found)}.")
    if former:
        typer.echo(f"The store that was there is now {former}; remove it when all is well.")


def _describe(found: Backup) -> str:
    return (
        f"{found.articles} articles, {found.translations} translations, {found.stories} stories, "
        f"{found.sources} sources, {found.size / 1e6:.1f} MB"
    )


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}"


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    app.command()(backup)
    app.command()(restore)
