"""Cut what is too long for a model."""

from __future__ import annotations

import re

# One 10,000-character word costs 54 CPU-seconds; cost grows with the square of the length.
# About 100 tokens are 400 characters of an alphabet; fewer where a character is a token.
_UNIT_BYTES = 480
# What has to be cut is cut smaller: of a text without a stop, 80 words at once are translated
# at half the speed of 30 (201 and 337 words a second).
_PIECE_BYTES = 320
_BREAKS = (re.compile(r"(?<=[;:])\s"), re.compile(r"(?<=[,、،，])\s?"), re.compile(r"\s"))


def cut_units(sentence: str) -> list[str]:
    """Cut what is too long for the engine, at clauses, else at spaces, else anywhere."""
    return [sentence] if _size(sentence) <= _UNIT_BYTES else _halve(sentence)


def _halve(text: str) -> list[str]:
    if _size(text) <= _PIECE_BYTES:
        return [text]
    middle = len(text) // 2
    for mark in _BREAKS:
        places = [match.end() for match in mark.finditer(text)]
        near = min(places, key=lambda place: abs(place - middle), default=0)
        # A break near an end gains nothing: the longer half would still be too long.
        if len(text) // 8 < near < len(text) - len(text) // 8:
            return _halve(text[:near].strip()) + _halve(text[near:].strip())
    return _halve(text[:middle]) + _halve(text[middle:])


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
