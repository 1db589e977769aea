"""When an article was published and modified, decided from evidence that is kept.

The day of the fetch is no evidence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dragoman.extract.date_signs import CLOCK, find_dates
from dragoman.extract.days import Clues, find_contradiction, read_clues
from dragoman.extract.flow import Flow, Run
from dragoman.extract.jsonld import Statement
from dragoman.types import Dating, Evidence, FeedItem, Moment, Precision

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FIRST = "the first readable sign in order of trust"


def _agree(one: Moment, other: Moment) -> bool:
    return abs(one.at - other.at) <= timedelta(hours=36)


def decide_date(
    found: list[Evidence],
    fetched: datetime | None,
    clocks: frozenset[str] = frozenset(),
    clues: Clues | None = None,
) -> Dating:
    """Decide a date: the first readable sign in order of trust; clocks and the future lose."""
    winner: Evidence | None = None
    losers: list[Evidence] = []
    for sign in found:
        reason = _reject(sign, found, fetched, clocks, clues or Clues())
        if reason:
            losers.append(replace(sign, note=reason))
        elif winner is None:
            winner = replace(sign, note=_FIRST)
        else:
            losers.append(replace(sign, note=_compare(sign, winner)))
    if winner is None or winner.moment is None:
        return Dating(None, tuple(losers))
    winner = _refine(winner, losers)
    return Dating(winner.moment, (winner, *losers))


def _compare(sign: Evidence, winner: Evidence) -> str:
    if sign.moment is None or winner.moment is None:
        return "cannot be read"
    return (
        "agrees"
        if _agree(sign.moment, winner.moment)
        else f"contradicts {winner.origin}, which is trusted more"
    )


def _reject(
    sign: Evidence,
    found: list[Evidence],
    fetched: datetime | None,
    clocks: frozenset[str],
    clues: Clues,
) -> str:
    if sign.moment is None:
        return "cannot be read"
    if sign.note == CLOCK:
        return sign.note
    if fetched is not None and sign.moment.at > fetched + timedelta(days=2):
        return "lies in the future of the fetch"
    if sign.origin == "text" and sign.raw in clocks:
        return "stands on other pages of this host too: the site's clock"
    if sign.origin == "text":
        contradiction = find_contradiction(sign.moment, clues)
        if contradiction:
            return contradiction
    is_today = fetched is not None and abs(sign.moment.at.date() - fetched.date()) <= timedelta(
        days=1
    )
    if is_today and sign.origin in ("time", "text") and sign.moment.precision is Precision.DAY:
        others = [
            s.moment
            for s in found
            if s is not sign and s.moment is not None and s.origin != sign.origin
        ]
        if others and not any(_agree(other, sign.moment) for other in others):
            return "equals the day of the fetch and contradicts the others: the site's clock"
    return ""


# A day without a zone begins at most 14 hours before it does in UTC, and ends 12 hours after.
_EASTMOST, _DAY_END = timedelta(hours=-14), timedelta(hours=36)


def _refine(winner: Evidence, losers: list[Evidence]) -> Evidence:
    """Take clock time or zone from an agreeing sign where the winner lacks it."""
    moment = winner.moment
    if moment is None or (
        moment.is_zone_known and moment.precision in (Precision.MINUTE, Precision.SECOND)
    ):
        return winner
    for sign in losers:
        other = sign.moment
        if (
            other is None
            or not other.is_zone_known
            or other.precision not in (Precision.MINUTE, Precision.SECOND)
        ):
            continue
        if sign.note != "agrees":
            continue
        gap = abs(other.at - moment.at)
        is_same_clock = gap.total_seconds() % 900 == 0 and gap <= timedelta(hours=14)
        is_same_day = (
            moment.precision is Precision.DAY and _EASTMOST <= other.at - moment.at < _DAY_END
        )
        if is_same_day or is_same_clock:
            note = f"{winner.note}; clock time and zone from {sign.origin}"
            return replace(winner, moment=other, note=note)
    return winner


def date_article(
    root: HtmlElement, flow: Flow, statement: Statement, url: str, language: str,
    heading: Run | None, body: list[Run], item: FeedItem | None, fetched: datetime | None,
    clocks: frozenset[str] = frozenset(),
) -> tuple[Dating, Dating]:  # fmt: skip
    """Decide when an article was published and when it was last modified."""
    published, modified = find_dates(root, flow, statement, url, language, heading, body, item)
    clues = Clues()
    if any(sign.origin == "text" for sign in published):
        clues = read_clues("\n".join(run.text for run in body), language)
    return (
        decide_date(published, fetched, clocks, clues),
        decide_date(modified, fetched, clocks, clues),
    )
