"""Quotation marks that the engine lost, put back around the words that they stood around.

Losing them turns an attributed claim into the paper's own voice. The quoted stretch is
placed like a span: the mark goes where its words are.
"""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.translate.gate.quotes import count_quotes
from dragoman.translate.writing.marks import DOUBLE, pair_marks
from dragoman.types import Span, SpanKind


def find_quoted(text: str) -> tuple[Span, ...]:
    """Give the quoted stretches of a text, with their marks; one that is open runs to the edge.

    Each span's value is where it begins, by which it is known again in the translation.
    """
    pairs = pair_marks(text)
    if pairs:
        return tuple(_quote(pair.start, pair.end + 1) for pair in pairs)
    if not (marks := [at for at, char in enumerate(text) if char in DOUBLE]):
        return ()
    # A single mark belongs to a quotation of several sentences, at one of this one's edges.
    edge = text.strip(" .,;:!?…)(")
    if text[marks[0]] == edge[:1]:
        return (_quote(marks[0], len(text)),)
    return (_quote(0, marks[0] + 1),) if text[marks[0]] == edge[-1:] else ()


def _quote(start: int, end: int) -> Span:
    return Span(SpanKind.QUOTE, start, end, str(start))


def has_lost_quotes(source: str, target: str) -> bool:
    """Whether double quotation marks are missing in a translation."""
    theirs, ours = count_quotes(target), count_quotes(source)
    return theirs < ours and any(char in DOUBLE for char in source) and bool(target)


def put_quotes(source: str, target: str, spans: Sequence[Span]) -> str:
    """Set quotation marks around the places that were found; what stood there goes first.

    The source is given for its marks: an open quotation stays open.
    """
    kept: list[str] = []
    moved = [0] * (len(target) + 1)
    for at, char in enumerate(target):
        moved[at] = len(kept)
        if char not in DOUBLE:
            kept.append(char)
    moved[len(target)] = len(kept)
    text = "".join(kept)
    marks: list[int] = []
    places = {span.value: (moved[span.start], moved[span.end]) for span in spans}
    for original in find_quoted(source):
        start, end = places[original.value]
        if source[original.start] in DOUBLE:
            marks.append(start)
        if source[original.end - 1] in DOUBLE:
            marks.append(_past_stop(text, end, source, original))
    for at in sorted(marks, reverse=True):
        text = f'{text[:at]}"{text[at:]}'
    return text


def _past_stop(text: str, end: int, source: str, original: Span) -> int:
    """Take the full stop in where the original's quotation took it in."""
    if source[original.end - 2 : original.end - 1] in (".", "!", "?"):
        while end < len(text) and text[end] in ".!?":
            end += 1
    return end
