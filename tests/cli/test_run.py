"""`dragoman run` relays, serves, and stops when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from demo.press import Press
from dragoman import store
from dragoman.config import load_settings
from dragoman.store import open_store
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config


def wait_for(url: str, seconds: float = 60) -> str:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            with urlopen(url, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except URLError:
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer in {seconds} s")


def test_it_serves_while_it_relays_and_stops_within_ten_seconds_while_it_translates(
    tmp_path: Path,
) -> None:
    config = write_config(tmp_path)
    settings = load_settings(config)
    site = settings.site.base_url
    with Press(0) as press:
        harbour = next(outlet for outlet in press.outlets if outlet.id == "harbour")
        dragoman("source", "add", harbour.address + harbour.follow, cwd=tmp_path)
        command = [sys.executable, "-m", "dragoman", "--config", str(config), "run"]
        relay = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            assert json.loads(wait_for(f"{site}/healthz")) == {"status": "ok"}
            with open_store(settings.store_url) as db:
                ends = time.monotonic() + 120
                while not (done := count_done(db)):  # one is there, the next are under way
                    assert time.monotonic() < ends, "nothing was translated"
                    time.sleep(0.05)
                assert "The Harbour Courier" in wait_for(f"{site}/en/")
                began = time.monotonic()
                relay.send_signal(signal.SIGTERM)
                assert relay.wait(timeout=15) == 0
                assert time.monotonic() - began < 10
                assert done <= count_done(db) < len(store.articles.articles(db))
                assert store.check(db) == []
        finally:
            relay.kill()
            relay.wait()


def count_done(db: store.Store) -> int:
    pairs = store.work.counts(db)["translations"]
    return sum(found.get("done", 0) + found.get("held", 0) for found in pairs.values())


def test_systemd_is_told_when_it_is_ready_that_it_lives_and_that_it_stops(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    site = load_settings(config).site.base_url
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(address)
        told.settimeout(60)
        command = [sys.executable, "-m", "dragoman", "--config", str(config), "run"]
        watched = {**os.environ, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"}
        relay = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=watched)
        try:
            assert told.recv(200).startswith(b"READY=1")
            assert json.loads(wait_for(f"{site}/healthz", seconds=1)) == {"status": "ok"}
            assert [told.recv(200) for _ in range(3)] == [b"WATCHDOG=1"] * 3
            relay.send_signal(signal.SIGHUP)
            heard = [told.recv(200)]
            while heard[-1] != b"READY=1":
                heard.append(told.recv(200))
            assert any(one.startswith(b"RELOADING=1\nMONOTONIC_USEC=") for one in heard)
            relay.send_signal(signal.SIGTERM)
            said = b""
            while said != b"STOPPING=1":
                said = told.recv(200)
            assert relay.wait(timeout=10) == 0
        finally:
            relay.kill()
            relay.communicate()


@pytest.mark.parametrize("command", ["serve", "run"])
def test_a_port_that_is_taken_is_named(tmp_path: Path, command: str) -> None:
    config = write_config(tmp_path)
    with Press(0) as press:
        taken = press.outlets[0].port
        text = config.read_text().replace(str(load_settings(config).site.port), str(taken))
        config.write_text(text)
        done = dragoman(command, cwd=tmp_path, expected=1)
    assert f"port {taken}" in done.stderr
