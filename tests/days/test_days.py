"""Relative days mean a day: what a reader would resolve is resolved, what is doubtful is not."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.days import find_days

MONDAY = date(2021, 12, 27)
WEDNESDAY = date(2021, 12, 22)


def days(text: str, language: str, said: date = WEDNESDAY) -> dict[str, str]:
    return {text[one.start : one.end]: one.value for one in find_days(text, language, said)}


@pytest.mark.parametrize(
    ("language", "text", "said", "expected"),
    [
        ("en", "He told reporters on Tuesday.", WEDNESDAY, {"Tuesday": "2021-12-21"}),
        ("en", "Putin said Wednesday he was ready.", WEDNESDAY, {"Wednesday": "2021-12-22"}),
        ("en", "Talks will start on Monday.", WEDNESDAY, {"Monday": "2021-12-27"}),
        ("en", "He said on Monday that talks will start on Friday.", WEDNESDAY,
         {"Monday": "2021-12-20", "Friday": "2021-12-24"}),
        ("en", "On Friday, the council will vote.", WEDNESDAY, {"Friday": "2021-12-24"}),
        ("en", "It rained yesterday, and will tomorrow.", WEDNESDAY,
         {"yesterday": "2021-12-21", "tomorrow": "2021-12-23"}),
        ("en", "The strike began three days ago.", WEDNESDAY, {"three days ago": "2021-12-19"}),
        ("en", "They meet next month.", WEDNESDAY, {"next month": "2022-01"}),
        ("en", "It fell last week.", WEDNESDAY, {"last week": "2021-W50"}),
        ("fr", "Il a parlé dimanche à la télévision.", MONDAY, {"dimanche": "2021-12-26"}),
        ("fr", "Les pourparlers auront lieu le mois prochain.", MONDAY,
         {"mois prochain": "2022-01"}),
        ("fr", "Il y a une semaine, il disait non.", MONDAY, {"Il y a une semaine": "2021-W51"}),
        ("fr", "Le sommet s’ouvrira jeudi prochain.", date(2021, 12, 26),
         {"jeudi": "2021-12-30"}),
        ("pt", "O ministro falou nesta segunda-feira (27).", date(2021, 12, 28),
         {"segunda-feira": "2021-12-27"}),
        ("pt", "A reunião será na sexta-feira.", WEDNESDAY, {"sexta-feira": "2021-12-24"}),
        ("pt", "Choveu ontem à noite.", WEDNESDAY, {"ontem à noite": "2021-12-21"}),
        ("es", "El ministro habló el martes.", WEDNESDAY, {"martes": "2021-12-21"}),
        ("es", "La cumbre se celebrará el jueves.", WEDNESDAY, {"jueves": "2021-12-23"}),
        ("ar", "قال الوزير يوم الثلاثاء إن المحادثات مستمرة.", WEDNESDAY,
         {"الثلاثاء": "2021-12-21"}),
        ("ar", "تبدأ المحادثات الشهر المقبل.", WEDNESDAY, {"الشهر المقبل": "2022-01"}),
    ],
)  # fmt: skip
def test_case_16_a_relative_day_is_resolved_against_the_date_of_the_report(
    language: str, text: str, said: date, expected: dict[str, str]
) -> None:
    assert days(text, language, said) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Shops opened early for Black Friday."),
        ("en", "The Sunday Times reported it."),
        ("en", "She swims every Tuesday."),
        ("en", "It happened on Monday, December 6."),
        ("fr", "Le marché ouvre le lundi."),
        ("fr", "Il vient chaque mardi."),
        ("es", "El museo cierra los lunes."),
        ("es", "Trabaja por la mañana."),
        ("pt", "Acordou às seis da manhã."),
        ("pt", "Venceu a segunda etapa."),
        ("en", "Nothing here."),
        ("xx", "He came on Monday."),
    ],
)
def test_what_is_no_single_day_stays_as_it_is(language: str, text: str) -> None:
    assert days(text, language) == {}


def test_next_friday_said_on_monday_could_be_two_days_and_stays_as_it_is() -> None:
    assert days("They meet next Friday.", "en", MONDAY) == {}
    assert days("They meet next Monday.", "en", WEDNESDAY) == {"Monday": "2021-12-27"}


@pytest.mark.parametrize("language", ["en", "pt", "fr", "es", "ar"])
def test_spans_never_overlap_and_stay_inside_the_text(language: str) -> None:
    text = (
        "yesterday ontem hier ayer أمس Monday lundi lunes الاثنين segunda-feira (27) 3 days ago "
        * 3
    )
    spans = find_days(text, language, WEDNESDAY)
    ends = [0, *(one.end for one in spans)]
    assert all(
        end <= one.start < one.end <= len(text) for end, one in zip(ends, spans, strict=False)
    )


def test_a_text_full_of_weekdays_is_read_once_through() -> None:
    found = find_days("He spoke on Monday. " * 5_000, "en", WEDNESDAY)
    assert len(found) == 5_000
    assert {one.value for one in found} == {"2021-12-20"}
