"""Measure where links and other spans end up after translation, on sentences of our own.

    python -m quality.spans [--show]

`spans.jsonl` holds 140 sentences with numbered spans and, for each span, a pattern of the words
that it must cover, written by hand for several wordings. A span is right where it covers them
all and, articles and prepositions at its edges aside, at most twice as many words; exact where it
covers just them. Every second sentence is of the half that may be looked at while the code is
written (`seen`); the other half is only measured.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dragoman.translate import available_legs, find_route, load_engine, translate_article
from dragoman.translate.words import word_set
from dragoman.types import Article, Block, BlockKind, EngineSpec, Span, SpanKind, Text

SPECS = (EngineSpec("firefox"),)
SET = Path(__file__).with_name("spans.jsonl")
TAG = re.compile(r"<(/?)(\d)>")
WORD = re.compile(r"\w+(?:[.,'’\-]\w+)*")
SMALL = word_set(
    "a o os as um uma uns umas de da do das dos em na no nas nos num numa ao aos à às por pelo "
    "pela para com e seu sua seus suas se que the an of to in on at for by with from and its "
    "his her their that s"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with spans and the words that each must cover in the translation."""

    number: int
    kind: str
    language: str
    text: Text
    want: dict[str, str]

    @property
    def into(self) -> str:
        """The other one of the two languages."""
        return "pt" if self.language == "en" else "en"

    @property
    def half(self) -> str:
        """Whether it may be looked at while the code is written."""
        return "unseen" if self.number % 2 else "seen"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one span."""

    case: Case
    name: str
    target: str
    covered: str
    is_present: bool
    is_right: bool
    is_exact: bool


def main() -> dict[str, Any]:
    """Measure the set, and beside it what the span's position alone gives."""
    outcomes, asked = place_all(read_cases())
    return summarise(outcomes) | {
        "sentences asked per span": round(asked / len(outcomes), 3),
        "by position alone": _share([_at_share(o) for o in outcomes], "is_right"),
    }


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Give the shares, in all and by half, kind and direction."""
    return {
        "spans": len(outcomes),
        "present": _share(outcomes, "is_present"),
        "right": _share(outcomes, "is_right"),
        "exact": _share(outcomes, "is_exact"),
        "by half": _by(outcomes, lambda o: o.case.half),
        "by direction": _by(outcomes, lambda o: f"{o.case.language}-{o.case.into}"),
        "by kind": _by(outcomes, lambda o: o.case.kind),
    }


def read_cases() -> list[Case]:
    """Read the set."""
    rows = map(json.loads, SET.read_text("utf-8").splitlines())
    return [
        Case(at, row["kind"], row["language"], _read_text(row["text"], row["kind"]), row["want"])
        for at, row in enumerate(rows)
    ]


def place_all(cases: Sequence[Case]) -> tuple[list[Outcome], int]:
    """Translate the sentences through the whole path; also count what was asked for the spans."""
    outcomes: list[Outcome] = []
    asked = 0
    for language in ("en", "pt"):
        chosen = [case for case in cases if case.language == language]
        if chosen:
            with_spans, count = _translate(chosen, [case.text for case in chosen])
            _, plain = _translate(chosen, [Text(case.text.text) for case in chosen])
            asked += count - plain
            for case, text in zip(chosen, with_spans, strict=True):
                outcomes += _judge(case, text)
    return outcomes, asked


def _translate(cases: Sequence[Case], texts: Sequence[Text]) -> tuple[list[Text], int]:
    language, into = cases[0].language, cases[0].into
    engine = load_engine(SPECS[0])
    asked: list[str] = []
    ask = engine.translate

    def count(sentences: Sequence[str], leg: Any) -> list[str]:
        asked.extend(sentences)
        return ask(sentences, leg)

    blocks = tuple(Block(BlockKind.PARAGRAPH, (text,)) for text in texts)
    article = Article("spans", "", "", language, "", blocks)
    with patch.object(engine, "translate", count):
        route = find_route(available_legs(SPECS), language, into)
        done = translate_article(article, into, route, SPECS)
    return [block.parts[0] for block in done.blocks], len(asked)


def _judge(case: Case, text: Text) -> Iterator[Outcome]:
    for name, pattern in case.want.items():
        found = [span for span in text.spans if span.value == name]
        start, end = (found[0].start, found[0].end) if found else (0, 0)
        yield _outcome(case, name, pattern, text.text, start, end, is_present=len(found) == 1)


def _outcome(
    case: Case, name: str, pattern: str, target: str, start: int, end: int, *, is_present: bool
) -> Outcome:
    regex = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    ours = _core(target, start, end)
    right = exact = False
    for match in regex.finditer(target):
        wanted = _core(target, *match.span())
        is_covered = bool(ours and wanted) and ours[0] <= wanted[0] and wanted[-1] <= ours[-1]
        right = right or (is_covered and len(ours) <= 2 * len(wanted))
        exact = exact or (bool(ours) and ours == wanted)
    return Outcome(case, name, target, target[start:end], is_present, is_present and right, exact)


def _core(text: str, start: int, end: int) -> list[int]:
    """Give where the words of a stretch begin, without small words at its edges."""
    words = [m for m in WORD.finditer(text) if m.start() < end and start < m.end()]
    whole = words
    while words and words[0].group().lower() in SMALL:
        words = words[1:]
    while words and words[-1].group().lower() in SMALL:
        words = words[:-1]
    return [match.start() for match in words or whole]


def _at_share(outcome: Outcome) -> Outcome:
    """Put a span where its share of the characters says, widened to whole words."""
    case, target = outcome.case, outcome.target
    span = next(s for s in case.text.spans if s.value == outcome.name)
    factor = len(target) / len(case.text.text)
    start, end = round(span.start * factor), round(span.end * factor)
    words = [m for m in WORD.finditer(target) if m.start() < end and start < m.end()]
    if words:
        start, end = words[0].start(), words[-1].end()
    pattern = case.want[outcome.name]
    return _outcome(case, outcome.name, pattern, target, start, end, is_present=True)


def _read_text(marked: str, kind: str) -> Text:
    starts: dict[str, int] = {}
    spans: list[Span] = []
    text = ""
    at = 0
    for tag in TAG.finditer(marked):
        text += marked[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            starts[tag[2]] = len(text)
        else:
            spans.append(Span(_kind(tag[2], kind), starts[tag[2]], len(text), tag[2]))
    text += marked[at:]
    spans += [Span(SpanKind.BREAK, m.start(), m.start()) for m in re.finditer("\n", text)]
    return Text(text, tuple(sorted(spans, key=lambda span: (span.start, -span.end))))


def _kind(name: str, kind: str) -> SpanKind:
    if kind == "nested" and name == "2":
        return SpanKind.BOLD
    return SpanKind.CODE if kind == "code" and name == "1" else SpanKind.LINK


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, float]:
    names = dict.fromkeys(map(key, outcomes))
    return {name: _share([o for o in outcomes if key(o) == name], "is_right") for name in names}


def _share(outcomes: Sequence[Outcome], attribute: str) -> float:
    hits = [bool(getattr(outcome, attribute)) for outcome in outcomes]
    return round(sum(hits) / max(1, len(hits)), 4)


def show(outcomes: Sequence[Outcome]) -> None:
    """Print the spans that are wrong."""
    for o in outcomes:
        if not o.is_right:
            span = next(s for s in o.case.text.spans if s.value == o.name)
            words = o.case.text.text[span.start : span.end]
            print(f"{o.case.number} {o.case.kind}: [{words}] -> [{o.covered}] in: {o.target!r}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list the wrong ones of the seen half")
    if parser.parse_args().show:
        show(place_all([case for case in read_cases() if case.half == "seen"])[0])
    print(json.dumps(main(), ensure_ascii=False, indent=2))
