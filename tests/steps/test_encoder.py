"""Another encoder comes as a package with an entry point, and is named in the configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import link, store
from dragoman.config import Link, Settings
from dragoman.plugins import load
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, link_articles
from dragoman.store import Store, open_store
from dragoman.types import Article, Block, BlockKind, Dating, Moment, Source, Text

NOW = datetime(2031, 3, 3, 12, tzinfo=UTC)
MODULE = """
import numpy as np

class Letters:
    def encode(self, texts):
        return np.array([[float(t.lower().count(chr(97 + n))) for n in range(26)] for t in texts])
"""


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a package with an encoder that counts letters."""
    packages = tmp_path / "packages"
    told = packages / "letters-1.dist-info"
    told.mkdir(parents=True)
    (packages / "letters_encoder.py").write_text(MODULE, encoding="utf-8")
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: letters\nVersion: 1\n", "utf-8")
    points = "[dragoman.encoders]\nletters = letters_encoder:Letters\n"
    (told / "entry_points.txt").write_text(points, "utf-8")
    monkeypatch.syspath_prepend(packages)
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "relay.db") as opened:
        store.sources.put_source(opened, Source("s", "https://a.example/feed", "A"))
        block = Block(BlockKind.PARAGRAPH, (Text("The ferry sails again."),))
        one = Article("a", "s", "https://a.example/a", "en", "Ferry", (block,), Dating(Moment(NOW)))
        store.articles.put_article(opened, one, "1")
        yield opened


def _link(db: Store, folder: Path, encoder: str) -> Pass:
    runner = LocalRunner(1)
    try:
        work = Pass(db, runner, Settings(data=folder, link=Link(encoder=encoder)))
        asyncio.run(link_articles(work))
    finally:
        runner.close()
    return work


@pytest.mark.usefixtures("letters")
def test_the_encoder_that_the_configuration_names_makes_the_vectors(
    db: Store, tmp_path: Path
) -> None:
    assert not _link(db, tmp_path, "letters").failures
    kept = store.stories.vectors(db, ["a"], link.version_of("letters"))
    assert [len(vector) for vector in kept.values()] == [2 * 26]
    assert store.stories.vectors(db, ["a"], link.VERSION) == {}
    assert store.articles.article_ids_lacking_link(db, link.version_of("letters"), limit=9) == ()
    assert store.articles.article_ids_lacking_link(db, link.VERSION, limit=9) == ("a",)


def test_an_encoder_that_is_not_installed_fails_the_linking_alone(
    db: Store, tmp_path: Path
) -> None:
    (failure,) = _link(db, tmp_path, "oracle").failures
    assert "there is no 'oracle'; installed: use" in failure.message
