"""Cursors: where a page of a list ended, as text that only we read."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from dragoman.store.listings import Place


def write_cursor(place: Place | None) -> str | None:
    """Write a place as a cursor; none where the list has ended."""
    if place is None:
        return None
    text = f"{place.at.isoformat()} {place.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Read a cursor that `write_cursor` wrote. Raises `ValueError` for anything else."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error) as error:
        raise ValueError("this is no cursor of ours") from error
    at, _, id = plain.partition(" ")
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or write_cursor(Place(moment, id)) != text:
        raise ValueError("this is no cursor of ours")
    return Place(moment, id)
