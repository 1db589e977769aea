"""Labels of sections and one-word headlines, from a table: engines guess at single words.

Alone, "Economia" came out as "Economic and Economies" and "Opinion" as "Parecer".
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from dragoman import languages

_LABEL = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
_LONGEST = 30


def translate_label(text: str, language: str, into: str) -> str:
    """Give the label that a text is, in another language; empty where it is no label."""
    if len(text) > _LONGEST:
        return ""
    match = _LABEL.fullmatch(text)
    if not match:
        return ""
    before, words, after = match.groups()
    table = _read_table(languages.base(language), languages.base(into))
    label = table.get(" ".join(words.casefold().split()), "")
    if not label:
        return ""
    if words.isupper() and len(words) > 1:
        label = label.upper()
    elif words[:1].islower() and words.lower() != words.upper():
        label = label.lower()
    return f"{before}{label}{after}"


@lru_cache(maxsize=64)
def _read_table(language: str, into: str) -> dict[str, str]:
    rows = (
        files("dragoman.translate.reading").joinpath("labels.tsv").read_text("utf-8").splitlines()
    )
    cells = [row.split("\t") for row in rows if row and not row.startswith("#")]
    codes = cells[0]
    if language not in codes or into not in codes:
        return {}
    one, other = codes.index(language), codes.index(into)
    table: dict[str, str] = {}
    for row in cells[1:]:
        for form in row[one].split("|"):
            table.setdefault(form.casefold(), row[other].split("|")[0])
    return table
