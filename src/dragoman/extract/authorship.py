"""Lines of the body that only say who wrote it, told by the authors' own names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dragoman.extract.closings import is_closing
from dragoman.extract.flow import make_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dragoman.extract.flow import Run

_TOP, _END = 4, 4  # paragraphs at either end that may tell of the author
_LEAD_RUNS = 3  # paragraphs at the top that tell of no author, however short the text
_LINE = 90  # characters
_PORTRAIT = 600
_LEAD = 40  # characters within which a portrait names its author
_IS = re.compile(
    r"\b(?:is|was|has|are|covers?|writes?|works?|worked|joined|reports|lives|teaches|"
    r"ist|war|schreibt|arbeitet|berichtet|leitet|lehrt|studierte|est|était|écrit|travaille|es|fue|"
    r"escribe|trabaja|é|foi|escreve|è|scrive|jest|pisze|är|er|on|skriver|schrijft|werkt|adalah)\b|"
    r"является|пишет|هو|هي|כותב|は|기자",
    re.I,
)
_TURN = re.compile(r"^[^:：!?,]{2,40}[:：]\s")  # who speaks, in an interview
_LABEL = re.compile(
    r"^\W*(?:(?:about|meet) the (?:authors?|writers?)|"
    r"(?:der|die|zum|zur|über den|über die|unsere?) (?:autor(?:in|en|innen)?|person)|"
    r"(?:à propos de )?l['’]aute?ure?|"
    r"(?:sobre )?(?:el|la|o|a) "
    r"autora?|sobre (?:el|la|o|a) autora?|l['’]autore|(?:об? )?автор[е]?|"
    r"про автора|om (?:for)?fatteren|"
    r"om skribenten|over de auteur|o autorze|yazar hakkında|عن (?:ال)?كاتب|על הכותב|筆者|作者簡介|"
    r"필자 소개)\W*$",
    re.I,
)


def _is_name_line(run: Run, keys: list[str]) -> bool:
    """Whether a short line is an author's name with little around it."""
    if len(run.text) > _LINE or run.place.heading:
        return False
    named = sum(len(key) for key in keys if key in run.key)
    return named > 0 and len(run.key) - named <= max(8, named // 2)


def _is_portrait(run: Run, keys: list[str]) -> bool:
    start = make_key(run.text[:_LEAD])
    return (
        len(run.text) <= _PORTRAIT
        and any(key in start for key in keys)
        and bool(_IS.search(run.text[:200]))
        and not run.text.startswith(("“", "„", "«", '"', "‘"))
        and not _TURN.match(run.text)
    )


def drop_author_lines(runs: list[Run], authors: Iterable[str]) -> list[Run]:
    """Drop bylines at either end of the body, and what tells of the author at the end."""
    keys = [key for key in map(make_key, authors) if len(key) > 4]
    told: set[int] = set()
    for run in runs[:_TOP]:
        if _is_name_line(run, keys):
            told.add(run.index)
    end = runs[max(_LEAD_RUNS, len(runs) - _END) :]
    label = next((run.index for run in end if _LABEL.match(run.text)), None)
    for run in end:
        is_below = label is not None and run.index >= label
        if is_below or _is_name_line(run, keys) or _is_portrait(run, keys):
            told.add(run.index)
    kept = [run for run in runs if run.index not in told]
    while len(kept) > 2 and is_closing(kept[-1].text):
        kept.pop()
    return kept if 2 * sum(len(r.text) for r in kept) > sum(len(r.text) for r in runs) else runs
