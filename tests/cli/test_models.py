"""Models are listed, mirrored, added from a mirror, imported and removed by command."""

import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.running import dragoman
from tests.e2e.relaying import write_config


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_config(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def mirror(tmp_path: Path, home: Path) -> Iterator[str]:
    """A mirror of the models that come with the installation, served on loopback."""
    folder = tmp_path / "mirror"
    dragoman("models", "mirror", str(folder), cwd=home)
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/models.json"
        server.shutdown()


def installed(home: Path) -> list[tuple[str, str, bool]]:
    models = json.loads(dragoman("models", "list", "--json", cwd=home).stdout)
    return [(model["language"], model["into"], model["is_shipped"]) for model in models]


def test_the_models_that_come_with_the_installation_are_listed(home: Path) -> None:
    assert installed(home) == [("en", "pt", True), ("pt", "en", True)]
    assert "en → pt" in dragoman("models", "list", cwd=home).stdout


def test_what_firefox_has_is_listed_with_its_published_quality(home: Path) -> None:
    pairs = json.loads(dragoman("models", "list", "--available", "--json", cwd=home).stdout)
    assert len(pairs) > 80
    french = next(pair for pair in pairs if (pair["language"], pair["into"]) == ("en", "fr"))
    assert french["megabytes"] > 10


def test_a_model_is_added_from_a_mirror_and_removed(
    home: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_MODELS_URL", mirror)
    dragoman("models", "add", "en", "pt", cwd=home)
    assert ("en", "pt", False) in installed(home)
    dragoman("models", "remove", "en", "pt", cwd=home)
    assert ("en", "pt", False) not in installed(home)
    again = dragoman("models", "remove", "en", "pt", cwd=home, expected=1)
    assert "dragoman models list" in again.stderr


def test_a_dead_mirror_and_a_pair_that_nobody_has_are_named(
    home: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_MODELS_URL", mirror)
    missing = dragoman("models", "add", "en", "is", cwd=home, expected=1)
    assert "is" in missing.stderr
    monkeypatch.setenv("DRAGOMAN_MODELS_URL", "http://127.0.0.1:9/models.json")
    dead = dragoman("models", "add", "en", "pt", cwd=home, expected=1)
    assert "http://127.0.0.1:9/models.json" in dead.stderr


def test_models_are_imported_from_a_folder(home: Path, tmp_path: Path, mirror: str) -> None:
    dragoman("models", "import", str(tmp_path / "mirror"), cwd=home)
    assert ("pt", "en", False) in installed(home)
    nothing = dragoman("models", "import", str(tmp_path / "nowhere"), cwd=home, expected=1)
    assert "nowhere" in nothing.stderr
