"""Measure linking on labelled news, side by side with two baselines.

    python -m quality.link --data DIR

``DIR`` holds ``stories/`` (or is it): ``pairs.jsonl``, ``events_dated.jsonl`` and
``events_undated.jsonl``. Events: BCubed precision, recall and F1, and pairwise F1, of the
shipped linker (nothing tuned), of TF-IDF with an online nearest centroid, and of the vectors
with one threshold; the baselines' thresholds are tuned on one half of the events and tested on
the other, which is the half that all three are measured on, both ways. Pairs: AUC of "one
story" (overall at most 2), overall and by languages.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.link import embed, link_batch
from dragoman.link.judge import Rarity, compare, prepare
from dragoman.link.traits import read_traits
from dragoman.link.vectors import stack_vectors
from dragoman.types import LinkInput

Row = dict[str, Any]
Labels = Mapping[str, str]
Matrix = NDArray[np.float32]

_THRESHOLDS = [round(0.02 * step, 2) for step in range(4, 40)]
_PARTING = re.compile(r"\n| {2}")
_TOKEN = re.compile(r"\w\w+")
_SAME = 2.0  # `overall` up to which two reports are of one story
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def read_rows(path: Path) -> list[Row]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


# -- Scores -------------------------------------------------------------------------


def score_bcubed(gold: Labels, found: Labels) -> dict[str, float]:
    """Give BCubed precision, recall and F1 (Bagga and Baldwin 1998) and pairwise F1."""
    golden, groups = defaultdict(set), defaultdict(set)
    for key in gold:
        golden[gold[key]].add(key)
        groups[found[key]].add(key)
    hits = {key: len(golden[gold[key]] & groups[found[key]]) for key in gold}
    precision = sum(hits[key] / len(groups[found[key]]) for key in gold) / len(gold)
    recall = sum(hits[key] / len(golden[gold[key]]) for key in gold) / len(gold)
    pairs = list(combinations(sorted(gold), 2))
    same = [(gold[a] == gold[b], found[a] == found[b]) for a, b in pairs]
    both = sum(1 for one, other in same if one and other)
    either = sum(one for one, _ in same) + sum(other for _, other in same)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / (precision + recall), 3),
        "pairwise_f1": round(2 * both / either, 3) if either else 0.0,
    }


def measure_auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Give the chance that a positive scores above a negative; ties count half."""
    positive = np.array([s for s, label in zip(scores, labels, strict=True) if label])
    negative = np.array([s for s, label in zip(scores, labels, strict=True) if not label])
    if not len(positive) or not len(negative):
        return math.nan
    above = (positive[:, None] > negative[None]).mean()
    return float(above + (positive[:, None] == negative[None]).mean() / 2)


# -- Baselines ------------------------------------------------------------------------


def weigh_terms(texts: Sequence[str]) -> Matrix:
    """Give the TF-IDF of texts, a row of length one each."""
    counts = [Counter(_TOKEN.findall(text.lower())) for text in texts]
    seen = Counter(term for count in counts for term in count)
    columns = {term: column for column, term in enumerate(sorted(seen))}
    matrix = np.zeros((len(texts), len(columns)), dtype=np.float32)
    for row, count in enumerate(counts):
        for term, times in count.items():
            rarity = math.log((1 + len(texts)) / (1 + seen[term])) + 1
            matrix[row, columns[term]] = (1 + math.log(times)) * rarity
    lengths = np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    return np.asarray(matrix / lengths, dtype=np.float32)


def cluster_online(vectors: Matrix, threshold: float) -> list[str]:
    """Put each vector to the nearest centroid so far, or begin a new group."""
    sums: list[Matrix] = []
    found = []
    for vector in vectors:
        near = [float(vector @ total / np.linalg.norm(total)) for total in sums]
        best = int(np.argmax(near)) if near else -1
        if best >= 0 and near[best] >= threshold:
            sums[best] = sums[best] + vector
        else:
            best = len(sums)
            sums.append(vector)
        found.append(str(best))
    return found


def _run_baseline(vectors: Matrix, rows: Sequence[Row], threshold: float) -> Labels:
    order = sorted(range(len(rows)), key=lambda i: (rows[i].get("published") or "", rows[i]["id"]))
    groups = cluster_online(vectors[order], threshold)
    return {rows[i]["id"]: group for i, group in zip(order, groups, strict=True)}


def _measure_halves(
    rows: Sequence[Row], keys: Sequence[str], run: Callable[[Sequence[int], float], Labels],
    thresholds: Sequence[float],
) -> dict[str, float]:  # fmt: skip
    """Tune on each half of the topics, test on the other, and give the means."""
    names = {name: number % 2 for number, name in enumerate(sorted(set(keys)))}
    halves = [[i for i, key in enumerate(keys) if names[key] == half] for half in (0, 1)]
    tested: list[dict[str, float]] = []
    for tuning, testing in (halves, halves[::-1]):
        gold = {rows[i]["id"]: str(rows[i]["event"]) for i in tuning}
        best = max(thresholds, key=lambda t: (score_bcubed(gold, run(tuning, t))["f1"], -t))
        gold = {rows[i]["id"]: str(rows[i]["event"]) for i in testing}
        tested.append(score_bcubed(gold, run(testing, best)) | {"threshold": best})
    return {name: round(sum(t[name] for t in tested) / 2, 3) for name in tested[0]}


# -- What is measured -----------------------------------------------------------------


def measure_events(rows: Sequence[Row]) -> dict[str, Any]:
    """Measure the linker and both baselines on articles with a labelled event."""
    articles = [_make_article(row["id"], row.get("language", "en"), row.get("title", ""),
                              row["text"]) for row in rows]  # fmt: skip
    vectors = stack_vectors(embed(articles))
    terms = weigh_terms([f"{article.title} {article.text}" for article in articles])
    keys = [str(row.get("topic") or row["event"]) for row in rows]

    def run_linker(numbers: Sequence[int], level: str) -> Labels:
        chosen = [rows[i] for i in numbers]
        return {answer["id"]: answer[level] for answer in link_batch(chosen)}

    def run_matrix(matrix: Matrix) -> Callable[[Sequence[int], float], Labels]:
        return lambda numbers, threshold: _run_baseline(
            matrix[list(numbers)], [rows[i] for i in numbers], threshold
        )

    everything = range(len(rows))
    gold = {row["id"]: str(row["event"]) for row in rows}
    started = time.perf_counter()
    found = run_linker(everything, "event")
    seconds = time.perf_counter() - started
    return {
        "articles": len(rows),
        "articles_per_second": round(len(rows) / seconds, 1),
        "whole_set": score_bcubed(gold, found),
        "whole_set_stories": score_bcubed(gold, run_linker(everything, "story")),
        "halves": {
            "linker": _measure_halves(rows, keys, lambda n, _: run_linker(n, "event"), [0.0]),
            "linker_stories": _measure_halves(
                rows, keys, lambda n, _: run_linker(n, "story"), [0.0]
            ),
            "tfidf": _measure_halves(rows, keys, run_matrix(terms), _THRESHOLDS),
            "vectors": _measure_halves(rows, keys, run_matrix(vectors), _THRESHOLDS),
        },
    }


def _make_article(ident: str, language: str, title: str, text: str) -> LinkInput:
    return LinkInput(ident, "", language, title, text, _NO_DATE)


def _split_title(ident: str, language: str, text: str) -> LinkInput:
    title, *rest = _PARTING.split(text.strip(), maxsplit=1)
    return _make_article(ident, language, title, rest[0] if rest else "")


def measure_pairs(rows: Sequence[Row]) -> dict[str, Any]:
    """Give AUC of one story against not, by the judge, the vectors and TF-IDF."""
    articles = [_split_title(f"{n}{side}", row["languages"][column], row[side])
                for n, row in enumerate(rows) for column, side in enumerate("ab")]  # fmt: skip
    vectors = stack_vectors(embed(articles))
    terms = weigh_terms([f"{article.title} {article.text}" for article in articles])
    traits = [read_traits(article) for article in articles]
    rarity = Rarity(traits)
    ready = [prepare(trait, rarity, 0.0, "") for trait in traits]
    cosines = [float(vectors[i] @ vectors[i + 1]) for i in range(0, len(articles), 2)]
    scores = {
        "judge": [compare(ready[2 * n], ready[2 * n + 1], c, rarity).score
                  for n, c in enumerate(cosines)],
        "vectors": cosines,
        "tfidf": [float(terms[i] @ terms[i + 1]) for i in range(0, len(articles), 2)],
    }  # fmt: skip
    labels = [row["overall"] <= _SAME for row in rows]
    groups: dict[str, list[int]] = {"overall": list(range(len(rows)))}
    for number, row in enumerate(rows):
        one, other = row["languages"]
        groups.setdefault("within" if one == other else "across", []).append(number)
        groups.setdefault("-".join(sorted((one, other))), []).append(number)
    return {
        name: {"pairs": len(numbers)} | {
            way: round(measure_auc([s[i] for i in numbers], [labels[i] for i in numbers]), 3)
            for way, s in scores.items()
        }
        for name, numbers in sorted(groups.items())
    }  # fmt: skip


def main(data: Path) -> dict[str, Any]:
    """Measure all sets in a folder of labelled stories."""
    folder = data / "stories" if (data / "stories").is_dir() else data
    return {
        "dated": measure_events(read_rows(folder / "events_dated.jsonl")),
        "undated": measure_events(read_rows(folder / "events_undated.jsonl")),
        "pairs": measure_pairs(read_rows(folder / "pairs.jsonl")),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    print(json.dumps(main(parser.parse_args().data), indent=2))
