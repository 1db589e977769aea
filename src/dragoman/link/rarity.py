"""How rare names and words are in the stream of news.

Counts are kept in a table of fixed size, addressed by a hash, so that a stream of years costs
no more memory than one of days. The relay keeps the table between passes (`to_bytes`).
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dragoman.link.traits import Traits

    Table = NDArray[np.uint32]

_BITS = 20  # a million cells: words of all languages meet seldom
_FULL = 60_000  # texts after which all counts are halved: news of long ago weighs less
_MOST = 64_000_000  # bytes of a stored table that are read
_PRIOR_TEXTS = 40  # the stream is short at first: these imagined texts steady the rarity
_PRIOR_BY_LENGTH = {1: 0.6, 2: 0.6, 3: 0.4, 4: 0.15, 5: 0.08}  # short words are common
_PRIOR = 0.03
_UNSPACED = "\u0e00"  # from here on scripts that do not part words


@lru_cache(maxsize=65536)
def _cell(language: str, word: str) -> int:
    return zlib.crc32(f"{language}\t{word}".encode()) >> (32 - _BITS)


class Rarity:
    """Counts of the texts that a name or a word stands in."""

    def __init__(self, texts: Iterable[Traits] = ()) -> None:
        import numpy as np

        self._counts: Table = np.zeros(1 << _BITS, dtype=np.uint32)
        self._texts: Counter[str] = Counter()
        self._weights: dict[str, dict[str, float]] = {}  # of words, until a text is counted
        for traits in texts:
            self.add(traits)

    def add(self, traits: Traits) -> None:
        """Count a text."""
        cells = [_cell("", name) for name in traits.names]
        cells += [_cell(traits.language, word) for word in traits.words]
        self._weights.clear()
        self._counts[cells] += 1
        self._texts[traits.language] += 1
        if self._texts.total() >= _FULL:
            self._counts >>= 1
            self._texts = Counter({code: count // 2 for code, count in self._texts.items()})

    def of_name(self, key: str) -> float:
        """Give the rarity of a name: about 1 if everyone has it, 4 and more if two do."""
        return math.log((self._texts.total() + 60) / (int(self._counts[_cell("", key)]) + 2))

    def of_word(self, word: str, language: str) -> float:
        """Give the rarity of a word among the texts of its language."""
        is_short = word < _UNSPACED  # pairs of Chinese characters are short and yet words
        share = _PRIOR_BY_LENGTH.get(len(word), _PRIOR) if is_short else _PRIOR
        seen = int(self._counts[_cell(language, word)])
        # Two words in one cell count for one another, and no word stands in more texts than all.
        seen = min(seen, self._texts[language])
        return math.log((self._texts[language] + _PRIOR_TEXTS) / (seen + _PRIOR_TEXTS * share))

    def weigh_words(self, traits: Traits) -> dict[str, float]:
        """Give the words of a text with their weights, as a vector of length one."""
        language = traits.language
        known = self._weights.setdefault(language, {})
        weighed = {}
        for word, count in traits.words.items():
            weight = known.get(word)
            if weight is None:
                weight = known[word] = max(self.of_word(word, language), 0.0)
            weighed[word] = weight if count == 1 else (1.0 + math.log(count)) * weight
        length = math.sqrt(sum(value * value for value in weighed.values()))
        return {word: value / length for word, value in weighed.items()} if length else {}

    def share_head(self, traits: Traits) -> dict[str, float]:
        """Give the words of a title, with the share of its weight that each has."""
        known = self._weights.get(traits.language, {})
        weighed = {
            word: known.get(word) or max(self.of_word(word, traits.language), 0.0)
            for word in sorted(traits.head)
        }
        total = sum(weighed.values())
        return {word: value / total for word, value in weighed.items()} if total else {}

    def to_bytes(self) -> bytes:
        """Give the counts for the store."""
        head = json.dumps(dict(sorted(self._texts.items()))).encode()
        return head + b"\n" + zlib.compress(self._counts.tobytes(), 1)


def read_rarity(kept: bytes) -> Rarity:
    """Read stored counts; where they are empty or cannot be read, counting begins anew."""
    import numpy as np

    rarity = Rarity()
    head, _, body = kept.partition(b"\n")
    try:
        texts = json.loads(head)
        counts = np.frombuffer(zlib.decompressobj().decompress(body, _MOST), dtype=np.uint32)
        known = Counter({str(code): int(count) for code, count in texts.items()})
    except (ValueError, zlib.error, AttributeError, TypeError):
        return rarity
    if len(counts) == 1 << _BITS:
        rarity._counts, rarity._texts = counts.copy(), known
    return rarity
