"""How long a translation usually is, learnt per pair of languages.

Of languages whose news translations were measured (952 sentences each, by professionals) the
ratio is known within a few hundredths. Of all others it is taken to be a usual one, with
wider bounds, and corrected by what is at hand: the segments of the article itself, whose
median says how this pair and this engine are. The median cannot be moved by the few that
went wrong; and how far it may move what is known is limited, so that an engine that breaks
off all its sentences does not teach that this is right. What an article teaches is forgotten
with it: the gate's judgement of an article shall not depend on which ones came before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from dragoman import languages
from dragoman.translate.words import word_set

# Characters that a language needs for what English says in one.
_MEASURED = {"en": 1.0, "pt": 1.09, "es": 1.16, "fr": 1.18, "de": 1.18, "ru": 1.11, "ar": 0.93}
# Known less well: from parallel texts of other kinds.
_ESTIMATED = {"it": 1.15, "nl": 1.1, "uk": 1.07, "he": 0.8, "pl": 1.09, "el": 1.2}
_USUAL = 1.08
_NEAR = word_set("en pt es gl ca it fr de nl sv da nb")
_SHORTEST = 40  # characters; shorter sentences say little of a ratio
# How many sentences what is known counts for, and how far they may move it.
_WEIGHT_MEASURED, _WEIGHT_USUAL = 60, 6
_FARTHEST_MEASURED, _FARTHEST_USUAL = 0.12, 0.6


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many characters a pair's translations have per character of the original.

    ``spread`` widens the bounds of the languages that are known best.
    """

    ratio: float
    spread: float = 1.0

    def change(self, ours: float, theirs: float) -> float:
        """Give how far a translation's length is from the usual one, as a logarithm."""
        return math.log(theirs / ours / self.ratio)

    def bound(self, ours: float) -> float:
        """Give how far professional translations of this length stray, 99 of 100 of them."""
        return self.spread * math.sqrt(0.055 + 21 / ours)


def learn_lengths(language: str, into: str, segments: Iterable[tuple[str, str]] = ()) -> Lengths:
    """Learn the usual ratio from what is known of a pair and from originals with translations."""
    bases = languages.base(language), languages.base(into)
    known = _MEASURED | _ESTIMATED
    prior = math.log(known.get(bases[1], _USUAL) / known.get(bases[0], _USUAL))
    is_measured = set(bases) <= _MEASURED.keys()
    weight = _WEIGHT_MEASURED if is_measured else _WEIGHT_USUAL
    farthest = _FARTHEST_MEASURED if is_measured else _FARTHEST_USUAL
    seen = [
        math.log(size_of(target) / size_of(source))
        for source, target in segments
        if len(source) >= _SHORTEST and target.strip()
    ]
    shift = median(seen) - prior if seen else 0.0
    shift = max(-farthest, min(farthest, shift)) * len(seen) / (weight + len(seen))
    spread = 1.0 if set(bases) <= _NEAR else 1.2 if is_measured else 1.35
    return Lengths(math.exp(prior + shift), spread)


def size_of(text: str) -> float:
    """Count characters; one of Chinese or Japanese says about as much as 2.5 letters."""
    if text.isascii():
        return len(text.strip())
    wide = sum("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in text)
    return len(text.strip()) + 1.5 * wide
