"""What most commands open first: settings, log, store, workers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.runner import Runner
    from dragoman.store import Store


def read_settings(context: typer.Context) -> Settings:
    """Read the configuration that the command line names, and set up the log."""
    from dragoman.config import load_settings

    file: Path | None = context.find_root().obj
    settings = load_settings(file)
    set_up_log(settings.log, settings.log_format)
    return settings


def set_up_log(level: str, form: str = "text") -> None:
    """Log structured lines to standard error, from ``level`` up, for people or as JSON."""
    import sys

    import structlog

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if form == "json":
        last: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    else:
        # A plain trace: the rich one prints the values of variables, secrets among them.
        plain = structlog.dev.plain_traceback
        last = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
        ]
    structlog.configure(
        processors=shared + last,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """Open the store of the configuration, making its folder where it is missing."""
    from dragoman.errors import StoreError
    from dragoman.store import open_store

    if not settings.store:
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{settings.data}: the data folder cannot be made: {error.strerror}; "
                "set 'data' in dragoman.toml to a folder that you may write to"
            ) from error
    db = open_store(settings.store_url)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def opened_runner(settings: Settings) -> Iterator[Runner]:
    """Start the workers of the configuration, and end them at the end."""
    from dragoman.runner import open_runner

    run = settings.run
    runner = open_runner(
        run.runner,
        workers=run.workers,
        memory_mb=run.memory_mb,
        ray_address=run.ray_address,
        ray_cpus=run.ray_cpus,
        ray_gpus=run.ray_gpus,
    )
    try:
        yield runner
    finally:
        runner.close()
