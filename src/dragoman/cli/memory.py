"""``memory import | export``: the translation memory as TMX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_progress

if TYPE_CHECKING:
    from dragoman.types import MemoryUnit

app = typer.Typer(no_args_is_help=True, help="Sentences that were translated before.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


@app.command(name="import")
def import_units(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A TMX file, as any translation tool writes it.")],
    as_json: AsJson = False,
) -> None:
    """Read translations from a TMX file: they win over the engines where a sentence is the same."""
    from dragoman import store
    from dragoman.translate.exchange import read_tmx

    settings = read_settings(context)
    with opened_store(settings) as db, show_progress(not as_json) as progress:

        def tell(count: int) -> None:
            progress("read", count, count, "units")

        count = store.memory.put_units(db, read_tmx(file, progress=tell))
    if as_json:
        show_json({"imported": count})
    else:
        typer.echo(
            f"{count} translations in the memory. They are used from the next article on; "
            "`dragoman retranslate` uses them in those that are there."
        )


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The TMX file to write.")],
    language: Annotated[str, typer.Option(help="From this language alone (BCP 47).")] = "",
    into: Annotated[str, typer.Option(help="Into this language alone (BCP 47).")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the translation memory to a TMX file."""
    from dragoman import store
    from dragoman.translate.exchange import write_tmx

    settings = read_settings(context)
    with opened_store(settings) as db, show_progress(not as_json) as progress:
        total = store.memory.count_units(db, language, into)
        units = store.memory.each_unit(db, language, into)
        count = write_tmx(file, _watched(units, total, progress))
    if as_json:
        show_json({"exported": count})
    else:
        typer.echo(f"{count} translations in {file}.")


def _watched(
    units: Iterable[MemoryUnit], total: int, progress: Callable[[str, int, int, str], None]
) -> Iterator[MemoryUnit]:
    for done, unit in enumerate(units, 1):
        yield unit
        if done % 1000 == 0 or done == total:
            progress("write", done, total, "units")
