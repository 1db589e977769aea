"""Pairs scored ahead of linking, by as many processes as there are.

A linker asks for the scores of most pairs of a window, and those cost most of its time. What was
not scored ahead it scores itself, alike: so nothing depends on which pairs were, or by whom.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dragoman.link.candidates import build_event, stack_centroids
from dragoman.link.judge import FAR, NEAR
from dragoman.link.rarity import read_rarity
from dragoman.link.scale import SHIPPED, Scale
from dragoman.link.vectors import on_one_core
from dragoman.link.window import Window
from dragoman.types import LinkInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dragoman.link.window import Scores

_ALIKE = 0.42  # cosine of two known events from which their articles may be asked for
_ROUNDED = 0.001  # by which a product of matrices may miss the cosine of one pair

Share = tuple[int, int]  # the first row, and the step to the next


def score_ahead(
    articles: Sequence[LinkInput],
    events: Mapping[str, str],
    undated: Collection[str],
    counts: bytes,
    share: Share,
    scale: Scale = SHIPPED,
) -> Scores:
    """Score a share of the pairs of a window: each of its rows with those before.

    ``articles`` are all that `link_stories` will be given, in any order, ``events`` those of the
    known ones, ``counts`` those of `count_stream`, and ``scale`` the same. A pair that will
    hardly be asked for has no score.
    """
    import numpy as np

    window = Window(articles, undated, (), read_rarity(counts), scale=scale)
    first, step = share
    with on_one_core():
        near = window.vectors[first::step] @ window.vectors.T
        wanted = _choose_pairs(window, events)
    scores = np.full(near.shape, np.nan)
    for place, row in enumerate(range(first, len(window.articles), step)):
        before = near[place, :row]
        scores[place, :row][before < NEAR - _ROUNDED] = FAR
        for other in np.flatnonzero((before >= NEAR) & wanted[row, :row]).tolist():
            scores[place, other] = window.score_event(row, other)
    return scores


def _choose_pairs(window: Window, events: Mapping[str, str]) -> NDArray[np.bool_]:
    """Choose all pairs with a new article, and the known ones of events that are alike."""
    import numpy as np

    members: dict[str, list[int]] = {}
    for row, article in enumerate(window.articles):
        if article.id in events:
            members.setdefault(events[article.id], []).append(row)
    wanted = np.ones((len(window.articles),) * 2, dtype=np.bool_)
    if members:
        centroids = stack_centroids([build_event(m, window.vectors) for m in members.values()])
        alike = centroids @ centroids.T >= _ALIKE
        rows = np.concatenate([np.array(m) for m in members.values()])
        places = np.repeat(np.arange(len(members)), [len(m) for m in members.values()])
        wanted[np.ix_(rows, rows)] = alike[np.ix_(places, places)]
    return wanted


def join_scores(shares: Iterable[tuple[Share, Scores]], size: int) -> Scores:
    """Put the shares of a window of so many articles together; one may be missing."""
    import numpy as np

    joined = np.full((size, size), np.nan)
    for (first, step), scores in shares:
        joined[first::step] = scores
    return np.where(np.isnan(joined), joined.T, joined)
