"""The live events in memory: their centroids, searched for those that an article may join.

The search is exact: at a hundred thousand events it takes two thousandths of a second an
article, and a window of three weeks seldom holds more. Beyond `_EXACT` events a first look
at signs alone, 512 bits each, leaves a thousandth part to be searched exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dragoman.link.centres import centre
from dragoman.link.vectors import SIZE, make_centroid, stack_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_LEAST = 0.20  # cosine of an article and a centroid that is worth a look
_MEMBERS = 48  # of a large event the first and last members make the centroid
_EXACT = 250_000  # events up to which every one is compared
_SIFTED = 2048  # of more, those with the most signs in common
_AT_ONCE = 64  # articles searched together: bounds memory


class LiveEvents:
    """Centroids by event, with the time of their first and last report."""

    def __init__(self) -> None:
        import numpy as np

        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self._centroids: Matrix = np.zeros((0, SIZE), dtype=np.float32)
        self._signs: NDArray[np.uint8] = np.zeros((0, SIZE // 8), dtype=np.uint8)
        self._spans = np.zeros((0, 2), dtype=np.float64)

    def __len__(self) -> int:
        return len(self._rows)

    def put(
        self, event: str, vectors: Sequence[bytes], languages: Sequence[str], span: Sequence[float]
    ) -> None:
        """Add an event or move it: by the vectors of its members, and when it was live."""
        import numpy as np

        half = _MEMBERS // 2
        if len(vectors) > _MEMBERS:
            vectors = [*vectors[:half], *vectors[-half:]]
            languages = [*languages[:half], *languages[-half:]]
        centroid = make_centroid(centre(stack_vectors(vectors), languages))
        row = self._rows.get(event)
        if row is None:
            row = self._rows[event] = len(self._ids)
            self._ids.append(event)
            self._make_room(len(centroid))
        if len(centroid) != self._centroids.shape[1]:
            centroid = np.zeros(self._centroids.shape[1], dtype=np.float32)
        self._centroids[row] = centroid
        self._signs[row] = np.packbits(centroid > 0)
        self._spans[row] = span[0], span[1]

    def _make_room(self, size: int) -> None:
        """Double the tables when they are full; the first vector says how long all are."""
        import numpy as np

        count = len(self._centroids)
        if not count and size != self._centroids.shape[1]:
            self._centroids = np.zeros((0, size), dtype=np.float32)
            self._signs = np.zeros((0, (size + 7) // 8), dtype=np.uint8)
        if len(self._ids) > count:
            more = max(1024, count // 2)
            self._centroids = np.pad(self._centroids, ((0, more), (0, 0)))
            self._signs = np.pad(self._signs, ((0, more), (0, 0)))
            self._spans = np.pad(self._spans, ((0, more), (0, 0)))

    def drop(self, event: str) -> None:
        """Forget an event: its row stays and is near to nothing."""
        row = self._rows.pop(event, None)
        if row is not None:
            self._centroids[row] = 0.0
            self._ids[row] = ""

    def find(
        self,
        vectors: Sequence[bytes],
        languages: Sequence[str],
        times: tuple[float, float],
        count: int,
    ) -> list[list[str]]:
        """Give the nearest events of each article, nearest first, live between two times."""
        import numpy as np

        if not self._rows or not vectors:
            return [[] for _ in vectors]
        wanted = centre(stack_vectors(vectors), languages)
        size = len(self._ids)
        if wanted.shape[1] != self._centroids.shape[1]:
            return [[] for _ in vectors]
        spans = self._spans[:size]
        over = (spans[:, 1] < times[0]) | (spans[:, 0] > times[1])
        found: list[list[str]] = []
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            if size <= _EXACT:
                near = some @ self._centroids[:size].T
                near[:, over] = -1.0
                found += [self._choose(row, np.arange(size), count) for row in near]
            else:
                found += [self._sift(vector, over, count) for vector in some]
        return found

    def _choose(self, near: Matrix, rows: NDArray[np.int64], count: int) -> list[str]:
        import numpy as np

        top = np.flatnonzero(near >= _LEAST)
        if len(top) > count:
            top = top[np.argpartition(-near[top], count - 1)[:count]]
        ordered = sorted(top, key=lambda at: (-near[at], self._ids[rows[at]]))
        return [self._ids[rows[at]] for at in ordered if self._ids[rows[at]]]

    def _sift(self, vector: Matrix, over: NDArray[np.bool_], count: int) -> list[str]:
        """Search the events with the most signs in common exactly."""
        import numpy as np

        size = len(self._ids)
        unlike = np.bitwise_count(self._signs[:size] ^ np.packbits(vector > 0)).sum(
            axis=1, dtype=np.int32
        )
        unlike[over] = self._centroids.shape[1] + 1
        rows = np.argpartition(unlike, min(_SIFTED, size) - 1)[:_SIFTED]
        near = self._centroids[rows] @ vector
        near[over[rows]] = -1.0
        return self._choose(near, rows, count)
