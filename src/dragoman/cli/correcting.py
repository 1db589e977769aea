"""``correct``: a person's words in place of the machine's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.retranslating import normal_code
from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table
from dragoman.errors import ConfigError

if TYPE_CHECKING:
    from dragoman.steps import Corrected
    from dragoman.types import ReportKind, Translation


def correct(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="The article's id, as its address has it.")],
    words: Annotated[str, typer.Argument(help="How the sentence should read.")] = "",
    into: Annotated[str, typer.Option(help="The edition whose translation it is (BCP 47).")] = "",
    segment: Annotated[
        str, typer.Option(help="The sentence's id; without it the sentences are listed.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    kind: Annotated[
        str, typer.Option(help="meaning, name, number, missing, style, offensive or other.")
    ] = "other",
    release: Annotated[
        bool, typer.Option("--release", help="Publish all of it as it is: you have read it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Put a sentence of a translation right, for good: here and wherever it stands again."""
    from dragoman import steps
    from dragoman.steps.correcting import find_translation

    settings = read_settings(context)
    edition = normal_code(into)
    if not edition:
        raise ConfigError("name the edition with --into, like --into pt")
    if segment and not words:
        raise ConfigError("write how the sentence should read, behind the article's id")
    if words and not segment:
        raise ConfigError("name the sentence with --segment; without words they are listed")
    reason = _read_kind(kind)
    with opened_store(settings) as db:
        if release:
            done = steps.release(db, article, edition, by)
        elif segment:
            done = steps.correct(db, article, edition, {segment: words}, by, kind=reason)
        else:
            _list_sentences(find_translation(db, article, edition), as_json=as_json)
            return
    _say(done, as_json=as_json)


def _read_kind(kind: str) -> ReportKind:
    from dragoman.types import ReportKind

    try:
        return ReportKind(kind)
    except ValueError as error:
        known = ", ".join(one.value for one in ReportKind)
        raise ConfigError(f"--kind {kind} is none; take one of: {known}") from error


def _list_sentences(translation: Translation, *, as_json: bool) -> None:
    if as_json:
        show_json(translation.segments)
        return
    rows = [
        (one.segment.id, one.segment.text, one.target, one.reviewed_by or one.verdict.value)
        for one in translation.segments
    ]
    show_table("", ("segment", "original", "translation", "state"), rows)


def _say(done: Corrected, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "changed": done.changed,
                "confirmed": done.confirmed,
                "elsewhere": done.elsewhere,
                "status": done.translation.status,
                "findings": [
                    {"segment": id, "check": check.name, "message": check.message}
                    for id, checks in done.findings
                    for check in checks
                ],
            }
        )
        return
    words = f"{len(done.changed)} sentences corrected, {len(done.confirmed)} confirmed"
    words += (
        f", and the same in {len(done.elsewhere)} more translations." if done.elsewhere else "."
    )
    typer.echo(words)
    for _, checks in done.findings:
        for check in checks:
            typer.echo(f"Published as you wrote it; the gate would doubt: {check.message}.")


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(correct)
