"""Damage done to good translations, a class at a time, for the gate to find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

Damage = Callable[[str, Random], str]  # the same text back where there is nothing to damage

WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
MONTHS = {
    "en": "January February April June July August September October November December",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}
CURRENCIES = {
    "en": (("pounds", "euros", "dollars"), ("£", "€", "$")),
    "pt": (("libras", "euros", "dólares", "reais"), ("£", "€", "US$", "R$")),
}
CLOCKS = {
    "en": r"\b(1[0-2]|[1-9])(?=(?:[:.]\d{2})? ?[ap]\.?m\b)",
    "pt": r"\b(1\d|2[0-3]|[1-9])(?=h(?:\d{2})?\b|:\d{2}\b)",
}
NEGATIONS = {
    "en": r"\b(?:not|never) |n't\b",
    "pt": r"\b(?:[Nn]ão|nunca) ",
}
VERBS = {  # a negation is set before (pt) or after (en) these
    "en": r"\b(is|are|was|were|will|would|could|should|has|have|had)\b(?! not|n't)",
    "pt": r"(?<!não )(?<!nunca )\b(é|são|foi|era|eram|está|estão|será|pode|tem|têm|tinha|vai)\b",
}
NAME = re.compile(r"(?<=[a-zà-ú,] )[A-ZÁÉÍÓÚ][a-zà-ú]{3,}\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with its translation; what comes next, and a rendering in a third language."""

    source: str
    target: str
    next_source: str
    next_target: str
    foreign: str


def damage_all(pairs: Sequence[Pair], into: str) -> Iterator[tuple[str, str, str]]:
    """Give the class, the original and the damaged translation, for all that can be damaged."""
    small = {word for pair in pairs for word in re.findall(r"\b[a-zà-ú]+\b", pair.target)}
    dates = set(f"{WEEKDAYS[into]} {MONTHS[into]} May March".split())
    names = sorted(
        {
            name
            for pair in pairs
            for name in NAME.findall(pair.target)
            if name.lower() not in small and name not in dates and name in pair.source
        }
    )
    damages = _damages(into, names)
    for at, pair in enumerate(pairs):
        for kind, damage in damages.items():
            damaged = damage(pair.target, Random(f"{kind} {at}"))
            if damaged != pair.target:
                yield kind, pair.source, damaged
        yield from _damage_whole(pair)


def _damage_whole(pair: Pair) -> Iterator[tuple[str, str, str]]:
    """Damage done to whole sentences; a paragraph of two stands for a segment of two."""
    both = f"{pair.source} {pair.next_source}", f"{pair.target} {pair.next_target}"
    if pair.next_source and min(len(pair.target), len(pair.next_target)) > 25:
        yield "sentence dropped", both[0], pair.target
        yield "sentence dropped", both[0], pair.next_target
        yield "sentence added", pair.source, both[1]
    yield "sentence doubled", pair.source, f"{pair.target} {pair.target}"
    words = pair.target.split()
    if len(words) > 9:
        yield "tail lost", pair.source, " ".join(words[: len(words) * 11 // 20])
    yield "left in the original", pair.source, pair.source
    if pair.foreign:
        yield "another language", pair.source, pair.foreign


def _damages(into: str, names: Sequence[str]) -> dict[str, Damage]:
    words, signs = CURRENCIES[into]
    return {
        "number": _replace_one(r"\d+", _change_digit),
        "digit group": _replace_one(r"\d{1,3}(?:[.,]\d{3})+", lambda text, _: text[:-4]),
        "decimal": _replace_one(
            r"(?<![\d.,])\d+[.,]\d{1,2}(?![\d.,])",
            lambda text, rng: rng.choice(
                (re.sub("[.,]", "", text), text[:-1] + _other_digit(text[-1], rng))
            ),
        ),
        "currency": _replace_one(
            "|".join((*(rf"\b{word}\b" for word in words), *map(re.escape, reversed(signs)))),
            lambda text, rng: _other(text, words if text in words else signs, rng),
        ),
        "weekday": _replace_listed(WEEKDAYS[into].split()),
        "month": _replace_listed(MONTHS[into].split()),
        "clock": _replace_one(
            CLOCKS[into], lambda text, rng: _other(text, tuple(map(str, range(1, 12))), rng)
        ),
        "negation lost": _replace_one(NEGATIONS[into], lambda _, __: ""),
        "negation added": _replace_one(
            VERBS[into], lambda text, _: f"{text} not" if into == "en" else f"não {text}"
        ),
        "name": _replace_one(
            "|".join(rf"(?<=[a-zà-ú,] ){name}\b" for name in names),
            lambda text, rng: _other(text, names, rng),
        ),
        "word repeated": _repeat_words,
    }


def _replace_one(pattern: str, change: Callable[[str, Random], str]) -> Damage:
    compiled = re.compile(pattern)

    def damage(text: str, rng: Random) -> str:
        matches = list(compiled.finditer(text))
        if not matches:
            return text
        match = rng.choice(matches)
        return text[: match.start()] + change(match.group(), rng) + text[match.end() :]

    return damage


def _replace_listed(words: Sequence[str]) -> Damage:
    listed = "|".join(words)
    return _replace_one(rf"\b(?:{listed})\b", lambda text, rng: _other(text, words, rng))


def _other(text: str, among: Sequence[str], rng: Random) -> str:
    return rng.choice([other for other in among if other != text])


def _other_digit(digit: str, rng: Random) -> str:
    return rng.choice([other for other in "123456789" if other != digit])


def _change_digit(text: str, rng: Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + _other_digit(text[at], rng) + text[at + 1 :]


def _repeat_words(text: str, rng: Random) -> str:
    words = text.split()
    places = [
        at for at in range(1, len(words) - 1) if words[at].isalpha() and words[at - 1].isalpha()
    ]
    if not places:
        return text
    at = rng.choice(places)
    size, times = rng.choice(((1, 1), (1, 3), (2, 1), (2, 2)))
    run = words[at - size + 1 : at + 1]
    return " ".join([*words[: at + 1], *run * times, *words[at + 1 :]])
