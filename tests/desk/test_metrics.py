"""Prometheus learns of stages, queues, engines and the relay, and nothing of addresses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from dragoman.desk.keys import digest_of
from dragoman.ingest import ClosedHost
from dragoman.steps.vitals import Vitals, begin_vitals, read_vitals, write_vitals
from dragoman.store import desk_sessions
from dragoman.store.desk_sessions import Token
from dragoman.types import Failure, Tally
from tests.desk.conftest import TestDesk

OPS = Path(__file__).parents[2] / "ops"
NAME = re.compile(r"\bdragoman_\w+")


def write(folder: Path) -> None:
    """Keep vitals as a relay does that has seen some trouble."""
    vitals = Vitals()
    for outcome, seconds in (("2xx", 0.2), ("3xx", 0.1), ("TooSlow", 61.0)):
        vitals.note_fetch(outcome, seconds)
    failures = (
        Failure("a1", "translate", "EngineDied", "killed", False),
        Failure("https://x.example/secret", "fetch", "TooSlow", "https://x.example/", False),
    )
    vitals.note_pass(Tally(failures=failures), 12.5)
    until = datetime.now(UTC) + timedelta(hours=1)
    vitals.closed_hosts = [ClosedHost("x.example:443", until, 7, "it answers 503")]
    write_vitals(folder, vitals)


def ask(desk: TestDesk, *, scope: str = "read") -> httpx2.Response:
    token = Token(digest_of("key"), "reader", "prometheus", (scope,), desk.clock(), None)
    desk_sessions.put_token(desk.db, token)
    return desk.stranger().get("/metrics", authorization="Bearer key")


@pytest.fixture
def measured(desk: TestDesk) -> Iterator[dict[str, float]]:
    """The samples, by name with labels."""
    write(desk.settings.data)
    answer = ask(desk)
    assert answer.status_code == 200
    yield {
        f"{one.name}{dict(sorted(one.labels.items())) or ''}": one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def test_it_tells_of_stages_sources_queues_and_the_relay(measured: dict[str, float]) -> None:
    assert measured["dragoman_sources{'state': 'failing'}"] == 1
    assert measured["dragoman_checkpoints{'stage': 'fetch', 'state': 'failed'}"] == 1
    assert measured["dragoman_queue_length{'into': '', 'stage': 'fetch'}"] >= 3
    assert measured["dragoman_queue_oldest_seconds{'into': '', 'stage': 'fetch'}"] >= 0
    assert "dragoman_queue_length{'into': 'pt', 'stage': 'translate'}" in measured
    assert measured["dragoman_fetches_total{'outcome': 'TooSlow'}"] == 1
    assert measured["dragoman_fetch_seconds_bucket{'le': '0.25'}"] == 2
    assert measured["dragoman_fetch_seconds_count"] == 3
    assert measured["dragoman_worker_deaths_total"] == 1
    assert measured["dragoman_last_pass_seconds"] == 12.5
    assert measured["dragoman_hosts_closed"] == 1
    assert measured["dragoman_database_bytes"] > 100_000


def test_no_label_holds_what_somebody_outside_chose(measured: dict[str, float]) -> None:
    known = ("stage", "state", "into", "language", "status", "verdict", "engine", "outcome",
             "kind", "le", "version")  # fmt: skip
    text = "\n".join(measured)
    assert set(re.findall(r"'(\w+)':", text)) <= set(known)
    assert "example" not in text
    assert len(measured) < 150


def test_only_a_token_with_the_scope_may_ask(desk: TestDesk) -> None:
    assert desk.stranger().get("/metrics").status_code == 401
    assert desk.as_("operator").get("/metrics").status_code == 401  # no cookie is enough
    assert ask(desk, scope="act").status_code == 403


def rules() -> list[dict[str, str]]:
    read = yaml.safe_load((OPS / "alerts.yml").read_text(encoding="utf-8"))
    found: list[dict[str, str]] = read["groups"][0]["rules"]
    return found


def test_every_measure_of_board_and_alerts_is_there(measured: dict[str, float]) -> None:
    given = {name.partition("{")[0] for name in measured}
    # Counters of engines have no sample before the first translation.
    given |= {f"dragoman_engine_{what}_total" for what in ("words", "seconds", "cost")}
    board = json.loads((OPS / "grafana/dragoman.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in rules()]
    named = {name for expression in asked for name in NAME.findall(expression)}
    assert len(named) > 20
    assert named <= given, named - given


def test_every_alert_says_what_happened_and_what_to_do() -> None:
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "action"}, rule["alert"]


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_promtool_reads_the_rules_and_the_output(desk: TestDesk) -> None:
    write(desk.settings.data)
    subprocess.run(["promtool", "check", "rules", OPS / "alerts.yml"], check=True)
    subprocess.run(["promtool", "check", "metrics"], input=ask(desk).content, check=True)


def test_counts_go_on_after_a_restart_and_a_broken_file_costs_nothing_else(
    make_desk: Callable[..., TestDesk], tmp_path: Path
) -> None:
    write(tmp_path)
    assert begin_vitals(tmp_path).fetches == {"2xx": 1, "3xx": 1, "TooSlow": 1}
    for broken in (b"", b"{", b'{"fetch_buckets": [1]}', b'{"passes": "many"}'):
        (tmp_path / "vitals.json").write_bytes(broken)
        assert read_vitals(tmp_path).passes == 0
    write_vitals(tmp_path / "gone", Vitals())  # cannot be written: said, and no more


def test_readiness_says_which_thing_is_not_ready(
    make_desk: Callable[..., TestDesk], tmp_path: Path
) -> None:
    desk = make_desk()
    found = desk.stranger().get("/readyz")
    assert (found.status_code, found.json()["relay"]) == (503, "never ran here")
    write(tmp_path)
    found = desk.stranger().get("/readyz")
    ready = {"status": "ready", "store": "ok", "disk": "ok", "relay": "ok"}
    assert (found.status_code, found.json()) == (200, ready)
    desk.clock.go_on(minutes=17)
    assert desk.stranger().get("/readyz").json()["relay"] == "silent for 17 minutes"
    with desk.db.write() as connection:
        connection.exec_driver_sql("DROP TABLE sources")
    found = desk.stranger().get("/readyz").json()
    assert found["store"].startswith("cannot be read")
