"""Relative days in a text ("on Wednesday", "a week ago"), resolved against its date.

Only what a reader would resolve in the same way is resolved; what could be two days stays
as it is. Values are ISO 8601: a day, a week (``2021-W51``), a month or a year, as HTML's
``time`` takes them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dragoman import languages
from dragoman.days.words import WORDS, Wording
from dragoman.types import Span, SpanKind

Resolve = Callable[[re.Match[str], date], str]

_WINDOW = 60  # characters before a weekday that tell whether it is to come
_AFTER = 70  # and after one that opens its sentence
_SENTENCE = re.compile(r"[.!?…؟。]\s+|\n")


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    resolve: Resolve


def find_days(text: str, language: str, said: date) -> tuple[Span, ...]:
    """Find the relative days of a text that was published on a day, in its place's own time.

    Gives spans of kind DATE that do not overlap; none for a language without words here.
    """
    wording = WORDS.get(languages.base(language))
    if wording is None or not _probe(languages.base(language)).search(text):
        return ()
    found: list[Span] = []
    for rule in _rules(languages.base(language)):
        for match in rule.pattern.finditer(text):
            value = rule.resolve(match, said)
            at = _find_place(found, match)
            if value and at is not None:
                found.insert(at, Span(SpanKind.DATE, match.start(), match.end(), value))
    # A copy: weekdays do not overlap one another, and need not be compared.
    found += _find_weekdays(text, wording, languages.base(language), said, tuple(found))
    return tuple(sorted(found, key=lambda one: one.start))


def _find_place(found: Sequence[Span], match: re.Match[str]) -> int | None:
    """Give where a match goes among spans in order that do not overlap; None where one does."""
    at = bisect.bisect(found, match.start(), key=lambda one: one.start)
    if at and match.start() < found[at - 1].end:
        return None
    return at if at == len(found) or match.end() <= found[at].start else None


def weekdays_told(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Give the weekdays, Monday 0, that a text tells of as past or present, with their words."""
    base = languages.base(language)
    wording = WORDS.get(base)
    if wording is None:
        return
    for match in _weekday_pattern(base).finditer(text):
        beside = ("next", "next_after", "last", "last_after", "often", "dated")
        is_plain = not any(match[name] for name in beside) and not _is_a_name(text, match, base)
        if is_plain and not _is_to_come(text, match, wording):
            yield _weekday_of(match, wording), match["day"]


def _weekday_of(match: re.Match[str], wording: Wording) -> int:
    name = match["day"].lower()
    return next(at for at, words in enumerate(wording.weekdays) if name in words.split("|"))


@lru_cache(maxsize=16)
def _probe(base: str) -> re.Pattern[str]:
    # Most paragraphs name no day: one search tells so sooner than all the rules.
    wording = WORDS[base]
    kinds = (wording.days, wording.weeks, wording.months, wording.years)
    words = "|".join([*(one for kind in kinds for one in kind), wording.ago, *wording.weekdays])
    return re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)


@lru_cache(maxsize=16)
def _rules(base: str) -> tuple[_Rule, ...]:
    wording = WORDS[base]
    rules = [_Rule(_compile(words), _shift(days)) for words, days in wording.days.items()]
    rules += [_Rule(_compile(words), _week(count)) for words, count in wording.weeks.items()]
    rules += [_Rule(_compile(words), _month(count)) for words, count in wording.months.items()]
    rules += [_Rule(_compile(words), _year(count)) for words, count in wording.years.items()]
    rules.append(_Rule(_compile(wording.ago), _ago(wording)))
    return tuple(rules)


def _compile(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _shift(days: int) -> Resolve:
    return lambda _, said: (said + timedelta(days)).isoformat()


def _week(count: int) -> Resolve:
    return lambda _, said: _write_week(said + timedelta(weeks=count))


def _month(count: int) -> Resolve:
    return lambda _, said: _write_month(said.year * 12 + said.month - 1 + count)


def _year(count: int) -> Resolve:
    return lambda _, said: str(said.year + count)


def _ago(wording: Wording) -> Resolve:
    def resolve(match: re.Match[str], said: date) -> str:
        groups = {name: text for name, text in match.groupdict().items() if text}
        number = next((t for name, t in groups.items() if name.startswith("number")), "1").lower()
        count = int(number) if number.isdigit() else wording.numbers.get(number, 0)
        unit = next((t.lower() for name, t in groups.items() if name.startswith("unit")), "")
        size = next((size for stem, size in wording.units.items() if unit.startswith(stem)), "")
        if not 0 < count <= 100 or not size:
            return ""
        if size == "day":
            return (said - timedelta(count)).isoformat()
        if size == "week":
            return _write_week(said - timedelta(weeks=count))
        if size == "month":
            return _write_month(said.year * 12 + said.month - 1 - count)
        return str(said.year - count)

    return resolve


def _write_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _write_month(months: int) -> str:
    return f"{months // 12}-{months % 12 + 1:02}"


def _find_weekdays(
    text: str, wording: Wording, base: str, said: date, taken: Sequence[Span]
) -> Iterator[Span]:
    for match in _weekday_pattern(base).finditer(text):
        if _find_place(taken, match) is None:
            continue
        day = _resolve_weekday(text, match, wording, base, _weekday_of(match, wording), said)
        if day:
            yield Span(SpanKind.DATE, match.start("day"), match.end("day"), day.isoformat())


@lru_cache(maxsize=16)
def _weekday_pattern(base: str) -> re.Pattern[str]:
    wording = WORDS[base]
    names = "|".join(wording.weekdays)
    return re.compile(
        rf"(?:(?<!\w)(?P<next>{wording.next_before})\s+|(?<!\w)(?P<last>{wording.last_before})\s+"
        rf"|(?<!\w)(?P<often>{wording.often})\s+)?"
        rf"(?<!\w)(?P<day>{names})(?!\w)"
        rf"(?:\s+(?P<next_after>{wording.next_after})(?!\w)|\s+(?P<last_after>{wording.last_after})(?!\w)"
        rf"|\s*\((?P<number>\d{{1,2}})\)|(?P<dated>,?\s+(?:\w+\.?\s+)?\d))?",
        re.IGNORECASE,
    )


def _resolve_weekday(
    text: str, match: re.Match[str], wording: Wording, base: str, weekday: int, said: date
) -> date | None:
    past = said - timedelta((said.weekday() - weekday) % 7)
    future = said + timedelta((weekday - said.weekday()) % 7 or 7)
    if match["often"] or match["dated"] or _is_a_name(text, match, base):
        return None
    if match["number"]:  # "segunda-feira (27)": the day of the month says it
        near = (past - timedelta(7), past, future, future + timedelta(7))
        return next((day for day in near if day.day == int(match["number"])), None)
    if match["next"] or match["next_after"]:
        # Said on Monday, "next Friday" may be this week's or the next one's.
        return future if future.isocalendar()[1] != said.isocalendar()[1] else None
    if match["last"] or match["last_after"]:
        before = past if past != said else past - timedelta(7)
        return before if (said - before).days > 1 else None
    if _is_to_come(text, match, wording):
        return future if weekday != said.weekday() else None
    return past


def _is_a_name(text: str, match: re.Match[str], base: str) -> bool:
    """Whether a weekday is part of a name: Black Friday, the Sunday Times."""
    if base != "en":
        return False
    end = match.end("day")
    beside = re.match(r" ([^\W\d_])", text[end : end + 2])
    if beside and beside[1].isupper():
        return True
    near = max(0, match.start("day") - _WINDOW)
    before = re.search(r"([^\W\d_][\w’'-]*) $", text[near : match.start("day")])
    if before is None or not before[1][0].isupper():
        return False
    # A capital word that begins its sentence ("On Friday") is none of the name.
    at = near + before.start()
    return at > 0 and not _SENTENCE.search(text[max(0, at - 2) : at])


def _is_to_come(text: str, match: re.Match[str], wording: Wording) -> bool:
    """Whether the words beside a weekday speak of what is to come."""
    start = match.start()
    near = max(0, start - _WINDOW)
    sentence = max((m.end() for m in _SENTENCE.finditer(text, near, start)), default=near)
    before = text[sentence:start]
    marker = re.compile(wording.to_come, re.IGNORECASE)
    told = re.compile(wording.told, re.IGNORECASE)
    hits = [m.start() for m in marker.finditer(before)]
    if hits:
        return not any(m.start() > hits[-1] for m in told.finditer(before))
    if start - sentence > 12 or told.search(before):
        return False
    after = text[match.end() : match.end() + _AFTER]
    end = _SENTENCE.search(after)
    after = after[: end.start()] if end else after
    first, said = marker.search(after), told.search(after)
    return bool(first) and not (said and first and said.start() < first.start())
