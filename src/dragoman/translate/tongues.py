"""Languages told apart by their small words, where a sentence is too short for the detector."""

from __future__ import annotations

import re
from functools import lru_cache

from dragoman import languages
from dragoman.translate.shields import script_of
from dragoman.translate.words import word_set

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {
    "en": word_set(
        "a the of and to in is was for on with that as are at by from his her has have it "
        "this will be not an were their who which he she they we you but said after "
    ),
    "pt": word_set(
        "lo nos foram havia segundo disse anos há sem sido esse essa estes outro outra onde "
        "tem o a os as e de do da dos das em no na nas um uma não é são foi com para por que "
        "ao à aos às mais seu sua pelo pela mas ou também muito já ele ela eu você este esta "
        "isso se como está estão até após sobre "
    ),
    "es": word_set(
        "a e fueron había según dijo años ha han sin sido ese esa estos esas otro otra donde "
        "tiene el la los las y de del en un una no es son fue con para por que al más su sus "
        "pero o también muy ya él ella yo usted este esta eso se como está están hasta tras "
        "sobre lo le les hay "
    ),
    "fr": word_set(
        "le la les et de du des en un une ne pas est sont a été avec pour par que au aux plus "
        "son sa ses mais ou aussi il elle je vous ce cette se comme dans sur qui d l qu n s à "
    ),
    "it": word_set(
        "il lo la i gli le e di del della dei delle in un una non è sono con per che al alla "
        "più suo sua ma o anche ha nel nella da dal si come "
    ),
    "de": word_set(
        "der die das und zu in den dem des ein eine einen nicht ist sind war mit für von auf "
        "im er sie es sich auch an als wie bei nach um aus hat wird dass "
    ),
    "nl": word_set(
        "de het een en van in is was op met voor dat te zijn niet aan er om door ook als bij "
        "uit hij ze maar naar "
    ),
}  # fmt: skip
_SCRIPTS = {
    "ARABIC": word_set("ar fa ur ps ckb ug sd"), "CYRILLIC": word_set("ru uk bg mk be kk ky tg mn"),
    "GREEK": word_set("el"), "HEBREW": word_set("he yi"), "DEVANAGARI": word_set("hi mr ne"),
    "CJK": word_set("zh ja"), "HANGUL": word_set("ko"), "THAI": word_set("th"),
    "GEORGIAN": word_set("ka"), "ARMENIAN": word_set("hy"), "BENGALI": word_set("bn as"),
    "TAMIL": word_set("ta"), "TELUGU": word_set("te"), "GUJARATI": word_set("gu"),
    "MALAYALAM": word_set("ml"), "KANNADA": word_set("kn"),
}  # fmt: skip
_ANY_SCRIPT = word_set("sr bs kk uz az ku pa und")


def find_tongue(text: str, expected: str) -> str:
    """Give the language that a text's small words speak for, against the expected one; or none."""
    base = languages.base(expected)
    if base not in _SMALL:
        return ""
    words = {word.lower() for word in _WORD.findall(text)}
    rivals = {other: _count(words, other, base) for other in _SMALL if other != base}
    best = max(rivals, key=lambda other: rivals[other][0] - rivals[other][1])
    theirs, ours = rivals[best]
    return best if theirs >= 2 and theirs > 3 * ours else ""


def has_foreign_script(source: str, target: str, into: str) -> bool:
    """Whether a translation is mostly in a script that its language is not written in."""
    base = languages.base(into)
    if base in _ANY_SCRIPT:
        return False
    wanted = next((name for name, codes in _SCRIPTS.items() if base in codes), "LATIN")
    words = [w for w in _WORD.findall(target) if not (w[0].isupper() and w in source)]
    scripts = [script_of(word[0]) for word in words for _ in word]
    allowed = {wanted, "CJK"} if wanted == "HANGUL" else {wanted}
    return len(scripts) > 7 and sum(s in allowed for s in scripts) * 2 < len(scripts)


def _count(words: set[str], other: str, base: str) -> tuple[int, int]:
    """Count the different words that only the rival has, and those that only the own has."""
    theirs, ours = _only(other, base), _only(base, other)
    return sum(word in theirs for word in words), sum(word in ours for word in words)


@lru_cache(maxsize=128)
def _only(one: str, other: str) -> frozenset[str]:
    return _SMALL[one] - _SMALL[other]
