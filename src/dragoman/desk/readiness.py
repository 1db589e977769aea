"""``/readyz`` of the desk: is everything there that the relay needs, and if not, what."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from dragoman.errors import StoreError
from dragoman.steps.vitals import read_vitals
from dragoman.store import sources

if TYPE_CHECKING:
    from dragoman.desk.board import Desk

WELL = "ok"
SILENT = timedelta(minutes=5)  # after which a relay that writes every ten seconds is not there
SMALLEST = 200_000_000  # bytes free


def look(desk: Desk) -> dict[str, str]:
    """Say of store, disk and relay that each is well, or what is wrong with it.

    Anybody on the network of the desk may ask, so no path and no address is told.
    """
    return {"store": _look_at_store(desk), "disk": _look_at_disk(desk), "relay": _listen(desk)}


def _look_at_store(desk: Desk) -> str:
    try:
        sources.sources(desk.db)
    except StoreError as error:
        return f"cannot be read ({type(error).__name__})"
    return WELL


def _look_at_disk(desk: Desk) -> str:
    try:
        free = shutil.disk_usage(desk.settings.data).free
    except OSError:
        return "the data folder is not there"
    return WELL if free >= SMALLEST else f"{free // 1_000_000} MB free"


def _listen(desk: Desk) -> str:
    heard = read_vitals(desk.settings.data).at
    if heard is None:
        return "never ran here"
    silence = desk.now() - heard
    return WELL if silence < SILENT else f"silent for {silence.total_seconds() / 60:.0f} minutes"
