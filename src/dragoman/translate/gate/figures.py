"""Compare figures as values, and write those right that were only written wrongly."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from dragoman import languages
from dragoman.translate.gate.numbers import (
    Figure,
    possible_values,
    read_figures,
    read_number,
    write_number,
)
from dragoman.translate.gate.numberwords import WORDS, read_cardinals
from dragoman.translate.gate.units import Measure, is_converted, read_measures
from dragoman.types import Check, Verdict

Found = tuple[Check, ...]

_PERCENT = re.compile(
    r"[%٪]|\bper ?cent(?:age)?|\bpor cento|\bpor ciento|\bpour ?cent|\bpontos? perc|\bprozent"
    r"|\bпроцент|بالمئة|بالمائة|في المئة|في المائة|\bpercento|\bprocent",
    re.IGNORECASE,
)
_ALL = re.compile(rf"(?<![\d.,])100[ \u00a0]?(?:{_PERCENT.pattern})", re.IGNORECASE)
_NO_DIGITS = re.compile(r"\D")
_HAS_DIGIT = re.compile(r"\d")


def check_numbers(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Compare figures as values, and write those right that were only written wrongly."""
    if not _HAS_DIGIT.search(source) and not _HAS_DIGIT.search(target):
        return target, tuple(_compare_words(source, target, language, into))
    ours, theirs = read_figures(source, language), read_figures(target, into)
    repaired = _repair_figures(source, target, language, into)
    notes: list[Check] = []
    if repaired != target:
        target, theirs = repaired, read_figures(repaired, into)
        notes.append(Check("numbers", Verdict.PUBLISH, "figures were written as the language does"))
    lost, added = _differences(source, target, language, into, ours, theirs)
    if lost and added:
        message = f"the original has {_list(lost)}, the translation {_list(added)}"
        notes.append(Check("numbers", Verdict.MARK, message))
    elif lost or added:
        where = "only in the original" if lost else "only in the translation"
        notes.append(Check("numbers", Verdict.MARK, f"{_list(lost or added)} stands {where}"))
    elif _PERCENT.search(source) and ours and _has_lost_percent(source, target, into):
        notes.append(Check("numbers", Verdict.MARK, "the percent sign was lost"))
    else:
        notes += _compare_words(source, target, language, into)
    return target, tuple(notes)


def _differences(
    source: str,
    target: str,
    language: str,
    into: str,
    ours: Sequence[Figure],
    theirs: Sequence[Figure],
) -> tuple[list[str], list[str]]:
    """Give the figures of each side that the other says in no way."""
    here = possible_values(source, language, ours)
    there = possible_values(target, into, theirs)
    lost = [f for f in ours if not _is_among(f, there, target)]
    added = [f for f in theirs if not _is_among(f, here, source)]
    if not lost and not added:
        return [], []
    one, other = read_measures(source, language), read_measures(target, into)
    lost = [f for f in lost if not _has_conversion(f, one, other)]
    added = [f for f in added if not _has_conversion(f, other, one)]
    if not (lost and added):
        # One side alone proves less: "certain to 100 per cent", "eight" in words not known.
        lost = [f for f in lost if not _may_be_unsaid(f, source, into)]
        added = [f for f in added if not _may_be_unsaid(f, target, language)]
    return [f.text for f in lost], [f.text for f in added]


def _is_among(figure: Figure, values: frozenset[float], other: str) -> bool:
    """Whether a figure is said in the other text, as a value or, with spaces, to the letter."""
    if values.intersection(figure.values):
        return True
    is_plain = figure.text.isdigit() and float(figure.text) in figure.values
    if is_plain and figure.text in _NO_DIGITS.split(other):
        return True  # a part of a telephone number
    digits = _NO_DIGITS.sub("", figure.text)
    return digits != figure.text and len(digits) > 3 and digits in re.sub(r"[^\d.,]", "", other)


def _may_be_unsaid(figure: Figure, text: str, other: str) -> bool:
    is_all = any(m.start() == figure.start for m in _ALL.finditer(text))
    is_word_elsewhere = languages.base(other) not in WORDS and max(figure.values, default=0) <= 20
    return is_all or is_word_elsewhere


def _has_conversion(figure: Figure, one: Sequence[Measure], other: Sequence[Measure]) -> bool:
    """Whether a figure was converted between miles and kilometres, pounds and kilograms."""
    own = [measure for measure in one if measure.start <= figure.start < measure.end]
    return any(is_converted(a, b) for a in own for b in other)


def _has_lost_percent(source: str, target: str, into: str) -> bool:
    # "Half of them" needs no sign.
    is_known = languages.base(into) in WORDS and _HAS_DIGIT.search(target) is not None
    return is_known and not _PERCENT.search(target) and not _ALL.search(source)


def _compare_words(source: str, target: str, language: str, into: str) -> Iterator[Check]:
    """Find a number in words that became another: one lost and one added, none explained."""
    ours = read_cardinals(source, language)
    theirs = read_cardinals(target, into) if ours else {}
    if not theirs:
        return
    here = possible_values(source, language, read_figures(source, language))
    there = possible_values(target, into, read_figures(target, into))
    lost = [word for value, word in ours.items() if value not in there]
    added = [word for value, word in theirs.items() if value not in here]
    if lost and added and not read_measures(source, language):
        message = f"the original has {_list(lost)}, the translation {_list(added)}"
        yield Check("numbers", Verdict.MARK, message)


def _repair_figures(source: str, target: str, language: str, into: str) -> str:
    """Write a figure right that has the original's digits but not the language's separators."""
    wanted = {}
    ours = read_figures(source, language)
    said = {value for figure in ours for value in figure.values}
    for figure in ours:
        value = read_number(figure.text, language)
        if value is not None and re.search("[.,]", figure.text):
            wanted[re.sub(r"\D", "", figure.text)] = (figure.text, value)
    if not wanted:
        return target
    for figure in reversed(read_figures(target, into)):
        original = wanted.get(re.sub(r"\D", "", figure.text))
        if original is None:
            continue
        text, value = original
        decimals = 0 if value == int(value) else len(re.split("[.,]", text)[-1])
        right = write_number(value, decimals, into)
        is_said = set(figure.values) & said and re.sub("[^.,]", "", figure.text) != re.sub(
            "[^.,]", "", text
        )
        if not is_said and not _is_clock(source, text) and read_number(right, into) == value:
            target = target[: figure.start] + right + target[figure.end :]
    return target


def _is_clock(source: str, figure: str) -> bool:
    return bool(re.search(rf"{re.escape(figure)}\s?(?:[ap]\.?m\b|h\b)", source, re.IGNORECASE))


def _list(items: Collection[str]) -> str:
    return ", ".join(dict.fromkeys(items))
