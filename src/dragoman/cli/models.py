"""``models list | add | import | remove | mirror``: the neural models of the Firefox engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_progress, show_table
from dragoman.types import Stage

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.translate.models.catalogue import Offer
    from dragoman.translate.models.installing import Download
    from dragoman.translate.models.inventory import KnownPair, Model

app = typer.Typer(no_args_is_help=True, help="The translation models on this machine.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
Language = Annotated[str, typer.Argument(help="The language of the texts (BCP 47).")]
Into = Annotated[str, typer.Argument(help="The language to translate into.")]
Architecture = Annotated[str, typer.Option(help="tiny, base-memory or base; the best if left out.")]

MAX_BYTES = 300_000_000  # the largest file of a model is 60 MB
MIRROR = "DRAGOMAN_MODELS_URL"


@app.command(name="list")
def list_models(
    context: typer.Context,
    available: Annotated[
        bool, typer.Option("--available", help="List what can be added instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the models on this machine, or those that Firefox, or your mirror, has."""
    from dragoman.translate import models

    settings = read_settings(context)
    if available:
        _show_pairs(_available_pairs(settings), as_json=as_json)
        return
    found = models.list_models(settings.models)
    if as_json:
        show_json(found)
    else:
        _show_models(found)


def _available_pairs(settings: Settings) -> tuple[KnownPair, ...]:
    """Give what the mirror offers; without one what Firefox does, as it was frozen with us."""
    from dragoman.translate import models

    if os.environ.get(MIRROR):
        return models.offered_pairs(_fetch_offers(settings)[1])
    return tuple(pair for _, pair in sorted(models.known_pairs().items()))


def _show_pairs(pairs: tuple[KnownPair, ...], *, as_json: bool) -> None:
    if as_json:
        show_json(pairs)
        return
    rows = [
        (f"{p.language} → {p.into}", ", ".join(p.architectures),
         f"{p.megabytes:.0f} MB" if p.megabytes else "",
         f"{max(p.quality.values()):.1f}" if p.quality else "", p.licence)
        for p in pairs
    ]  # fmt: skip
    show_table("", ("pair", "architectures", "size", "COMET", "licence"), rows)


def _show_models(found: tuple[Model, ...]) -> None:
    rows = [
        (f"{m.language} → {m.into}", m.architecture, m.version, f"{m.size / 1e6:.0f} MB",
         f"{m.quality:.1f}" if m.quality else "", m.licence, m.origin)
        for m in found
    ]  # fmt: skip
    columns = ("pair", "architecture", "version", "size", "COMET", "licence", "from")
    show_table("", columns, rows)


@app.command()
def add(
    context: typer.Context,
    language: Language,
    into: Into,
    architecture: Architecture = "",
    as_json: AsJson = False,
) -> None:
    """Download the model of a pair, or both legs through English; goes on where it broke off."""
    from dragoman.languages import base, normalise
    from dragoman.translate import models

    settings = read_settings(context)
    download, offers = _fetch_offers(settings)
    with show_progress(not as_json) as progress:
        added = models.add_models(
            settings.models,
            base(normalise(language)),
            base(normalise(into)),
            offers,
            download,
            architecture=architecture,
            progress=lambda name, done, total: progress(
                "download", done // 1000, total // 1000, f"kB of {name}"
            ),
        )
    _free_failed(settings, added)
    _report(added, as_json=as_json)


def _fetch_offers(settings: Settings) -> tuple[Download, tuple[Offer, ...]]:
    """Fetch the list of models; with it, what fetches their files."""
    from dragoman.ingest import Fetcher, Limits, open_download
    from dragoman.translate import models

    limits = Limits(max_bytes=MAX_BYTES, total_s=1800.0, stall_s=30.0)

    def make_fetcher() -> Fetcher:
        return Fetcher(
            user_agent=settings.user_agent,
            allow_networks=settings.fetch.allow_networks,
            ports=settings.fetch.ports,
            proxy=settings.fetch.proxy,
            limits=limits,
            host_interval=0.0,
        )

    download = open_download(make_fetcher)
    mirror = os.environ.get(MIRROR, "")
    urls = (mirror,) if mirror else (models.RECORDS_URL, models.CATALOGUE_URL)
    return download, models.fetch_offers(download, urls)


@app.command(name="import")
def import_models(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder with models, as downloaded elsewhere.")],
    as_json: AsJson = False,
) -> None:
    """Copy models from a folder: bare files, a mirror, or another machine's model store."""
    from dragoman.translate import models

    settings = read_settings(context)
    added = models.import_models(folder, settings.models)
    _free_failed(settings, added)
    _report(added, as_json=as_json)


@app.command()
def mirror(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the mirror is written.")],
    as_json: AsJson = False,
) -> None:
    """Write a folder from which other machines can add or import these models."""
    from dragoman.translate import models

    written = models.mirror_models(read_settings(context).models, folder)
    if as_json:
        show_json(written)
    else:
        typer.echo(
            f"{len(written)} models in {folder}. Serve it and set {MIRROR} to its models.json, "
            "or carry it over and `dragoman models import` it."
        )


@app.command()
def remove(
    context: typer.Context, language: Language, into: Into, architecture: Architecture = ""
) -> None:
    """Delete the model of a pair from this machine."""
    from dragoman.languages import base, normalise
    from dragoman.translate import models

    settings = read_settings(context)
    pair = base(normalise(language)), base(normalise(into))
    for model in models.remove_models(settings.models, *pair, architecture):
        typer.echo(f"Removed the {model.label}.")


def _free_failed(settings: Settings, added: tuple[Model, ...]) -> None:
    """Let translations go on that failed for good because a model was missing or broken."""
    from dragoman import store

    if not settings.store and not (settings.data / "relay.db").exists():
        return  # nothing was relayed yet
    with opened_store(settings) as db:
        for model in added:
            store.work.retry(
                db,
                stage=Stage.TRANSLATE,
                language=model.language,
                into=model.into,
                kinds=("ModelError", "EngineDied"),
            )


def _report(added: tuple[Model, ...], *, as_json: bool) -> None:
    if as_json:
        show_json(added)
        return
    for model in added:
        typer.echo(f"Added the {model.label}, {model.size / 1e6:.0f} MB.")
    typer.echo("Articles that waited for it are translated at the next pass.")
