"""Recurring formats: what an outlet prints day after day under one kind of title.

Weather, markets, horoscopes, live pages and weekly columns repeat their titles, whole or at the
head ("Markets: …", "Horóscopo | …"), in any language. Such a head is learnt from the outlet's
own titles: it stands on several days, and it names no country, since a head that does is a
matter in the news and no format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dragoman.link.places import find_places
from dragoman.link.traits import read_format

_PARTING = re.compile(r"\s*[:|：｜]\s*|\s+[-–—]\s+")
_HEAD_WORDS = 5
_DAYS = 3  # on so many days an outlet's head is a format
_DAY = 86400.0

Head = tuple[str, str]  # an outlet, and the head of a title of its


def read_head(title: str, language: str) -> str:
    """Give the part of a title before its first colon, bar or dash; empty where it is long."""
    head, *rest = _PARTING.split(title.strip(), maxsplit=1)
    if not rest or not rest[0].strip() or find_places(head, language):
        return ""
    plain = read_format(head, language)
    return plain if plain and len(plain.split()) <= _HEAD_WORDS else ""


def find_formats(heads: Iterable[tuple[Head, float]]) -> frozenset[Head]:
    """Find the heads that stand on three days and more, of heads with their times."""
    days: dict[Head, set[int]] = {}
    for head, at in heads:
        if all(head):
            days.setdefault(head, set()).add(int(at // _DAY))
    return frozenset(head for head, seen in days.items() if len(seen) >= _DAYS)
