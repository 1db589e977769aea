"""The files that pages load, each with a hash of its content in its address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_APART = frozenset({"worker.js"})  # served where its scope is the whole site


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the site: its address never serves anything else."""

    path: str
    media_type: str
    body: bytes


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Read the files once per process, by their plain names."""
    found = {}
    for file in files("dragoman.publish").joinpath("static").iterdir():
        stem, _, kind = file.name.rpartition(".")
        if kind in _TYPES and file.name not in _APART:
            body = file.read_bytes()
            path = f"/static/{stem}.{sha256(body).hexdigest()[:10]}.{kind}"
            found[file.name] = Asset(path, _TYPES[kind], body)
    return found


@lru_cache(maxsize=1)
def by_path() -> dict[str, Asset]:
    """Give the files by address."""
    return {asset.path: asset for asset in assets().values()}
