from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.errors import PluginError
from dragoman.link import embed
from dragoman.link.vectors import join_lead, load_encoder, read_vector, stack_vectors
from dragoman.plugins import load
from dragoman.types import LinkInput

Matrix = NDArray[np.float32]


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
    assert np.allclose(read_vector(together[1]), read_vector(alone[0]), atol=2e-3)


def test_a_vector_takes_two_bytes_a_figure() -> None:
    assert len(embed([_article("A storm", "It rains.")])[0]) == 2 * 512


def test_garbage_and_no_text_are_near_to_nothing() -> None:
    whole, nothing = embed([_article("A storm", "It rains."), _article("", "")])
    stacked = stack_vectors([whole, b"garbage", nothing, b"of another length" * 4])
    assert stacked[0].any()
    assert not stacked[1:].any()


def test_an_encoder_comes_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.EntryPoint.load", lambda _: Letters)
    load.cache_clear()
    load_encoder.cache_clear()
    try:
        vectors = [read_vector(v) for v in embed([_article("aab", ""), _article("aaab", "")])]
    finally:
        load.cache_clear()
        load_encoder.cache_clear()
    assert [len(vector) for vector in vectors] == [26, 26]
    assert vectors[0] @ vectors[1] > 0.9


def test_an_encoder_that_is_not_installed_is_named() -> None:
    with pytest.raises(PluginError, match="there is no 'oracle'; installed: use"):
        embed([_article("A storm", "")], "oracle")


class Letters:
    """An encoder that counts letters."""

    def encode(self, texts: list[str]) -> Matrix:
        rows = [[float(text.count(chr(97 + n))) for n in range(26)] for text in texts]
        return np.array(rows, dtype=np.float32)


def test_a_lead_that_opens_with_the_title_does_not_repeat_it() -> None:
    assert join_lead("Storm", "Storm. It rains.") == "Storm. It rains."
    assert join_lead("", "It rains.") == "It rains."
