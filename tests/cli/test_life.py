"""One article's whole life can be followed by its id: in the log, and in the store."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from demo.press import Press
from dragoman import store
from dragoman.config import Settings
from dragoman.errors import FetchError
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.steps.work import keep_failure
from dragoman.store import open_store
from dragoman.types import Stage
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config

ENGINE = 'engines = ["echo"]\n[translate.options.echo]\npairs = "en-pt"\n'


@dataclass
class Lived:
    home: Path
    log: list[dict[str, Any]]

    def of(self, id: str) -> list[str]:
        """Give the events of an article: what `grep ID` finds."""
        return [line["event"] for line in self.log if id in json.dumps(line)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Relay one outlet, with a log in JSON."""
    home = tmp_path_factory.mktemp("life")
    config = write_config(home)
    text = config.read_text(encoding="utf-8").replace('engines = ["firefox"]', ENGINE)
    text = text.replace('["en", "pt", "fr", "es", "ar"]', '["en", "pt"]')
    config.write_text(f'log = "info"\nlog_format = "json"\n{text}', encoding="utf-8")
    before = structlog.get_config()
    try:
        with Press(0) as press:
            harbour = next(outlet for outlet in press.outlets if outlet.id == "harbour")
            dragoman("source", "add", harbour.address + harbour.follow, cwd=home)
            done = dragoman("once", "--json", cwd=home)
    finally:
        structlog.configure(**before)
    lines = [line for line in done.stderr.splitlines() if line.startswith("{")]
    yield Lived(home, [json.loads(line) for line in lines])


def test_the_log_tells_each_stage_of_an_article(lived: Lived) -> None:
    (id, *_) = [line["article"] for line in lived.log if line["event"] == "linked"]
    events = lived.of(id)
    stages = ["seen", "fetched", "extracted", "published", "translated", "held back", "linked"]
    assert [one for one in dict.fromkeys(events) if one in stages] == stages
    (held,) = [line for line in lived.log if line["event"] == "held back" and line["article"] == id]
    assert "held back" in held["reason"]
    for line in lived.log:
        assert {"event", "level", "timestamp"} <= set(line)


def test_the_store_tells_it_too(lived: Lived) -> None:
    (id, *_) = [line["article"] for line in lived.log if line["event"] == "linked"]
    told = json.loads(dragoman("life", id, "--json", cwd=lived.home).stdout)
    stages = {one["stage"] for one in told}
    assert {"seen", "fetch", "extract", "extracted", "translate into pt", "link"} <= stages
    assert {"published", "held back", "linked"} <= stages
    moments = [one["at"] for one in told if one["at"]]
    assert moments == sorted(moments)
    assert "published" in dragoman("life", id, cwd=lived.home).stdout
    unknown = dragoman("life", "nothing", cwd=lived.home, expected=1)
    assert "no article 'nothing' is known" in unknown.stderr


def test_where_it_stopped_is_told_with_the_reason(lived: Lived) -> None:
    settings = Settings(data=lived.home)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with open_store(next(lived.home.glob("**/relay.db"))) as db, capture_logs() as log:
        (id, *_) = [one.id for one in store.articles.articles(db)]
        work = Pass(db, LocalRunner(1), settings)
        error = FetchError("https://a.example/: the publisher answers 403", permanent=True)
        keep_failure(work, id, Stage.FETCH, error, "1")
    (line,) = [line for line in log if line.get("article") == id]
    assert (line["event"], line["stage"], line["kind"]) == ("given up", "fetch", "FetchError")
    assert "answers 403" in line["reason"]
    told = json.loads(dragoman("life", id, "--json", cwd=lived.home).stdout)
    (stop,) = [one for one in told if one["what"] == "GIVEN UP"]
    assert (stop["stage"], stop["why"]) == ("fetch", f"FetchError: {error}")
