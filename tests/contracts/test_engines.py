"""What every engine keeps to, whoever wrote it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman import plugins
from dragoman.errors import EngineDied, PluginError
from dragoman.translate.engine import (
    Engine,
    available_legs,
    engine_for,
    lift_unknown,
    load_engine,
)
from dragoman.types import EngineKind, EngineSpec, Leg
from tests.translate.copying_model import make_model
from tests.translate.vendors import KEYS, VENDORS, engine_at, serve

# Speaks as Apertium does: `-l` lists the modes, `-f txt MODE` translates standard input,
# unknown words get a star.
FAKE_APERTIUM = """#!/bin/sh
if [ "$1" = "-l" ]; then printf '  es-pt\\n  es-pt_BR\\n  eng-spa\\n  eco-es-fr\\n'; exit 0; fi
if [ "$3" = "eng-spa" ]; then sleep 30 & sleep 30; fi
sed -e 's/gato/gato/g' -e 's/El /O /g' -e 's/gralubio/*gralubio/g'
"""


@pytest.fixture
def fake_apertium(tmp_path: Path) -> Path:
    command = tmp_path / "apertium"
    command.write_text(FAKE_APERTIUM)
    command.chmod(0o755)
    return command


@pytest.fixture(scope="module")
def converted_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_model(folder / "opus-mt-es-pt")
    return folder


@pytest.fixture(params=["echo", "firefox", "fake apertium", "apertium", "ctranslate2", *VENDORS])
def engine(
    request: pytest.FixtureRequest,
    fake_apertium: Path,
    converted_models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    name = request.param
    if name in VENDORS:
        monkeypatch.setenv(KEYS[name], "k")
        with serve(VENDORS[name]) as server:
            yield engine_at(server, name)
    else:
        yield local_engine(name, fake_apertium, converted_models)


def local_engine(name: str, fake_apertium: Path, converted_models: Path) -> Engine:
    if name == "ctranslate2":
        return load_engine(EngineSpec("ctranslate2", (("models", str(converted_models)),)))
    if name == "echo":
        return load_engine(EngineSpec("echo", (("pairs", "en-pt es-pt"),)))
    if name == "firefox":
        return load_engine(EngineSpec("firefox"))
    # Where the system has no Apertium, the engine's own contract is kept with the fake one.
    real = shutil.which("apertium") if name == "apertium" else None
    command = real or str(fake_apertium)
    return load_engine(EngineSpec("apertium", (("command", command), ("deadline_s", "20"))))


def quick_leg(engine: Engine) -> Leg:
    legs = engine.legs()
    return next((leg for leg in legs if (leg.language, leg.into) == ("es", "pt")), legs[0])


def test_an_engine_says_what_it_is_and_where_it_leads(engine: Engine) -> None:
    assert engine.name in plugins.names(plugins.ENGINES)
    assert isinstance(engine.kind, EngineKind)
    for leg in engine.legs():
        assert (leg.engine, leg.kind) == (engine.name, engine.kind)
        assert leg.language != leg.into
        assert leg.model


def test_a_batch_comes_back_in_order_and_of_the_same_length(engine: Engine) -> None:
    leg = quick_leg(engine)
    numbers = [f"El gato {number} / {number}." for number in range(11, 16)]
    answers = engine.translate(numbers, leg)
    assert len(answers) == len(numbers)
    for number, answer in zip(range(11, 16), answers, strict=True):
        assert str(number) in answer
    assert engine.translate([], leg) == []


def test_an_empty_sentence_is_answered_with_an_empty_one(engine: Engine) -> None:
    leg = quick_leg(engine)
    answers = engine.translate(["", "El gato.", "   "], leg)
    assert answers[0] == answers[2] == ""
    assert answers[1]


def test_odd_characters_do_not_harm_the_rest_of_the_batch(engine: Engine) -> None:
    leg = quick_leg(engine)
    odd = ["El gato.", "[x] {y} <z> ^a$ \\ / @ #", "a\x00b", "\U0001f600", "El gato.\n\nEl gato."]
    answers = engine.translate(odd, leg)
    assert len(answers) == len(odd)
    assert answers[0] == engine.translate(["El gato."], leg)[0] != ""


def test_an_engine_gives_the_same_answer_twice(engine: Engine) -> None:
    leg = quick_leg(engine)
    assert engine.translate(["El gato come."], leg) == engine.translate(["El gato come."], leg)


def test_a_vocabulary_says_what_can_be_written(engine: Engine) -> None:
    vocabulary = engine.vocabulary(quick_leg(engine))
    assert vocabulary.has("a")
    assert not vocabulary.lacks("abc")


def test_a_rule_based_engine_says_which_words_it_did_not_know(fake_apertium: Path) -> None:
    engine = load_engine(EngineSpec("apertium", (("command", str(fake_apertium)),)))
    leg = next(leg for leg in engine.legs() if leg.into == "pt")
    answers = engine.translate(["El gralubio", "El #lema de @ana y *esto"], leg)
    assert [lift_unknown(answer) for answer in answers] == [
        ("O gralubio", ("gralubio",)),
        ("O #lema de @ana y *esto", ()),
    ]


def test_modes_of_apertium_become_language_pairs(fake_apertium: Path) -> None:
    engine = load_engine(EngineSpec("apertium", (("command", str(fake_apertium)),)))
    pairs = {(leg.language, leg.into): leg.model for leg in engine.legs()}
    assert pairs == {("es", "pt"): "es-pt", ("es", "pt-BR"): "es-pt_BR", ("en", "es"): "eng-spa"}


def test_an_engine_that_hangs_is_killed_at_its_deadline(fake_apertium: Path) -> None:
    options = (("command", str(fake_apertium)), ("deadline_s", "0.3"))
    engine = load_engine(EngineSpec("apertium", options))
    leg = next(leg for leg in engine.legs() if leg.language == "en")
    with pytest.raises(EngineDied, match="deadline"):
        engine.translate(["The cat."], leg)


def test_where_apertium_is_not_installed_it_has_no_legs() -> None:
    assert load_engine(EngineSpec("apertium", (("command", "no-such-apertium"),))).legs() == ()


def test_an_engine_is_loaded_once_per_process() -> None:
    assert load_engine(EngineSpec("firefox")) is load_engine(EngineSpec("firefox"))


def test_unknown_engines_and_options_are_named() -> None:
    with pytest.raises(PluginError, match="no-such"):
        load_engine(EngineSpec("no-such"))
    with pytest.raises(PluginError, match="echo"):
        load_engine(EngineSpec("echo", (("colour", "red"),)))
    leg = available_legs((EngineSpec("echo"),))[0]
    with pytest.raises(PluginError, match="configured: firefox"):
        engine_for(leg, (EngineSpec("firefox"),))
