"""Links put back with the real models: by their own dictionaries, nearly without asking them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from dragoman.errors import ModelError
from dragoman.translate import available_legs, find_route, list_models, load_engine
from dragoman.translate.spans.hints import Placing, restore_spans
from dragoman.translate.spans.lexicon import Lexical, Lexicon, read_lexicon
from dragoman.types import EngineSpec, Leg, Route, Span, SpanKind

SPECS = (EngineSpec("firefox"),)


def route(language: str, into: str) -> Route:
    return find_route(available_legs(SPECS), language, into)


def lexicon(language: str, into: str) -> Lexicon:
    engine = load_engine(SPECS[0])
    assert isinstance(engine, Lexical)
    found = engine.lexicon(route(language, into).legs[0])
    assert found is not None
    return found


def shipped(kind: str) -> Path:
    model = next(m for m in list_models(None) if (m.language, m.into) == ("en", "pt"))
    return model.path(kind)


def link(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(SpanKind.LINK, start, start + len(words), words)


def covered(source: str, target: str, *words: str) -> dict[str, str]:
    placing = Placing(source, tuple(link(source, one) for one in words), target)
    (spans,) = restore_spans([placing], route("en", "pt"), SPECS)
    return {span.value: target[span.start : span.end] for span in spans}


@pytest.mark.parametrize(
    ("word", "translation", "other"),
    [
        ("threatened", "ameaçou", "militares"),
        ("Doctors", "médicos", "janeiro"),
        ("US", "EUA", "nos"),
        ("voters", "eleitores", "imposto"),
    ],
)
def test_a_shortlist_tells_which_words_translate_which(
    word: str, translation: str, other: str
) -> None:
    ((good, bad),) = lexicon("en", "pt").weigh([word], [translation, other])
    assert good > 0.5
    assert bad < good


def test_a_small_word_of_many_meanings_weighs_less_than_one_of_few() -> None:
    ((small,), (large,)) = (
        lexicon("pt", "en").weigh([one], [other])[0]
        for one, other in (("de", "of"), ("governo", "government"))
    )
    assert small < large


def test_both_of_two_equal_words_keep_their_links() -> None:
    source = "The soldiers arrested three men, and a fourth was arrested at the airport."
    target = "Os soldados prenderam três homens, e um quarto foi preso no aeroporto."
    first = link(source, "arrested")
    at = source.rindex("arrested")
    second = Span(SpanKind.LINK, at, at + 8, "again")
    (spans,) = restore_spans([Placing(source, (first, second), target)], route("en", "pt"), SPECS)
    assert [target[s.start : s.end] for s in spans] == ["prenderam", "preso"]


def test_links_follow_words_that_change_their_order() -> None:
    found = covered(
        "The company's chief financial officer opened the press event on Monday.",
        "Na segunda-feira, o diretor financeiro da empresa abriu o evento de imprensa.",
        "financial",
        "press",
        "Monday",
    )
    assert found == {"financial": "financeiro", "press": "imprensa", "Monday": "segunda-feira"}


class Counted:
    """A real engine that also counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        engine = load_engine(SPECS[0])
        self._ask = engine.translate

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        self.asked += sentences
        return self._ask(sentences, leg)


def test_the_engine_is_not_asked_where_its_dictionary_is_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = Counted()
    monkeypatch.setattr(load_engine(SPECS[0]), "translate", counted.translate)
    found = covered(
        "The senator accused the newspaper of printing false documents.",
        "O senador acusou o jornal de imprimir documentos falsos.",
        "senator",
        "newspaper",
        "false documents",
    )
    assert list(found.values()) == ["senador", "jornal", "documentos falsos"]
    assert counted.asked == []
    covered("He gave up for good.", "Foi-se embora sem nada.", "gave up")
    assert counted.asked


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:1000],
        lambda data: b"\x00" * 48 + data[48:],
        lambda data: data[:48] + data[56:64] + data[48:56] + data[64:-4],
        lambda data: b"",
        lambda data: data[:-4] + struct.pack("<I", 10**6),
    ],
    ids=["cut off", "no header", "another length", "empty", "a piece that is not there"],
)
def test_a_damaged_shortlist_is_refused(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    broken = tmp_path / "lex.bin"
    broken.write_bytes(damage(shipped("lex").read_bytes()))
    with pytest.raises(ModelError):
        read_lexicon(broken, shipped("vocab"), shipped("vocab"))


def test_a_link_keeps_its_place_where_the_route_has_no_dictionary() -> None:
    one, other = route("en", "pt").legs[0], route("pt", "en").legs[0]
    source = "The yellow house burnt down in Porto."
    target = "The yellow house in Porto burned down."
    placing = Placing(source, (link(source, "Porto"), link(source, "yellow house")), target)
    (spans,) = restore_spans([placing], Route((one, other)), SPECS)
    assert [target[s.start : s.end] for s in spans] == ["yellow house", "Porto"]
