"""The desk's commands, and the desk beside the relay."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from dragoman.config import load_settings
from tests.cli.running import dragoman
from tests.e2e.relaying import free_port, write_config


@pytest.fixture
def home(tmp_path: Path) -> Path:
    config = write_config(tmp_path)
    text = config.read_text(encoding="utf-8")
    text = text.replace("[desk]\nport = 0", f"[desk]\nport = {free_port()}")
    config.write_text(text, encoding="utf-8")
    return tmp_path


def test_users_are_kept_by_command(home: Path) -> None:
    added = dragoman("desk", "user", "add", "Ines", "--role", "reader", cwd=home)
    assert re.match(r"http://127\.0\.0\.1:\d+/enter/[\w-]{43}\n", added.stdout)
    dragoman("desk", "user", "add", "ana", "--role", "operator", cwd=home)
    assert "There" not in dragoman("desk", "user", "role", "ines", "editor", cwd=home).stderr
    listed = json.loads(dragoman("desk", "user", "list", "--json", cwd=home).stdout)
    assert [(one["name"], one["role"], one["password"]) for one in listed] == [
        ("ana", "operator", False),
        ("ines", "editor", False),
    ]
    last = dragoman("desk", "user", "remove", "ana", cwd=home, expected=1)
    assert "'ana' is the last operator" in last.stderr
    assert "no longer come" in dragoman("desk", "user", "remove", "ines", cwd=home).stdout
    unknown = dragoman("desk", "user", "role", "nobody", "editor", cwd=home, expected=1)
    assert "there is no user 'nobody'; there are: ana" in unknown.stderr
    bad = dragoman("desk", "user", "add", "x", "--role", "boss", cwd=home, expected=1)
    assert "there are: reader, editor, operator" in bad.stderr


def test_a_desk_open_to_others_is_refused_until_somebody_has_a_password(home: Path) -> None:
    config = home / "dragoman.toml"
    config.write_text(config.read_text().replace("[desk]\n", '[desk]\nhost = "0.0.0.0"\n'))
    for command in ("desk", "run"):
        done = dragoman(command, cwd=home, expected=2)
        assert "no user has a password yet" in done.stderr


def test_a_port_that_is_taken_is_named(home: Path) -> None:
    port = load_settings(home / "dragoman.toml").desk.port
    with socket.create_server(("127.0.0.1", port)):
        done = dragoman("desk", cwd=home, expected=1)
    assert f"port {port}" in done.stderr
    assert "desk.port" in done.stderr


def test_run_opens_the_desk_and_its_link_leads_in(home: Path) -> None:
    command = [sys.executable, "-m", "dragoman", "--config", str(home / "dragoman.toml"), "run"]
    relay = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=home)
    try:
        assert relay.stdout
        address = relay.stdout.readline().removeprefix("Desk:").strip()
        said = ""
        while "Relaying" not in said:
            said = relay.stdout.readline()
        for _ in range(600):
            try:
                page = urlopen(address, timeout=60).read().decode()
                break
            except ConnectionError:
                continue
        assert "This link lets you in once" in page
        relay.send_signal(signal.SIGTERM)
        assert relay.wait(timeout=20) == 0
    finally:
        relay.kill()
        relay.communicate()
