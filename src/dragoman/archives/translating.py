"""Articles of a part into a language; these functions run in workers."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from dragoman import languages, translate
from dragoman.archives.reading import Part
from dragoman.archives.tables import Row, read_article, read_rows, translation_row, write_rows
from dragoman.errors import DragomanError
from dragoman.types import EngineSpec, Leg

log = structlog.get_logger(__name__)


def translate_part(
    articles: bytes,
    wanted: Sequence[str],
    into: str,
    legs: Sequence[Leg],
    specs: Sequence[EngineSpec],
) -> Part:
    """Translate the wanted records of a part; those in the language already need nothing."""
    rows = {row["record"]: row for row in read_rows(articles)}
    made: list[Row] = []
    failures: list[Row] = []
    for record in wanted:
        row = rows[record]
        if languages.is_same(row["language"], into):
            continue
        try:
            made.append(_translate(row, into, legs, specs))
        except DragomanError as error:
            failures.append(failure_row(row, into, error))
        except Exception as error:  # an engine's mistake costs this article, and is named
            log.exception("unforeseen", record=record, into=into)
            failures.append(failure_row(row, into, error))
    files = {"translations": made, "failures": failures}
    return Part(
        {table: write_rows(table, found) for table, found in files.items() if found},
        {"translations": len(made), "failures": len(failures)},
    )


def _translate(row: Row, into: str, legs: Sequence[Leg], specs: Sequence[EngineSpec]) -> Row:
    article = read_article(row)
    route = translate.find_route(legs, article.language, into)
    return translation_row(translate.translate_article(article, into, route, specs), row["record"])


def failure_row(row: Row, into: str, error: Exception) -> Row:
    """Give the failure of one translation."""
    kept = {name: row[name] for name in ("record", "archive", "offset", "url")}
    stated = {"stage": "translate", "into": into, "kind": type(error).__name__}
    return kept | stated | {"message": str(error)}
