"""The command shows what engines did and cost."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import store
from dragoman.config import load_settings
from dragoman.store import open_store
from dragoman.types import Usage
from tests.cli.running import dragoman
from tests.contracts.store_samples import HARBOUR, make_translation, put_articles

CONFIG = """
[translate]
monthly_cap = 25

[translate.options.deepl]
price_per_million = 20
"""


def test_words_seconds_and_money_are_shown_beside_the_cap(tmp_path: Path) -> None:
    config = tmp_path / "dragoman.toml"
    config.write_text(CONFIG, encoding="utf-8")
    (tmp_path / "data").mkdir()
    settings = load_settings(config)
    assert settings.translate.options == {"deepl": {"price_per_million": "20"}}
    now = datetime.now(UTC)
    with open_store(settings.store_url) as db:
        store.sources.put_source(db, HARBOUR)
        put_articles(db, "a1")
        used = (Usage("deepl", 1234, 56.7, 1.5),)
        store.translations.put_translation(db, make_translation(usage=used, made=now), "1")
    shown = dragoman("usage", cwd=tmp_path).stdout
    for part in (f"{now:%Y-%m}", "deepl", "harbour", "1234", "1.5000 of 25"):
        assert part in shown
    report = json.loads(dragoman("usage", "--json", cwd=tmp_path).stdout)
    assert (report["cost"], report["cap"]) == (1.5, 25.0)
    assert report["usage"][0]["words"] == 1234


def test_without_a_cap_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_DEEPL_KEY", "k")  # is no setting, and disturbs none
    (tmp_path / "dragoman.toml").write_text("", encoding="utf-8")
    assert "no cap" in dragoman("usage", cwd=tmp_path).stdout
