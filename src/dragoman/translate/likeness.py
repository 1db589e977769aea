"""Whether two words are one name, as two languages or scripts write it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that languages write one sound with, longest first: Choïgou, Shoigu, Schoigu.
# What a hiss is called differs most (Gorbachev, Gorbatchev, Gorbatschow), so all are one.
_SOUNDS = (
    ("tzsch", "s"), ("tsch", "s"), ("dsch", "i"), ("tch", "s"), ("sch", "s"), ("dzh", "i"),
    ("dj", "i"), ("sh", "s"), ("ch", "s"), ("zh", "i"), ("kh", "h"), ("gh", "g"), ("th", "t"),
    ("ph", "f"), ("ou", "u"), ("oo", "u"), ("ck", "k"), ("qu", "k"), ("cs", "s"), ("cz", "s"),
    ("sz", "s"), ("ts", "s"), ("tz", "s"), ("x", "ks"), ("q", "k"), ("c", "k"), ("w", "v"),
    ("z", "s"), ("y", "i"), ("j", "i"),
)  # fmt: skip
_GENITIVE = re.compile(r"['’]s?$")
_FEMININE = re.compile(r"(.)\1?e$")  # Michelle, Gabrielle, Julienne


@lru_cache(maxsize=4096)
def fold_word(word: str) -> str:
    """Give a word small, in Latin letters, without accents and without a genitive's ending."""
    word = _GENITIVE.sub("", word)
    if not word.isascii():
        from anyascii import anyascii

        word = anyascii(unicodedata.normalize("NFC", word))
    return re.sub(r"[^a-z]", "", word.lower())


@lru_cache(maxsize=4096)
def sound_of(word: str) -> str:
    """Give what is left of a folded word when languages' own ways of writing are taken off."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=8192)
def is_one_name(one: str, other: str) -> bool:
    """Whether two words are surely one name in two spellings, such as Choïgou and Shoigu.

    Another sound, were it one vowel (Biden, Baden; Elsa, Elisa; Paul, Paula; Michel, Michelle),
    is another name, but for the silent one of Poutine.
    """
    folded = sorted((fold_word(one), fold_word(other)), key=lambda word: len(sound_of(word)))
    shorter, longer = sound_of(folded[0]), sound_of(folded[1])
    if folded[0] != folded[1] and len(re.findall("[aeiou]+", shorter)) < 2:
        return False  # Chen and Shen, Wang and Vang: too little to tell by
    if longer == f"{shorter}e":
        return _FEMININE.sub(r"\1", folded[1]) != folded[0]
    return longer == shorter
