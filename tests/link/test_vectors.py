from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from dragoman.link import embed
from dragoman.link.vectors import join_lead, read_vector, stack_vectors
from dragoman.types import LinkInput


def _article(title: str, text: str, language: str = "en") -> LinkInput:
    return LinkInput("a", "", language, title, text, datetime(2031, 3, 3, tzinfo=UTC))


def test_a_vector_has_length_one_and_means_the_same_in_two_languages() -> None:
    articles = [
        _article("The harbour is closed after a storm", "Ships wait outside."),
        _article("Le port est fermé après une tempête", "Des navires attendent.", "fr"),
        _article("A recipe for lentil soup", "Chop the onions."),
    ]
    matrix = stack_vectors(embed(articles))
    assert matrix.shape == (3, 512)
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-4)
    assert matrix[0] @ matrix[1] > 0.5 > matrix[0] @ matrix[2]


def test_vectors_do_not_depend_on_their_company() -> None:
    one, other = _article("A storm", "It rains."), _article("Soup", "Onions " * 90)
    together, alone = embed([other, one]), embed([one])
    assert np.allclose(read_vector(together[1]), read_vector(alone[0]), atol=1e-4)


def test_half_precision_is_read_and_garbage_is_near_to_nothing() -> None:
    vector = embed([_article("A storm", "It rains.")])[0]
    half = np.frombuffer(vector, dtype=np.float32).astype(np.float16).tobytes()
    assert float(read_vector(half) @ read_vector(vector)) > 0.999
    assert not read_vector(b"garbage").any()
    assert not read_vector(embed([_article("", "")])[0]).any()


def test_a_lead_that_opens_with_the_title_does_not_repeat_it() -> None:
    assert join_lead("Storm", "Storm. It rains.") == "Storm. It rains."
    assert join_lead("", "It rains.") == "It rains."
