"""A whole pass of the relay among hostile servers, once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.config import load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.store import Store, open_store
from dragoman.types import Source, Tally
from tests.hostile.streets import opened

CONFIG = """
editions = ["en"]
data = "data"
[desk]
enabled = false
[fetch]
allow_networks = ["127.1.0.0/16"]
concurrency = 300
host_interval_s = 0
total_s = 10
max_mb = 6
[translate]
engines = []
[run]
workers = 2
extract_deadline_s = 30
"""


@dataclass
class Hostile:
    """What came of the pass; places by behaviour."""

    db: Store
    tally: Tally
    sources: dict[str, str]
    pages: dict[str, str]  # address
    visits: list[str]  # to a server that nobody may reach


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Subscribe to all hostile feeds and some healthy ones, and make one pass."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "dragoman.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder / "dragoman.toml")
    settings.data.mkdir()
    with opened() as streets, open_store(settings.store_url) as db:
        for host in streets.feeds:
            source = Source(_id(host), f"{streets.home(host)}/feed", host, language="en")
            store.sources.put_source(db, source)
        runner = LocalRunner(settings.run.workers, memory_mb=settings.run.memory_mb)
        try:
            tally = relay_now(Pass(db, runner, settings), is_forced=True)
        finally:
            runner.close()
        yield Hostile(
            db,
            tally,
            {name: _id(host) for host, name in streets.feeds.items()},
            {name: f"{streets.home(host)}/page" for host, name in streets.articles.items()},
            streets.close(),
        )


def _id(host: str) -> str:
    return "h" + host.replace(".", "-")
