"""What each language calls the things that news counts, read from the tables beside this file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dragoman import languages

FOLDER = Path(__file__).parent

_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ё": "е"})
_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640]")  # vowel signs and stretching
_ARTICLE = re.compile(r"^(?:[بكف]?ال|لل)(?=..)")
_PERSONS = ("protesters", "passengers")  # counted by their own name, and as the killed are
_SHORTEST = 3  # letters that a word keeps without its article


@dataclass(frozen=True, slots=True)
class Role:
    """What a word does in a sentence that counts: ``after`` a number, ``before`` it, ``light``."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language."""

    language: str
    decimal: str
    numbers: Mapping[str, float]
    units: Mapping[str, float]  # one: a number only beside another
    scales: Mapping[str, float]
    joins_words: str  # German: fünfundzwanzig
    words: Mapping[str, frozenset[Role]]
    stems: Mapping[str, frozenset[Role]]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]  # by their first word, the longest first
    and_words: frozenset[str]
    capitals: frozenset[str]  # nouns of German, whose adjectives look alike: Tote, tote Tiere
    hints: re.Pattern[str]  # stands in every text that counts anything

    def roles(self, word: str) -> frozenset[Role]:
        """Give what a word, normalised, may do."""
        if word in self.words:
            return self.words[word]
        starts = (word[:size] for size in range(len(word), 2, -1))
        return next((self.stems[start] for start in starts if start in self.stems), frozenset())


def normalise_word(word: str, language: str) -> str:
    """Write a word as the tables compare it: small, without vowel signs, without an article."""
    word = _MARKS.sub("", word.lower()).translate(_ALEF)
    if language == "ar":
        bare = _ARTICLE.sub("", word)
        return bare if len(bare) >= _SHORTEST else word
    return word


def has_lexicon(language: str) -> bool:
    """Whether figures can be found in texts of a language."""
    return languages.base(language) in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(file.stem for file in FOLDER.glob("*.toml"))


@cache
def read_lexicon(code: str) -> Lexicon:
    """Read the table of a base language; ``has_lexicon`` says whether there is one."""
    table = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    words: dict[str, set[Role]] = {}
    stems: dict[str, set[Role]] = {}
    capitals: set[str] = set()
    phrases: dict[str, set[tuple[str, ...]]] = {}
    for role, entries in _list_roles(table):
        for entry in entries.split():
            if entry[0].isupper():
                capitals.add(normalise_word(entry, code))
            parts = tuple(normalise_word(part, code) for part in entry.rstrip("*").split("_"))
            home = stems if entry.endswith("*") else words
            home.setdefault("_".join(parts), set()).add(role)
            if len(parts) > 1:
                phrases.setdefault(parts[0], set()).add(parts)
    numbers = table["numbers"]
    values = _read_values(numbers["words"], code)
    scales = _read_values(numbers["scales"], code)
    long_scales = [scale for scale in scales if len(scale) >= _SHORTEST]
    return Lexicon(
        code,
        numbers["decimal"],
        values,
        _read_values(numbers["unit"], code),
        scales,
        numbers.get("compound", ""),
        {word: frozenset(roles) for word, roles in words.items()},
        {stem: frozenset(roles) for stem, roles in stems.items()},
        {first: tuple(sorted(found, key=len, reverse=True)) for first, found in phrases.items()},
        frozenset(word for word, roles in words.items() if Role("and") in roles),
        frozenset(capitals),
        re.compile(r"\d|" + "|".join(map(re.escape, (*values, *long_scales)))),
    )


def _list_roles(table: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[Role, str]]:
    """Give each role of a table with its words."""
    for section, entries in table.items():
        for name, value in entries.items():
            if section in ("glue", "qualifiers"):
                yield Role(name), str(value)
            elif section == "counted" and isinstance(value, dict):
                for place, found in value.items():
                    yield Role(place, name), found
            elif section in ("votes", "percent") and name in ("votes", "for", "against", "sign"):
                yield Role(f"{section}-{name}"), str(value)
            elif section != "numbers":
                yield Role(section, name), str(value)
            if section == "nouns" and name in _PERSONS:
                yield Role("people", name), str(value)


def _read_values(text: str, code: str) -> dict[str, float]:
    pairs = (pair.split("=") for pair in text.split())
    return {normalise_word(word, code): float(value) for word, value in pairs}
