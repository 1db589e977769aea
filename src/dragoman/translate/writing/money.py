"""Sums of money, written so that every model reads them: "£2.8bn" as "2.8 billion pounds"."""

from __future__ import annotations

import re

from dragoman import languages
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.words import word_set

_SIGNS = {"£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY",
          "₪": "ILS", "₴": "UAH", "₦": "NGN", "₫": "VND", "¢": "USc", "R$": "BRL"}  # fmt: skip
_NAMES = {
    "en": {"GBP": ("pound", "pounds"), "EUR": ("euro", "euros"), "JPY": ("yen", "yen"),
           "INR": ("rupee", "rupees"), "RUB": ("rouble", "roubles"), "KRW": ("won", "won"),
           "TRY": ("lira", "lira"), "ILS": ("shekel", "shekels"), "UAH": ("hryvnia", "hryvnia"),
           "NGN": ("naira", "naira"), "VND": ("dong", "dong"), "USc": ("cent", "cents"),
           "BRL": ("real", "reais")},
    "pt": {"GBP": ("libra", "libras"), "EUR": ("euro", "euros"), "JPY": ("iene", "ienes"),
           "INR": ("rupia", "rupias"), "RUB": ("rublo", "rublos"), "KRW": ("won", "wons"),
           "TRY": ("lira", "liras"), "ILS": ("shekel", "shekels"), "UAH": ("hryvnia", "hryvnias"),
           "NGN": ("naira", "nairas"), "VND": ("dong", "dongs"), "USc": ("centavo", "centavos"),
           "BRL": ("real", "reais")},
    "es": {"GBP": ("libra", "libras"), "EUR": ("euro", "euros"), "JPY": ("yen", "yenes"),
           "INR": ("rupia", "rupias"), "RUB": ("rublo", "rublos"), "BRL": ("real", "reales")},
    "fr": {"GBP": ("livre sterling", "livres sterling"), "EUR": ("euro", "euros"),
           "JPY": ("yen", "yens"), "INR": ("roupie", "roupies"), "RUB": ("rouble", "roubles"),
           "BRL": ("real", "réaux")},
}  # fmt: skip
_SCALES = {
    "en": {"k": "thousand", "m": "million", "mn": "million", "mln": "million", "mil": "million",
           "bn": "billion", "b": "billion", "bln": "billion", "tn": "trillion", "trn": "trillion"},
    "pt": {"mi": "milhões", "bi": "bilhões", "tri": "trilhões"},
    "es": {}, "fr": {"md": "milliards", "mds": "milliards", "m": "millions"},
}  # fmt: skip
_LINKED = {"pt": "de ", "es": "de ", "fr": "d'"}  # "2 milhões de libras"
# After a sum these do not make an adjective of it, as the noun in "a £11m deal" does.
_NO_NOUNS = word_set(
    "and or in to for of on from as by a an per at with was were is are be been worth over "
    "under into less more this last next each every the that which who has have had will "
    "would could can may might should after before since until but than so if when while "
    "because plus ago annually yearly monthly weekly today yesterday tomorrow out up down off "
    "it its their his her not if between during through against towards via about around"
)
_NOUN_AHEAD = re.compile(r" ([a-z]{3,})")
_LARGE = (
    "thousand|hundred|million|billion|trillion|milh(?:ão|ões)|bilh(?:ão|ões)|trilh(?:ão|ões)|mil"
    "|mill(?:ón|ones)|millions?|milliards?|mille"
)
_NUMBER = r"\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?(?!\d)"
_SUM = re.compile(
    rf"(?P<sign>[£€¥₹₽₩₺₪₴₦₫]|(?:US|[CAR]|NZ|HK)?\$) ?(?P<number>{_NUMBER})"
    rf"(?P<scale> ?(?:{_LARGE})\b|(?:mln|bln|trn|mn|bn|tn|mil|k|m|b)\b"
    r"| (?:mi|bi|tri|mds?|bn|m)\b)?",
    re.IGNORECASE,
)
_SUM_AFTER = re.compile(
    rf"(?P<number>{_NUMBER})(?P<scale> ?(?:{_LARGE})\b)? ?(?P<sign>[£€¥₹₽₩₺₪₴₦₫¢])(?!\w)"
)


def spell_money(text: str, vocabulary: Vocabulary, language: str) -> str:
    """Write sums with the words that the model knows, where it does not know the sign.

    Short scales after a sum ("$125m") are written out for every model: one that knows the
    sign copies them ("$125m" came out as it was).
    """
    base = languages.base(language)
    if base not in _NAMES or not (set(text) & {*_SIGNS, "$"}):
        return text
    text = _SUM_AFTER.sub(lambda match: _spell(match, vocabulary, base), text)
    return _SUM.sub(lambda match: _spell(match, vocabulary, base), text)


def _spell(match: re.Match[str], vocabulary: Vocabulary, language: str) -> str:
    sign, number = match["sign"], match["number"]
    written = (match["scale"] or "").strip()
    scale = _SCALES[language].get(written.lower(), written)
    amount = f"{number} {scale}".rstrip()
    name = _NAMES[language].get(_SIGNS.get(sign, ""))
    if name is None or vocabulary.has(sign):
        if scale == written or sign not in match.group()[:3]:
            return match.group()
        return f"{sign}{amount}"
    noun = _NOUN_AHEAD.match(match.string, match.end())
    if (
        language == "en"
        and noun
        and noun[1] not in _NO_NOUNS
        and match["sign"] == match.group()[:1]
    ):
        return f"{amount.replace(' ', '-')}-{name[0]}"
    word = name[0] if amount == "1" else name[1]
    link = _LINKED.get(language, "") if scale and scale != "mil" else ""
    if link == "d'" and word[0] not in "aeiouy":
        link = "de "
    return f"{amount} {link}{word}"
