"""Which day a text was written on, as far as its own words say: weekdays, today, next month.

A text that says "lundi" and "aujourd'hui" was written on a Monday; one that speaks of 12 January
as next month, in December. That does not make a date; it tells which of a few days it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dragoman import languages
from dragoman.days.resolve import weekdays_told
from dragoman.days.words import WORDS
from dragoman.errors import UnknownLanguage

_LEAD = 600  # characters; later weekdays tell of earlier days


@dataclass(frozen=True, slots=True)
class Saying:
    """What a text says of the day that it was written on."""

    weekday: int | None = None  # Monday is 0: the first that its lead tells of as past
    is_today: bool = False  # it says "today" as well: the weekday is surely its own day's
    months_ahead: frozenset[int] = frozenset()  # months that may be "next month"
    words: tuple[str, ...] = ()  # as they stand in the text

    def __bool__(self) -> bool:
        return self.weekday is not None


def read_saying(text: str, language: str) -> Saying:
    """Read what a text says of its own day; false where that is nothing."""
    base = languages.base(language)
    wording = WORDS.get(base)
    told = next(iter(weekdays_told(text[:_LEAD], base)), None) if wording else None
    if wording is None or told is None:
        return Saying()
    weekday, word = told
    today = _first(wording.days, 0, text[:_LEAD])
    ahead = _first(wording.months, 1, text)
    months = _named_months(text, base) if ahead else frozenset[int]()
    words = tuple(filter(None, (word, today, ahead)))
    return Saying(weekday, bool(today), months, words)


def days_fitting(saying: Saying, days: Iterable[date]) -> tuple[date, ...]:
    """Give those of some days that a text can have been written on, in order."""
    return tuple(day for day in sorted(set(days)) if _fits(saying, day))


def _fits(saying: Saying, day: date) -> bool:
    if saying.weekday is None:
        return False
    if day.weekday() != saying.weekday:
        return False
    return not saying.months_ahead or day.month % 12 + 1 in saying.months_ahead


def _first(words: Mapping[str, int], value: int, text: str) -> str:
    """Give the first words of a text that have a meaning; empty where there are none."""
    patterns = (pattern for pattern, meaning in words.items() if meaning == value)
    found = re.search(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", text, re.IGNORECASE)
    return found.group() if found else ""


def _named_months(text: str, base: str) -> frozenset[int]:
    """Give the months of the dates in a text that name a day: 12 January, 12 de janeiro."""
    pattern = _month_pattern(base)
    names = _month_names(base)
    found = (match["after"] or match["before"] for match in pattern.finditer(text))
    return frozenset(names[name.lower()] for name in found)


@lru_cache(maxsize=16)
def _month_pattern(base: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _month_names(base)), key=len, reverse=True)) or "(?!)"
    return re.compile(
        rf"(?<!\d)\d{{1,2}}(?:er|st|nd|rd|th|º|\.)? (?:de |of )?(?P<after>{names})(?!\w)"
        rf"|(?<!\w)(?P<before>{names}) \d{{1,2}}(?!\d)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=16)
def _month_names(base: str) -> dict[str, int]:
    from babel import Locale

    try:
        locale = Locale.parse(languages.normalise(base), sep="-")
    except (UnknownLanguage, ValueError):
        return {}
    tables = (locale.months[form]["wide"] for form in ("format", "stand-alone"))
    return {str(name).lower(): number for table in tables for number, name in table.items()}
