"""Places whose names differ more than letters can tell, and names that are like each other."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dragoman import languages
from dragoman.errors import UnknownLanguage

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SOUNDS = (("dzh", "s"), ("ui", "v"), ("uo", "v"), ("ce", "se"), ("ci", "si"), ("ph", "f"),
            ("kh", "h"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("qu", "k"),
           ("w", "v"), ("y", "i"), ("z", "s"), ("j", "g"), ("c", "k"), ("x", "s"))  # fmt: skip
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
    "spain spanish spaniard espanha espanhol españa español espagne espagnol spanien",
    "greece greek greeks grécia grego gregos grega grecia griego grèce grec griechenland",
    "sweden swedish swede suécia sueco suecia suède suédois schweden",
    "switzerland swiss suíça suíço suiza suizo suisse schweiz",
    "turkey turkish turquia turco turquía",
    "united usa eua eeuu estados unidos états unis vereinigte staaten us uk reino unido "
    "royaume uni",
    "britain british uk grã-bretanha britânico reino unido inglaterra bretaña grande-bretagne "
    "großbritannien великобритания великобритании великобританию британия",
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
    "court tribunal corte cour gericht gerichtshof",
    "committee comissão comité comitê comisión comité ausschuss commission",
    "league liga ligue lega",
    "council conselho consejo conseil rat câmara",
    "house casa câmara cámara chambre haus",
    "street road rua calle rue straße avenue avenida",
    "oscar oscars óscar academy awards",
    "south southern southwest southeast sul sur sud süd sudoeste sudeste suroeste sureste",
    "north northern norte nord nordeste noroeste northwest northeast",
    "state estado estatal estadual état staat",
    "hurricane furacão furacões huracán huracanes ouragan ouragans hurrikan",
    "secretary secretário secretária secretario secretaria secrétaire minister ministro ministra "
    "ministre",
    "white branca blanca blanche weiße",
    "kingdom reino royaume königreich",
    "king queen rei rainha rey reina roi reine könig königin",
    "world mundo mundial monde mondial welt copa cup",
)  # fmt: skip


@lru_cache(maxsize=8192)
def fold_name(word: str) -> str:
    """Give a word small, in Latin letters, without accents."""
    word = re.sub(r"['’]s?$", "", word)
    if not word.isascii():
        from anyascii import anyascii

        word = anyascii(unicodedata.normalize("NFC", word))
    return re.sub(r"[^a-z]", "", word.lower())


@lru_cache(maxsize=32768)
def are_forms(name: str, word: str, is_respelt: bool = False) -> bool:
    """Whether two folded words are forms of one name: Macedonia, Macedônia, Makedonien.

    What was respelt from another script is only like it in its consonants.
    """
    if len(word) < 3 or len(name) < 3:
        return False
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    one, other = _sound(name), _sound(word)
    if is_respelt:
        is_short = min(len(one), len(other)) < 3  # too little to tell by
        return is_short or JaroWinkler.similarity(one, other) >= 0.7
    if name[0] != word[0] and one[:1] != other[:1]:
        return False
    if Levenshtein.normalized_similarity(name, word) >= 0.6:
        return True
    return min(len(one), len(other)) >= 3 and JaroWinkler.similarity(one, other) >= 0.9


@lru_cache(maxsize=32768)
def are_cognates(name: str, word: str) -> bool:
    """Whether a folded small word says what a capital one does: Olympic, olímpicas."""
    if len(name) < 5 or len(word) < 5 or _sound(name)[:2] != _sound(word)[:2]:
        return False
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.normalized_similarity(name, word) >= 0.65


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    """Give the consonants of a word, one letter for those that languages write differently."""
    for letters, one in _SOUNDS:
        word = word.replace(letters, one)
    return re.sub(r"(.)\1+", r"\1", word[:1] + re.sub("[aeiouh]", "", word[1:]))


@lru_cache(maxsize=4096)
def related_places(name: str) -> frozenset[str]:
    """Give the words that name the same place in other languages."""
    rows = (row.split() for row in _PLACES)
    found: set[str] = set()
    for row in rows:
        folded = {fold_name(word) for word in row}
        if name in folded or name.rstrip("s") in folded:
            found |= folded | {word[:5] for word in folded if len(word) > 6}
    return frozenset(found)


@lru_cache(maxsize=4096)
def foreign_forms(name: str, language: str, into: str) -> tuple[str, ...]:
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
        names[code] = tuple(fold_name(w) for text in (name, *spoken) for w in _WORD.findall(text))
    for code, name in locale.languages.items():
        names[f"language {code}"] = tuple(fold_name(word) for word in _WORD.findall(name))
    for zone, data in locale.time_zones.items():
        city = data.get("city") or zone.rpartition("/")[2].replace("_", " ")
        names[zone] = tuple(fold_name(word) for word in _WORD.findall(city))
    return names


@lru_cache(maxsize=32)
def _place_keys(base: str) -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for key, words in _place_names(base).items():
        for word in words:
            keys[word] = (*keys.get(word, ()), key)
    return keys


@lru_cache(maxsize=32)
def date_words(base: str) -> frozenset[str]:
    """Give the weekdays and months of a language, whole and abbreviated, in small letters."""
    from babel import Locale

    try:
        locale = Locale.parse(languages.normalise(base), sep="-")
    except (UnknownLanguage, ValueError):
        return frozenset()
    widths = ("wide", "abbreviated")
    tables = [kind["format"][width] for kind in (locale.days, locale.months) for width in widths]
    names = {name.lower().rstrip(".") for table in tables for name in table.values()}
    return frozenset(names | {"sept"})
