"""Show where a text holds what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.analysis.queries import Phrase, Plan
from dragoman.analysis.words import Word, find_words, split_words

_MOST_HITS = 200  # of a text that are looked at
_NEAR = 1000  # characters that are looked at first: what readers see of an article at once


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: found, or around it."""

    text: str
    is_hit: bool = False


def mark_hits(text: str, language: str, plan: Plan) -> tuple[Part, ...]:
    """Part a whole text at its hits."""
    return _cut(text, 0, len(text), _find(text, language, plan)[0])


def excerpt(text: str, language: str, plan: Plan, length: int = 220) -> tuple[Part, ...]:
    """Give the stretch of a text, of about so many characters, that holds most of the hits.

    Where the beginning of the text has hits of every kind, it is there. Without a hit it is the
    beginning itself.
    """
    near = text[: max(text.find(" ", _NEAR), _NEAR)]
    hits, kinds = _find(near, language, plan)
    if len(set(kinds)) < len(plan.required):  # some of it stands further down
        hits, kinds = _find(text, language, plan)
    start, end = _choose(text, hits, kinds, length)
    parts = list(_cut(text, start, end, hits))
    if start > 0:
        parts.insert(0, Part("… "))
    if end < len(text):
        parts.append(Part(" …"))
    return tuple(parts)


def _find(text: str, language: str, plan: Plan) -> tuple[list[tuple[int, int]], list[int]]:
    """Give the stretches that are found, in order, and which group each belongs to."""
    single: dict[str, int] = {}
    chains: dict[str, list[tuple[int, Phrase]]] = {}
    for group, phrases in enumerate(plan.required):
        for phrase in phrases:
            if len(phrase.tokens) == 1 and not phrase.is_open:
                single.setdefault(phrase.tokens[0], group)
            else:
                first = phrase.tokens[0][: 2 if phrase.is_open else None]
                chains.setdefault(first, []).append((group, phrase))
    # A phrase asks for the words around; else the others need not be looked at.
    if chains:
        words = list(split_words(text, language))
    else:
        words = find_words(text, language, single.keys())
    found: list[tuple[int, int, int]] = []
    for index, word in enumerate(words):
        if len(found) >= _MOST_HITS:
            break
        groups = [single[token] for token in (*word.stems, word.exact) if token in single]
        if groups:
            found.append((word.start, word.end, groups[0]))
        for group, phrase in (*chains.get(word.exact, ()), *_open(chains, word)):
            if end := _match(words, index, phrase):
                found.append((word.start, end, group))
    return _merge(found)


def _open(chains: dict[str, list[tuple[int, Phrase]]], word: Word) -> Iterable[tuple[int, Phrase]]:
    short = word.exact[:2]
    return chains.get(short, ()) if short != word.exact else ()


def _match(words: Sequence[Word], index: int, phrase: Phrase) -> int:
    """Give where a phrase ends that begins at a word; 0: it does not."""
    here = words[index : index + len(phrase.tokens)]
    if len(here) < len(phrase.tokens):
        return 0
    *before, last = zip(here, phrase.tokens, strict=True)
    if any(word.exact != token for word, token in before):
        return 0
    word, token = last
    if phrase.is_open and word.exact.startswith(token):
        return min(word.end, word.start + len(token) - 1)
    return word.end if word.exact == token else 0


def _merge(found: list[tuple[int, int, int]]) -> tuple[list[tuple[int, int]], list[int]]:
    hits: list[tuple[int, int]] = []
    kinds: list[int] = []
    for start, end, kind in sorted(found):
        if hits and start < hits[-1][1]:
            hits[-1] = (hits[-1][0], max(end, hits[-1][1]))
        else:
            hits.append((start, end))
            kinds.append(kind)
    return hits, kinds


def _choose(
    text: str, hits: Sequence[tuple[int, int]], kinds: Sequence[int], length: int
) -> tuple[int, int]:
    """Choose the window with most different hits, the first of equals, and end it at spaces."""
    if len(text) <= length:
        return 0, len(text)
    best, start = (0, 0), 0
    for index, (first, _) in enumerate(hits):
        inside = [i for i in range(index, len(hits)) if hits[i][1] <= first + length]
        worth = (len({kinds[i] for i in inside}), len(inside))
        if worth > best:
            last = hits[inside[-1]][1] if inside else first
            spare = max(0, length - (last - first))
            best, start = worth, max(0, first - spare // 3)
    return _round(text, start, min(len(text), start + length), hits)


def _round(text: str, start: int, end: int, hits: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Move the ends of a window to spaces near by, cutting through no hit."""
    if start > 0:
        space = text.find(" ", start, start + 30)
        if space >= 0 and not any(first < space + 1 <= last for first, last in hits):
            start = space + 1
    if end < len(text):
        space = text.rfind(" ", max(start, end - 30), end)
        if space > start and not any(first < space < last for first, last in hits):
            end = space
        end = max([end, *(last for first, last in hits if first < end < last)])
    return start, end


def _cut(text: str, start: int, end: int, hits: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    parts, done = [], start
    for hit in hits:
        if hit[1] <= start or hit[0] >= end:
            continue
        first, last = max(hit[0], start), min(hit[1], end)
        if first > done:
            parts.append(Part(text[done:first]))
        parts.append(Part(text[first:last], is_hit=True))
        done = last
    if done < end:
        parts.append(Part(text[done:end]))
    return tuple(parts)
