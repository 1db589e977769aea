"""How the command shows things: tables for people, JSON for programs, progress on long work."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import typer

STAGES = {
    "poll": "Polling",
    "fetch": "Fetching",
    "extract": "Extracting",
    "translate": "Translating",
    "link": "Linking",
    "index": "Indexing",
    "export": "Exporting",
    "download": "Downloading",
    "import": "Importing",
    "archive": "Reading",
    "read": "Reading",
    "search": "Searching",
    "write": "Writing",
    "move": "Moving",
    "copy": "Copying",
}


def show_json(value: object) -> None:
    """Print a record, or anything made of records, as indented JSON."""
    import msgspec

    plain = msgspec.to_builtins(value, str_keys=True, enc_hook=str)
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def show_row(row: object) -> None:
    """Print one JSON line, at once."""
    try:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has what it wanted, as `head` does. Python would flush once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table for people; text from outside is shown as it is, without markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def show_time(moment: datetime | None) -> str:
    """Write a time shortly, in UTC; an empty string where there is none."""
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


@contextmanager
def show_progress(is_shown: bool = True) -> Iterator[Callable[[str, int, int, str], None]]:
    """Give a function (stage, done, total, what) that draws progress bars.

    On a terminal: bars with counts and time left. Elsewhere: one line for each finished stage.
    """
    if not is_shown:
        yield lambda stage, done, total, what: None
        return
    if not sys.stderr.isatty():
        yield _print_progress
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[what]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bars:
        tasks: dict[tuple[str, str], Any] = {}

        def draw(stage: str, done: int, total: int, what: str) -> None:
            key = (stage, what)
            if key not in tasks:
                tasks[key] = bars.add_task(STAGES.get(stage, stage), total=total or None, what=what)
            bars.update(tasks[key], completed=done, total=total or None)

        yield draw


def _print_progress(stage: str, done: int, total: int, what: str) -> None:
    if done == total:
        typer.echo(f"{STAGES.get(stage, stage)}: {done} {what}", err=True)
