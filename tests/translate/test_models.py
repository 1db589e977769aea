from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from dragoman.errors import ModelError
from dragoman.translate.engine import available_legs, load_engine
from dragoman.translate.engines.firefox import FirefoxEngine
from dragoman.translate.models.catalogue import FileOffer, read_offers, unpack_file
from dragoman.translate.models.installing import (
    add_models,
    fetch_offers,
    import_models,
    mirror_models,
)
from dragoman.translate.models.inventory import Model, known_pairs, list_models, remove_models
from dragoman.translate.models.loading import verify_model
from dragoman.translate.units import cut_units
from dragoman.translate.vocabulary import read_vocabulary
from dragoman.types import EngineSpec
from tests.translate.registry import (
    CATALOGUE,
    RECORDS,
    Registry,
    catalogue,
    contents,
    download_from_loopback,
    remote_settings,
    serve,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIST_URL = "https://models.example.org/models.json"


@pytest.fixture(scope="module")
def shipped() -> Model:
    return next(model for model in list_models(None) if model.into == "pt")


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serve(Registry()) as served:
        yield served


def add(registry: Registry, path: str, store: Path, *, total_s: float = 60.0) -> Model:
    """Add the model en>pt from a list that a registry serves."""
    download = download_from_loopback(total_s)
    offers = fetch_offers(download, [registry.root + path])
    (model,) = add_models(store, "en", "pt", offers, download)
    return model


def translate_with(store: Path) -> str:
    spec = EngineSpec("firefox", (("models", str(store)), ("shipped", "no")))
    (leg,) = available_legs((spec,))
    return load_engine(spec).translate(["The minister said that he was sorry."], leg)[0]


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


def test_a_model_is_added_from_remote_settings(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= remote_settings(shipped, registry.root)
    model = add(registry, RECORDS, tmp_path)
    assert (model.version, model.architecture, model.licence) == ("3.0", "tiny", "MPL-2.0")
    assert contents(model) == contents(shipped)
    assert "ministro" in translate_with(tmp_path)


def test_a_model_is_added_from_the_catalogue_with_the_quality_that_it_publishes(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= catalogue(shipped, registry.root)
    model = add(registry, CATALOGUE, tmp_path)
    assert contents(model) == contents(shipped)
    assert model.quality == 90.12
    assert list_models(tmp_path, is_shipped_included=False) == (model,)


def test_mozillas_catalogue_copied_as_it_is_leads_to_the_files_beside_it(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    mozilla = "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data"
    registry.files |= catalogue(shipped, mozilla)
    assert contents(add(registry, CATALOGUE, tmp_path)) == contents(shipped)


def test_a_storage_that_unpacks_on_the_way_does_no_harm(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    files = catalogue(shipped, registry.root)
    for path in files.keys() - {CATALOGUE}:
        files[path] = gzip.decompress(files[path])
    registry.files |= files
    assert contents(add(registry, CATALOGUE, tmp_path)) == contents(shipped)


def test_records_as_a_file_lead_to_the_attachments_beside_it(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    files = remote_settings(shipped, "")
    registry.files |= {
        path.replace("/attachments/", "/copy/"): content for path, content in files.items()
    }
    registry.files["/copy/records.json"] = files[RECORDS]
    assert contents(add(registry, "/copy/records.json", tmp_path)) == contents(shipped)


def test_a_mirror_that_does_not_say_where_its_files_lie_is_named(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= remote_settings(shipped, registry.root) | {"/v1/": b'{"hello": "kinto"}'}
    with pytest.raises(ModelError, match=r"/v1/ does not say .*capabilities.attachments.base_url"):
        add(registry, RECORDS, tmp_path)


def test_a_broken_download_goes_on_where_it_stopped(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= remote_settings(shipped, registry.root)
    registry.healthy, registry.breaks = 3, 4
    with pytest.raises(ModelError, match="run the same command again"):
        add(registry, RECORDS, tmp_path)
    assert list_models(tmp_path, is_shipped_included=False) == ()
    registry.asked.clear()
    assert contents(add(registry, RECORDS, tmp_path)) == contents(shipped)
    starts = [start for path in registry.files for start in registry.starts(path)]
    assert (
        starts.count(0) < len(shipped.files) + 2
    )  # the list, the greeting, and what was not begun
    assert registry.starts(registry.asked[2][0])[0] > 0


@pytest.mark.parametrize("speak", [remote_settings, catalogue])
def test_a_server_that_ignores_ranges_is_no_obstacle(
    registry: Registry, shipped: Model, tmp_path: Path, speak: Any
) -> None:
    registry.files |= speak(shipped, registry.root)
    registry.healthy, registry.breaks, registry.has_ranges = 1, 1, False
    path = RECORDS if speak is remote_settings else CATALOGUE
    assert contents(add(registry, path, tmp_path)) == contents(shipped)


def test_a_file_that_was_whole_when_the_command_was_interrupted_is_not_asked_for_again(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= catalogue(shipped, registry.root)
    registry.healthy, registry.breaks = 100, 0
    (lost,) = [path for path in registry.files if "vocab" in path]
    gone = registry.files.pop(lost)
    with pytest.raises(ModelError, match="vocab"):
        add(registry, CATALOGUE, tmp_path)
    (staged,) = tmp_path.glob("en-pt/.tiny.*")
    name = shipped.files["model"].name
    (staged / name).unlink()
    (packed,) = [body for path, body in registry.files.items() if name in path]
    (staged / f".{name}.part").write_bytes(packed)
    registry.files[lost] = gone
    registry.asked.clear()
    assert contents(add(registry, CATALOGUE, tmp_path)) == contents(shipped)
    assert [path for path, _ in registry.asked] == [CATALOGUE, lost]


def damage(files: dict[str, bytes], name: str, how: str) -> dict[str, bytes]:
    """Damage a file, the list's hashes of the packed one made to fit."""
    path = next(path for path in files if name in path and path != RECORDS)
    unzipped = zstd.decompress(files[path])
    packed = {
        "truncated": files[path][:-1000],
        "another": zstd.compress(unzipped[:-1] + b"x", 1),
        "not zstd": b"<html>Please log in</html>",
    }[how]
    listed = files[RECORDS].replace(
        sha256(files[path]).hexdigest().encode(), sha256(packed).hexdigest().encode()
    )
    listed = listed.replace(
        f'"size": {len(files[path])}'.encode(), f'"size": {len(packed)}'.encode()
    )
    return {path: packed, RECORDS: listed}


@pytest.mark.parametrize("how", ["truncated", "another", "not zstd"])
def test_a_damaged_file_is_refused_and_fetched_anew_the_next_time(
    registry: Registry, shipped: Model, tmp_path: Path, how: str
) -> None:
    files = remote_settings(shipped, registry.root)
    number = list(shipped.files).index("lex")
    registry.files |= files | damage(files, f"/{number}0000000", how)
    with pytest.raises(ModelError, match=r"is damaged: .* try again"):
        add(registry, RECORDS, tmp_path)
    assert list_models(tmp_path, is_shipped_included=False) == ()
    registry.files |= files
    assert contents(add(registry, RECORDS, tmp_path)) == contents(shipped)


def test_a_packed_file_with_another_hash_than_published_is_refused(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= remote_settings(shipped, registry.root, decompressedHash="0" * 64)
    with pytest.raises(ModelError, match="SHA-256"):
        add(registry, RECORDS, tmp_path)
    assert list_models(tmp_path, is_shipped_included=False) == ()


def test_a_few_kilobytes_that_unpack_to_gigabytes_are_refused() -> None:
    bomb = zstd.compress(bytes(500 << 20), 1)
    assert len(bomb) < 1 << 20
    with pytest.raises(ModelError, match="larger than any model"):
        unpack_file(FileOffer("model", "model.bin", "http://m.example/model", "zstd"), bomb)


def test_a_dead_mirror_is_named_with_the_next_step() -> None:
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9.*models import"):
        fetch_offers(download_from_loopback(), ["http://127.0.0.1:9/models.json"])


def test_the_second_list_is_asked_where_the_first_is_dead(
    registry: Registry, shipped: Model
) -> None:
    registry.files |= catalogue(shipped, registry.root)
    urls = ["http://127.0.0.1:9" + RECORDS, registry.root + CATALOGUE]
    (offer,) = fetch_offers(download_from_loopback(), urls)
    assert (offer.language, offer.into) == ("en", "pt")


def test_a_mirror_that_drips_is_given_up_and_leaves_nothing_active(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= remote_settings(shipped, registry.root)
    registry.dripping = Event()
    with pytest.raises(ModelError, match=r"gave up after .* run the same command again"):
        add(registry, RECORDS, tmp_path, total_s=0.3)
    assert registry.dripping.is_set()
    assert list_models(tmp_path, is_shipped_included=False) == ()


def test_a_pair_that_is_not_offered_is_named(shipped: Model, tmp_path: Path) -> None:
    offers = read_offers(catalogue(shipped)[CATALOGUE], LIST_URL)
    with pytest.raises(ModelError, match=r"ar>en.*--available"):
        add_models(tmp_path, "ar", "en", offers, download_from_loopback())


def test_both_legs_through_english_are_added_where_none_is_direct(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    back = next(model for model in list_models(None) if model.into == "en")
    listed: dict[str, list[object]] = {}
    for model, changed in ((shipped, {"targetLanguage": "pt"}), (back, {"sourceLanguage": "gl"})):
        registry.files |= catalogue(model, registry.root, **changed)
        listed |= {model.into: json.loads(registry.files[CATALOGUE])["models"].popitem()[1]}
    registry.files[CATALOGUE] = json.dumps({"baseUrl": registry.root, "models": listed}).encode()
    download = download_from_loopback()
    offers = fetch_offers(download, [registry.root + CATALOGUE])
    legs = add_models(tmp_path, "gl", "pt", offers, download)
    assert [(leg.language, leg.into) for leg in legs] == [("gl", "en"), ("en", "pt")]


def test_what_is_released_comes_before_what_is_not_and_the_best_first(shipped: Model) -> None:
    listed = json.loads(catalogue(shipped)[CATALOGUE])
    (entry,) = listed["models"]["en-pt"]
    better = entry | {"metrics": {"flores200-plus": {"comet22": 0.95}}, "architecture": "base"}
    unreleased = better | {"releaseStatus": None, "architecture": "base-memory"}
    without = {"releaseStatus": "Release", "files": {}}
    listed["models"]["en-pt"] = [unreleased, without, entry, better]
    offers = read_offers(json.dumps(listed).encode(), LIST_URL)
    assert [offer.architecture for offer in offers] == ["base", "tiny", "base-memory"]


def test_of_two_versions_the_newest_release_is_chosen(shipped: Model) -> None:
    records = []
    for version, channel in (("3.0", ""), ("3.2a1", "env.channel == 'nightly'"), ("3.1", "")):
        more = {"version": version, "filter_expression": channel}
        records += json.loads(remote_settings(shipped, "", **more)[RECORDS])["data"]
    offers = read_offers(json.dumps({"data": records}).encode(), LIST_URL)
    assert [offer.version for offer in offers] == ["3.1", "3.0", "3.2a1"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b'{"models": {"a": [1]}}', b"[" * 9999]
)
def test_what_is_no_list_of_models_is_refused(body: bytes) -> None:
    with pytest.raises(ModelError, match="no list of models"):
        read_offers(body, LIST_URL)


@pytest.mark.parametrize("name", ["../../evil.bin", "/etc/evil", ".evil", "a/evil", "evil\\x"])
def test_names_that_leave_the_folder_are_refused(shipped: Model, name: str) -> None:
    listed = remote_settings(shipped, "", name=name)[RECORDS]
    with pytest.raises(ModelError, match="evil"):
        read_offers(listed, LIST_URL)
    listed = catalogue(shipped, files={"model": {"path": "a/.."}, "vocab": {"path": "b"}})[
        CATALOGUE
    ]
    with pytest.raises(ModelError, match="no name"):
        read_offers(listed, LIST_URL)


@pytest.mark.parametrize("name", ["../../evil", "..", "/tmp/evil", "", "a" * 300, "tiny/../.."])
@pytest.mark.parametrize("key", ["architecture", "sourceLanguage", "targetLanguage"])
def test_languages_and_architectures_that_are_no_names_of_folders_are_left_out(
    shipped: Model, name: str, key: str
) -> None:
    if not name and key == "architecture":
        return  # none given: the smallest is meant
    assert read_offers(remote_settings(shipped, "", **{key: name})[RECORDS], LIST_URL) == ()
    assert read_offers(catalogue(shipped, **{key: name})[CATALOGUE], LIST_URL) == ()


def test_a_manifest_that_leaves_the_folder_is_refused(shipped: Model, tmp_path: Path) -> None:
    given = tmp_path / "given"
    shutil.copytree(shipped.folder, given)
    files = [{"type": k, "name": f.name, "size": f.size} for k, f in shipped.files.items()]
    manifest = {"language": "en", "into": "pt", "architecture": "../../evil", "version": "1"}
    (given / "manifest.json").write_text(json.dumps(manifest | {"files": files}))
    with pytest.raises(ModelError, match="architecture"):
        import_models(given, tmp_path / "store")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("form", ["bare", "records", "catalogue", "mirror"])
def test_models_are_imported_from_a_folder(shipped: Model, tmp_path: Path, form: str) -> None:
    folder, store = tmp_path / "given", tmp_path / "store"
    folder.mkdir()
    if form == "bare":
        shutil.copytree(shipped.folder, folder / "enpt")
    elif form == "mirror":
        mirror_models(None, folder)
    else:
        files = remote_settings(shipped, "") if form == "records" else catalogue(shipped)
        for path, content in files.items():
            name = {RECORDS: "records.json", CATALOGUE: "models.json"}.get(path, path)
            file = folder / name.removeprefix("/attachments").lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    imported = import_models(folder, store)
    assert not list(store.glob("*/.*"))
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


def test_a_model_that_is_replaced_is_never_missing_and_leaves_nothing_behind(
    registry: Registry, shipped: Model, tmp_path: Path
) -> None:
    registry.files |= remote_settings(shipped, registry.root)
    add(registry, RECORDS, tmp_path)
    registry.files |= remote_settings(shipped, registry.root, version="3.1")
    add(registry, RECORDS, tmp_path)
    (model,) = list_models(tmp_path, is_shipped_included=False)
    assert model.version == "3.1"
    assert [path.name for path in (tmp_path / "en-pt").iterdir()] == ["tiny"]


def test_a_mirror_is_used_by_a_second_machine_over_http(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    mirrored = mirror_models(None, folder)
    for path in folder.rglob("*.*"):
        registry.files[f"/m/{path.relative_to(folder)}"] = path.read_bytes()
    model = add(registry, "/m/models.json", tmp_path / "store")
    assert (model.quality, model.licence) == (mirrored[0].quality, "MPL-2.0")


def test_an_engine_keeps_the_models_that_it_used_last_and_no_more_than_fit(
    shipped: Model,
) -> None:
    roomy, narrow = FirefoxEngine(None), FirefoxEngine(None, kept_bytes=shipped.size)
    there, back = roomy.legs()
    for engine, kept in ((roomy, {there, back}), (narrow, {back})):
        answers = [
            engine.translate([text], leg)[0] for text, leg in (("cat", there), ("gato", back))
        ]
        assert all(answers)
        assert set(engine.loaded()) == kept
    assert narrow.translate(["The cat."], there) == ["O gato."]


def test_a_leg_of_a_model_that_was_replaced_says_so(shipped: Model) -> None:
    engine = FirefoxEngine(None)
    old = replace(engine.legs()[0], version="0.9")
    with pytest.raises(ModelError, match=r"0\.9\) is gone.*models add"):
        engine.translate(["cat"], old)


@pytest.mark.parametrize("text", ["word " * 2000, "x" * 10_000, "字" * 3000, "a, " * 500, "short"])
def test_what_is_too_long_is_cut_into_pieces_and_nothing_is_lost(text: str) -> None:
    units = cut_units(text)
    assert "".join("".join(units).split()) == "".join(text.split())
    assert max(len(unit.encode()) for unit in units) <= 480


def test_a_sentence_of_usual_length_is_not_cut() -> None:
    text = "The minister said, after the vote, that nobody had asked him; he left. " * 6
    assert cut_units(text.strip()) == [text.strip()]
