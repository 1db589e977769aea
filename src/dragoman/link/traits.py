"""What an article shows that another can be compared with: names, places, numbers, words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from dragoman.analysis.folding import fold
from dragoman.languages import base
from dragoman.link.names import Name, find_names
from dragoman.link.places import find_places, is_place
from dragoman.link.vectors import join_lead
from dragoman.types import LinkInput

_TOKEN = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f\u066b\u066c]\d+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_STEM = 6  # letters of a word that are compared: endings vary, in all languages measured
_ARTICLE = re.compile("^[وف]?(?:[بكل]?ال|لل)")  # what Arabic writes together with a noun
_ARABIC_STEM = 5
_LONG_TITLE, _HEAD = 200, 120  # a longer title is a text without one: its first words are taken
_TEXT = 700
_FOCUS = 160  # characters after the title that say where it happened


@dataclass(frozen=True, slots=True)
class Traits:
    """The comparable traits of one article's title and lead."""

    language: str
    names: dict[str, Name]  # by consonant key; those of countries are places instead
    places: tuple[str, ...]  # ISO codes in order of appearance
    focus: frozenset[str]  # those of the title and first words
    numbers: frozenset[str]  # specific figures, no years and no small counts
    words: dict[str, int]  # stems; pairs of characters where words are not parted
    head: frozenset[str]  # those of the title
    title: str  # in small letters, without punctuation
    format: str  # the title without dates and figures


def read_numbers(text: str) -> frozenset[str]:
    """Give the specific figures of a text: 7.4, 1350, 21; no years, no counts under ten."""
    found = set()
    for match in _NUMBER.findall(text):
        digits = "".join(
            str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None
            else "." for c in match
        )  # fmt: skip
        parts = digits.split(".")
        if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
            parts = ["".join(parts)]
        if len(parts) == 2 and len(parts[0]) <= 3:
            found.add(f"{int(parts[0])}.{parts[1].rstrip('0')}".rstrip("."))
        elif len(parts) == 1 and int(parts[0]) >= 10 and not 1900 <= int(parts[0]) <= 2099:
            found.add(str(int(parts[0])))
    return frozenset(found)


@lru_cache(maxsize=131_072)
def _stem(token: str) -> str:
    """Give what the forms of a word begin with, without accents, or an article before it."""
    word = fold(token)
    if word[:1] < "\u0600" or word[:1] > "\u06ff":
        return word[:_STEM]
    bare = _ARTICLE.sub("", word)
    return (bare if len(bare) >= 3 else word)[:_ARABIC_STEM]


def count_words(text: str) -> Counter[str]:
    """Count the stems of a text; where words are not parted, its pairs of characters."""
    lowered = text.lower()
    words: Counter[str] = Counter()
    for run in _UNSPACED.findall(lowered):
        words.update(run[i : i + 2] for i in range(len(run) - 1))
    spaced = _UNSPACED.sub(" ", lowered)
    words.update(_stem(token) for token in _TOKEN.findall(spaced) if len(token) >= 2)
    return words


@lru_cache(maxsize=64)
def _calendar_words(language: str) -> frozenset[str]:
    """Give the names of days and months, as stems: what a daily column's title changes."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    words = [*locale.days["format"]["wide"].values(), *locale.months["format"]["wide"].values()]
    return frozenset(token[:_STEM] for word in words for token in _TOKEN.findall(word.lower()))


def read_format(title: str, language: str) -> str:
    """Give a title without its dates and figures: the same for each day of a daily column."""
    tokens = (token[:_STEM] for token in _TOKEN.findall(title.lower()))
    calendar = _calendar_words(language)
    return " ".join(t for t in tokens if t not in calendar and not any(c.isdigit() for c in t))


def _find_people(text: str, language: str) -> dict[str, Name]:
    found = find_names(text, language)
    return {key: name for key, name in found.items() if not is_place(name.word, language)}


@lru_cache(maxsize=4096)  # more than one call of the linker reads, and 100 MB at most
def _read_text(title: str, lead: str, language: str) -> Traits:
    if len(title) > _LONG_TITLE:
        title, lead = title[:_HEAD], f"{title[_HEAD:]} {lead}"[:_TEXT]
    text = join_lead(title, lead)
    focus = f"{title}. {lead[:_FOCUS]}" if title else lead[:_FOCUS]
    return Traits(
        language,
        _find_people(text, language),
        find_places(text, language),
        frozenset(find_places(focus, language)),
        read_numbers(text),
        count_words(text),
        frozenset(count_words(title)),
        " ".join(_TOKEN.findall(title.lower())),
        read_format(title, language),
    )


def read_traits(article: LinkInput) -> Traits:
    """Read the traits of an article's title and lead. Cached by text."""
    return _read_text(article.title, article.text[:_TEXT], base(article.language))


def read_traits_once(article: LinkInput) -> Traits:
    """Read the traits of an article that will not be asked for again."""
    return _read_text.__wrapped__(article.title, article.text[:_TEXT], base(article.language))
