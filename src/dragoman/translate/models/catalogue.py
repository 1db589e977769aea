"""Which models can be had: Mozilla's two lists, read into one kind of offer.

Remote Settings gives one record a file, zstd attachments with hashes; the public JSON
catalogue gives one entry a model, gzip files, a hash for the model alone.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dragoman.errors import ModelError
from dragoman.translate.models.inventory import published_quality

RECORDS_URL = (
    "https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/"
    "translations-models-v2/records"
)
ATTACHMENTS_URL = "https://firefox-settings-attachments.cdn.mozilla.net/"
CATALOGUE_URL = (
    "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data/"
    "db/models.json"
)
_TYPES = ("model", "lex", "vocab", "srcvocab", "trgvocab")
_CATALOGUE_TYPES = {
    "model": "model", "lexicalShortlist": "lex", "vocab": "vocab", "srcVocab": "srcvocab",
    "trgVocab": "trgvocab",
}  # fmt: skip
_NAME = re.compile(r"[\w.\-]{1,120}")
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_MAX_FILE = 400 << 20  # unpacked; the largest model known has 43 MB


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
    order = {name: at for at, name in enumerate(("base-memory", "base", "tiny"))}
    return tuple(
        sorted(
            offers,
            key=lambda o: (
                o.language,
                o.into,
                -o.quality,
                order.get(o.architecture, 9),
                _newest(o),
            ),
        )
    )


def unpack_file(offer: FileOffer, packed: bytes) -> bytes:
    """Unpack a file and check its hashes.

    Raises `ModelError` where it is damaged.
    """
    _check_hash(offer, packed, offer.packed_sha256)
    try:
        content = _unpack(offer.packing, packed, offer.sha256)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise ModelError(f"{offer.url} is damaged: {error}; try again") from error
    _check_hash(offer, content, offer.sha256)
    return content


def _unpack(packing: str, packed: bytes, expected: str) -> bytes:
    if packing == "zstd":
        from fxtranslate import discovery

        return discovery.verify_and_decompress(packed, expected or None)
    if packing == "gzip":
        unpacker = zlib.decompressobj(wbits=31)
        content = unpacker.decompress(packed, _MAX_FILE)
        if not unpacker.eof:
            raise ValueError("it is cut off, or larger than any model")
        return content
    return packed


def _check_hash(offer: FileOffer, content: bytes, expected: str) -> None:
    if expected and sha256(content).hexdigest() != expected.lower():
        raise ModelError(f"{offer.url} is damaged: its SHA-256 is not the published one; try again")


def _read_records(records: list[Any], url: str, attachments: str) -> list[Offer]:
    groups: dict[tuple[str, str, str, str], dict[str, FileOffer]] = {}
    for record in records:
        kind = str(record.get("fileType", ""))
        attachment = record.get("attachment") or {}
        language, into = str(record.get("sourceLanguage")), str(record.get("targetLanguage"))
        if kind not in _TYPES or not _is_pair(language, into) or "location" not in attachment:
            continue
        architecture = str(record.get("architecture") or "tiny")
        key = (language, into, architecture, str(record.get("version", "")))
        name = _safe_name(str(record["name"]))
        location = str(attachment["location"])
        groups.setdefault(key, {})[kind] = FileOffer(
            kind,
            name,
            f"{attachments.rstrip('/')}/{location.lstrip('/')}" if attachments else location,
            "zstd" if record.get("decompressedHash") or location.endswith(".zst") else "",
            int(attachment.get("size") or 0),
            str(attachment.get("hash") or ""),
            str(record.get("decompressedHash") or ""),
        )
    return [_offer(*key, files, url) for key, files in groups.items() if _is_whole(files)]


def _read_catalogue(content: Mapping[str, Any], url: str) -> list[Offer]:
    base = str(content.get("baseUrl") or url.rpartition("/")[0])
    offers = []
    for entry in (entry for entries in content["models"].values() for entry in entries):
        language, into = str(entry["sourceLanguage"]), str(entry["targetLanguage"])
        if not _is_pair(language, into):
            continue
        files: dict[str, FileOffer] = {}
        for name, kind in _CATALOGUE_TYPES.items():
            file = entry["files"].get(name)
            if not file:
                continue
            path = str(file["path"])
            files[kind] = FileOffer(
                kind,
                _safe_name(path.rpartition("/")[2].removesuffix(".gz")),
                f"{base.rstrip('/')}/{path.lstrip('/')}",
                "gzip" if path.endswith(".gz") else "",
                int(file.get("size") or file.get("compressedSize") or 0),
                sha256=str(file.get("uncompressedHash") or ""),
            )
        if _is_whole(files):
            architecture = str(entry.get("architecture") or "tiny")
            version = str(entry.get("version") or entry.get("hash") or content.get("generated", ""))
            offers.append(_offer(language, into, architecture, version, files, url))
    return offers


def _offer(
    language: str,
    into: str,
    architecture: str,
    version: str,
    files: Mapping[str, FileOffer],
    url: str,
) -> Offer:
    quality = published_quality(language, into, architecture)
    kept = tuple(files[kind] for kind in _TYPES if kind in files)
    return Offer(language, into, architecture, version, kept, quality, url)


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
