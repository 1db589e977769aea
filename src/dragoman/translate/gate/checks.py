"""The checks of the gate: each says what it found in words that a reader understands.

A check takes the original and the translation and gives its findings; those that can
repair something for certain give the repaired translation too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman import languages
from dragoman.translate.reading.detection import detect_language
from dragoman.translate.reading.tongues import has_foreign_script, weigh_tongues
from dragoman.types import Check, Verdict

Found = tuple[Check, ...]

_WORDS = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]*[\w/]|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_GLOSS = re.compile(
    r"\s*[(\[](?:em|in|en|auf|in het|på) (?:inglês|português|English|Portuguese|inglés|español|"
    r"portugués|anglais|français|portugais|Englisch|espanhol|Spanish|French|francês)[)\]]",
    re.IGNORECASE,
)
_CLOSE = frozenset({"pt", "es", "gl", "ca", "it", "fr", "oc"})  # share many words to the letter


def check_glosses(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Take out what the model invents from the encyclopedia that it learnt from."""
    if "(" in source or "[" in source:
        return target, ()
    cleaned = _GLOSS.sub("", target)
    if cleaned == target:
        return target, ()
    return cleaned, (
        Check("gloss", Verdict.PUBLISH, "an invented note on the language was taken out"),
    )


def check_links(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Look for every address of the original."""
    lost = [address for address in _URL.findall(source) if address not in target]
    if not lost:
        return target, ()
    return target, (Check("links", Verdict.MARK, f"{_list(lost)} was changed or lost"),)


def check_language(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Find a translation that is still in the original's language, whole or in part."""
    copied, share = _copied_stretch(source, target)
    if share > 0.6 and len(copied.split()) >= 3:
        return target, (Check("language", Verdict.HOLD, "the text was left untranslated"),)
    is_close = {languages.base(language), languages.base(into)} <= _CLOSE
    is_name = share <= 0.5 and (_is_title(copied) or _is_set_apart(copied, source, target))
    if len(copied.split()) >= (7 if is_close else 4) and not is_name:
        message = f"left untranslated: “{copied[:80]}”"
        return target, (Check("untranslated", Verdict.MARK, message),)
    spoken, own = weigh_tongues(target, into)
    # Small words decide; the detector is asked where they say too little.
    found, score = detect_language(target) if not spoken and own < 3 else ("und", 0.0)
    if has_foreign_script(source, target, into):
        found, score = (
            (language, 1.0) if not has_foreign_script(source, source, language) else ("", 1)
        )
    elif not spoken and (found == "und" or languages.is_same(found, into) or score < 0.85):
        return target, ()
    name = languages.name_of(spoken or found, "en")
    if languages.is_same(spoken or found, language):
        message = f"the translation is still in {name}"
        return target, (Check("language", Verdict.HOLD, message),)
    if not spoken and ({found, languages.base(into)} <= _CLOSE or score < 0.95):
        return target, ()
    return target, (Check("language", Verdict.MARK, f"the translation seems to be in {name}"),)


def _is_set_apart(words: str, source: str, target: str) -> bool:
    """Whether one side, and not the other, has a stretch in quotation marks: a foreign term."""
    quoted = re.compile(rf"[“„«\"]{re.escape(words)}[”“»\"]")
    return bool(quoted.search(source)) != bool(quoted.search(target))


def _is_title(words: str) -> bool:
    """Whether a stretch is set as the title of a work or the name of a body."""
    small = [word for word in words.split() if word[0].islower()]
    capital = [word for word in words.split() if word[0].isupper()]
    return len(capital) >= len(small) > 0 and max(map(len, small)) <= 4


def _copied_stretch(source: str, target: str) -> tuple[str, float]:
    """Give the longest run of the original's own small words in the translation, and its share."""
    words, theirs = _WORDS.findall(source), _WORDS.findall(target)
    if len({word for word in theirs if word[0].islower()}.intersection(words)) < 2:
        return "", 0.0
    padded = f" {' '.join(theirs)} "
    best: Sequence[str] = ()
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and f" {' '.join(words[at : end + 1])} " in padded:
            end += 1
        run = words[at:end]
        small = [word for word in run if word[0].islower() and len(word) > 2]
        if len(small) >= 2 and len(run) > len(best):
            best = run
        at = max(end, at + 1)
    return " ".join(best), len(best) / max(1, len(words))


def _list(items: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(items))
