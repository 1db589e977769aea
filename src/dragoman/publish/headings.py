"""The names of sections, for readers."""

from __future__ import annotations

from dragoman.publish.reasons import N_
from dragoman.publish.wording import Wording

# By the names of `dragoman.sections`.
SECTION_NAMES = {
    "world": N_("World"),
    "politics": N_("Politics"),
    "economy": N_("Economy"),
    "technology": N_("Technology"),
    "science": N_("Science"),
    "health": N_("Health"),
    "culture": N_("Culture"),
    "sport": N_("Sport"),
    "society": N_("Society"),
    "local": N_("Regions"),
    "opinion": N_("Opinion"),
    "other": N_("Other stories"),
}


def name_section(section: str, words: Wording) -> str:
    """Name a section in a language; by its own name where it is none of ours."""
    return words.gettext(SECTION_NAMES.get(section, section))
