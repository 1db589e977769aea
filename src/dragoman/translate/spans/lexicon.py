"""Which words translate which, from the lexical shortlist that a Firefox model ships with.

The engine reads it to skip words that cannot be in the answer: for each piece of the source
vocabulary, the fifty pieces of the target vocabulary that most often stood for it. That is
word alignment at no cost to the engine. The file gives no probabilities, so a piece counts
the more, the fewer others it stands for: ``de`` is in half of all lists, ``governo`` in few.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import ModelError
from dragoman.translate.vocabulary import read_pieces
from dragoman.types import Leg

_MAGIC = 0xF11A48D5013417F5
_HEADER = struct.Struct("<6Q")  # magic, checksum, two limits, offsets, pieces in all lists
_WORD_MARK = "\u2581"
_RARE = 6.0  # of log(all lists / lists with the piece): what a word of one meaning has
_SHORTEST_STEM = 4
_STEM_SHARE = 0.6
_OF_STEM = 0.8
_OF_PIECES = 0.7
_ENOUGH = 0.5
_MOST_KEPT = 20_000  # words


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word may become: words and pieces with their weights, and stems of them."""

    words: Mapping[str, float]
    stems: Mapping[str, float]
    pieces: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Goal:
    """A word of a translation, cut in the ways in which it may be found."""

    word: str
    stems: tuple[str, ...]  # longest first
    pieces: tuple[str, ...]  # none where the vocabulary has the word whole
    length: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A bilingual dictionary of pieces."""

    sources: Mapping[str, float]  # piece: log probability, in the order of the file
    targets: Mapping[str, float]
    places: Mapping[str, int]  # of the source pieces
    names: tuple[str, ...]  # of the target pieces, small
    weights: Sequence[float]
    ids: NDArray[Any]  # all lists, one after the other
    offsets: NDArray[Any]
    entries: dict[str, Entry] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)

    def weigh(self, words: Sequence[str], others: Sequence[str]) -> list[list[float]]:
        """Say how much speaks for each word being each other's translation, from 0 to 1."""
        goals = [self._make_goal(other) for other in others]
        return [
            [_weigh(entry, goal) for goal in goals] if entry.pieces else [0.0] * len(goals)
            for entry in map(self._entry, words)
        ]

    def _make_goal(self, word: str) -> Goal:
        goal = self.goals.get(word)
        if goal is None:
            if len(self.goals) > _MOST_KEPT:
                self.goals.clear()
            small = word.lower()
            parts = cut_word(small, self.targets)
            pieces = tuple(part for part in parts if len(part) > 1) if len(parts) > 1 else ()
            goal = self.goals[word] = Goal(small, _stems_of(small), pieces, len(small) + 1)
        return goal

    def _entry(self, word: str) -> Entry:
        entry = self.entries.get(word)
        if entry is None:
            if len(self.entries) > _MOST_KEPT:
                self.entries.clear()
            entry = self.entries[word] = self._make_entry(word)
        return entry

    def _list(self, piece: str) -> list[int]:
        at = self.places.get(piece)
        if at is None:
            return []
        found: list[int] = self.ids[self.offsets[at] : self.offsets[at + 1]].tolist()
        return found

    def _make_entry(self, word: str) -> Entry:
        forms = {word, word.lower()} if word.istitle() else {word}
        words: dict[str, float] = {}
        pieces: dict[str, float] = {}
        for form in forms:
            parts = cut_word(form, self.sources)
            length = sum(map(len, parts))
            for part in parts:
                # A piece of a word says little of what the word means.
                share = 1.0 if len(parts) == 1 else 0.8 * len(part) / length
                for at in self._list(part):
                    small, weight = self.names[at], self.weights[at]
                    pieces[small] = max(pieces.get(small, 0.0), weight * share)
                    if small.startswith(_WORD_MARK):
                        words[small[1:]] = max(words.get(small[1:], 0.0), weight * share)
        return Entry(words, _stems(words), pieces)


@runtime_checkable
class Lexical(Protocol):
    """An engine whose models say which words translate which."""

    def lexicon(self, leg: Leg) -> Lexicon | None:
        """Give the dictionary of a leg's model; None where it has none."""


@lru_cache(maxsize=8)
def read_lexicon(path: Path, sources: Path, targets: Path, *, version: str = "") -> Lexicon:
    """Read a shortlist and the vocabularies of both sides.

    ``version`` tells it from one that lay at the same place before.

    Raises `ModelError` where the file is no shortlist of these vocabularies.
    """
    one = read_pieces(sources.read_bytes())
    other = one if sources == targets else read_pieces(targets.read_bytes())
    ids, offsets = _read_lists(path.read_bytes(), path)
    # The file is made for a vocabulary that may be one entry longer than SentencePiece's.
    if len(offsets) <= len(one) or ids.max(initial=0) >= len(other):
        raise ModelError(f"{path} is the shortlist of another vocabulary; add the model again")
    counts = np.bincount(ids, minlength=len(other))
    weights = np.clip(np.log(len(one) / np.maximum(counts, 1)) / _RARE, 0.0, 1.0)
    places = {piece: at for at, piece in enumerate(one)}
    names = tuple(piece.lower() for piece in other)
    return Lexicon(one, other, places, names, weights.tolist(), ids, offsets)


def cut_word(word: str, pieces: Mapping[str, float]) -> tuple[str, ...]:
    """Cut a word into the pieces of a vocabulary as SentencePiece does, the likeliest way."""
    text = _WORD_MARK + word
    if text in pieces:
        return (text,)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        choice = (-math.inf, end - 1)
        for start in range(max(0, end - 16), end):
            score = pieces.get(text[start:end])
            if score is None and end - start == 1:
                score = -20.0  # unknown
            if score is not None and best[start][0] + score > choice[0]:
                choice = (best[start][0] + score, start)
        best.append(choice)
    parts: list[str] = []
    end = len(text)
    while end:
        start = best[end][1]
        parts.append(text[start:end])
        end = start
    return tuple(reversed(parts))


def _read_lists(data: bytes, path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give all lists in one, and where each begins."""
    try:
        magic, _, _, _, count, length = _HEADER.unpack_from(data)
        start = _HEADER.size + 8 * count
        if magic != _MAGIC or len(data) != start + 4 * length:
            raise ValueError("its header does not fit it")
        offsets = np.frombuffer(data, "<u8", count, _HEADER.size).astype(np.int64)
        ids = np.frombuffer(data, "<u4", length, start)
    except (struct.error, ValueError) as error:
        raise ModelError(f"{path} is no shortlist: {error}") from error
    if count < 2 or (np.diff(offsets) < 0).any() or offsets[-1] != length:
        raise ModelError(f"{path} is no shortlist: its lists do not follow one another")
    return ids, offsets


def _weigh(entry: Entry, goal: Goal) -> float:
    best = entry.words.get(goal.word, 0.0)
    if best >= _OF_STEM:
        return best
    for stem in goal.stems:
        weight = entry.stems.get(stem)
        if weight:
            best = max(best, _OF_STEM * weight)
            break
    if best < _ENOUGH and goal.pieces:
        found = sum(len(piece) * entry.pieces.get(piece, 0.0) for piece in goal.pieces)
        best = max(best, _OF_PIECES * found / goal.length)
    return best


def _stems_of(word: str) -> tuple[str, ...]:
    least = max(_SHORTEST_STEM, math.ceil(_STEM_SHARE * len(word)))
    return tuple(word[:end] for end in range(len(word), least - 1, -1))


def _stems(words: Mapping[str, float]) -> dict[str, float]:
    stems: dict[str, float] = {}
    for word, weight in words.items():
        for stem in _stems_of(word):
            stems[stem] = max(stems.get(stem, 0.0), weight)
    return stems
