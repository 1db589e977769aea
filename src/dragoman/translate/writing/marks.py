"""Which quotation mark opens and which closes, and which two belong together."""

from __future__ import annotations

from dataclasses import dataclass

DOUBLE = '"“”„‟«»〝〞＂″'
_OPENING, _CLOSING = "“„‟«〝", "”»〞"
_BEFORE = "([{“‘«—–-\"'„¿¡/"
_AFTER = ")]}”’».,;:!?…—–\"'“/"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks that belong together; ``end`` is where the closing one stands."""

    start: int
    end: int
    is_inner: bool = False  # stands in another


def begins(text: str, at: int, *, is_open: bool) -> bool:
    """Whether the mark at a place opens a quotation; ``is_open``: one of its kind is open."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    left = not before or before.isspace() or before in _BEFORE
    right = not after or after.isspace() or after in _AFTER
    if left != right:
        return left
    if text[at] in _OPENING and not is_open:
        return True
    return text[at] not in _CLOSING and not is_open


def pair_marks(text: str) -> tuple[Pair, ...]:
    """Give the double quotation marks that belong together, in the order in which they open."""
    found: list[Pair] = []
    waiting: list[int] = []
    for at, char in enumerate(text):
        if char not in DOUBLE or _is_inches(text, at):
            continue
        if begins(text, at, is_open=bool(waiting)):
            waiting.append(at)
        elif waiting:
            found.append(Pair(waiting.pop(), at))
    return tuple(
        Pair(p.start, p.end, any(o.start < p.start and p.end < o.end for o in found))
        for p in sorted(found, key=lambda pair: pair.start)
    )


def _is_inches(text: str, at: int) -> bool:
    is_after_digit = text[at] in '"″' and text[at - 1 : at].isdigit()
    return is_after_digit and text.count(text[at]) != 1 and text[:at].count(text[at]) % 2 == 0
