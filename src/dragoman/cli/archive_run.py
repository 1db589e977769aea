"""``archive run``: WARC files into tables."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli.session import opened_runner, read_settings
from dragoman.cli.show import show_json
from dragoman.errors import ConfigError

if TYPE_CHECKING:
    from dragoman.archives import Run
    from dragoman.config import Settings

_MEGABYTE = 1_000_000
_PIECES_S = 600.0  # for one piece of a remote file, waiting for a slow server included
_PIECE_MB = 4.0  # at least: a piece of a remote file is a body like any
_LINE_S = 30.0  # between two lines where there is no terminal
INCOMPLETE = 4


def run(
    context: typer.Context,
    places: Annotated[
        list[str],
        typer.Argument(
            help="WARC files, patterns like 'crawl/*.warc.gz', http(s) or s3 addresses."
        ),
    ],
    out: Annotated[Path, typer.Argument(help="The folder of the tables; made if it is not there.")],
    into: Annotated[str, typer.Option(help="Languages to translate into, like pt,es.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Take archives to Parquet: articles, translations, vectors, copies and stories."""
    from dragoman import archives, link
    from dragoman.steps import engine_specs

    settings = read_settings(context)
    archives.load_arrow()
    languages = _read_languages(into)
    source = _open_source(settings)
    found = archives.find_archives(places, source.make_fetcher)
    job = _describe_job(found)
    with (
        archives.Ledger(out, job) as ledger,
        opened_runner(settings) as runner,
        _shown_progress(not as_json) as report,
    ):
        limits = archives.Limits(settings.run.extract_deadline_s, settings.translate.deadline_s)
        scale = link.Scale(settings.link.event_days, settings.link.event_threshold)
        work = archives.Run(ledger, runner, source, limits, report, scale=scale)
        counts = asyncio.run(archives.run_archive(work, found, languages, engine_specs(settings)))
    _tell(work, counts, out, as_json=as_json)


def _read_languages(into: str) -> tuple[str, ...]:
    from dragoman.errors import UnknownLanguage
    from dragoman.languages import normalise

    try:
        return tuple(dict.fromkeys(normalise(code) for code in into.split(",") if code.strip()))
    except UnknownLanguage as error:
        raise ConfigError(f"--into: {error}") from error


def _open_source(settings: Settings) -> Any:
    """Say how workers read archives: through the guarded fetcher, a piece at a time."""
    from dragoman.archives import Source
    from dragoman.config import Settings as Plain
    from dragoman.steps import open_fetcher

    largest = max(settings.fetch.max_mb, _PIECE_MB)
    patient = settings.fetch.model_copy(
        update={"total_s": _PIECES_S, "host_interval_s": 0.0, "max_mb": largest}
    )
    # A settings object of a file is of a class of its own, which cannot travel to a worker.
    plain = Plain.model_construct(site=settings.site, fetch=patient)
    return Source(partial(open_fetcher, plain), int(settings.fetch.max_mb * _MEGABYTE))


def _describe_job(places: list[Any]) -> dict[str, Any]:
    """Give what must be the same when a run goes on."""
    from dragoman import archives, extract, link

    return {
        "schema": archives.SCHEMA_VERSION,
        "extract": extract.VERSION,
        "link": link.VERSION,
        "records": archives.RECORDS,
        "archives": [[place.name, place.size] for place in places],
    }


def _tell(work: Run, counts: Any, out: Path, *, as_json: bool) -> None:
    names = ("articles", "translations", "failures")
    if as_json:
        show_json({**{name: counts[name] for name in names}, "unread": work.unread})
    else:
        typer.echo(
            f"{counts['articles']} articles, {counts['translations']} translations, "
            f"{counts['failures']} failures, which the table of failures names. {out} holds them."
        )
        for name, reason in work.unread.items():
            typer.echo(f"Not done: {name}: {reason}", err=True)
    if work.unread:
        raise typer.Exit(INCOMPLETE)


Report = Callable[[str, int, int, int], None]


@contextmanager
def _shown_progress(is_shown: bool) -> Iterator[Report]:
    """Show each step with its rate and the time left: bars, or a line now and then."""
    if not is_shown:
        yield lambda step, done, total, articles: None
    elif not sys.stderr.isatty():
        yield _Lines().report
    else:
        with _bars() as report:
            yield report


class _Lines:
    """Progress in lines, for logs."""

    def __init__(self) -> None:
        self._began: dict[str, tuple[float, int]] = {}
        self._last = 0.0

    def report(self, step: str, done: int, total: int, articles: int) -> None:
        """Write a line if the last one is long ago, or the step is done."""
        now = time.monotonic()
        began, before = self._began.setdefault(step, (now, done))
        if done < total and now - self._last < _LINE_S:
            return
        self._last = now
        took = max(now - began, 1e-3)
        left = (total - done) * took / (done - before) if done > before else 0.0
        typer.echo(
            f"{step}: {_share(step, done, total)}{articles / took:.1f} articles/s, "
            f"{left:.0f} s left",
            err=True,
        )


def _share(step: str, done: int, total: int) -> str:
    if step == "read":
        return f"{done / _MEGABYTE:.1f} of {total / _MEGABYTE:.1f} MB, "
    return f"{done} of {total}, "


@contextmanager
def _bars() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bars:
        tasks: dict[str, tuple[Any, float, int]] = {}

        def report(step: str, done: int, total: int, articles: int) -> None:
            if step not in tasks:
                task = bars.add_task(step, total=total or None, rate="")
                tasks[step] = (task, time.monotonic(), done)
            task, began, before = tasks[step]
            took = max(time.monotonic() - began, 1e-3)
            rate = f"{articles / took:.1f} articles/s"
            if step == "read":
                rate = f"{(done - before) / took / _MEGABYTE:.2f} MB/s, {rate}"
            bars.update(task, completed=done, rate=rate)

        yield report


def add_command(app: typer.Typer) -> None:
    """Add this command to its group."""
    app.command()(run)
