"""Names: what stands for a person or place in the original stands for the same afterwards.

A name is a capital word inside a sentence that the model's vocabulary does not know small.
Each is looked for on the other side: to the letter, nearly so (Macedonia, Macedônia),
letter by letter from another script, or by CLDR's names of countries, languages and cities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from dragoman import languages
from dragoman.errors import UnknownLanguage
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.words import word_set
from dragoman.types import Check, Verdict

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_BEGINS = re.compile(r"(?:^|(?<!vs)[.!?:;…\n—–-]\s*|[\"'“”‘’«»„(\[]\s*)$")
_NO_CAPITALS = word_set("ar fa ur he yi zh ja ko th hi bn ta te ml kn gu mr ne my km lo ka am")
_CAPITAL_NOUNS = word_set("de lb")
_SHORTEST = 4
# Cities whose names differ more than letters can tell; each line is one place.
_PLACES = (
    "beijing pequim pekín pékin peking пекин",
    "new nova nueva nouvelle neu york iorque",
    "geneva genebra ginebra genève genf женева",
    "cologne colônia colonia köln кёльн",
    "munich munique múnich münchen мюнхен",
    "florence florença florencia firenze florenz",
    "the hague haia haya haye haag гаага",
    "basel basileia basilea bâle",
    "jerusalem jerusalém",
    "cairo kairo caire القاهرة",
    "mecca meca mecque mekka مكة",
    "venice veneza venecia venise venedig",
    "antwerp antuérpia amberes anvers antwerpen",
    "thames tâmisa támesis tamise themse",
    "germany german germans deutsch alemanha alemania allemagne alemão alemã alemães alemán "
    "alemanes allemand",
    "dutch netherlands holland holanda holandês holandesa neerlandês holandés holländisch "
    "hollandais",
    "england english inglaterra inglês inglesa inglés angleterre anglais englisch",
    "wales welsh gales galês galés galles gallois",
    "scotland scottish escócia escocês escocia écosse",
    "spain spanish espanha espanhol españa español espagne espagnol spanien",
    "greece greek greeks grécia grego gregos grega grecia griego grèce grec griechenland",
    "sweden swedish suécia sueco suecia suède suédois schweden",
    "switzerland swiss suíça suíço suiza suizo suisse schweiz",
    "turkey turkish turquia turco turquía",
    "united usa eua eeuu estados unidos états unis vereinigte staaten us uk reino unido "
    "royaume uni",
    "britain british uk grã-bretanha britânico reino unido inglaterra bretaña",
    "jesus cristo christ",
    "christmas natal navidad noël weihnachten",
    "easter páscoa pascua pâques",
    "mediterranean mediterrâneo",
    "west western ocidente ocidental occidente oeste",
    "east eastern oriente oriental leste este est osten",
    "tory tories conservative conservatives conservador conservadores conservateur "
    "conservateurs",
    "labour trabalhista laborista travailliste",
    "navy marinha marina marine armada",
    "treasury tesouro tesoro trésor",
    "anglican anglicana anglicano england church",
)  # fmt: skip


def check_names(
    source: str, target: str, language: str, into: str, vocabulary: Vocabulary
) -> tuple[str, tuple[Check, ...]]:
    """Find a name that another took the place of."""
    ours = list(_missing(source, target, language, into, vocabulary, is_lenient=True))
    theirs = list(_missing(target, source, into, language, vocabulary)) if ours else []
    if not ours or not theirs:
        return target, ()
    message = f"the original names {', '.join(ours)}, the translation {', '.join(theirs)}"
    return target, (Check("names", Verdict.MARK, message),)


def _missing(
    text: str,
    other: str,
    language: str,
    into: str,
    vocabulary: Vocabulary,
    *,
    is_lenient: bool = False,
) -> Iterator[str]:
    """Give the names of a text that the other has in no form."""
    if {languages.base(language), languages.base(into)} & (_NO_CAPITALS | _CAPITAL_NOUNS):
        return
    found = _WORD.findall(other)
    words = [_fold(word) for word in found]
    capital = [_fold(part) for word in found if word[0].isupper() for part in word.split("-")]
    capital += [_fold(word) for word in found if word[0].isupper()]
    whole = "".join(words)
    for name in dict.fromkeys(_names(text, language, vocabulary, is_lenient=is_lenient)):
        folded = _fold(name)
        # A small word is a form of a name only by its beginning: American, americano.
        if folded in whole or any(word[:4] == folded[:4] for word in words if len(word) > 3):
            continue
        if any(_is_like(folded, word) for word in capital):
            continue
        related = _related(folded)
        if related and any(word in related or word[:5] in related for word in words):
            continue
        forms = _foreign_forms(folded, languages.base(language), languages.base(into))
        if not any(_is_like(form, word) for form in forms for word in words):
            yield name


def _names(text: str, language: str, vocabulary: Vocabulary, *, is_lenient: bool) -> Iterator[str]:
    """Give the words that are names; if leniently, also those that may be words or begin."""
    matches = list(_WORD.finditer(text))
    capital = sum(m.group()[0].isupper() for m in matches)
    if capital * 4 > 3 * len(matches) and len(matches) > 3:
        return  # Title Case tells nothing
    dates = _date_words(languages.base(language))
    for at, match in enumerate(matches):
        word = re.sub(r"['’]s$|^[ldLD]['’]", "", match.group())
        if not word[:1].isupper() or word.isupper() or len(word) < _SHORTEST:
            continue
        begins = bool(_BEGINS.search(text[: match.start()]))
        # At the start of a sentence only what is surely a name counts, and no "Espera-se".
        if word.lower() in dates or (
            begins and not (is_lenient and vocabulary.words and word.isalpha())
        ):
            continue
        if vocabulary.words:
            if _is_name(word, vocabulary, 0.0 if is_lenient and not begins else 3.0):
                yield word
        elif not (_is_capital(matches, at - 1) or _is_capital(matches, at + 1)):
            yield word  # without a vocabulary, phrases such as White House are not looked at


def _is_capital(matches: list[re.Match[str]], at: int) -> bool:
    return 0 <= at < len(matches) and matches[at].group()[0].isupper()


def _is_name(word: str, vocabulary: Vocabulary, margin: float) -> bool:
    lower = vocabulary.words.get(word.lower())
    if lower is None:
        # An inflection of a word that is known small is none either: "Conservadores".
        stem = word.lower()[:-1] if word[-1] in "sa" else word.lower()
        return not any(stem + ending in vocabulary.words for ending in ("", "o", "a", "e"))
    capital = vocabulary.words.get(word)
    return capital is not None and capital > lower + margin


@lru_cache(maxsize=8192)
def _fold(word: str) -> str:
    """Give a word small, in Latin letters, without accents."""
    word = re.sub(r"['’]s?$", "", word)
    if not word.isascii():
        from anyascii import anyascii

        word = anyascii(unicodedata.normalize("NFC", word))
    return re.sub(r"[^a-z]", "", word.lower())


@lru_cache(maxsize=16384)
def _is_like(name: str, word: str) -> bool:
    """Whether two folded words are forms of one name."""
    if len(word) < 3 or not name:
        return False
    if name[0] != word[0] and _sound(name)[:1] != _sound(word)[:1]:
        return False
    shorter = min(len(name), len(word))
    if shorter >= 4 and name[:4] == word[:4]:
        return True
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    if Levenshtein.normalized_similarity(name, word) >= 0.55:
        return True
    one, other = _sound(name), _sound(word)
    return min(len(one), len(other)) >= 3 and JaroWinkler.similarity(one, other) >= 0.9


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    """Give the consonants of a word, one letter for those that languages write differently."""
    for pair in (
        "phf",
        "kh h",
        "sh s",
        "ch s",
        "th t",
        "ck k",
        "qu k",
        "wv",
        "yi",
        "zs",
        "jg",
        "ck",
        "xs",
    ):
        word = word.replace(pair[:-1].strip(), pair[-1])
    return re.sub(r"(.)\1+", r"\1", word[:1] + re.sub("[aeiouh]", "", word[1:]))


@lru_cache(maxsize=4096)
def _related(name: str) -> frozenset[str]:
    """Give the words that name the same place in other languages."""
    rows = (row.split() for row in _PLACES)
    found: set[str] = set()
    for row in rows:
        folded = {_fold(word) for word in row}
        if name in folded or name.rstrip("s") in folded:
            found |= folded | {word[:5] for word in folded if len(word) > 6}
    return frozenset(found)


@lru_cache(maxsize=4096)
def _foreign_forms(name: str, language: str, into: str) -> tuple[str, ...]:
    """Give the words of a country, language or city in another language, folded."""
    forms: set[str] = set()
    for key in _place_keys(language).get(name, ()):
        forms.update(_place_names(into).get(key, ()))
    return tuple(sorted(form for form in forms if len(form) > 3))


@lru_cache(maxsize=32)
def _place_names(base: str) -> dict[str, tuple[str, ...]]:
    """Give the names of countries with their languages, and of cities, by CLDR's keys."""
    from babel import Locale
    from babel.languages import get_official_languages

    try:
        locale = Locale.parse(languages.normalise(base), sep="-")
    except (UnknownLanguage, ValueError):
        return {}
    names: dict[str, tuple[str, ...]] = {}
    for code, name in locale.territories.items():
        spoken = [locale.languages.get(x, "") for x in get_official_languages(code)[:2]]
        names[code] = tuple(_fold(w) for text in (name, *spoken) for w in _WORD.findall(text))
    for code, name in locale.languages.items():
        names[f"language {code}"] = tuple(_fold(word) for word in _WORD.findall(name))
    for zone, data in locale.time_zones.items():
        city = data.get("city") or zone.rpartition("/")[2].replace("_", " ")
        names[zone] = tuple(_fold(word) for word in _WORD.findall(city))
    return names


@lru_cache(maxsize=32)
def _place_keys(base: str) -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for key, words in _place_names(base).items():
        for word in words:
            keys[word] = (*keys.get(word, ()), key)
    return keys


@lru_cache(maxsize=32)
def _date_words(base: str) -> frozenset[str]:
    from babel import Locale

    try:
        locale = Locale.parse(languages.normalise(base), sep="-")
    except (UnknownLanguage, ValueError):
        return frozenset()
    tables = (locale.days["format"]["wide"], locale.months["format"]["wide"])
    return frozenset(name.lower() for table in tables for name in table.values())
