"""The live events in memory: their centroids, searched for those that an article may join.

All are compared, block by block: at a hundred thousand events it takes a thousandth of a second
an article, and a window of three weeks seldom holds more. A figure of a centroid is kept in
eight bits, which moves a cosine by less than 0.001 and takes 51 MB where 32 bits took 205.
Beyond `_EXACT` events a first look at signs alone, 512 bits each, leaves a thousandth part to be
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.link.centres import centre
from dragoman.link.vectors import SIZE, make_centroid, on_one_core, stack_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Block = NDArray[np.int8]

_LEAST = 0.20  # cosine of an article and a centroid that is worth a look
_MEMBERS = 48  # of a large event the first and last members make the centroid
_EXACT = 250_000  # events up to which every one is compared
_SIFTED = 2048  # of more, those with the most signs in common
_AT_ONCE = 256  # articles searched together: bounds memory
_BLOCK = 4096  # centroids that lie together: 2 MB, so that to grow copies none of them
_STEPS = 127.0  # of the largest figure of a centroid, either way


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event as it is searched: the vectors of its members, and when it was live."""

    id: str
    vectors: Sequence[bytes]
    languages: Sequence[str]
    span: Sequence[float]


class LiveEvents:
    """Centroids by event, with the time of their first and last report."""

    def __init__(self) -> None:
        import numpy as np

        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self._free: list[int] = []  # rows of forgotten events
        self._size = 0  # figures of a centroid; the first vector says how many
        self._blocks: list[Block] = []
        self._scales = np.zeros(0, dtype=np.float32)  # what a step of each centroid is worth
        self._signs: NDArray[np.uint8] = np.zeros((0, SIZE // 8), dtype=np.uint8)
        self._spans = np.zeros((0, 2), dtype=np.float64)

    def __len__(self) -> int:
        return len(self._rows)

    def put(
        self, event: str, vectors: Sequence[bytes], languages: Sequence[str], span: Sequence[float]
    ) -> None:
        """Add an event or move it: by the vectors of its members, and when it was live."""
        self.put_all([LiveEvent(event, vectors, languages, span)])

    def put_all(self, events: Iterable[LiveEvent]) -> None:
        """Add events or move them."""
        import numpy as np

        found = list(events)
        if not found:
            return
        taken = [_choose_members(event) for event in found]
        members = centre(
            stack_vectors(found[one].vectors[at] for one, ats in enumerate(taken) for at in ats),
            [found[one].languages[at] for one, ats in enumerate(taken) for at in ats],
        )
        rows = [self._row_of(event.id) for event in found]
        self._make_room(members.shape[1])
        start = 0
        for event, row, ats in zip(found, rows, taken, strict=True):
            centroid = make_centroid(members[start : start + len(ats)])
            start += len(ats)
            if len(centroid) != self._size:
                centroid = np.zeros(self._size, dtype=np.float32)
            scale = max(float(np.abs(centroid).max()) / _STEPS, 1e-9)
            self._blocks[row // _BLOCK][row % _BLOCK] = np.rint(centroid / scale)
            self._scales[row] = scale
            self._signs[row] = np.packbits(centroid > 0)
            self._spans[row] = event.span[0], event.span[1]

    def _row_of(self, event: str) -> int:
        row = self._rows.get(event)
        if row is None:
            if self._free:
                row = self._free.pop()
                self._ids[row] = event
            else:
                row = len(self._ids)
                self._ids.append(event)
            self._rows[event] = row
        return row

    def _make_room(self, size: int) -> None:
        """Enlarge the tables when they are full."""
        import numpy as np

        if not self._blocks:
            self._size = size
            self._signs = np.zeros((0, (size + 7) // 8), dtype=np.uint8)
        while len(self._blocks) * _BLOCK < len(self._ids):
            self._blocks.append(np.zeros((_BLOCK, self._size), dtype=np.int8))
            self._scales = np.pad(self._scales, (0, _BLOCK))
            self._signs = np.pad(self._signs, ((0, _BLOCK), (0, 0)))
            self._spans = np.pad(self._spans, ((0, _BLOCK), (0, 0)))

    def drop(self, event: str) -> None:
        """Forget an event: its row is near to nothing until another takes it."""
        row = self._rows.pop(event, None)
        if row is not None:
            self._blocks[row // _BLOCK][row % _BLOCK] = 0
            self._signs[row] = 0
            self._ids[row] = ""
            self._free.append(row)

    def find(
        self,
        vectors: Sequence[bytes],
        languages: Sequence[str],
        times: tuple[float, float],
        count: int,
    ) -> list[list[str]]:
        """Give the nearest events of each article, nearest first, live between two times."""
        if not self._rows or not vectors:
            return [[] for _ in vectors]
        wanted = centre(stack_vectors(vectors), languages)
        size = len(self._ids)
        if wanted.shape[1] != self._size:
            return [[] for _ in vectors]
        spans = self._spans[:size]
        over = (spans[:, 1] < times[0]) | (spans[:, 0] > times[1])
        if size > _EXACT:
            return [self._sift(vector, over, count) for vector in wanted]
        with on_one_core():
            return [
                found
                for start in range(0, len(wanted), _AT_ONCE)
                for found in self._compare(wanted[start : start + _AT_ONCE], over, count)
            ]

    def _compare(self, wanted: Matrix, over: NDArray[np.bool_], count: int) -> list[list[str]]:
        """Compare every article with every event."""
        import numpy as np

        near: list[list[Matrix]] = [[] for _ in wanted]
        rows: list[list[Rows]] = [[] for _ in wanted]
        figures = np.empty((_BLOCK, self._size), dtype=np.float32)
        for number, block in enumerate(self._blocks):
            start = number * _BLOCK
            passed = over[start : start + _BLOCK]
            np.copyto(figures, block)
            scores = wanted @ figures[: len(passed)].T
            scores *= self._scales[start : start + len(passed)]
            scores[:, passed] = -1.0
            for one, found in enumerate(scores):
                top = np.flatnonzero(found >= _LEAST)
                if len(top):
                    near[one].append(found[top])
                    rows[one].append(top + start)
        return [
            self._choose(np.concatenate(some), np.concatenate(at), count) if some else []
            for some, at in zip(near, rows, strict=True)
        ]

    def _choose(self, near: Matrix, rows: Rows, count: int) -> list[str]:
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
        unlike[over] = self._size + 1
        rows = np.argpartition(unlike, min(_SIFTED, size) - 1)[:_SIFTED]
        figures = np.stack([self._blocks[row // _BLOCK][row % _BLOCK] for row in rows])
        near = (figures.astype(np.float32) @ vector) * self._scales[rows]
        near[over[rows]] = -1.0
        return self._choose(near, rows, count)


def _choose_members(event: LiveEvent) -> Sequence[int]:
    count, half = len(event.vectors), _MEMBERS // 2
    if count <= _MEMBERS:
        return range(count)
    return [*range(half), *range(count - half, count)]
