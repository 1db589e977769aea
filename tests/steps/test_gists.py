"""A gist gives way to a better route, and editions share the legs that their routes share."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import store
from dragoman.config import Settings, Translate
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, translate_articles
from dragoman.store import open_store
from dragoman.types import Article, Block, BlockKind, Grouping, Stage, Text, Translation
from dragoman.web.shelf import choose_head, fill_shelf_by_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTENCES = ("The train was late because of snow on the line.", "Nobody was hurt.")

pytestmark = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="Apertium is not installed"
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Pass]:
    runner = LocalRunner(1)
    with open_store(f"sqlite:///{tmp_path}/relay.db") as db:
        yield Pass(db, runner, Settings(data=tmp_path))
    runner.close()


def relay(work: Pass, editions: tuple[str, ...], *engines: str) -> Pass:
    settings = Settings(
        editions=editions, data=work.settings.data, translate=Translate(engines=engines)
    )
    again = Pass(work.db, work.runner, settings)
    asyncio.run(translate_articles(again))
    return again


def put(work: Pass, id: str, language: str = "en", *sentences: str) -> None:
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(one),)) for one in sentences or SENTENCES)
    title = "Snow stops the trains" if language == "en" else "A neve para os trens"
    address = f"https://{id}.example/"
    article = Article(id, id, address, language, title, blocks, first_seen=NOW)
    store.articles.put_article(work.db, article, "1")


def translation(work: Pass, id: str, into: str) -> Translation:
    found = store.translations.translation(work.db, id, into)
    assert found is not None
    return found


def legs(made: Translation) -> list[tuple[str, str]]:
    assert made.route is not None
    return [(leg.engine, leg.into) for leg in made.route.legs]


def test_a_gist_is_made_again_where_a_better_route_appeared(work: Pass) -> None:
    put(work, "a")
    relay(work, ("es",), "apertium")
    rough = translation(work, "a", "es")
    assert legs(rough) == [("apertium", "es")]
    assert relay(work, ("es",), "apertium").counts["translated"] == 0
    assert relay(work, ("es",), "firefox", "apertium").counts["translated"] == 1
    better = translation(work, "a", "es")
    assert legs(better) == [("firefox", "pt"), ("apertium", "es")]
    assert better.title != rough.title
    assert relay(work, ("es",), "firefox", "apertium").counts["translated"] == 0


def test_readers_keep_the_gist_until_the_better_one_is_there(work: Pass) -> None:
    put(work, "a")
    relay(work, ("es",), "apertium")
    rough = translation(work, "a", "es")
    (example,) = store.translations.gists(work.db)
    assert store.translations.articles_like(work.db, example) == ("a",)
    store.work.ask_again(work.db, ["a"], Stage.TRANSLATE, "es")
    assert translation(work, "a", "es") == rough
    assert store.translations.articles_like(work.db, example) == ()


def test_a_gist_stays_where_engines_were_taken_away(work: Pass) -> None:
    put(work, "a")
    relay(work, ("es",), "firefox", "apertium")
    assert relay(work, ("es",), "apertium").counts["translated"] == 0
    assert len(legs(translation(work, "a", "es"))) == 2


def test_a_neural_translation_is_listed_among_no_gists(work: Pass) -> None:
    put(work, "a")
    relay(work, ("pt", "es"), "firefox", "apertium")
    assert [gist.into for gist in store.translations.gists(work.db)] == ["es"]


def test_editions_share_the_first_leg_of_their_routes(work: Pass) -> None:
    put(work, "a")
    relay(work, ("fr", "es", "pt"), "firefox", "apertium")
    words = {
        into: {use.engine: use.words for use in translation(work, "a", into).usage}
        for into in ("pt", "es", "fr")
    }
    body = sum(len(sentence.split()) for sentence in SENTENCES)
    title = 4  # never remembered: how a headline is read depends on its article
    assert words["pt"] == {"firefox": body + title}
    assert words["es"]["firefox"] == words["fr"]["firefox"] == title


def test_a_gist_heads_no_story_that_has_a_better_report(work: Pass) -> None:
    put(work, "a")
    put(work, "b", "pt", "O trem atrasou por causa da neve na linha.")
    members = (Grouping("b", "e", "s"), Grouping("a", "e", "s"))
    relay(work, ("es", "en"), "firefox", "apertium")
    for edition, head in (("en", "a"), ("es", "a")):
        shelf = fill_shelf_by_id(work.db, edition, ["a", "b"])
        assert choose_head(shelf, members).id == head
    put(work, "c", "es", "El tren llegó tarde por la nieve.")
    shelf = fill_shelf_by_id(work.db, "es", ["a", "b", "c"])
    assert choose_head(shelf, (Grouping("c", "e", "s"), *members)).id == "c"


def test_a_machine_translation_heads_a_story_before_a_newer_gist(work: Pass) -> None:
    put(work, "a")
    put(work, "d", "es", "El tren llegó tarde por la nieve.")
    members = (Grouping("a", "e", "s"), Grouping("d", "e", "s"))
    relay(work, ("pt",), "firefox", "apertium")
    shelf = fill_shelf_by_id(work.db, "pt", ["a", "d"])
    assert shelf.translations["d"].route is not None
    assert shelf.translations["d"].route.is_gist
    assert choose_head(shelf, members).id == "a"
