"""The labelled news that linking is trained and measured on.

Three public sets, kept outside the project (`stories/` of the data folder), and two of our own:
the sample press, and `stream.txt`, invented reports in sixteen languages whose stories go on
for days: what is hardest is the report of the day after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.truth import expected_articles
from dragoman.link import embed
from dragoman.link.batch import read_time
from dragoman.types import LinkInput

Row = dict[str, Any]

STREAM = Path(__file__).with_name("stream.txt")
EVENT_SETS = ("dated", "undated", "stream", "press")
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_PARTING = re.compile(r"\n| {2}")


@dataclass(frozen=True, slots=True)
class Report:
    """An article with its labels. ``key`` never lies in both halves."""

    article: LinkInput
    row: Row  # as the ``dragoman link`` filter takes it
    event: str
    story: str
    key: str
    half: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles and how unlike people found them, 1 to 4."""

    one: LinkInput
    other: LinkInput
    overall: float


def read_lines(path: Path) -> list[Row]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def find_stories(data: Path) -> Path:
    """Give the folder of the public sets: ``stories/`` of the data folder, or itself."""
    return data / "stories" if (data / "stories").is_dir() else data


def _make_report(row: Row, event: str, story: str, key: str) -> Report:
    at = read_time(row.get("published"), str(row["id"])) or _NO_DATE
    article = LinkInput(
        str(row["id"]), "", row["language"], row.get("title", ""), row["text"], at
    )  # fmt: skip
    kept = {name: row.get(name) for name in ("id", "language", "title", "text", "published", "url")}
    return Report(article, kept, event, story, key)


def _read_stream() -> Iterator[Report]:
    story = event = ""
    for line in STREAM.read_text("utf-8").splitlines():
        if line.startswith("# "):
            story, _, event = line[2:].partition("/")
        elif line:
            language, at, words = line.split(" ", 2)
            title, _, text = words.partition(" | ")
            row = {"id": f"{event}-{language}", "language": language, "title": title,
                   "text": text, "published": f"{at}:00Z"}  # fmt: skip
            yield _make_report(row, event, story, story)


def _read_press() -> Iterator[Report]:
    for one in expected_articles():
        row = {"id": f"{one.outlet}/{one.slug}", "language": one.language, "title": one.title,
               "text": "\n".join(block.text for block in one.blocks),
               "published": one.published, "url": f"http://{one.outlet}.example/"}  # fmt: skip
        story = one.story or one.slug
        yield _make_report(row, one.event or one.slug, story, story)


def _read_public(path: Path) -> Iterator[Report]:
    for row in read_lines(path):
        event = str(row["event"])
        # Two events of one topic are alike by design and no story; a topic is never divided.
        yield _make_report(row, event, event, str(row.get("topic") or event))


def read_events(data: Path, name: str) -> list[Report]:
    """Read a labelled set with vectors, its topics dealt out to two halves."""
    folder = find_stories(data)
    readers: dict[str, Callable[[], Iterator[Report]]] = {
        "stream": _read_stream,
        "press": _read_press,
        "dated": lambda: _read_public(folder / "events_dated.jsonl"),
        "undated": lambda: _read_public(folder / "events_undated.jsonl"),
    }
    reports = list(readers[name]())
    halves = {key: number % 2 for number, key in enumerate(sorted({r.key for r in reports}))}
    vectors = embed([report.article for report in reports])
    return [
        replace(r, article=replace(r.article, vector=vector), half=halves[r.key])
        for r, vector in zip(reports, vectors, strict=True)
    ]


def read_pair_articles(data: Path) -> list[LinkInput]:
    """Read the articles of the rated pairs, two by two."""
    rows = read_lines(find_stories(data) / "pairs.jsonl")
    return [
        _split_title(f"{number}{side}", row["languages"][column], row[side])
        for number, row in enumerate(rows) for column, side in enumerate("ab")
    ]  # fmt: skip


def read_pairs(data: Path) -> list[Pair]:
    """Read the rated pairs, with vectors."""
    rows = read_lines(find_stories(data) / "pairs.jsonl")
    articles = read_pair_articles(data)
    ready = [replace(a, vector=v) for a, v in zip(articles, embed(articles), strict=True)]
    return [
        Pair(ready[2 * number], ready[2 * number + 1], float(row["overall"]))
        for number, row in enumerate(rows)
    ]


def _split_title(ident: str, language: str, text: str) -> LinkInput:
    title, *rest = _PARTING.split(text.strip(), maxsplit=1)
    return LinkInput(ident, "", language, title, rest[0] if rest else "", _NO_DATE)


def labels_of(reports: Sequence[Report], level: str) -> Mapping[str, str]:
    """Give the label of each article, by id: its ``event`` or its ``story``."""
    return {report.article.id: str(getattr(report, level)) for report in reports}
