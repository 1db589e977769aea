"""How two reports stand to one another, from what they share and what contradicts.

The scores are log odds: above zero more likely one happening, or one story, than not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

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
_LINKED = 2.0  # log odds of one story that a link from one text to the other is worth
_TOLD = 0.35  # share of the titles that is worth a word
_FULL = 100.0  # words; of a shorter text less can be shared


@dataclass(frozen=True)
class Reading:
    """An article made ready for comparison."""

    traits: Traits
    rarity: Rarity
    length: int  # in words
    names: Mapping[str, float]  # with their rarity
    name_weight: float
    at: float  # seconds since the epoch
    source: str
    address: str  # as `shorten` writes it
    links: frozenset[str]

    @cached_property
    def words(self) -> Mapping[str, float]:
        """The words, weighed; only a report in the same language asks for them."""
        return self.rarity.weigh_words(self.traits)

    @cached_property
    def head(self) -> Mapping[str, float]:
        """The words of the title, with their share of its weight."""
        return self.rarity.share_head(self.traits)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the comparison of two articles found."""

    event: float  # log odds of one happening, time left out
    story: float  # the same of one story
    signs: tuple[float, ...]
    cosine: float
    words: float
    head: float  # share of the titles that stands in the other text
    names: tuple[str, ...]  # shared, rarest first
    rarity: float  # of the rarest shared name
    numbers: tuple[str, ...]
    places: tuple[str, ...]
    is_elsewhere: bool  # the places contradict
    is_recurring: bool  # one column on two days
    is_linked: bool  # one links to the other


def shorten(url: str) -> str:
    """Give an address as two pages may both write it: host and path, and what is asked for."""
    try:
        parts = urlsplit(url.strip().lower())
    except ValueError:
        return ""
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    asked = "&".join(one for one in parts.query.split("&") if not one.startswith("utm_"))
    return f"{host}{path}?{asked}".rstrip("?") if path or asked else ""  # a front page is no report


def prepare(
    traits: Traits,
    rarity: Rarity,
    at: float,
    source: str,
    url: str = "",
    links: Iterable[str] = (),
) -> Reading:
    """Weigh the names of an article; its links come as `shorten` writes them."""
    names = {key: rarity.of_name(key) for key in traits.names}
    return Reading(
        traits=traits,
        rarity=rarity,
        length=sum(traits.words.values()),
        names=names,
        name_weight=sum(names.values()),
        at=at,
        source=source,
        address=shorten(url),
        links=frozenset(links),
    )


def _overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return math.fsum([one[word] * other[word] for word in one.keys() & other.keys()])


def _share_head(one: Reading, other: Reading) -> float:
    """Give the share of each title that stands in the other text, the mean of both ways."""
    first = [one.head[word] for word in other.words.keys() & one.head.keys()]
    return math.fsum([*first, *(other.head[w] for w in one.words.keys() & other.head.keys())]) / 2


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
    return one.focus.isdisjoint(other.places) and other.focus.isdisjoint(one.places)


def _share_focus(one: Traits, other: Traits) -> float:
    if not one.focus or not other.focus:
        return 1.0
    both = len(one.focus & other.focus)
    return both / (len(one.focus) + len(other.focus) - both)


def compare(one: Reading, other: Reading, cosine: float, model: Model) -> Finding:
    """Compare two articles, whatever their languages."""
    a, b = one.traits, other.traits
    is_within = a.language == b.language
    words = max(_overlap(one.words, other.words), 0.0) if is_within else 0.0
    shared = sorted(((one.names[k], form) for k, form in shared_names(a.names, b.names)),
                    reverse=True)  # fmt: skip
    weight = sum(value for value, _ in shared)
    numbers = a.numbers & b.numbers
    places = tuple(place for place in a.places if place in b.places)
    is_elsewhere = _is_elsewhere(a, b)
    head = _share_head(one, other) if is_within else 0.0
    signs = (
        max(cosine, 0.0) ** 2,
        math.sqrt(words),
        weight / (min(one.name_weight, other.name_weight) + 6.0),
        min(weight, 20.0),
        float(min(len(numbers), 3)),
        float(is_elsewhere),
        float(not shared and min(len(a.names), len(b.names)) >= 3),
        float(bool(a.numbers and b.numbers and not numbers)),
        float(min(len(places), 2)),
        _share_focus(a, b),
        head,
        max(0.0, 1.0 - min(one.length, other.length) / _FULL),
    )
    is_linked = one.address in other.links or other.address in one.links
    return Finding(
        event=(model.event_within if is_within else model.event_across).weigh(signs),
        story=(model.story_within if is_within else model.story_across).weigh(signs)
        + _LINKED * is_linked,
        signs=signs,
        cosine=cosine,
        words=words,
        head=head,
        names=tuple(form for _, form in shared),
        rarity=shared[0][0] if shared else 0.0,
        numbers=tuple(sorted(numbers)),
        places=places,
        is_elsewhere=is_elsewhere,
        is_recurring=is_recurring(one, other),
        is_linked=is_linked,
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
    if finding.head >= _TOLD:
        reasons.append(f"each tells what the other's title says ({finding.head:.2f})")
    if finding.names:
        reasons.append("names in both: " + ", ".join(finding.names[:5]))
    if finding.places:
        reasons.append("places in both: " + ", ".join(map(_country, finding.places[:4])))
    if finding.numbers:
        reasons.append("figures in both: " + ", ".join(finding.numbers[:4]))
    if finding.is_elsewhere:
        reasons.append("they speak of different countries")
    if finding.is_linked:
        reasons.append("one links to the other")
    if finding.is_recurring:
        reasons.append("one column on different days")
    if hours is None:
        reasons.append("no date to compare")
    else:
        reasons.append(f"{hours:.0f} hours apart" if hours < 72 else f"{hours / 24:.0f} days apart")
    return tuple(reasons)
