"""How two reports stand to one another, from what they share and what contradicts.

The scores are log odds: above zero more likely one happening, or one story, than not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dragoman.languages import country_name
from dragoman.link.model import Model
from dragoman.link.names import shared_names
from dragoman.link.rarity import Rarity
from dragoman.link.traits import Traits

FAR = -6.0  # of a pair too unlike to be looked at
NEAR = 0.16  # cosine below which a pair is not looked at
_RECURRING_HOURS = 14.0
_HOURS = 3600.0
LIKE = 0.33  # cosine from which two texts are called alike, and may be one story
_VERY_LIKE = 0.55


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

    event: float  # log odds of one happening, time left out
    story: float  # the same of one story
    signs: tuple[float, ...]
    cosine: float
    words: float
    names: tuple[str, ...]  # shared, rarest first
    rarity: float  # of the rarest shared name
    numbers: tuple[str, ...]
    places: tuple[str, ...]
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


def compare(one: Reading, other: Reading, cosine: float, rarity: Rarity, model: Model) -> Finding:
    """Compare two articles, whatever their languages."""
    a, b = one.traits, other.traits
    is_within = a.language == b.language
    words = max(_overlap(one.words, other.words), 0.0) if is_within else 0.0
    shared = sorted(((rarity.of_name(k), form) for k, form in shared_names(a.names, b.names)),
                    reverse=True)  # fmt: skip
    weight = sum(value for value, _ in shared)
    numbers = a.numbers & b.numbers
    places = tuple(place for place in a.places if place in b.places)
    is_elsewhere = _is_elsewhere(a, b)
    signs = (
        cosine,
        math.sqrt(words),
        weight / (min(one.name_weight, other.name_weight) + 6.0),
        min(weight, 20.0),
        float(min(len(numbers), 3)),
        float(is_elsewhere),
        float(not shared and min(len(a.names), len(b.names)) >= 3),
        float(bool(a.numbers and b.numbers and not numbers)),
        float(min(len(places), 2)),
        _share_focus(a, b),
    )
    return Finding(
        event=(model.event_within if is_within else model.event_across).weigh(signs),
        story=(model.story_within if is_within else model.story_across).weigh(signs),
        signs=signs,
        cosine=cosine,
        words=words,
        names=tuple(form for _, form in shared),
        rarity=shared[0][0] if shared else 0.0,
        numbers=tuple(sorted(numbers)),
        places=places,
        is_elsewhere=is_elsewhere,
        is_recurring=is_recurring(one, other),
    )


@lru_cache(maxsize=512)
def _country(code: str) -> str:
    return country_name(code, "en")


def explain(finding: Finding, hours: float | None) -> tuple[str, ...]:
    """Say in plain words what a comparison rests on. ``hours`` None: a date is unknown."""
    cosine = finding.cosine
    alike = "very like" if cosine >= _VERY_LIKE else "like" if cosine >= LIKE else "unlike"
    reasons = [f"the texts are {alike} one another ({cosine:.2f})"]
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
