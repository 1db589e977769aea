"""Recurring formats: one kind of title, day after day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dragoman.link import group_articles, link_stories
from dragoman.link.formats import find_formats, read_head
from dragoman.types import LinkInput

MakeArticle = Callable[..., LinkInput]
DAY = 86400.0


@pytest.mark.parametrize(
    ("title", "language", "head"),
    [
        ("Markets: shares slip before the vote", "en", "market"),
        ("Horóscopo | Un día para descansar", "es", "horósc"),
        ("نشرة الطقس: أمطار في الشمال", "ar", "نشرة الطقس"),
        ("Weather on 3 March - rain at last", "en", "weathe on"),
        ("France : la grève continue", "fr", ""),
        ("No head at all", "en", ""),
        ("A head of far too many words to be any format of an outlet: news", "en", ""),
        ("Only a head:", "en", ""),
    ],
)
def test_the_head_of_a_title_is_read_in_any_language(title: str, language: str, head: str) -> None:
    assert read_head(title, language) == head


def test_a_head_on_three_days_of_one_outlet_is_a_format() -> None:
    often = [(("tide", "market"), day * DAY) for day in (1.0, 2.0, 5.0)]
    seldom = [(("wave", "market"), day * DAY) for day in (1.0, 1.2, 1.4)]
    nobody = [(("", "market"), day * DAY) for day in (1.0, 2.0, 3.0)]
    assert find_formats([*often, *seldom, *nobody]) == {("tide", "market")}


COLUMNS = {
    "es": ("Horóscopo de hoy: {}", "Los astros aconsejan calma en el trabajo y paciencia en el "
           "amor. Aries debe descansar, Tauro recibirá una visita y Géminis cuidará su dinero. {}"),
    "ar": ("أسعار العملات: {}", "استقرت أسعار العملات في السوق المحلية اليوم، وبلغ سعر الدولار "
           "في المصارف مستوى قريبا من الأمس، بحسب نشرة المصارف اليومية. {}"),
    "en": ("Market report: {}", "Shares moved little in quiet trading as investors waited for "
           "figures on prices. Banks gained while makers of chips lost, dealers said. {}"),
}  # fmt: skip
ENDS = (
    "a calm start, with few who buy and fewer who sell before the long weekend in the south",
    "little new, though rain kept many at home and the harbour stood still until late at noon",
    "the week goes on as it began, and old hands speak of the slowest spring in eleven years",
    "a slow end after three days of waiting for a word from the bank that nobody has heard yet",
)


@pytest.mark.parametrize("language", COLUMNS)
def test_a_column_with_a_new_title_each_day_does_not_swallow_itself(
    make_article: MakeArticle, language: str
) -> None:
    title, text = COLUMNS[language]
    days = [
        make_article(f"{n}", language, f"2031-03-{n + 3:02}T06:00", title.format(end),
                     text.format(end.capitalize()), "tide")
        for n, end in enumerate(ENDS)
    ]  # fmt: skip
    groups = group_articles(days, link_stories(days, (), ()))
    assert len({group.event for group in groups}) == len(days)
    assert len({group.story for group in groups}) == len(days)
