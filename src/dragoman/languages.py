"""Languages: codes, names and writing directions.

Codes are BCP 47 (RFC 5646); names, plurals and directions come from CLDR through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from dragoman.errors import UnknownLanguage
from dragoman.types import UNKNOWN_LANGUAGE

# The languages that the interface speaks; order is that of the language switch.
INTERFACE = ("en", "pt", "fr", "es", "ar", "ru", "de")


@lru_cache(maxsize=512)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise UnknownLanguage(
            f"'{code}' is no language code that CLDR knows; write it as in BCP 47, "
            "for example 'en', 'pt-BR' or 'ar'"
        ) from error


def normalise(code: str) -> str:
    """Give the usual spelling of a language code: ``pt_br`` becomes ``pt-BR``.

    An empty code becomes ``und``. Raises `UnknownLanguage`.
    """
    text = code.strip().replace("_", "-")
    if not text or text.lower() == UNKNOWN_LANGUAGE:
        return UNKNOWN_LANGUAGE
    locale = _locale(text)
    parts = [locale.language, locale.script, locale.territory]
    return "-".join(part for part in parts if part)


def is_known(code: str) -> bool:
    """Whether CLDR knows a language by this code."""
    try:
        return bool(_locale(code).language)
    except UnknownLanguage:
        return False


@lru_cache(maxsize=2048)  # a page asks for the same few thousands of times
def base(code: str) -> str:
    """Give the language alone, without script and region: ``pt-BR`` becomes ``pt``."""
    return code.replace("_", "-").partition("-")[0].lower() or UNKNOWN_LANGUAGE


@lru_cache(maxsize=2048)
def is_same(one: str, other: str) -> bool:
    """Whether two codes name the same language, whatever the region."""
    return base(one) == base(other)


@lru_cache(maxsize=512)
def direction(code: str) -> str:
    """Give the writing direction, ``ltr`` or ``rtl``; unknown languages read left to right."""
    try:
        return str(_locale(code).text_direction)
    except UnknownLanguage:
        return "ltr"


@lru_cache(maxsize=2048)
def name_of(code: str, into: str) -> str:
    """Name a language in another: ``name_of("ar", "fr")`` is ``arabe``; the code if unnamed."""
    try:
        return _locale(base(code)).get_language_name(base(into)) or code
    except UnknownLanguage:
        return code


@lru_cache(maxsize=512)
def autonym(code: str) -> str:
    """Name a language in itself, as a language switch shows it: ``Français``."""
    name = name_of(code, code)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=2048)
def country_name(code: str, into: str) -> str:
    """Name a country (ISO 3166-1 alpha-2) in a language; the code if unnamed."""
    try:
        return str(_locale(base(into)).territories.get(code.upper(), code))
    except UnknownLanguage:
        return code


def choose(accepted: str, known: Sequence[str]) -> str:
    """Give the code that an ``Accept-Language`` header (RFC 9110) likes best, or nothing."""
    wishes = []
    for place, part in enumerate(accepted.split(",")[:50]):
        code, _, weight = part.strip().partition(";")
        quality = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{1,3})?)\s*", weight)
        worth = float(quality[1]) if quality else 1.0
        if code and worth > 0:
            wishes.append((-worth, place, code.strip().lower()))
    for _, _, code in sorted(wishes):
        exact = [one for one in known if one.lower() == code]
        near = [one for one in known if one.lower().partition("-")[0] == code.partition("-")[0]]
        if exact or near:
            return (exact or near)[0]
    return ""
