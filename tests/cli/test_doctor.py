"""The doctor names a proxy that is down, and never its password."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from tests.cli.running import dragoman


def findings(home: Path, proxy: str) -> dict[str, str]:
    text = f'[fetch]\nproxy = "{proxy}"\n[translate]\nengines = ["echo"]\n'
    (home / "dragoman.toml").write_text(text, encoding="utf-8")
    dragoman("status", cwd=home)  # makes the store
    done = dragoman("doctor", "--json", cwd=home, expected=0 if proxy.endswith("/up") else 1)
    return {one["what"]: one["message"] for one in json.loads(done.stdout)}


def test_a_proxy_that_is_down_is_a_fault(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"127.0.0.1:{server.getsockname()[1]}"
        found = findings(tmp_path, f"http://ann:secret@{place}/up")
        assert found["proxy"].startswith(f"{place} answers")
        assert found["passes"].startswith("no pass has ended yet")
    found = findings(tmp_path, f"http://ann:secret@{place}")
    assert "cannot be reached" in found["proxy"]
    assert "secret" not in json.dumps(found)
