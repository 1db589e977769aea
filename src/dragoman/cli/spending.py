"""``usage``: what engines did and cost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table


def usage(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Show words, seconds and money by month, engine and source."""
    from dragoman import store

    settings = read_settings(context)
    with opened_store(settings) as db:
        rows = store.spending.spending(db)
        month = store.spending.month_of(datetime.now(UTC))
        cost = store.spending.month_cost(db, month)
    cap = settings.translate.monthly_cap
    if as_json:
        show_json({"month": month, "cost": cost, "cap": cap or None, "usage": rows})
        return
    shown = [
        (one.month, one.engine, one.source, one.words, f"{one.seconds:.0f}", f"{one.cost:.4f}")
        for one in rows
    ]
    show_table("", ("month", "engine", "source", "words", "seconds", "money"), shown)
    limit = f"of {cap:g}" if cap else "(no cap: translate.monthly_cap is 0)"
    typer.echo(f"\nSpent in {month}: {cost:.4f} {limit}.")


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(usage)
