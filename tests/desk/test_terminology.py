"""Terms are seen at work before they are kept."""

from __future__ import annotations

from lxml import html

from dragoman.desk.terminology import SIZE
from dragoman.store import desk_audit, glossary, work
from dragoman.store.translations import put_translation
from dragoman.types import Stage, Term
from tests.desk.conftest import ORIGIN, TestDesk
from tests.web.newsroom import FERRY, FERRY_MADE
from tests.web.selecting import find

FORM = {"language": "pt", "into": "en", "term": "bilhetes", "translation": "fares"}
QUERY = "language=pt&into=en&term=bilhetes&translation="


def waiting(desk: TestDesk) -> bool:
    return not [w for w in work.work(desk.db, FERRY.id) if w.stage is Stage.TRANSLATE]


def test_a_preview_shows_the_sentences_that_would_change_and_changes_nothing(
    desk: TestDesk,
) -> None:
    reader = desk.as_("reader")
    page = html.fromstring(reader.get(f"/terminology/preview?{QUERY}fares").text)
    (use,) = find(page, ".sentence")
    assert "1.240 bilhetes" in use.text_content()
    assert "1,420 tickets" in use.text_content()
    assert "would change" in use.text_content()
    same = html.fromstring(reader.get(f"/terminology/preview?{QUERY}tickets").text)
    assert "reads so already" in find(same, ".sentence")[0].text_content()
    assert glossary.terms(desk.db) == ()


def test_a_term_is_saved_changed_and_deleted_and_the_audit_says_so(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    assert editor.send("/terminology/save", **FORM).status_code == 303
    assert glossary.terms(desk.db) == (Term("pt", "en", "bilhetes", "fares"),)
    editor.send("/terminology/save", **{**FORM, "translation": "tickets", "cased": "1"})
    assert glossary.terms(desk.db) == (Term("pt", "en", "bilhetes", "tickets", True),)
    assert "bilhetes" in editor.get("/terminology").text
    assert editor.send("/terminology/remove", **FORM).status_code == 303
    assert glossary.terms(desk.db) == ()
    deeds = [d for d in desk_audit.deeds(desk.db, limit=20) if d.action.startswith("term.")]
    assert [(d.action, d.before, d.after) for d in deeds] == [
        ("term.remove", "tickets, as written", ""),
        ("term.save", "fares", "tickets, as written"),
        ("term.save", "", "fares"),
    ]


def test_the_articles_are_translated_again_where_that_is_ticked(desk: TestDesk) -> None:
    put_translation(desk.db, FERRY_MADE, "9")
    editor = desk.as_("editor")
    editor.send("/terminology/save", **FORM)
    assert not waiting(desk)
    editor.send("/terminology/save", **{**FORM, "translation": "passes"}, again="1")
    assert waiting(desk)


def test_terms_come_from_a_csv_file_and_go_into_csv_and_tbx(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    rows = "language,into,term,translation,case,note\npt,en,balsa,ferry,no,\npt,en,,empty,no,\n"
    sent = editor.client.post(
        "/terminology/import",
        data={"token": editor.token()},
        files={"file": ("terms.csv", rows.encode(), "text/csv")},
        headers={"origin": ORIGIN},
    )
    assert sent.status_code == 303
    assert glossary.terms(desk.db) == (Term("pt", "en", "balsa", "ferry"),)
    assert "Line 3" in editor.get("/terminology").text
    csv = editor.get("/terminology/terms.csv?pair=pt%3Een")
    assert "pt,en,balsa,ferry,no," in csv.text
    assert "attachment" in csv.headers["content-disposition"]
    assert "<term>balsa</term>" in editor.get("/terminology/terms.tbx").text
    assert "balsa" not in editor.get("/terminology/terms.csv?pair=es%3Een").text


def test_a_term_that_makes_no_sense_is_refused_with_a_word(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    for wrong, words in (
        ({"term": "—"}, "at least one letter"),
        ({"into": "pt"}, "another one to translate it into"),
        ({"language": "xx-nonsense!"}, "xx-nonsense"),
        ({"term": "x" * 201}, "longer than 200"),
    ):
        sent = editor.send("/terminology/save", **{**FORM, **wrong})
        assert (sent.status_code, words in sent.text) == (422, True), wrong
    assert glossary.terms(desk.db) == ()
    assert editor.get("/terminology/preview?term=x").status_code == 422


def test_a_reader_may_not_change_terms(desk: TestDesk) -> None:
    reader = desk.as_("reader")
    for action in ("save", "remove", "again"):
        assert reader.send(f"/terminology/{action}", **FORM).status_code == 403


def test_hostile_terms_stay_words(desk: TestDesk) -> None:
    evil = '<b onclick="x()">bilhetes</b>&remove=1'
    glossary.put_terms(desk.db, [Term("pt", "en", evil, evil, False, evil)])
    page = desk.as_("editor").get("/terminology").text
    assert "<b onclick" not in page
    (link,) = [
        a.get("href") for a in find(html.fromstring(page), "td a") if "see" in a.text_content()
    ]
    assert "Delete the term" not in desk.as_("editor").get(link).text


def test_a_long_list_has_pages_that_keep_the_filter(desk: TestDesk) -> None:
    terms = [Term("pt", "en", f"palavra{number}", "word") for number in range(SIZE + 1)]
    glossary.put_terms(desk.db, terms)
    reader = desk.as_("reader")
    first = html.fromstring(reader.get("/terminology?q=palavra").text)
    (onward,) = find(first, 'nav[aria-label="Pages"] a')
    assert "q=palavra" in onward.get("href")
    last = html.fromstring(reader.get(onward.get("href")).text)
    assert len(find(last, "tbody tr")) == 1
    assert "Before" in find(last, 'nav[aria-label="Pages"] a')[0].text_content()
