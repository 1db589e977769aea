"""Read from the configuration which pairs of languages an engine is used for."""

from __future__ import annotations

from collections.abc import Collection

from dragoman import languages
from dragoman.errors import PluginError, UnknownLanguage

Pairs = frozenset[tuple[str, str]]


def read_pairs(engine: str, pairs: str, known: str) -> Pairs | None:
    """Read ``pairs`` as ``ar>en en>pt-BR``, and ``known`` as ``en pt``: all between these.

    None where both are empty. Raises `PluginError`.
    """
    found: set[tuple[str, str]] = set()
    for pair in pairs.replace(",", " ").split():
        language, mark, into = pair.partition(">")
        if not mark:
            raise PluginError(
                f"translate.options.{engine}.pairs: '{pair}' is no pair; write it like 'ar>en'"
            )
        found.add((_read(engine, "pairs", language), _read(engine, "pairs", into)))
    codes = [_read(engine, "languages", code) for code in known.replace(",", " ").split()]
    found |= {(one, other) for one in codes for other in codes}
    found = {(one, other) for one, other in found if not languages.is_same(one, other)}
    return frozenset(found) if pairs.strip() or known.strip() else None


def is_wanted(pair: tuple[str, str], wanted: Collection[tuple[str, str]] | None) -> bool:
    """Whether a pair that an engine offers was asked for, the region of its source aside."""
    if wanted is None:
        return True
    language, into = pair
    return any(languages.is_same(language, one) and into == other for one, other in wanted)


def _read(engine: str, option: str, code: str) -> str:
    try:
        found = languages.normalise(code)
    except UnknownLanguage as error:
        raise PluginError(f"translate.options.{engine}.{option}: {error}") from error
    if found == "und":
        raise PluginError(f"translate.options.{engine}.{option}: a language is missing; 'ar>en'")
    return found
