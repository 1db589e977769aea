"""Stage 4: which articles report one happening, and which happenings make a story.

`embed` gives each article its vector, `link_stories` judges new articles against the live
events, and `group_articles` computes events and stories from all judgements. `link_batch`
is the ``dragoman link`` filter over the three. `LiveEvents` finds the events that new articles
may belong to.
"""

from dragoman.link.batch import link_batch
from dragoman.link.candidates import choose_representatives
from dragoman.link.group import group_articles
from dragoman.link.live import LiveEvent, LiveEvents
from dragoman.link.rarity import count_stream, read_rarity
from dragoman.link.stories import VERSION, link_stories, version_of
from dragoman.link.vectors import embed, on_one_core

__all__ = [
    "VERSION",
    "LiveEvent",
    "LiveEvents",
    "choose_representatives",
    "count_stream",
    "embed",
    "group_articles",
    "link_batch",
    "link_stories",
    "on_one_core",
    "read_rarity",
    "version_of",
]
