"""Have a sentence say what the glossary says, and judge it by that.

Measured on 60 sentences with terms, both directions of English and Portuguese (quality/README
has no room for tuning: they are in ``quality/terms.py``): the engine wrote the wanted words by
itself in 15, copied them from a source in which they stand in place of the term in 47, with a
capital letter in 57 and in quotation marks in 55. What it copies it also agrees with (``A
creche ficará fechada`` where a placeholder gives ``O creche permanecerá fechado``), so no
ending, article or place has to be guessed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from dragoman import languages
from dragoman.translate.shields import has_words
from dragoman.translate.steps import Sentence
from dragoman.translate.terms import Found, Terms
from dragoman.translate.words import word_set
from dragoman.types import Check, Term, Verdict

Checked = tuple[str, tuple[Check, ...]]

_STAND_INS = tuple(f"ZQ{letter}Q" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Languages with one regular plural, and the last letters after which it is written.
_PLURAL_S = {"en": "abcdefgijklmnpqrtuvw", "pt": "aeiou", "es": "aeo", "fr": "bcdefgimnopqrt"}
_PLURAL_IS_LAST = word_set("en")  # where a phrase takes it at its end
_QUOTES = re.compile('["“”„«»]\\s?(?=QX)|(?<=QX)\\s?["“”„«»]')


def find_lacking(terms: Sequence[Found], target: str, into: str) -> tuple[Found, ...]:
    """Give the terms of a sentence that its translation does not render as the glossary does."""
    wanted: dict[str, list[Found]] = {}
    for one in terms:
        wanted.setdefault(_rendering(one), []).append(one)
    return tuple(
        one
        for rendering, found in wanted.items()
        for one in found[: max(0, len(found) - len(_find_rendering(found[0], target, into)))]
    )


def write_terms(sentence: Sentence, into: str, way: int) -> Sentence | None:
    """Write the glossary's words in place of the terms, for the engine to copy.

    Way 0: as the glossary has them; 1: with a capital; 2: in quotation marks; 3: shielded by
    placeholders, for names that are never translated. None where a way is not open: a plural
    that is not regular, or a term that is to be translated on the last one.
    """
    parts, keep = [], list(sentence.keep)
    at = length = 0
    for one in sentence.terms:
        words = _write_one(one, into, way)
        if words is None:
            return None
        is_first = not has_words(sentence.text[: one.start])
        words = _capital(words) if is_first or way == 1 else words
        words = f'"{words}"' if way == 2 else words
        before = sentence.text[at : one.start]
        length += len(before)
        if way == 3:
            keep.append((length, length + len(words)))
        keep = [_move(pair, one, len(words)) for pair in keep] if sentence.keep else keep
        parts += [before, words]
        length += len(words)
        at = one.end
    return replace(sentence, text="".join([*parts, sentence.text[at:]]), keep=tuple(keep), terms=())
