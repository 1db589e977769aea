"""Names as they sound, so that Choïgou, Shoigu, Шойгу and شويغو meet.

A name becomes a *sound*: transliterated, respelt by the habits of its language, and kept
as a consonant key (what survives every transcription) beside the respelt form with vowels.
Two names meet where the keys are equal and the forms are near one another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ\-][^\W\d_]+)*")
_JOINTS = re.compile(r"[-’'ʼ]")
_KATAKANA = re.compile(r"[ァ-ヺー]{3,}")
_SENTENCE_END = frozenset('.!?:;。！？؟…\n«“"„»”')
_MAX_WORDS = 400  # a lead has about 120; what is longer is hostile or not a lead

# What each language writes for a sound, longest first: (written, sounded). Sounds are
# English-like: sh, ch, zh, k, u. Languages not named take the general table alone.
_HABITS: dict[str, tuple[tuple[str, str], ...]] = {
    "fr": (("tch", "ch"), ("dj", "j"), ("ch", "sh"), ("ou", "u"), ("gu", "g"), ("qu", "k")),
    "de": (("tsch", "ch"), ("dsch", "j"), ("sch", "sh"), ("ch", "kh"), ("z", "ts"), ("w", "v"),
           ("j", "i"), ("v", "f")),
    "nl": (("tsj", "ch"), ("sj", "sh"), ("oe", "u"), ("ch", "kh"), ("w", "v"), ("j", "i")),
    "pl": (("szcz", "shch"), ("sz", "sh"), ("cz", "ch"), ("rz", "zh"), ("ch", "kh"), ("w", "v"),
           ("j", "i"), ("c", "ts")),
    "es": (("ch", "ch"), ("qu", "k"), ("gu", "g"), ("j", "kh"), ("ll", "i")),
    "pt": (("ch", "sh"), ("qu", "k"), ("gu", "g"), ("x", "sh"), ("lh", "l"), ("nh", "n")),
    "it": (("sci", "sh"), ("ch", "k"), ("ci", "ch"), ("ce", "che"), ("gh", "g"), ("gi", "j")),
    "tr": (("c", "j"), ("y", "i")),
    "sv": (("sj", "sh"), ("tj", "ch"), ("j", "i")),
    "ar": (("aw", "o"), ("ay", "i"), ("w", "u"), ("y", "i")),
    "fa": (("w", "u"), ("y", "i")),
    "ru": (("shch", "sh"), ("ie", "e"), ("iy", "i"), ("yy", "i")),
}  # fmt: skip
_LETTERS = {"tr": {"ş": "sh", "ç": "ch", "ğ": "g"}, "ro": {"ș": "sh", "ş": "sh", "ț": "ts"},
            "cs": {"š": "sh", "č": "ch", "ž": "zh", "ř": "rzh"}}  # fmt: skip
for _code in ("sk", "sl", "hr", "bs", "sr", "lt", "lv"):
    _LETTERS[_code] = _LETTERS["cs"]
_GENERAL = (
    ("shch", "sh"), ("tch", "ch"), ("dzh", "j"), ("dj", "j"), ("ph", "f"), ("ck", "k"),
    ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("x", "ks"), ("q", "k"), ("oo", "u"),
    ("ou", "u"), ("yy", "y"), ("y", "i"), ("w", "v"),
)  # fmt: skip
_SIBILANTS = re.compile(r"sh|ch|zh|ts|tz|[szj]|c(?=[eiy])")
_CLASSES = str.maketrans("bpfvtdkgclrmnS", "BBFFTTKKKLRMNS")
_SLAVIC = frozenset(["ru", "uk", "be", "bg", "mk", "sr", "hr", "bs", "sl", "cs", "sk", "pl"])
_UNCASED = frozenset(
    ["ar", "fa", "ur", "he", "ps", "ckb", "hi", "mr", "ne", "bn", "ta", "te", "ka"]
)
_PREFIXES = ("wal", "bal", "fal", "kal", "lil", "al", "w", "b", "l", "f", "k")


@lru_cache(maxsize=4096)
def respell(name: str, language: str) -> str:
    """Write a name as it sounds, in plain lower-case letters."""
    from anyascii import anyascii

    word = name.lower()
    for letter, sound in _LETTERS.get(language, {}).items():
        word = word.replace(letter, sound)
    word = "".join(char for char in anyascii(word).lower() if "a" <= char <= "z")
    word = word[:40]
    if name and name[0] < "\u0250":  # Latin script alone has spelling habits of its own
        for written, sound in _HABITS.get(language, ()):
            word = word.replace(written, sound.upper())
        word = word.lower()
    elif language in _HABITS:
        for written, sound in _HABITS[language]:
            word = word.replace(written, sound)
    for written, sound in _GENERAL:
        word = word.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=65536)
def sound_key(form: str) -> str:
    """Reduce a respelt name to its consonant classes: ``shoigu`` gives ``SK``."""
    classed = _SIBILANTS.sub("S", form).translate(_CLASSES)
    key = "".join(char for char in classed if char.isupper())
    return re.sub(r"(.)\1+", r"\1", key)


def _alternatives(word: str, form: str, language: str) -> set[str]:
    """Give the form with and without the endings and prefixes of its language."""
    forms = {form}
    if language in _SLAVIC:
        forms.update(form[: -len(end)] for end in ("ogo", "omu", "im", "om", "em", "ami", "akh")
                     if form.endswith(end) and len(form) - len(end) >= 4)  # fmt: skip
    if language in _UNCASED and word[0] > "\u0590":
        forms.update(form[len(start) :] for start in _PREFIXES
                     if form.startswith(start) and len(form) - len(start) >= 4)  # fmt: skip
    return forms


def _is_name(word: str, text: str, start: int, lowered: frozenset[str]) -> bool:
    """Whether a word with a capital is a name where it stands."""
    if len(word) < 3:
        return False
    while start and text[start - 1].isspace():
        start -= 1
    before = text[start - 1 : start] if start else ""
    # At the head of a sentence a capital says nothing, unless the word is never written small.
    return bool(before and before not in _SENTENCE_END) or word.lower() not in lowered


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a text, and as it sounds."""

    word: str
    form: str


def find_names(text: str, language: str) -> dict[str, Name]:
    """Give the names in a text by their consonant keys.

    In cased scripts a name has a capital; in the others every longer word may be one, and
    its rarity decides later. Chinese and Thai give only what they write in other scripts.
    """
    matches = [(m.group(), m.start()) for m in islice(_WORD.finditer(text), _MAX_WORDS)]
    lowered = frozenset(word for word, _ in matches if word.islower())
    capital = [(word, at) for word, at in matches if word[0].isupper()]
    words = [word for word, at in capital if _is_name(word, text, at, lowered)]
    if language in _UNCASED:
        words += [word for word, _ in matches if len(word) >= 4 and word[0] > "\u0590"]
    words += _KATAKANA.findall(text)
    found: dict[str, Name] = {}
    for word in words:
        for key, name in _sound_out(word, language):
            found.setdefault(key, name)
    return found


@lru_cache(maxsize=16384)
def _sound_out(word: str, language: str) -> tuple[tuple[str, Name], ...]:
    """Give what the parts of a word may sound like, each with its key."""
    found = []
    for piece in _JOINTS.split(word):
        forms = _alternatives(piece, respell(piece, language), language) if len(piece) > 2 else ()
        for form in sorted(forms):
            key = sound_key(form)
            if len(key) >= 2 and len(form) >= 4:
                found.append((key, Name(piece, form)))
    return tuple(found)


@lru_cache(maxsize=65536)
def is_same_sound(one: str, other: str) -> bool:
    """Whether two respelt names with one consonant key can be the same name.

    Scripts without vowels leave only consonants, so a long key may be far in its vowels;
    a key of two consonants (Shoigu) is shared by many names and must be near.
    """
    from rapidfuzz.fuzz import ratio

    needed = 80.0 if len(sound_key(one)) <= 2 else 62.0
    return bool(ratio(one, other) >= needed)


def shared_names(one: Mapping[str, Name], other: Mapping[str, Name]) -> list[tuple[str, str]]:
    """Give the names that both have, as (key, the word of ``one``), in order."""
    return sorted(
        (key, one[key].word)
        for key in one.keys() & other.keys()
        if one[key].form == other[key].form or is_same_sound(one[key].form, other[key].form)
    )
