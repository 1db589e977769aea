"""Find the terms of a glossary in a sentence: whole words, longest first, also inflected.

Inflected forms are found by the language's plural endings where it has no cases, else by
Snowball's stems, and then only where the words differ in a short ending: stems alone take
``commune`` for ``community``. Forms are only recognised here; none is ever written.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import Stemmer

from dragoman import languages
from dragoman.analysis.stems import ALGORITHMS
from dragoman.translate.words import word_set
from dragoman.types import Term

LONGEST = 200  # characters of a term or its translation; more is a sentence, not a term

# Singular and plural endings of languages whose nouns have no cases.
_PLURALS = {
    "en": ("-s", "-es", "y-ies"),
    "pt": ("-s", "-es", "ão-ões", "ão-ães", "al-ais", "el-éis", "el-eis", "ol-óis", "ul-uis",
           "il-is", "il-eis", "m-ns", "ês-eses"),
    "es": ("-s", "-es", "ión-iones", "z-ces", "ón-ones", "án-anes", "és-eses", "ín-ines"),
    "fr": ("-s", "-x", "al-aux", "ail-aux"),
    "it": ("o-i", "a-e", "e-i", "co-chi", "go-ghi", "ca-che", "ga-ghe"),
    "ca": ("-s", "a-es", "-ns"),
    "gl": ("-s", "-es", "l-is", "z-ces"),
}  # fmt: skip
# How much longer than what two forms share one of them may be: case endings are short,
# but pile up in agglutinative languages; Arabic puts its article before the word.
_ENDING, _PILED = 3, 5
_PILING = word_set("fi hu tr et eu az kk")
_PREFIXING = word_set("ar fa")
# What is written in other ways without being another word; one character for one.
_ALIKE = str.maketrans("’‘ʼ‐‑\u00a0\u202f", "'''--  ")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Japanese, Chinese
)


@dataclass(frozen=True, slots=True)
class Found:
    """A term that stands in a text, and where."""

    term: Term
    start: int
    end: int
    is_inflected: bool = False
    is_plural: bool = False  # surely: by the endings of a language that has no cases


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Entry:
    term: Term
    words: tuple[_Word, ...]
    gaps: tuple[str, ...]  # what stands before, between and after the words
    language: str
    is_by_stem: bool


class Terms:
    """The terms of one language pair, ready to be looked for: an index by their first word.

    With ``is_strict`` a phrase of a language without cases is found in its plural, but not in
    the other gender.
    """

    def __init__(self, terms: Iterable[Term], *, is_strict: bool = False) -> None:
        self._by_word: dict[str, list[_Entry]] = {}
        self._by_stem: dict[str, list[_Entry]] = {}
        self._language = ""
        for term in terms:
            text = term.term.translate(_ALIKE)
            words = tuple(_words(text))
            if not words:
                continue
            language = languages.base(term.language)
            self._language = language
            is_by_stem = _goes_by_stem(language, 1 if is_strict else len(words))
            entry = _Entry(term, words, _gaps(text, words), language, is_by_stem)
            self._by_word.setdefault(words[0].folded, []).append(entry)
            if is_by_stem:
                self._by_stem.setdefault(_stem(words[0].folded, language), []).append(entry)

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def find(self, text: str) -> tuple[Found, ...]:
        """Give the terms of a text in their order; where two overlap, the longer one."""
        if not self._by_word:
            return ()
        text = text.translate(_ALIKE)
        words = tuple(_words(text))
        found: list[tuple[int, bool, int, Found]] = []
        for at, word in enumerate(words):
            for entry in self._candidates(word):
                match = _match(entry, text, words, at)
                if match:
                    length = len(entry.words)
                    found.append((-length, match.is_inflected, match.start, match))
        chosen: list[Found] = []
        for *_, match in sorted(found, key=lambda one: one[:3]):
            if all(match.end <= one.start or one.end <= match.start for one in chosen):
                chosen.append(match)
        return tuple(sorted(chosen, key=lambda one: one.start))

    def _candidates(self, word: _Word) -> Iterator[_Entry]:
        folded = word.folded
        for form in (folded, *_singulars(folded, self._language)):
            yield from self._by_word.get(form, ())
        if self._by_stem:
            yield from self._by_stem.get(_stem(folded, self._language), ())


def _match(entry: _Entry, text: str, words: tuple[_Word, ...], at: int) -> Found | None:
    theirs = words[at : at + len(entry.words)]
    if len(theirs) < len(entry.words):
        return None
    kinds = set()
    for own, other in zip(entry.words, theirs, strict=True):
        if own.folded[0] != other.folded[0] and entry.language not in _PREFIXING:
            return None  # most candidates fail here
        if own.text == other.text or (not entry.term.is_cased and own.folded == other.folded):
            continue
        kind = _form(own, other, entry)
        if not kind:
            return None
        kinds.add(kind)
    head, *between, tail = entry.gaps
    start, end = theirs[0].start - len(head), theirs[-1].end + len(tail)
    if start < 0 or text[start : theirs[0].start] != head or text[theirs[-1].end : end] != tail:
        return None
    for gap, (one, other) in zip(between, pairwise(theirs), strict=True):
        if " ".join(text[one.end : other.start].split()) != gap.strip():
            return None
    return Found(entry.term, start, end, bool(kinds), kinds == {"plural"})


def _form(own: _Word, other: _Word, entry: _Entry) -> str:
    """Say what form of the first word, the term's, the second is; empty where it is none."""
    one, two = (own.text, other.text) if entry.term.is_cased else (own.folded, other.folded)
    if one in _singulars(two, entry.language):
        return "plural"
    if not entry.is_by_stem:
        return ""
    shared = next((i for i, pair in enumerate(zip(one, two, strict=False)) if len(set(pair)) > 1),
                  min(len(one), len(two)))  # fmt: skip
    rest = max(len(one), len(two)) - shared
    limit = _PILED if entry.language in _PILING else _ENDING
    if entry.language not in _PREFIXING and (shared < 3 or rest > limit):
        return ""
    is_same = _stem(own.folded, entry.language) == _stem(other.folded, entry.language)
    return "stem" if is_same else ""


def _goes_by_stem(language: str, words: int) -> bool:
    """Whether forms are found by stem: with cases always, else gender in phrases alone."""
    if language not in ALGORITHMS:
        return False
    return language not in _PLURALS or (words > 1 and language != "en")


def has_plurals(language: str) -> bool:
    """Whether a plural of this language is told from a singular for certain."""
    return languages.base(language) in _PLURALS


@lru_cache(maxsize=4096)
def _singulars(word: str, language: str) -> tuple[str, ...]:
    """Give what a word may be the plural of."""
    found = []
    for pair in _PLURALS.get(language, ()):
        singular, _, plural = pair.partition("-")
        stem = word.removesuffix(plural)
        if len(stem) >= 2 and word.endswith(plural):
            found.append(stem + singular)
    return tuple(found)


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(ALGORITHMS[language])


@lru_cache(maxsize=8192)
def _stem(word: str, language: str) -> str:
    if language not in ALGORITHMS:
        return word
    return str(_stemmer(language).stemWord(word))


def _words(text: str) -> Iterator[_Word]:
    for match in _pattern().finditer(text):
        word = match.group()
        yield _Word(word, word.casefold(), *match.span())


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A word with its marks, or one character where no spaces part words."""
    marks = "".join(
        chr(code)
        for code in range(0x300, min(sys.maxunicode, 0x20000))
        if unicodedata.category(chr(code)) in ("Mn", "Mc")
    )
    return re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{marks}])*")


def _gaps(text: str, words: tuple[_Word, ...]) -> tuple[str, ...]:
    bounds = [0, *(place for word in words for place in (word.start, word.end)), len(text)]
    return tuple(text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True))
