"""Languages told apart by their small words, where a sentence is too short for the detector.

Between close languages (Portuguese and Spanish, Russian and Ukrainian, Danish and Norwegian)
the detector errs on short sentences, while one word such as “había” or “foram” decides. So
each language has its most frequent small words here and the shapes that only it writes;
what counts is what one of two languages has and the other has not.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from dragoman import languages
from dragoman.translate.words import word_set
from dragoman.translate.writing.shields import script_of

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {
    "en": word_set(
        "a the of and to in is was for on with that as are at by from his her has have it "
        "this will be not an were their who which he she they we you but said after had been "
        "its would could about when than there or if what into more out up over only other "
        "one two first also new people years can all them him so no do did does how why my your "
        "our me us just like get got make made may even between many most some any such through "
        "where while because before against during under very much own should being now well "
        "i am any yes "
    ),
    "pt": word_set(
        "lo nos foram havia segundo disse anos há sem sido esse essa estes outro outra onde "
        "tem o a os as e de do da dos das em no na nas um uma não é são foi com para por que "
        "ao à aos às mais seu sua pelo pela mas ou também muito já ele ela eu você este esta "
        "isso se como está estão até após sobre depois quando ainda seus suas pelos pelas num "
        "numa nesse nessa neste nesta desse dessa deste desta nem tinha era eram ser ter bem só "
        "dois duas três eles elas nós me meu minha fez teve pode podem vai vão estava estavam "
        "dele dela deles delas quem isto aquele aquela mesmo qualquer todo todos toda todas "
        "enquanto porque então agora hoje ontem entre contra desde durante quatro cinco seis "
        "sete oito nove dez muitos muitas pessoas homem mulher dia dias ano governo lhe nosso "
        "nossa seria será serão ficou deve devem fazer dizer diz disseram antes assim apenas si te "
    ),
    "es": word_set(
        "a e fueron había según dijo años ha han sin sido ese esa estos esas otro otra donde "
        "tiene el la los las y de del en un una no es son fue con para por que al más su sus "
        "pero o también muy ya él ella yo usted este esta eso se como está están hasta tras "
        "sobre lo le les hay después cuando aún todavía era eran ser tener bien sólo solo dos "
        "tres ellos ellas nosotros me mi mis hizo tuvo puede pueden va van estaba estaban quien "
        "esto aquel aquella mismo cualquier todo todos toda todas mientras porque entonces "
        "ahora hoy ayer entre contra desde durante cuatro cinco seis siete ocho nueve diez "
        "muchos muchas mucho mucha personas hombre mujer día días año gobierno nuestro nuestra "
        "sería será serán quedó debe deben hacer decir dice dijeron antes así apenas unos unas "
        "si sí fuera nada ni sino aunque unidos e qué cómo he hemos había habían habría te nos tan "
    ),
    "gl": word_set(
        "o a os as e de do da dos das en no na nun nunha un unha non é son foi con para por que "
        "ao á aos ás máis seu súa polo pola pero ou tamén moi xa el ela eu este esta iso se como "
        "está están ata tras sobre despois cando aínda foron había segundo dixo anos hai sen "
        "onde ten outro outra dous dúas eles elas nós fixo pode poden vai van estaba estes "
        "quen mentres porque entón agora hoxe onte entre contra desde durante xente goberno "
    ),
    "ca": word_set(
        "el la els les i de del dels en un una no és són va ha amb per que al més seu seva però "
        "o també molt ja ell ella jo aquest aquesta això es com està fins després quan encara "
        "han van havia segons dir anys hi sense on té altres dos ells nosaltres pot poden "
        "qui mateix mentre perquè llavors ara avui ahir entre contra des durant gent govern "
    ),
    "fr": word_set(
        "le la les et de du des en un une ne pas est sont a été avec pour par que au aux plus "
        "son sa ses mais ou aussi il elle je vous ce cette se comme dans sur qui d l qu n s à "
        "ça leur leurs nous ont avait étaient était cet ces on lui être fait après avant deux tout "
        "tous toute selon ans très entre sans sous même dont où contre depuis si c j m "
    ),
    "it": word_set(
        "il lo la i gli le e di del della dei delle in un una non è sono con per che al alla "
        "più suo sua ma o anche ha nel nella da dal si come sul sulla degli alle ai dalla "
        "hanno era erano stato stata questo questa quello dopo prima quando ancora molto "
        "essere fatto due tutti tutto secondo anni tra fra senza dove contro ci loro suoi "
    ),
    "ro": word_set(
        "și în de la cu pe un o nu este sunt a au fost pentru că din care mai lui lor dar sau "
        "se ca după când până fi ale al această acest el ea prin fost va vor între despre "
    ),
    "de": word_set(
        "der die das und zu in den dem des ein eine einen nicht ist sind war mit für von auf "
        "im er sie es sich auch an als wie bei nach um aus hat wird dass einem einer wurde "
        "haben sein seine ihre über nur noch oder aber vor bis durch mehr wenn waren werden "
        "zum zur kann hatte am man schon wir ich diese dieser dieses gegen unter sagte "
    ),
    "nl": word_set(
        "de het een en van in is was op met voor dat te zijn niet aan er om door ook als bij "
        "uit hij ze maar naar heeft wordt werd hebben had worden kan nog meer dan over tot "
        "wat die deze dit zich zij we ik hun haar geen onder tegen "
    ),
    "sv": word_set(
        "och i att det som en på är av för med den till har de inte om ett var han hon men "
        "sig från så vi kan när år under också efter eller nu där vid mot skulle kommer ut "
        "hade blev detta alla bara två mycket"
    ),
    "da": word_set(
        "og i at det som en på er af for med den til har de ikke om et var han hun men sig "
        "fra så vi kan når år under også efter eller nu hvor ved mod skulle kommer ud havde "
        "blev dette alle kun to meget blevet af nogle noget hvad efter uden være mellem"
    ),
    "nb": word_set(
        "og i å det som en på er av for med den til har de ikke om et var han hun men seg fra "
        "så vi kan når år under også etter eller nå der ved mot skulle kommer ut hadde ble "
        "dette alle bare to mye blitt noen noe hva uten være mellom"
    ),
    "pl": word_set(
        "w i z na do nie się to że jest o jak po za od przez dla ale był była było są ma być "
        "tym tego który która które przy tylko już oraz jego jej może roku"
    ),
    "cs": word_set(
        "a v na se je že s z do o to i ve pro za po by jako ale ze od jsou byl byla bylo který "
        "která které při jen už jeho její může také když podle roku"
    ),
    "sk": word_set(
        "a v na sa je že s z do o to aj vo pre za po by ako ale zo od sú bol bola bolo ktorý "
        "ktorá ktoré pri len už jeho jej môže tiež keď podľa roku"
    ),
    "hr": word_set(
        "i u je da se na za su od s nije koji koja koje što kako ali bi o iz će samo nakon "
        "prije vijeme gdje tko dvije htjela vidjeti također tijekom"
    ),
    "sr": word_set(
        "i u je da se na za su od s nije koji koja koje šta kako ali bi o iz će samo nakon "
        "pre vreme gde ko dve videti takođe tokom"
    ),
    "ru": word_set(
        "и в не на что с по он как это к из у за от но для она они его её ее был была было "
        "были при так же мы все только если или после когда есть уже который которая которые "
        "до во со об также может года более чем где этого этот эта эти"
    ),
    "uk": word_set(
        "і в у не на що з по він як це до із за від але для вона вони його її був була було "
        "були при так ми всі тільки якщо або після коли є вже який яка які та й про також "
        "може року більше ніж де цього цей ця ці"
    ),
    "bg": word_set(
        "и в не на че с по той как това към от за но тя те го му ѝ беше бе бяха при така ние "
        "всички само ако или след когато е са вече който която които до във със също може "
        "година повече от където този тази тези ще се да"
    ),
}  # fmt: skip
# What only one of the close languages writes.
_SHAPES = {
    "pt": re.compile(
        r"\w*(?:[ãõ]|ç[aou]|lh[aeou]|[áéíóúâêô]vel|ê|dades?$|ções$|agem$|inh[ao]s?$)\w*"
    ),
    "es": re.compile(r"\w*(?:ñ|ción$|ciones$|dad$|dades$|ue[nrs]t|iendo$|[ai]e?ron$|ía[ns]?$)\w*"),
    "gl": re.compile(r"\w*(?:ción|ñ|lles?$|unha|(?<![aei])x[eo])\w*"),
    "en": re.compile(r"\w*(?:ing$|[^aeiou]ed$|sh$|[^aeiou]ly$|ght|wh|ck|ness$)\w*"),
    "fr": re.compile(r"\w*(?:œ|eux$|tion$|aient$|ê|û)\w*"),
    "de": re.compile(r"\w*(?:ß|ung$|ungen$|lich$|keit$|sch[aeiou])\w*"),
    "uk": re.compile(r"\w*[іїєґ]\w*"), "ru": re.compile(r"\w*[ыэёъ]\w*"),
    "da": re.compile(r"\w*(?:æ|ø|tion$)\w*"), "nb": re.compile(r"\w*(?:æ|ø|sjon$|øy)\w*"),
    "sv": re.compile(r"\w*[äö]\w*"),
    "ro": re.compile(r"\w*[țșă]\w*"), "pl": re.compile(r"\w*[łęąśżźćń]\w*"),
    "cs": re.compile(r"\w*[řěů]\w*"), "sk": re.compile(r"\w*[ľĺŕôä]\w*"),
    "hr": re.compile(r"\w*(?:ije|tko|što)\w*"),
}  # fmt: skip
_SCRIPTS = {
    "ARABIC": word_set("ar fa ur ps ckb ug sd"), "CYRILLIC": word_set("ru uk bg mk be kk ky tg mn"),
    "GREEK": word_set("el"), "HEBREW": word_set("he yi"), "DEVANAGARI": word_set("hi mr ne"),
    "CJK": word_set("zh ja"), "HANGUL": word_set("ko"), "THAI": word_set("th"),
    "GEORGIAN": word_set("ka"), "ARMENIAN": word_set("hy"), "BENGALI": word_set("bn as"),
    "TAMIL": word_set("ta"), "TELUGU": word_set("te"), "GUJARATI": word_set("gu"),
    "MALAYALAM": word_set("ml"), "KANNADA": word_set("kn"),
}  # fmt: skip
_ONE_LETTER = word_set("a e i o y à è é и в с у к о а я і з")
_ANY_SCRIPT = word_set("sr bs kk uz az ku pa und")


def find_tongue(text: str, expected: str) -> str:
    """Give the language that a text's small words speak for, against the expected one; or none."""
    return weigh_tongues(text, expected)[0]


def weigh_tongues(text: str, expected: str) -> tuple[str, int]:
    """Give the rival language of `find_tongue`, and how many small words are the expected's own."""
    base = languages.base(expected)
    if base not in _SMALL:
        return "", 0
    claims = [_claims(word) for word in _small_words(text)]
    own = [claim for claim in claims if base in claim]
    rivals = Counter(other for claim in claims if base not in claim for other in claim)
    best, lead = "", 0
    for other in dict.fromkeys((*_SMALL, *_SHAPES)):  # in this order: sets have none that stays
        theirs = rivals[other]
        if theirs <= lead:
            continue
        ours = sum(other not in claim for claim in own)
        if (theirs >= 2 and theirs > 3 * ours) or (theirs == 1 and not ours and len(claims) < 12):
            best, lead = other, theirs
    # One word may be a quotation's or a name's; then most of the words must be the rival's.
    if lead == 1 and (len(claims) < 3 or sum(best in claim for claim in claims) * 3 < len(claims)):
        return "", len(own)
    return best, len(own)


def has_small_words(text: str, language: str) -> bool:
    """Whether a text has a small word of a language; false for one whose words are unknown."""
    small = _SMALL.get(languages.base(language), frozenset())
    return any(word.lower() in small for word in _WORD.findall(text))


def has_foreign_script(source: str, target: str, into: str) -> bool:
    """Whether a translation is mostly in a script that its language is not written in."""
    base = languages.base(into)
    if base in _ANY_SCRIPT:
        return False
    wanted = next((name for name, codes in _SCRIPTS.items() if base in codes), "LATIN")
    if wanted == "LATIN" and target.isascii():
        return False
    words = [w for w in _WORD.findall(target) if not (w[0].isupper() and w in source)]
    scripts = [script_of(word[0]) for word in words for _ in word]
    allowed = {wanted, "CJK"} if wanted == "HANGUL" else {wanted}
    return len(scripts) > 7 and sum(s in allowed for s in scripts) * 2 < len(scripts)


def _small_words(text: str) -> frozenset[str]:
    """Give the words of a text that are not set as names; the first may be either."""
    words = [word for word in _WORD.findall(text) if len(word) > 1 or word in _ONE_LETTER]
    return frozenset([*(w for w in words if not w[0].isupper()), *(w.lower() for w in words[:1])])


@lru_cache(maxsize=8192)
def _claims(word: str) -> frozenset[str]:
    """Give the languages that have a small word; if none, those that alone spell like it."""
    listed = frozenset(language for language, words in _SMALL.items() if word in words)
    return listed or frozenset(code for code, shape in _SHAPES.items() if shape.fullmatch(word))
