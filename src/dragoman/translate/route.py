"""The graph of what the engines can translate, and the best way through it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import count

from dragoman import languages
from dragoman.errors import NoRoute, UnknownLanguage
from dragoman.types import UNKNOWN_LANGUAGE, EngineKind, Leg, Route

# COMET of a leg whose quality nobody published: the low end of the registry's neural models,
# and of what rules leave of a news text between languages that are not close.
_ASSUMED = {EngineKind.NEURAL: 80.0, EngineKind.RULES: 60.0, EngineKind.ECHO: 1.0}
_LONGEST = 4  # legs
_CLEARLY = 5.0  # of the same points: less is not worth translating everything again


def find_route(legs: Sequence[Leg], language: str, into: str) -> Route:
    """Find the route that loses least: what each leg loses in quality is added up.

    So a direct leg wins over a pivot, and a good leg pays: English to Spanish through a
    neural Portuguese leg measured better than by direct rules. A route with a rule-based leg
    is taken only where no other leads. Raises `NoRoute`.
    """
    start, goal = variant_of(language), variant_of(into)
    if start != goal:
        sound = [leg for leg in legs if leg.kind is EngineKind.NEURAL]
        path = _find_path(sound, language, into) or _find_path(legs, language, into)
        if path:
            return Route(path)
    raise NoRoute(_advice(language, into), permanent=False)


def is_clearly_better(route: Route, other: Route) -> bool:
    """Whether a route is worth translating again what was made along another one."""
    if route.is_gist != other.is_gist:
        return other.is_gist
    return _loss(other) - _loss(route) >= _CLEARLY


def _find_path(legs: Sequence[Leg], language: str, into: str) -> tuple[Leg, ...]:
    start, goal = variant_of(language), variant_of(into)
    by_language: dict[str, list[Leg]] = {}
    for leg in legs:
        by_language.setdefault(variant_of(leg.language), []).append(leg)
    order = count()
    queue: list[tuple[float, int, str, tuple[Leg, ...]]] = [(0.0, next(order), start, ())]
    seen: set[tuple[str, int]] = set()
    while queue:
        cost, _, node, path = heapq.heappop(queue)
        if node == goal:
            return path
        if (node, len(path)) in seen or len(path) == _LONGEST:
            continue
        seen.add((node, len(path)))
        for leg in by_language.get(node, ()):
            step = cost + _cost(leg, language if not path else "", into)
            heapq.heappush(queue, (step, next(order), variant_of(leg.into), (*path, leg)))
    return ()


def _loss(route: Route) -> float:
    return sum(_leg_loss(leg) for leg in route.legs)


def _leg_loss(leg: Leg) -> float:
    return 100.0 - (leg.quality or _ASSUMED[leg.kind])


def _cost(leg: Leg, language: str, into: str) -> float:
    """Give what a leg loses, in COMET points; a variant that is not the asked one a little more."""
    cost = _leg_loss(leg)
    if languages.is_same(leg.into, into) and leg.into != into:
        cost += 0.2
    if language and leg.language != language:
        cost += 0.1
    return cost


def variant_of(code: str) -> str:
    """Give the language of a code, with its script where that makes another language of it."""
    parts = code.replace("_", "-").split("-")
    script = next((part.title() for part in parts[1:] if len(part) == 4), "")
    base = languages.base(code)
    if base == "zh":
        region = parts[-1].upper()
        script = script or ("Hant" if region in {"TW", "HK", "MO"} else "Hans")
    return f"{base}-{script}" if script else base


def _advice(language: str, into: str) -> str:
    one, other = _named(language), _named(into)
    if variant_of(language) == variant_of(into):
        return f"{one} is the language of the text already; nothing to translate"
    if languages.base(language) == UNKNOWN_LANGUAGE:
        return (
            "the language of the article could not be told; name the publisher's with "
            "`dragoman source add URL --language CODE`"
        )
    return (
        f"no model leads from {one} to {other}; add one with "
        f"`dragoman models add {languages.base(language)} {languages.base(into)}`"
    )


def _named(code: str) -> str:
    try:
        code = languages.normalise(code)
    except UnknownLanguage:
        return f"the unknown language '{code}'"
    if code == "und":
        return "an unknown language"
    return f"{languages.name_of(code, 'en')} ({code})"
