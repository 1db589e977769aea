"""Measure how often a term comes out as the glossary says, on sentences of our own.

    python -m quality.terms [--half seen|unseen] [--show]

`terms.jsonl` holds 100 sentences with a term each. Those of the first half were looked at while
the code was written; the other half is only measured. Whether the rest of the sentence agrees
with the term is for a reader to judge: `--show` prints the translations.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dragoman.translate import available_legs, find_route, translate_article
from dragoman.translate.glossary import WAYS, find_lacking, write_terms
from dragoman.translate.steps import Sentence, translate_sentences
from dragoman.translate.wording.terms import Terms
from dragoman.types import Aids, Article, Block, BlockKind, EngineSpec, Term, Text, Verdict

SPECS = (EngineSpec("firefox"),)
SET = Path(__file__).with_name("terms.jsonl")
NAMES = ("as written", "in quotation marks", "with capitals", "shielded")


def read_cases(half: str) -> Iterator[tuple[Term, str]]:
    """Give the terms with their sentences."""
    for line in SET.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if half in ("", row["half"]):
            term = Term(row["language"], row["into"], row["term"], row["translation"])
            yield term, row["text"]


def measure(half: str, *, is_shown: bool) -> Counter[str]:
    """Count the sentences in which the term comes out right, by way and in the whole path."""
    legs = available_legs(SPECS)
    counts: Counter[str] = Counter()
    for term, text in read_cases(half):
        route = find_route(legs, term.language, term.into)
        sentence = Sentence(text, terms=Terms([term]).find(text))
        counts["sentences"] += 1
        ways = [write_terms(sentence, term.into, way) for way in WAYS]
        asked = [Sentence(text), *(way for way in ways if way)]
        named = ["by itself", *(name for name, way in zip(NAMES, ways, strict=True) if way)]
        answers = translate_sentences(asked, route, SPECS)
        for name, answer in zip(named, answers, strict=True):
            counts[name] += not find_lacking(sentence.terms, answer, term.into)
        block = Block(BlockKind.PARAGRAPH, (Text(text),))
        article = Article("a", "s", "u", term.language, "", (block,))
        made = translate_article(article, term.into, route, SPECS, {}, Aids(glossary=(term,)))
        (done,) = made.segments
        is_right = not find_lacking(sentence.terms, done.target, term.into)
        counts["whole path"] += is_right
        counts["whole path, published"] += is_right and done.verdict is Verdict.PUBLISH
        if is_shown:
            wanted = term.translation or "(never translated)"
            found = ", ".join(check.name for check in done.checks)
            print(f"{term.term} > {wanted}: {done.target}  [{found}]")
    return counts


def main() -> dict[str, dict[str, float]]:
    """Give for each half the share of sentences that come out right, by way."""
    halves = {half: measure(half, is_shown=False) for half in ("seen", "unseen")}
    return {
        half: {way: round(count / counts["sentences"], 4) for way, count in counts.items()}
        for half, counts in halves.items()
    }


def print_counts() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("seen", "unseen"), default="")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    counts = measure(options.half, is_shown=options.show)
    print(json.dumps(counts, indent=2))


if __name__ == "__main__":
    print_counts()
