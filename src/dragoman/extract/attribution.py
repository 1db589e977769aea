"""Who says so: agencies, outlets, officials and documents that a text names as its sources.

Found by the words that attribute ("according to", « a déclaré », "disse", "وفقا لـ") and the
name beside them. A pronoun is no source; what cannot be told to be a name is left out.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dragoman import languages
from dragoman.extract.attributing import CUES, KINDS, Cues
from dragoman.types import Attribution, AttributionKind, Block, BlockKind

_UNREAD = frozenset({BlockKind.CODE, BlockKind.EMBED, BlockKind.IMAGE})
# A stop belongs to a name in an initial or a title alone: J. Smith, Sen. Lee.
_CAPITAL = r"(?:[A-ZÀ-Þ]\.|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|St|Prof)\.|[A-ZÀ-ÞĀ-Ž][\w&’'-]*)"
_LINKS = r"(?:of|for|and|the|de|do|da|dos|das|del|della|des|du|la|le|el|al|à|y|e|et|von|van|bin|&)"
# Up to eight words that begin large, small ones that link names between them.
_NAME = (
    rf"{_CAPITAL}(?:[ \u00a0](?:{_LINKS}[ \u00a0]){{0,2}}{_CAPITAL}){{0,7}}(?: \d{{1,3}}(?!\w))?"
)
_OF = r"(?:of the|of|for the|for|de la|de l['’]|de|del|du|des|do|da|dos|das|d['’])"
_ARABIC_STOP = (
    r"(?:أن|إن|أنه|إنه|في|على|من|التي|الذي|عن|إلى|مع|بعد|قبل|قوله|قولها|أمس|اليوم|وأن|ما|يوم)(?!\w)"
)
_ARABIC_WORD = rf"(?!{_ARABIC_STOP})[\u0621-\u064a]{{2,}}"
_ARABIC_NAME = rf"{_ARABIC_WORD}(?: {_ARABIC_WORD}){{0,2}}"
_LONGEST = 90  # characters of a name


def find_attributions(blocks: Sequence[Block], language: str) -> tuple[Attribution, ...]:
    """Find whom the blocks of an article name as their sources, in order, each place once.

    Gives nothing for a language whose words are not known here.
    """
    base = languages.base(language)
    if base not in CUES:
        return ()
    return tuple(
        found
        for index, block in enumerate(blocks)
        if block.kind not in _UNREAD
        for number, part in enumerate(block.parts)
        for found in _find(part.text, base, index, number)
    )


def _find(text: str, base: str, block: int, part: int) -> Iterator[Attribution]:
    if not _probe(base).search(text):
        return
    taken: list[tuple[int, int]] = []
    found: list[Attribution] = []
    for pattern in _patterns(base):
        for match in pattern.finditer(text):
            start, end = _trim(match, CUES[base])
            name = text[start:end]
            at = bisect.bisect(taken, (start, end))
            is_taken = at > 0 and start < taken[at - 1][1]
            is_taken = is_taken or (at < len(taken) and taken[at][0] < end)
            if not name or len(name) > _LONGEST or is_taken or _is_no_source(name, CUES[base]):
                continue
            taken.insert(at, (start, end))
            kind = _kind_of(name)
            cue = " ".join(match["cue"].split())
            found.append(Attribution(name, kind, cue, block, part, start, end))
    yield from sorted(found, key=lambda one: one.start)


@lru_cache(maxsize=16)
def _probe(base: str) -> re.Pattern[str]:
    # Most paragraphs attribute nothing: the words alone are found much sooner than the patterns.
    cues = CUES[base]
    lead = "[وف]?" if base == "ar" else ""
    return re.compile(rf"\b{lead}(?i:{cues.before}|{cues.told}|{cues.verbs})")


@lru_cache(maxsize=16)
def _patterns(base: str) -> tuple[re.Pattern[str], ...]:
    cues = CUES[base]
    if base == "ar":
        before = rf"(?<!\w)(?P<cue>{cues.before})\s?(?P<name>{_ARABIC_NAME})"
        verbs = rf"(?<!\w)(?P<cue>[وف]?(?:{cues.verbs})) (?P<name>{_ARABIC_NAME})"
        return (re.compile(before), re.compile(verbs))
    common = rf"(?i:{cues.common})"
    whose = rf"(?:\s{_OF}\s?(?:{_NAME}|{common}))?"
    name = rf"(?:(?i:{cues.articles})\s?)?(?P<name>{_NAME}|{common}{whose}(?:\s{_NAME})?)"
    return (
        re.compile(rf"(?<!\w)(?P<cue>(?i:{cues.before}))\s?{name}"),
        re.compile(rf"(?<!\w)(?P<cue>(?i:{cues.told}))\s{name}"),
        re.compile(rf"{name}(?:,[^,.;“”«»\"]{{2,60}},)?\s(?P<cue>(?i:{cues.verbs}))(?!\w)"),
        re.compile(rf"[,”»\"]\s?(?P<cue>(?i:{cues.verbs}))\s{name}"),
    )


def _trim(match: re.Match[str], cues: Cues) -> tuple[int, int]:
    """Give where the name stands, without words of its sentence's beginning and a genitive."""
    start, end = match.span("name")
    name = match["name"]
    first = re.match(rf"(?:(?:{cues.openers})\s+)+", name)
    if first and first.end() < len(name):
        start += first.end()
    tail = re.search(r"(?:['’]s?|[.&’'-]+)$", match.string[start:end])
    if tail and not re.search(r"\b(?:\w\.){2,}$|\b(?:Inc|Ltd|Corp|Jr|Sr)\.$", name):
        end -= len(tail.group())
    return start, end


def _is_no_source(name: str, cues: Cues) -> bool:
    return bool(re.fullmatch(rf"(?i:{cues.no_source})", name)) or name.isdigit()


def _kind_of(name: str) -> AttributionKind:
    for kind, pattern in _kinds():
        if pattern.search(name):
            return kind
    words = [word for word in name.split() if word[:1].isupper()]
    is_person = 2 <= len(words) <= 4 and not any(word.isupper() and len(word) > 2 for word in words)
    return AttributionKind.PERSON if is_person else AttributionKind.OTHER


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[AttributionKind, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)", 0 if is_cased else re.IGNORECASE))
        for kind, words, is_cased in KINDS
    )
