"""Many pages as a filter: rows in, articles or failures out, in order."""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dragoman.errors import DragomanError, ExtractError
from dragoman.extract.article import extract_article
from dragoman.extract.moments import read_iso, write_iso
from dragoman.extract.template import learn_template
from dragoman.types import Article, Block, BlockKind, Image, Page, Span, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_FILE = 40_000_000


def _spans_json(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
    return [{"kind": s.kind.value, "start": s.start, "end": s.end, "value": s.value} for s in spans]


def _text_json(text: Text) -> dict[str, Any]:
    return {"text": text.text, "spans": _spans_json(text.spans)}


def image_json(image: Image, caption: str) -> dict[str, Any]:
    """Give a picture with its words as JSON."""
    found: dict[str, Any] = {"url": image.url, "caption": caption, "credit": image.credit}
    if image.alt:
        found["alt"] = image.alt
    return found


def block_json(block: Block) -> dict[str, Any]:
    """Give a block as JSON: kind, text and spans always, the rest where apt."""
    spans: list[Span] = []
    at = 0
    for part in block.parts:
        spans += [Span(s.kind, s.start + at, s.end + at, s.value) for s in part.spans]
        at += len(part.text) + 1
    found: dict[str, Any] = {
        "kind": block.kind.value,
        "text": block.text,
        "spans": _spans_json(tuple(spans)),
    }
    if block.kind in (BlockKind.HEADING, BlockKind.LIST):
        found["level"] = block.level
    if block.kind is BlockKind.LIST:
        found["items"] = [_text_json(part) for part in block.parts]
    if block.kind is BlockKind.TABLE and block.columns:
        cells = [_text_json(part) for part in block.parts]
        found["rows"] = [cells[i : i + block.columns] for i in range(0, len(cells), block.columns)]
    if block.image is not None:
        found["image"] = image_json(block.image, block.text)
    if block.url:
        found["url"] = block.url
    if block.language:
        found["language"] = block.language
    if block.at is not None:
        found["at"] = write_iso(block.at)
    return found


def article_json(article: Article) -> dict[str, Any]:
    """Give an article as the documented JSON of ``dragoman extract``."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "authors": [*article.authors, *article.agencies],
        "agencies": list(article.agencies),
        "published": write_iso(article.published.moment),
        "modified": write_iso(article.modified.moment),
        "language": article.language,
        "site": article.site,
        "section": article.section,
        "text": article.text,
        "blocks": [block_json(block) for block in article.blocks],
        "images": [image_json(b.image, b.text) for b in article.blocks if b.image is not None],
        "related": [asdict(link) for link in article.related],
    }


def _read_body(row: dict[str, Any]) -> bytes:
    if isinstance(row.get("html"), str):
        return str(row["html"]).encode("utf-8", "replace")
    name = row.get("html_path")
    if not isinstance(name, str) or not name:
        raise ExtractError("the row has neither 'html' nor 'html_path'; give one of them")
    try:
        with Path(name).open("rb") as file:
            raw = file.read(_MAX_FILE)
        if raw[:2] != b"\x1f\x8b":
            return raw
        with gzip.open(name) as unpacked:
            return unpacked.read(_MAX_FILE)
    except (OSError, EOFError, ValueError) as error:
        raise ExtractError(
            f"{name}: cannot be read ({error}); check the path in 'html_path'"
        ) from error


def _read_row(row: dict[str, Any]) -> Page:
    """Make a page of a row."""
    url = row.get("url") if isinstance(row.get("url"), str) else ""
    fetched = read_iso(str(row.get("fetched") or ""))
    return Page(
        url=str(url),
        final_url=str(url),
        fetched=fetched.at if fetched is not None else datetime.now(UTC),
        status=200,
        body=_read_body(row),
        charset="utf-8" if isinstance(row.get("html"), str) else "",
        id=str(row.get("id") or ""),
    )


def _host(row: Any) -> str:
    url = row.get("url") if isinstance(row, dict) else None
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") if isinstance(url, str) else ""
    except ValueError:
        return ""


def extract_batch(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Extract many pages; rows of role ``context`` only teach what recurs on their host.

    All rows are read before the first answer, so that context may stand anywhere. A row
    that fails gives ``{"id", "error"}``, and the rest go on.
    """
    kept: list[Any] = list(rows)
    hosts: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in kept:
        if isinstance(row, dict) and _host(row):
            hosts[_host(row)].append(row)
    templates: dict[str, Any] = {}
    for row in kept:
        if isinstance(row, dict) and row.get("role") == "context":
            continue
        if not isinstance(row, dict):
            yield {
                "id": "",
                "error": 'the row is no JSON object; write {"id", "url", "html_path"} on each line',
            }
            continue
        yield _answer(row, hosts, templates)


def _answer(
    row: dict[str, Any], hosts: dict[str, list[dict[str, Any]]], templates: dict[str, Any]
) -> dict[str, Any]:
    host = _host(row)
    # The caller's own id comes back as it is, a number as a number: rows are joined by it.
    identity = row["id"] if row.get("id") is not None else ""
    if _has_failed(row):
        return {"id": identity, "error": row["error"]}
    try:
        if host and host not in templates:
            templates[host] = _learn(hosts[host])
        answer = article_json(extract_article(_read_row(row), templates.get(host)))
        return {**answer, "id": identity if identity != "" else answer["id"]}
    except DragomanError as error:
        return {"id": identity, "error": f"{type(error).__name__}: {error}"}
    except Exception as error:
        # Pages are hostile and parsers have bugs: what nobody foresaw costs this row alone,
        # and is told with its name so that it can be reported.
        import structlog

        structlog.get_logger(__name__).exception(
            "extract.unforeseen", id=identity, url=row.get("url")
        )
        return {
            "id": identity,
            "error": f"unforeseen {type(error).__name__}: {error}; please report it",
        }


def _has_failed(row: dict[str, Any]) -> bool:
    """Whether a step before this one gave the row up: it then holds an error and no page."""
    return bool(row.get("error")) and "html" not in row and "html_path" not in row


def _learn(rows: list[dict[str, Any]]) -> Any:
    if len(rows) < 2:
        return None
    pages = []
    for row in rows:
        try:
            pages.append(_read_row(row))
        except ExtractError:
            continue
    return learn_template(pages)
