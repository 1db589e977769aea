"""Word alignment by evidence: which word of a sentence stands for which of its translation.

Every pair of words gets a weight from what is known of them: equal, of one stem, one name in
two spellings, or listed as each other's translation. Then they compete, as in a marriage
market (Sinkhorn's balancing): a word that has taken another's place in the translation
leaves less of itself for the rest. Pairs that are sure then draw their neighbours near.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dragoman.translate.likeness import is_one_name

Matrix = NDArray[np.float64]

_ROUNDS = 6
_NULL = 0.06  # what speaks for a word having no counterpart
_SPREAD = 0.22  # of a sentence's length: how far words move as a rule
_NEAR = 2.5  # words: how far from where its neighbours point, more where they are far
_FLOOR = 0.3  # for words that moved further than any neighbour
_SURE = 0.6


def align_words(source: Sequence[str], target: Sequence[str], evidence: Matrix) -> Matrix:
    """Give how probably each word of the source stands for each of the target.

    ``evidence`` is what is known besides their letters, a weight from 0 to 1 for each pair.
    """
    weights = 1.0 - (1.0 - _weigh_letters(source, target)) * (1.0 - evidence)
    if not weights.size:
        return weights
    places = np.arange(len(target))
    expected = (np.arange(len(source)) + 0.5) / len(source) * len(target) - 0.5
    widest = np.full(len(source), max(3.0, _SPREAD * len(target)))
    found = _balance((weights * (_FLOOR + _nearness(places, expected, widest))) ** 3)
    for _ in range(2):
        guided, spread = _follow(found, expected, widest)
        found = _balance((weights * (_FLOOR + _nearness(places, guided, spread))) ** 3)
    return found


def expected_places(found: Matrix) -> Matrix:
    """Give where each word of the source should stand, by the sure pairs around it."""
    count, width = found.shape
    expected = (np.arange(count) + 0.5) / count * width - 0.5
    return _follow(found, expected, np.ones(count))[0]


def likeness(one: str, other: str) -> float:
    """Say how alike two words are by their letters: equal, of one stem, or not."""
    if one == other:
        return 1.0
    if one[:1].casefold() == other[:1].casefold():
        return _likeness(one, other)
    return 0.8 if one.istitle() and other.istitle() and is_one_name(one, other) else 0.0


@lru_cache(maxsize=8192)
def _likeness(one: str, other: str) -> float:
    small, little = _plain(one), _plain(other)
    if small == little or _digits(one) == _digits(other) != "":
        return 1.0
    short, long = sorted((len(small), len(little)))
    if one.istitle() and other.istitle() and is_one_name(one, other):
        return 0.8
    if short < 4:
        return 0.0
    common = next((i for i in range(short) if small[i] != little[i]), short)
    if common >= 4:
        return 0.8 if common >= 0.6 * long else 0.4
    return 0.0


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in letters if not unicodedata.combining(char))


def _digits(word: str) -> str:
    """Give a number without its separators; empty for what is none."""
    digits = "".join(char for char in word if char.isdigit())
    return digits if digits and not any(char.isalpha() for char in word) else ""


def _weigh_letters(source: Sequence[str], target: Sequence[str]) -> Matrix:
    # "a", "de", "no" are words of several languages; "US", "7" and a character of Chinese are not.
    trust = [0.1 if len(word) < 3 and word.islower() else 1.0 for word in target]
    # Most pairs have nothing in common, so these are passed over at once.
    firsts = [(at, word[:1].casefold(), word.istitle()) for at, word in enumerate(target)]
    rows = np.zeros((len(source), len(target)))
    for row, one in enumerate(source):
        first, is_title = one[:1].casefold(), one.istitle()
        for at, other, is_other_title in firsts:
            if first == other or (is_title and is_other_title):
                rows[row, at] = likeness(one, target[at]) * trust[at]
    return rows


def _nearness(places: NDArray[np.int64], expected: Matrix, spread: Matrix) -> Matrix:
    distance = (places[None, :] - expected[:, None]) / spread[:, None]
    nearness: Matrix = np.exp(-0.5 * distance**2)
    return nearness


def _balance(weights: Matrix) -> Matrix:
    """Let the words compete for one another; a word without a counterpart takes the null word."""
    market = np.full((weights.shape[0] + 1, weights.shape[1] + 1), _NULL)
    market[:-1, :-1] = weights
    for _ in range(_ROUNDS):
        market[:-1] /= market[:-1].sum(axis=1, keepdims=True)
        market[:, :-1] /= market[:, :-1].sum(axis=0, keepdims=True)
    found: Matrix = market[:-1, :-1]
    return found


def _follow(found: Matrix, expected: Matrix, widest: Matrix) -> tuple[Matrix, Matrix]:
    """Say where each word should stand, as its sure neighbours moved, and how far from there."""
    best = found.argmax(axis=1)
    anchors = np.flatnonzero(found.max(axis=1) >= _SURE)
    if not len(anchors):
        return expected, widest
    ahead = np.arange(len(expected))[:, None] - anchors[None, :]
    distance = np.abs(ahead).astype(np.float64)
    if len(anchors) > 1:
        distance[ahead == 0] = np.inf  # what a word is itself sure of it does not need
    closeness = 1.0 / (1.0 + distance) ** 2
    moved: Matrix = ((best[anchors][None, :] + ahead) * closeness).sum(axis=1)
    spread = np.minimum(widest, _NEAR * np.maximum(1.0, distance.min(axis=1) / 2.0))
    return moved / closeness.sum(axis=1), spread
