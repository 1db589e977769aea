"""``search``: what was relayed, by its words."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dragoman.cli.relaying import site_settings
from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table
from dragoman.errors import ConfigError


def search(
    context: typer.Context,
    query: Annotated[
        list[str], typer.Argument(help='Words, "exact phrases", and -words to leave out.')
    ],
    edition: Annotated[str, typer.Option(help="In this edition; the first by default.")] = "",
    language: Annotated[str, typer.Option(help="Originals in this language alone.")] = "",
    source: Annotated[str, typer.Option(help="Articles of this source alone.")] = "",
    country: Annotated[str, typer.Option(help="Sources of this country alone, like PT.")] = "",
    section: Annotated[str, typer.Option(help="Articles of this section alone.")] = "",
    since: Annotated[str, typer.Option(help="From this day on, like 2026-03-31.")] = "",
    until: Annotated[str, typer.Option(help="Until this day.")] = "",
    by_date: Annotated[bool, typer.Option("--by-date", help="Newest first.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Search originals and translations, as readers of the site do."""
    from urllib.parse import urlencode

    from dragoman.web.found import find_records
    from dragoman.web.search import read_asked

    settings = read_settings(context)
    chosen = edition or settings.editions[0]
    if chosen not in settings.editions:
        known = ", ".join(settings.editions)
        raise ConfigError(f"there is no edition '{chosen}' here; there are: {known}")
    fields = {
        "q": " ".join(query),
        "language": language,
        "source": source,
        "country": country,
        "section": section,
        "from": since,
        "to": until,
        "sort": "date" if by_date else "",
    }
    with opened_store(settings) as db:
        asked = read_asked(urlencode(fields, errors="replace"))
        found = find_records(db, site_settings(settings), chosen, asked, 0, limit)
    if as_json:
        show_json(found)
        return
    rows = [_row(one) for one in found.results]
    show_table("", ("day", "source", "found in", "headline", "address"), rows)
    more = "more than " if found.is_more else ""
    typer.echo(f"\n{more}{found.total} found.".capitalize() if rows else "Nothing was found.")


def _row(one: Any) -> tuple[object, ...]:
    place = one.matched_language if one.is_original else f"{one.language}>{one.matched_language}"
    return (one.listed[:10], one.source, place, one.title, one.url)


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(search)
