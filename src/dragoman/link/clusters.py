"""Groups by average linkage, each held together by how alike its own members are.

A follow-up is like the reports before it, often more so than two reports of one happening are
elsewhere: no one threshold parts them. But its reports are far more like one another than like
those before. So two groups join where their members are alike on average, and not much less so
than the members of the looser one among themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.link.scale import Scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

NEVER = -1000.0  # a person's veto, which no number of friends outweighs
FORCED = 1000.0  # a copy and its original, or a person's word
_MOST = 6.0  # of a pair, in the mean of a group
_LATE_S = 18 * 3600.0  # after so long a single report, too, may be a follow-up
_SINGLE = 1.6  # of the margin, for it: nothing says yet what its like would be


@dataclass(slots=True)
class Group:
    """What joins others: its numbers, and how alike its members are among themselves."""

    numbers: list[int]
    size: int
    inner: float  # mean log odds of its pairs; no number: it has none
    span: tuple[float, float] | None  # times of its first and last report; None: unknown


def cluster(scores: Scores, parts: Sequence[Group], scale: Scale) -> list[list[int]]:
    """Join the two groups with the best mean score until none reaches the scale's least.

    Equal scores are taken in order of rows, so the same input gives the same groups.
    """
    import numpy as np

    scores, ranks = scores.copy(), scores.copy()
    groups = list(parts)
    while len(scores) > 1:
        one, other = sorted(divmod(int(ranks.argmax()), len(scores)))
        score = float(scores[one, other])
        if ranks[one, other] < scale.least:
            break
        if _is_apart(groups[one], groups[other], score, scale.margin):
            ranks[one, other] = ranks[other, one] = -np.inf
            continue
        sizes = groups[one].size, groups[other].size
        merged = (scores[one] * sizes[0] + scores[other] * sizes[1]) / sum(sizes)
        barred = (scores[one] <= NEVER) | (scores[other] <= NEVER)
        merged[barred] = np.minimum(merged[barred], NEVER)
        groups[one] = _join(groups[one], groups[other], score)
        for table in (scores, ranks):
            table[one], table[:, one], table[one, one] = merged, merged, -np.inf
            table[other], table[:, other] = -np.inf, -np.inf
        groups[other] = Group([], 0, math.nan, None)
    return [group.numbers for group in groups if group.numbers]


def _is_apart(one: Group, other: Group, score: float, margin: float) -> bool:
    """Whether two groups are much less alike than their own members are."""
    inner = [group.inner for group in (one, other) if not math.isnan(group.inner)]
    if not inner or score >= min(inner) - margin:
        return False
    if len(inner) == 2:
        return True
    if one.span is None or other.span is None or score >= min(inner) - margin * _SINGLE:
        return False
    return max(one.span[0], other.span[0]) - min(one.span[1], other.span[1]) >= _LATE_S


def _join(one: Group, other: Group, score: float) -> Group:
    pairs = [group.size * (group.size - 1) / 2 for group in (one, other)]
    total = min(score, _MOST) * one.size * other.size
    total += sum(
        n * group.inner for n, group in zip(pairs, (one, other), strict=True) if group.size > 1
    )
    span = None
    if one.span and other.span:
        span = min(one.span[0], other.span[0]), max(one.span[1], other.span[1])
    inner = total / (sum(pairs) + one.size * other.size)
    return Group([*one.numbers, *other.numbers], one.size + other.size, inner, span)
