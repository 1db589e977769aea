"""Models of CTranslate2: found, loaded, used, and named where they are wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dragoman.errors import EngineDied, ModelError, PluginError
from dragoman.translate.engine import Engine, load_engine
from dragoman.types import EngineSpec, Leg
from tests.translate import copying_model
from tests.translate.copying_model import make_model

MANY = {"es": "spa_Latn", "pt": "por_Latn", "en": "eng_Latn"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_model(folder / "opus-mt-es-pt")
    make_model(folder / "nllb", tokens=MANY)
    return folder


@pytest.fixture
def copied(models: Path, tmp_path: Path) -> Path:
    """A folder with the model of one pair, to be damaged."""
    folder = tmp_path / "models"
    shutil.copytree(models / "opus-mt-es-pt", folder / "opus-mt-es-pt")
    return folder


def engine_of(folder: Path, **options: str) -> Engine:
    given = {"models": str(folder), **options}
    return load_engine(EngineSpec("ctranslate2", tuple(sorted(given.items()))))


def leg_of(engine: Engine, model: str, language: str = "es", into: str = "pt") -> Leg:
    return next(
        one
        for one in engine.legs()
        if (one.model, one.language, one.into) == (model, language, into)
    )


def test_the_folders_name_says_the_pair(models: Path) -> None:
    legs = [leg for leg in engine_of(models).legs() if leg.model == "opus-mt-es-pt"]
    assert [(leg.language, leg.into) for leg in legs] == [("es", "pt")]


def test_a_model_that_takes_anothers_place_is_used_with_its_own_vocabulary(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(copied)
    leg = leg_of(engine, "opus-mt-es-pt")
    assert engine.translate(["El gato come."], leg) == ["O gato come."]
    assert not engine.vocabulary(leg).has("ü")
    monkeypatch.setattr(copying_model, "SWAPPED", {})
    monkeypatch.setattr(copying_model, "TEXT", f"{copying_model.TEXT}ü")
    shutil.rmtree(copied / "opus-mt-es-pt")
    make_model(copied / "opus-mt-es-pt")
    assert engine.translate(["El gato come."], leg) == ["El gato come."]
    assert engine.vocabulary(leg).has("ü")


def test_a_model_of_many_languages_leads_between_all_of_them(models: Path) -> None:
    legs = [leg for leg in engine_of(models).legs() if leg.model == "nllb"]
    assert len(legs) == 6
    assert {leg.version for leg in legs} == {"7"}


def test_an_opus_model_translates(models: Path) -> None:
    engine = engine_of(models)
    sentences = ["El gato come.", "", "El perro come pan 12 / 34."]
    assert engine.translate(sentences, leg_of(engine, "opus-mt-es-pt")) == [
        "O gato come.",
        "",
        "O perro come pan 12 / 34.",
    ]


def test_a_model_of_many_languages_is_told_which_and_its_tokens_are_not_text(
    models: Path,
) -> None:
    engine = engine_of(models)
    leg = leg_of(engine, "nllb", "es", "en")
    assert engine.translate(["El gato come."], leg) == ["O gato come."]


def test_the_target_token_can_stand_before_the_source(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "nllb", tmp_path / "models" / "madlad")
    manifest = {"tokens": MANY, "token_in_source": True}
    (tmp_path / "models/madlad/dragoman.json").write_text(json.dumps(manifest))
    engine = engine_of(tmp_path / "models")
    # The model copies, so the token that it was shown comes back.
    (answer,) = engine.translate(["El gato."], leg_of(engine, "madlad", "es", "pt"))
    assert answer == "por_Latn O gato."


def test_many_batches_come_back_in_order(models: Path) -> None:
    engine = engine_of(models)
    sentences = [f"El gato come {number % 10} pan {number // 10}." for number in range(100)]
    expected = [one.replace("El", "O") for one in sentences]
    assert engine.translate(sentences, leg_of(engine, "opus-mt-es-pt")) == expected


def test_what_is_too_long_is_cut_and_nothing_of_it_is_lost(models: Path) -> None:
    engine = engine_of(models)
    long = " ".join(f"gato {number % 10}," for number in range(400))
    (answer,) = engine.translate([long], leg_of(engine, "opus-mt-es-pt"))
    assert answer == long


def test_what_the_model_cannot_write_fails_alone(models: Path) -> None:
    engine = engine_of(models)
    answers = engine.translate(["El gato 北京.", "El gato."], leg_of(engine, "opus-mt-es-pt"))
    assert answers == ["", "O gato."]
    assert engine.vocabulary(leg_of(engine, "opus-mt-es-pt")).lacks("北京")


def test_a_batch_past_its_deadline_is_given_up(models: Path) -> None:
    engine = engine_of(models, deadline_s="0")
    with pytest.raises(EngineDied, match="deadline"):
        engine.translate(["El gato."] * 100, leg_of(engine, "opus-mt-es-pt"))


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere.*options\.ctranslate2\.models"):
        engine_of(tmp_path / "nowhere").legs()


def test_an_empty_folder_has_no_legs(tmp_path: Path) -> None:
    assert engine_of(tmp_path).legs() == ()


def test_the_folder_has_to_be_set() -> None:
    with pytest.raises(PluginError, match="needs 'models'"):
        load_engine(EngineSpec("ctranslate2"))


def test_a_model_that_does_not_say_its_languages_stops_no_other(copied: Path) -> None:
    shutil.copytree(copied / "opus-mt-es-pt", copied / "mystery")
    shutil.copytree(copied / "opus-mt-es-pt", copied / "broken")
    (copied / "broken/dragoman.json").write_text("{")
    assert {leg.model for leg in engine_of(copied).legs()} == {"opus-mt-es-pt"}


@pytest.mark.parametrize(
    "manifest", ['{"pairs": []}', "[]", '{"pairs": 3}', '{"pairs": ["klingon>pt"]}', '"x"']
)
def test_a_manifest_that_says_nothing_is_left_out(copied: Path, manifest: str) -> None:
    (copied / "opus-mt-es-pt/dragoman.json").write_text(manifest)
    assert engine_of(copied).legs() == ()


DAMAGE = {
    "no vocabulary": lambda folder: (folder / "shared_vocabulary.json").unlink(),
    "no tokenizer": lambda folder: (folder / "source.spm").unlink(),
    "no tokenizer of the target": lambda folder: (folder / "target.spm").unlink(),
    "a tokenizer that is none": lambda folder: (folder / "source.spm").write_bytes(b"nonsense"),
    "no configuration": lambda folder: (folder / "config.json").unlink(),
    "a vocabulary that is none": lambda folder: (folder / "shared_vocabulary.json").write_text("["),
    "a vocabulary of another model": lambda folder: (folder / "shared_vocabulary.json").write_text(
        json.dumps([f"other{number}" for number in range(3)])
    ),
    "a model cut off": lambda folder: (folder / "model.bin").write_bytes(
        (folder / "model.bin").read_bytes()[:5000]
    ),
    "a model that is none": lambda folder: (folder / "model.bin").write_bytes(b"nonsense"),
    "an empty model": lambda folder: (folder / "model.bin").write_bytes(b""),
    "nothing": lambda folder: shutil.rmtree(folder),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_broken_model_is_one_clear_error(copied: Path, damage: object) -> None:
    engine = engine_of(copied)
    leg = leg_of(engine, "opus-mt-es-pt")
    damage(copied / "opus-mt-es-pt")  # type: ignore[operator]
    with pytest.raises(ModelError, match="opus-mt-es-pt") as caught:
        engine.translate(["El gato."], leg)
    assert caught.value.permanent
    assert "\n" not in str(caught.value)


def test_a_vocabulary_of_the_same_size_but_other_pieces_is_found_out(copied: Path) -> None:
    file = copied / "opus-mt-es-pt/shared_vocabulary.json"
    pieces = json.loads(file.read_text())
    file.write_text(json.dumps([*pieces[:3], *(f"other{at}" for at in range(3, len(pieces)))]))
    engine = engine_of(copied)
    with pytest.raises(ModelError, match="different models"):
        engine.translate(["El gato."], leg_of(engine, "opus-mt-es-pt"))


def test_tokens_that_the_model_does_not_have_are_named(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "nllb", tmp_path / "models" / "nllb")
    manifest = {"tokens": {"es": "spa_Latn", "pt": "pt_XX"}}
    (tmp_path / "models/nllb/dragoman.json").write_text(json.dumps(manifest))
    engine = engine_of(tmp_path / "models")
    with pytest.raises(ModelError, match="pt_XX"):
        engine.translate(["El gato."], leg_of(engine, "nllb"))


@pytest.mark.parametrize("option", ["device", "threads", "deadline_s"])
def test_an_option_that_makes_no_sense_is_named(tmp_path: Path, option: str) -> None:
    with pytest.raises(PluginError, match=option):
        engine_of(tmp_path, **{option: "fast"})


def test_a_way_of_computing_that_there_is_not_is_a_clear_error(copied: Path) -> None:
    engine = engine_of(copied, compute="int3")
    with pytest.raises(ModelError, match="int3"):
        engine.translate(["El gato."], leg_of(engine, "opus-mt-es-pt"))
