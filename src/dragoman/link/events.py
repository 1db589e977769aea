"""New reports and live events, grouped by what they share on average.

Average linkage: two groups join where their members, each with each, are more likely of one
happening than not, the time between them counted. A single pair that is close cannot join two
events (which is how a follow-up is swallowed), and one odd report cannot part them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from dragoman.link.candidates import (
    REPRESENTATIVES,
    Event,
    build_event,
    find_nearest,
    stack_centroids,
)
from dragoman.link.clusters import FORCED, NEVER, Group, cluster
from dragoman.link.judge import FAR, NEAR
from dragoman.link.window import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

MOVE_HOURS = 48.0  # for so long a small event may still be taken apart
_NEAREST = 8  # live events that a new article is compared with
_LEAST_TWINS = 0.45  # cosine of two live events that are worth a look: an early split
_COMPANY = 0.25  # cosine from which two articles may be of one event, and share its candidates

Pairs = Sequence[tuple[int, int]]


@dataclass(slots=True)
class Atoms:
    """What is grouped: single articles first, then live events that stay whole."""

    events: list[Event]
    loose: int  # how many of them are single articles
    used: list[Event]  # the live events that they were taken from
    may_join: Sequence[Collection[int]]  # events that each new article may join, by identity


def gather_atoms(
    window: Window, events: Sequence[Event], rows: Sequence[int], forced: Pairs
) -> Atoms:
    """Give new articles, those of small young events, and the other events near to them."""
    centroids = stack_centroids(events)
    nearest = find_nearest(window.vectors[list(rows)], centroids, _NEAREST, NEAR)
    wanted = {id(events[column]) for columns in nearest for column in columns}
    ends = {row for pair in forced if not set(pair).isdisjoint(rows) for row in pair}
    used = [e for e in events if id(e) in wanted or not ends.isdisjoint(e.members)]
    young = {id(event) for event in used if _is_young(window, event, rows)}
    singles = [*rows, *(row for e in used if id(e) in young for row in e.members)]
    loose = [build_event([row], window.vectors, is_touched=True) for row in singles]
    whole = [e for e in used if id(e) not in young]
    may_join = [{id(events[column]) for column in columns} for columns in nearest]
    for number, row in enumerate(rows):
        tied = {end for pair in forced if row in pair for end in pair}
        may_join[number] |= {id(e) for e in used if not tied.isdisjoint(e.members)}
    return Atoms([*loose, *whole], len(loose), used, may_join)


def _is_young(window: Window, event: Event, rows: Sequence[int]) -> bool:
    """Whether an event is small and young enough that its articles may still move."""
    if len(event.members) > REPRESENTATIVES:
        return False
    if any(window.is_undated[row] for row in (*event.members, *rows)):
        return False
    first = window.times[event.members[0]]
    return window.times[rows[0]] - first <= MOVE_HOURS * 3600.0


def score_atoms(window: Window, atoms: Atoms) -> Scores:
    """Score atoms with one another where they may be one event; others are far apart."""
    import numpy as np

    count = len(atoms.events)
    scores = np.full((count, count), FAR)
    centroids = stack_centroids(atoms.events)
    near = centroids @ centroids.T
    wanted = np.tril(_choose_pairs(near, atoms), -1)
    for one, other in zip(*map(np.ndarray.tolist, np.nonzero(wanted)), strict=True):
        score = _score_events(window, atoms.events[one], atoms.events[other])
        scores[one, other] = scores[other, one] = score
    np.fill_diagonal(scores, -np.inf)
    return scores


def _choose_pairs(near: NDArray[np.floating], atoms: Atoms) -> NDArray[np.bool_]:
    """Choose the pairs to score: whatever else came in the same batch must not add to them.

    Articles are compared with each other, and with the live events that they or articles like
    them may join; two live events only where they may be an early split.
    """
    import numpy as np

    loose = atoms.loose
    wanted = near >= NEAR
    may_join = np.zeros((loose, len(near) - loose), dtype=np.float32)
    for place, found in enumerate(atoms.may_join):
        may_join[place] = [id(event) in found for event in atoms.events[loose:]]
    company = (near[:loose, :loose] >= _COMPANY).astype(np.float32)
    wanted[loose:, :loose] &= (company @ may_join > 0.0).T
    wanted[loose:, loose:] &= near[loose:, loose:] >= _LEAST_TWINS
    return wanted


def _score_events(window: Window, one: Event, other: Event) -> float:
    """Give the mean log odds of the representatives of two events, each with each."""
    found = [
        window.score_event(a, b) for a in one.representatives() for b in other.representatives()
    ]
    return NEVER if min(found) <= NEVER else sum(found) / len(found)


def join_atoms(
    window: Window, atoms: Atoms, forced: Iterable[tuple[int, int]]
) -> tuple[list[list[int]], Scores]:
    """Group atoms; a copy always joins its original. Give the groups and the scores."""
    scores = score_atoms(window, atoms)
    atom_of = {row: number for number, atom in enumerate(atoms.events) for row in atom.members}
    joined = scores.copy()
    for one, other in forced:
        pair = atom_of.get(one), atom_of.get(other)
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            joined[pair[0], pair[1]] = joined[pair[1], pair[0]] = FORCED
    parts = [_describe(window, number, atom) for number, atom in enumerate(atoms.events)]
    return cluster(joined, parts, window.scale), scores


def _describe(window: Window, number: int, atom: Event) -> Group:
    """Say how alike the representatives of an event are, and when it was."""
    rows = atom.representatives()
    odds = [max(window.score_event(a, b), FAR) for a, b in combinations(rows, 2)]
    span = None
    if not any(window.is_undated[row] for row in atom.members):
        span = window.times[atom.members[0]], window.times[atom.members[-1]]
    return Group([number], len(rows), sum(odds) / len(odds) if odds else math.nan, span)
