"""What ships beside the program: lock file, container, service."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ops import audit

ROOT = Path(__file__).parents[2]
OPS = ROOT / "ops"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\\n]*)((?: \\\n +--hash=sha256:\w{64})+)$", re.M
)
EXTRAS = ("ctranslate2", "postgresql")  # which the container has


def read_lock(name: str) -> dict[str, str]:
    text = (OPS / name).read_text(encoding="utf-8")
    return {canonicalize_name(found[1]): found[2] for found in LOCKED.finditer(text)}


def wanted() -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"]
    listed = [
        *PROJECT["project"]["dependencies"],
        *(one for name in EXTRAS for one in extras[name]),
    ]
    return [Requirement(one) for one in listed]


def test_the_lock_has_a_fitting_version_of_everything_that_the_program_needs() -> None:
    lock = read_lock("requirements.txt")
    for one in wanted():
        version = lock.get(canonicalize_name(one.name))
        assert version, f"{one.name} is not in ops/requirements.txt; run `make lock`"
        assert one.specifier.contains(version), f"{one} is locked at {version}; run `make lock`"
    (backend,) = (Requirement(one) for one in PROJECT["build-system"]["requires"])
    assert backend.specifier.contains(read_lock("build.txt")[backend.name])


@pytest.mark.parametrize("name", ["requirements.txt", "build.txt"])
def test_every_line_of_a_lock_has_hashes_and_names_no_place(name: str) -> None:
    text = (OPS / name).read_text(encoding="utf-8")
    assert LOCKED.sub("", text).strip() == ""
    assert "://" not in text


def test_an_audit_without_a_network_is_skipped_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(stdout: str, stderr: str = "") -> None:
        done = subprocess.CompletedProcess([], 1, stdout, stderr)
        monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)

    answer("", "ConnectionError: no route to host")
    assert audit.main() == 0
    skipped = {"name": "lxml", "skip_reason": "Dependency not found on PyPI"}
    answer(json.dumps({"dependencies": [skipped]}))
    assert audit.main() == 0
    assert capsys.readouterr().out.count("skipped") == 2
    hole = {"id": "PYSEC-1", "fix_versions": ["6.2"]}
    found = [skipped, {"name": "lxml", "version": "6.1", "vulns": [hole]}]
    answer(json.dumps({"dependencies": found}))
    assert audit.main() == 1
    assert "lxml 6.1: PYSEC-1; fixed in: 6.2" in capsys.readouterr().out


def instructions() -> list[tuple[str, str]]:
    text = (OPS / "Dockerfile").read_text(encoding="utf-8")
    plain = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    lines = (line.partition(" ") for line in plain.splitlines() if line.strip())
    return [(word, rest.strip()) for word, _, rest in lines]


def test_the_image_takes_in_what_is_there_and_nothing_else() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            for source in shlex.split(rest)[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, source


def test_the_image_runs_as_nobody_and_is_looked_after() -> None:
    last = dict(instructions())
    assert last["USER"] == "10001:10001"
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert "/readyz" in last["HEALTHCHECK"]
    assert (json.loads(last["ENTRYPOINT"]), json.loads(last["CMD"])) == (["dragoman"], ["run"])
    pip = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    for install in re.findall(r"pip install ([^&]+)", " ".join(pip)):
        assert "--require-hashes" in install or "/wheels/" in install


def test_the_settings_in_the_image_are_settings() -> None:
    from dragoman.config import Settings

    text = "\n".join(rest for word, rest in instructions() if word == "ENV")
    compose = (OPS / "compose.yml").read_text(encoding="utf-8")
    for name in re.findall(r"DRAGOMAN_(\w+)", text + compose):
        value: Any = Settings()
        for part in name.lower().split("__"):
            assert hasattr(value, part), name
            value = getattr(value, part)


def test_compose_gives_the_container_nothing_that_it_does_not_need() -> None:
    relay = yaml.safe_load((OPS / "compose.yml").read_text(encoding="utf-8"))["services"]["relay"]
    assert relay["read_only"] is True
    assert relay["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in relay["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in relay["ports"])
    assert (OPS / relay["build"]["context"] / relay["build"]["dockerfile"]).exists()


def test_the_unit_is_hardened_and_reloads() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(OPS / "dragoman.service", encoding="utf-8")
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert int(service["TimeoutStopSec"]) > 10
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateDevices", "LockPersonality"):
        assert service[key] == "yes", key
    assert service["ProtectSystem"] == "strict"


READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind / && cd "$1" || exit 77
touch "$2" 2>/dev/null && exit 78
"$3" -m dragoman status
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare is not installed")
def test_it_runs_where_nothing_but_its_data_can_be_written(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    script = ["sh", "-c", READ_ONLY, "sh", str(data), str(tmp_path / "x"), sys.executable]
    settings = {"HOME": str(data), "DRAGOMAN_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", *script],
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("this machine lets nobody make a file system read-only")
    assert done.returncode == 0, done.stderr
    assert (data / "relay.db").exists()
