"""``init`` and ``export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_progress
from dragoman.errors import ConfigError

TEMPLATE = """\
# Dragoman: what to publish, for whom, and how politely to fetch it.
# Every key can also be set in the environment: DRAGOMAN_SITE__PORT=8080.

editions = ["en", "pt"]        # the languages your readers read, as BCP 47
data = "data"                  # database and models; counted from this file

[site]
title = "Dragoman"
base_url = "http://127.0.0.1:8600"   # the address that readers use
host = "127.0.0.1"
port = 8600
contact = ""                   # e-mail or address: shown to readers, sent to publishers

[fetch]
interval_minutes = 30          # between two polls of one source
host_interval_s = 1.0          # between two requests to one host
allow_networks = []            # private networks that may be fetched from

[translate]
engines = ["firefox", "apertium"]    # in order of preference

[keep]                         # days; 0: for ever
pages_days = 90                # pages as they were fetched, once an article was taken from them
articles_days = 0
"""


def init(
    folder: Annotated[Path, typer.Argument(help="Where to start; made if missing.")] = Path(),
) -> None:
    """Write a commented dragoman.toml to start from."""
    file = folder / "dragoman.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE)
    except FileExistsError as error:
        raise ConfigError(f"{file} is there already and was left as it is") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"Wrote {file}. Next:")
    typer.echo("  dragoman source add https://example.org/feed.xml --language en")
    typer.echo("  dragoman run")


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the site is written.")],
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Write the whole public site as static files; only changed files are touched."""
    from dragoman.cli.relaying import site_settings
    from dragoman.web.export import export_site

    settings = read_settings(context)
    with opened_store(settings) as db, show_progress(not as_json) as progress:
        tally = export_site(
            db, site_settings(settings), folder, lambda *counted: progress("export", *counted)
        )
    if as_json:
        show_json(tally)
    else:
        typer.echo(
            f"{folder}: {tally.written} files written, {tally.unchanged} unchanged, "
            f"{tally.removed} removed."
        )
        if not tally.is_searched:
            typer.echo("No search on these pages: `pip install 'dragoman[pagefind]'` adds one.")


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    app.command()(init)
    app.command()(export)
