"""``dragoman search``, run as people run it."""

import asyncio
import json
from pathlib import Path

import pytest

from dragoman.config import load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, index_texts
from dragoman.store import open_store
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config
from tests.web.newsroom import fill_store


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched")
    settings = load_settings(write_config(folder))
    runner = LocalRunner(1)
    with open_store(settings.store_url) as db:
        fill_store(db)
        asyncio.run(index_texts(Pass(db, runner, settings)))
    runner.close()
    return folder


def test_it_finds_what_the_site_finds(home: Path) -> None:
    done = dragoman("search", "ferry", "captain", "--json", cwd=home)
    found = json.loads(done.stdout)
    assert found["total"] == 2
    assert {one["id"] for one in found["results"]} == {"ferryar00001", "ferryes00001"}
    assert found["results"][0]["excerpt"]


def test_it_is_narrowed_and_ordered(home: Path) -> None:
    done = dragoman("search", "ferry", "--by-date", "--until", "2026-11-18", "--json", cwd=home)
    days = [one["listed"] for one in json.loads(done.stdout)["results"]]
    assert days
    assert days == sorted(days, reverse=True)
    done = dragoman("search", "ferry", "--language", "pt", "--limit", "1", cwd=home)
    assert "Ferry links the islands" in done.stdout
    assert "1 found." in done.stdout


def test_it_says_when_nothing_is_found(home: Path) -> None:
    assert "Nothing was found." in dragoman("search", "elephant", cwd=home).stdout
    assert "Nothing was found." in dragoman("search", "--", "-ferry", cwd=home).stdout


def test_an_edition_that_is_not_there_is_named(home: Path) -> None:
    done = dragoman("search", "ferry", "--edition", "xx", cwd=home, expected=2)
    assert "there is no edition 'xx' here; there are: " in done.stderr
