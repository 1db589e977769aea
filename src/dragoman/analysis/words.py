"""Cut a text into words as search knows them.

Words end where Unicode says; scripts that put no spaces between words are taken by pairs of
characters, so that every stretch of them can be found. Each word gives the token of its exact
form (``=ferries``) and those of its stems (``~ferri``); a language without stems has the exact
ones alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dragoman.analysis.folding import fold, lower
from dragoman.analysis.stems import has_stemmer, stems
from dragoman.languages import base

VERSION = "1"  # another one: every text is indexed again

EXACT = "="
STEM = "~"

_LONGEST = 64  # characters of a word: beyond it is no word
_MOST = 50_000  # words of a text

# Without spaces between words, or with so much joined to a word that pairs find it better:
# Thai, Lao, Tibetan, Burmese, Hangul, Khmer, kana, Han.
_SPACELESS = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff"
)


def _list_marks() -> str:
    """Give the combining marks as ranges of a character class: `re` does not know them."""
    codes = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARKS = _list_marks() + "\u00ad\u200c\u200d"
_SIGN = rf"[^\W_{_SPACELESS}]"  # a letter or digit of a script with spaces
_LETTER = rf"[^\W\d_{_SPACELESS}]"
_PATTERN = re.compile(
    # A run of a script without spaces; letters between points; a word or figure.
    rf"(?P<run>[{_SPACELESS}][{_SPACELESS}{_MARKS}\u200b]*)"
    rf"|{_LETTER}(?:\.{_LETTER})+(?!{_SIGN})"
    rf"|{_SIGN}+(?:(?:[{_MARKS}]+|['\u2019\u02bc\u05f3\u05f4](?={_LETTER})"
    rf"|(?<=\d)[.,\u066b\u066c](?=\d)){_SIGN}*)*"
)
_APOSTROPHE = re.compile(r"['\u2019\u02bc]")
_POSSESSIVE = re.compile(r"['\u2019\u02bc][sS]$")
_POINT = re.compile(r"[.,\u066b\u066c]")
_FIGURE = re.compile(r"\d[\d.,\u066b\u066c]*")
_GROUPED = re.compile(r"\d{1,3}([.,\u066c]\d{3})+")

# Here an apostrophe parts two words (l'heure); elsewhere it stands inside of one (O'Brien).
_ELIDING = frozenset({"fr", "it", "ca", "oc", "co", "pt", "gl", "wa", "rm"})


class Word(NamedTuple):
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
        raw, first = found[0], found.start()
        count += 1
        if found.lastgroup:
            for word in _split_run(raw, first):
                count += 1
                yield word
        elif raw.isalnum():
            exact, stemmed = _forms(raw[:_LONGEST], known)
            if exact:
                yield Word(first, first + len(raw), exact, stemmed)
        else:
            for start, end in _parts(raw, known):
                exact, stemmed = _forms(raw[start:end][:_LONGEST], known)
                if exact:
                    yield Word(first + start, first + end, exact, stemmed)


def find_words(text: str, language: str, tokens: Set[str]) -> list[Word]:
    """Give the words of a text that have one of these tokens: as `split_words`, much faster.

    What stands between two spaces is looked at once for all texts.
    """
    known = base(language)
    found: list[Word] = []
    for chunk in set(text.split()):
        own = _tokens_of(chunk, known) if len(chunk) <= _LONGEST else _list_tokens(chunk, known)
        if not tokens.isdisjoint(own):
            words = [word for word in split_words(chunk, known) if _has_one(word, tokens)]
            for at in _places_of(chunk, text):
                found += (w._replace(start=at + w.start, end=at + w.end) for w in words)
    return sorted(found, key=lambda word: word.start)


def _has_one(word: Word, tokens: Set[str]) -> bool:
    return word.exact in tokens or not tokens.isdisjoint(word.stems)


def _list_tokens(chunk: str, language: str) -> frozenset[str]:
    words = split_words(chunk, language)
    return frozenset(token for word in words for token in (word.exact, *word.stems))


_tokens_of = lru_cache(maxsize=100_000)(_list_tokens)


def _places_of(chunk: str, text: str) -> Iterator[int]:
    """Give the places where a chunk stands between spaces."""
    at = text.find(chunk)
    while at >= 0:
        end = at + len(chunk)
        if text[at - 1 : at].strip() == "" and text[end : end + 1].strip() == "":
            yield at
        else:
            end = at + 1
        at = text.find(chunk, end)


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
    cut = None
    if language in _ELIDING and _APOSTROPHE.search(word):
        cut = _APOSTROPHE
    elif _FIGURE.fullmatch(word) and not _GROUPED.fullmatch(word):
        cut = _POINT
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
