"""Spans put back after a sentence was translated whole.

The engines give no word alignment, so a span's place is found by evidence: words that
stand in both languages, the translation of the span's own words, the same sentence
translated with the span in brackets, and at last its position. No link is ever lost:
where the place is uncertain it covers more words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dragoman.types import Span, SpanKind

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[^\W_]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CERTAIN = 0.62  # of the evidence that a span could have
_OPENERS, _CLOSERS = "\"'“‘«‹([", "\"'”’»›)]"


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


def find_place(
    source: str, span: Span, target: str, hints: Sequence[str], taken: Sequence[Span] = ()
) -> Place:
    """Find where a span stands; ``hints`` are translations of its words, the best first."""
    theirs = tokenise(target)
    if not theirs:
        return Place(0, len(target), 0.0)
    if _is_whole(source, span):
        return Place(*_stretch(source, span, target, theirs[0].start, theirs[-1].end), 1.0)
    share = _share(source, span)
    best = Place(0, 0, 0.0)
    own = source[span.start : span.end]
    for rank, hint in enumerate((own, *hints)):
        window = _best_window(tokenise(hint), theirs, share, taken, is_own=rank == 0)
        if window.score > best.score + 0.02:
            best = window
    if best.score < _CERTAIN:
        best = _widen(best, theirs, share, taken)
    start, end = _stretch(source, span, target, best.start, best.end)
    return Place(start, end, best.score)


def is_certain(place: Place) -> bool:
    """Whether the evidence is good enough to take the place as it is."""
    return place.score >= _CERTAIN


def place_spans(
    source: str, spans: Sequence[Span], target: str, hints: Mapping[Span, Sequence[str]]
) -> tuple[Span, ...]:
    """Put all spans of a sentence into its translation, links first and apart from one another."""
    placed: list[tuple[Span, Span]] = []
    order = sorted(spans, key=lambda span: (span.kind is not SpanKind.LINK, span.start))
    for span in order:
        twin = next((t for s, t in placed if (s.start, s.end) == (span.start, span.end)), None)
        if span.start == span.end:
            at = _point(source, span.start, target)
            start, end = at, at
        elif twin:
            start, end = twin.start, twin.end
        else:
            taken = [t for s, t in placed if _are_apart(s, span) and _are_rivals(s, span)]
            place = find_place(source, span, target, hints.get(span, ()), taken)
            start, end = place.start, place.end
        placed.append((span, Span(span.kind, start, end, span.value)))
    found = sorted((span for _, span in placed), key=lambda span: (span.start, -span.end))
    return tuple(found)


def _are_apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _are_rivals(one: Span, other: Span) -> bool:
    return one.kind is other.kind


def _is_whole(source: str, span: Span) -> bool:
    rest = source[: span.start] + source[span.end :]
    return not any(char.isalnum() for char in rest)


def _share(source: str, span: Span) -> tuple[float, float]:
    """Give the span's start and end as shares of the source's words."""
    words = tokenise(source)
    before = sum(word.end <= span.start for word in words)
    until = sum(word.start < span.end for word in words)
    return before / max(1, len(words)), until / max(1, len(words))


def _likeness(one: str, other: str) -> float:
    """Say how alike two words are: equal, of one stem, or not."""
    if one == other:
        return 1.0
    short = min(len(one), len(other))
    if short < 4:
        return 0.0
    common = next((i for i in range(short) if one[i] != other[i]), short)
    return 0.8 if common >= 4 and common >= 0.6 * max(len(one), len(other)) else 0.0


def _weight(word: str) -> float:
    # Short words are articles and prepositions, which stand everywhere.
    return 1.0 if len(word) > 3 or word.isdigit() else 0.35


def _best_window(
    words: tuple[Token, ...],
    theirs: tuple[Token, ...],
    share: tuple[float, float],
    taken: Sequence[Span],
    *,
    is_own: bool,
) -> Place:
    """Find the stretch of the translation that holds most of these words and little else."""
    if not words:
        return Place(0, 0, 0.0)
    total = sum(_weight(word.text) for word in words)
    values = [_value(token, words, is_own=is_own) for token in theirs]
    centre = (share[0] + share[1]) / 2
    best = Place(0, 0, 0.0)
    for first, token in enumerate(theirs):
        if values[first] <= 0:
            continue
        gain = 0.0
        for last in range(first, min(len(theirs), first + len(words) + 4)):
            gain += values[last] if values[last] > 0 else -0.25
            if values[last] <= 0:
                continue
            if any(token.start < t.end and t.start < theirs[last].end for t in taken):
                break
            middle = (first + last + 1) / 2 / len(theirs)
            score = min(1.0, gain / total) - 0.35 * abs(middle - centre)
            if score > best.score:
                best = Place(token.start, theirs[last].end, score)
    return best


def _value(token: Token, words: tuple[Token, ...], *, is_own: bool) -> float:
    likeness = max(_likeness(token.text, word.text) for word in words)
    if is_own and len(token.text) < 3 and not token.text.isdigit():
        return 0.0  # "a", "de", "no" are words of several languages
    return likeness * _weight(token.text)


def _widen(
    best: Place, theirs: tuple[Token, ...], share: tuple[float, float], taken: Sequence[Span]
) -> Place:
    """Cover what the position says, what evidence there is, and a word on either side."""
    count = len(theirs)
    first = max(0, min(count - 1, round(share[0] * count) - 1))
    last = max(first, min(count - 1, round(share[1] * count)))
    if best.score > 0.25:
        inside = [i for i, t in enumerate(theirs) if best.start <= t.start < best.end]
        first, last = (min(first, *inside), max(last, *inside)) if len(inside) > 1 else (
            min(first, inside[0]), max(last, inside[0]))  # fmt: skip
    free = [
        i
        for i, t in enumerate(theirs)
        if not any(t.start < o.end and o.start < t.end for o in taken)
    ]
    run = _free_run(free, first, last) if free else (first, last)
    return Place(theirs[run[0]].start, theirs[run[1]].end, best.score)


def _free_run(free: list[int], first: int, last: int) -> tuple[int, int]:
    """Give the longest run of free words within the range, else the free word nearest to it."""
    inside = [i for i in free if first <= i <= last]
    if not inside:
        near = min(free, key=lambda i: min(abs(i - first), abs(i - last)))
        return near, near
    runs: list[tuple[int, int]] = []
    for i in inside:
        if runs and runs[-1][1] == i - 1:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return max(runs, key=lambda run: run[1] - run[0])


def _stretch(source: str, span: Span, target: str, start: int, end: int) -> tuple[int, int]:
    """Take quotation marks and brackets in where the span took them in."""
    if source[span.start : span.start + 1] in tuple(_OPENERS):
        while start > 0 and target[start - 1] in _OPENERS:
            start -= 1
    if source[span.end - 1 : span.end] in tuple(_CLOSERS):
        while end < len(target) and target[end] in _CLOSERS:
            end += 1
    return start, end


def _point(source: str, at: int, target: str) -> int:
    """Place a line break at the word boundary nearest to where it stood."""
    goal = len(target) * at / max(1, len(source))
    bounds = [0, len(target), *(m.end() for m in re.finditer(r"\s+", target))]
    return min(bounds, key=lambda bound: abs(bound - goal))
