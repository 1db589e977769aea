"""``reader``: the account of reading programs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.errors import ConfigError

app = typer.Typer(no_args_is_help=True, help="Let a reading program in (Google Reader API).")


@app.callback()
def reader() -> None:
    """Keep ``password`` a command of its own."""


@app.command()
def password(
    context: typer.Context,
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input, without asking.")
    ] = False,
) -> None:
    """Set the password of the reading programs; every program has to log in again."""
    from dragoman.store import readers
    from dragoman.web.reader.login import set_password

    settings = read_settings(context)
    user = settings.reader.user
    if not user:
        raise ConfigError("reader.user is not set; write the name to log in with under [reader]")
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened_store(settings) as db:
        set_password(db, user, chosen)
        readers.number_items(db, settings.editions, datetime.now(UTC))
    typer.echo(f"Log in as {user} at {settings.site.base_url} (Google Reader API, or FreshRSS).")
