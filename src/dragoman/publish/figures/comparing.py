"""Where reports of one happening give different figures for one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.publish.figures.finding import Figure

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in the words of a report, and of its translation where there is one."""

    report: str  # id of the article
    figure: Figure
    text: str  # the sentence or headline that has it
    translation: str = ""
    is_title: bool = False
    is_marked: bool = False  # the gate doubts the translation


def compare_figures(reports: Iterable[Sequence[Said]]) -> tuple[tuple[Key, tuple[Said, ...]], ...]:
    """Give for each thing that is counted differently what each report says, in their order.

    A report's headline speaks for it. Without one that counts the thing, its text does where
    it gives one figure; where it gives several, they may be of several places.
    """
    found: dict[Key, list[Said]] = {}
    for report in reports:
        for key in dict.fromkeys(said.figure.key for said in report):
            of_key = [said for said in report if said.figure.key == key]
            titles = [said for said in of_key if said.is_title]
            chosen = titles or of_key
            if len({said.figure.value for said in chosen}) == 1:
                found.setdefault(key, []).append(chosen[0])
    return tuple(
        (key, tuple(said))
        for key, said in found.items()
        if len({one.figure.value for one in said}) > 1
    )
