"""The commands of reading programs and webhooks, as people run them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from dragoman.store import open_store, readers, webhooks
from dragoman.store.webhooks import Delivery
from dragoman.web.reader.login import is_login, log_in
from tests.cli.running import dragoman

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FROM_HERE = "127.0.0.1"


class Receiver(BaseHTTPRequestHandler):
    """Takes every message under /good, and none elsewhere."""

    got: list[dict[str, object]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.got.append(json.loads(body))
        self.send_response(204 if self.path == "/good" else 500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.got = []
    server = HTTPServer((FROM_HERE, 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{FROM_HERE}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def configure(folder: Path, *urls: str, reader: str = "") -> None:
    hooks = "".join(f'[[webhooks]]\nurl = "{url}"\nevents = ["story.new"]\n' for url in urls)
    text = 'data = "."\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n'
    (folder / "dragoman.toml").write_text(f'{text}[reader]\nuser = "{reader}"\n{hooks}')


def test_a_reader_gets_a_password(tmp_path: Path) -> None:
    configure(tmp_path, reader="ana")
    password = "four words and more"
    done = dragoman("reader", "password", "--stdin", given=f"{password}\n", cwd=tmp_path)
    assert "Log in as ana at http://127.0.0.1:8600" in done.stdout
    assert password not in done.stdout
    with open_store(tmp_path / "relay.db") as db:
        account = readers.account(db, "ana")
        assert account is not None
        assert account.password.startswith("$argon2id$")
        token = log_in(db, "ana", ("ana", password), FROM_HERE, NOW)
        assert isinstance(token, str)
        assert is_login(db, "ana", token)


def test_a_password_that_is_too_short_or_for_nobody_is_refused(tmp_path: Path) -> None:
    configure(tmp_path, reader="ana")
    short = dragoman("reader", "password", "--stdin", given="x\n", cwd=tmp_path, expected=2)
    assert "take 12 to 1024" in short.stderr
    configure(tmp_path)
    nobody = dragoman("reader", "password", "--stdin", given="x\n", cwd=tmp_path, expected=2)
    assert "reader.user is not set" in nobody.stderr


def test_a_test_message_says_who_receives_it(
    tmp_path: Path, receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_WEBHOOK_SECRET", "a secret of sixteen bytes")
    configure(tmp_path, f"{receiver}/good")
    done = dragoman("webhook", "test", cwd=tmp_path)
    assert "Test messages: 1 sent, 1 received." in done.stdout
    assert [record["type"] for record in Receiver.got] == ["test"]
    configure(tmp_path, f"{receiver}/good", f"{receiver}/bad")
    failed = dragoman("webhook", "test", cwd=tmp_path, expected=1)
    assert "Test messages: 2 sent, 1 received." in failed.stdout
    assert "500; it is tried again later" in failed.stdout


def test_what_was_given_up_is_told_and_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_WEBHOOK_SECRET", "a secret of sixteen bytes")
    configure(tmp_path, "https://receiver.example/")
    hook = "https://receiver.example/"
    lost = Delivery("m1", hook, "story.new", "{}", NOW, attempts=6, failure="it answers 503")
    with open_store(tmp_path / "relay.db") as db:
        webhooks.put_deliveries(db, [lost], {}, NOW)
    shown = dragoman("status", cwd=tmp_path).stdout
    assert "GIVEN UP after 6 tries" in shown
    assert "it answers 503" in shown
    told = json.loads(dragoman("status", "--json", cwd=tmp_path).stdout)
    assert told["webhooks"][0]["failure"] == "it answers 503"
    assert "Queued again: 1." in dragoman("webhook", "retry", cwd=tmp_path).stdout
    assert "GIVEN UP" not in dragoman("status", cwd=tmp_path).stdout


def test_a_relay_does_not_start_without_the_secret_of_its_webhooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRAGOMAN_WEBHOOK_SECRET", raising=False)
    configure(tmp_path, "https://receiver.example/")
    for command in ("once", "run"):
        done = dragoman(command, cwd=tmp_path, expected=2)
        assert "DRAGOMAN_WEBHOOK_SECRET holds no secret" in done.stderr
