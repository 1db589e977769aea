"""Costs: what engines did for the money, by month, engine and source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from dragoman.desk.board import Board, Page, Visit
from dragoman.store import sources, spending
from dragoman.store.spending import Spent

board = Board("Costs", "/costs")

_SOURCES = 50  # those that cost most


@board.page("/costs")
def show(visit: Visit) -> Page:
    """Show words, time and money."""
    rows = spending.spending(visit.db)
    present = spending.month_of(visit.now())
    months = _add_up(rows, lambda one: one.month)
    shown = visit.query.get("month", present)
    of_month = [one for one in rows if one.month == shown]
    cap = visit.settings.translate.monthly_cap
    cost = sum(one.cost for one in rows if one.month == present)
    by_source = _add_up(of_month, lambda one: one.source)
    by_source.sort(key=lambda one: (-one.cost, -one.words))
    values = {
        "months": sorted(months, key=lambda one: one.month, reverse=True),
        "columns": [(one.month, one.words) for one in sorted(months, key=lambda one: one.month)],
        "present": present,
        "month": shown,
        "engines": _add_up(of_month, lambda one: one.engine),
        "by_source": by_source[:_SOURCES],
        "names": {one.id: one.name for one in sources.sources(visit.db, with_removed=True)},
        "cap": cap,
        "cost": cost,
        "used": min(100, round(100 * cost / cap)) if cap else 0,
    }
    return Page("costs.html", values)


def _add_up(rows: Iterable[Spent], key: Callable[[Spent], str]) -> list[Spent]:
    """Add rows up that have the same key; what they differ in otherwise says nothing then."""
    found: defaultdict[str, list[Spent]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return [
        Spent(
            some[0].month,
            some[0].engine,
            some[0].source,
            sum(one.words for one in some),
            sum(one.seconds for one in some),
            sum(one.cost for one in some),
        )
        for some in found.values()
    ]
