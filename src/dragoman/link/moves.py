"""Taking back: an article of a young event may move to another that is nearer.

What was judged stays in the store as a judgement; one that goes against it, "different", takes
its place, and with it the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dragoman.link.group import MACHINE
from dragoman.types import Judgement, Relation

if TYPE_CHECKING:
    from dragoman.link.events import Atoms
    from dragoman.link.window import Window

    Ties = dict[tuple[int, int], Judgement]

_EVENT = (Relation.COPY, Relation.SAME_EVENT)


def find_ties(window: Window, judgements: Sequence[Judgement]) -> Ties:
    """Give what the machine has tied among the articles at hand, by their rows."""
    ties = {}
    for judged in judgements:
        one, other = window.rows.get(judged.article), window.rows.get(judged.other)
        if one is None or other is None or judged.by != MACHINE:
            continue
        if judged.relation in _EVENT:
            ties[min(one, other), max(one, other)] = judged
    return ties


def retract_ties(
    window: Window,
    atoms: Atoms,
    groups: Sequence[Sequence[int]],
    ties: Ties,
    version: str,
) -> list[Judgement]:
    """Take back the ties between articles that are in two events now; they leave ``ties``."""
    group_of = {
        row: number
        for number, group in enumerate(groups)
        for atom in group
        for row in atoms.events[atom].members
    }
    cut = [
        pair for pair, judged in ties.items()
        if judged.relation is Relation.SAME_EVENT
        and group_of.get(pair[0], -1) != group_of.get(pair[1], -1)
        and pair[0] in group_of and pair[1] in group_of
    ]  # fmt: skip
    made = []
    for pair in cut:
        before = ties.pop(pair)
        reasons = ("reports that came since are nearer", *before.reasons[:1])
        one, other = window.articles[pair[1]].id, window.articles[pair[0]].id
        made.append(
            Judgement(one, other, Relation.DIFFERENT, round(1.0 - before.score, 4),
                      reasons=reasons, by=MACHINE, version=version)
        )  # fmt: skip
    return made
