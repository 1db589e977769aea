"""The ``dragoman link`` filter: rows of articles in, their events and stories out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dragoman.errors import LinkError, UnknownLanguage
from dragoman.languages import normalise
from dragoman.link.group import group_articles
from dragoman.link.model import Model
from dragoman.link.scale import SHIPPED, Scale
from dragoman.link.stories import link_stories
from dragoman.link.vectors import embed
from dragoman.sanitize import clean_text
from dragoman.types import UNKNOWN_LANGUAGE, Judgement, LinkInput

_LATER = datetime(9999, 1, 1, tzinfo=UTC)  # rows without a date stand after the dated ones
_MAX_TEXT = 20_000  # characters that are read of a row
_MAX_LINKS = 500


def read_time(value: object, row: str) -> datetime | None:
    """Read a date; None where there is none. Raises `LinkError` where it is no ISO 8601."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise LinkError(f"row {row}: 'published' must be an ISO 8601 date or null, not {value!r}")
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise LinkError(
            f"row {row}: '{value[:40]}' is no ISO 8601 date; write it as 2021-12-22 or "
            "2021-12-22T10:30:00Z, or give null"
        ) from error
    return moment


def _read_string(row: Mapping[str, Any], key: str, name: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LinkError(f"row {name}: '{key}' must be a string, not {type(value).__name__}")
    return clean_text(value[:_MAX_TEXT], is_block=True)


def _read_row(row: object, number: int) -> tuple[LinkInput, bool]:
    """Read a row; give the article and whether its date is known."""
    if not isinstance(row, Mapping):
        raise LinkError(f"row {number} is no JSON object; write one article a line")
    ident = row.get("id")
    if isinstance(ident, bool) or not isinstance(ident, str | int) or ident == "":
        raise LinkError(f"row {number} has no id; give each article an 'id' of its own")
    name = str(ident)
    title, text = _read_string(row, "title", name), _read_string(row, "text", name)
    if not title and not text:
        raise LinkError(f"row {name} has neither title nor text; there is nothing to compare")
    language = _read_language(_read_string(row, "language", name))
    at = read_time(row.get("published"), name)
    url = _read_string(row, "url", name)
    links = _read_links(row.get("links"), name)
    article = LinkInput(name, url, language, title, text, at or _LATER, links=links)
    return article, at is not None


def _read_links(value: object, row: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise LinkError(f"row {row}: 'links' must be a list of addresses or null")
    return tuple(value[:_MAX_LINKS])


def _read_language(code: str) -> str:
    try:
        return normalise(code)
    except UnknownLanguage:
        return UNKNOWN_LANGUAGE  # the encoder needs no code; words count within "und"


def _answer(judgements: Iterable[Judgement]) -> dict[str, list[str]]:
    """Say for each article why it stands where it stands."""
    reasons: dict[str, list[str]] = {}
    for judgement in judgements:
        words = f"{judgement.relation.value} as {judgement.other}: " + "; ".join(judgement.reasons)
        reasons.setdefault(judgement.article, []).append(words)
    return reasons


def link_batch(
    rows: Iterable[object], *, model: Model | None = None, scale: Scale = SHIPPED
) -> Iterator[dict[str, Any]]:
    """Link the articles of all rows; give an answer or an error for each, in their order.

    A row is ``{"id", "url", "language", "title", "text", "published"}``; an answer is
    ``{"id", "event", "story", "copy_of", "reasons"}`` or ``{"id", "error"}``.
    """
    order: list[tuple[object, str | LinkError]] = []
    articles: dict[str, LinkInput] = {}
    undated: set[str] = set()
    for number, row in enumerate(rows, start=1):
        given = row.get("id") if isinstance(row, Mapping) else None
        try:
            if isinstance(row, Mapping) and "error" in row:  # a line that was no JSON, say
                raise LinkError(str(row["error"]))
            article, is_dated = _read_row(row, number)
            if article.id in articles:
                raise LinkError(f"row {article.id} is there twice; give each article its own id")
        except LinkError as error:
            order.append((given, error))
            continue
        articles[article.id] = article
        if not is_dated:
            undated.add(article.id)
        order.append((given, article.id))
    found = list(articles.values())
    ready = [replace(a, vector=v) for a, v in zip(found, embed(found), strict=True)]
    judgements = link_stories(ready, (), (), undated=undated, model=model, scale=scale)
    groups = {grouping.article: grouping for grouping in group_articles(ready, judgements)}
    reasons = _answer(judgements)
    for given, outcome in order:
        if isinstance(outcome, LinkError):
            yield {"id": given, "error": str(outcome)}
            continue
        group = groups[outcome]
        yield {
            "id": given,
            "event": group.event,
            "story": group.story,
            "copy_of": group.copy_of or None,
            "reasons": reasons.get(outcome, ["the first report of its story"]),
        }
