"""What a rule-based leg must leave as it is: proper names, and words that no leg knew.

Rules translate ``Smith``, ``May`` and ``Rice`` like any word that their dictionary has. A
name that a neural leg or another dictionary left as it was has been recognised as one; of a
name of several words that is half translated (``Theresa mayo``) the rest is one too. Names
are looked for after the leg, for a dictionary that knows a name says more of it than a
placeholder can: 95 of 100 need none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from dragoman import languages
from dragoman.translate.words import word_set

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_RUN = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[ \u00a0\-][^\W\d_]+)+")
_BEGINS = re.compile(r"(?:^|[.!?…:]\s)[\s\"'“‘«(\[¡¿—–-]*$")
_ROMANCE = word_set("pt es gl ca it fr oc ast an ro sc")
_NEAR = 60  # characters before a word that say whether it begins a sentence
_SHORTEST = 3  # letters; of two and fewer most are words by chance


def find_names(text: str) -> frozenset[str]:
    """Give the words of a text that begin with a capital, its first one too."""
    words = (match.group() for match in _WORD.finditer(text))
    return frozenset(word for word in words if word[0].isupper() and len(word) >= _SHORTEST)


def find_sure_names(texts: Iterable[str]) -> frozenset[str]:
    """Give the words that begin with a capital inside a sentence, or stand before one that does."""
    found: set[str] = set()
    for text in texts:
        words = list(_WORD.finditer(text))
        for match, following in zip_longest(words, words[1:]):
            is_inside = not _BEGINS.search(text, max(0, match.start() - _NEAR), match.start())
            is_run = following is not None and following.group()[0].isupper()
            is_run = is_run and text[match.end() : following.start()] == " "
            if match.group()[0].isupper() and (is_inside or is_run):
                found |= {match.group(), *_parts(match.group())}
    return frozenset(found)


def find_lost(words: Iterable[str], target: str) -> frozenset[str]:
    """Give the words that do not stand in a translation; an accent more or less is no loss."""
    there = {_plain(match.group()) for match in _WORD.finditer(target)}
    there |= {part for word in there for part in _parts(word)}
    return frozenset(word for word in words if _plain(word) not in there)


def find_half_translated(
    source: str, target: str, is_kept: Callable[[str], bool]
) -> frozenset[str]:
    """Give the words of capitalised runs that were translated though one before them was not.

    ``is_kept`` says of a word that stands in both whether it was left as it was, as a name.
    """
    found: set[str] = set()
    for run in _RUN.finditer(source):
        is_name = False
        for match in _WORD.finditer(run.group()):
            word = match.group()
            if not word[0].isupper():
                is_name = False
            elif not find_lost([word], target):
                is_name = len(word) >= _SHORTEST and is_kept(word)
            elif is_name:
                found.add(word)
    return frozenset(found)


def share_words(language: str, into: str) -> bool:
    """Whether a word that stands in original and translation may be a word of both languages."""
    return {languages.base(language), languages.base(into)} <= _ROMANCE


def find_ranges(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Give where these words stand in a text; neighbours are one stretch."""
    wanted = frozenset(words)
    ranges: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if match.group() not in wanted:
            continue
        start, end = match.span()
        if ranges and text[ranges[-1][1] : start] == " ":
            start = ranges.pop()[0]
        ranges.append((start, end))
    return tuple(ranges)


def is_common(word: str, sure_names: frozenset[str]) -> bool:
    """Whether a word that a leg did not know is no name, acronym or token with a digit."""
    if len(word) < _SHORTEST or any(char.isdigit() for char in word):
        return False
    return word.islower() or (word[0].isupper() and word[1:].islower() and word not in sure_names)


def list_words(words: Sequence[str]) -> str:
    """Write words for a message, no more than a reader takes in."""
    return ", ".join(words[:8]) + (" …" if len(words) > 8 else "")


def _parts(word: str) -> list[str]:
    return re.split(r"['’\-]", word)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(char for char in letters if not unicodedata.combining(char))
