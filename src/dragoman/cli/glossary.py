"""``glossary import | export | list | remove``: how terms are to be translated."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.retranslating import normal_code, run_campaign
from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table
from dragoman.errors import ConfigError

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.store import Store
    from dragoman.types import Term

app = typer.Typer(no_args_is_help=True, help="How terms are to be translated.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
Language = Annotated[str, typer.Option(help="Terms of this language alone (BCP 47).")]
Into = Annotated[str, typer.Option(help="Terms for this edition alone (BCP 47).")]
Again = Annotated[
    bool, typer.Option("--retranslate", help="Translate the articles that hold them again.")
]


@app.command(name="import")
def import_terms(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV: language,into,term,translation,case,note.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the pair's terms that are not in the file.")
    ] = False,
    retranslate: Again = False,
    as_json: AsJson = False,
) -> None:
    """Read terms from a CSV file; rows that cannot be read are named, the rest is taken."""
    from dragoman import store
    from dragoman.translate.exchange import read_csv

    settings = read_settings(context)
    terms, bad = read_csv(file)
    with opened_store(settings) as db:
        changed = store.glossary.put_terms(db, terms, replace=replace)
        report = _follow_up(settings, db, changed, is_again=retranslate, as_json=as_json)
    if as_json:
        show_json({"imported": len(terms), "bad_rows": bad, **report})
    else:
        for row in bad:
            typer.echo(f"{file}, line {row.line}: {row.reason}", err=True)
        typer.echo(f"{len(terms)} terms read, {len(changed)} of them changed something.")
        _say_next(report, is_again=retranslate)
    if bad and not terms:
        raise typer.Exit(1)


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write: FILE.csv or FILE.tbx.")],
    language: Language = "",
    into: Into = "",
) -> None:
    """Write the terms to a file: CSV, or TBX for other tools."""
    from dragoman import store
    from dragoman.translate.exchange import write_csv, write_tbx

    writers = {".csv": write_csv, ".tbx": write_tbx}
    write = writers.get(file.suffix.lower())
    if write is None:
        raise ConfigError(f"{file}: a glossary is written as .csv or .tbx; name the file so")
    with opened_store(read_settings(context)) as db:
        count = write(file, store.glossary.terms(db, normal_code(language), normal_code(into)))
    typer.echo(f"{count} terms in {file}.")


@app.command(name="list")
def list_terms(
    context: typer.Context, language: Language = "", into: Into = "", as_json: AsJson = False
) -> None:
    """List the terms."""
    from dragoman import store

    with opened_store(read_settings(context)) as db:
        found = store.glossary.terms(db, normal_code(language), normal_code(into))
    if as_json:
        show_json(found)
        return
    rows = [
        (f"{one.language} → {one.into}", one.term, one.translation or "(never translated)",
         "as written" if one.is_cased else "", one.note)
        for one in found
    ]  # fmt: skip
    show_table("", ("pair", "term", "translation", "case", "note"), rows)


@app.command()
def remove(
    context: typer.Context,
    term: Annotated[str, typer.Argument(help="The term; all of a pair if left out.")] = "",
    language: Language = "",
    into: Into = "",
    retranslate: Again = False,
    as_json: AsJson = False,
) -> None:
    """Delete a term, or all of a language pair."""
    from dragoman import store

    if not (term or (language and into)):
        raise ConfigError("name a term, or a pair with --language and --into")
    settings = read_settings(context)
    with opened_store(settings) as db:
        gone = store.glossary.remove_terms(
            db, term=term, language=normal_code(language), into=normal_code(into)
        )
        if not gone:
            raise ConfigError("the glossary holds no such term; `dragoman glossary list` shows it")
        report = _follow_up(settings, db, gone, is_again=retranslate, as_json=as_json)
    if as_json:
        show_json({"removed": len(gone), **report})
    else:
        typer.echo(f"{len(gone)} terms removed.")
        _say_next(report, is_again=retranslate)


def _follow_up(
    settings: Settings, db: Store, changed: tuple[Term, ...], *, is_again: bool, as_json: bool
) -> dict[str, object]:
    """Count the translations that the change affects, and have them made again if asked."""
    from dragoman.steps import Campaign

    report: dict[str, object] = {"changed": len(changed), "translations": 0, "articles": 0}
    if changed:
        campaign = Campaign(terms=changed)
        report |= run_campaign(settings, db, campaign, dry_run=not is_again, as_json=as_json)
        report["again"] = _commands(changed)
    return report


def _commands(changed: tuple[Term, ...]) -> list[str]:
    """Give the commands that translate again what a change affects, one for each pair."""
    pairs = sorted({(one.language, one.into) for one in changed})
    if len(changed) == 1:
        (one,) = changed
        pair = f"--language {one.language} --into {one.into}"
        return [f"dragoman retranslate {pair} --term {shlex.quote(one.term)}"]
    return [f"dragoman retranslate --language {one} --into {other}" for one, other in pairs]


def _say_next(report: dict[str, object], *, is_again: bool) -> None:
    if not report["translations"]:
        return
    words = f"{report['translations']} translations of {report['articles']} articles hold them"
    if is_again:
        typer.echo(f"{words}, and are made again by `dragoman once` or `run`.")
        return
    again = report["again"]
    commands = again if isinstance(again, list) else []
    named = " and ".join(f"`{command}`" for command in commands)
    typer.echo(f"{words}; {named} has them made again.")
