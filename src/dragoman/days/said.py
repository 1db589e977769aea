"""The day that an article was published, in the zone of its publisher."""

from __future__ import annotations

import re
from datetime import date

from dragoman.types import Dating, Precision

_LOCAL = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}.*(?:[+-]\d{2}:?\d{2})\s*$")
_ROUGH = frozenset({Precision.YEAR, Precision.MONTH})


def publication_day(dating: Dating) -> date | None:
    """Give the day of publication where the publisher is, as far as its zone is known."""
    if dating.moment is None or dating.moment.precision in _ROUGH:
        return None
    local = _LOCAL.match(dating.evidence[0].raw) if dating.evidence else None
    if local:
        year, month, day = map(int, local.groups())
        return date(year, month, day)
    return dating.moment.at.date()
