"""A sentence is translated once; a campaign translates again what a change affects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dragoman import store
from dragoman.config import Settings
from dragoman.runner import LocalRunner
from dragoman.steps import (
    Campaign,
    Pass,
    count_editions,
    find_affected,
    mark_again,
    translate_articles,
)
from dragoman.store import open_store
from dragoman.types import Article, Block, BlockKind, MemoryUnit, Term, Text, Translation

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WIRE = "The train was late because of snow on the line."
TRAIN = Term("en", "pt", "train", "comboio")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Pass]:
    settings = Settings(editions=("pt",), data=tmp_path)
    runner = LocalRunner(1)
    with open_store(f"sqlite:///{tmp_path}/relay.db") as db:
        yield Pass(db, runner, settings)
    runner.close()


def put(work: Pass, id: str, *sentences: str, source: str = "s", title: str = "") -> None:
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in sentences)
    seen = NOW + timedelta(minutes=int(id[1:]))
    address = f"https://{source}.example/{id}"
    article = Article(id, source, address, "en", title, blocks, first_seen=seen)
    store.articles.put_article(work.db, article, "1")


def translate(work: Pass) -> None:
    asyncio.run(translate_articles(work))


def translation(work: Pass, id: str) -> Translation:
    found = store.translations.translation(work.db, id, "pt")
    assert found is not None
    return found


def words_asked(work: Pass, id: str) -> int:
    return sum(one.words for one in translation(work, id).usage)


def test_a_wire_sentence_that_two_articles_print_is_translated_once(work: Pass) -> None:
    put(work, "a1", WIRE, source="tide")
    translate(work)
    put(work, "a2", WIRE, source="harbour")
    translate(work)
    assert words_asked(work, "a1") == 10
    assert words_asked(work, "a2") == 0
    (segment,) = translation(work, "a2").segments
    assert segment.is_remembered
    assert segment.target == translation(work, "a1").segments[0].target


def test_an_imported_translation_is_used_in_every_article_without_an_engine(work: Pass) -> None:
    from dragoman.translate import exact_key

    target = "O comboio atrasou-se por causa da neve na linha."
    key = exact_key(WIRE, "en", "pt")
    unit = MemoryUnit(key, WIRE, target, "en", "pt", "tmx:house.tmx")
    store.memory.put_units(work.db, [unit])
    put(work, "a1", WIRE)
    translate(work)
    (segment,) = translation(work, "a1").segments
    assert (segment.target, segment.is_remembered) == (target, True)
    assert words_asked(work, "a1") == 0


def test_a_campaign_for_a_new_term_asks_the_engine_for_its_sentences_alone(work: Pass) -> None:
    put(work, "a1", WIRE, "The harbour opened again on Monday.")
    put(work, "a2", "The ferry sails to the islands on Tuesday.")
    translate(work)
    before = translation(work, "a1")
    store.glossary.put_terms(work.db, [TRAIN])
    translate(work)
    assert translation(work, "a1") == before
    affected = find_affected(work.db, Campaign(terms=(TRAIN,)))
    assert affected == [("a1", "pt")]
    assert mark_again(work.db, affected) == 1
    assert translation(work, "a1") == before
    translate(work)
    after = translation(work, "a1")
    assert "comboio" in after.blocks[0].text
    assert [segment.is_remembered for segment in after.segments] == [False, True]
    assert store.translations.former_translations(work.db, "a1", "pt") == (before,)
    assert work.counts["translated"] == 3


def test_what_a_term_made_is_remembered_for_the_next_article(work: Pass) -> None:
    store.glossary.put_terms(work.db, [TRAIN])
    put(work, "a1", WIRE)
    put(work, "a2", WIRE)
    translate(work)
    put(work, "a3", WIRE)
    translate(work)
    assert "comboio" in translation(work, "a3").segments[0].target
    assert words_asked(work, "a3") == 0


def test_a_campaign_is_narrowed_by_words_source_day_engine_and_route(work: Pass) -> None:
    put(work, "a1", WIRE, source="tide")
    put(work, "a2", "Two trains met at the border.")
    put(work, "a3", "The harbour opened again on Monday.")
    translate(work)

    def found(campaign: Campaign) -> list[str]:
        return [article for article, _ in find_affected(work.db, campaign)]

    assert found(Campaign()) == ["a1", "a2", "a3"]
    assert found(Campaign(words="train")) == ["a1", "a2"]
    assert found(Campaign(words="train", source="tide")) == ["a1"]
    assert found(Campaign(since=NOW + timedelta(minutes=2))) == ["a2", "a3"]
    assert found(Campaign(engine="firefox")) == ["a1", "a2", "a3"]
    assert found(Campaign(engine="apertium")) == []
    assert found(Campaign(route="en>pt")) == ["a1", "a2", "a3"]
    assert found(Campaign(into="fr")) == []
    assert found(Campaign(terms=(Term("en", "fr", "train", "train"),))) == []
    assert count_editions(find_affected(work.db, Campaign())) == {"pt": 3}
