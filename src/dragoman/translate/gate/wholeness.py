"""Is the whole sentence there, once: its length, its tail, and the sentences in it."""

from __future__ import annotations

import re

from dragoman import languages
from dragoman.translate.gate.lengths import Lengths, learn_lengths, size_of
from dragoman.translate.words import word_set
from dragoman.types import Check, Verdict

Found = tuple[Check, ...]

_STOP = re.compile(r"(?<!\.)[.!?。！？؟۔]['\"’”»)\]]*(?=\s+\S)")
_ENDED = re.compile(r"[.!?…。！？؟۔;:][\s'\"’”»)\]]*$")
_ABBREVIATED = re.compile(r"(?:\b[^\W\d_]{1,3}|\d)\.$")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # characters stand for words there
_EMPHASIS = re.compile(r"\b((?:\w{1,20} ){0,2}\w{1,20}), \1\b(?!, \1)")
_TOKENS = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W_])+(?:['’\-](?:(?![{_CJK}])[^\W_])+)*")
# Where a word twice is grammar, or common emphasis.
_REDUPLICATING = word_set("vi th id ms tl jv zh ja ko sw hi bn ta te mr ur tr km lo my yo zu")
_TWICE = {"fr": word_set("nous vous"), "de": word_set("die der das sie"),
          "en": word_set("had that very"), "pt": word_set("muito se"),
          "es": word_set("se")}  # fmt: skip
_ARTICLES = word_set("a an the o os as um uma el la los las un una le les l une der die das")


def check_length(
    source: str, target: str, language: str, into: str, lengths: Lengths | None = None
) -> tuple[str, Found]:
    """Compare lengths and sentences: what is shorter lost something, what is longer invented."""
    if len(_WORD.findall(source)) == 1 and not _ENDED.search(source) and _has_grown(source, target):
        message = "one word became several"
        return target, (Check("length", Verdict.MARK, message),)
    ours, theirs = size_of(source), size_of(target)
    if ours < 15 or not theirs:
        return target, ()
    usual = lengths or learn_lengths(language, into)
    change, bound = usual.change(ours, theirs), usual.bound(ours)
    shown = f"{round(100 * theirs / ours)}% of it"
    if abs(change) > bound:
        verdict = Verdict.HOLD if abs(change) > max(1.2, 2.5 * bound) else Verdict.MARK
        how = "shorter" if change < 0 else "longer"
        message = f"the translation is much {how} than the original ({shown})"
        return target, (Check("length", verdict, message),)
    if abs(change) <= 0.35 * bound:
        return target, ()
    more = _count_sentences(target) - _count_sentences(source)
    if more * change > 0:
        how = "more" if more > 0 else "fewer"
        message = f"the translation has {how} sentences than the original ({shown})"
        return target, (Check("length", Verdict.MARK, message),)
    return target, ()


def check_tail(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Find a translation that breaks off: shorter, and without the original's full stop."""
    if not _ENDED.search(source) or _ENDED.search(target) or "..." in source[-5:]:
        return target, ()
    if languages.base(into) in ("th", "lo", "km", "my") or len(target) > 0.88 * len(source):
        return target, ()
    message = "the end of the sentence may be missing"
    return target, (Check("tail", Verdict.MARK, message),)


def check_repetition(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Find words and sentences said again, as the original does not."""
    theirs = _longest_loop(target)
    ours = _longest_loop(source) if theirs > 1 else 1
    if theirs > max(1, 2 * ours if ours > 1 else 1):
        verdict = Verdict.HOLD if theirs > 3 else Verdict.MARK
        message = f"the same words come {theirs} times in a row"
        return target, (Check("repetition", verdict, message),)
    doubled = _doubled_word(target, into) if not _doubled_word(source, language) else ""
    if doubled:
        message = f"“{doubled}” stands twice in a row"
        return target, (Check("repetition", Verdict.MARK, message),)
    return target, ()


def _has_grown(source: str, target: str) -> bool:
    words = _WORD.findall(target)
    if words and words[0].lower() in _ARTICLES:
        words = words[1:]
    return len(words) > max(1, len(re.findall(r"[\-'’]", source)) + 1)


def _count_sentences(text: str) -> int:
    """Count sentences roughly: stops after a word that is no abbreviation."""
    ends = [text[: match.start() + 1] for match in _STOP.finditer(text)]
    return 1 + sum(not _ABBREVIATED.search(before[-6:]) for before in ends)


def _longest_loop(text: str) -> int:
    """Say how often in a row the same words come; a whole sentence twice counts as well."""
    # "So happy, so happy" is emphasis; what comes a third time is none.
    words = _TOKENS.findall(_EMPHASIS.sub(r"\1", text.casefold()[:20_000]))[:400]
    if len(words) == len(set(words)):
        return 1
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    # A loop brings each of its words back after its own length.
    sizes = {
        later - at
        for found in places.values()
        for near in (1, 2)
        for at, later in zip(found, found[near:], strict=False)
    }
    longest = 1
    for size in sorted(sizes):
        run = 0
        for at in range(len(words) - size):
            run = run + 1 if words[at] == words[at + size] else 0
            times = run // size + 1
            # A single word twice is emphasis ("muito, muito"); figures repeat in scores.
            if times > max(longest, 2 if size == 1 else 1) and not words[at].isdigit():
                longest = times
    return longest


def _doubled_word(text: str, language: str) -> str:
    """Give a word that stands twice with nothing but a space between."""
    base = languages.base(language)
    if base in _REDUPLICATING:
        return ""
    allowed = _TWICE.get(base, frozenset())
    for match in re.finditer(r"\b([^\W\d_]{1,30}) (?=\1\b(?!['’\-]))", text, re.IGNORECASE):
        if match[1].lower() not in allowed and (
            match.start() == 0 or text[match.start() - 1] == " "
        ):
            return match[1]
    return ""
