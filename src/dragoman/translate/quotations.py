"""Quotation marks that the engine lost, put back around the words that they stood around.

Losing them turns an attributed claim into the paper's own voice. The quoted stretch is
placed like a span: the mark goes where its words are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman.translate.gate.quotes import count_quotes
from dragoman.types import Span, SpanKind

_MARKS = '"“”„«»'
_QUOTED = re.compile('["“„«]\\s?([^"“”„«»]*[^"“”„«»\\s])\\s?["”“»]')


def find_quoted(text: str) -> tuple[Span, ...]:
    """Give the quoted stretches of a text, with their marks; one that is open runs to the edge."""
    spans = [Span(SpanKind.QUOTE, *match.span()) for match in _QUOTED.finditer(text)]
    if spans or not (marks := [at for at, char in enumerate(text) if char in _MARKS]):
        return tuple(spans)
    # A single mark belongs to a quotation of several sentences, at one of this one's edges.
    edge = text.strip(" .,;:!?…)(")
    if text[marks[0]] == edge[:1]:
        return (Span(SpanKind.QUOTE, marks[0], len(text)),)
    return (Span(SpanKind.QUOTE, 0, marks[0] + 1),) if text[marks[0]] == edge[-1:] else ()


def has_lost_quotes(source: str, target: str) -> bool:
    """Whether double quotation marks are missing in a translation."""
    theirs, ours = count_quotes(target), count_quotes(source)
    return theirs < ours and any(char in _MARKS for char in source) and bool(target)


def put_quotes(source: str, target: str, spans: Sequence[Span]) -> str:
    """Set quotation marks around the places that were found; what stood there goes first.

    The source is given for its marks: an open quotation stays open.
    """
    kept: list[str] = []
    moved = [0] * (len(target) + 1)
    for at, char in enumerate(target):
        moved[at] = len(kept)
        if char not in _MARKS:
            kept.append(char)
    moved[len(target)] = len(kept)
    text = "".join(kept)
    marks: list[tuple[int, str]] = []
    quoted = find_quoted(source)
    for original, span in zip(quoted, spans, strict=True):
        start, end = moved[span.start], moved[span.end]
        if source[original.start] in _MARKS:
            marks.append((start, "open"))
        if source[original.end - 1] in _MARKS:
            marks.append((_past_stop(text, end, source, original), "close"))
    for at, _ in sorted(marks, reverse=True):
        text = f'{text[:at]}"{text[at:]}'
    return text


def _past_stop(text: str, end: int, source: str, original: Span) -> int:
    """Take the full stop in where the original's quotation took it in."""
    if source[original.end - 2 : original.end - 1] in (".", "!", "?"):
        while end < len(text) and text[end] in ".!?":
            end += 1
    return end
