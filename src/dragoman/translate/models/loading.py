"""Build a translator from a model's files, and prove that it translates.

A wrong vocabulary loads without complaint and answers with garbage, and a broken
shortlist panics; so nothing is activated before it has translated something known.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.errors import ModelError
from dragoman.translate.models.inventory import Model, hash_file

if TYPE_CHECKING:
    from fxtranslate import Translator

# Dates are known in every language of CLDR, with words and figures, so the answer is known too.
_DATES = (date(2024, 5, 12), date(2019, 10, 3), date(2021, 1, 22), date(1998, 8, 14))
_WORD = re.compile(r"[^\W\d_]+")


def build_translator(model: Model) -> Translator:
    """Build a translator in this thread, the only one that may use it, with its shortlist.

    Raises `ModelError` where the files do not make one.
    """
    from fxtranslate import Translator

    try:
        files = [model.path(*kinds).read_bytes() for kinds in _INPUTS]
        shortlist = _widen(model.path("lex").read_bytes()) if "lex" in model.files else None
        return Translator(files[0], files[1], files[2], shortlist)
    except (ValueError, OSError) as error:
        raise ModelError(f"{model.label}: the engine refuses it: {error}") from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise ModelError(f"{model.label}: the engine fails on it: {error}") from error


def _widen(shortlist: bytes) -> bytes:
    """Let the engine always choose among more of the most frequent pieces of its vocabulary.

    Marian's binary shortlist is headed by six 64-bit numbers; the third says how many. As the
    files come (50) a third of what the whole vocabulary scores over them is lost.
    """
    if len(shortlist) < _HEADER.size:
        return shortlist  # the engine says what is wrong with it
    magic, checksum, frequent, *rest = _HEADER.unpack_from(shortlist)
    head = _HEADER.pack(magic, checksum, max(frequent, _FREQUENT), *rest)
    return head + shortlist[_HEADER.size :]


_HEADER = struct.Struct("<6Q")
# Pieces: 0.05 chrF2 more into English, none less into Portuguese, for 6% of the time.
_FREQUENT = 1000
_INPUTS = (("model",), ("vocab", "srcvocab"), ("vocab", "trgvocab"))


def is_panic(error: BaseException) -> bool:
    """Whether an error is a Rust panic.

    It arrives as a BaseException, and its class cannot be imported to be named in `except`.
    """
    return type(error).__name__ == "PanicException"


def verify_model(model: Model) -> Translator:
    """Check a model's hashes, and that it translates what is known; give its translator.

    Raises `ModelError` with what is wrong.
    """
    for file in model.files.values():
        if file.sha256 and hash_file(model.folder / file.name) != file.sha256:
            raise ModelError(
                f"{model.label}: {file.name} is damaged (SHA-256 differs from its manifest); "
                f"add it again with `dragoman models add {model.language} {model.into}`"
            )
    translator = build_translator(model)
    try:
        right = sum(_knows(translator, model, day) for day in _DATES)
    except BaseException as error:
        if not is_panic(error):
            raise
        raise ModelError(f"{model.label}: the engine fails on it: {error}") from error
    if right < len(_DATES) / 2:
        raise ModelError(
            f"{model.label}: it translates {len(_DATES) - right} of {len(_DATES)} known dates "
            "wrongly; the vocabulary may be of another model; add it again with "
            f"`dragoman models add {model.language} {model.into}`"
        )
    return translator


def _knows(translator: Translator, model: Model, day: date) -> bool:
    answer = translator.translate(_full_date(day, model.language)).lower()
    # Many scripts have figures of their own, and models write either.
    figures = "".join(str(unicodedata.decimal(char, char)) for char in answer)
    words = _WORD.findall(_full_date(day, model.into).lower())
    telling = [word for word in words if len(word) > 2 or _is_without_case(word)]
    return str(day.year) in figures and any(word[:4] in answer for word in telling)


def _is_without_case(word: str) -> bool:
    """Whether a word is of a script without capitals: there, one character says much."""
    return unicodedata.category(word[0]) == "Lo"


def _full_date(day: date, language: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, "full", locale=languages.normalise(language).replace("-", "_")))
