from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from dragoman.errors import FetchError, ModelError
from dragoman.translate.engine import available_legs, load_engine
from dragoman.translate.models.catalogue import read_offers
from dragoman.translate.models.installing import (
    add_models,
    fetch_offers,
    import_models,
    mirror_models,
)
from dragoman.translate.models.inventory import Model, known_pairs, list_models, remove_models
from dragoman.translate.models.loading import verify_model
from dragoman.translate.vocabulary import read_vocabulary
from dragoman.types import EngineSpec

LIST_URL = "https://models.example.org/models.json"


@pytest.fixture(scope="module")
def shipped() -> Model:
    return next(model for model in list_models(None) if model.into == "pt")


class Mirror:
    """A mirror of models that breaks off as often as it is told to."""

    def __init__(self, files: dict[str, bytes], breaks: int = 0) -> None:
        self.files = files
        self.breaks = breaks
        self.asked: list[tuple[str, int]] = []

    def download(self, url: str, offset: int) -> Iterator[bytes]:
        name = url.rpartition("/")[2]
        self.asked.append((name, offset))
        content = self.files[name][offset:]
        if self.breaks and len(content) > 1000:
            self.breaks -= 1
            yield content[: len(content) // 2]
            raise FetchError(f"{url}: the connection was lost")
        yield content


def catalogue(model: Model, *, wrong_hash: bool = False) -> dict[str, bytes]:
    contents = {kind: (model.folder / f.name).read_bytes() for kind, f in model.files.items()}
    packed = {model.files[kind].name + ".gz": gzip.compress(c, 1) for kind, c in contents.items()}
    names = {"model": "model", "lex": "lexicalShortlist", "vocab": "vocab"}
    files: dict[str, dict[str, object]] = {
        names[kind]: {"path": f"files/{model.files[kind].name}.gz"} for kind in contents
    }
    digest = sha256(contents["model"]).hexdigest()
    files["model"]["uncompressedHash"] = "0" * 64 if wrong_hash else digest
    files["model"]["size"] = len(packed[model.files["model"].name + ".gz"])
    entry = {"sourceLanguage": "en", "targetLanguage": "pt", "architecture": "tiny", "files": files}
    content = {"generated": "2026-01-01", "models": {"en-pt": [entry]}}
    return {"models.json": json.dumps(content).encode(), **packed}


def records(model: Model) -> dict[str, bytes]:
    """Speak Remote Settings; the attachments here are not packed, the hash is the attachment's."""
    data, files = [], {}
    for kind, file in model.files.items():
        content = (model.folder / file.name).read_bytes()
        files[file.name] = content
        data.append(
            {
                "name": file.name,
                "fileType": kind,
                "sourceLanguage": "en",
                "targetLanguage": "pt",
                "version": "3.0",
                "architecture": "tiny",
                "attachment": {
                    "location": f"main/{file.name}",
                    "size": len(content),
                    "hash": sha256(content).hexdigest(),
                },
            }
        )
    return {"records.json": json.dumps({"data": data}).encode(), **files}


def test_the_shipped_models_are_listed_and_work(shipped: Model) -> None:
    pairs = [(model.language, model.into) for model in list_models(None)]
    assert pairs == [("en", "pt"), ("pt", "en")]
    assert shipped.quality > 80
    verify_model(shipped)


def test_a_vocabulary_of_another_model_is_found_out(shipped: Model, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(shipped.folder, folder)
    other = list_models(None)[1].path("vocab")
    (folder / shipped.files["vocab"].name).write_bytes(other.read_bytes())
    with pytest.raises(ModelError, match="vocabulary may be of another"):
        verify_model(replace(shipped, folder=folder))


@pytest.mark.parametrize("kind", ["model", "lex"])
def test_a_truncated_file_is_an_error_and_no_panic(
    shipped: Model, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(shipped.folder, folder)
    path = folder / shipped.files[kind].name
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ModelError):
        verify_model(replace(shipped, folder=folder))


def test_a_model_is_added_from_the_catalogue_and_used(shipped: Model, tmp_path: Path) -> None:
    mirror = Mirror(catalogue(shipped))
    offers = fetch_offers(mirror.download, [LIST_URL])
    told: list[str] = []
    (model,) = add_models(
        tmp_path, "en", "pt", offers, mirror.download, progress=lambda name, *_: told.append(name)
    )
    assert set(told) == {file.name for file in model.files.values()}
    assert all(file.sha256 for file in model.files.values())
    spec = EngineSpec("firefox", (("models", str(tmp_path)), ("shipped", "no")))
    (leg,) = available_legs((spec,))
    assert leg.model == "tiny"
    assert "gato" in load_engine(spec).translate(["The cat is black."], leg)[0]


def test_a_broken_download_goes_on_where_it_stopped(shipped: Model, tmp_path: Path) -> None:
    mirror = Mirror(catalogue(shipped), breaks=2)
    offers = read_offers(mirror.files["models.json"], LIST_URL)
    add_models(tmp_path, "en", "pt", offers, mirror.download)
    assert any(offset > 0 for _, offset in mirror.asked)


def test_a_wrong_hash_leaves_nothing_behind(shipped: Model, tmp_path: Path) -> None:
    mirror = Mirror(catalogue(shipped, wrong_hash=True))
    offers = read_offers(mirror.files["models.json"], LIST_URL)
    with pytest.raises(ModelError, match="SHA-256"):
        add_models(tmp_path, "en", "pt", offers, mirror.download)
    assert list_models(tmp_path, is_shipped_included=False) == ()


def test_a_dead_mirror_is_named_with_the_next_step(tmp_path: Path) -> None:
    def download(url: str, offset: int) -> Iterator[bytes]:
        if offset == 0:
            raise FetchError(f"{url}: nobody answers")
        yield b""

    with pytest.raises(ModelError, match="models import"):
        fetch_offers(download, [LIST_URL])


def test_a_pair_that_is_not_offered_is_named(shipped: Model, tmp_path: Path) -> None:
    mirror = Mirror(catalogue(shipped))
    offers = read_offers(mirror.files["models.json"], LIST_URL)
    with pytest.raises(ModelError, match="ar>en"):
        add_models(tmp_path, "ar", "en", offers, mirror.download)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b'{"models": {"a": [1]}}', b"[" * 9999]
)
def test_what_is_no_list_of_models_is_refused(body: bytes) -> None:
    with pytest.raises(ModelError, match="no list of models"):
        read_offers(body, LIST_URL)


def test_names_that_leave_the_folder_are_refused(shipped: Model) -> None:
    listed = json.loads(records(shipped)["records.json"])
    listed["data"][0]["name"] = "../../evil.bin"
    with pytest.raises(ModelError, match="evil"):
        read_offers(json.dumps(listed).encode(), LIST_URL)


@pytest.mark.parametrize("form", ["bare", "records", "catalogue", "mirror"])
def test_models_are_imported_from_a_folder(shipped: Model, tmp_path: Path, form: str) -> None:
    folder, store = tmp_path / "given", tmp_path / "store"
    folder.mkdir()
    if form == "bare":
        shutil.copytree(shipped.folder, folder / "enpt")
    elif form == "mirror":
        mirror_models(None, folder)
    else:
        files = records(shipped) if form == "records" else catalogue(shipped)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    imported = import_models(folder, store)
    assert ("en", "pt") in {(model.language, model.into) for model in imported}
    for model in list_models(store, is_shipped_included=False):
        verify_model(model)


def test_a_folder_without_models_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.\*\.bin"):
        import_models(tmp_path, tmp_path / "store")


def test_a_damaged_model_is_found_by_its_hash_and_can_be_removed(
    shipped: Model, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    (model,) = import_models(shipped.folder, store)
    path = model.path("lex")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="SHA-256"):
        verify_model(model)
    assert remove_models(store, "en", "pt")[0].language == "en"
    assert list(store.iterdir()) == []
    with pytest.raises(ModelError, match="models list"):
        remove_models(store, "en", "pt")


def test_the_registry_knows_sizes_and_quality() -> None:
    pair = known_pairs()["en", "fr"]
    assert pair.architectures == ("base-memory", "tiny")
    assert pair.megabytes > 10
    assert 80 < pair.quality["base-memory"] < 100


@pytest.mark.parametrize("data", [b"", b"\x00" * 50, b"\xff" * 50, b"\x0a\x7f", b"hello world"])
def test_what_is_no_vocabulary_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError):
        read_vocabulary(data)


def test_the_shipped_vocabulary_lacks_what_news_is_set_with(shipped: Model) -> None:
    vocabulary = read_vocabulary(shipped.path("vocab").read_bytes())
    assert not any(vocabulary.has(char) for char in "“”‘’«»–—£€")
    assert vocabulary.has("ã")
    assert "Paris" in vocabulary.words
    assert "paris" not in vocabulary.words
