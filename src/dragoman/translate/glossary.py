"""Have a sentence say what the glossary says, and judge it by that.

Measured by ``python -m quality.terms`` on 100 sentences with a term each, English and
Portuguese in both directions: the engine writes the wanted words by itself in 30, and copies
them in 82 where they stand in the source in place of the term, in 89 where they do so in
quotation marks, in 93 with capitals; one of these does it in 98. What it copies it also
agrees with (``A creche ficará fechada``), which words behind a placeholder or swapped
afterwards do not get (``O creche permanecerá fechado``). So no ending, article or place has
to be guessed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from dragoman import languages
from dragoman.translate.steps import Sentence
from dragoman.translate.wording.terms import Found, Terms, has_plurals
from dragoman.translate.writing.shields import has_words
from dragoman.types import Check, Term, Verdict

Checked = tuple[str, tuple[Check, ...]]

WAYS = range(4)
_AS_WRITTEN, _QUOTED, _CAPITALS, _SHIELDED = WAYS
_STAND_INS = tuple(f"ZQ{letter}Q" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_QUOTE_MARKS = "\"'“”‘’„«»"
# Languages with a regular plural in -s, and the last letters after which it is one.
_REGULAR = {"en": "abcdefgiklmnpqrtuvw", "pt": "aeiou", "es": "aeo", "fr": "bcdefgimnopqrt"}


def find_lacking(terms: Sequence[Found], target: str, into: str) -> tuple[Found, ...]:
    """Give the terms of a sentence that its translation does not render as the glossary does."""
    wanted: dict[tuple[str, bool], list[Found]] = {}
    for one in terms:
        wanted.setdefault((_rendering(one), one.is_plural), []).append(one)
    lacking: list[Found] = []
    for found in wanted.values():
        there = len(_find_rendering(found[0], target, into))
        lacking += found[there:]
    return tuple(lacking)


def write_terms(sentence: Sentence, into: str, way: int) -> Sentence | None:
    """Write the glossary's words in place of the terms, for the engine to copy.

    The ways, best first: as the glossary has them, with a capital, in quotation marks; at last
    behind placeholders, for what is never translated alone. None where a way is not open.
    """
    edits: list[tuple[int, int, str]] = []
    for one in sentence.terms:
        words = _words_for(one, sentence.text, into, way)
        if not words:
            return None
        edits.append((one.start, one.end, words))

    def moved(at: int) -> int:
        return at + sum(len(words) - (end - start) for start, end, words in edits if end <= at)

    keep = [(moved(start), moved(end)) for start, end in sentence.keep]
    if way == _SHIELDED:
        keep += [(moved(start), moved(start) + len(words)) for start, _, words in edits]
    text = sentence.text
    for start, end, words in reversed(edits):
        text = text[:start] + words + text[end:]
    return replace(sentence, text=text, keep=tuple(keep), terms=())


def is_all_terms(sentence: Sentence) -> bool:
    """Whether nothing stands in a sentence but terms, so that no engine needs to be asked."""
    text = sentence.text
    for one in reversed(sentence.terms):
        text = text[: one.start] + text[one.end :]
    return bool(sentence.terms) and not has_words(text)


def settle_terms(terms: Sequence[Found], target: str, into: str, way: int) -> str:
    """Take off what made the engine copy: quotation marks, and capitals inside the sentence."""
    for one in {_rendering(one): one for one in terms}.values():
        for found in reversed(_find_rendering(one, target, into)):
            start, end = found.start, found.end
            words = target[start:end]
            if not found.is_inflected:
                words = _rendering(one)
            elif _rendering(one)[:1].islower():
                words = words[:1].lower() + words[1:]
            if way == _QUOTED and _is_quoted(target, start, end):
                start, end = start - 1, end + 1
            if not has_words(target[:start]):
                words = _with_capital(words)
            target = target[:start] + words + target[end:]
    return target


def judge_terms(
    terms: Sequence[Found],
    source: str,
    target: str,
    into: str,
    judge: Callable[[str, str], Checked],
) -> Checked:
    """Judge a translation; what the glossary says is not questioned, and what it lacks is marked.

    A term and its rendering are the same word to ``judge``, whatever they say.
    """
    lacking = find_lacking(terms, target, into)
    present = [one for one in terms if one not in lacking]
    checked = _judge_hidden(present, source, target, into, judge) if present else None
    target, checks = checked or judge(source, target)
    words = dict.fromkeys(f"“{one.term.term}” ({_rendering(one)})" for one in lacking)
    if words and target:
        message = f"the glossary's term is missing: {', '.join(words)}"
        checks = (*checks, Check("glossary", Verdict.MARK, message))
    return target, checks


def _judge_hidden(
    terms: Sequence[Found],
    source: str,
    target: str,
    into: str,
    judge: Callable[[str, str], Checked],
) -> Checked | None:
    """Judge with one stand-in for a term and its rendering; None where that cannot be done."""
    names = iter(name for name in _STAND_INS if name not in source and name not in target)
    hidden: dict[str, tuple[str, list[str]]] = {}  # rendering → stand-in, what it hides
    ours, theirs = source, target
    for one in terms:
        if _rendering(one) not in hidden:
            name = next(names, "")
            found = _find_rendering(one, theirs, into)
            if not name or not found:
                return None
            hidden[_rendering(one)] = name, [theirs[f.start : f.end] for f in found]
            for f in reversed(found):
                theirs = theirs[: f.start] + name + theirs[f.end :]
    for one in reversed(terms):
        ours = ours[: one.start] + hidden[_rendering(one)][0] + ours[one.end :]
    before = Counter({name: theirs.count(name) for name, _ in hidden.values()})
    theirs, checks = judge(ours, theirs)
    if any(theirs.count(name) != count for name, count in before.items()):
        return None
    for name, surfaces in hidden.values():
        for surface in surfaces:
            theirs = theirs.replace(name, surface, 1)
        checks = tuple(
            replace(one, message=one.message.replace(name, surfaces[0])) for one in checks
        )
    return theirs, checks


def _rendering(one: Found) -> str:
    return one.term.translation or one.term.term


def _find_rendering(one: Found, target: str, into: str) -> tuple[Found, ...]:
    """Find the glossary's words for a term: a plural where the term surely is one."""
    found = _looker(_rendering(one), into, not one.term.translation).find(target)
    if one.is_plural and one.term.translation and has_plurals(into):
        return tuple(each for each in found if each.is_plural)
    return found


@lru_cache(maxsize=2048)
def _looker(words: str, into: str, is_cased: bool) -> Terms:
    return Terms([Term(into, "", words, is_cased=is_cased)], is_strict=True)


def _words_for(one: Found, text: str, into: str, way: int) -> str:
    """Give what to write for a term; empty where this way is not open to it."""
    if not one.term.translation:
        words = text[one.start : one.end]
        return (
            f'"{words}"' if way == _QUOTED and not _is_quoted(text, one.start, one.end) else words
        )
    words = one.term.translation
    if one.is_plural and has_plurals(into):
        words = _plural(words, into)
    if not words or way == _SHIELDED:
        return ""
    if way == _QUOTED:
        return "" if _is_quoted(text, one.start, one.end) else f'"{words}"'
    is_first = not has_words(text[: one.start])
    if way == _CAPITALS:
        return " ".join(map(_with_capital, words.split(" ")))
    return _with_capital(words) if is_first else words


def _plural(words: str, into: str) -> str:
    """Give a plural that is regular beyond doubt, else an empty string."""
    language = languages.base(into)
    last = words.rpartition(" ")[2]
    is_open = last == words or language == "en"  # elsewhere a phrase takes it in several words
    if not is_open or not last.isalpha() or len(last) < 3:
        return ""
    return f"{words}s" if last[-1] in _REGULAR.get(language, "") else ""


def _is_quoted(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return bool(before and after) and before in _QUOTE_MARKS and after in _QUOTE_MARKS


def _with_capital(words: str) -> str:
    return words[:1].upper() + words[1:]
