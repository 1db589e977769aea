"""How words are written inside sentences: what is a name, what an acronym, what neither.

An article's body says it of its own headline; what other articles of the language wrote
says it of a headline that stands alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dragoman.translate.words import word_set
from dragoman.translate.writing.characters import is_typographic
from dragoman.types import Article

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINKS = word_set("of the de da do das dos del la el du des")
_ENDS = re.compile(r"[.!?…]['\"”’)]?\s+$")
_LONGEST = 40  # letters of a form that is kept
_NEAR = 60  # characters before a word that say whether it begins a sentence


@dataclass(frozen=True, slots=True)
class Names:
    """How the words of an article are written inside its sentences, and how it is set."""

    forms: Mapping[str, Counter[str]] = field(default_factory=dict)
    phrases: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)  # as other articles write them
    is_typographic: bool = False

    def usual_form(self, word: str) -> str:
        """Give how a word is mostly written; empty where the body does not have it."""
        forms = self.forms.get(word.lower())
        return forms.most_common(1)[0][0] if forms else ""


def learn_names(article: Article, known: Iterable[tuple[str, str]] = ()) -> Names:
    """Learn from an article's body, summary and byline which words are names and acronyms.

    ``known`` are words, small, with the form that other articles of the language give them.
    """
    forms: dict[str, Counter[str]] = {}
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    for block in article.blocks:
        for part in block.parts:
            _learn_text(part.text, forms, phrases)
    _learn_text(article.description, forms, phrases)
    for name in (*article.authors, *article.agencies):
        if not name.isupper():
            _add_phrase(WORD.findall(name), phrases)
    typographic = is_typographic(f"{article.title}\n{article.text}")
    return Names(forms, phrases, dict(known), typographic)


def learn_forms(article: Article) -> dict[str, str]:
    """Give the words that an article writes with capitals inside its sentences, and never small.

    They are what a capital headline elsewhere is read by; the keys are small.
    """
    found = {}
    for word, counts in learn_names(article).forms.items():
        form = counts.most_common(1)[0][0]
        if form != word and not counts[word] and 1 < len(word) == len(form) <= _LONGEST:
            found[word] = form
    return found


def capital_words(article: Article) -> frozenset[str]:
    """Give the words, small, of an article's texts that stand in capitals or in Title Case."""
    texts = [article.title, *(part.text for block in article.blocks for part in block.parts)]
    return frozenset(
        word.lower()
        for text in texts
        if _is_set_large(text)
        for word in WORD.findall(text)
        if len(word) <= _LONGEST
    )


def is_capitals(text: str) -> bool:
    """Whether nearly all cased letters of a text are capitals."""
    upper = sum(char.isupper() for char in text)
    lower = sum(char.islower() for char in text)
    return upper > 3 and upper >= 0.85 * (upper + lower)


def begins_sentence(text: str, at: int) -> bool:
    """Whether a word that starts here is the first of its sentence."""
    near = text[max(0, at - _NEAR) : at]
    before = near.rstrip("\"'“‘«([ ¡¿—–-")
    return not before or bool(_ENDS.search(near.rstrip("\"'“‘«([¡¿"))) or before.endswith("\n")


def _is_set_large(text: str) -> bool:
    """Whether capitals are the typesetting's: most of the longer words have them, if any."""
    longer: list[str] = [word for word in WORD.findall(text) if len(word) > 3]
    return sum(word[0].isupper() for word in longer) >= 0.75 * len(longer)


def _learn_text(
    text: str,
    forms: dict[str, Counter[str]],
    phrases: dict[tuple[str, ...], tuple[str, ...]],
) -> None:
    if _is_set_large(text):  # teaches nothing
        return
    words = list(WORD.finditer(text))
    run: list[str] = []
    for match in words:
        word = re.sub(r"['’]s$", "", match.group())
        is_first = begins_sentence(text, match.start())
        if not is_first:
            forms.setdefault(word.lower(), Counter())[word] += 1
        is_joined = not run or not text[: match.start()].rstrip(" ").endswith(tuple(",.;:!?()"))
        if (word[0].isupper() and is_joined and not (is_first and not run and len(word) < 4)) or (
            word in _LINKS and run and is_joined
        ):
            run.append(word)
        else:
            _add_phrase(run, phrases)
            run = [word] if word[0].isupper() and not is_first else []
    _add_phrase(run, phrases)


def _add_phrase(run: list[str], phrases: dict[tuple[str, ...], tuple[str, ...]]) -> None:
    while run and run[-1] in _LINKS:
        run = run[:-1]
    if 2 <= len(run) <= 6:
        phrases.setdefault(tuple(word.lower() for word in run), tuple(run))
