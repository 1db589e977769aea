"""Bring models into the store: downloaded, or imported from a folder; verified before use."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from urllib.parse import urljoin

import structlog

from dragoman.errors import FetchError, ModelError
from dragoman.translate.models.catalogue import (
    ATTACHMENTS_URL,
    CATALOGUE_URL,
    RECORDS_URL,
    FileOffer,
    Offer,
    is_complete,
    read_offers,
    unpack_file,
)
from dragoman.translate.models.inventory import (
    MANIFEST,
    Model,
    ModelFile,
    list_models,
    published_quality,
    read_bare_files,
    read_manifest,
    write_manifest,
)
from dragoman.translate.models.loading import verify_model

# Gives the bytes of an address from an offset on; the network is the caller's business.
Download = Callable[[str, int], Iterator[bytes]]
# Told the file, the bytes that are there and the bytes of all (0: not known).
Progress = Callable[[str, int, int], None]

_TRIES = 4
_MAX_LIST = 64 << 20
_PAIR_IN_NAME = re.compile(r"\.([a-z]{2})([a-z]{2})\.")
_PAIR_OF_FOLDER = re.compile(r"([a-z]{2,3})-([a-z]{2,3})")

_log = structlog.get_logger(__name__)


def _no_progress(name: str, done: int, total: int) -> None:
    """Tell nobody."""


def fetch_offers(
    download: Download, urls: Sequence[str] = (RECORDS_URL, CATALOGUE_URL)
) -> tuple[Offer, ...]:
    """Fetch the first list of models that answers.

    Raises `ModelError` with what every one of them said.
    """
    failures = []
    for url in urls:
        try:
            body = b"".join(_capped(download(url, 0), _MAX_LIST))
            return read_offers(body, url, _find_attachments(download, url))
        except (FetchError, ModelError, OSError) as error:
            failures.append(f"{url}: {error}")
    raise ModelError(
        f"no list of models could be read ({'; '.join(failures)}); "
        "copy a folder with models here and use `dragoman models import`",
        permanent=False,
    )


def _find_attachments(download: Download, url: str) -> str:
    """Give where the files of a list lie: a Remote Settings server says it, else beside the list.

    Raises `ModelError` where a mirror of Remote Settings does not say it.
    """
    server, path, _ = url.partition("/buckets/")
    if not path:
        return urljoin(url, ".")
    try:
        body = b"".join(_capped(download(f"{server}/", 0), _MAX_LIST))
        return urljoin(url, str(json.loads(body)["capabilities"]["attachments"]["base_url"]))
    except (FetchError, ValueError, KeyError, TypeError, RecursionError) as error:
        if url == RECORDS_URL:
            return ATTACHMENTS_URL
        raise ModelError(
            f"{server}/ does not say where its files lie, in capabilities.attachments.base_url: "
            f"{error}"
        ) from error


def add_models(
    store: Path,
    language: str,
    into: str,
    offers: Sequence[Offer],
    download: Download,
    *,
    architecture: str = "",
    progress: Progress = _no_progress,
) -> tuple[Model, ...]:
    """Download the best model of a pair, or both legs through English where none is direct.

    A broken download goes on where it stopped. Raises `ModelError` where nothing leads
    from the one language to the other, or where what came is damaged or does not work.
    """
    chosen = _choose(offers, language, into, architecture)
    return tuple(_add_model(store, offer, download, progress) for offer in chosen)


def import_models(folder: Path, store: Path) -> tuple[Model, ...]:
    """Copy models from a folder: bare files, another store, or a list with packed files.

    Raises `ModelError` where there are none, or where none of them works.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder} is no folder; give the folder that holds the model's files")
    found, failures = [], []
    for source in _find_sources(folder):
        try:
            found.append(source(store))
        except (ModelError, OSError) as error:
            failures.append(str(error))
            _log.warning("model not imported", folder=str(folder), error=str(error))
    if not found:
        reason = "; ".join(failures) or (
            "it needs model.*.bin with vocab.*.spm, or records.json or models.json with their files"
        )
        raise ModelError(f"{folder} holds no model that works: {reason}")
    return tuple(found)


def mirror_models(store: Path | None, folder: Path) -> tuple[Model, ...]:
    """Write a folder that another machine can use as its list of models, over HTTP or by import."""
    models = list_models(store)
    entries: dict[str, list[dict[str, object]]] = {}
    names = {"lex": "lexicalShortlist", "srcvocab": "srcVocab", "trgvocab": "trgVocab"}
    for model in models:
        place = f"{model.language}-{model.into}/{model.architecture}"
        (folder / place).mkdir(parents=True, exist_ok=True)
        files = {}
        for kind, file in model.files.items():
            content = (model.folder / file.name).read_bytes()
            (folder / place / file.name).write_bytes(content)
            files[names.get(kind, kind)] = {
                "path": f"{place}/{file.name}",
                "size": len(content),
                "uncompressedHash": sha256(content).hexdigest(),
            }
        entries.setdefault(f"{model.language}-{model.into}", []).append(
            {
                "sourceLanguage": model.language,
                "targetLanguage": model.into,
                "architecture": model.architecture,
                "version": model.version,
                "licence": model.licence,
                "metrics": {"flores200-plus": {"comet22": model.quality / 100}},
                "files": files,
            }
        )
    text = json.dumps({"models": entries}, indent=2)
    (folder / "models.json").write_text(text + "\n", encoding="utf-8")
    return models


def _choose(
    offers: Sequence[Offer], language: str, into: str, architecture: str
) -> tuple[Offer, ...]:
    def best(one: str, other: str) -> Offer | None:
        fitting = (o for o in offers if (o.language, o.into) == (one, other))
        return next((o for o in fitting if architecture in ("", o.architecture)), None)

    direct = best(language, into)
    if direct:
        return (direct,)
    legs = (best(language, "en"), best("en", into))
    if legs[0] and legs[1] and "en" not in (language, into):
        return (legs[0], legs[1])
    kind = f" of architecture {architecture}" if architecture else ""
    raise ModelError(
        f"the list has no model{kind} {language}>{into}, and none through English; "
        "see `dragoman models list --available` for the pairs that there are"
    )


def _add_model(store: Path, offer: Offer, download: Download, progress: Progress) -> Model:
    try:
        place = _staging(store, offer)
        for file in offer.files:
            if not (place / file.name).is_file():
                packed = _download_file(place, file, download, progress)
                content = _unpack_or_forget(packed, file)
                _write(place / file.name, content)
                packed.unlink()
        return _activate(store, place, _described(offer, place))
    except OSError as error:
        raise ModelError(
            f"{store} cannot be written ({error.strerror or error}); make room there, "
            "then run the same command again: it goes on where it stopped",
            permanent=False,
        ) from error


def _download_file(place: Path, file: FileOffer, download: Download, progress: Progress) -> Path:
    """Download a file beside its place; what a broken attempt left is continued."""
    part = place / f".{file.name}.part"
    if not file.size and part.exists() and is_complete(file, part.read_bytes()):
        return part
    for attempt in range(1, _TRIES + 1):
        done = part.stat().st_size if part.exists() else 0
        if file.size and done >= file.size:
            break
        try:
            with part.open("ab") as out:
                for chunk in download(file.url, done):
                    out.write(chunk)
                    done += len(chunk)
                    progress(file.name, done, file.size)
        except FetchError as error:
            if attempt == _TRIES or error.permanent:
                raise ModelError(
                    f"{file.url} could not be downloaded: {error}; what is there is kept, "
                    "run the same command again to go on",
                    permanent=False,
                ) from error
            continue
        if not file.size or done >= file.size:
            break
    return part


def _unpack_or_forget(packed: Path, file: FileOffer) -> bytes:
    try:
        return unpack_file(file, packed.read_bytes())
    except ModelError:
        packed.unlink()  # going on from damaged bytes would never end
        raise


def _described(offer: Offer, place: Path) -> Model:
    files = {file.kind: _measured(place / file.name) for file in offer.files}
    return Model(
        offer.language,
        offer.into,
        offer.architecture,
        offer.version,
        place,
        files,
        offer.quality,
        offer.origin,
        offer.licence,
    )


def _activate(store: Path, place: Path, model: Model) -> Model:
    """Verify a model and move it to where engines look for it.

    Raises `ModelError`, and removes what was prepared, where it does not work.
    """
    try:
        verify_model(model)
    except ModelError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    write_manifest(model)
    final = store / f"{model.language}-{model.into}" / model.architecture
    before = final.with_name(f".{model.architecture}.before")
    shutil.rmtree(before, ignore_errors=True)
    if final.exists():
        final.replace(before)
    place.replace(final)
    # The one before, and what was left of attempts to add others.
    for left in final.parent.glob(f".{model.architecture}.*"):
        shutil.rmtree(left, ignore_errors=True)
    return replace(model, folder=final)


def _staging(store: Path, offer: Offer | Model) -> Path:
    """Make a folder for one version of a model, so that files of two are never mixed.

    It is hidden from `list_models`, and on the same disk, so that the last step is a rename.
    """
    version = blake2b(repr((offer.version, offer.files)).encode(), digest_size=4).hexdigest()
    place = store / f"{offer.language}-{offer.into}" / f".{offer.architecture}.{version}"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _find_sources(folder: Path) -> Iterator[Callable[[Path], Model]]:
    """Find what can be imported in a folder, each as a function of the store."""
    for name in ("records.json", "models.json"):
        path = folder / name
        if path.is_file():
            for offer in _best_each(read_offers(path.read_bytes(), str(path))):
                read = partial(_read_local, folder)
                yield partial(_add_offer, offer, read)
            return
    for place in (folder, *sorted(path for path in folder.rglob("*") if path.is_dir())):
        if place.name.startswith("."):
            continue
        if (place / MANIFEST).is_file():
            yield partial(_copy, read_manifest, place)
        elif "model" in read_bare_files(place):
            yield partial(_copy, _read_bare, place)


def _best_each(offers: Sequence[Offer]) -> Iterator[Offer]:
    seen: set[tuple[str, str]] = set()
    for offer in offers:
        if (offer.language, offer.into) not in seen:
            seen.add((offer.language, offer.into))
            yield offer


def _read_local(folder: Path, url: str, offset: int) -> Iterator[bytes]:
    name = url.rpartition("/")[2]
    relative = url.removeprefix(str(folder)).lstrip("/")
    for path in (folder / relative, folder / name):
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            yield path.read_bytes()[offset:]
            return
    raise ModelError(f"{name} is not in {folder}; copy it there")


def _read_bare(folder: Path) -> Model:
    """Read what a folder of bare files is from their names, or from the folder's."""
    files = read_bare_files(folder)
    match = _PAIR_IN_NAME.search(files["model"].name) or _PAIR_OF_FOLDER.fullmatch(folder.name)
    if match is None:
        raise ModelError(
            f"{folder}: the names do not say which languages; call the folder for example 'en-fr'"
        )
    language, into = match.groups()
    size = files["model"].size
    # The models of each architecture are alike in size: 17, 32 and 43 MB.
    architecture = "tiny" if size < 25e6 else "base-memory" if size < 38e6 else "base"
    return Model(
        language,
        into,
        architecture,
        sha256((folder / files["model"].name).read_bytes()).hexdigest()[:12],
        folder,
        files,
        published_quality(language, into, architecture),
        origin="imported",
    )


def _add_offer(offer: Offer, download: Download, store: Path) -> Model:
    return _add_model(store, offer, download, _no_progress)


def _copy(read: Callable[[Path], Model], folder: Path, store: Path) -> Model:
    model = read(folder)
    verify_model(model)
    place = _staging(store, model)
    try:
        for file in model.files.values():
            shutil.copyfile(model.folder / file.name, place / file.name)
    except OSError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    files = {kind: _measured(place / file.name) for kind, file in model.files.items()}
    return _activate(store, place, replace(model, folder=place, files=files))


def _measured(path: Path) -> ModelFile:
    content = path.read_bytes()
    return ModelFile(path.name, len(content), sha256(content).hexdigest())


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def _capped(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise ModelError(f"the list of models is larger than {limit >> 20} MB")
        yield chunk
