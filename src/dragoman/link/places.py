"""Countries that a text speaks of, in any language that CLDR has names for.

The names of countries come from Babel's territories and those of about 400 cities from its
time zones, in the language of the text; a shared stem finds inflected and derived forms
(Россия, российский; Germany, German). What comes out are ISO 3166-1 codes, the same in all
languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = frozenset(["zh", "ja", "th", "lo", "km", "my"])
_ARTICLE = re.compile(r"^[وبفكل]?(?:ال|لل)|^[وبلف](?=\w{5})")
_MAX_WORDS = 400
_SEEN = 16384  # words of a language whose places are kept
_STEM = 4  # letters; shorter names must stand as they are, longer ones lose up to two
_NO_COUNTRY = frozenset(
    [
        "AQ",
        "BV",
        "HM",
        "UM",
        "GS",
        "TF",
        "CP",
        "IO",
        "NU",
        "TK",
        "CC",
        "CX",
        "RE",
        "EU",
        "EZ",
        "UN",
        "ZZ",
        "XA",
        "XB",
        "QO",
    ]
)
# What newspapers write and CLDR's plain names lack.
_SHORT = {
    "US": "us usa eeuu eua ee.uu сша сполучені штаты америки américain américaine américains "
    "americano americana americanos americanas estadounidense estadounidenses norteamericano "
    "amerikanisch amerikanische amerikanischen usa-amerikanisch americani statunitense "
    "amerykański amerykańskie amerykańska amerykańskich американский американские "
    "американских американская أمريكا أميركا أمريكي أمريكية أميركي أميركية american americans "
    "abd amerikan amerikaanse 美 米国 미국 美方 αμερική ηπα ארהב",
    "GB": "uk britain british britannique britanniques britisch britische britischen britain's "
    "británico británica britânico britânica britannico britannica британский британские "
    "британия британии великобритания بريطانيا بريطاني بريطانية 英国 英 ingiltere brytyjski",
    "KP": "dprk pyongyang pjöngjang phyongyang pjongjang кндр пхеньян 朝鲜 北朝鲜 平壤 북한",
    "KR": "seoul séoul seul сеул 韩国 首尔 한국",
    "CN": "beijing pékin pequim pekín peking pechino pekin пекин بكين 北京 chinois chinoise "
    "chinesisch chinesische chinês chinesa chino china",
    "AE": "uae emirates эмираты emirats emiratos emirados الإمارات",
    "DE": "alemán alemana alemão alemã allemand allemande tedesco tedesca немецкий niemiecki",
    "FR": "french français française francés francesa francês francese французский französisch "
    "francuski",
    "ES": "spanish espagnol espagnole español española espanhol espanhola spagnolo spanisch",
    "NL": "dutch néerlandais niederländisch holandés holandês olandese нидерландский",
    "PL": "polish polonais polnisch polaco polacca польский polski polska",
    "TR": "turkish turc turque turco turca türkisch турецкий türk تركي تركية turkey",
    "IL": "west-bank",
    "PS": "gaza gazze غزة газа газы газе 加沙 ガザ palestine palestinian palestinians palestinien",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    whole: dict[str, str]  # names of one word and short forms
    pairs: dict[tuple[str, str], str]  # names of more words: stems of the first two
    stems: dict[str, str]  # countries of one word, without their last letters
    firsts: frozenset[str]  # the first stems of ``pairs``
    seen: dict[str, tuple[bool, str]]  # by words of late: may it begin a pair, and its place


def _stem(word: str) -> str:
    return word[: max(_STEM, len(word) - 2)]


def _locale_names(language: str) -> tuple[dict[str, str], dict[str, str]]:
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    countries = {
        str(name).lower(): str(code)
        for code, name in locale.territories.items()
        if len(code) == 2 and code not in _NO_COUNTRY
    }
    cities: dict[str, str] = {}
    for zone, code in get_global("zone_territories").items():
        if len(code) == 2 and "/" in zone and not zone.startswith(("Etc/", "SystemV/")):
            own = locale.time_zones.get(zone, {}).get("city")
            cities[str(own or zone.rsplit("/", 1)[1].replace("_", " ")).lower()] = str(code)
    return countries, cities


@lru_cache(maxsize=64)
def _gazetteer(language: str) -> _Gazetteer:
    countries, cities = _locale_names(language)
    whole = {word: code for code, words in _SHORT.items() for word in words.split()}
    pairs: dict[tuple[str, str], str] = {}
    stems: dict[str, str] = {}
    for name, code in sorted({**cities, **countries}.items()):
        words = [_ARTICLE.sub("", word) for word in _WORD.findall(name)]
        if len(words) == 1 and len(words[0]) >= 2:
            whole.setdefault(words[0], code)
            if name in countries:
                stems.setdefault(_stem(words[0]), code)
                stems.setdefault(words[0][: max(_STEM, len(words[0]) - 1)], code)
        elif len(words) > 1:
            pairs.setdefault((_stem(words[0]), _stem(words[1])), code)
    return _Gazetteer(whole, pairs, stems, frozenset(first for first, _ in pairs), {})


def _find_unspaced(text: str, language: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, code in _gazetteer(language).whole.items():
        place = text.find(name) if name[0] > "\u0e00" else -1
        if place >= 0:
            found[code] = min(place, found.get(code, place))
    return found


def _read_word(word: str, names: _Gazetteer) -> str:
    if word in names.whole:
        return names.whole[word]
    for length in range(len(word), _STEM - 1, -1):
        code = names.stems.get(word[:length])
        if code and len(word) <= length + 5 and (length > _STEM or len(word) <= length + 3):
            return code
        # A city may be inflected (в Москве, Moskwie), and no more than that.
        if length >= len(word) - 2 and length > _STEM:
            for end in ("", "а", "a", "е", "я"):
                if word[:length] + end in names.whole:
                    return names.whole[word[:length] + end]
    return ""


@lru_cache(maxsize=16384)
def is_place(word: str, language: str) -> bool:
    """Whether a word names a country or a city of one."""
    return bool(find_places(word, language))


def find_places(text: str, language: str) -> tuple[str, ...]:
    """Give the ISO codes of the countries that a text names, in order of appearance."""
    if language in _UNSPACED:
        found = _find_unspaced(text, language)
        return tuple(sorted(found, key=lambda code: (found[code], code)))
    names = _gazetteer(language)
    words = _WORD.findall(text)[:_MAX_WORDS]
    bare = [_ARTICLE.sub("", w.lower()) if w[0] > "\u0590" else w.lower() for w in words]
    codes: dict[str, None] = {}
    skip = False
    for index, word in enumerate(bare):
        if skip:
            skip = False
            continue
        entry = names.seen.get(word)
        if entry is None:
            entry = _read_new(word, names)
        code = ""
        if entry[0]:
            after = bare[index + 1] if index + 1 < len(bare) else ""
            pair = _stem(word), _stem(after)
            code = names.pairs.get(pair, "") or _find_pair(word, after, names)
        skip = bool(code)
        # A short word in small letters (us, turco) is a place only where it is an adjective.
        if not code and (len(word) >= 5 or not words[index].islower() or word[0] > "\u024f"):
            code = entry[1]
        if code and (word != "us" or words[index] == "US"):
            codes.setdefault(code)
    return tuple(codes)


def _read_new(word: str, names: _Gazetteer) -> tuple[bool, str]:
    if len(names.seen) >= _SEEN:
        names.seen.clear()
    entry = names.seen[word] = _stem(word) in names.firsts, _read_word(word, names)
    return entry


def _find_pair(word: str, after: str, names: _Gazetteer) -> str:
    for length in (len(after) - 1, len(after) - 3):
        code = names.pairs.get((_stem(word), after[:length])) if length >= _STEM else None
        if code:
            return code
    return ""
