"""Articles as JSON, read leniently and written back block by block.

A block is ``{"kind", "text"}`` with ``spans`` or ``links``, or ``{"kind", "html"}``; a list
or table may have its ``items``, a picture its ``caption``. What else it has is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dragoman.errors import TranslateError
from dragoman.sanitize import clean_text
from dragoman.translate.documents.html import read_inline
from dragoman.types import Article, Block, BlockKind, Image, Span, SpanKind, Text

Row = Mapping[str, Any]

_SPLIT = frozenset({BlockKind.LIST, BlockKind.TABLE})
_REPLACED = frozenset({"text", "html", "spans", "links", "items", "parts", "cells", "caption"})
_UNTRANSLATED = frozenset({"code", "embed", "credit", "byline", "pre", "script"})
_KINDS = {
    "p": "paragraph", "text": "paragraph", "blockquote": "quote", "quotation": "quote",
    "ul": "list", "ol": "list", "li": "paragraph", "figure": "image", "picture": "image",
    "caption": "paragraph", "title": "heading", "subheading": "heading",
}  # fmt: skip


def read_row(row: Row, language: str) -> Article:
    """Read an article from its JSON.

    Raises `TranslateError` where a value is of the wrong kind.
    """
    blocks = row.get("blocks")
    if blocks is None:
        text = _string(row, "text")
        blocks = (
            [{"kind": "paragraph", "text": part} for part in text.split("\n\n")] if text else []
        )
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        raise TranslateError("'blocks' must be a list of blocks with 'kind' and 'text'")
    return Article(
        id=str(row.get("id", "")),
        source=str(row.get("source", "")),
        url=str(row.get("url", "")),
        language=language,
        title=clean_text(_string(row, "title")),
        blocks=tuple(_read_block(block, at) for at, block in enumerate(blocks)),
    )


def write_block(row: Row | str, block: Block) -> dict[str, Any]:
    """Write a translated block with what else the block that came in had."""
    kept: dict[str, Any] = {"kind": "paragraph"} if isinstance(row, str) else dict(row)
    written = {key: value for key, value in kept.items() if key not in _REPLACED}
    written.setdefault("kind", str(block.kind))
    whole = join_parts(block.parts)
    if isinstance(kept.get("image"), Mapping) and "caption" in kept["image"]:
        written["image"] = {**kept["image"], "caption": whole.text}
    if not isinstance(row, str) and "caption" in row and "text" not in row:
        written["caption"] = whole.text
    written["text"] = whole.text
    written["spans"] = [write_span(span) for span in whole.spans]
    if not isinstance(row, str):
        for key in ("items", "parts", "cells"):
            if key in row:
                written[key] = [write_part(part) for part in block.parts]
        if "rows" in row and block.columns:
            cells = [write_part(part) for part in block.parts]
            starts = range(0, len(cells), block.columns)
            written["rows"] = [cells[at : at + block.columns] for at in starts]
    return written


def write_part(part: Text) -> dict[str, Any]:
    """Write a text with its spans."""
    return {"text": part.text, "spans": [write_span(span) for span in part.spans]}


def write_span(span: Span) -> dict[str, Any]:
    """Write a span."""
    return {"kind": str(span.kind), "start": span.start, "end": span.end, "value": span.value}


def join_parts(parts: Sequence[Text]) -> Text:
    """Join the parts of a block by line breaks, spans moved along."""
    spans: list[Span] = []
    at = 0
    for part in parts:
        spans += [Span(s.kind, s.start + at, s.end + at, s.value) for s in part.spans]
        at += len(part.text) + 1
    return Text("\n".join(part.text for part in parts), tuple(spans))


def _read_block(row: Any, at: int) -> Block:
    if isinstance(row, str):
        row = {"text": row}
    if not isinstance(row, Mapping):
        raise TranslateError(f"block {at} is no object with 'kind' and 'text'")
    name = str(row.get("kind") or "paragraph").lower()
    name = _KINDS.get(name, name)
    if name in _UNTRANSLATED and name != BlockKind.EMBED:
        kind = BlockKind.CODE  # kept to the letter
    else:
        kind = BlockKind(name) if name in set(BlockKind) else BlockKind.PARAGRAPH
    lines = _read_rows(row.get("rows"))
    cells: list[Any] = [cell for line in lines for cell in line]
    items: Any = cells or row.get("items") or row.get("parts") or row.get("cells")
    if isinstance(items, list | tuple):
        parts = tuple(_read_text(item) for item in items)
    else:
        text = _read_text(row)
        parts = _split_lines(text) if kind in _SPLIT else ((text,) if text.text else ())
    shown = row["image"] if isinstance(row.get("image"), Mapping) else row
    url, alt, credit = (str(shown.get(key) or "") for key in ("url", "alt", "credit"))
    image = Image(url, alt, credit)
    columns = max(map(len, lines), default=row.get("columns"))
    return Block(
        kind,
        parts,
        level=row["level"] if isinstance(row.get("level"), int) else 0,
        columns=columns if isinstance(columns, int) else 0,
        image=image if kind is BlockKind.IMAGE else None,
        url=str(row.get("url", "")),
        language=str(row.get("language") or ""),
    )


def _read_rows(rows: Any) -> list[list[Any]]:
    """Read the rows of a table, made equally long."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return []
    columns = max(map(len, rows), default=0)
    return [[*row, *[""] * (columns - len(row))] for row in rows]


def _read_text(row: Any) -> Text:
    if isinstance(row, str):
        return Text(_safe(row))
    if not isinstance(row, Mapping):
        raise TranslateError(f"a part must be text or an object with 'text', not {row!r:.40}")
    if "text" not in row and isinstance(row.get("html"), str):
        return read_inline(row["html"])
    image = row.get("image")
    caption = _string(image if isinstance(image, Mapping) else row, "caption")
    text = _safe(_string(row, "text") or caption)
    given = [one for key in ("spans", "links") for one in _list(row.get(key))]
    spans = [span for one in given if (span := _read_span(one, text))]
    return Text(text, tuple(sorted(set(spans), key=lambda s: (s.start, -s.end))))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _read_span(row: Any, text: str) -> Span | None:
    """Read a span by its place, or by the words that it covers; None where it covers nothing."""
    if not isinstance(row, Mapping):
        return None
    name = str(row.get("kind") or row.get("type") or "link")
    kind = SpanKind(name) if name in set(SpanKind) else SpanKind.LINK
    value = str(row.get("value") or row.get("url") or row.get("href") or "")
    start, end, words = row.get("start"), row.get("end"), row.get("text")
    if not (isinstance(start, int) and isinstance(end, int)):
        if not isinstance(words, str) or not words or words not in text:
            return None
        start = text.index(words)
        end = start + len(words)
    start, end = max(0, start), min(end, len(text))
    is_point = kind is SpanKind.BREAK and start == end
    return Span(kind, start, end, value) if start < end or is_point else None


def _split_lines(text: Text) -> tuple[Text, ...]:
    parts: list[Text] = []
    at = 0
    for line in text.text.split("\n"):
        inside = [s for s in text.spans if at <= s.start and s.end <= at + len(line)]
        spans = tuple(Span(s.kind, s.start - at, s.end - at, s.value) for s in inside)
        parts.append(Text(line, spans))
        at += len(line) + 1
    return tuple(parts)


def _string(row: Row, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TranslateError(f"'{key}' must be text, not {type(value).__name__}")
    return value


def _safe(text: str) -> str:
    """Make control characters and lone surrogates spaces, so that spans keep their places."""
    if text.isprintable():
        return text
    return "".join(" " if _is_unsafe(char) else char for char in text)


def _is_unsafe(char: str) -> bool:
    return (
        (char < " " and char not in "\n\t")
        or "\x7f" <= char < "\xa0"
        or "\ud800" <= char < "\ue000"
    )
