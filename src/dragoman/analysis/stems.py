"""Stems: what the forms of one word have in common."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from dragoman.analysis.folding import fold, lower

ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# What Arabic writes together with the word that follows: "and", "so"; "in", "for", "like"; "the".
_LINKED = ("و", "ف")
_PREPOSED = ("ب", "ل", "ك")
_ARTICLES = ("ال", "لل")
_SHORTEST = 3  # letters that are left of a word

_local = threading.local()  # a stemmer serves one thread


def has_stemmer(language: str) -> bool:
    """Whether there are rules for this language (without its region)."""
    return language in ALGORITHMS


def _stemmer(language: str) -> Any:
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import Stemmer

        try:
            stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language], maxCacheSize=0)
        except KeyError:  # an older Snowball
            stemmers[language] = None
    return stemmers[language]


def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


@lru_cache(maxsize=100_000)
def stems(word: str, language: str) -> tuple[str, ...]:
    """Give the folded stems of a word; two words are forms of one if they share a stem.

    A word has more than one where its accents may be missing, or where its first letter may
    be a word of its own, as in Arabic.
    """
    small = lower(word)
    if language == "ar":
        return tuple(dict.fromkeys(map(_arabic, _without_prefixes(small))))
    if language == "pt" and small.endswith(("ões", "oes")):  # the rules leave eleição, eleições
        small = f"{small[:-3]}{'ão' if small.endswith('ões') else 'ao'}"
    first = _stem(small, language)
    found = [fold(first), fold(_stem(fold(small), language))]
    if language == "ru":  # the rules take остров for a case of остр, but not островами
        found.append(fold(_stem(first, language)))
    return tuple(dict.fromkeys(filter(None, found)))


def _arabic(word: str) -> str:
    stem = fold(_stem(word, "ar"))
    return stem[:-1] if len(stem) > _SHORTEST and stem.endswith("ا") else stem


def _without_prefixes(word: str) -> list[str]:
    """Give an Arabic word, and what it is if its first letters are words of their own."""
    found = [word]
    for prefixes in (_LINKED, _PREPOSED, _ARTICLES):
        for known in list(found):
            for prefix in prefixes:
                rest = known.removeprefix(prefix)
                if rest != known and len(rest) >= _SHORTEST:
                    found.append(rest)
    return found
