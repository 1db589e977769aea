"""Text with inline spans, built piece by piece so that every offset is exact."""

from __future__ import annotations

import re
import unicodedata

from dragoman.types import Span, SpanKind

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def _clean(text: str) -> str:
    # Control and format characters go, but the joiners that some scripts spell with stay.
    if text.isascii():
        return text if text.isprintable() else _CONTROL.sub("", text)
    text = unicodedata.normalize("NFC", text)
    if text.isprintable() or "".join(text.split()).isprintable():
        return text
    return "".join(
        char
        for char in text
        if char.isprintable()
        or char.isspace()
        or char in "\u00ad\u200c\u200d"
        or unicodedata.category(char) not in ("Cf", "Cc", "Cs", "Co")
    )


class TextBuilder:
    """Folds white space while text is added, so that the offsets of spans are exact."""

    def __init__(self, *, is_block: bool = False) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._is_space = False
        self._open: list[tuple[SpanKind, str, int | None]] = []
        self._spans: list[Span] = []
        self._is_block = is_block

    def forget_space(self) -> bool:
        """Forget white space that stands alone; false where there is text to be taken."""
        if self._length:
            return False
        self._is_space = False
        return True

    def add_space(self, text: str) -> None:
        """Add white space as it stands in the page."""
        if self._is_block:
            self.add(text)
        else:
            self._is_space = True

    def add(self, text: str) -> None:
        """Add text as it stands in the page."""
        text = _clean(text)
        if self._is_block:
            self._append(text)
            return
        words = text.split()
        if not words:
            self._is_space = self._is_space or bool(text)
            return
        if text[0].isspace():
            self._is_space = True
        if self._is_space and self._length:
            self._append(" ", is_visible=False)
        self._append(" ".join(words))
        self._is_space = text[-1].isspace()

    def _append(self, text: str, *, is_visible: bool = True) -> None:
        if is_visible and text.strip():
            lead = len(text) - len(text.lstrip()) if self._is_block else 0
            at = self._length + lead
            self._open = [(k, v, at if start is None else start) for k, v, start in self._open]
        self._parts.append(text)
        self._length += len(text)

    def open(self, kind: SpanKind, value: str = "") -> None:
        """Begin a span; it starts at the next visible character."""
        self._open.append((kind, value, None))

    def close(self) -> None:
        """End the innermost open span; one without visible text is dropped."""
        if self._open:
            kind, value, start = self._open.pop()
            if start is not None and self._length > start:
                self._spans.append(Span(kind, start, self._length, value))

    def add_break(self) -> None:
        """Note a line break: before the next word, where there is one."""
        if self._is_block:
            self._append("\n")
        elif self._length:
            self._is_space = True
            self._spans.append(Span(SpanKind.BREAK, self._length + 1, self._length + 1))

    def take(self) -> tuple[str, tuple[Span, ...]]:
        """Give text and spans so far, and begin anew inside the same open spans."""
        if not self._length:
            self._is_space = False
            return "", ()
        still_open = self._open
        self._open = list(still_open)
        for _ in still_open:
            self.close()
        text = "".join(self._parts)
        spans = self._spans
        self._parts, self._spans, self._length, self._is_space = [], [], 0, False
        self._open = [(kind, value, None) for kind, value, _ in still_open]
        if self._is_block:
            return _trim_block(text, spans)
        if not spans:
            return text, ()
        kept = {s for s in spans if s.kind is not SpanKind.BREAK or s.start < len(text)}
        # Ordered by start, outer before inner; nested spans of one kind and value are one.
        return text, tuple(sorted(kept, key=lambda s: (s.start, -s.end, s.kind, s.value)))


def _trim_block(text: str, spans: list[Span]) -> tuple[str, tuple[Span, ...]]:
    lead = len(text) - len(text.lstrip("\n"))
    trimmed = text.strip("\n").rstrip()
    moved = []
    for span in spans:
        start = max(0, span.start - lead)
        end = min(len(trimmed), span.end - lead)
        if end > start:
            moved.append(Span(span.kind, start, end, span.value))
    return trimmed, tuple(sorted(moved, key=lambda s: (s.start, -s.end)))
