from __future__ import annotations

from typing import Any

from dragoman.link import link_batch
from tests.link.conftest import REPORTS

ROWS: list[dict[str, Any]] = [
    {"id": ident, "url": None, "language": language, "title": title, "text": text, "published": at}
    for ident, language, at, title, text in REPORTS
]


def test_it_answers_each_row_in_its_order() -> None:
    answers = list(link_batch(reversed(ROWS)))
    assert [answer["id"] for answer in answers] == [row["id"] for row in reversed(ROWS)]
    by_id = {answer["id"]: answer for answer in answers}
    assert by_id["ferry-ar"]["event"] == "ferry-en"
    assert by_id["probe-en"]["story"] == "ferry-en"
    assert by_id["ferry-en"]["copy_of"] is None
    assert all(answer["reasons"] for answer in answers)


def test_two_runs_give_the_same_answers() -> None:
    assert list(link_batch(ROWS)) == list(link_batch(ROWS))


def test_rows_without_dates_are_linked_by_content() -> None:
    rows = [{**row, "published": None} for row in ROWS if row["id"] != "probe-en"]
    events = {answer["id"]: answer["event"] for answer in link_batch(rows)}
    assert events["quake-pe"] == events["quake-pe-fr"] != events["quake-jp"]
    assert events["vote-de"] == "vote-de"


def test_a_bad_row_is_an_error_and_the_others_go_on() -> None:
    rows: list[object] = [
        ROWS[0],
        {"id": "empty", "title": " ", "text": None},
        {"title": "no id"},
        "not an object",
        {"id": "when", "title": "A title", "published": "yesterday"},
        {"id": "what", "title": ["a", "list"]},
        ROWS[0],
        {"id": 7, "text": "A number is an id too, and no language is no error."},
        {"id": "tongue", "title": "Odd", "language": "xx-nonsense-?"},
    ]
    answers = list(link_batch(rows))
    assert [("error" in answer) for answer in answers] == [
        False, True, True, True, True, True, True, False, False
    ]  # fmt: skip
    assert "neither title nor text" in answers[1]["error"]
    assert answers[3]["id"] is None
    assert "ISO 8601" in answers[4]["error"]
    assert "twice" in answers[6]["error"]
    assert answers[7]["id"] == 7


def test_empty_input_gives_no_answer_and_one_article_stands_alone() -> None:
    assert list(link_batch([])) == []
    (alone,) = link_batch(ROWS[:1])
    assert (alone["event"], alone["story"], alone["copy_of"]) == ("ferry-en", "ferry-en", None)


def test_texts_of_any_size_and_odd_characters_are_taken() -> None:
    rows = [
        {"id": "long", "title": "x" * 50_000, "text": "word " * 60_000},
        {"id": "odd", "title": "\u202e\x00🙂", "text": "\ud800 ㅤ"},
        {"id": "digits", "text": "²³ ٤٥ 1٬234 " * 50},
    ]
    answers = list(link_batch(rows))
    assert [answer["id"] for answer in answers] == ["long", "odd", "digits"]
