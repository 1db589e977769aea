"""What must pass the engine unharmed: addresses, handles, hashtags, emoji, foreign scripts, code.

Each stretch is taken off where it stands at an edge of the sentence, and replaced by a
placeholder where it stands inside. Most placeholders are damaged by the models
(``<x1/>``, ``{1}``, ``[1]``, ``@@1@@`` survive in none of 100 sentences); ``ZZQ`` and
``X1`` survive in 92 to 100. So they are counted afterwards, and the next form is tried.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dragoman.translate.vocabulary import Vocabulary

_ADDRESS = (
    r"(?:https?://|www\.)[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?)\]'’]"
    r"|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"
    r"|(?<![\w@])@\w{2,}"
    r"|(?<![\w&#])#\w*[^\W\d_]\w*"
)
_SYMBOLS = (
    r"(?:[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\u2190-\u21FF\u25A0-\u25FF]"
    r"[\uFE0F\u200D\U0001F3FB-\U0001F3FF]*)+"
)
_SHIELDED = re.compile(f"{_ADDRESS}|{_SYMBOLS}")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|\{\{?[\w.]+\}?\}|%[sd]\b|%\(\w+\)s|`[^`]+`")
_BULLET = re.compile(r"[\s•·‣◦▪►▶*|–—―\-]+(?=\S)")
_TOO_LONG = re.compile(r"\S{60,}")  # no word of any language; the engine would need minutes
_FORMS = (
    ("ZZQ", "QZZ", "ZQZ", "QQZ"),
    ("X1", "X2", "X3", "X4", "X5", "X6", "X7", "X8", "X9"),
    ("XX1XX", "XX2XX", "XX3XX", "XX4XX", "XX5XX", "XX6XX", "XX7XX", "XX8XX", "XX9XX"),
)


@dataclass(frozen=True, slots=True)
class Shielded:
    """A sentence without its shielded stretches: what is at its edges, and what inside."""

    head: str
    text: str  # without head and tail, shielded stretches still in it
    tail: str
    stretches: tuple[tuple[int, int], ...]  # inside ``text``

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text between the stretches."""
        bounds = [0, *(place for stretch in self.stretches for place in stretch), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True))

    @property
    def kept(self) -> tuple[str, ...]:
        """The stretches themselves."""
        return tuple(self.text[start:end] for start, end in self.stretches)


def shield(text: str, vocabulary: Vocabulary, keep: Sequence[tuple[int, int]] = ()) -> Shielded:
    """Find what must not reach the engine; ``keep`` adds ranges of the text, such as code."""
    ranges = _merged(text, [*keep, *_find(text, vocabulary)])
    start, end = 0, len(text)
    bullet = _BULLET.match(text)
    if (bullet and not text[: bullet.end()].strip().startswith("-")) or _is_dash_list(text):
        start = bullet.end() if bullet else 0
    inside = [pair for pair in ranges if pair[0] >= start]
    while inside and not text[start : inside[0][0]].strip():
        start = inside.pop(0)[1]
    while inside and not text[inside[-1][1] : end].strip():
        end = inside.pop()[0]
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    end = max(start, end)
    stretches = tuple((a - start, b - start) for a, b in inside)
    return Shielded(text[:start], text[start:end], text[end:], stretches)


def place_masks(shielded: Shielded, form: int) -> tuple[str, tuple[str, ...]] | None:
    """Write the placeholders of a form into the text; None where it has not enough of them."""
    names = [name for name in _FORMS[form] if name not in shielded.text]
    if len(names) < len(shielded.stretches):
        return None
    used = tuple(names[: len(shielded.stretches)])
    parts = [shielded.pieces[0]]
    for name, piece in zip(used, shielded.pieces[1:], strict=True):
        parts += [name, piece]
    return "".join(parts), used


def lift_masks(target: str, used: Sequence[str], kept: Sequence[str]) -> str | None:
    """Put the stretches back; None where a placeholder is not there exactly once."""
    for name in used:
        if len(re.findall(rf"(?<!\w){name}(?!\w)", target)) != 1:
            return None
    for name, original in zip(used, kept, strict=True):
        first, second = re.split(rf"(?<!\w){name}(?!\w)", target)
        target = first + original + second
    return target


def form_count() -> int:
    """Say how many forms of placeholders there are to try."""
    return len(_FORMS)


def has_words(text: str) -> bool:
    """Whether there is anything to translate: a letter."""
    return any(char.isalpha() for char in text)


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """Give the script of a letter by its Unicode name; empty for what is no letter."""
    if not char.isalpha() or unicodedata.category(char) == "Lm":
        return ""
    if char in "ªº":
        return "LATIN"
    name = unicodedata.name(char, "").partition(" ")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"} else name


def _find(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    for pattern in (_SHIELDED, _MARKUP, _TOO_LONG):
        for match in pattern.finditer(text):
            yield match.span()
    if not text.isascii():
        yield from _find_foreign(text, vocabulary)


def _find_foreign(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Find words in another script than the sentence's own."""
    words = [(m.span(), script_of(m.group()[0])) for m in re.finditer(r"[^\W\d_]+", text)]
    counts = Counter[str]()
    for (start, end), script in words:
        counts[script] += end - start
    own = counts.most_common(1)[0][0] if counts else ""
    run: tuple[int, int] | None = None
    for (start, end), script in words:
        is_foreign = script != own and _is_shut_out(text[start:end], vocabulary)
        if is_foreign and run and not has_words(text[run[1] : start]) and start - run[1] <= 3:
            run = (run[0], end)
        else:
            if run:
                yield run
            run = (start, end) if is_foreign else None
    if run:
        yield run


def _is_shut_out(word: str, vocabulary: Vocabulary) -> bool:
    # Latin names inside Arabic or Japanese text are read well by models that spell them.
    return vocabulary.lacks(word) or script_of(word[0]) != "LATIN"


def _is_dash_list(text: str) -> bool:
    return bool(re.match(r"\s*-\s+\S", text))


def _merged(text: str, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pair for pair in ranges if pair[0] < pair[1] <= len(text)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
