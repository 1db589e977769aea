"""Finding the live events that an article may belong to, and what is rare in the stream."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.link import LiveEvents, live, read_rarity
from dragoman.link.features import count_stream
from dragoman.link.rarity import Rarity
from dragoman.link.traits import read_traits
from dragoman.types import LinkInput

DAY = 86400.0


@pytest.fixture
def events(reports: tuple[LinkInput, ...]) -> LiveEvents:
    kept = LiveEvents()
    for report in reports[1:]:
        at = report.at.timestamp()
        kept.put(report.id, [report.vector], [report.language], (at, at))
    return kept


def _find(events: LiveEvents, report: LinkInput, count: int = 2, days: float = 30.0) -> list[str]:
    at = report.at.timestamp()
    span = at - days * DAY, at + days * DAY
    return events.find([report.vector], [report.language], span, count)[0]


def test_the_nearest_events_are_found_nearest_first(
    events: LiveEvents, reports: tuple[LinkInput, ...]
) -> None:
    assert set(_find(events, reports[0])) == {"ferry-pt", "ferry-ar"}
    assert _find(events, reports[4], 1) == ["quake-pe"]


def test_events_that_are_not_live_are_not_found(
    events: LiveEvents, reports: tuple[LinkInput, ...]
) -> None:
    assert "probe-en" in _find(events, reports[0], 5)
    assert "probe-en" not in _find(events, reports[0], 5, days=2)


def test_a_forgotten_event_is_not_found_and_can_come_back(
    events: LiveEvents, reports: tuple[LinkInput, ...]
) -> None:
    events.drop("ferry-pt")
    assert "ferry-pt" not in _find(events, reports[0], 9)
    at = reports[1].at.timestamp()
    events.put("ferry-pt", [reports[1].vector], ["pt"], (at, at))
    assert "ferry-pt" in _find(events, reports[0], 9)


def test_a_broken_vector_neither_finds_nor_is_found(
    events: LiveEvents, reports: tuple[LinkInput, ...]
) -> None:
    at = reports[0].at.timestamp()
    events.put("broken", [b"xy"], ["en"], (at, at))
    assert "broken" not in _find(events, reports[0], 99)
    assert events.find([b"xy"], ["en"], (0.0, 9e9), 5) == [[]]


def test_an_index_of_many_events_finds_what_the_exact_search_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(7)
    vectors = chance.standard_normal((3000, 512)).astype(np.float16)
    events = LiveEvents()
    for number, vector in enumerate(vectors):
        events.put(str(number), [vector.tobytes()], ["en"], (0.0, DAY))
    asked = vectors[:40].astype(np.float32) + 1.2 * chance.standard_normal((40, 512))
    wanted = [vector.astype(np.float16).tobytes() for vector in asked]
    exact = events.find(wanted, ["en"] * 40, (0.0, DAY), 1)
    monkeypatch.setattr(live, "_EXACT", 10)
    monkeypatch.setattr(live, "_SIFTED", 300)
    assert events.find(wanted, ["en"] * 40, (0.0, DAY), 1) == exact
    assert exact == [[str(number)] for number in range(40)]


def test_what_few_texts_have_is_rarer_than_what_many_have(reports: tuple[LinkInput, ...]) -> None:
    rarity = Rarity(map(read_traits, reports))
    assert rarity.of_word("quilla", "en") > rarity.of_word("the", "en")
    assert rarity.of_word("the", "en") >= 0


def test_the_streams_counts_go_on_after_a_restart(reports: tuple[LinkInput, ...]) -> None:
    whole = Rarity(map(read_traits, reports))
    _, kept = count_stream(b"", reports[:3])
    rarity, kept = count_stream(kept, reports[3:])
    again = read_rarity(kept)
    for word in ("the", "ferry", "never"):
        assert again.of_word(word, "en") == rarity.of_word(word, "en") == whole.of_word(word, "en")


@pytest.mark.parametrize("kept", [b"", b"nonsense", b"{}\nnonsense", b"[1]\n", b"\xff\n\x00"])
def test_unreadable_counts_begin_anew(kept: bytes) -> None:
    assert read_rarity(kept).of_word("the", "en") == Rarity().of_word("the", "en")
