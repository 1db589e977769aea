"""What the pages for reports and corrections show, as records."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.publish.views import CorrectionEntry, Frame, Headline, Pager
from dragoman.types import ReportKind


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    """Mark a message for the catalogues and give it back."""
    return message


# As a reader picks them, and as the log names them.
KINDS = {
    ReportKind.MEANING: N_("The meaning is wrong"),
    ReportKind.NAME: N_("A name is wrong"),
    ReportKind.NUMBER: N_("A number, date or amount is wrong"),
    ReportKind.MISSING: N_("Something is missing or was added"),
    ReportKind.STYLE: N_("Bad grammar or style"),
    ReportKind.OFFENSIVE: N_("It is offensive"),
    ReportKind.OTHER: N_("Something else"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that can be reported: as readers see it, and as it was written."""

    segment: str
    text: str
    source: str
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What a reader filled in, so that a mistake costs none of it."""

    segment: str = ""
    kind: str = ""
    words: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class ReportView:
    """The page on which a bad translation is reported; or what became of it."""

    frame: Frame
    article: str
    headline: Headline
    language: str  # of the original
    choices: tuple[Choice, ...] = ()
    given: Given = Given()
    is_part: bool = False  # more sentences can be had
    problem: str = ""  # "kind", "segment", "many", "origin", "size": see the template
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionsView:
    """The log of an edition's corrections, or one of its pages."""

    frame: Frame
    entries: tuple[CorrectionEntry, ...]
    pager: Pager
