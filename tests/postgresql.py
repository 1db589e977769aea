"""A throwaway PostgreSQL server: as fast as it can be, and with nothing that must last."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from dragoman.store import open_store

ROLE = "dragoman"
MOLD = "mold"  # a database with the present schema, which the others are copied from
# What is lost when the machine dies is of no worth here.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "150",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


@cache
def find_programs() -> Path | None:
    """Give the folder of the server's programs; Debian keeps them out of the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = [one.parent for one in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(debian, key=lambda one: int(one.parent.name), default=None)


def require_programs() -> Path:
    """Give that folder; without it skip the test, and in CI fail it."""
    found = find_programs()
    if found is None:
        say = pytest.fail if os.environ.get("CI", "") == "true" else pytest.skip
        say("PostgreSQL is not installed: there is no initdb")
    return found


def _end_with_us() -> None:
    """Ask Linux to end this process when the one that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


class Server:
    """A server of its own, on a port of its own, in a folder that goes with it."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="dragoman-pg-", dir="/tmp"))
        # It refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        options = ["--auth=trust", f"--username={ROLE}", "--no-sync", "--encoding=UTF8"]
        # As most people have it: the order of letters is not that of code points.
        options += ["--locale=C", "--locale-provider=icu", "--icu-locale=en"]
        self._run("initdb", "-D", "data", *options)
        self.start()

    def _command(self, program: str, *words: str) -> list[str]:
        return [str(self.programs / program), *words]

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            self._command(program, *words),
            cwd=self.folder,
            user=self.user if os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        options += ["-clisten_addresses=127.0.0.1", f"-p{self.port}", f"-k{self.folder}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", str(self.folder / "data"), *options),
                cwd=self.folder,
                user=self.user if os.geteuid() == 0 else None,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_us,
            )
        ends = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < ends, "PostgreSQL does not answer"
                time.sleep(0.03)
            else:
                return

    def kill(self) -> None:
        """Kill it with all its processes, as if the machine had gone down."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()]
        self.process.kill()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def close(self) -> None:
        """End it at once, and remove all that it wrote."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database: str) -> str:
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}"

    def do(self, statement: str) -> None:
        """Run a statement outside of any transaction."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type,unused-ignore]

    def make_mold(self) -> None:
        """Make the database that stores are copied from: migrating costs ten times that."""
        self.do(f"CREATE DATABASE {MOLD}")
        open_store(self.address(MOLD)).close()

    @contextmanager
    def database(self, mold: str = MOLD) -> Iterator[str]:
        """Give the address of a fresh store, or of an empty database; it goes at the end."""
        name = f"test_{uuid4().hex}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {mold} STRATEGY FILE_COPY")
        try:
            yield self.address(name)
        finally:
            self.do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running_server() -> Iterator[Server]:
    server = Server(require_programs())
    try:
        server.make_mold()
        yield server
    finally:
        server.close()
