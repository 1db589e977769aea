"""The common words of a hundred languages, which tell text from remnants, kept small.

jusText, trafilatura's last resort, asks for them on few pages, and would hold them in each
worker for ever, twice. Asking takes no more than their hashes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache


class WordSet:
    """Words that can be asked for, and no more; two of one hash are as good as impossible."""

    def __init__(self, words: Iterable[str]) -> None:
        import numpy as np

        hashes = np.fromiter(map(hash, words), dtype=np.int64)
        self._hashes = array("q", np.unique(hashes).tobytes())

    def __contains__(self, word: str) -> bool:
        place = bisect_left(self._hashes, wanted := hash(word))
        return self._hashes[place : place + 1] == array("q", [wanted])


@lru_cache(maxsize=1)
def keep_small() -> None:
    """Let jusText ask a `WordSet`, read at the first page that needs it."""
    try:
        from justext import core, utils
        from trafilatura import external
    except ImportError:  # a later trafilatura may do without
        return

    def read_words() -> WordSet:
        languages = sorted(utils.get_stoplists())
        words = WordSet(word for name in languages for word in utils.get_stoplist(name))
        external.JT_STOPLIST = words  # type: ignore[assignment]
        return words

    external.jt_stoplist_init = read_words  # type: ignore[assignment]
    core.define_stoplist = lambda words: words
