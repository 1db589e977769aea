"""Which models can be had: Mozilla's two lists, read into one kind of offer.

Remote Settings gives one record a file, zstd attachments with hashes; the public JSON
catalogue gives one entry a model, gzip files, a hash for the model alone.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from dragoman.errors import ModelError
from dragoman.translate.models.inventory import (
    ARCHITECTURES,
    LICENCE,
    KnownPair,
    is_architecture,
    published_quality,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RECORDS_URL = (
    "https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/"
    "translations-models-v2/records"
)
ATTACHMENTS_URL = "https://firefox-settings-attachments.cdn.mozilla.net/"
_MOZILLAS_BASE = (
    "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data"
)
_LIST_PATH = "/db/models.json"
CATALOGUE_URL = _MOZILLAS_BASE + _LIST_PATH
_TYPES = ("model", "lex", "vocab", "srcvocab", "trgvocab")
_CATALOGUE_TYPES = {
    "model": "model", "lexicalShortlist": "lex", "vocab": "vocab", "srcVocab": "srcvocab",
    "trgVocab": "trgvocab",
}  # fmt: skip
_NAME = re.compile(r"[\w.\-]{1,120}")
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_MAX_FILE = 400 << 20  # unpacked; the largest model known has 43 MB
_GZIP = b"\x1f\x8b"
_MEASURED_ON = "flores200-plus"


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A file that can be downloaded; the hashes are empty where the list has none."""

    kind: str
    name: str  # as it is stored, unpacked
    url: str
    packing: str = ""  # "zstd", "gzip" or empty
    size: int = 0  # packed
    packed_sha256: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be downloaded."""

    language: str
    into: str
    architecture: str
    version: str
    files: tuple[FileOffer, ...]
    quality: float = 0.0
    origin: str = ""
    licence: str = LICENCE
    is_released: bool = True  # to all users of Firefox, not to testers alone

    @property
    def size(self) -> int:
        """What has to be downloaded, in bytes, as far as the list says."""
        return sum(file.size for file in self.files)


def read_offers(body: bytes, url: str, attachments: str = "") -> tuple[Offer, ...]:
    """Read either list, the best model of each pair first.

    ``attachments`` is where the files of Remote Settings lie. Raises `ModelError`.
    """
    try:
        content = json.loads(body)
        if isinstance(content, dict) and isinstance(content.get("models"), dict):
            offers = _read_catalogue(content, url)
        elif isinstance(content, dict) and isinstance(content.get("data"), list):
            offers = _read_records(content["data"], url, attachments)
        else:
            raise ModelError(f"{url} is no list of models: neither 'models' nor 'data' is in it")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{url} is no list of models that we can read: {error}") from error
    return tuple(sorted(offers, key=_preference))


def offered_pairs(offers: Iterable[Offer]) -> tuple[KnownPair, ...]:
    """Sum up offers by pair, for people who choose."""
    pairs = []
    for pair, group in groupby(offers, key=lambda offer: (offer.language, offer.into)):
        models = list(group)
        pairs.append(
            KnownPair(
                *pair,
                tuple(dict.fromkeys(model.architecture for model in models)),
                round(models[0].size / 1e6, 1),
                {model.architecture: model.quality for model in models if model.quality},
                models[0].licence,
            )
        )
    return tuple(pairs)


def unpack_file(offer: FileOffer, packed: bytes) -> bytes:
    """Unpack a file and check its hashes.

    Raises `ModelError` where it is damaged.
    """
    try:
        content = _unpack(offer.packing, packed)
    except (ValueError, EOFError, zlib.error, zstd.ZstdError) as error:
        raise ModelError(f"{offer.url} is damaged: {error}; try again") from error
    if content is not packed:
        _check_hash(offer, packed, offer.packed_sha256)
    _check_hash(offer, content, offer.sha256)
    return content


def is_complete(offer: FileOffer, packed: bytes) -> bool:
    """Whether a file whose size no list says is there to its end, as far as its packing tells."""
    try:
        return bool(offer.packing) and _unpack(offer.packing, packed) is not packed
    except (ValueError, EOFError, zlib.error, zstd.ZstdError):
        return False


def _unpack(packing: str, packed: bytes) -> bytes:
    """Unpack no more than a model can have: a few kilobytes of zstd can hold gigabytes."""
    if packing == "zstd":
        unzstd = zstd.ZstdDecompressor()
        content = unzstd.decompress(packed, _MAX_FILE)
        is_whole = unzstd.eof
    # Google's storage unpacks gzip on the way for whoever does not ask for it packed.
    elif packing == "gzip" and packed.startswith(_GZIP):
        gunzip = zlib.decompressobj(wbits=31)
        content = gunzip.decompress(packed, _MAX_FILE)
        is_whole = gunzip.eof
    else:
        return packed
    if not is_whole:
        raise ValueError("it is cut off, or larger than any model")
    return content


def _check_hash(offer: FileOffer, content: bytes, expected: str) -> None:
    if expected and sha256(content).hexdigest() != expected:
        raise ModelError(f"{offer.url} is damaged: its SHA-256 is not the published one; try again")


def _read_records(records: list[Any], url: str, attachments: str) -> list[Offer]:
    groups: dict[tuple[str, str, str, str], dict[str, FileOffer]] = {}
    for_testers = set()
    for record in records:
        kind = str(record.get("fileType", ""))
        attachment = record.get("attachment") or {}
        language, into = str(record.get("sourceLanguage")), str(record.get("targetLanguage"))
        if kind not in _TYPES or not _is_pair(language, into) or "location" not in attachment:
            continue
        architecture = str(record.get("architecture") or "tiny")
        key = (language, into, architecture, str(record.get("version", "")))
        if record.get("filter_expression"):
            for_testers.add(key)
        groups.setdefault(key, {})[kind] = _read_record(kind, record, attachment, attachments)
    return [
        _offer(*key, files, url, is_released=key not in for_testers)
        for key, files in groups.items()
        if _is_whole(files) and is_architecture(key[2])
    ]


def _read_record(
    kind: str, record: Mapping[str, Any], attachment: Mapping[str, Any], attachments: str
) -> FileOffer:
    location = str(attachment["location"])
    packed, unpacked = (
        str(value or "").lower()
        for value in (attachment.get("hash"), record.get("decompressedHash"))
    )
    is_packed = location.endswith(".zst") or bool(unpacked and unpacked != packed)
    return FileOffer(
        kind,
        _safe_name(str(record["name"])),
        f"{attachments.rstrip('/')}/{location.lstrip('/')}" if attachments else location,
        "zstd" if is_packed else "",
        int(attachment.get("size") or 0),
        packed,
        unpacked or ("" if is_packed else packed),
    )


def _read_catalogue(content: Mapping[str, Any], url: str) -> list[Offer]:
    base = str(content.get("baseUrl") or "")
    if not base or (base == _MOZILLAS_BASE and not url.startswith(base)):
        # Of Mozilla's list as it is, on another server: the files were copied with it.
        base = url.removesuffix(_LIST_PATH) if url.endswith(_LIST_PATH) else url.rpartition("/")[0]
    offers = []
    for entry in (entry for entries in content["models"].values() for entry in entries):
        language, into = str(entry.get("sourceLanguage")), str(entry.get("targetLanguage"))
        architecture = str(entry.get("architecture") or "tiny")
        if not (_is_pair(language, into) and is_architecture(architecture)):
            continue
        files = {
            kind: _read_entry(kind, file, base)
            for name, kind in _CATALOGUE_TYPES.items()
            if (file := (entry.get("files") or {}).get(name))
        }
        if _is_whole(files):
            status = entry.get("releaseStatus", "Release")
            version = str(entry.get("version") or entry.get("hash") or content.get("generated", ""))
            offers.append(
                _offer(
                    language,
                    into,
                    architecture,
                    version,
                    files,
                    url,
                    quality=_measured_quality(entry),
                    licence=str(entry.get("licence") or LICENCE),
                    is_released=str(status).startswith("Release"),
                )
            )
    return offers


def _read_entry(kind: str, file: Mapping[str, Any], base: str) -> FileOffer:
    path = str(file["path"])
    return FileOffer(
        kind,
        _safe_name(path.rpartition("/")[2].removesuffix(".gz")),
        f"{base.rstrip('/')}/{path.lstrip('/')}",
        "gzip" if path.endswith(".gz") else "",
        int(file.get("size") or 0),
        sha256=str(file.get("uncompressedHash") or "").lower(),
    )


def _measured_quality(entry: Mapping[str, Any]) -> float:
    """Give the COMET that the list publishes, 0 to 100; 0 where it has none."""
    metrics = (entry.get("metrics") or {}).get(_MEASURED_ON) or {}
    return round(float(metrics.get("comet22") or 0) * 100, 2)


def _offer(
    language: str,
    into: str,
    architecture: str,
    version: str,
    files: Mapping[str, FileOffer],
    url: str,
    *,
    quality: float = 0.0,
    licence: str = LICENCE,
    is_released: bool = True,
) -> Offer:
    return Offer(
        language,
        into,
        architecture,
        version,
        tuple(files[kind] for kind in _TYPES if kind in files),
        quality or published_quality(language, into, architecture),
        url,
        licence,
        is_released,
    )


def _preference(offer: Offer) -> tuple[Any, ...]:
    """Sort key: by pair, then what is released, translates best and is newest."""
    order = ARCHITECTURES.index(offer.architecture) if offer.architecture in ARCHITECTURES else 9
    rank = (not offer.is_released, -offer.quality, order, _newest(offer))
    return (offer.language, offer.into, *rank)


def _is_whole(files: Mapping[str, FileOffer]) -> bool:
    return "model" in files and ("vocab" in files or {"srcvocab", "trgvocab"} <= files.keys())


def _is_pair(language: str, into: str) -> bool:
    return bool(_CODE.fullmatch(language) and _CODE.fullmatch(into))


def _safe_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise ValueError(f"'{name[:60]}' is no name of a model's file")
    return name


def _newest(offer: Offer) -> tuple[int, ...]:
    """Sort key: the highest version first; an alpha comes after its release."""
    numbers = [int(part) for part in re.findall(r"\d+", offer.version.partition("a")[0])]
    return (*(-number for number in numbers), int("a" in offer.version))
