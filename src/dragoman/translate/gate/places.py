"""Places whose names differ more than letters can tell, and names that are like each other."""

from __future__ import annotations

import re
from functools import lru_cache

from dragoman import languages
from dragoman.errors import UnknownLanguage
from dragoman.translate.likeness import fold_word

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
    "czech czechs czechoslovak czechoslovakia tcheco tcheca checo checa tchecoslováquia "
    "checoslováquia checoslovaquia checoslovaco tchèque tchécoslovaquie tschechisch tschechien",
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
    "tory tories conservative conservatives conservador conservadores conservateur conservateurs",
    "labour trabalhista laborista travailliste",
    "navy marinha marina marine armada",
    "treasury tesouro tesoro trésor",
    "anglican anglicana anglicano england church",
)
# What is translated in the names of bodies, offices, works and places; each line is one word.
_COMMON_PARTS = (
    "court tribunal corte cour gericht gerichtshof juizado juzgado magistrates",
    "committee comissão comité comitê comisión ausschuss commission",
    "council conselho consejo conseil rat câmara board junta ayuntamiento",
    "league liga ligue lega", "house casa maison câmara cámara chambre haus",
    "street road rua calle rue straße avenue avenida", "oscar oscars óscar academy awards",
    "south southern southwest southeast sul sur sud süd sudoeste sudeste suroeste sureste",
    "north northern norte nord nordeste noroeste northwest northeast",
    "state estado estatal estadual état staat", "states estados états staaten",
    "hurricane furacão furacões huracán huracanes ouragan ouragans hurrikan",
    "secretary secretário secretária secretario secretaria secrétaire minister ministro ministra "
    "ministre ministry ministério ministerio ministère department departamento département",
    "white branca blanca blanche weiße", "kingdom reino royaume königreich",
    "king queen rei rainha rey reina roi reine könig königin",
    "world mundo mundial monde mondial welt copa cup coupe pokal",
    "school escola escuela école schule college", "church igreja iglesia église kirche",
    "channel canal kanal chaîne", "games jogos juegos jeux spiele olimpiadas olimpíadas",
    "olympic olympics olímpico olímpica olympique olympische", "war guerra guerre krieg",
    "university universidade universidad université universität", "bank banco banque",
    "party partido parti partei", "park parque parc", "bridge ponte puente pont brücke",
    "island islands ilha ilhas isla islas île îles insel inseln", "river rio río fleuve fluss",
    "lake lakes lago lagos lac lacs", "sea ocean mar mer meer oceano océano océan",
    "mount mountains monte montes montanhas montañas mont montagnes berge", "bay baía bahía baie",
    "basin bacia cuenca bassin", "desert deserto desierto désert wüste",
    "fire fogo fuego feu feuer",
    "office escritório gabinete oficina bureau amt", "police polícia policía polizei",
    "army exército ejército armée", "force forces força forças fuerza fuerzas streitkräfte",
    "city cidade ciudad ville stadt", "county condado comté", "prince príncipe prinz",
    "princess princesa princesse prinzessin", "duke duchess duque duquesa duc duchesse herzog",
    "president presidente président präsident",
    "judge justice juiz juíza justiça juez juge richter",
    "square praça plaza place platz", "great grande grandes gran grand große",
    "high alta alto haut",
    "golden gold ouro oro dorado", "ball ballon bola bolas balón", "red vermelho rojo rouge",
    "black negro negra preto noir schwarz", "green verde vert grüne", "blue azul bleu blau",
    "day dia día jour tag", "night noite noche nuit nacht", "star stars estrela estrella étoile",
    "supreme suprema supremo suprême",
    "attorney procurador procuradora fiscal procureur prosecutor",
    "chief chefe jefe chef", "foreign exterior exteriores relações relaciones affaires étrangères",
    "home interior intérieur", "health saúde salud santé", "young jovem joven jeune jeunes",
    "workers trabalhadores trabajadores travailleurs", "people povo pueblo peuple",
    "union união unión", "republic república république republik", "company companhia compañía",
    "association associação asociación", "club clube", "street wall", "sun sol soleil sonne",
    "holy sagrado santo saint san santa são sankt", "bible bíblia biblia",
    "god deus dios dieu gott",
    "family família familia famille", "book livro libro livre", "film filme película cine",
)  # fmt: skip


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


def related_places(name: str) -> frozenset[str]:
    """Give the folded words that name the same place or thing in other languages."""
    rows = _rows()
    return rows.get(name, frozenset()) | rows.get(name.rstrip("s"), frozenset())


@lru_cache(maxsize=1)
def _rows() -> dict[str, frozenset[str]]:
    rows: dict[str, frozenset[str]] = {}
    for row in (*_PLACES, *_COMMON_PARTS):
        folded = {fold_word(word) for word in row.split()}
        # Of longer words the beginning is enough: americanas, americanos.
        related = frozenset(folded | {word[:5] for word in folded if len(word) > 6})
        for word in folded:
            rows[word] = rows.get(word, frozenset()) | related
    return rows


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
        names[code] = tuple(fold_word(w) for text in (name, *spoken) for w in _WORD.findall(text))
    for code, name in locale.languages.items():
        names[f"language {code}"] = tuple(fold_word(word) for word in _WORD.findall(name))
    for zone, data in locale.time_zones.items():
        city = data.get("city") or zone.rpartition("/")[2].replace("_", " ")
        names[zone] = tuple(fold_word(word) for word in _WORD.findall(city))
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
