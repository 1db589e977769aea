"""What one article teaches is used for the next: forms of words, spellings of names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import extract, link, store
from dragoman.config import Settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, translate_articles
from dragoman.steps.learning import gather_aids, learn_forms, learn_spellings
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    FeedItem,
    Grouping,
    Page,
    Reading,
    Source,
    SourceState,
    Term,
    Text,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Pass]:
    db = store.open_store(f"sqlite:///{tmp_path}/relay.db")
    store.sources.put_source(db, Source("s", "https://a.example/feed", "A"))
    settings = Settings(data=tmp_path, editions=("pt",), translate={"engines": ["firefox"]})
    runner = LocalRunner(1)
    yield Pass(db, runner, settings, now=lambda: NOW)
    runner.close()
    db.close()


def put(work: Pass, id: str, language: str, title: str, *paragraphs: str) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in paragraphs)
    url = f"https://a.example/{id}"
    article = Article(id, "s", url, language, title, blocks, first_seen=NOW)
    item = FeedItem(url)
    reading = Reading("s", "x", items=(item,))
    store.items.put_reading(work.db, reading, SourceState("s"), {url: id}, NOW)
    page = Page(url, url, NOW, 200, b"x", id=id, source="s", item=item)
    store.pages.put_page(work.db, page)
    store.articles.put_article(work.db, article, extract.VERSION)
    learn_forms(work, article)
    return article


def text_of(work: Pass, id: str) -> str:
    made = store.translations.translation(work.db, id, "pt")
    assert made is not None, "not translated"
    return "\n".join([made.title, *(block.text for block in made.blocks)])


def test_a_capital_headline_without_a_body_is_read_by_what_others_wrote(work: Pass) -> None:
    for number in (1, 2):
        put(work, f"a{number}", "en", "", f"On day {number} the regulator ARVEM fined the bank.")
    alone = put(work, "b", "en", "REGULATOR ARVEM FINES BANK AGAIN")
    assert dict(gather_aids(work, alone, "pt").forms)["arvem"] == "ARVEM"
    asyncio.run(translate_articles(work))
    assert "ARVEM" in text_of(work, "b")


PORTUGUESE = (
    "A engenheira Olena Chevtchuk inaugurou a ponte. O povo ouviu Chevtchuk na margem.",
    "Na margem falou Olena Chevtchuk durante uma hora. Todos aplaudiram Chevtchuk no fim.",
    "Ontem chegou Olena Chevtchuk à cidade. A praça recebeu Chevtchuk com flores.",
)


def put_foreign(work: Pass, id: str = "foreign") -> Article:
    text = "The engineer Olena Shevchuk opened the bridge. People heard Shevchuk on the bank."
    return put(work, id, "en", "Shevchuk opens the bridge", text)


def put_native(work: Pass, number: int) -> Article:
    return put(work, f"native{number}", "pt", "A ponte abriu", PORTUGUESE[number])


def tell(work: Pass, new: Article, *others: Article, copy_of: str = "") -> None:
    """Put a new report into the story of the others, and learn from it."""
    groupings = [Grouping(one.id, "e1", "s1") for one in others]
    groupings.append(Grouping(new.id, "e1", "s1", copy_of))
    store.stories.put_links(work.db, (), groupings, link.VERSION, [g.article for g in groupings])
    learn_spellings(work, {new.id})


def spelling(work: Pass, language: str = "en", name: str = "Shevchuk") -> str | None:
    return store.names.usual_spellings(work.db, language, "pt", [name]).get(name)


def test_case_6_an_edition_spells_a_name_as_its_own_reports_do(work: Pass) -> None:
    foreign = put_foreign(work)
    asyncio.run(translate_articles(work))
    assert "Shevchuk" in text_of(work, "foreign")
    first = put_native(work, 0)
    tell(work, first, foreign)
    tell(work, put_native(work, 1), foreign, first)
    asyncio.run(translate_articles(work))
    text = text_of(work, "foreign")
    assert "Chevtchuk" in text
    assert "Shevchuk" not in text


def test_one_native_report_alone_teaches_no_spelling_however_many_it_is_told_with(
    work: Pass,
) -> None:
    foreign, native = put_foreign(work), put_native(work, 0)
    tell(work, native, foreign)
    for number in range(3):
        tell(work, put_foreign(work, f"foreign{number}"), foreign, native)
    assert spelling(work) is None
    copy = put(work, "copy", "pt", "A ponte abriu", PORTUGUESE[0])
    other = put_foreign(work, "elsewhere")
    tell(work, copy, other, native, copy_of=native.id)
    assert spelling(work) is None
    tell(work, put_native(work, 1), foreign, native)
    assert spelling(work) == "Chevtchuk"


def test_names_are_learnt_across_scripts_and_in_their_cases(work: Pass) -> None:
    russian = put(
        work,
        "ru",
        "ru",
        "Шевчук открыла мост",
        "Инженер Олена Шевчук открыла мост. Люди слушали речь инженера Шевчук на берегу.",
    )
    arabic = put(
        work,
        "ar",
        "ar",
        "افتتاح الجسر",
        "افتتحت المهندسة شيفتشوك الجسر الجديد. واستمع الناس إلى شيفتشوك على الضفة.",
    )
    first = put_native(work, 0)
    tell(work, first, russian, arabic)
    assert spelling(work, "ru", "Шевчук") is None
    tell(work, put_native(work, 1), russian, arabic, first)
    assert spelling(work, "ru", "Шевчук") == "Chevtchuk"
    assert spelling(work, "ar", "شيفتشوك") == "Chevtchuk"
    assert dict(gather_aids(work, arabic, "pt").spellings) == {"شيفتشوك": "Chevtchuk"}


def test_a_term_that_comes_while_articles_are_translated_reaches_those_in_flight(
    work: Pass,
) -> None:
    for number in range(4):
        put(work, f"k{number}", "en", "", f"On day {number} the kindergarten opened its doors.")
    term = Term("en", "pt", "kindergarten", "creche")
    added: list[str] = []

    def add_term(stage: str, done: int, total: int, what: str) -> None:
        if not added:
            added.append(stage)
            store.glossary.put_terms(work.db, [term])

    work.progress = add_term
    asyncio.run(translate_articles(work))
    texts = [text_of(work, f"k{number}") for number in range(4)]
    assert added
    assert sum("creche" in text for text in texts) >= 3, texts  # one was finished before
