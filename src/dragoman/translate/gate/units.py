"""Measures in two systems: 20 feet and six metres are the same, 20 feet and nine are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dragoman import languages
from dragoman.translate.gate.numbers import read_number
from dragoman.translate.gate.numberwords import WORDS

# What is measured, how many of its own units make one, and the words for it.
_UNITS = (
    ("length", 1609.344, "miles? mi milhas? millas? meilen? mijl(?:en)? миль миля мили "
     "mph ميلا? أميال"),
    ("length", 0.3048, "feet foot ft pés? pies? pieds? fuß fuss voet футов фут фута قدما? أقدام"),
    ("length", 0.0254, "inch(?:es)? polegadas? pulgadas? pouces? zoll дюйм(?:а|ов)? بوصات بوصة"),
    ("length", 0.9144, "yards? jardas? yardas? verges? ярд(?:а|ов)? ياردة"),
    ("length", 1000.0, "km kms kph quil[oóô]metros? kil[oóô]m[eè]t(?:ers?|re?s?|ros?|ern?) км "
     "километр(?:а|ов)? كم كيلومترا?"),
    ("length", 1.0, "m met(?:ers?|res?|ros?|ern?) mètres? м метр(?:а|ов)? مترا? أمتار"),
    ("length", 0.01, "cm [cz]ent[ií]met(?:ers?|res?|ros?|ern?) centimètres? см сантиметр(?:а|ов)? "
     "سم"),
    ("length", 0.001, "mm mil+[ií]metros? мм"),
    ("mass", 0.4536, "pounds? lbs? libras? livres? pfund pond фунт(?:а|ов)? رطلا?"),
    ("mass", 6.35, "stones?"),
    ("mass", 0.02835, "ounces? oz onças? onzas? onces? unzen?"),
    ("mass", 1.0, "kg kgs quilos? kilos? quilogramas? kilogra(?:ms?|mmes?|mm|mos?) кг "
     "килограмм(?:а|ов)? كغ كجم كيلوغراما?"),
    ("mass", 0.001, "g gramas? gramos? gram(?:mes?|m|s)? г"),
    ("area", 4046.9, "acres? akres? morgen акр(?:а|ов)? فدانا?"),
    ("area", 10000.0, "hectares? hectáreas? ha hektar гектар(?:а|ов)? هكتارا?"),
    ("volume", 3.785, "gallons? galões galão galones gallonen?"),
    ("volume", 1.0, "lit(?:ers?|res?|ros?|ern?) l"),
)  # fmt: skip
_NAMED = [(kind, factor, re.compile("|".join(words.split()))) for kind, factor, words in _UNITS]
_NUMBER = r"(?:\d+(?:[.,]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)?)"
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,14}(?!\w)")
_BEFORE = re.compile(
    rf"(?:(?<![\w.,])(?P<first>{_NUMBER})\s?(?:-|–|to|a|e|à|et|y|bis|и|до|إلى|ou|or|o|und|and)\s?)?"
    rf"(?<![\w.,])(?P<second>{_NUMBER})[\s\u00a0-]?$"
)
_FEET = re.compile(r"(\d)[ -]?(?:foot|feet|ft|['’′])[ -]?(\d{1,2})(?![\d.])")
_TEMPERATURE = re.compile(
    r"(-?\d+(?:[.,]\d+)?)\s?(?:°|º|degrees?|graus|grados|degrés|grad)?\s?([CF])\b"
    r"|(-?\d+)\s(?:degrees?|graus|grados|degrés|Grad)\s(Fahrenheit|Celsius)"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure in a text, in units that all systems share, and where it stands."""

    kind: str
    factor: float
    value: float
    start: int
    end: int


def read_measures(text: str, language: str) -> tuple[Measure, ...]:
    """Read the lengths, weights, areas, volumes and temperatures of a text."""
    return tuple(_read(text, language))


def is_converted(one: Measure, other: Measure) -> bool:
    """Whether two measures are the same in different units, as nearly as news rounds."""
    if one.kind != other.kind or one.factor == other.factor:
        return False
    larger = max(abs(one.value), abs(other.value))
    return abs(one.value - other.value) <= (1.0 if one.kind == "heat" else 0.085 * larger)


def _read(text: str, language: str) -> Iterator[Measure]:
    words = WORDS.get(languages.base(language), {})
    for match in _WORD.finditer(text):
        unit = _unit(match.group().lower())
        before = _BEFORE.search(text, max(0, match.start() - 30), match.start()) if unit else None
        if unit is None or before is None:
            continue
        kind, factor = unit
        for part in ("first", "second"):
            number = before[part]
            value = _value(number, language, words) if number else None
            if value is not None:
                yield Measure(kind, factor, value * factor, *before.span(part))
    for match in _FEET.finditer(text):
        value = 0.3048 * int(match[1]) + 0.0254 * int(match[2])
        yield Measure("length", 0.3048, value, *match.span())
    for match in _TEMPERATURE.finditer(text):
        scale = (match[2] or match[4])[0]
        value = read_number((match[1] or match[3]).lstrip("-"), language) or 0.0
        if scale == "F":
            value = (value - 32) / 1.8
        yield Measure("heat", 1.8 if scale == "F" else 1.0, value, *match.span())


def _value(number: str, language: str, words: dict[str, float]) -> float | None:
    return read_number(number, language) if number[0].isdigit() else words.get(number.lower())


@lru_cache(maxsize=4096)
def _unit(word: str) -> tuple[str, float] | None:
    return next(((kind, f) for kind, f, names in _NAMED if names.fullmatch(word)), None)
