"""Stage 4: which articles report one happening, and which happenings make a story.

`embed` gives each article its vector, `link_stories` judges new articles against the live
events, and `group_articles` computes events and stories from all judgements. `link_batch`
is the ``dragoman link`` filter over the three. `LiveEvents` finds the events that new articles
may belong to; `score_ahead` lets several processes share the comparing.
"""

from dragoman.link.ahead import join_scores, score_ahead
from dragoman.link.batch import link_batch
from dragoman.link.candidates import choose_representatives
from dragoman.link.features import count_stream, is_current, keep_features
from dragoman.link.group import group_articles
from dragoman.link.live import LiveEvent, LiveEvents
from dragoman.link.rarity import read_rarity
from dragoman.link.scale import Scale
from dragoman.link.stories import VERSION, link_stories, version_of
from dragoman.link.stream import judge_stream, read_articles
from dragoman.link.vectors import embed, on_one_core

__all__ = [
    "VERSION",
    "LiveEvent",
    "LiveEvents",
    "Scale",
    "choose_representatives",
    "count_stream",
    "embed",
    "group_articles",
    "is_current",
    "join_scores",
    "judge_stream",
    "keep_features",
    "link_batch",
    "link_stories",
    "on_one_core",
    "read_articles",
    "read_rarity",
    "score_ahead",
    "version_of",
]
