"""Stage 4: which articles report one happening, and which happenings make a story.

`embed` gives each article its vector, `link_stories` judges new articles against the live
window, and `group_articles` computes events and stories from all judgements. `link_batch`
is the ``dragoman link`` filter over the three.
"""

from dragoman.link.batch import link_batch
from dragoman.link.group import group_articles
from dragoman.link.stories import VERSION, link_stories
from dragoman.link.vectors import embed

__all__ = ["VERSION", "embed", "group_articles", "link_batch", "link_stories"]
