"""``run``, ``once`` and ``serve``."""

from __future__ import annotations

import asyncio
import atexit
import gc
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.desk import OpenDesk, describe_desk, file_of, open_desk
from dragoman.cli.reloading import InForce, Switch, kept, relay_in_force
from dragoman.cli.service import listen_for_hangup, tell_systemd
from dragoman.cli.session import opened_runner, opened_store, read_settings
from dragoman.cli.show import show_json, show_progress
from dragoman.errors import ConfigError, DragomanError

if TYPE_CHECKING:
    import uvicorn

    from dragoman.config import Settings
    from dragoman.runner import LocalRunner, Runner
    from dragoman.steps import Pass
    from dragoman.store import Store
    from dragoman.types import Tally
    from dragoman.web.pictures import Pictures
    from dragoman.web.settings import SiteSettings

NOTHING_SUCCEEDED = 3


def site_settings(settings: Settings) -> SiteSettings:
    """Give what the public site needs to know of the configuration."""
    from dragoman.web.settings import SiteSettings

    return SiteSettings(
        title=settings.site.title,
        base_url=settings.site.base_url.rstrip("/"),
        editions=settings.editions,
        contact=settings.site.contact,
        page_size=settings.site.page_size,
        takes_reports=settings.site.reports,
        trusted_proxies=settings.site.trusted_proxies,
        engines=settings.translate.engines,
        models=settings.models,
        reader=settings.reader.user,
        pictures=_open_pictures(settings),
    )


def _open_pictures(settings: Settings) -> Pictures:
    """Open the pictures that go through this server, with a worker of their own."""
    from dragoman.steps.picturing import take_picture
    from dragoman.web.pictures import Pictures

    runner = _open_picture_runner(settings.data)
    return Pictures(settings.data / "pictures", partial(take_picture, settings, runner))


@cache
def _open_picture_runner(folder: Path) -> LocalRunner:
    """Open the worker of a folder's pictures, once: settings may change around it."""
    from dragoman.runner import LocalRunner

    runner = LocalRunner(1, memory_mb=1024)  # started by the first picture
    atexit.register(runner.close)
    return runner


def make_server(
    settings: Settings, db: Store, *, is_leaving_signals: bool = False
) -> uvicorn.Server:
    """Make the web server of the public site; it may leave signals to its caller."""
    import uvicorn

    from dragoman.web.app import create_app

    class QuietServer(uvicorn.Server):
        """A server that is stopped by its caller, who has more to stop."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        Switch(create_app(db, site_settings(settings))),
        host=settings.site.host,
        port=settings.site.port,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # uvicorn would believe whatever runs on this machine
        timeout_graceful_shutdown=5,
    )
    _rest_collector()
    return QuietServer(config) if is_leaving_signals else uvicorn.Server(config)


def _rest_collector() -> None:
    """Let the collector pass over what stays, and come less often: records hold no cycles.

    A page makes thousands of them; looking them all over took a seventh of its CPU time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _replace_site(server: uvicorn.Server, db: Store, settings: Settings) -> None:
    """Serve the site with other settings from now on."""
    from dragoman.web.app import create_app

    switch = server.config.app
    assert isinstance(switch, Switch)
    switch.app = create_app(db, site_settings(settings))


def describe(tally: Tally) -> str:
    """Say in one or two sentences what a pass did."""
    if tally.is_idle:
        return f"Nothing to do: {tally.polled} sources polled, nothing new."
    words = (
        f"{tally.polled} sources polled, {tally.found} new or changed, {tally.fetched} pages "
        f"fetched, {tally.extracted} articles extracted, {tally.translated} translations made, "
        f"{tally.pending} waiting for a model, {tally.linked} linked."
    )
    if tally.failures:
        words += f" {len(tally.failures)} failures: `dragoman status` names them."
    return words


def relay_now(work: Pass, *, is_forced: bool = False) -> Tally:
    """Make one pass, with a fetcher of its own; a forced one asks hosts that failed before, too."""
    from dragoman.relay import relay_once
    from dragoman.steps import open_fetcher
    from dragoman.steps.vitals import begin_vitals

    folder = work.settings.data
    vitals = begin_vitals(folder)
    if is_forced:
        vitals.closed_hosts = []

    async def relay() -> Tally:
        async with (
            open_fetcher(work.settings, vitals.note_fetch) as fetcher,
            kept(folder, vitals, fetcher),
        ):
            began = time.monotonic()
            tally = await relay_once(work, fetcher, is_forced=is_forced)
            vitals.note_pass(tally, time.monotonic() - began)
            return tally

    return asyncio.run(relay())


def once(
    context: typer.Context,
    now: Annotated[bool, typer.Option("--now", help="Poll sources that are not due too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Take every article as far as it can go now, then stop."""
    from dragoman.steps import Pass, read_hooks
    from dragoman.store.leading import leading

    settings = read_settings(context)
    read_hooks(settings)  # a missing secret is said before the work, not after it
    with (
        opened_store(settings) as db,
        leading(db) as own,
        opened_runner(settings) as runner,
        show_progress(not as_json) as progress,
    ):
        tally = relay_now(Pass(own, runner, settings, progress), is_forced=now)
    if as_json:
        show_json(tally)
    else:
        typer.echo(describe(tally))
    polls_failed = sum(failure.stage == "poll" for failure in tally.failures)
    if tally.polled and polls_failed == tally.polled:
        raise typer.Exit(NOTHING_SUCCEEDED)


def serve(context: typer.Context) -> None:
    """Serve the public site; the relay may run elsewhere."""
    settings = read_settings(context)
    with opened_store(settings) as db:
        typer.echo(f"Serving {settings.site.base_url} (Ctrl-C stops)")
        serve_site(settings, db)


def serve_site(settings: Settings, db: Store) -> None:
    """Serve the site until interrupted. Raises `DragomanError` where the port is taken."""
    try:
        make_server(settings, db).run()
    except SystemExit as error:
        raise _port_taken(settings) from error


def _port_taken(settings: Settings) -> DragomanError:
    return DragomanError(
        f"port {settings.site.port} of {settings.site.host} cannot be opened; another program "
        "may hold it: set site.port to another"
    )


def run(context: typer.Context) -> None:
    """Relay and serve, until stopped."""
    from dragoman.steps import read_hooks

    settings = read_settings(context)
    read_hooks(settings)
    with opened_store(settings) as db, opened_runner(settings) as runner:
        file = file_of(context)
        desk = _open_desk(settings, db, file)
        typer.echo(f"Relaying, and serving {settings.site.base_url} (Ctrl-C stops)")
        try:
            asyncio.run(_run(InForce(settings, file), db, runner, desk))
        finally:
            if desk:
                desk.close()


def _open_desk(settings: Settings, db: Store, file: Path | None) -> OpenDesk | None:
    """Open the desk too; where its port is taken, the news goes on without it."""
    if not settings.desk.enabled:
        return None
    try:
        desk = open_desk(settings, db, file, is_leaving_signals=True)
    except ConfigError:
        raise
    except DragomanError as error:
        typer.echo(f"No desk: {error}", err=True)
        return None
    typer.echo(describe_desk(settings, db, desk.port))
    return desk


async def _run(force: InForce, db: Store, runner: Runner, desk: OpenDesk | None) -> None:
    from dragoman.steps.leading import relay_in_turn

    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    server = make_server(force.settings, db, is_leaving_signals=True)
    force.tell(partial(_replace_site, server, db))
    if desk:
        force.tell(desk.replace)
    listen_for_hangup(force.reload, stop)

    async def relay(own: Store, halt: asyncio.Event) -> None:
        await relay_in_force(force, own, runner, halt, report)

    def report(tally: Tally) -> None:
        if not tally.is_idle:
            typer.echo(describe(tally))

    async def serve() -> None:
        try:
            await server.serve()
        except SystemExit as error:  # how uvicorn says that it cannot listen
            raise _port_taken(force.settings) from error

    serving = asyncio.ensure_future(serve())
    relaying = asyncio.ensure_future(relay_in_turn(db, relay, stop, say=typer.echo))
    telling = asyncio.ensure_future(tell_systemd(lambda: server.started, stop))
    desking = [asyncio.ensure_future(desk.serve())] if desk else []
    await asyncio.wait({serving, relaying}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    server.should_exit = True
    if desk:
        desk.server.should_exit = True
    await asyncio.gather(serving, relaying, telling, *desking)


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    app.command()(run)
    app.command()(once)
    app.command()(serve)
