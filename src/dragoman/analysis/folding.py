"""Fold what readers do not tell apart when they search: case, accents, widths, digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

# Letters that carry marks only for the eye: there the marks go. Elsewhere (Devanagari, Thai,
# kana) a mark is a vowel or another letter, and stays.
_ACCENTED = ((0xC0, 0x24F), (0x1E00, 0x1EFF), (0x370, 0x3FF), (0x1F00, 0x1FFF))

_DROPPED = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x0300, 0x036F),  # combining accents
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),  # Arabic signs, vowels and lengthening
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x200B, 0x200F),  # joiners and direction marks
    (0xFE00, 0xFE0F),  # variation selectors
)

_LETTERS = {
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ŋ": "n",
    "ħ": "h", "ŧ": "t", "ĸ": "k", "ς": "σ", "ё": "е", "ѐ": "е", "ѝ": "и",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
    "ک": "ك", "ہ": "ه", "ھ": "ه",
}  # fmt: skip

_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50)


def _each(ranges: tuple[tuple[int, int], ...]) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)


@lru_cache(maxsize=1)
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in _each(_ACCENTED):
        parts = unicodedata.normalize("NFD", chr(code))
        bare = "".join(part for part in parts if not unicodedata.combining(part))
        if bare and bare != chr(code):
            table[code] = bare
    for zero in _ZEROS:
        table.update({zero + digit: str(digit) for digit in range(10)})
    table.update({ord(letter): plain for letter, plain in _LETTERS.items()})
    table.update(dict.fromkeys(_each(_DROPPED)))
    return table


def lower(word: str) -> str:
    """Give a word small and in its usual width, its accents kept."""
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()


def fold(word: str) -> str:
    """Give a word small and without accents, of letters and digits alone."""
    if word.isascii():
        text = word.lower()
    else:
        text = unicodedata.normalize("NFC", lower(word)).translate(_table())
    return text if text.isalnum() else "".join(filter(_is_kept, text))


def fold_all(words: Sequence[str]) -> list[str]:
    """Fold many words at once, in a tenth of the time; none may hold a line break."""
    text = unicodedata.normalize("NFC", lower("\n".join(words))).translate(_table())
    folded = text.split("\n") if words else []
    return [one if one.isalnum() else "".join(filter(_is_kept, one)) for one in folded]


def _is_kept(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"
