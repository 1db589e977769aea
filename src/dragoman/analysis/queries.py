"""Read what a reader typed: words, "exact phrases", -without.

Nothing that is typed is wrong: what has no meaning is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dragoman.analysis.words import Word, split_words
from dragoman.sanitize import clean_text

LONGEST = 300  # characters of a query
MOST_TERMS = 16
MOST_WORDS = 32  # of one term

_QUOTED = re.compile(
    r"""(?<!\S)(?P<minus>[-\u2212\u2013\u2014])?
    (?: "(?P<plain>[^"]*)" | [\u201c\u201d\u201e](?P<curly>[^\u201c\u201d\u201e]*)[\u201c\u201d]
      | \u00ab(?P<angle>[^\u00ab\u00bb]*)\u00bb | \u300c(?P<corner>[^\u300c\u300d]*)\u300d )
    | (?P<less>[-\u2212\u2013\u2014](?=[^\s-]))?(?P<word>\S+)""",
    re.VERBOSE,
)
_QUOTES = ("plain", "curly", "angle", "corner")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was asked for: a word, or a phrase in quotation marks."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False

    def __str__(self) -> str:
        words = f'"{self.text}"' if self.is_phrase else self.text
        return f"-{words}" if self.is_excluded else words


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is understood."""

    terms: tuple[Term, ...] = ()
    is_cut: bool = False  # what was typed was longer

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing that could be found."""
        return not any(not term.is_excluded for term in self.terms)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand one behind the other; with ``is_open`` the last one may go on."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a text in one language must hold: one of each group, and none of the excluded."""

    required: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()


def parse_query(text: str) -> Query:
    """Read a query of any length; beyond the longest it is cut after a word."""
    clean = clean_text(text[: 20 * LONGEST])
    is_cut = len(clean) > LONGEST or len(text) > 20 * LONGEST
    if len(clean) > LONGEST:
        clean = clean[:LONGEST]
        clean = clean[: clean.rfind(" ")] if " " in clean else clean
    terms: list[Term] = []
    for found in _QUOTED.finditer(clean):
        quoted = next((found[name] for name in _QUOTES if found[name] is not None), None)
        is_excluded = bool(found["minus"] or found["less"])
        term = Term(
            " ".join((quoted if quoted is not None else found["word"]).split()),
            is_phrase=quoted is not None,
            is_excluded=is_excluded,
        )
        if term not in terms and any(True for _ in split_words(term.text, "")):
            terms.append(term)
    return Query(tuple(terms[:MOST_TERMS]), is_cut or len(terms) > MOST_TERMS)


@lru_cache(maxsize=512)  # a page of hits asks for the same few
def plan_query(query: Query, language: str) -> Plan:
    """Say what a text of this language must hold; nothing required: it has no words for it."""
    required: list[tuple[Phrase, ...]] = []
    excluded: list[Phrase] = []
    for term in query.terms:
        words = list(split_words(term.text, language))[:MOST_WORDS]
        if term.is_excluded:
            excluded += _exclude(words, term)
        elif term.is_phrase and words:
            required.append((_phrase(words),))
        else:
            required += _require(words)
    return Plan(tuple(dict.fromkeys(required)), tuple(dict.fromkeys(excluded)))


def _exclude(words: list[Word], term: Term) -> list[Phrase]:
    """Without a word in any of its forms; what is more than one word goes as it is written."""
    if len(words) == 1 and not term.is_phrase:
        return list(_require(words)[0])
    return [_phrase(words)] if words else []


def _require(words: list[Word]) -> list[tuple[Phrase, ...]]:
    groups: list[tuple[Phrase, ...]] = []
    runs: dict[int, list[Word]] = {}
    for word in words:
        if word.run >= 0:
            runs.setdefault(word.run, []).append(word)
        else:
            groups.append(tuple(Phrase((one,)) for one in word.stems or (word.exact,)))
    return groups + [(_phrase(run),) for run in runs.values()]


def _phrase(words: list[Word]) -> Phrase:
    """Give exact tokens in order. In a text, a run of a script without spaces may go on."""
    last = words[-1]
    if last.is_tail and len(words) > 1 and words[-2].run == last.run:
        words = words[:-1]
    return Phrase(tuple(word.exact for word in words), is_open=words[-1].is_tail)
