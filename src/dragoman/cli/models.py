"""``models list | add | import | remove``: the neural models of the Firefox engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.session import read_settings
from dragoman.cli.show import show_json, show_progress, show_table

app = typer.Typer(no_args_is_help=True, help="The translation models on this machine.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
