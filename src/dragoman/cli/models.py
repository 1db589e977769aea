"""``models list | add | import | remove``: the neural models of the Firefox engine."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The translation models on this machine.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
