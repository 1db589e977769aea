"""``webhook``: try webhooks out, and send again what was given up."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from dragoman.cli.session import opened_runner, opened_store, read_settings
from dragoman.cli.show import show_table, show_time
from dragoman.errors import ConfigError

if TYPE_CHECKING:
    from dragoman.store.webhooks import Delivery

app = typer.Typer(no_args_is_help=True, help="Try webhooks out, and send again.")


@app.command()
def test(context: typer.Context) -> None:
    """Send a test message to every webhook, and say what came of it."""
    from dragoman.steps import Pass, queue_tests, send_now
    from dragoman.store import webhooks

    settings = read_settings(context)
    if not settings.webhooks:
        raise ConfigError("there are no webhooks; name one under [[webhooks]]")
    with opened_store(settings) as db, opened_runner(settings) as runner:
        work = Pass(db, runner, settings)
        count = queue_tests(work)
        asyncio.run(send_now(work))
        left = webhooks.list_deliveries(db)
    failed = sum(one.event == "test" for one in left)
    typer.echo(f"Test messages: {count} sent, {count - min(failed, count)} received.")
    show_messages(left)
    if failed:
        raise typer.Exit(1)


@app.command()
def retry(context: typer.Context) -> None:
    """Queue again what was given up; the next pass sends it."""
    from dragoman.store import webhooks

    with opened_store(read_settings(context)) as db:
        count = webhooks.retry_given_up(db, datetime.now(UTC))
    typer.echo(f"Queued again: {count}.")


def show_messages(messages: tuple[Delivery, ...]) -> None:
    """Show what waits and what was given up: one row for each webhook, state and failure."""
    if not messages:
        return
    counts = Counter((one.hook, _describe(one), one.failure) for one in messages)
    rows = [(hook, count, state, why) for (hook, state, why), count in counts.items()]
    show_table("\nWebhooks", ("address", "messages", "state", "why"), rows)


def _describe(one: Delivery) -> str:
    if one.next_try is None:
        return f"GIVEN UP after {one.attempts} tries"
    return f"tried again at {show_time(one.next_try)}" if one.attempts else "waiting"
