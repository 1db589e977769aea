"""The whole relay on PostgreSQL: a press relayed, relays and servers killed, a standby, a move."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest

from bench.crash import Run, crash
from demo.press import Press
from dragoman import store
from dragoman.errors import StoreError
from dragoman.store import Store, leading, open_store
from tests.cli.running import dragoman
from tests.e2e.relaying import free_port
from tests.e2e.test_crash import ECHO, die
from tests.postgresql import Server, running_server

TAKEN_OVER_S = 15


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as started:
        yield started


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(0) as opened:
        yield opened


@pytest.fixture(scope="module")
def relayed(
    server: Server, press: Press, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    """The press, relayed to PostgreSQL without a kill; tests that use it only read."""
    config = tmp_path_factory.mktemp("undisturbed") / "dragoman.toml"
    with ExitStack() as databases:
        made = Run(config, press, ECHO, ("harbour", "folha"), ("en", "pt"))
        made.make_store = lambda: databases.enter_context(server.database())
        assert made.prepare().begin().wait() == 0
        yield made


@contextmanager
def running(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``dragoman run`` on a port of its own; what it says is in a file beside."""
    text = config.read_text()
    if "[site]" not in text:
        port = free_port()
        text += f'[site]\nport = {port}\nbase_url = "http://127.0.0.1:{port}"\n'
        config.write_text(f"{text}[desk]\nenabled = false\n")
    command = [sys.executable, "-u", "-m", "dragoman", "--config", str(config), "run"]
    with config.with_name("said").open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(run: Run) -> str:
    return run.config.with_name("said").read_text()


def wait_until(is_so: Callable[[], object], seconds: float = 90) -> float:
    """Wait until something is so, and say how long that took."""
    began = time.monotonic()
    while True:
        try:
            if is_so():
                return time.monotonic() - began
        except StoreError:
            pass  # its server is just being killed
        assert time.monotonic() - began < seconds
        time.sleep(0.1)


def relay_of(run: Run) -> str:
    """Say where the relay is, as this one's site sees it."""
    try:
        with urlopen(f"{run.settings.site.base_url}/readyz", timeout=5) as answer:
            found: str = json.loads(answer.read())["relay"]
            return found
    except URLError:
        return ""


def count_articles(db: Store) -> int:
    return sum(store.work.counts(db)["articles"].values())


def test_a_second_pass_finds_nothing_to_do(relayed: Run) -> None:
    outcome = relayed.outcome()
    assert min(len(outcome[name]) for name in ("articles", "translations")) >= 10
    words = ("--config", str(relayed.config))
    assert "Nothing to do" in dragoman(*words, "once", "--now").stdout
    found = {one["what"]: one for one in json.loads(dragoman(*words, "doctor", "--json").stdout)}
    assert found["database"]["is_well"]
    assert "none runs" in found["relay"]["message"]


def test_kills_at_random_change_nothing_of_what_is_published(relayed: Run, tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    report = crash(relayed, tmp_path, 2, random.Random(seed))
    assert (report.kills, report.faults) == (2, [])


def test_a_relay_outlives_its_server_and_says_so(relayed: Run, tmp_path: Path) -> None:
    with running_server() as mortal, mortal.database() as address:
        run = replace(relayed, config=tmp_path / "dragoman.toml", make_store=lambda: address)
        with running(run.prepare().config) as relay, open_store(address) as db:
            wait_until(lambda: count_articles(db) > 1)
            mortal.kill()
            wait_until(lambda: "cannot be reached" in said(run))
            mortal.start()
            wait_until(lambda: run.outcome() == relayed.outcome())
            assert relay.poll() is None


def test_a_standby_takes_over_from_a_relay_that_is_killed_or_hangs(
    relayed: Run, tmp_path: Path
) -> None:
    first = replace(relayed, config=tmp_path / "1" / "dragoman.toml").prepare()
    address = first.settings.store_url
    second = replace(first, config=tmp_path / "2" / "dragoman.toml", make_store=lambda: address)
    with open_store(address) as db, running(first.config) as killed:
        wait_until(lambda: relay_of(first) == "here")
        with running(second.prepare().config) as standby:
            wait_until(lambda: "Standing by: " in said(second))
            assert relay_of(second) == "elsewhere"
            wait_until(lambda: count_articles(db) > 1)
            before = first.acknowledged()
            killed.kill()
            killed_s = wait_until(lambda: relay_of(second) == "here")
            assert "This relay leads now." in said(second)
            wait_until(lambda: second.outcome() == relayed.outcome())
            assert second.faults(before) == []
            with running(first.config) as returned:
                wait_until(lambda: relay_of(first) == "elsewhere")
                standby.send_signal(signal.SIGSTOP)
                hung_s = wait_until(lambda: relay_of(first) == "here")
                standby.send_signal(signal.SIGCONT)
                wait_until(lambda: "lost its lead" in said(second), 20)
                wait_until(lambda: relay_of(second) == "elsewhere", 20)
                assert relay_of(first) == "here"
                returned.send_signal(signal.SIGTERM)
                assert returned.wait(timeout=20) == 0
    print(f"taken over {killed_s:.1f} s after a kill, {hung_s:.1f} s after a hang")
    assert max(killed_s, hung_s) < TAKEN_OVER_S


def test_a_store_moves_to_sqlite_and_back_as_it_is(
    relayed: Run, server: Server, tmp_path: Path
) -> None:
    origin, file = relayed.settings.store_url, tmp_path / "relay.db"
    there = json.loads(dragoman("migrate-store", origin, str(file), "--json").stdout)
    with server.database("template1") as address:
        told = dragoman("migrate-store", str(file), address).stdout
        assert f'Next: set store = "{address}" in dragoman.toml' in " ".join(told.split())
        moved = replace(relayed, config=tmp_path / "dragoman.toml")
        moved.config.write_text(relayed.config.read_text().replace(origin, address))
        assert moved.faults(relayed.acknowledged()) == []
        assert moved.outcome() == relayed.outcome()
        words = (str(moved.config), "search", "ferry", "--json")
        assert len(json.loads(dragoman("--config", *words).stdout)) > 0
        back = json.loads(dragoman("migrate-store", address, f"{file}2", "--json").stdout)
        assert back == there
        # It goes on counting where it was.
        assert "Nothing to do" in dragoman("-c", str(moved.config), "once", "--now").stdout
        done = dragoman("migrate-store", str(file), address, expected=1)
        assert "is not empty" in done.stderr


def test_a_move_that_is_killed_leaves_the_target_empty(
    relayed: Run, server: Server, tmp_path: Path
) -> None:
    instant = "dragoman.store.moving:_compare 1 after"  # all there, nothing committed
    origin, file = relayed.settings.store_url, tmp_path / "relay.db"
    before = relayed.acknowledged()
    die(instant, "migrate-store", origin, str(file))
    assert not file.exists()
    dragoman("migrate-store", origin, str(file))
    with server.database("template1") as address:
        die(instant, "migrate-store", str(file), address)
        with psycopg.connect(address) as connection:
            query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert connection.execute(query).fetchone() == (0,)
        dragoman("migrate-store", str(file), address)  # so it is no worse for that
    assert relayed.faults(before) == []


def test_a_store_that_is_being_relayed_is_not_moved(
    relayed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leading, "_LEASE_S", 0)
    origin = relayed.settings.store_url
    with open_store(origin) as db, leading.leading(db):
        told = dragoman("migrate-store", origin, str(tmp_path / "x.db"), expected=1).stderr
    assert f"is relayed by {leading.own_name()}; leave the work to it, or stop it first" in told
    assert not (tmp_path / "x.db").exists()


def test_a_backup_of_postgresql_is_a_store_too(relayed: Run, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    words = ("--config", str(relayed.config))
    assert "verified" in dragoman(*words, "backup", str(file)).stdout
    told = dragoman(*words, "restore", str(file), expected=1).stderr
    assert "dragoman migrate-store" in told
    shown = replace(relayed, config=tmp_path / "dragoman.toml")
    shown.config.write_text(
        relayed.config.read_text().replace(relayed.settings.store_url, f"sqlite:///{file}")
    )
    assert shown.outcome() == relayed.outcome()
