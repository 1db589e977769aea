"""Measure linking on labelled news, side by side with two baselines.

    python -m quality.link --data DIR

BCubed precision, recall and F1 and pairwise F1, for events and for stories, of the linker, of
TF-IDF with an online nearest centroid, and of the vectors with one threshold; where reports have
their hour, also of the vectors with a gap of two days. Everything is tuned or fitted on one
half of a set's stories and tested on the other, both ways: the baselines' thresholds, and the
linker's weights (`quality.train_link`; what is shipped is fitted on both halves). The linker is
measured with the shipped scale of events and with one tuned so. Pairs: AUC of
"one story" (rated at most 2), overall and by languages, fitted and tested alike. And how many
pairs are judged the same when the stream's reports come shuffled within an hour.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.link import Scale, group_articles, link_batch, link_stories
from dragoman.link.model import Model
from dragoman.link.vectors import stack_vectors
from dragoman.types import Judgement, LinkInput
from quality.link_sets import EVENT_SETS, Pair, Report, labels_of, read_events, read_pairs
from quality.train_link import Sample, fit_halves, sample_events, sample_pairs

Labels = Mapping[str, str]
Matrix = NDArray[np.float32]
Run = Callable[[Sequence[Report], float], Labels]

_THRESHOLDS = [round(0.02 * step, 2) for step in range(4, 40)]
_TOKEN = re.compile(r"\w\w+")
_TWO_DAYS = 2 * 86400.0
_WITH_HOURS = ("stream", "press")
_DAYS = (2.0, 7.0, 30.0, 90.0, 180.0, 365.0)  # scales of events that are tried
_LEAST = (-3.0, -2.5, -2.0, -1.5, -1.25, -1.0, -0.5, 0.0)


# -- Scores -------------------------------------------------------------------------


def _to_f1(both: int, either: int) -> float:
    return round(2 * both / either, 3) if either else 0.0


def score_bcubed(gold: Labels, found: Labels) -> dict[str, float]:
    """Give BCubed precision, recall and F1 (Bagga and Baldwin 1998) and pairwise F1."""
    golden, groups = defaultdict(set), defaultdict(set)
    for key in gold:
        golden[gold[key]].add(key)
        groups[found[key]].add(key)
    hits = {key: len(golden[gold[key]] & groups[found[key]]) for key in gold}
    precision = sum(hits[key] / len(groups[found[key]]) for key in gold) / len(gold)
    recall = sum(hits[key] / len(golden[gold[key]]) for key in gold) / len(gold)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / (precision + recall), 3),
        "pairwise_f1": score_pairs(gold, found, lambda one, other: True),
    }


def score_pairs(gold: Labels, found: Labels, is_meant: Callable[[str, str], bool]) -> float:
    """Give F1 over the pairs that are meant."""
    same = [(gold[a] == gold[b], found[a] == found[b])
            for a, b in combinations(sorted(gold), 2) if is_meant(a, b)]  # fmt: skip
    both = sum(1 for one, other in same if one and other)
    return _to_f1(both, sum(one for one, _ in same) + sum(other for _, other in same))


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


def cluster_online(
    vectors: Matrix, times: Sequence[float], threshold: float, gap: float
) -> list[str]:
    """Put each vector to the nearest centroid that is not silent, or begin a new group."""
    sums: list[Matrix] = []
    last: list[float] = []
    found = []
    for vector, at in zip(vectors, times, strict=True):
        near = [
            float(vector @ total / np.linalg.norm(total)) if at - before <= gap else -1.0
            for total, before in zip(sums, last, strict=True)
        ]
        best = int(np.argmax(near)) if near else -1
        if best >= 0 and near[best] >= threshold:
            sums[best], last[best] = sums[best] + vector, at
        else:
            best = len(sums)
            sums.append(vector)
            last.append(at)
        found.append(str(best))
    return found


def make_baseline(reports: Sequence[Report], vectors: Matrix, gap: float = math.inf) -> Run:
    """Give a baseline that groups some of the reports by their vectors."""
    row_of = {report.article.id: row for row, report in enumerate(reports)}

    def run(some: Sequence[Report], threshold: float) -> Labels:
        ordered = sorted(some, key=lambda report: (report.article.at, report.article.id))
        rows = [row_of[report.article.id] for report in ordered]
        times = [report.article.at.timestamp() for report in ordered]
        groups = cluster_online(vectors[rows], times, threshold, gap)
        return {one.article.id: group for one, group in zip(ordered, groups, strict=True)}

    return run


# -- What is measured -----------------------------------------------------------------


def _test(some: Sequence[Report], level: str, found: Labels) -> dict[str, float]:
    gold = labels_of(some, level)
    languages = {report.article.id: report.article.language for report in some}
    scores = score_bcubed(gold, found)
    if len(set(languages.values())) > 1:
        scores["across_f1"] = score_pairs(gold, found, lambda a, b: languages[a] != languages[b])
        scores["within_f1"] = score_pairs(gold, found, lambda a, b: languages[a] == languages[b])
    return scores


def _mean(tested: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: round(sum(t[name] for t in tested) / len(tested), 3) for name in tested[0]}


def measure_baseline(reports: Sequence[Report], level: str, run: Run) -> dict[str, float]:
    """Tune the threshold on each half, test on the other, and give the means."""
    tested = []
    for half in (0, 1):
        tuning = [report for report in reports if report.half != half]
        testing = [report for report in reports if report.half == half]
        gold = labels_of(tuning, level)
        best = max(_THRESHOLDS, key=lambda t: (score_bcubed(gold, run(tuning, t))["f1"], -t))
        tested.append(_test(testing, level, run(testing, best)) | {"threshold": best})
    return _mean(tested)


def _link(reports: Sequence[Report], model: Model, scale: Scale) -> dict[str, Labels]:
    """Give the event and the story of each report, as the ``dragoman link`` filter finds them."""
    answers = list(link_batch([report.row for report in reports], model=model, scale=scale))
    return {
        level: {str(answer["id"]): str(answer[level]) for answer in answers}
        for level in ("event", "story")
    }


def tune_scale(reports: Sequence[Report], model: Model) -> Scale:
    """Give where events end in these reports; of scales that do as well, that nearest to ours."""
    gold = labels_of(reports, "event")
    ours = Scale()
    scales = sorted(
        (Scale(days, least) for days in _DAYS for least in _LEAST),
        key=lambda one: (abs(math.log(one.days / ours.days)), abs(one.least - ours.least)),
    )
    return max(
        scales, key=lambda one: score_bcubed(gold, _link(reports, model, one)["event"])["f1"]
    )


def measure_linker(
    reports: Sequence[Report], models: Sequence[Model], *, is_tuned: bool = False
) -> dict[str, Any]:
    """Link each half by the weights fitted on the other; give events and stories.

    Tuned, the scale of events is chosen on that other half, too; else it is the shipped one.
    """
    tested: dict[str, list[dict[str, float]]] = {"event": [], "story": []}
    for half, model in enumerate(models):
        some = [report for report in reports if report.half == half]
        rest = [report for report in reports if report.half != half]
        scale = tune_scale(rest, model) if is_tuned else Scale()
        for level, found in _link(some, model, scale).items():
            scores = _test(some, level, found)
            tested[level].append(scores | {"days": scale.days, "least": scale.least})
    return {level: _mean(scores) for level, scores in tested.items()}


def measure_events(name: str, reports: Sequence[Report], models: Sequence[Model]) -> dict[str, Any]:
    """Measure the linker and the baselines on one set."""
    vectors = stack_vectors(report.article.vector for report in reports)
    terms = weigh_terms([f"{r.article.title} {r.article.text}" for r in reports])
    runs = {"tfidf": make_baseline(reports, terms), "vectors": make_baseline(reports, vectors)}
    if name in _WITH_HOURS:
        runs["vectors_two_days"] = make_baseline(reports, vectors, _TWO_DAYS)
    measured: dict[str, Any] = {
        "linker": measure_linker(reports, models),
        "linker_tuned": measure_linker(reports, models, is_tuned=True),
    }
    for baseline, run in runs.items():
        measured[baseline] = {
            level: measure_baseline(reports, level, run) for level in ("event", "story")
        }
    return measured


def measure_pairs(
    pairs: Sequence[Pair], samples: Sequence[Sample], models: Sequence[Model]
) -> dict[str, Any]:
    """Give AUC of one story against not, by the judge, the vectors and TF-IDF."""
    articles = [article for pair in pairs for article in (pair.one, pair.other)]
    vectors = stack_vectors(article.vector for article in articles)
    terms = weigh_terms([f"{article.title} {article.text}" for article in articles])
    scores: dict[str, list[float]] = {
        "judge": [_judge(sample, models[sample.half]) for sample in samples],
        "vectors": [float(vectors[2 * n] @ vectors[2 * n + 1]) for n in range(len(pairs))],
        "tfidf": [float(terms[2 * n] @ terms[2 * n + 1]) for n in range(len(pairs))],
    }
    groups: dict[str, list[int]] = {"overall": list(range(len(pairs)))}
    for number, pair in enumerate(pairs):
        one, other = pair.one.language, pair.other.language
        groups.setdefault("within" if one == other else "across", []).append(number)
        groups.setdefault("-".join(sorted((one, other))), []).append(number)
    return {
        name: {"pairs": len(numbers)} | {
            way: round(measure_auc([s[i] for i in numbers], [samples[i].story for i in numbers]), 3)
            for way, s in scores.items()
        }
        for name, numbers in sorted(groups.items())
    }  # fmt: skip


def _judge(sample: Sample, model: Model) -> float:
    return (model.story_within if sample.is_within else model.story_across).weigh(sample.signs)


def _link_one_by_one(articles: Sequence[LinkInput]) -> Labels:
    known: list[LinkInput] = []
    judgements: dict[frozenset[str], Judgement] = {}
    for article in articles:
        for made in link_stories([article], known, [*judgements.values()]):
            judgements[frozenset((made.article, made.other))] = made
        known.append(article)
    return {g.article: g.event for g in group_articles(known, [*judgements.values()])}


def measure_order(reports: Sequence[Report], shuffles: int = 3) -> dict[str, float]:
    """Give the share of joined pairs that stay joined when reports come shuffled by the hour."""
    ordered = sorted((r.article for r in reports), key=lambda a: (a.at, a.id))
    straight = _link_one_by_one(ordered)
    shares, alike = [], []
    for seed in range(shuffles):
        chance = random.Random(seed)
        moved = sorted(ordered, key=lambda a: a.at.timestamp() + chance.uniform(-3600, 3600))
        other = _link_one_by_one(moved)
        pairs = [(straight[a] == straight[b], other[a] == other[b])
                 for a, b in combinations(sorted(straight), 2)]  # fmt: skip
        alike.append(sum(one == two for one, two in pairs) / len(pairs))
        shares.append(score_pairs(straight, other, lambda one, two: True))
    return {"same_judgement": round(min(alike), 4), "joined_f1": min(shares)}


def main(data: Path) -> dict[str, Any]:
    """Measure all sets."""
    sets = {name: read_events(data, name) for name in EVENT_SETS}
    pairs = read_pairs(data)
    rated = sample_pairs(pairs)
    samples = [*rated, *(s for name, r in sets.items() for s in sample_events(name, r))]
    models = fit_halves(samples)
    found = {name: measure_events(name, reports, models) for name, reports in sets.items()}
    return found | {
        "pairs": measure_pairs(pairs, rated, models),
        "order": measure_order(sets["stream"]),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    print(json.dumps(main(parser.parse_args().data), indent=2))
