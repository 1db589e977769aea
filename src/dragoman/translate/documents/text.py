"""The filter `dragoman translate`: plain text, HTML or an article's JSON in, JSON out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dragoman import languages
from dragoman.errors import DragomanError, TranslateError
from dragoman.translate.article import translate_article
from dragoman.translate.documents.html import read_html
from dragoman.translate.documents.rows import Row, read_row, write_block
from dragoman.translate.engine import available_legs
from dragoman.translate.reading.detection import detect_language
from dragoman.translate.route import find_route
from dragoman.types import (
    UNKNOWN_LANGUAGE,
    Article,
    Block,
    BlockKind,
    Check,
    EngineSpec,
    TranslatedSegment,
    Translation,
)

_HTML = re.compile(r"\s*(?:<!doctype html|<[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_SILENT = frozenset({BlockKind.IMAGE, BlockKind.EMBED})


def translate_document(
    data: str, into: str, specs: Sequence[EngineSpec], *, language: str = ""
) -> dict[str, Any]:
    """Translate whatever this is: an article's JSON, HTML, else plain text.

    ``language`` empty: what the article says, else what is detected. Raises leaves of
    `TranslateError`, and `UnknownLanguage`.
    """
    row = _read_object(data)
    if row is not None:
        return translate_json(row, into, specs, language=language)
    if _HTML.match(data):
        return translate_html(data, into, specs, language=language)
    return translate_text(data, into, specs, language=language)


def translate_text(
    text: str, into: str, specs: Sequence[EngineSpec], *, language: str = ""
) -> dict[str, Any]:
    """Translate plain text; paragraphs parted by blank lines are its blocks."""
    parts = [part for part in _BLANK_LINES.split(text) if part.strip()]
    row = {"blocks": [{"kind": "paragraph", "text": part} for part in parts]}
    return translate_json(row, into, specs, language=language)


def translate_html(
    html: str, into: str, specs: Sequence[EngineSpec], *, language: str = ""
) -> dict[str, Any]:
    """Translate HTML; what comes out are blocks with spans, as from an article's JSON."""
    article = read_html(html, language)
    rows = [_row_of(block) for block in article.blocks]
    return _translate(article, rows, into, specs)


def translate_json(
    row: Row, into: str, specs: Sequence[EngineSpec], *, language: str = ""
) -> dict[str, Any]:
    """Translate an article's JSON: one block out for each block in, links in the blocks."""
    article = read_row(row, str(row.get("language") or language))
    blocks = row.get("blocks")
    rows = blocks if isinstance(blocks, list) else [_row_of(block) for block in article.blocks]
    return _translate(article, rows, into, specs)


def translate_batch(
    rows: Iterable[Row], into: str, specs: Sequence[EngineSpec], *, language: str = ""
) -> Iterator[dict[str, Any]]:
    """Translate articles one by one, in order; one that fails gives its id and the error.

    A row that has an ``error`` already, because its line could not be read, keeps it.
    """
    for row in rows:
        try:
            if not isinstance(row, Mapping):
                raise TranslateError("a row must be an object with 'title' and 'blocks'")
            if "error" in row and "blocks" not in row:
                raise TranslateError(str(row["error"]))
            yield {"id": row.get("id"), **translate_json(row, into, specs, language=language)}
        except DragomanError as error:
            yield {"id": row.get("id") if isinstance(row, Mapping) else None, "error": str(error)}


def write_translation(translation: Translation, rows: Sequence[Row | str] = ()) -> dict[str, Any]:
    """Write a translation as JSON; ``rows`` are the blocks that came in, to keep what they had."""
    rows = rows or [_row_of(block) for block in translation.blocks]
    shown = (block.text for block in translation.blocks if block.kind not in _SILENT)
    return {
        "title": translation.title,
        "language": translation.language,
        "into": translation.into,
        "status": str(translation.status),
        "verdict": str(translation.verdict),
        "route": translation.route.name if translation.route else "",
        "is_gist": bool(translation.route and translation.route.is_gist),
        "checks": [_write_check(check) for check in translation.checks],
        "segments": [_write_segment(done, translation) for done in translation.segments],
        "blocks": [write_block(*pair) for pair in zip(rows, translation.blocks, strict=True)],
        "text": "\n\n".join(text for text in shown if text),
    }


def _translate(
    article: Article, rows: Sequence[Row | str], into: str, specs: Sequence[EngineSpec]
) -> dict[str, Any]:
    language = article.language
    if not language or language == UNKNOWN_LANGUAGE:
        language, _ = detect_language(f"{article.title}\n{article.text}")
    article = replace(article, language=languages.normalise(language))
    into = languages.normalise(into)
    route = find_route(available_legs(specs), article.language, into)
    return write_translation(translate_article(article, into, route, specs), rows)


def _read_object(data: str) -> dict[str, Any] | None:
    """Read the JSON of an article; None where the text is none."""
    if data.lstrip()[:1] != "{":
        return None
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        return None
    is_article = isinstance(row, dict) and bool({"blocks", "title", "text"} & row.keys())
    return row if is_article else None


def _row_of(block: Block) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": str(block.kind)}
    if block.level:
        row["level"] = block.level
    if block.columns:
        row["columns"] = block.columns
    if block.image:
        row |= {"url": block.image.url, "alt": block.image.alt, "credit": block.image.credit}
    elif block.url:
        row["url"] = block.url
    if len(block.parts) > 1:
        row["items"] = []  # written because the key is there
    return row


def _write_segment(done: TranslatedSegment, translation: Translation) -> dict[str, Any]:
    return {
        "id": done.segment.id,
        "block": done.segment.block,
        "source": done.segment.text,
        "target": done.target,
        "route": "" if done.is_untouched or not translation.route else translation.route.name,
        "verdict": str(done.verdict),
        "is_untouched": done.is_untouched,
        "checks": [_write_check(check) for check in done.checks],
    }


def _write_check(check: Check) -> dict[str, str]:
    return {"name": check.name, "verdict": str(check.verdict), "message": check.message}
