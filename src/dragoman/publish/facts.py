"""What a story page tells besides its reports: its happenings, and figures that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.publish.figures import EVERYBODY
from dragoman.publish.reasons import N_

if TYPE_CHECKING:
    from dragoman.publish.views import Frame, Headline, Publisher, Report, StoryCard
    from dragoman.publish.wording import Wording

_MILLION = 1_000_000
_KINDS = {
    "killed": N_("Killed"),
    "injured": N_("Injured"),
    "missing": N_("Missing"),
    "arrested": N_("Arrested"),
    "displaced": N_("Driven from their homes"),
    "rescued": N_("Rescued"),
    "abducted": N_("Abducted"),
    "troops": N_("Soldiers"),
    "protesters": N_("Protesters"),
    "drones": N_("Drones"),
    "missiles": N_("Missiles"),
    "homes": N_("Houses"),
    "passengers": N_("Passengers"),
    "votes-for": N_("Votes in favour"),
    "votes-against": N_("Votes against"),
    "magnitude": N_("Magnitude"),
    "damage": N_("Damage or loss"),
    "fine": N_("Fine"),
    "budget": N_("Budget"),
    "aid": N_("Aid"),
    "deal": N_("Contract or deal"),
    "turnout": N_("Turnout"),
    "inflation": N_("Inflation"),
    "unemployment": N_("Unemployment"),
}
_GROUPS = {
    "children": N_("children"),
    "women": N_("women"),
    "soldiers": N_("soldiers"),
    "police": N_("police officers"),
    "civilians": N_("civilians"),
    "workers": N_("workers"),
    "journalists": N_("journalists"),
    "protesters": N_("protesters"),
    "passengers": N_("passengers"),
}
_BOUNDS = {
    "least": N_("at least %(number)s"),
    "more": N_("more than %(number)s"),
    "about": N_("about %(number)s"),
    "most": N_("at most %(number)s"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a story: the report that heads it, and all of its reports in order of time."""

    head: Report
    reports: tuple[Report, ...]  # copies stand under theirs
    count: int  # copies among them
    languages: tuple[str, ...]

    @property
    def first(self) -> Report:
        """The report that had it first."""
        return self.reports[0]

    @property
    def last(self) -> Report:
        """The newest report."""
        return self.reports[-1]


@dataclass(frozen=True, slots=True)
class Saying:
    """What a report says of a thing that others count otherwise, in its words."""

    report: Report
    value: float
    bound: str  # least, more, about, most; empty: just so
    quote: str  # of the original
    translation: str = ""  # of the quoted words
    is_marked: bool = False  # the gate doubts the translation
    others: int = 0  # later reports that say the same


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that reports of one event count differently, the earliest saying first."""

    kind: str
    who: str
    unit: str  # a currency, "%" or nothing
    sayings: tuple[Saying, ...]
    event: Headline | None = None  # where the story has several


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story: who reported it, where, in which language, in which order."""

    frame: Frame
    card: StoryCard
    by_language: tuple[tuple[str, int], ...]  # (language, reports), most first
    by_country: tuple[tuple[str, int], ...]  # (country or "", reports)
    timeline: tuple[Happening, ...]  # oldest first
    groups: tuple[tuple[str, tuple[Report, ...]], ...]  # (language, its reports)
    silent: tuple[str, ...] = ()  # languages that we follow and that did not report it
    silent_sources: tuple[Publisher, ...] = ()  # those that usually tell such stories
    differing: tuple[Difference, ...] = ()  # figures that its reports do not agree on


def name_difference(difference: Difference, words: Wording) -> str:
    """Name the thing that is counted: ``Killed``, ``Injured: children``."""
    kind = words.gettext(_KINDS.get(difference.kind, difference.kind))
    if difference.who in ("", EVERYBODY):
        return kind
    return f"{kind}: {words.gettext(_GROUPS.get(difference.who, difference.who))}"


def write_amount(saying: Saying, unit: str, words: Wording) -> str:
    """Write a figure as a language does, with how surely it is meant: ``more than 100``."""
    number = _write_number(saying.value, unit, words)
    if saying.bound not in _BOUNDS:
        return number
    return words.gettext(_BOUNDS[saying.bound]) % {"number": number}


def _write_number(value: float, unit: str, words: Wording) -> str:
    from babel.numbers import format_compact_currency, format_compact_decimal, format_currency

    locale = words.language.replace("-", "_")
    # Millions are written shortly, but only where that leaves nothing out.
    is_round = value >= _MILLION and round(value / _MILLION, 2) * _MILLION == value
    if unit == "%":
        return f"{words.number(value)} %" if words.language != "en" else f"{words.number(value)}%"
    if unit and is_round:
        return format_compact_currency(value, unit, locale=locale, fraction_digits=2)
    if unit:
        return format_currency(value, unit, locale=locale, currency_digits=bool(value % 1))
    if is_round:
        text = format_compact_decimal(value, format_type="long", locale=locale, fraction_digits=2)
        return str(text)
    return words.number(value)
