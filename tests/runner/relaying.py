"""A pass over the sample press with a runner, and what it left in the store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from demo.press import Press
from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.config import Settings, load_settings
from dragoman.runner import Runner
from dragoman.steps import Pass
from dragoman.store import open_store
from tests.e2e.relaying import follow, write_config

ECHO = """engines = ["echo"]
[translate.options.echo]
pairs = "en-pt en-es en-fr pt-en es-en fr-en"
"""


def relay_press(press: Press, folder: Path, runner: Runner) -> dict[str, Any]:
    """Relay the press into a new store; give articles, translations and stories of it."""
    config = write_config(folder)
    text = config.read_text(encoding="utf-8").replace('engines = ["firefox"]', ECHO)
    config.write_text(text, encoding="utf-8")
    settings: Settings = load_settings(config)
    with open_store(settings.store_url) as db:
        follow(db, press)
        tally = relay_now(Pass(db, runner, settings), is_forced=True)
        articles = store.articles.articles(db, limit=1000)
        ids = [article.id for article in articles]
        translations = {
            (id, into): one
            for id in ids
            for into in settings.editions
            if (one := store.translations.translation(db, id, into))
        }
        return {
            "tally": replace(tally, failures=tuple(sorted(tally.failures, key=str))),
            "articles": {one.id: replace(one, fetched=None, first_seen=None) for one in articles},
            "translations": {
                key: replace(one, made=None, usage=()) for key, one in translations.items()
            },
            "stories": {one.article: one for one in store.stories.groupings(db, ids)},
        }
