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
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "ru": "понедельник вторник среду четверг пятницу субботу воскресенье",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}
MONTHS = {
    "en": "January February April June July August September October November December",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "fr": "janvier février avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar April Mai Juni Juli August September Oktober November Dezember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
CURRENCIES = {
    "en": (("pounds", "euros", "dollars"), ("£", "€", "$")),
    "pt": (("libras", "euros", "dólares", "reais"), ("£", "€", "US$", "R$")),
    "es": (("libras", "euros", "dólares"), ("£", "€", "$")),
    "fr": (("livres sterling", "euros", "dollars"), ("£", "€", "$")),
    "de": (("Pfund", "Euro", "Dollar"), ("£", "€", "$")),
    "ru": (("фунтов", "евро", "долларов", "рублей"), ("£", "€", "$")),
    "ar": (("جنيه إسترليني", "يورو", "دولار"), ("£", "€", "$")),
}
CLOCKS = {
    "en": r"\b(1[0-2]|[1-9])(?=(?:[:.]\d{2})? ?[ap]\.?m\b)",
    "pt": r"\b(1\d|2[0-3]|[1-9])(?=h(?:\d{2})?\b|:\d{2}\b)",
}
CLOCK = r"\b(1\d|2[0-3]|[1-9])(?= ?[hH]\b|:\d{2}\b)"
NEGATIONS = {
    "en": r"\b(?:not|never) |n't\b",
    "pt": r"\b(?:[Nn]ão|nunca) ",
    "es": r"\b(?:[Nn]o|nunca) ",
    "fr": r"\bn(?:e |['’])[\w’']+ (?:pas|jamais) ",
    "de": r"\b(?:nicht|nie) |(?<=\b)k(?=ein)",
    "ru": r"\b[Нн]е ",
    "ar": r"\b(?:لا|لم|لن|ليس) ",
}
VERBS = {  # a negation is set after (en, de) or before (the others) these
    "en": r"\b(is|are|was|were|will|would|could|should|has|have|had)\b(?! not|n't)",
    "pt": r"(?<!não )(?<!nunca )\b(é|são|foi|era|eram|está|estão|será|pode|tem|têm|tinha|vai)\b",
    "es": r"(?<!no )(?<!nunca )\b(es|son|fue|era|eran|está|están|será|puede|tiene|ha|han|había)\b",
    "de": r"\b(ist|sind|war|waren|hat|haben|hatte|wird|werden|wurde|kann)\b(?! nicht)",
    "ru": r"(?<!не )\b(был|была|было|были|будет|может|могут|стал|стала|заявил|сообщил)\b",
}
NOT = {"en": "{} not", "pt": "não {}", "es": "no {}", "de": "{} nicht", "ru": "не {}"}
NAME = re.compile(r"(?<=[a-zà-ýа-я,] )[A-ZÁÉÍÓÚÀ-ÝА-Я][a-zà-ýа-яё]{3,}\b")


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
    small = {word for pair in pairs for word in re.findall(r"\b[^\W\d_A-ZÀ-ÝА-Я]+\b", pair.target)}
    dates = set(f"{WEEKDAYS[into]} {MONTHS[into]} May March".split())
    names = sorted(
        {
            name
            for pair in pairs
            for name in NAME.findall(pair.target)
            if name.lower() not in small and name not in dates and name in pair.source
        }
    )
    damages = _damages(into, names if len(names) > 1 else ())
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
            CLOCKS.get(into, CLOCK),
            lambda text, rng: _other(text, tuple(map(str, range(1, 12))), rng),
        ),
        "negation lost": _replace_one(
            NEGATIONS[into], lambda text, _: re.sub(r"^n(?:e |['’])|\S+ $", "", text)
        ),
        "negation added": _replace_one(
            VERBS.get(into, "(?!)"), lambda text, _: NOT[into].format(text)
        ),
        "name": _replace_one(
            "|".join(rf"(?<=[a-zà-ýа-я,] ){name}\b" for name in names) or "(?!)",
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
