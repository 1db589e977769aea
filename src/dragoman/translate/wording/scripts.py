"""Names across scripts: what Arabic letters may stand for, and the endings that names take.

Arabic writes no short vowels and has no letter for some sounds, so a name is compared letter by
letter with all that each may be: شويغو may be Choïgou, Shoigu or Shoygu, and hardly anything
else. Two such words are no proof, but many of them in one story are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from dragoman.translate.likeness import fold_word, is_one_name, sound_of

_VOWELS = "[aeiou]"
# What a letter may be in a word of Latin letters whose sounds are made one (`sound_of`, _MERGED).
_LETTERS = {
    **dict.fromkeys("بپ", "b"), **dict.fromkeys("تط", "t"), "ث": "[ts]", "ج": "[kis]",
    **dict.fromkeys("حه", "h?"), "خ": "[hk]", **dict.fromkeys("دض", "d"), "ذ": "[ds]", "ر": "r",
    **dict.fromkeys("زظسصشچ", "s"), "ژ": "[si]", **dict.fromkeys("عءئؤ", f"{_VOWELS}?"),
    "غ": "[kh]", **dict.fromkeys("فڤ", "f"), **dict.fromkeys("قكکگ", "k"), "ل": "l", "م": "m",
    "ن": "n", "ة": f"{_VOWELS}?h?",
}  # fmt: skip
_HISSES = re.compile("ت(?=[شسز])")  # tch and ts, which are one sound here
_LONG = re.compile("[اويیى]+")  # long vowels; the w of Arabic is a v too
_BETWEEN = f"{_VOWELS}{{0,2}}h?"
_MERGED = str.maketrans({"v": "f", "p": "b", "g": "k"})
_ALEFS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا"})
_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640]")
_ARABIC = re.compile(r"[\u0620-\u06ff]+")
_ARTICLE = re.compile(r"^(?:[وبكف]?ال|لل)(?=[\u0620-\u06ff]{3})")
_PREFIX = re.compile(r"^[وبلفك](?=[\u0620-\u06ff]{4})")  # and, in, for; or the name's own letter
_SHORTEST = 4  # letters of a name in Arabic
_FEWEST_SOUNDS = 5  # letters of a name in Latin that are enough to tell it by
# Cases of Russian, Ukrainian, Belarusian and Bulgarian names, on the bare name.
_ENDINGS = ("а", "у", "ом", "ем", "е", "ым", "им", "і", "ові", "еві", "ю", "я")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")


def is_arabic(word: str) -> bool:
    """Whether a word is in Arabic letters, which have no capitals."""
    return bool(_ARABIC.fullmatch(_MARKS.sub("", word)))


@lru_cache(maxsize=4096)
def forms_of(word: str) -> tuple[str, ...]:
    """Give a word, and in Arabic letters what it is without the small words written with it.

    The first is without its article; the second without "and", "in" or "for", if that is what
    its first letter is.
    """
    plain = _MARKS.sub("", word)
    if not is_arabic(plain):
        return (word,)
    bare = _ARTICLE.sub("", plain)
    shorter = _PREFIX.sub("", bare) if bare == plain else bare
    return (bare,) if shorter == bare else (bare, shorter)


def count_arabic(words: Iterable[str]) -> Counter[str]:
    """Count the words in Arabic letters; with a small word before it, it is the same word."""
    counts = Counter(forms_of(word)[0] for word in words if is_arabic(word))
    for word in [word for word in counts if len(forms_of(word)) > 1]:
        shorter = forms_of(word)[1]
        if shorter in counts:
            counts[shorter] += counts.pop(word)
    return counts


def is_alike(one: str, other: str) -> bool:
    """Whether two words are one name in two spellings, or in two scripts."""
    arabic, latin = (one, other) if is_arabic(one) else (other, one)
    if is_arabic(arabic) and not is_arabic(latin):
        return _is_arabic_for(arabic, latin)
    return is_one_name(one, other)


@lru_cache(maxsize=8192)
def _is_arabic_for(arabic: str, other: str) -> bool:
    sound = re.sub(r"(.)\1+", r"\1", sound_of(fold_word(other)).translate(_MERGED))
    pattern = _pattern(arabic)
    return pattern is not None and len(sound) >= _FEWEST_SOUNDS and bool(pattern.fullmatch(sound))


@lru_cache(maxsize=4096)
def _pattern(arabic: str) -> re.Pattern[str] | None:
    """Give what a name may be in Latin letters; None where it is too short to tell."""
    plain = _HISSES.sub("", arabic.translate(_ALEFS))
    if len(plain) < _SHORTEST:
        return None
    parts: list[str] = []
    for match in re.finditer(f"{_LONG.pattern}|.", plain):
        part = match.group()
        if _LONG.fullmatch(part):
            parts.append(f"(?:f|{_VOWELS})+" if "و" in part else f"{_VOWELS}+")
        elif part in _LETTERS:
            parts.append(_LETTERS[part])
        else:
            return None
    return re.compile(f"{_BETWEEN.join(parts)}{_VOWELS}?")


def cases_of(name: str, words: frozenset[str] | set[str]) -> set[str]:
    """Give those of these words that are a Cyrillic name in another case: Лавровым, Лаврова."""
    if not _CYRILLIC.fullmatch(name) or len(name) < _SHORTEST:
        return set()
    return {f"{name}{ending}" for ending in _ENDINGS} & words
