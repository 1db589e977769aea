"""The defect suite: what goes wrong in translated news, by class, before and after our path.

    python -m quality.defects [--show] [--class NAME]

`defects.jsonl` holds cases of our own. Each is a headline, a paragraph or a caption with checks on
its translation: strings that it must have or lack, patterns that it must be like or unlike, what
its links must cover. "Before" is the bare engine on the same text, link texts and what stands
between them translated apart, as relays do; "after" is the whole path.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dragoman.translate import available_legs, find_route, load_engine
from dragoman.translate.documents.text import translate_json
from dragoman.types import EngineSpec

SPECS = (EngineSpec("firefox"),)
SET = Path(__file__).with_name("defects.jsonl")
Case = Mapping[str, Any]
Answer = tuple[str, list[str]]  # the translation, and what its links cover


def main() -> dict[str, Any]:
    """Measure the share of cases that pass, by class, before and after."""
    cases = read_cases()
    before = [not list(find_faults(case, translate_bare(case))) for case in cases]
    after = [not list(find_faults(case, translate_whole(case))) for case in cases]
    classes = dict.fromkeys(case["class"] for case in cases)
    places = {
        name: [i for i, case in enumerate(cases) if case["class"] == name] for name in classes
    }
    return {
        "cases": len(cases),
        "before": _share(before),
        "after": _share(after),
        "by class": {
            name: {
                "cases": len(chosen),
                "before": _share([before[i] for i in chosen]),
                "after": _share([after[i] for i in chosen]),
            }
            for name, chosen in places.items()
        },
    }


def read_cases() -> list[Case]:
    """Read the suite."""
    return [json.loads(line) for line in SET.read_text("utf-8").splitlines()]


def text_of(case: Case) -> str:
    """Give the text whose translation is checked: the title, else the caption, else the text."""
    found: str = case.get("title") or case.get("caption") or case["text"]
    return found


def into_of(case: Case) -> str:
    """Give the other one of the two languages."""
    return "pt" if case["language"] == "en" else "en"


def translate_whole(case: Case) -> Answer:
    """Translate a case through the whole path."""
    blocks: list[dict[str, Any]] = []
    if "text" in case:
        kinds = {"links": "link", "code": "code", "italic": "italic"}
        spans = [
            {"kind": kind, "text": words, "value": "https://example.org/"}
            for name, kind in kinds.items()
            for words in case.get(name, ())
        ]
        blocks.append({"kind": "paragraph", "text": case["text"], "spans": spans})
    if "caption" in case:
        blocks.append(
            {"kind": "image", "url": "https://example.org/i.jpg", "text": case["caption"]}
        )
    row = {"title": case.get("title", ""), "language": case["language"], "blocks": blocks}
    done = translate_json(row, into_of(case), SPECS)
    if "title" in case:
        return done["title"], []
    block = done["blocks"][-1]
    return block["text"], [block["text"][s["start"] : s["end"]] for s in block["spans"]]


def translate_bare(case: Case) -> Answer:
    """Translate a case with nothing before or after the engine, link texts apart."""
    text = text_of(case)
    links = [words for words in case.get("links", ()) if text_of(case) == case.get("text")]
    pieces = re.split(f"({'|'.join(map(re.escape, links))})", text) if links else [text]
    leg = find_route(available_legs(SPECS), case["language"], into_of(case)).legs[0]
    answers = load_engine(SPECS[0]).translate(pieces, leg)
    linked = [answer for answer, piece in zip(answers, pieces, strict=True) if piece in links]
    return " ".join(filter(None, answers)), linked


def find_faults(case: Case, answer: Answer) -> Iterator[str]:
    """Name the checks that a translation fails."""
    text, linked = answer
    if case.get("same") and text != text_of(case):
        yield "changed"
    yield from (f"lacks {words!r}" for words in case.get("has", ()) if words not in text)
    yield from (f"has {words!r}" for words in case.get("lacks", ()) if words in text)
    yield from (f"unlike {p!r}" for p in case.get("like", ()) if not re.search(p, text))
    yield from (f"like {p!r}" for p in case.get("unlike", ()) if re.search(p, text))
    for pattern in case.get("linked", ()):
        if not any(re.search(pattern, words) for words in linked):
            yield f"links {linked}"


def show(cases: Sequence[Case]) -> None:
    """Print the cases that fail after our path."""
    for case in cases:
        answer = translate_whole(case)
        faults = list(find_faults(case, answer))
        if faults:
            print(f"{case['class']}: {text_of(case)[:150]!r}\n  -> {answer[0][:150]!r}")
            print(f"  {'; '.join(faults)[:150]}")


def _share(passed: Sequence[bool]) -> float:
    return round(sum(passed) / max(1, len(passed)), 4)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what fails")
    parser.add_argument("--class", dest="kind", default="", help="only this class")
    given = parser.parse_args()
    if given.show:
        show([case for case in read_cases() if given.kind in ("", case["class"])])
    else:
        print(json.dumps(main(), ensure_ascii=False, indent=2))
