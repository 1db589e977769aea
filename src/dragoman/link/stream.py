"""What workers do for a stream of articles: read them, then judge them against what is known.

The two stand here, and not beside the store that they are made for, so that a worker does not
load it.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from dragoman.link.features import count_stream, keep_features
from dragoman.link.scale import Scale
from dragoman.link.stories import link_stories
from dragoman.link.vectors import embed, on_one_core
from dragoman.types import Judgement, LinkInput


def read_articles(articles: Sequence[LinkInput], encoder: str) -> tuple[list[bytes], list[bytes]]:
    """Give the vectors of articles, and what else they are compared by. See `embed`."""
    return embed(articles, encoder), keep_features(articles)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the collector of cycles rest: a hundred thousand small things are made, and no cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def judge_stream(
    new: Sequence[LinkInput],
    known: Sequence[LinkInput],
    judgements: Sequence[Judgement],
    undated: Collection[str],
    events: Mapping[str, str],
    counts: bytes,
    scale: Scale,
) -> tuple[tuple[Judgement, ...], bytes]:
    """Judge new articles of a stream; give the judgements and the stream's counts with them."""
    rarity, kept = count_stream(counts, new)
    with on_one_core(), _without_collecting():  # there is a worker for each core
        made = link_stories(
            new, known, judgements, undated=undated, events=events, rarity=rarity, scale=scale
        )
    return made, kept
