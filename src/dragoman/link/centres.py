"""What all news vectors have in common, taken out.

Any two news texts are somewhat alike, and two of one language more so; what remains after
the mean of their language is taken off tells what each is about. `quality/train_link.py`
makes the means of the shipped encoder from texts of ten languages; others take the mean of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from dragoman.languages import base

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

ALL = "all"


@lru_cache(maxsize=1)
def load_centres() -> dict[str, Matrix]:
    """Load the mean vector of each language and that of all, once a process."""
    import numpy as np

    with as_file(files("dragoman.link").joinpath("centres.npz")) as path, np.load(path) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}


def centre(vectors: Matrix, languages: Sequence[str]) -> Matrix:
    """Take the mean of its language from each vector; those of zeros stay zeros.

    Vectors of another length than the means have come from another encoder and are left.
    """
    import numpy as np

    means = load_centres()
    if not len(vectors) or vectors.shape[1] != len(means[ALL]):
        return vectors
    taken = np.stack([means.get(base(code), means[ALL]) for code in languages])
    moved = vectors - taken
    moved[~vectors.any(axis=1)] = 0.0
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
    return np.asarray(moved / lengths, dtype=np.float32)
