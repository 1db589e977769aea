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
    from dragoman.runner import LocalRunner
    from dragoman.store import Store


def read_settings(context: typer.Context) -> Settings:
    """Read the configuration that the command line names, and set up the log."""
    from dragoman.config import load_settings

    file: Path | None = context.find_root().obj
    settings = load_settings(file)
    set_up_log(settings.log)
    return settings


def set_up_log(level: str) -> None:
    """Log structured lines to standard error, from ``level`` up."""
    import sys

    import structlog

    structlog.configure(
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
def opened_runner(settings: Settings) -> Iterator[LocalRunner]:
    """Start the workers of the configuration, and end them at the end."""
    from dragoman.runner import LocalRunner

    runner = LocalRunner(settings.run.workers, memory_mb=settings.run.memory_mb)
    try:
        yield runner
    finally:
        runner.close()
