"""Cut a text into words as search knows them.

Words end where Unicode says; scripts that put no spaces between words are taken by pairs of
characters, so that every stretch of them can be found. Each word gives the token of its exact
form (``=ferries``) and those of its stems (``~ferri``); a language without stems has the exact
ones alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from dragoman.analysis.folding import fold, lower
from dragoman.analysis.stems import has_stemmer, stems
from dragoman.languages import base

VERSION = "1"  # another one: every text is indexed again

EXACT = "="
STEM = "~"

_LONGEST = 64  # characters of a word: beyond it is no word
_MOST = 50_000  # words of a text

# Without spaces between words, or with so much joined to a word that pairs find it better.
_SPACELESS = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
    "\u30fc\u3005\u3006"
)
_PATTERN = regex.compile(
    rf"""
    (?P<run> [{_SPACELESS}] [{_SPACELESS}\p{{M}}\u200b-\u200d]* )
  | \p{{L}} (?: \. \p{{L}} )+ (?! \p{{L}} )
  | [[\p{{L}}\p{{N}}]--[{_SPACELESS}]]
    (?: [[\p{{L}}\p{{M}}\p{{N}}\u00ad\u200c\u200d]--[{_SPACELESS}]]
      | ['\u2019\u02bc\u05f3\u05f4] (?= \p{{L}} )
      | (?<= \p{{Nd}} ) [.,\u066b\u066c] (?= \p{{Nd}} )
    )*
    """,
    regex.VERBOSE | regex.V1,
)
_APOSTROPHE = regex.compile(r"['\u2019\u02bc]")
_POSSESSIVE = regex.compile(r"['\u2019\u02bc][sS]$")
_FIGURE = regex.compile(r"\p{Nd}[\p{Nd}.,\u066b\u066c]*")
_GROUPED = regex.compile(r"\p{Nd}{1,3}([.,\u066c]\p{Nd}{3})+")

# Here an apostrophe parts two words (l'heure); elsewhere it stands inside of one (O'Brien).
_ELIDING = frozenset({"fr", "it", "ca", "oc", "co", "pt", "gl", "wa", "rm"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands in a text, with its tokens. ``run``: pairs of one run share it."""

    start: int
    end: int
    exact: str
    stems: tuple[str, ...] = ()
    run: int = -1  # where the run of a script without spaces begins
    is_tail: bool = False  # the last character of a run, alone


@dataclass(frozen=True, slots=True)
class Terms:
    """A text as it is indexed: tokens in order."""

    stems: tuple[str, ...]
    exact: tuple[str, ...]


def split_words(text: str, language: str) -> Iterator[Word]:
    """Give the words of a text in order; the language is taken without its region."""
    known = base(language)
    count = 0
    for found in _PATTERN.finditer(text):
        if count > _MOST:
            return
        if found["run"]:
            for word in _split_run(found[0], found.start()):
                count += 1
                yield word
            continue
        for start, end in _parts(found[0], known):
            exact, stemmed = _forms(found[0][start : start + _LONGEST][: end - start], known)
            if exact:
                count += 1
                yield Word(found.start() + start, found.start() + end, exact, stemmed)


def _split_run(run: str, start: int) -> Iterator[Word]:
    """Give each pair of characters, and the last one alone: every place begins a token."""
    for index in range(len(run)):
        exact, _ = _forms(run[index : index + 2], "")
        if exact:
            is_tail = index == len(run) - 1
            end = min(index + 2, len(run))
            yield Word(start + index, start + end, exact, (), start, is_tail)


def _parts(word: str, language: str) -> list[tuple[int, int]]:
    """Cut what the pattern took together: l'heure, 3.14 but not 1,240."""
    whole = [(0, len(word))]
    if word.isalnum():
        return whole
    cut = None
    if language in _ELIDING and _APOSTROPHE.search(word):
        cut = _APOSTROPHE
    elif _FIGURE.fullmatch(word) and not _GROUPED.fullmatch(word):
        cut = regex.compile(r"[.,\u066b\u066c]")
    if cut is None:
        return whole
    found, start = [], 0
    for mark in cut.finditer(word):
        found.append((start, mark.start()))
        start = mark.end()
    return [part for part in (*found, (start, len(word))) if part[0] < part[1]]


@lru_cache(maxsize=200_000)
def _forms(word: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Give the tokens of a word: its exact one, empty where there is none, and its stems."""
    word = _POSSESSIVE.sub("", word)
    plain = _APOSTROPHE.sub("", word)
    exact = fold(plain)
    if not exact:
        return "", ()
    if not has_stemmer(language) or exact.isdigit():
        return EXACT + exact, ()
    return EXACT + exact, tuple(STEM + stem for stem in stems(plain, language) if stem)


def analyse(text: str, language: str) -> Terms:
    """Give the tokens of a text.

    Without stems in a word its exact token stands among the stems, so that these alone hold
    every word; in a language without a stemmer nothing else is kept.
    """
    stemmed: list[str] = []
    exact: list[str] = []
    for word in split_words(text, language):
        exact.append(word.exact)
        stemmed.extend(word.stems or (word.exact,))
    if not has_stemmer(base(language)):
        return Terms(tuple(exact), ())
    return Terms(tuple(stemmed), tuple(exact))


def common_words(text: str, language: str, most: int = 150) -> Counter[str]:
    """Count words as they are written, small: what a misspelt word is compared with."""
    found: Counter[str] = Counter()
    for word in split_words(text, language):
        if len(found) >= most:
            break
        plain = lower(text[word.start : word.end])
        if word.run < 0 and 3 < len(plain) < 31 and plain.isalpha():
            found[plain] += 1
    return found
