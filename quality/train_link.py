"""Fit the weights of linking, and the means of its vectors, on labelled news.

    python -m quality.train_link --data DIR

Writes `judge.json` and `centres.npz` into `src/dragoman/link/`. Two questions, one happening and
one story, are put to logistic regression over the signs that `dragoman.link.judge` reads: two
articles of one language share their weights with two of different ones but for a difference,
which is kept small, since labelled pairs across languages are few. Each set weighs alike, and so
do a set's pairs of one event, of two events of one story, and of strangers.

For events each set has an intercept of its own while fitting, of which only the mean is kept:
how many pairs of a set are one happening says how it was made.

`quality.link` fits on one half of every set and measures on the other; the shipped weights are
fitted on all of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dragoman.languages import base
from dragoman.link.centres import ALL, centre
from dragoman.link.judge import NEAR, compare, prepare
from dragoman.link.model import SIGNS, Model, load_model, read_model
from dragoman.link.rarity import Rarity
from dragoman.link.traits import read_traits
from dragoman.link.vectors import stack_vectors
from dragoman.types import LinkInput
from quality.link_sets import EVENT_SETS, Pair, Report, read_events, read_pairs

ROOM = Path(__file__).parents[1] / "src" / "dragoman" / "link"
_SAME, _OTHER = 1.5, 2.5  # rated up to the first: one happening; from the second: another
_SAME_STORY = 2.0
_SHARE = {"dated": 100.0, "undated": 100.0, "stream": 100.0, "press": 50.0}
_PAIR_SHARE = 1.0  # weight of one rated pair
_RIDGE = 3.0
_KEPT = 30  # articles that the mean of all stands for in the mean of a language
# What says nothing of whether two reports are one happening.
_STORY_ONLY = ("places", "focus", "head", "short")
_WITHIN_ONLY = ("words", "head")

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Two articles compared."""

    signs: tuple[float, ...]
    is_within: bool
    event: bool | None  # None: people were of two minds
    story: bool
    weight: tuple[float, float]  # for the one question and the other
    half: int
    origin: str = "pairs"


def make_centres(pairs: Sequence[Pair]) -> dict[str, NDArray[np.float16]]:
    """Give the mean vector of each language, and of all."""
    articles = [article for pair in pairs for article in (pair.one, pair.other)]
    vectors = stack_vectors(article.vector for article in articles)
    languages = [base(article.language) for article in articles]
    mean = vectors.mean(axis=0)
    means = {ALL: mean.astype(np.float16)}
    for language in sorted(set(languages)):
        rows = [row for row, code in enumerate(languages) if code == language]
        total = vectors[rows].sum(axis=0) + _KEPT * mean
        means[language] = (total / (len(rows) + _KEPT)).astype(np.float16)
    return means


def _compare_all(
    articles: Sequence[LinkInput], chosen: Sequence[tuple[int, int]]
) -> list[tuple[tuple[float, ...], bool]]:
    traits = [read_traits(article) for article in articles]
    rarity = Rarity(traits)
    ready = [prepare(one, rarity, 0.0, "") for one in traits]
    vectors = centre(
        stack_vectors(a.vector for a in articles), [article.language for article in articles]
    )
    model = load_model()
    return [
        (compare(ready[a], ready[b], float(vectors[a] @ vectors[b]), model).signs,
         traits[a].language == traits[b].language)
        for a, b in chosen
    ]  # fmt: skip


def sample_events(name: str, reports: Sequence[Report]) -> list[Sample]:
    """Compare the articles of each half of a set with one another."""
    articles = [report.article for report in reports]
    vectors = centre(
        stack_vectors(a.vector for a in articles), [article.language for article in articles]
    )
    near = vectors @ vectors.T
    chosen = [
        (a, b) for a, b in combinations(range(len(reports)), 2)
        if near[a, b] >= NEAR and reports[a].half == reports[b].half
    ]  # fmt: skip
    labels = [
        (reports[a].event == reports[b].event, reports[a].story == reports[b].story,
         reports[a].key == reports[b].key)
        for a, b in chosen
    ]  # fmt: skip
    counts = {kind: max(1, sum((one, key) == kind for one, _, key in labels))
              for kind in ((True, True), (False, True), (False, False))}  # fmt: skip
    same = max(1, sum(story for _, story, _ in labels))
    compared = _compare_all(articles, chosen)
    return [
        Sample(signs, is_within, event, story,
               (_SHARE[name] / counts[event, key],
                _SHARE[name] / (same if story else counts[event, key])),
               reports[pair[0]].half, name)
        for pair, (event, story, key), (signs, is_within)
        in zip(chosen, labels, compared, strict=True)
    ]  # fmt: skip


def sample_pairs(pairs: Sequence[Pair]) -> list[Sample]:
    """Compare the two articles of each rated pair."""
    articles = [article for pair in pairs for article in (pair.one, pair.other)]
    compared = _compare_all(articles, [(2 * n, 2 * n + 1) for n in range(len(pairs))])
    found = []
    for number, (pair, (signs, is_within)) in enumerate(zip(pairs, compared, strict=True)):
        event = None if _SAME < pair.overall < _OTHER else pair.overall <= _SAME
        story = pair.overall <= _SAME_STORY
        weight = (_PAIR_SHARE, _PAIR_SHARE)
        found.append(Sample(signs, is_within, event, story, weight, number % 2))
    return found


def _regress(signs: Values, labels: Values, weights: Values) -> Values:
    """Fit logistic regression with a ridge by Newton's method; the last weight is the bias."""
    scale = signs.std(axis=0) + 1e-9
    table = np.c_[signs / scale, np.ones(len(signs))]
    ridge = np.eye(table.shape[1]) * _RIDGE
    ridge[-1, -1] = 1e-6
    fitted: Values = np.zeros(table.shape[1])
    for _ in range(60):
        chances = 1.0 / (1.0 + np.exp(-np.clip(table @ fitted, -30, 30)))
        slope = table.T @ (weights * (chances - labels)) + ridge @ fitted
        bend = (table * (weights * chances * (1 - chances))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, slope)
        fitted -= step
        if float(abs(step).max()) < 1e-6:
            break
    fitted[:-1] /= scale
    return fitted


def _fit_question(samples: Sequence[Sample], question: str) -> dict[str, dict[str, float]]:
    kept = [one for one in samples if getattr(one, question) is not None]
    names = [sign for sign in SIGNS if question == "story" or sign not in _STORY_ONLY]
    within = np.array([one.is_within for one in kept], dtype=np.float64)
    columns, keys = [], []
    for name in names:
        values = np.array([one.signs[SIGNS.index(name)] for one in kept])
        columns.append(values)
        keys.append((name, False))
        if name not in _WITHIN_ONLY:
            columns.append(values * within)
            keys.append((name, True))
    offsets = EVENT_SETS if question == "event" else ()
    for name in offsets:
        columns.append(np.array([one.origin == name for one in kept], dtype=np.float64))
        keys.append((name, False))
    labels = np.array([bool(getattr(one, question)) for one in kept], dtype=np.float64)
    which = 0 if question == "event" else 1
    weights = np.array([one.weight[which] for one in kept])
    fitted = _regress(np.stack([*columns, within], axis=1), labels, weights)
    by_key = dict(zip(keys, fitted, strict=False))
    across = {name: float(by_key[name, False]) for name in names}
    inside = {name: across[name] + float(by_key.get((name, True), 0.0)) for name in names}
    missing = dict.fromkeys(set(SIGNS) - set(names), 0.0)
    bias, extra = float(fitted[-1]), float(fitted[-2])
    # How many pairs of a set are one happening says how it was made: only the mean is kept.
    bias += sum(float(by_key[name, False]) for name in offsets) / (len(EVENT_SETS) + 1)
    return {
        f"{question}_within": missing | inside | {"bias": bias + extra},
        f"{question}_across": missing | across | {"bias": bias},
    }


def fit(samples: Sequence[Sample]) -> dict[str, dict[str, float]]:
    """Fit the weights of both questions."""
    found = _fit_question(samples, "event") | _fit_question(samples, "story")
    order = ("bias", *SIGNS)
    return {
        name: {sign: round(weights[sign], 4) for sign in order} for name, weights in found.items()
    }


def sample_all(sets: Mapping[str, Sequence[Report]], pairs: Sequence[Pair]) -> list[Sample]:
    """Compare all that is labelled."""
    found = sample_pairs(pairs)
    for name, reports in sets.items():
        found += sample_events(name, reports)
    return found


def fit_halves(samples: Sequence[Sample]) -> tuple[Model, Model]:
    """Give the model for each half, fitted on the other alone."""
    one, other = (
        read_model(fit([s for s in samples if s.half != half])) for half in (0, 1)
    )  # fmt: skip
    return one, other


def main() -> None:
    """Fit on everything, and write what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    pairs = read_pairs(data)
    centres = make_centres(pairs)
    np.savez_compressed(ROOM / "centres.npz", allow_pickle=False, **centres)
    samples = sample_all({name: read_events(data, name) for name in EVENT_SETS}, pairs)
    weights = fit(samples)
    (ROOM / "judge.json").write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    print(f"fitted on {len(samples)} pairs of articles")


if __name__ == "__main__":
    main()
