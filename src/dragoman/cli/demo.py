"""``demo``: relay the sample press once, show what came of it, and serve it."""

from __future__ import annotations

import asyncio
import importlib
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli.session import opened_runner, opened_store, set_up_log
from dragoman.cli.show import show_progress, show_table
from dragoman.errors import ConfigError, DragomanError
from dragoman.types import Rights, Source

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.store import Store

FOLDER = Path(".demo")
PRESS_PORT = 11  # the outlets' ports follow the site's, from this one on
CONFIG = """\
# Written by `dragoman demo`: the sample press, on this machine only.
editions = ["en", "pt", "fr", "es", "ar"]
data = "."

[site]
title = "Dragoman"
base_url = "http://127.0.0.1:{port}"
port = {port}

[desk]
port = {desk}

[fetch]
allow_networks = ["127.0.0.0/8"]
host_interval_s = 0.02
"""
NEURAL_PAIRS = ("en>pt", "pt>en")  # by the models that come with the installation


def _load_press() -> Any:
    """Import the sample press, from the repository or from the installed package."""
    package = Path(__file__).resolve().parents[1]
    for root in (package / "_sample", package.parents[1]):
        if (root / "demo" / "press.py").is_file():
            sys.path.insert(0, str(root))
            return importlib.import_module("demo.press")
    raise DragomanError("the sample press is not installed; clone the repository and `make demo`")


def demo(
    port: Annotated[int, typer.Option(help="Port of the site.", min=0, max=65000)] = 8600,
    once: Annotated[bool, typer.Option("--once", help="Do not serve; exit when relayed.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = FOLDER,
) -> None:
    """Relay a sample press of invented outlets, and serve the site."""
    from dragoman import store
    from dragoman.config import load_settings

    press_module = _load_press()
    set_up_log("error")
    _prepare(folder, port)
    settings = load_settings(folder / "dragoman.toml")
    with _open_press(press_module, port) as press, opened_store(settings) as db:
        for row in press.subscriptions():
            store.sources.put_source(db, Source(**row | {"rights": Rights(row["rights"])}))
        _relay(settings, db)
        is_both_ways = _summarise(settings, db, folder)
        if once:
            raise typer.Exit(0 if is_both_ways else 1)
        _serve(settings, db, folder / "dragoman.toml")


def _prepare(folder: Path, port: int) -> None:
    """Start from nothing: a demo shows the relay at work, not what it did last time."""
    config = folder / "dragoman.toml"
    if folder.is_dir() and any(folder.iterdir()):
        if not (config.is_file() and config.read_text("utf-8").startswith(CONFIG[:30])):
            raise ConfigError(f"{folder} holds something else than a demo; name another folder")
        for file in folder.glob("relay.db*"):
            file.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    config.write_text(CONFIG.format(port=port, desk=port + 1 if port else 0), encoding="utf-8")


def _open_press(press_module: Any, port: int) -> Any:
    try:
        return press_module.Press(port + PRESS_PORT)
    except OSError:
        return press_module.Press(0)  # any free ports will do


def _relay(settings: Settings, db: Store) -> None:
    from dragoman.cli.relaying import relay_now
    from dragoman.steps import Pass

    with opened_runner(settings) as runner, show_progress() as progress:
        relay_now(Pass(db, runner, settings, progress))


def _summarise(settings: Settings, db: Store, folder: Path) -> bool:
    """Show what came of it; true where the neural models translated in each direction."""
    from dragoman import store

    articles = store.articles.articles(db, limit=1000)
    by_source = Counter(article.source for article in articles)
    states = store.sources.source_states(db)
    rows = []
    for source in store.sources.sources(db):
        state = states[source.id]
        said = state.failure.message if state.failure else "ok"
        rows.append((source.name, source.language, by_source[source.id], said))
    show_table("Outlets of the sample press", ("outlet", "language", "articles", "state"), rows)

    translations = store.work.counts(db)["translations"]
    pairs = [
        (pair.replace(">", " → "), numbers.get("done", ""), numbers.get("pending", ""))
        for pair, numbers in translations.items()
    ]
    show_table("\nTranslations", ("pair", "made", "waiting for a model"), pairs)
    groupings = store.stories.groupings(db)
    stories = Counter(one.story for one in groupings)
    typer.echo(f"\n{len(articles)} articles, {sum(n > 1 for n in stories.values())} stories.")
    typer.echo(f"Site:   {settings.site.base_url}/")
    typer.echo(f"Status: dragoman --config {folder / 'dragoman.toml'} status")
    return all(translations.get(pair, {}).get("done") for pair in NEURAL_PAIRS)


def _serve(settings: Settings, db: Store, file: Path) -> None:
    """Serve the site and the desk until interrupted, and say how to come into the desk."""
    from dragoman.cli.desk import describe_desk, open_desk
    from dragoman.cli.relaying import make_server

    desk = open_desk(settings, db, file, is_leaving_signals=True)
    typer.echo(f"{describe_desk(settings, db, desk.port)}\nServing; Ctrl-C stops.")
    server = make_server(settings, db, is_leaving_signals=True)

    async def serve() -> None:
        def stop() -> None:
            server.should_exit = desk.server.should_exit = True

        for signum in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signum, stop)
        desking = asyncio.ensure_future(desk.serve())
        try:
            await server.serve()
        except SystemExit as error:  # how uvicorn says that it cannot listen
            raise DragomanError(
                f"port {settings.site.port} cannot be opened; name another with --port"
            ) from error
        finally:
            stop()
            await desking

    try:
        asyncio.run(serve())
    finally:
        desk.close()


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(demo)
