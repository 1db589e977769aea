"""New reports and live events, grouped by what they share on average.

Average linkage: two groups join where their members, each with each, are more likely of one
happening than not. A single pair that is close cannot join two events (which is how a
follow-up is swallowed), and one odd report cannot part them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dragoman.link.candidates import Event, build_event, find_nearest, stack_centroids
from dragoman.link.judge import FAR
from dragoman.link.window import EVENT_DAYS, Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

EVENT = -0.5  # mean log odds from which two groups of reports are one event
_NEAREST = 6  # live events that a new article is compared with
_LEAST = 0.30  # cosine of an article and a centroid that is worth a look
_LEAST_TWINS = 0.60  # the same of two live events: the repair of an early split
_FORCED = 1000.0
_PARTED = -1000.0


def find_live(window: Window, events: Sequence[Event], rows: Sequence[int]) -> list[Event]:
    """Give the events that are near enough in time to gain one of the new articles."""
    span = EVENT_DAYS * 86400.0
    if any(window.is_undated[row] for row in rows):
        return list(events)
    first, last = window.times[rows[0]], window.times[rows[-1]]
    return [
        event for event in events
        if window.is_undated[event.members[-1]]
        or (window.times[event.members[-1]] >= first - span
            and window.times[event.members[0]] <= last + span)
    ]  # fmt: skip


def score_events(window: Window, one: Event, other: Event) -> float:
    """Give the mean log odds of the representatives of two events, each with each."""
    pairs = [(a, b) for a in one.representatives() for b in other.representatives()]
    return sum(window.score_event(a, b) for a, b in pairs) / len(pairs)


def score_atoms(window: Window, atoms: Sequence[Event], fresh: int) -> Scores:
    """Score new articles (the first ``fresh`` atoms) and live events with one another."""
    import numpy as np

    scores = np.full((len(atoms), len(atoms)), FAR)
    centroids = stack_centroids(atoms)
    near = centroids @ centroids.T
    for one in range(len(atoms)):
        columns = np.flatnonzero(near[one, :one] >= _LEAST)
        for other in map(int, columns):
            if one < fresh or other < fresh or near[one, other] >= _LEAST_TWINS:
                score = score_events(window, atoms[one], atoms[other])
                scores[one, other] = scores[other, one] = score
    np.fill_diagonal(scores, -np.inf)
    return scores


def cluster(scores: Scores, sizes: Sequence[int], least: float) -> list[list[int]]:
    """Join the two groups with the best mean score until none reaches ``least``.

    Equal scores are taken in order of rows, so the same input gives the same groups.
    """
    import numpy as np

    scores = scores.copy()
    weights = np.array(sizes, dtype=np.float64)
    groups: list[list[int]] = [[number] for number in range(len(sizes))]
    while len(scores) > 1:
        one, other = divmod(int(scores.argmax()), len(scores))
        if scores[one, other] < least:
            break
        one, other = min(one, other), max(one, other)
        total = weights[one] + weights[other]
        merged = (scores[one] * weights[one] + scores[other] * weights[other]) / total
        barred = (scores[one] <= _PARTED) | (scores[other] <= _PARTED)
        merged[barred] = np.minimum(merged[barred], _PARTED)
        scores[one], scores[:, one], scores[one, one] = merged, merged, -np.inf
        scores[other], scores[:, other] = -np.inf, -np.inf
        weights[one] = total
        groups[one] += groups[other]
        groups[other] = []
    return [group for group in groups if group]


def gather_atoms(
    window: Window, events: Sequence[Event], rows: Sequence[int], copies: Sequence[tuple[int, int]]
) -> list[Event]:
    """Give an atom for each new article, then the live events that they may belong to."""
    live = find_live(window, events, rows)
    nearest = find_nearest(window.vectors[list(rows)], stack_centroids(live), _NEAREST, _LEAST)
    wanted = {id(live[column]) for columns in nearest for column in columns}
    ends = {row for pair in copies if set(pair) & set(rows) for row in pair}
    fresh = [build_event([row], window.vectors, is_touched=True) for row in rows]
    return fresh + [e for e in events if id(e) in wanted or not ends.isdisjoint(e.members)]


def join_atoms(
    window: Window, atoms: Sequence[Event], fresh: int, copies: Sequence[tuple[int, int]]
) -> tuple[list[list[int]], Scores]:
    """Group atoms; a copy always joins its original. Give the groups and the scores."""
    scores = score_atoms(window, atoms, fresh)
    atom_of = {row: number for number, atom in enumerate(atoms) for row in atom.members}
    forced = scores.copy()
    for one, other in copies:
        pair = atom_of.get(one), atom_of.get(other)
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            forced[pair[0], pair[1]] = forced[pair[1], pair[0]] = _FORCED
    sizes = [len(atom.representatives()) for atom in atoms]
    return cluster(forced, sizes, EVENT), scores
