"""Dates that stand behind relative days, carried into the translation.

They are not placed by evidence as links are: the translation's own words are read again, and
only a day that the original means too is marked. So a weekday that was mistranslated gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dragoman.days import find_days
from dragoman.types import Span, SpanKind


def split_days(spans: Sequence[Span]) -> tuple[tuple[Span, ...], frozenset[str]]:
    """Part the marks of relative days from other spans; give these, and the days they mean."""
    others = tuple(span for span in spans if span.kind is not SpanKind.DATE)
    return others, frozenset(span.value for span in spans if span.kind is SpanKind.DATE)


def carry_days(target: str, into: str, days: frozenset[str], said: date | None) -> tuple[Span, ...]:
    """Mark in a translation the relative days that the original means."""
    if not days or said is None:
        return ()
    return tuple(span for span in find_days(target, into, said) if span.value in days)
