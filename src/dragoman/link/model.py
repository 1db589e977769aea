"""The weights of the judgement, fitted by `quality/train_link.py` and kept in `judge.json`.

Two questions are asked of the same signs: is it one happening, and is it one story. Each has
weights for two reports in one language and for two in different ones, since shared words
count within a language alone. No weight belongs to a single language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import mul

SIGNS = (
    "cosine",  # squared, of the vectors of title and lead, centred by language
    "words",  # root of the overlap of weighed words; the first shared words tell most
    "names",  # share of the weight of the names of the poorer text
    "rare",  # rarity of all that is shared, summed, twenty at most
    "numbers",  # specific figures in both, three at most
    "elsewhere",  # the places that matter are disjoint
    "no_names",  # three names and more in each, none shared
    "other_numbers",  # figures in both, none shared
    "places",  # countries in both, two at most
    "focus",  # share of the countries at the head of either that are at both's
    "head",  # share of each title's words, weighed, that stand in the other text
    "short",  # what the shorter text lacks to a hundred words: the less can be shared
)
_MOST = 6.0  # log odds of one pair, either way: one twin must not outvote ten strangers


@dataclass(frozen=True, slots=True)
class Weights:
    """Log odds for each sign, in the order of `SIGNS`."""

    bias: float
    signs: tuple[float, ...]

    def weigh(self, signs: tuple[float, ...]) -> float:
        """Give the log odds that the signs speak for."""
        odds = self.bias + sum(map(mul, self.signs, signs))
        return float(max(-_MOST, min(_MOST, odds)))


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of both questions, within a language and across."""

    event_within: Weights
    event_across: Weights
    story_within: Weights
    story_across: Weights


def read_model(raw: Mapping[str, Mapping[str, float]]) -> Model:
    """Read weights by name; raises `KeyError` where a sign is missing."""

    def read(name: str) -> Weights:
        return Weights(raw[name]["bias"], tuple(raw[name][sign] for sign in SIGNS))

    return Model(*map(read, ("event_within", "event_across", "story_within", "story_across")))


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Load the shipped weights, once a process."""
    return read_model(json.loads(files("dragoman.link").joinpath("judge.json").read_text("utf-8")))
