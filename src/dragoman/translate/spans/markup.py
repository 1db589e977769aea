"""Spans put back after a sentence was translated whole.

Where a span stands is found by word alignment: the engine's own dictionary where it has one
(`lexicon`), what the words of both languages share, and translations of the span's words
(``hints``). No link is ever lost: where the place is uncertain it covers more words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.translate.spans.align import Matrix, align_words, expected_places, likeness
from dragoman.translate.spans.lexicon import Lexicon
from dragoman.types import Span, SpanKind

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[^\W_]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CERTAIN = 0.55  # of the evidence that a span could have
_GAP = 0.12  # what a word between, which stands for nothing, costs
_OF_HINT = 0.6
_ALIKE = 0.8
_MOST_WORDS = 300  # in a sentence; a hostile one has a hundred thousand
_OPENERS, _CLOSERS = "\"'“‘«‹([", "\"'”’»›)]"
_STOPS = ".,!?…"
_NO_HINTS: Mapping[Span, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span may stand in the translation, and how sure that is (0 to 1)."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """A sentence and its translation, word for word."""

    source: str
    target: str
    ours: tuple[Token, ...]
    theirs: tuple[Token, ...]
    found: Matrix  # how probably each of our words stands for each of theirs


def tokenise(text: str) -> tuple[Token, ...]:
    """Give the words of a text; where no spaces part them, the characters."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        if _CJK.search(match.group()):
            places = range(match.start(), match.end())
            tokens += [Token(text[at], at, at + 1) for at in places]
        else:
            tokens.append(Token(match.group().casefold(), match.start(), match.end()))
    return tuple(tokens)


def align_sentence(
    source: str,
    target: str,
    lexicon: Lexicon | None = None,
    hints: Mapping[Span, Sequence[str]] = _NO_HINTS,
) -> Alignment:
    """Align the words of a sentence and its translation; ``hints`` translate words of spans."""
    ours, theirs = _few(tokenise(source)), _few(tokenise(target))
    one = [source[token.start : token.end] for token in ours]
    other = [target[token.start : token.end] for token in theirs]
    shape = (len(ours), len(theirs))
    evidence = np.array(lexicon.weigh(one, other) if lexicon else np.zeros(shape)).reshape(shape)
    for span, answers in hints.items():
        rows = _inside(ours, span)
        for words in answers if rows else ():
            said = [token.text for token in _few(tokenise(words))]
            evidence[rows] = np.maximum(evidence[rows], _compare(said, theirs, len(rows)))
    return Alignment(source, target, ours, theirs, align_words(one, other, evidence))


def find_place(
    aligned: Alignment,
    span: Span,
    taken: Sequence[Span] = (),
    within: Span | None = None,
) -> Place:
    """Find where a span stands: not on what is ``taken``, and ``within`` what holds it."""
    theirs, source = aligned.theirs, aligned.source
    if not theirs:
        return Place(0, len(aligned.target), 0.0)
    if _is_whole(source, span):
        return _at(aligned, span, 0, len(theirs) - 1, 1.0)
    free = np.array([_is_free(token, taken, within) for token in theirs])
    if not free.any():
        free[:] = True
    rows = _inside(aligned.ours, span)
    if not rows:
        return _nearest(aligned, span, free)
    inside = aligned.found[rows].sum(axis=0)
    outside = aligned.found.sum(axis=0) - inside
    gains = inside - outside - _GAP * (1.0 - np.minimum(1.0, inside + outside))
    first, last = _best_run(gains, free)
    score = _score(aligned, rows, first, last, inside)
    if score < _CERTAIN:
        first, last = _widen(aligned, rows, first, last, free & (outside < 0.5))
    return _at(aligned, span, first, last, score)


def is_certain(place: Place) -> bool:
    """Whether the evidence is good enough to take the place as it is."""
    return place.score >= _CERTAIN


def place_spans(aligned: Alignment, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Put all spans of a sentence into its translation, the surest first; links never share."""
    scores = {s: find_place(aligned, s).score for s in dict.fromkeys(spans) if s.start < s.end}

    def rank(span: Span) -> tuple[int, bool, float]:
        depth = sum(_holds(other, span) for other in scores)
        return depth, span.kind is not SpanKind.LINK, -scores.get(span, 0.0)

    placed: list[tuple[Span, Span]] = []
    for span in sorted(spans, key=rank):
        twin = next((t for s, t in placed if (s.start, s.end) == (span.start, span.end)), None)
        if span.start == span.end:
            at = _point(aligned, span.start)
            start, end = at, at
        elif twin:
            start, end = twin.start, twin.end
        else:
            taken = [t for s, t in placed if s.kind is span.kind and _are_apart(s, span)]
            holders = [t for s, t in placed if _holds(s, span)]
            within = min(holders, key=lambda t: t.end - t.start, default=None)
            place = find_place(aligned, span, taken, within)
            start, end = place.start, place.end
        placed.append((span, Span(span.kind, start, end, span.value)))
    found = sorted((span for _, span in placed), key=lambda span: (span.start, -span.end))
    return tuple(found)


def _compare(said: Sequence[str], theirs: Sequence[Token], count: int) -> Matrix:
    """Give what an answer speaks for: its words where they stand in order, else anywhere."""
    rows: Matrix = np.zeros((count, len(theirs)))
    if not said:
        return rows
    alike = np.array([[likeness(word, token.text) for token in theirs] for word in said])
    alike = np.where(alike >= _ALIKE, alike, 0.0)
    steps = max(count, len(said))
    for at in range(len(theirs) - len(said) + 1):
        if np.diagonal(alike, at)[: len(said)].all():
            for step in range(steps):
                rows[step * count // steps, at + step * len(said) // steps] = 1.0
    if rows.any():
        return rows
    trust = _OF_HINT * np.array([_weight(token.text) for token in theirs])
    return np.tile(trust * alike.max(axis=0), (count, 1))


def _few(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Join words where a text has too many to compare each with each."""
    size = -(-len(tokens) // _MOST_WORDS)
    if size < 2:
        return tokens
    runs = [tokens[at : at + size] for at in range(0, len(tokens), size)]
    return tuple(Token(" ".join(t.text for t in run), run[0].start, run[-1].end) for run in runs)


def _inside(tokens: Sequence[Token], span: Span) -> list[int]:
    return [at for at, t in enumerate(tokens) if t.start < span.end and span.start < t.end]


def _are_apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _holds(one: Span, other: Span) -> bool:
    is_longer = one.end - one.start > other.end - other.start
    return is_longer and one.start <= other.start and other.end <= one.end


def _is_free(token: Token, taken: Sequence[Span], within: Span | None) -> bool:
    if within and not (within.start <= token.start and token.end <= within.end):
        return False
    return not any(token.start < t.end and t.start < token.end for t in taken)


def _is_whole(source: str, span: Span) -> bool:
    rest = source[: span.start] + source[span.end :]
    return not any(char.isalnum() for char in rest)


def _weight(word: str) -> float:
    # Short words are articles and prepositions, which stand everywhere.
    return 1.0 if len(word) > 3 or word.isdigit() else 0.35


def _best_run(gains: Matrix, free: NDArray[np.bool_]) -> tuple[int, int]:
    """Find the run of free words with the greatest sum."""
    best, where = -np.inf, (0, 0)
    total, start = 0.0, 0
    for at, gain in enumerate(gains):
        if not free[at]:
            total, start = 0.0, at + 1
            continue
        if total <= 0.0:
            total, start = 0.0, at
        total += float(gain)
        if total > best:
            best, where = total, (start, at)
    return where


def _score(aligned: Alignment, rows: list[int], first: int, last: int, inside: Matrix) -> float:
    """Say how sure a place is: how many of the span's words it has, and how little else."""
    mass = np.minimum(1.0, 2.0 * aligned.found[rows, first : last + 1].sum(axis=1))
    ours = np.array([_weight(aligned.ours[row].text) for row in rows])
    theirs = np.array([_weight(token.text) for token in aligned.theirs[first : last + 1]])
    purity = (theirs * np.minimum(1.0, inside[first : last + 1])).sum() / theirs.sum()
    return float((mass * ours).sum() / ours.sum() * min(1.0, 1.4 * purity))


def _widen(
    aligned: Alignment, rows: list[int], first: int, last: int, free: NDArray[np.bool_]
) -> tuple[int, int]:
    """Cover too what stands where the neighbours of the span point, and is nobody's for sure."""
    expected = expected_places(aligned.found)[rows]
    count = len(aligned.theirs)
    low = int(np.clip(np.floor(expected.min()), 0, count - 1))
    high = int(np.clip(np.ceil(expected.max()), 0, count - 1))
    is_empty = aligned.found[rows, first : last + 1].sum() < _GAP
    if is_empty and free.any():
        first = last = min(np.flatnonzero(free).tolist(), key=lambda at: abs(at - (low + high) / 2))
    while first > low and free[first - 1]:
        first -= 1
    while last < high and free[last + 1]:
        last += 1
    return first, last


def _nearest(aligned: Alignment, span: Span, free: NDArray[np.bool_]) -> Place:
    """Place a span that holds no word, such as a mark, at the word that its share points to."""
    goal = span.start / max(1, len(aligned.source)) * len(aligned.theirs)
    at = min(np.flatnonzero(free).tolist(), key=lambda at: abs(at - goal))
    return Place(aligned.theirs[at].start, aligned.theirs[at].end, 0.0)


def _at(aligned: Alignment, span: Span, first: int, last: int, score: float) -> Place:
    start, end = aligned.theirs[first].start, aligned.theirs[last].end
    return Place(*_stretch(aligned.source, span, aligned.target, start, end), score)


def _stretch(source: str, span: Span, target: str, start: int, end: int) -> tuple[int, int]:
    """Take quotation marks and brackets in where the span took them in."""
    if source[span.start : span.start + 1] in tuple(_OPENERS):
        while start > 0 and target[start - 1] in _OPENERS:
            start -= 1
    if source[span.end - 1 : span.end] in tuple(_CLOSERS):
        stop = end
        while stop < len(target) and target[stop] in _STOPS:
            stop += 1
        if stop < len(target) and target[stop] in _CLOSERS:
            end = stop
        while end < len(target) and target[end] in _CLOSERS:
            end += 1
    return start, end


def _point(aligned: Alignment, at: int) -> int:
    """Place a line break where the fewest words are parted from what they stand for."""
    target = aligned.target
    before = sum(token.end <= at for token in aligned.ours)
    goal = len(target) * at / max(1, len(aligned.source))
    bounds = [0, len(target), *(m.end() for m in re.finditer(r"\s+", target))]

    def cost(bound: int) -> tuple[float, float]:
        until = sum(token.end <= bound for token in aligned.theirs)
        wrong = aligned.found[:before, until:].sum() + aligned.found[before:, :until].sum()
        return round(float(wrong), 3), abs(bound - goal)

    return min(bounds, key=cost)
