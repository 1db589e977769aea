"""A person's words win over every machine: here, in equal sentences, and ever after."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dragoman import store, translate
from dragoman.config import Settings
from dragoman.errors import CorrectionError
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, correct, mark_again, release, translate_articles
from dragoman.store import open_store
from dragoman.store.reports import Report, take_report
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    MemoryUnit,
    ReportKind,
    Span,
    SpanKind,
    Term,
    Text,
    Translation,
    TranslationStatus,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WIRE = "The train was late because of snow on the line."
OTHER = "The harbour opened again on Monday."
BETTER = "O comboio chegou tarde por causa da neve na via."


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalRunner]:
    """One worker for all: it loads its models once."""
    runner = LocalRunner(1)
    yield runner
    runner.close()


@pytest.fixture
def work(tmp_path: Path, runner: LocalRunner) -> Iterator[Pass]:
    settings = Settings(editions=("pt",), data=tmp_path)
    with open_store(f"sqlite:///{tmp_path}/relay.db") as db:
        yield Pass(db, runner, settings)


def put(work: Pass, id: str, *texts: Text | str, title: str = "") -> None:
    parts = [Text(one) if isinstance(one, str) else one for one in texts]
    blocks = tuple(Block(BlockKind.PARAGRAPH, (part,)) for part in parts)
    seen = NOW + timedelta(minutes=int(id[1:]))
    article = Article(id, "s", f"https://s.example/{id}", "en", title, blocks, first_seen=seen)
    store.articles.put_article(work.db, article, "1")


def run(work: Pass) -> None:
    asyncio.run(translate_articles(work))


def translation(work: Pass, id: str) -> Translation:
    found = store.translations.translation(work.db, id, "pt")
    assert found is not None
    return found


def segment_of(work: Pass, id: str, text: str) -> str:
    return next(s.segment.id for s in translation(work, id).segments if s.segment.text == text)


def fix(work: Pass, id: str, text: str, words: str, by: str = "Ana") -> None:
    targets = {segment_of(work, id, text): words}
    correct(work.db, id, "pt", targets, by, kind=ReportKind.MEANING, now=NOW)


def test_a_correction_is_shown_logged_and_remembered(work: Pass) -> None:
    put(work, "a1", WIRE, OTHER)
    run(work)
    before = translation(work, "a1")
    fix(work, "a1", WIRE, BETTER)
    after = translation(work, "a1")
    assert after.blocks[0].text == BETTER
    assert after.blocks[1] == before.blocks[1]
    assert after.segments[0].reviewed_by == "Ana"
    assert after.segments[0].verdict is Verdict.PUBLISH
    assert (after.reviewed, after.reviewer, after.corrected) == (1, "", NOW)
    (logged,) = store.corrections.corrections(work.db, "pt")
    assert (logged.before, logged.after) == (before.blocks[0].text, BETTER)
    assert (logged.article, logged.kind, logged.at) == ("a1", ReportKind.MEANING, NOW)
    key = translate.exact_key(WIRE, "en", "pt")
    assert store.memory.remembered(work.db, [key]) == {key: BETTER}
    assert store.memory.reviewers(work.db, [key]) == {key: "Ana"}


def test_a_retranslation_keeps_a_corrected_sentence(work: Pass) -> None:
    put(work, "a1", WIRE, OTHER)
    run(work)
    fix(work, "a1", WIRE, BETTER)
    store.glossary.put_terms(work.db, [Term("en", "pt", "train", "trem")])
    mark_again(work.db, [("a1", "pt")])
    run(work)
    again = translation(work, "a1")
    assert work.counts["translated"] == 2
    assert again.blocks[0].text == BETTER
    assert [s.reviewed_by for s in again.segments] == ["Ana", ""]
    assert again.segments[0].verdict is Verdict.PUBLISH


def test_an_equal_sentence_in_other_articles_gets_the_correction(work: Pass) -> None:
    put(work, "a1", WIRE)
    put(work, "a2", OTHER, WIRE)
    run(work)
    fix(work, "a1", WIRE, BETTER)
    assert translation(work, "a2").blocks[1].text == BETTER
    assert {one.article for one in store.corrections.corrections(work.db, "pt")} == {"a1", "a2"}
    put(work, "a3", WIRE)
    run(work)
    assert translation(work, "a3").blocks[0].text == BETTER
    assert translation(work, "a3").reviewer == "Ana"


def test_an_equal_sentence_in_the_same_article_gets_the_correction(work: Pass) -> None:
    put(work, "a1", WIRE, OTHER, WIRE)
    run(work)
    fix(work, "a1", WIRE, BETTER)
    assert [b.text == BETTER for b in translation(work, "a1").blocks] == [True, False, True]


def test_a_title_can_be_corrected(work: Pass) -> None:
    put(work, "a1", OTHER, title="Snow delays train")
    run(work)
    fix(work, "a1", "Snow delays train", "Neve atrasa comboio")
    assert translation(work, "a1").title == "Neve atrasa comboio"
    assert store.corrections.corrections(work.db, "pt")[0].is_title


def test_a_link_stays_on_its_words_in_a_correction(work: Pass) -> None:
    start = WIRE.index("train")
    link = Span(SpanKind.LINK, start, start + 5, "https://rail.example/")
    put(work, "a1", Text(WIRE, (link,)))
    run(work)
    part = translation(work, "a1").blocks[0].parts[0]
    word = part.text[part.spans[0].start : part.spans[0].end]
    fix(work, "a1", WIRE, f"Por causa da neve na via, {word} chegou tarde.")
    part = translation(work, "a1").blocks[0].parts[0]
    (span,) = part.spans
    assert span.value == "https://rail.example/"
    assert part.text[span.start : span.end] == word


def test_a_link_whose_words_went_covers_the_corrected_sentence(work: Pass) -> None:
    start = WIRE.index("train")
    link = Span(SpanKind.LINK, start, start + 5, "https://rail.example/")
    put(work, "a1", Text(WIRE, (link,)))
    run(work)
    fix(work, "a1", WIRE, "Nevou na via.")
    part = translation(work, "a1").blocks[0].parts[0]
    assert [(s.start, s.end, s.value) for s in part.spans] == [(0, 13, link.value)]


def test_the_gate_advises_a_corrector_and_does_not_stop_one(work: Pass) -> None:
    text = "The company paid 240 workers in March."
    put(work, "a1", text)
    run(work)
    targets = {segment_of(work, "a1", text): "A empresa pagou a 420 trabalhadores em março."}
    done = correct(work.db, "a1", "pt", targets, "Ana", now=NOW)
    ((_, findings),) = done.findings
    assert "numbers" in {check.name for check in findings}
    assert translation(work, "a1").verdict is Verdict.PUBLISH
    assert "420" in translation(work, "a1").blocks[0].text


def hold(work: Pass, id: str) -> None:
    """Have the gate hold a translation: a memory that gives it nonsense for its title."""
    made = translation(work, id)
    key = translate.exact_key(made.segments[0].segment.text, "en", "pt")
    nonsense = MemoryUnit(key, "", "neve neve neve neve neve neve neve neve neve", "en", "pt",
                          "tmx:bad.tmx")  # fmt: skip
    store.memory.put_units(work.db, [nonsense])
    mark_again(work.db, [(id, "pt")])
    run(work)


def test_a_held_translation_is_released_by_a_person_for_good(work: Pass) -> None:
    put(work, "a1", WIRE, title="Snow delays train")
    run(work)
    hold(work, "a1")
    assert translation(work, "a1").status is TranslationStatus.HELD
    release(work.db, "a1", "pt", "Rui", now=NOW)
    released = translation(work, "a1")
    assert (released.status, released.reviewer) == (TranslationStatus.DONE, "Rui")
    mark_again(work.db, [("a1", "pt")])
    run(work)
    assert translation(work, "a1").status is TranslationStatus.DONE
    assert translation(work, "a1").reviewer == "Rui"
    assert store.corrections.corrections(work.db, "pt") == ()  # nothing reads otherwise


def test_what_was_imported_gives_way_to_what_a_person_settled_here(work: Pass) -> None:
    put(work, "a1", WIRE)
    run(work)
    fix(work, "a1", WIRE, BETTER)
    key = translate.exact_key(WIRE, "en", "pt")
    unit = MemoryUnit(key, WIRE, "O trem atrasou.", "en", "pt", "tmx:old.tmx")
    store.memory.put_units(work.db, [unit])
    assert store.memory.remembered(work.db, [key]) == {key: BETTER}
    fix(work, "a1", WIRE, "O comboio atrasou-se com a neve.", by="Rui")
    assert store.memory.reviewers(work.db, [key]) == {key: "Rui"}


def test_a_correction_closes_the_reports_of_its_sentence(work: Pass) -> None:
    put(work, "a1", WIRE, OTHER)
    run(work)
    for text in (WIRE, OTHER):
        report = Report("a1", "pt", ReportKind.NAME, segment_of(work, "a1", text))
        assert take_report(work.db, report, "192.0.2.1", NOW)
    fix(work, "a1", WIRE, BETTER)
    (left,) = store.reports.reports(work.db)
    assert left.segment == segment_of(work, "a1", OTHER)
    (fixed,) = store.reports.reports(work.db, state="fixed")
    assert (fixed.by, fixed.closed) == ("Ana", NOW)


@pytest.mark.parametrize(
    ("segment", "words", "by", "message"),
    [
        ("nowhere", "Palavras", "Ana", "has no sentence 'nowhere'"),
        ("", "  \u200b ", "Ana", "is empty"),
        ("", "x" * 4001, "Ana", "more than 4000"),
        ("", "Palavras", " ", "needs the name"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_and_changes_nothing(
    work: Pass, segment: str, words: str, by: str, message: str
) -> None:
    put(work, "a1", WIRE)
    run(work)
    before = translation(work, "a1")
    segment = segment or segment_of(work, "a1", WIRE)
    with pytest.raises(CorrectionError, match=message):
        correct(work.db, "a1", "pt", {segment: words}, by)
    assert translation(work, "a1") == before


def test_what_was_not_translated_cannot_be_corrected(work: Pass) -> None:
    put(work, "a1", WIRE)
    with pytest.raises(CorrectionError, match="no translation of 'a1' into pt"):
        correct(work.db, "a1", "pt", {"x": "y"}, "Ana")
