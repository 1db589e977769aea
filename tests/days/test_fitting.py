"""A text's own words tell which of a few days it was written on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dragoman.days import days_fitting, read_saying

DECEMBER = [date(2021, 12, 1) + timedelta(days) for days in range(31)]


def fitting(text: str, language: str) -> list[int]:
    return [day.day for day in days_fitting(read_saying(text, language), DECEMBER)]


def test_a_weekday_and_today_name_one_day_of_the_week() -> None:
    text = "Le port a confirmé lundi la date. Le maire a parlé aujourd’hui de la réouverture."
    assert fitting(text, "fr") == [6, 13, 20, 27]


def test_only_today_says_that_the_weekday_is_the_days_own() -> None:
    assert not read_saying("The mayor said on Monday it was over.", "en").is_today
    assert read_saying("The mayor said today, Monday, that it was over.", "en").is_today


def test_next_month_beside_its_name_tells_the_month() -> None:
    text = "Le port a confirmé lundi des travaux le mois prochain, avant la visite du 12 janvier."
    assert fitting(text, "fr") == [6, 13, 20, 27]
    november = [date(2021, 11, 1) + timedelta(days) for days in range(30)]
    assert days_fitting(read_saying(text, "fr"), november) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mayor will speak on Monday."),
        ("en", "Nothing was said of a day."),
        ("fr", "Le marché ouvre chaque lundi."),
        ("sv", "Han talade i måndags."),
    ],
)
def test_what_says_nothing_of_its_day_fits_none(language: str, text: str) -> None:
    assert not read_saying(text, language)
    assert fitting(text, language) == []
