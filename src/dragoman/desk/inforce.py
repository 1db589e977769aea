"""The settings in force, and where each comes from. Secrets are not shown."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

import dragoman
from dragoman.config import Settings
from dragoman.desk.board import Board, Page, Role, Visit
from dragoman.desk.wording import told
from dragoman.store.schema import HEAD

board = Board("Settings", "/settings", Role.OPERATOR)

HIDDEN = "(set; not shown)"
_SECRET = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)
_PREFIX = "DRAGOMAN_"


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting: its value as it is shown, and where that comes from."""

    key: str
    value: str
    origin: str  # "default", "file" or "environment"


@board.page("/settings", Role.OPERATOR)
def show(visit: Visit) -> Page:
    """Show every setting with its origin."""
    values = {
        "rows": list(list_settings(visit.settings, visit.desk.file)),
        "file": visit.desk.file,
        "is_changed": _is_changed(visit),
        "others": sorted(_other_variables(visit.settings)),
        "facts": (
            ("Dragoman", dragoman.__version__),
            (told("Schema"), HEAD),
            (told("Store"), visit.db.place),
            ("Python", sys.version.split()[0]),
        ),
    }
    return Page("settings.html", values)


def list_settings(settings: Settings, file: Path | None) -> Iterator[InForce]:
    """Name every setting with its value and its origin."""
    given = _read_file(file)
    named = {name.upper() for name in os.environ}

    def walk(model: BaseModel, keys: tuple[str, ...], in_file: Any) -> Iterator[InForce]:
        for name in type(model).model_fields:
            value, path = getattr(model, name), (*keys, name)
            inner = in_file.get(name) if isinstance(in_file, Mapping) else None
            if isinstance(value, BaseModel):
                yield from walk(value, path, inner)
                continue
            yield InForce(".".join(path), show_value(name, value), _origin(path, named, inner))

    yield from walk(settings, (), given)


def _origin(path: tuple[str, ...], named: set[str], in_file: Any) -> str:
    # DRAGOMAN_SITE may hold the whole section as JSON, DRAGOMAN_SITE__PORT one key of it.
    for length in range(len(path), 0, -1):
        variable = _PREFIX + "__".join(path[:length]).upper()
        if variable in named:
            return f"environment: {variable}"
        if any(name.startswith(f"{variable}__") for name in named if length == len(path)):
            return f"environment: {variable}__…"
    return "default" if in_file is None else "file"


def _read_file(file: Path | None) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8")) if file else {}
    except (OSError, ValueError):
        return {}  # it was broken since; what is in force was read before


def show_value(name: str, value: Any) -> str:
    """Write a setting's value; what may be a secret is only said to be set."""
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, Mapping):
        shown = (f"{key} = {show_value(f'{name}.{key}', one)}" for key, one in value.items())
        return "; ".join(shown) or "–"
    if value not in ("", None) and _SECRET.search(name):
        return HIDDEN
    if isinstance(value, (tuple, list)):
        return ", ".join(show_value(name, one) for one in value) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _without_password(str(value)) or "–"


def _without_password(text: str) -> str:
    """Leave out of an address what lets somebody in: name and password, and its query."""
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return HIDDEN
    user, at, host = parts.netloc.rpartition("@")
    hidden = "…@" if at and user else ""
    return f"{parts.scheme}://{hidden}{host}{parts.path}{'?…' if parts.query else ''}"


def _other_variables(settings: Settings) -> Iterator[str]:
    """Name the variables of ours that are no settings: keys of services, places of models."""
    known = {f"{_PREFIX}{name}".upper() for name in type(settings).model_fields}
    for name in os.environ:
        if name.startswith(_PREFIX) and name.partition("__")[0] not in known:
            yield name


def _is_changed(visit: Visit) -> bool:
    """Whether the file says something else now than what is in force."""
    from dragoman.config import load_settings
    from dragoman.errors import ConfigError

    if visit.desk.file is None:
        return False
    try:
        return load_settings(visit.desk.file) != visit.settings
    except ConfigError:
        return True
