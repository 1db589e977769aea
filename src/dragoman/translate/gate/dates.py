"""Weekdays, months and clock times: the same day and hour on both sides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from dragoman import languages
from dragoman.errors import UnknownLanguage
from dragoman.translate.words import word_set
from dragoman.types import Check, Verdict

# Words too, where they do not stand by a figure or after a word of time.
_DOUBTFUL = {
    "en": frozenset({"may", "march", "sun", "sat", "mar", "wed", "second"}),
    "pt": frozenset({"segunda", "terça", "quarta", "quinta", "sexta", "mar", "set", "sex", "ter"}),
    "es": frozenset({"mar", "sept"}),
    "fr": frozenset({"mars", "mar"}),
    "de": frozenset({"so", "do", "mi", "mai"}),
}
# There a name is looked for by how it begins.
_INFLECTED = word_set("de ru uk be bg pl cs sk sl hr sr bs lt lv et fi hu tr el")
_SPOKEN = {"pt": ("segunda", "terça", "quarta", "quinta", "sexta")}
_PAPER = re.compile(r" (?:Times|Telegraph|Mail|Mirror|Post|Herald|Express|People|Night|Star|Sun)\b")
_TIME_WORDS = re.compile(
    r"\b(?:in|since|of|until|by|last|next|early|late|mid|this|every|to|from)[ -]$"
)
_CLOCK = re.compile(
    r"(?<![\d.,:/$£€-])(?P<hour>\d{1,2})(?:(?P<mark>[:.]|[hH]:?)(?P<minute>[0-5]\d)"
    r"|(?P<bare>\s?h(?:oras)?\b)|)"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?|da (?:manhã|tarde|noite|madrugada)|de la (?:mañana|tarde|noche"
    r"|madrugada)|du (?:matin|soir)|de l['’]après-midi|in the (?:morning|afternoon"
    r"|evening))?(?![\d%])",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})[/.-](\d{1,2})(?:[/.-]\d{1,4})?(?!\d)")


def check_dates(
    source: str, target: str, language: str, into: str
) -> tuple[str, tuple[Check, ...]]:
    """Compare weekdays, months and clock times."""
    differing = [
        *_compare("weekday", source, target, language, into),
        *_compare("month", source, target, language, into),
        *_compare_clocks(source, target),
    ]
    if not differing:
        return target, ()
    return target, (Check("dates", Verdict.MARK, "; ".join(differing)),)


def _compare(kind: str, source: str, target: str, language: str, into: str) -> Iterator[str]:
    ours, theirs = _read(kind, source, language), _read(kind, target, into)
    if not ours and not theirs:
        return
    here = set(ours) | _read(kind, source, language, is_lenient=True).keys()
    there = set(theirs) | _read(kind, target, into, is_lenient=True).keys()
    if kind == "weekday":  # the Sunday Times is called so in every language
        here |= _read(kind, source, into).keys()
    if kind == "month":
        here, there = here | _numeric_months(source), there | _numeric_months(target)
    # "Sunday Times" and the like stay as they are.
    lost = [w for key, w in ours.items() if key not in there and w.lower() not in target.lower()]
    added = [w for key, w in theirs.items() if key not in here and w.lower() not in source.lower()]
    if lost and added:
        yield f"the original says {', '.join(lost)}, the translation {', '.join(added)}"
    elif lost and (
        {languages.base(language), languages.base(into)} & _INFLECTED
        or _mentions(kind, target, into) >= _mentions(kind, source, language)
    ):
        # What took its place is an inflected form that is not known for sure, or a day that
        # the original names as well; else translators leave "on Friday" out.
        yield f"{', '.join(lost)} stands only in the original"
    elif added and (here or kind != "weekday"):
        # Where the original names no day, translators add the one that the story speaks of.
        yield f"{', '.join(added)} stands only in the translation"


def _read(kind: str, text: str, language: str, *, is_lenient: bool = False) -> dict[int, str]:
    """Give the weekdays (0 is Monday) or months (1 is January) that a text names."""
    pattern, keys = _names(kind, languages.base(language), is_lenient)
    found: dict[int, str] = {}
    for match in pattern.finditer(text):
        word = match.group().lower()
        if is_lenient or not _is_doubtful(match, language):
            found.setdefault(keys[word], match.group())
    return found


def _mentions(kind: str, text: str, language: str) -> int:
    return len(_names(kind, languages.base(language), False)[0].findall(text))


def _is_doubtful(match: re.Match[str], language: str) -> bool:
    base, text = languages.base(language), match.string
    if base == "en" and (match.group()[0].islower() or _PAPER.match(text, match.end())):
        return True
    if match.group().lower() not in _DOUBTFUL.get(base, frozenset()):
        return False
    before, after = text[: match.start()], text[match.end() : match.end() + 4]
    is_dated = re.search(r"\d(?:st|nd|rd|th|\.)?(?: of| de)? $", before) or re.match(r" \d", after)
    return not (is_dated or (base == "en" and _TIME_WORDS.search(before.lower())
                             and re.match(r"[\s,.;:]+|$", after) and match.group() != "Sun"
                             and not re.match(r" [A-Z]", after)))  # fmt: skip


@lru_cache(maxsize=128)
def _names(kind: str, base: str, is_lenient: bool) -> tuple[re.Pattern[str], dict[str, int]]:
    from babel import Locale

    try:
        locale = Locale.parse(languages.normalise(base), sep="-")
    except (UnknownLanguage, ValueError):
        return re.compile("(?!)"), {}
    tables = locale.days if kind == "weekday" else locale.months
    keys: dict[str, int] = {}
    for width in ("wide", "abbreviated") if is_lenient else ("wide",):
        for form in ("format", "stand-alone"):
            for key, name in tables[form][width].items():
                keys.setdefault(name.lower().rstrip("."), key)
    if kind == "month" and is_lenient and base == "en":
        keys["sept"] = 9
    if kind == "weekday" and is_lenient:
        keys |= {name: at for at, name in enumerate(_SPOKEN.get(base, ()))}
    if is_lenient and base in _INFLECTED:
        return _inflected(keys, base)
    listed = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    edge = r"(?:e?s)?" if base in ("pt", "es", "de", "en") and kind == "weekday" else ""
    if base == "ar":  # writes "and" and "on" to the word
        return re.compile(rf"(?:(?<!\w)|(?<=\b[وبلكف]))(?:{listed})(?!\w)"), keys
    return re.compile(rf"(?<![\w-])(?:{listed})(?={edge}(?!\w))", re.IGNORECASE), keys


def _inflected(names: dict[str, int], base: str) -> tuple[re.Pattern[str], dict[str, int]]:
    """Match names by how they begin: в среду, Freitagmorgen."""
    stems: dict[str, int] = {}
    for name, key in names.items():
        stem = name if base == "de" else name[: len(name) - (2 if len(name) > 6 else 1)]
        if len(name) > 2:
            stems.setdefault(stem, key)
    listed = "|".join(sorted(map(re.escape, stems), key=len, reverse=True))
    ending = r"\w*" if base == "de" else r"\w{0,5}"
    return re.compile(rf"(?<!\w)(?:{listed})(?={ending}(?!\w))", re.IGNORECASE), stems


def _numeric_months(text: str) -> set[int]:
    found: set[int] = set()
    for match in _NUMERIC.finditer(text):
        found |= {int(part) for part in match.groups() if 1 <= int(part) <= 12}
    return found


def _compare_clocks(source: str, target: str) -> Iterator[str]:
    """Compare clock times where both sides name some: to the minute, and to the half of the day."""
    ours, theirs = dict(_clocks(source)), dict(_clocks(target))
    if not ours or not theirs:
        return
    here = {minutes for times in ours.values() for minutes in times}
    there = {minutes for times in theirs.values() for minutes in times}
    lost = [text for text, times in ours.items() if not times & there]
    added = [text for text, times in theirs.items() if not times & here]
    if lost and added:
        yield f"the original says {', '.join(lost)}, the translation {', '.join(added)}"


def _clocks(text: str) -> Iterator[tuple[str, frozenset[int]]]:
    """Give the clock times of a text with the minutes of the day that each may mean."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        half = (match["half"] or "").lower()
        is_marked = half or match["bare"] or (match["mark"] or ".") != "."
        if not is_marked or hour > 24:
            continue
        if half and hour <= 12:
            is_late = half[0] == "p" or any(
                w in half for w in ("tarde", "noi", "noc", "soir", "midi")
            )
            is_late = is_late or "afternoon" in half or "evening" in half
            hours = {hour % 12 + (12 if is_late else 0)}
            if half.endswith(("noite", "noche")) and hour == 12:
                hours = {0}
        elif match["bare"] or (match["mark"] or "")[:1] in ("h", "H") or hour > 12 or hour == 0:
            hours = {hour % 24}
        else:
            hours = {hour % 12, hour % 12 + 12}
        yield match.group().strip(), frozenset(60 * h + minute for h in hours)
