"""How two reports stand to one another, from what they share and what contradicts.

The score is log odds: above zero more likely one happening than not. Within a language
shared words tell as much as the encoder's cosine; across languages they tell nothing, so
each case has its own weights, fitted on labelled pairs and rounded (`quality/link.py`
measures them). No weight belongs to a single language.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dragoman.languages import country_name
from dragoman.link.names import shared_names
from dragoman.link.traits import Traits


@dataclass(frozen=True, slots=True)
class Weights:
    """Log odds for each sign. ``words`` counts only where both are of one language."""

    bias: float
    cosine: float
    words: float  # by the root of the overlap: the first shared words tell most
    names: float  # share of the weight of the names of the poorer text
    rare: float  # per unit of rarity shared
    numbers: float  # per specific figure shared, three at most
    other_places: float  # the places that matter are disjoint
    no_names: float  # three names and more in each, none shared
    other_numbers: float  # figures in both, none shared


WITHIN = Weights(-6.4, 5.4, 7.5, 3.4, 0.0, 0.1, -0.6, -1.3, -0.5)
ACROSS = Weights(-5.2, 9.0, 0.0, 0.0, 0.04, 0.4, -2.4, -0.4, -0.1)
FAR = -4.0  # of a pair too unlike to be looked at
NEAR = 0.25  # cosine below which a pair is not looked at
_CAP = 5.0  # log odds of one pair, either way: one twin must not outvote ten strangers
_PRIOR_TEXTS = 40  # the window is small at first: these imagined texts steady the rarity
_PRIOR_BY_LENGTH = {1: 0.6, 2: 0.6, 3: 0.4, 4: 0.15, 5: 0.08}  # short words are common
_PRIOR = 0.03
_UNSPACED = "\u0e00"  # from here on scripts that do not part words
_RECURRING_HOURS = 14.0
_HOURS = 3600.0


class Rarity:
    """How rare names and words are in a window of texts."""

    def __init__(self, window: Iterable[Traits]) -> None:
        self._names: Counter[str] = Counter()
        self._words: dict[str, Counter[str]] = {}
        self._texts: Counter[str] = Counter()
        for traits in window:
            self._names.update(traits.names.keys())
            self._words.setdefault(traits.language, Counter()).update(traits.words.keys())
            self._texts[traits.language] += 1
        self._total = self._texts.total()

    def of_name(self, key: str) -> float:
        """Give the rarity of a name: about 1 if everyone has it, 4 and more if two do."""
        return math.log((self._total + 60) / (self._names[key] + 2))

    def of_word(self, word: str, language: str) -> float:
        """Give the rarity of a word among the texts of its language."""
        is_short = word < _UNSPACED  # pairs of Chinese characters are short and yet words
        share = _PRIOR_BY_LENGTH.get(len(word), _PRIOR) if is_short else _PRIOR
        prior = _PRIOR_TEXTS * share
        seen = self._words.get(language, Counter())[word]
        return math.log((self._texts[language] + _PRIOR_TEXTS) / (seen + prior))

    def weigh_words(self, traits: Traits) -> dict[str, float]:
        """Give the words of a text with their weights, as a vector of length one."""
        language = traits.language
        weighed = {
            word: (1.0 + math.log(count)) * self.of_word(word, language)
            for word, count in traits.words.items()
        }
        length = math.sqrt(sum(value * value for value in weighed.values()))
        return {word: value / length for word, value in weighed.items()} if length else {}


@dataclass(frozen=True, slots=True)
class Reading:
    """An article made ready for comparison."""

    traits: Traits
    words: Mapping[str, float]
    name_weight: float
    at: float  # seconds since the epoch
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the comparison of two articles found."""

    score: float  # log odds, time left out
    cosine: float
    words: float
    names: tuple[str, ...]  # shared, rarest first
    rarity: float  # of the rarest shared name
    numbers: tuple[str, ...]
    places: tuple[str, ...]
    same_focus: float  # share of the countries at the head of either that are at both's
    is_elsewhere: bool  # the places contradict
    is_recurring: bool  # one column on two days


def prepare(traits: Traits, rarity: Rarity, at: float, source: str) -> Reading:
    """Weigh the words and names of an article."""
    weight = sum(rarity.of_name(key) for key in traits.names)
    return Reading(traits, rarity.weigh_words(traits), weight, at, source)


def _overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other[word] for word, value in one.items() if word in other)


def is_recurring(one: Reading, other: Reading) -> bool:
    """Whether two articles are one column on two days: weather, markets, a live page.

    One outlet's title without its dates says so. Where the outlet is not known, the dates or
    figures in the title must differ: the same title elsewhere is a report printed twice.
    """
    first = one.traits.format
    if not first or first != other.traits.format:
        return False
    if abs(one.at - other.at) < _RECURRING_HOURS * _HOURS:
        return False
    if one.source and other.source:
        return one.source == other.source
    return one.traits.title != other.traits.title


def _is_elsewhere(one: Traits, other: Traits) -> bool:
    if not one.focus or not other.focus:
        return False
    return not set(one.focus) & set(other.places) and not set(other.focus) & set(one.places)


def _share_focus(one: Traits, other: Traits) -> float:
    both, either = set(one.focus) & set(other.focus), set(one.focus) | set(other.focus)
    return len(both) / len(either) if one.focus and other.focus else 1.0


def compare(one: Reading, other: Reading, cosine: float, rarity: Rarity) -> Finding:
    """Compare two articles, whatever their languages."""
    a, b = one.traits, other.traits
    is_within = a.language == b.language
    weights = WITHIN if is_within else ACROSS
    words = _overlap(one.words, other.words) if is_within else 0.0
    shared = sorted(((rarity.of_name(k), form) for k, form in shared_names(a.names, b.names)),
                    reverse=True)  # fmt: skip
    weight = sum(value for value, _ in shared)
    numbers = a.numbers & b.numbers
    is_elsewhere = _is_elsewhere(a, b)
    score = (
        weights.bias
        + weights.cosine * cosine
        + weights.words * math.sqrt(words)
        + weights.names * weight / (min(one.name_weight, other.name_weight) + 6.0)
        + weights.rare * min(weight, 20.0)
        + weights.numbers * min(len(numbers), 3)
    )
    if is_elsewhere:
        score += weights.other_places
    if not shared and min(len(a.names), len(b.names)) >= 3:
        score += weights.no_names
    if a.numbers and b.numbers and not numbers:
        score += weights.other_numbers
    return Finding(
        score=max(-_CAP, min(_CAP, score)),
        cosine=cosine,
        words=words,
        names=tuple(form for _, form in shared),
        rarity=shared[0][0] if shared else 0.0,
        numbers=tuple(sorted(numbers)),
        places=tuple(place for place in a.places if place in b.places),
        same_focus=_share_focus(a, b),
        is_elsewhere=is_elsewhere,
        is_recurring=is_recurring(one, other),
    )


@lru_cache(maxsize=512)
def _country(code: str) -> str:
    return country_name(code, "en")


def explain(finding: Finding, hours: float | None) -> tuple[str, ...]:
    """Say in plain words what a comparison rests on. ``hours`` None: a date is unknown."""
    alike = (
        "very like" if finding.cosine >= 0.65 else "like" if finding.cosine >= 0.48 else "unlike"
    )
    reasons = [f"the texts are {alike} one another ({finding.cosine:.2f})"]
    if finding.words >= 0.12:
        reasons.append(f"they share rare words ({finding.words:.2f})")
    if finding.names:
        reasons.append("names in both: " + ", ".join(finding.names[:5]))
    if finding.places:
        reasons.append("places in both: " + ", ".join(map(_country, finding.places[:4])))
    if finding.numbers:
        reasons.append("figures in both: " + ", ".join(finding.numbers[:4]))
    if finding.is_elsewhere:
        reasons.append("they speak of different countries")
    if finding.is_recurring:
        reasons.append("one column on different days")
    if hours is None:
        reasons.append("no date to compare")
    else:
        reasons.append(f"{hours:.0f} hours apart" if hours < 72 else f"{hours / 24:.0f} days apart")
    return tuple(reasons)
