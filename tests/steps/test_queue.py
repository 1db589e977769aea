"""Where translation is slower than the news: titles first, the newest first, editions in turn."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dragoman import store, translate
from dragoman.config import Settings, Translate
from dragoman.errors import TranslateError
from dragoman.runner import Outcome
from dragoman.steps import Pass, translate_articles, translating
from dragoman.store import open_store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    MemoryUnit,
    Stage,
    Text,
    Translation,
    TranslationStatus,
    WorkState,
)
from dragoman.web.shelf import fill_shelf, find_headline

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNT = 6
TITLE = {
    "en": "The council of town {} closed its old bridge on Monday",
    "pt": "O conselho da cidade {} fechou a sua ponte velha na segunda-feira",
    "es": "El consejo de la ciudad {} cerró su viejo puente el lunes",
}
BODY = {
    "en": "Nobody in town {} was asked.",
    "pt": "Ninguém na cidade {} foi consultado.",
    "es": "Nadie en la ciudad {} fue consultado.",
}
SETTLED = [(said, into) for said in (TITLE, BODY) for into in ("pt", "es")]


class Here:
    """A runner that runs everything in this process, and writes down what, in which order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str]] = []
        self.stopped = ""  # the function that nobody gets to any more

    async def call(self, function: Callable[..., Any], *args: Any, deadline_s: float) -> Any:
        return function(*args)

    async def run_each(
        self, function: Callable[..., Any], items: Iterable[Any], *, deadline_s: float
    ) -> AsyncIterator[Outcome[Any, Any]]:
        for item, args in items:
            self.calls.append((function.__name__, item.id, args[1]))
            if function.__name__ == self.stopped:
                yield Outcome(item, error=TranslateError("the engine is busy"))
            else:
                yield Outcome(item, value=function(*args))


@pytest.fixture
def runner() -> Here:
    return Here()


@pytest.fixture
def work(tmp_path: Path, runner: Here) -> Pass:
    engines = Translate(engines=("echo",), options={"echo": {"pairs": "en-pt en-es"}})
    settings = Settings(data=tmp_path, editions=("en", "pt", "es"), translate=engines)
    db = open_store(f"sqlite:///{tmp_path}/relay.db")
    for number in range(COUNT):
        title, text = TITLE["en"].format(number), BODY["en"].format(number)
        block = Block(BlockKind.PARAGRAPH, (Text(text),))
        seen = NOW + timedelta(minutes=number)
        article = Article(
            f"a{number}", "s", f"https://a.example/{number}", "en", title, (block,), first_seen=seen
        )
        store.articles.put_article(db, article, "1")
        store.memory.put_units(db, (settle(said, into, number) for said, into in SETTLED))
    return Pass(db, runner, settings)  # type: ignore[arg-type]


def settle(said: dict[str, str], into: str, number: int) -> MemoryUnit:
    """Give a sentence that a translator settled before: the echo alone the gate holds back."""
    source, target = said["en"].format(number), said[into].format(number)
    key = translate.exact_key(source, "en", into)
    return MemoryUnit(key, source, target, "en", into, store.memory.IMPORTED)


def found(work: Pass, id: str, into: str = "pt") -> Translation | None:
    return store.translations.translation(work.db, id, into)


def test_titles_come_before_texts_where_many_wait(
    work: Pass, runner: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "MANY", COUNT)
    asyncio.run(translate_articles(work))
    names = [name for name, _, _ in runner.calls]
    assert names == ["translate_title"] * 2 * COUNT + ["translate_article"] * 2 * COUNT
    made = found(work, "a0")
    assert made is not None
    assert made.status is TranslationStatus.DONE
    assert store.check(work.db) == []


def test_few_that_wait_are_translated_at_once(work: Pass, runner: Here) -> None:
    asyncio.run(translate_articles(work))
    assert {name for name, _, _ in runner.calls} == {"translate_article"}


def test_a_title_is_shown_and_the_text_stays_to_be_translated(
    work: Pass, runner: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "MANY", COUNT)
    monkeypatch.setattr(translating, "_translate_some", _stop)
    asyncio.run(translate_articles(work))
    waiting = found(work, "a0")
    assert waiting is not None
    assert waiting.status is TranslationStatus.PENDING
    assert waiting.title == TITLE["pt"].format(0)
    assert not waiting.blocks
    assert not waiting.segments
    article = store.articles.article(work.db, "a0")
    assert article is not None
    headline = find_headline(fill_shelf(work.db, "pt", [article]), article)
    assert (headline.text, headline.language) == (waiting.title, "pt")
    assert headline.original == article.title
    (state,) = [one for one in store.work.work(work.db, "a0") if one.into == "pt"]
    assert (state.stage, state.state) == (Stage.TRANSLATE, WorkState.RETRY)
    assert store.work.waiting_pairs(work.db) == set()  # it waits for no model

    runner.calls.clear()
    asyncio.run(translate_articles(work))
    assert not runner.calls  # a title is translated once


async def _stop(*_: object) -> bool:
    return False


def test_a_translation_of_before_is_not_given_up_for_a_title(
    work: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(translate_articles(work))
    article = store.articles.article(work.db, "a0")
    assert article is not None
    changed = Block(BlockKind.PARAGRAPH, (Text("Everybody was asked in the end."),))
    changed_article = replace(article, blocks=(changed,), digest="")
    store.articles.put_article(work.db, changed_article, "1")
    monkeypatch.setattr(translating, "MANY", 1)
    monkeypatch.setattr(translating, "_translate_some", _stop)
    asyncio.run(translate_articles(work))
    kept = found(work, "a0")
    assert kept is not None
    assert (kept.status, kept.revision) == (TranslationStatus.DONE, 1)


def test_the_newest_come_first_and_each_edition_has_its_turn(
    work: Pass, runner: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "SOME", 2)
    work.fetch_s = 60.0
    asyncio.run(translate_articles(work))
    order = [(id, into) for _, id, into in runner.calls]
    assert [into for _, into in order[:8]] == ["pt", "pt", "es", "es"] * 2
    assert [id for id, into in order if into == "pt"] == ["a5", "a4", "a3", "a2", "a1", "a0"]


def test_what_is_left_when_the_time_is_over_waits_for_the_next_pass(
    work: Pass, runner: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "SOME", 2)
    work.fetch_s = 1e-9
    asyncio.run(translate_articles(work))
    assert not runner.calls
    work.fetch_s = None
    asyncio.run(translate_articles(work))
    assert len(runner.calls) == 2 * COUNT


def test_a_title_that_the_gate_doubts_is_not_shown(work: Pass) -> None:
    title = "Three thousand people waited at the bridge near Aldby on Monday"
    article = Article("b", "s", "https://a.example/b", "en", title, ())
    specs = translating.engine_specs(work.settings)
    route = translate.find_route(translate.available_legs(specs), "en", "pt")
    held = translate.translate_title(article, "pt", route, specs)  # the echo says it in English
    assert (held.status, held.title) == (TranslationStatus.PENDING, "")
