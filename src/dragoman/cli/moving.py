"""``migrate-store``."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.show import show_json, show_progress, show_table


def migrate_store(
    origin: Annotated[
        str, typer.Argument(metavar="FROM", help="The store's address, or its SQLite file.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="An empty database, or a file that is to be made.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Move the store to another database, SQLite or PostgreSQL; the original stays as it is."""
    from dragoman.store.moving import move_store

    with show_progress(not as_json) as progress:

        def draw(name: str, done: int, whole: int) -> None:
            progress("move", done, whole, name)

        moved = move_store(origin, target, draw)
    if as_json:
        show_json(moved)
        return
    rows = [(one.table, one.rows, one.mended or "", one.digest) for one in moved if one.rows]
    show_table("", ("table", "rows", "mended", "digest"), rows)
    typer.echo(
        f"\nMoved {sum(one.rows for one in moved)} rows; the target gives back each table as the "
        f'original does. Next: set store = "{target}" in dragoman.toml, and start Dragoman. The '
        "original is as it was; remove it when all is well."
    )


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(migrate_store)
