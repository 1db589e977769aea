"""``archive read``: pages out of a WARC file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from dragoman.cli import archive_run
from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_progress
from dragoman.errors import DragomanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dragoman.config import Settings

app = typer.Typer(no_args_is_help=True, help="Archives of the web.")

_MEGABYTE = 1_000_000
_KILOBYTE = 1000
_MOST_AT_ONCE_MB = 256  # from a server that does not give a file piece by piece


@app.callback()
def choose() -> None:
    """Archives of the web."""


archive_run.add_command(app)


@app.command()
def read(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="A WARC file (.warc or .warc.gz), or its address.")],
    source: Annotated[
        str, typer.Option(help="Take every page as this source's; else each as its host's.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Store the web pages of an archive, with the day on which it fetched them."""
    from dragoman import ingest, store
    from dragoman.steps import keep_archive

    settings = read_settings(context)
    with (
        opened_store(settings) as db,
        show_progress(not as_json) as progress,
        _opened(settings, place, progress) as file,
    ):
        chosen = store.sources.source(db, source) if source else None
        if source and chosen is None:
            raise DragomanError(f"there is no source '{source}'; `dragoman source list` names them")
        total = _size_of(file)

        def report(position: int, fault: str) -> None:
            if fault and not as_json:
                typer.echo(fault, err=True)
            progress("archive", position // _KILOBYTE, total // _KILOBYTE, "kB")

        archive = ingest.read_archive(file, place, max_bytes=int(settings.fetch.max_mb * _MEGABYTE))
        tally = keep_archive(db, archive, chosen, report)
        progress("archive", total // _KILOBYTE, total // _KILOBYTE, "kB")
    if as_json:
        show_json(tally)
        return
    words = (
        f"{tally.pages} pages stored, {tally.known} had already, {len(tally.faults)} records left "
        f"out, {tally.others} pages of publishers that are not followed."
    )
    help = " `dragoman once` takes out the articles." if tally.pages else ""
    if tally.others and not tally.pages:
        help = " Follow them first, or name one with --source."
    typer.echo(words + help)


def _size_of(file: BinaryIO) -> int:
    file.seek(0, 2)
    return file.tell()


@contextmanager
def _opened(
    settings: Settings, place: str, progress: Callable[[str, int, int, str], None]
) -> Iterator[BinaryIO]:
    """Open an archive; one at an address is downloaded first, and deleted afterwards."""
    if "://" not in place:
        if not Path(place).is_file():
            raise DragomanError(f"{place}: there is no such file; check the path")
        with Path(place).open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile(dir=settings.data if settings.data.is_dir() else None) as copy:
        size = 0
        for piece in _download(settings, place):
            copy.write(piece)
            size += len(piece)
            progress("download", size // _KILOBYTE, 0, "kB")
        yield copy


def _download(settings: Settings, url: str) -> Iterator[bytes]:
    from dragoman.ingest import open_download
    from dragoman.steps import open_fetcher

    patient = settings.fetch.model_copy(
        # Its pieces are one file: a pause between them would be a pause in a download.
        update={"max_mb": float(_MOST_AT_ONCE_MB), "total_s": 600.0, "host_interval_s": 0.0}
    )
    generous = settings.model_copy(update={"fetch": patient})
    return open_download(lambda: open_fetcher(generous))(url, 0)
