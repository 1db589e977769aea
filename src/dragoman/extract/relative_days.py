"""Relative days of an article ("on Wednesday"), marked with the date that they mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dragoman.days import find_days, publication_day
from dragoman.types import Article, Block, BlockKind, SpanKind, Text

_UNREAD = frozenset({BlockKind.CODE, BlockKind.EMBED, BlockKind.TABLE})


def mark_days(article: Article) -> Article:
    """Mark the relative days of an article whose date is known; earlier marks are replaced."""
    said = publication_day(article.published)
    blocks = tuple(_mark(block, article.language, said) for block in article.blocks)
    return article if blocks == article.blocks else replace(article, blocks=blocks)


def _mark(block: Block, language: str, said: date | None) -> Block:
    if block.kind in _UNREAD:
        return block
    code = block.language or language
    parts = tuple(_mark_text(part, code, said) for part in block.parts)
    return block if parts == block.parts else replace(block, parts=parts)


def _mark_text(text: Text, language: str, said: date | None) -> Text:
    spans = [span for span in text.spans if span.kind is not SpanKind.DATE]
    if said is not None:
        spans += find_days(text.text, language, said)
    return Text(text.text, tuple(sorted(spans, key=lambda span: (span.start, -span.end))))
