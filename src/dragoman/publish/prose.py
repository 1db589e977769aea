"""Write plain text with spans as HTML: ours alone, every fetched character escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from dragoman.publish.views import Piece
from dragoman.sanitize import clean_url
from dragoman.types import Span, SpanKind, Text, Verdict

# The first so many sentences of a block are coloured in pairs: the stylesheet has a rule for each.
PAIRED = 16

NOTHING = Markup("")

DayNote = Callable[[str], Markup]

_OPENINGS = {
    SpanKind.BOLD: Markup("<b>"),
    SpanKind.ITALIC: Markup("<i>"),
    SpanKind.CODE: Markup("<code>"),
    SpanKind.QUOTE: Markup("<q>"),
    SpanKind.LINK: Markup('<a href="{}" rel="external nofollow noopener">'),
    SpanKind.DATE: Markup('<time datetime="{}">'),
}
_CLOSINGS = {
    SpanKind.BOLD: Markup("</b>"),
    SpanKind.ITALIC: Markup("</i>"),
    SpanKind.CODE: Markup("</code>"),
    SpanKind.QUOTE: Markup("</q>"),
    SpanKind.LINK: Markup("</a>"),
    SpanKind.DATE: Markup("</time>"),
}


def _no_note(day: str) -> Markup:
    return NOTHING


def write_text(text: Text) -> Markup:
    """Write a text with its links, emphasis and dates."""
    return _write(text, 0, len(text.text), _usable(text), _no_note)


def write_piece(
    piece: Piece,
    first: int = 0,
    prefix: str = "",
    held: Markup = NOTHING,
    note_day: DayNote = _no_note,
) -> Markup:
    """Write a part of a block with each sentence in a ``span`` that pairs it with its other side.

    ``first`` is the number in the block of the part's first sentence. With a ``prefix`` the
    sentences carry ids (``prefix`` and the segment's id), as one of the two sides should.
    ``held`` are the attributes of a sentence that stands in the original's language;
    ``note_day`` gives what is put behind a relative day ("Wednesday") to say which it is.
    """
    text, spans, out, done = piece.text, _usable(piece.text), [], 0
    for number, sentence in enumerate(piece.sentences, first):
        out.append(_write(text, done, sentence.start, spans, note_day))
        label = f' id="{escape(prefix)}{escape(sentence.segment)}"' if prefix else ""
        names = f"s n{number}" if number < PAIRED else "s"
        if sentence.verdict is not Verdict.PUBLISH:
            names += " low"
        if sentence.is_reviewed and prefix:
            names += " hand"
        if sentence.verdict is Verdict.HOLD:
            label = f"{label}{held}"
        words = _write(text, sentence.start, sentence.end, spans, note_day)
        # Not with `format`, which takes ten times the time: all parts are escaped already.
        out.append(Markup(f'<span class="{names}"{label}>{words}</span>'))  # noqa: S704
        done = sentence.end
    out.append(_write(text, done, len(text.text), spans, note_day))
    return NOTHING.join(out)


def _usable(text: Text) -> list[Span]:
    """Give the spans that can be written: inside the text, links with a harmless address."""
    length = len(text.text)
    spans = []
    for span in text.spans:
        is_inside = 0 <= span.start <= span.end <= length
        is_empty = span.start == span.end and span.kind is not SpanKind.BREAK
        is_link = span.kind is SpanKind.LINK
        if is_inside and not is_empty and not (is_link and not clean_url(span.value)):
            spans.append(span)
    # Outer before inner, whatever order they came in.
    return sorted(spans, key=lambda span: (span.start, -span.end))


def _write(text: Text, start: int, end: int, spans: Sequence[Span], note_day: DayNote) -> Markup:
    """Write ``text[start:end]``, cutting spans that cross its ends or one another."""
    if start >= end:
        return NOTHING
    near = [span for span in spans if span.start < end and span.end >= start]
    if not near:
        return escape(text.text[start:end])
    cuts = sorted({start, end, *(p for s in near for p in (s.start, s.end) if start < p < end)})
    breaks = {span.start for span in near if span.kind is SpanKind.BREAK}
    out: list[Markup] = []
    is_open: list[Span] = []
    for left, right in pairwise(cuts):
        active = _active(near, left, right)
        kept = _common(is_open, active)
        out += [_close(span, left, note_day) for span in reversed(is_open[kept:])]
        out += [Markup("<br>")] if left in breaks and left > start else []
        out += [_open(span) for span in active[kept:]]
        is_open = active
        out.append(escape(text.text[left:right]))
    out += [_close(span, end, note_day) for span in reversed(is_open)]
    return NOTHING.join(out)


def _active(spans: Iterable[Span], left: int, right: int) -> list[Span]:
    """List the spans that cover a stretch, outer first; no link inside a link."""
    active: list[Span] = []
    for span in spans:
        covers = span.start <= left and span.end >= right
        is_second = any(other.kind is span.kind for other in active)
        if covers and span.kind is not SpanKind.BREAK and not is_second:
            active.append(span)
    return active


def _common(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Count the spans that two lists begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _open(span: Span) -> Markup:
    value = clean_url(span.value) if span.kind is SpanKind.LINK else span.value
    return _OPENINGS[span.kind].format(value)


def _close(span: Span, at: int, note_day: DayNote) -> Markup:
    closing = _CLOSINGS[span.kind]
    # A span that was cut is closed more than once; the note stands at its true end.
    is_date = span.kind is SpanKind.DATE and at == span.end
    return closing + note_day(span.value) if is_date else closing
