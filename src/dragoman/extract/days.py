"""What a text says of its own day: weekdays with dates, and dates of the next month.

None of this dates an article; it tells which candidates cannot be right. A weekday alone fits
every week, so it counts only beside a day of the month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dragoman import languages
from dragoman.extract.appeals import strip_points
from dragoman.types import Moment

_READ = 6000  # characters of the body that are looked at
_HAMZA = str.maketrans("أإآىة", "ااايه")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_NEXT_MONTH = re.compile(
    r"\bnext month\b|\ble mois prochain\b|\b(?:el|del) (?:próximo mes|mes que viene|mes próximo)\b|"
    r"\b(?:no|do) (?:próximo mês|mês que vem)\b|الشهر (?:المقبل|القادم)|"
    r"\b(?:im )?nächsten monat\b|\bkommenden monat\b|\bil mese prossimo\b|\bprossimo mese\b|"
    r"\bvolgende maand\b|\bв следующем месяце\b|\bнаступного місяця\b|\bgelecek ay\b",
    re.I,
)
_MORE = {"ar": ("ar_LB", "ar_MA")}  # the months have other names along the Mediterranean
_HALF_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Clues:
    """Days that a text names: weekday (0 is Monday), day, and month where it is said (else 0)."""

    named: tuple[tuple[int, int, int, str], ...] = ()  # weekday, day, month, words
    months: frozenset[int] = frozenset()  # of dates without a year
    has_next_month: bool = False


def _fold(text: str) -> str:
    return strip_points(text).translate(_HAMZA).translate(_DIGITS).casefold()


@lru_cache(maxsize=64)
def _read_names(code: str) -> tuple[dict[str, int], dict[str, int]]:
    """Read the names of weekdays and months in a language, folded as the text is."""
    from babel import Locale, UnknownLocaleError

    days: dict[str, int] = {}
    months: dict[str, int] = {}
    for name_of_locale in (languages.base(code), *_MORE.get(languages.base(code), ())):
        try:
            locale = Locale.parse(name_of_locale)
        except (UnknownLocaleError, ValueError):
            return {}, {}
        for form in ("format", "stand-alone"):
            for number, name in locale.days[form]["wide"].items():
                days[_fold(name)] = number
                days.setdefault(_fold(name).removesuffix("-feira"), number)
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[form][width].items():
                    months[_fold(name).rstrip(".")] = number
    return days, {name: number for name, number in months.items() if not name.isdigit()}


@lru_cache(maxsize=64)
def _compile(code: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    days, months = _read_names(code)
    if not days or not months:
        return None
    day = "|".join(re.escape(name) for name in sorted(days, key=len, reverse=True))
    month = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    figure = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?(?!\d|[.,:h%]\d)"
    link = r"\s+(?:de\s+|d['’]|of\s+)?"
    dated = rf"(?:{figure}{link}(?P<after>{month})|(?P<before>{month})\.?\s+{figure})(?!\w)"
    named = rf"(?<!\w)(?P<day>{day})(?:,?\s+(?:the\s+|le\s+|dia\s+|día\s+|den\s+)?|\s*\()"
    alone = rf"{figure}(?=\))"  # "quinta-feira (12)"; "Monday 12 people" is no date
    return re.compile(rf"{named}(?:{dated}|{alone})"), re.compile(
        rf"{dated}(?!,?\s+(?:de\s+)?\d{{4}})"
    )


def _figure(match: re.Match[str]) -> int:
    return next(int(group) for group in match.groups() if group and group.isdigit())


def read_clues(text: str, language: str) -> Clues:
    """Read the days that a text names, in its own language."""
    patterns = _compile(languages.base(language))
    if patterns is None:
        return Clues()
    days, months = _read_names(languages.base(language))
    text = _fold(text[:_READ])

    def month_of(match: re.Match[str]) -> int:
        return months.get(match["after"] or match["before"] or "", 0)

    named = tuple(
        (days[found["day"]], _figure(found), month_of(found), found[0].strip(" ("))
        for found in patterns[0].finditer(text)
    )
    dated = frozenset(month_of(found) for found in patterns[1].finditer(text))
    return Clues(named, dated, bool(_NEXT_MONTH.search(text)))


def _is_possible(weekday: int, day: int, month: int, near: date) -> bool:
    """Whether such a day lies near a date: in the months around it, or its next anniversary."""
    offsets = range(-7, 8) if month else range(-1, 2)
    for offset in offsets:
        at = near.year * 12 + near.month - 1 + offset
        year, number = divmod(at, 12)
        if month and number + 1 != month:
            continue
        try:
            found = date(year, number + 1, day)
        except ValueError:
            continue
        if found.weekday() == weekday and abs(found - near) <= _HALF_YEAR:
            return True
    return False


def find_contradiction(moment: Moment, clues: Clues) -> str:
    """Say what in the text speaks against a date; nothing where nothing does."""
    near = moment.at.date()
    for weekday, day, month, words in clues.named:
        if 1 <= day <= 31 and not _is_possible(weekday, day, month, near):
            return f"contradicts the text, which says “{words}”"
    if clues.has_next_month and len(clues.months) == 1:
        following = near.month % 12 + 1
        if following not in clues.months and near.month not in clues.months:
            return "contradicts the text, whose dates of next month lie in another one"
    return ""
