"""Events that a new report may belong to: the centroids of the live ones, searched exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

Member = TypeVar("Member")

_AT_ONCE = 256  # vectors searched together: bounds memory
REPRESENTATIVES = 6  # members of an event that new reports are compared with, one by one


@dataclass(slots=True)
class Event:
    """A happening as it grows: rows of its members, in order of time."""

    members: list[int]
    is_touched: bool = False  # has it gained or lost a report in this call?
    total: Matrix | None = field(default=None, repr=False)  # sum of the members' vectors

    def representatives(self) -> list[int]:
        """Give the founder and the latest members: what a next report would resemble."""
        return choose_representatives(self.members)


def choose_representatives(members: Sequence[Member]) -> list[Member]:
    """Give the first and the last of members that stand in order of time."""
    if len(members) <= REPRESENTATIVES:
        return list(members)
    return [members[0], *members[1 - REPRESENTATIVES :]]


def build_event(members: Sequence[int], vectors: Matrix, *, is_touched: bool = False) -> Event:
    """Make an event of the rows of its members; rows stand in order of time."""
    ordered = sorted(members)
    return Event(ordered, is_touched, vectors[ordered].sum(axis=0))


def stack_centroids(events: Sequence[Event]) -> Matrix:
    """Give the centroids of events, a row each, of length one."""
    import numpy as np

    if not events:
        return np.zeros((0, 1), dtype=np.float32)
    sums = np.stack([event.total for event in events if event.total is not None])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-6), dtype=np.float32)


def find_nearest(
    vectors: Matrix,
    centroids: Matrix,
    count: int,
    least: float,
    before: Sequence[int] | None = None,
) -> list[list[int]]:
    """Give for each vector the nearest centroids, nearest first, none below ``least``.

    With ``before``, only the first so many centroids are those of a vector.
    """
    import numpy as np

    if not len(centroids):
        return [[] for _ in range(len(vectors))]
    count = min(count, len(centroids))
    columns = np.arange(len(centroids))
    found = []
    for start in range(0, len(vectors), _AT_ONCE):
        near = vectors[start : start + _AT_ONCE] @ centroids.T
        if before is not None:
            ends = np.array(before[start : start + _AT_ONCE])
            near[columns[None, :] >= ends[:, None]] = -np.inf
        top = np.argpartition(-near, count - 1, axis=1)[:, :count]
        for scores, chosen in zip(near, top.tolist(), strict=True):
            kept = [column for column in chosen if scores[column] >= least]
            found.append(sorted(kept, key=lambda column: (-scores[column], column)))
    return found
