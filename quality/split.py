"""Measure sentence splitting: lines of NTREX joined to paragraphs, and found again.

`python -m quality.split --data DIR [--misses N]` prints JSON. DIR holds `ntrex/`. A line is taken
for a sentence; one in twenty holds two, so what splits those is counted as wrong with the rest.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from dragoman.translate.reading.sentences import split_sentences

FILES = {
    "en": "eng.txt",
    "pt": "por-BR.txt",
    "es": "spa.txt",
    "fr": "fra.txt",
    "de": "deu.txt",
    "ru": "rus.txt",
    "ar": "arb.txt",
}
LINES = 5  # a paragraph


def main(data: Path, misses: int = 0) -> dict[str, dict[str, float]]:
    """Measure every language; print some of what was missed."""
    folder = data / "ntrex"
    documents = (folder / "documents.tsv").read_text("utf-8").splitlines()
    found = {}
    for language, name in FILES.items():
        lines = (folder / name).read_text("utf-8").splitlines()
        found[language] = measure(list(join_lines(lines, documents)), language, misses)
    return found


def join_lines(lines: list[str], documents: list[str]) -> Iterator[list[str]]:
    """Give the lines of each paragraph: so many of one document."""
    for _, group in groupby(zip(documents, lines, strict=True), key=lambda pair: pair[0]):
        document = [line.strip() for _, line in group]
        for at in range(0, len(document), LINES):
            yield document[at : at + LINES]


def measure(paragraphs: list[list[str]], language: str, misses: int) -> dict[str, float]:
    """Give precision, recall and their mean for the ends of sentences within paragraphs."""
    hits = found = wanted = 0
    for lines in paragraphs:
        text = " ".join(lines)
        ends = {len(" ".join(lines[:count])) for count in range(1, len(lines))}
        split = {end for _, end in split_sentences(text, language)[:-1]}
        hits, found, wanted = hits + len(ends & split), found + len(split), wanted + len(ends)
        for end in sorted(ends ^ split)[:misses]:
            kind = "not split" if end in ends else "split"
            print(f"{language} {kind}: …{text[max(0, end - 40) : end]}|{text[end : end + 30]}…")
    precision, recall = hits / found, hits / wanted
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--misses", type=int, default=0, help="print so many a paragraph")
    arguments = parser.parse_args()
    print(json.dumps(main(arguments.data, arguments.misses), indent=2))
