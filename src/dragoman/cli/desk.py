"""``desk``: the desk of those who run the relay, and who may come to it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.reloading import Switch
from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table, show_time
from dragoman.errors import DragomanError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from dragoman.config import Settings
    from dragoman.store import Store

app = typer.Typer(invoke_without_command=True, help="The desk, and who may come to it.")
users = typer.Typer(no_args_is_help=True, help="Who may come to the desk.")
app.add_typer(users, name="user")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


class OpenDesk:
    """A desk that has its port, and waits to be served."""

    def __init__(
        self,
        server: uvicorn.Server,
        listener: socket.socket,
        make: Callable[[Settings], ASGIApp],
    ) -> None:
        self.server = server
        self._listener = listener
        self._make = make

    def replace(self, settings: Settings) -> None:
        """Serve the desk with other settings from now on."""
        switch = self.server.config.app
        assert isinstance(switch, Switch)
        switch.app = self._make(settings)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    async def serve(self) -> None:
        """Serve until the server is told to stop."""
        await self.server.serve(sockets=[self._listener])

    def close(self) -> None:
        """Give the port back, if it was never served."""
        self._listener.close()


def open_desk(
    settings: Settings, db: Store, file: Path | None, *, is_leaving_signals: bool = False
) -> OpenDesk:
    """Take the desk's port.

    Raises `ConfigError` for one that others could reach before anybody has a password, and
    `DragomanError` where the port is taken.
    """
    import uvicorn

    from dragoman.desk import create_desk, refuse_open_door

    refuse_open_door(settings, db)

    class QuietServer(uvicorn.Server):
        """A server that is stopped by its caller, who has more to stop."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    def make(settings: Settings) -> ASGIApp:
        return create_desk(db, settings, file)

    listener = _listen(settings)
    config = uvicorn.Config(
        Switch(make(settings)),
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.desk.trusted_proxies),
        forwarded_allow_ips=list(settings.desk.trusted_proxies),
        timeout_graceful_shutdown=5,
    )
    server = QuietServer(config) if is_leaving_signals else uvicorn.Server(config)
    return OpenDesk(server, listener, make)


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.desk.host, settings.desk.port
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=128)
    except OSError as error:
        raise DragomanError(
            f"port {port} of {host} cannot be opened for the desk ({error.strerror}); another "
            "program may hold it: set desk.port to another"
        ) from error


def describe_desk(settings: Settings, db: Store, port: int) -> str:
    """Say where the desk is; with a link that lets in, where nobody has a password yet."""
    from dragoman.desk.door import ensure_operator, has_password, make_link
    from dragoman.desk.hosts import desk_address

    address = desk_address(settings, port)
    if has_password(db):
        return f"Desk: {address}/"
    now = datetime.now(UTC)
    return (
        f"Desk: {address}{make_link(db, ensure_operator(db, now), now)}\n"
        "      (works once, within 30 minutes; `dragoman desk link` prints a new one)"
    )


def file_of(context: typer.Context) -> Path | None:
    """Give the file that the settings were read from."""
    from dragoman.config import FILE_NAME

    named: Path | None = context.find_root().obj
    return named or (Path(FILE_NAME) if Path(FILE_NAME).is_file() else None)


@app.callback()
def desk(context: typer.Context) -> None:
    """Open the desk alone; the relay may run elsewhere."""
    if context.invoked_subcommand:
        return
    import asyncio

    settings = read_settings(context)
    with opened_store(settings) as db:
        opened = open_desk(settings, db, file_of(context))
        typer.echo(f"{describe_desk(settings, db, opened.port)}\nCtrl-C stops.")
        asyncio.run(opened.serve())


def _note(db: Store, action: str, target: str, before: str = "", after: str = "") -> None:
    """Keep in the audit what was done by command."""
    from dragoman.store import desk_audit

    who = (datetime.now(UTC), "", "", "command line", action, target)
    desk_audit.note(db, desk_audit.Deed(*who, before, after, outcome="done"))


def _show_link(settings: Settings, db: Store, name: str) -> None:
    from dragoman.desk import make_link
    from dragoman.desk.hosts import desk_address

    path = make_link(db, name, datetime.now(UTC))
    typer.echo(f"{desk_address(settings)}{path}")
    typer.echo("It lets in once, within 30 minutes, and asks for a new password.", err=True)


@app.command()
def link(
    context: typer.Context,
    user: Annotated[str, typer.Argument(help="Whom it lets in; the operator if left out.")] = "",
) -> None:
    """Print a one-time link into the desk."""
    from dragoman.desk.door import ensure_operator

    settings = read_settings(context)
    with opened_store(settings) as db:
        name = user.strip().lower() or ensure_operator(db, datetime.now(UTC))
        _show_link(settings, db, name)
        _note(db, "user.link", name)


@users.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The user's name.")],
    role: Annotated[str, typer.Option(help="reader, editor or operator.")] = "editor",
) -> None:
    """Add a user, and print the link that lets them in first."""
    from dragoman.desk.door import add_user
    from dragoman.desk.people import read_role

    settings = read_settings(context)
    with opened_store(settings) as db:
        new = add_user(db, name, read_role(role), datetime.now(UTC))
        _note(db, "user.add", new.name, after=new.role)
        _show_link(settings, db, new.name)


@users.command(name="list")
def list_users(context: typer.Context, as_json: AsJson = False) -> None:
    """List who may come."""
    from dragoman.store import desk_users

    with opened_store(read_settings(context)) as db:
        found = desk_users.users(db)
    if as_json:
        show_json(
            [
                {"name": u.name, "role": u.role, "created": u.created, "password": u.has_password}
                for u in found
            ]
        )
        return
    shown = [
        (one.name, one.role, "set" if one.has_password else "not yet", show_time(one.created))
        for one in found
    ]
    show_table("", ("name", "role", "password", "since"), shown)


@users.command()
def remove(
    context: typer.Context, name: Annotated[str, typer.Argument(help="The user's name.")]
) -> None:
    """Let a user come no more: sessions, links and tokens end at once."""
    from dragoman.store import desk_users

    with opened_store(read_settings(context)) as db:
        before = desk_users.remove_user(db, name.strip().lower(), highest="operator")
        _note(db, "user.remove", before.name, before=before.role)
    typer.echo(f"{before.name} may no longer come in.")


@users.command()
def role(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The user's name.")],
    role: Annotated[str, typer.Argument(help="reader, editor or operator.")],
) -> None:
    """Give a user another role."""
    from dragoman.desk.people import read_role
    from dragoman.store import desk_users

    with opened_store(read_settings(context)) as db:
        word = read_role(role).word
        before = desk_users.set_role(db, name.strip().lower(), word, highest="operator")
        _note(db, "user.role", before.name, before.role, word)
    typer.echo(f"{before.name} is {word} now.")
