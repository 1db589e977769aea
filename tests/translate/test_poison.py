"""Poison for engines: it is stated, and neither the rest of the article nor of the batch suffers.

Through the real runner, the relay's step and a real store; a deadline of a few seconds stands
for the relay's own.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import extract, store
from dragoman.config import Settings, Translate
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, translate_articles
from dragoman.store import Store, open_store
from dragoman.translate.models.installing import import_models
from dragoman.translate.models.inventory import (
    Model,
    ModelFile,
    hash_file,
    list_models,
    write_manifest,
)
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    FeedItem,
    Moment,
    Page,
    Reading,
    Source,
    SourceState,
    Stage,
    Text,
    Translation,
    TranslationStatus,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENGINE = """
    import os, signal
    from dragoman.translate.engines.firefox import FirefoxEngine

    class Poisoned(FirefoxEngine):
        name = "poisoned"

        def translate(self, sentences, leg):
            text = " ".join(sentences)
            if "kraken" in text:
                os.kill(os.getpid(), signal.SIGKILL)
            while "sphinx" in text:
                pass
            done = super().translate(sentences, leg)
            return ["" if "basilisk" in s else d for s, d in zip(sentences, done)]

    def load_engine():
        return Poisoned(None)
"""


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An engine that certain words kill, hang or leave without an answer, installed as one is."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "poisoned_engine.py").write_text(textwrap.dedent(ENGINE))
    about = folder / "poisoned_engine-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: poisoned-engine\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[dragoman.engines]\npoisoned = poisoned_engine:load_engine\n"
    )
    sys.path.insert(0, str(folder))
    yield "poisoned"
    sys.path.remove(str(folder))


@pytest.fixture
def db(tmp_path: Path) -> Store:
    opened = open_store(f"sqlite:///{tmp_path}/relay.db")
    store.sources.put_source(opened, Source("s", "https://a.example/feed", "A"))
    return opened


def put(db: Store, id: str, *texts: str, language: str = "en") -> None:
    url = f"https://a.example/{id}"
    title = {"en": "The harbour is open", "pt": "O porto está aberto"}[language]
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in texts)
    one = Article(id, "s", url, language, title, blocks, Dating(Moment(NOW)))
    item = FeedItem(url)
    store.items.put_reading(db, Reading("s", "x", items=(item,)), SourceState("s"), {url: id}, NOW)
    store.pages.put_page(db, Page(url, url, NOW, 200, b"x", id=id, source="s", item=item))
    store.articles.put_article(db, one, extract.VERSION)


def translate(
    db: Store, folder: Path, *, engine: str = "firefox", deadline_s: float = 60, **options: str
) -> Pass:
    settings = Settings(
        data=folder,
        editions=("pt", "en"),
        translate=Translate(
            engines=(engine,), options={engine: options} if options else {}, deadline_s=deadline_s
        ),
    )
    runner = LocalRunner(2)
    try:
        work = Pass(db, runner, settings, now=lambda: NOW)
        asyncio.run(translate_articles(work))
    finally:
        runner.close()
    return work


def result(db: Store, id: str, into: str = "pt") -> Translation:
    made = store.translations.translation(db, id, into)
    assert made is not None
    return made


def test_an_engine_that_is_killed_or_hangs_costs_one_article_and_is_tried_again(
    db: Store, tmp_path: Path, poisoned: str
) -> None:
    put(db, "killed", "The kraken rises from the sea.")
    put(db, "hanging", "The sphinx waits for an answer.")
    for number in range(6):
        put(db, f"good{number}", f"The ferry sails at {number} o'clock.")
    # A worker that died is replaced, and on a busy machine the next one takes seconds to begin.
    work = translate(db, tmp_path, engine=poisoned, deadline_s=20)
    assert result(db, "killed").status is TranslationStatus.FAILED
    assert "process died" in result(db, "killed").reason
    assert "stopped after 20 s" in result(db, "hanging").reason
    assert {failure.item for failure in work.failures} == {"killed", "hanging"}
    tries = [w for id in ("killed", "hanging") for w in store.work.work(db, id)]
    assert all(w.next_try for w in tries if w.stage is Stage.TRANSLATE and w.into == "pt")
    for number in range(6):
        made = result(db, f"good{number}")
        assert made.status is TranslationStatus.DONE
        assert str(number) in made.segments[1].target


def test_a_sentence_without_an_answer_is_held_and_the_rest_of_its_article_goes_on(
    db: Store, tmp_path: Path, poisoned: str
) -> None:
    texts = ("The harbour is open today.", "The basilisk looks.", "Nobody was hurt in the fire.")
    put(db, "a", *texts, "The minister said that he was sorry.", "The ferry sails again.")
    translate(db, tmp_path, engine=poisoned)
    made = result(db, "a")
    held = [s for s in made.segments if s.verdict is Verdict.HOLD]
    assert [s.segment.text for s in held] == ["The basilisk looks."]
    assert all(check.message for s in held for check in s.checks)
    assert made.status is TranslationStatus.DONE
    assert made.verdict is Verdict.MARK
    rest = [s for s in made.segments if s not in held]
    assert all(s.target and s.target != s.segment.text for s in rest)


def test_a_lone_poisonous_sentence_is_held_too(db: Store, tmp_path: Path, poisoned: str) -> None:
    put(db, "a", "The basilisk looks.")
    put(db, "b", "The ferry sails again.")
    translate(db, tmp_path, engine=poisoned)
    assert [s.verdict for s in result(db, "a").segments] == [Verdict.PUBLISH, Verdict.HOLD]
    assert result(db, "b").status is TranslationStatus.DONE


def test_words_of_ten_thousand_characters_neither_hang_nor_stop_the_rest(
    db: Store, tmp_path: Path
) -> None:
    words = ["a" * 10_000, "0123456789abcdef" * 625, "zrtw" * 2500, "字" * 10_000]
    for word in words:
        put(db, word[:4], "The harbour is open today.", f"It is {word} now.", "Nobody was hurt.")
    put(db, "plain", "The ferry sails again.")
    translate(db, tmp_path, deadline_s=28)
    for word in words:
        made = result(db, word[:4])
        assert made.status in (TranslationStatus.DONE, TranslationStatus.HELD)
        ends = made.segments[0], made.segments[1], made.segments[-1]  # title, first, last
        assert [one.verdict for one in ends] == [Verdict.PUBLISH] * 3
        assert ends[-1].segment.text == "Nobody was hurt."
    assert result(db, "plain").status is TranslationStatus.DONE


def test_a_paragraph_of_two_thousand_words_without_a_stop_ends_before_its_deadline(
    db: Store, tmp_path: Path
) -> None:
    words = (
        "the minister said that the ferry sails to the islands every morning and every night and "
    )
    put(db, "a", (words * 125).strip())
    translate(db, tmp_path, deadline_s=60)
    made = result(db, "a")
    assert made.status in (TranslationStatus.DONE, TranslationStatus.HELD)
    body = [s.target for s in made.segments if s.segment.block >= 0]
    assert len(" ".join(body).split()) > 1000


def with_vocabulary_of(model: Model, other: Model, data: Path) -> None:
    """Install a model with another's vocabulary, the manifest made to fit."""
    folder = data / "models" / f"{model.language}-{model.into}" / "tiny"
    shutil.copytree(model.folder, folder)
    shutil.copyfile(other.path("vocab"), folder / model.files["vocab"].name)
    files = {
        kind: ModelFile(
            file.name, (folder / file.name).stat().st_size, hash_file(folder / file.name)
        )
        for kind, file in model.files.items()
    }
    write_manifest(replace(model, folder=folder, files=files))


def test_a_wrong_vocabulary_is_stated_and_the_other_pair_is_translated(
    db: Store, tmp_path: Path
) -> None:
    there, back = list_models(None)
    with_vocabulary_of(there, back, tmp_path)
    import_models(back.folder, tmp_path / "models")
    put(db, "english", "The ferry sails again to the islands.")
    put(db, "portuguese", "O ministro disse que estava triste.", language="pt")
    work = translate(db, tmp_path, shipped="no")
    wrong = result(db, "english")
    assert wrong.status is TranslationStatus.FAILED
    assert "vocabulary may be of another model" in wrong.reason
    assert "dragoman models add en pt" in wrong.reason
    assert [failure.item for failure in work.failures] == ["english"]
    assert result(db, "portuguese", "en").status is TranslationStatus.DONE
