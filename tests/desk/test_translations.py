"""Translations to look at: found, put right, released, and every step of it written down."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from lxml import html

from dragoman.store import corrections, desk_audit, memory, reports, translations, work
from dragoman.store.reports import Report, take_report
from dragoman.translate import exact_key
from dragoman.types import ReportKind, Translation, TranslationStatus, Verdict
from tests.desk.conftest import TestDesk, Visitor
from tests.web.newsroom import FERRY, FERRY_MADE, FERRY_PT
from tests.web.selecting import find

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = f"/translations/{FERRY.id}/en"
COMPANY = FERRY_MADE.segments[2].segment.id  # of low confidence
CAPTAIN = FERRY_MADE.segments[5].segment.id  # held back
BETTER = "The company announced that 1,240 tickets will be refunded."


def report(desk: TestDesk, words: str = "", suggestion: str = "", segment: str = COMPANY) -> Report:
    said = Report(FERRY.id, "en", ReportKind.NUMBER, segment, words, suggestion, shown=words)
    assert take_report(desk.db, said, "192.0.2.1", NOW)
    return reports.reports(desk.db)[0]


def stored(desk: TestDesk) -> Translation:
    found = translations.translation(desk.db, FERRY.id, "en")
    assert found is not None
    return found


def version(visitor: Visitor) -> str:
    found = re.search(r'name="version" value="([^"]*)"', visitor.get(PAGE).text)
    assert found
    return found[1]


def correct(visitor: Visitor, **fields: str) -> int:
    sent = visitor.send(f"{PAGE}/correct", version=version(visitor), kind="number", **fields)
    return sent.status_code


def test_the_list_puts_reported_translations_before_doubted_ones(desk: TestDesk) -> None:
    before = desk.as_("reader").get("/translations").text
    assert "Ferry links the islands again" in before
    report(desk, words="It says 1,240.")
    page = html.fromstring(desk.as_("reader").get("/translations").text)
    (first, *_) = find(page, "tbody tr")
    assert "1 complaint" in first.text_content()
    assert "It says 1,240." in first.text_content()


def test_the_list_is_narrowed_by_pair_kind_and_source(desk: TestDesk) -> None:
    report(desk)
    reader = desk.as_("reader")

    def rows(query: str) -> int:
        return len(find(html.fromstring(reader.get(f"/translations?{query}").text), "tbody tr"))

    assert rows("kind=reported") == rows("kind=marked") == 1
    assert rows("pair=pt%3Een&source=folha&kind=marked") == 1
    assert rows("pair=es%3Een&kind=gist") == 1
    assert rows("pair=ar%3Een") == rows("source=marsa") == rows("kind=reported&source=quai") == 0


def test_a_correction_goes_to_page_memory_log_and_audit(desk: TestDesk) -> None:
    report(desk)
    editor = desk.as_("editor")
    assert correct(editor, **{f"text-{COMPANY}": BETTER}) == 303
    done = next(one for one in stored(desk).segments if one.segment.id == COMPANY)
    assert (done.target, done.verdict, done.reviewed_by) == (BETTER, Verdict.PUBLISH, "editor")
    key = exact_key(FERRY_PT[1], "pt", "en")
    assert memory.remembered(desk.db, [key]) == {key: BETTER}
    (logged,) = corrections.corrections(desk.db, "en")
    assert (logged.after, logged.kind, logged.by) == (BETTER, ReportKind.NUMBER, "editor")
    assert reports.reports(desk.db) == ()
    deed = next(
        one for one in desk_audit.deeds(desk.db, limit=20) if one.action == "translation.correct"
    )
    assert (deed.user, deed.after, deed.outcome) == ("editor", BETTER, "done")


def test_what_a_reader_suggests_is_taken_over_by_one_button(desk: TestDesk) -> None:
    found = report(desk, suggestion=BETTER)
    editor = desk.as_("editor")
    assert correct(editor, take="nothing") == 422
    assert correct(editor, take=found.id, **{f"text-{CAPTAIN}": "Not this."}) == 303
    assert BETTER in stored(desk).blocks[0].text
    assert [one.segment for one in corrections.corrections(desk.db, "en")] == [COMPANY]
    assert reports.reports(desk.db) == ()


def test_one_sentence_of_the_form_can_be_saved_alone(desk: TestDesk) -> None:
    title = FERRY_MADE.segments[0].segment.id
    fields = {f"text-{COMPANY}": BETTER, f"text-{title}": "Another title", "only": COMPANY}
    assert correct(desk.as_("editor"), **fields) == 303
    assert stored(desk).title == FERRY_MADE.title
    assert stored(desk).reviewed == 1


def test_a_sentence_that_is_right_is_confirmed_without_a_correction(desk: TestDesk) -> None:
    assert correct(desk.as_("editor"), **{f"right-{CAPTAIN}": "1"}) == 303
    done = next(one for one in stored(desk).segments if one.segment.id == CAPTAIN)
    assert (done.verdict, done.reviewed_by) == (Verdict.PUBLISH, "editor")
    assert corrections.corrections(desk.db, "en") == ()


def test_the_corrector_is_told_what_the_gate_would_doubt(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    correct(editor, **{f"text-{COMPANY}": BETTER.replace("1,240", "9,999")})
    assert "the gate would doubt" in editor.get(PAGE).text
    assert "9,999" in stored(desk).blocks[0].text


def test_a_form_that_changes_nothing_or_empties_a_sentence_is_refused(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    assert correct(editor) == 422
    assert correct(editor, **{f"text-{COMPANY}": "  "}) == 422
    assert stored(desk) == FERRY_MADE


def test_a_form_that_came_too_late_is_refused_and_keeps_what_was_typed(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    old = version(editor)
    correct(editor, **{f"text-{COMPANY}": BETTER})
    sent = editor.send(f"{PAGE}/correct", version=old, **{f"text-{CAPTAIN}": "My own words."})
    assert sent.status_code == 422
    assert "has changed since" in sent.text
    assert "My own words." in sent.text


def test_a_held_translation_is_released_by_who_read_it(desk: TestDesk) -> None:
    held = stored(desk)
    held = replace(held, status=TranslationStatus.HELD, verdict=Verdict.HOLD, reason="the title")
    translations.put_translation(desk.db, held, "9")
    editor = desk.as_("editor")
    now = version(editor)
    assert editor.send(f"{PAGE}/release", version=now).status_code == 422
    assert editor.send(f"{PAGE}/release", version=now, read="1").status_code == 303
    assert stored(desk).status is TranslationStatus.DONE
    assert stored(desk).reviewer == "editor"
    assert "reviewed by editor" in editor.get(PAGE).text


def test_a_report_is_dismissed_with_a_reason_alone(desk: TestDesk) -> None:
    found = report(desk)
    editor = desk.as_("editor")
    assert editor.send(f"/reports/{found.id}/dismiss").status_code == 422
    assert editor.send(f"/reports/{found.id}/dismiss", reason="It is idiomatic.").status_code == 303
    (closed,) = reports.reports(desk.db, state="dismissed")
    assert (closed.by, closed.reason) == ("editor", "It is idiomatic.")
    assert "It is idiomatic." in editor.get(PAGE).text
    assert editor.send(f"/reports/{found.id}/dismiss", reason="Twice").status_code == 422


def test_a_reader_looks_and_changes_nothing(desk: TestDesk) -> None:
    found = report(desk)
    reader = desk.as_("reader")
    page = reader.get(PAGE).text
    assert "<textarea" not in page
    assert "/release" not in page
    for path in (f"{PAGE}/correct", f"{PAGE}/release", f"{PAGE}/again"):
        assert reader.send(path, read="1").status_code == 403
    assert reader.send(f"/reports/{found.id}/dismiss", reason="no").status_code == 403
    assert stored(desk) == FERRY_MADE


def test_hostile_words_of_a_reader_stay_words(desk: TestDesk) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="x()">"\'{{7*7}}'
    report(desk, words=evil, suggestion=evil)
    report(desk, segment="", words=evil, suggestion=evil)
    for path in ("/translations", PAGE):
        text = desk.as_("editor").get(path).text
        page = html.fromstring(text)
        assert not find(page, "script") and not find(page, "img")
        assert "<script>" not in text
        assert "alert(1)" in find(page, "main")[0].text_content()
        assert "49" not in "".join(find(page, ".said-by")[0].itertext()) if path == PAGE else True


def test_a_translation_can_be_made_again(desk: TestDesk) -> None:
    translations.put_translation(desk.db, FERRY_MADE, "9")
    assert desk.as_("editor").send(f"{PAGE}/again").status_code == 303
    assert not [one for one in work.work(desk.db, FERRY.id) if one.into == "en"]


def test_what_is_not_there_is_not_found(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    assert editor.get("/translations/nothing/en").status_code == 404
    assert editor.get(f"/translations/{FERRY.id}/fr").status_code == 404
