"""Names: what stands for a person or place in the original stands for the same afterwards.

A name is a capital word inside a sentence. It is sure to be one where the model's vocabulary
does not know it small, where it has no ending of a common noun, and where it is no part of
an institution (Judiciary Committee, Centro de Furacões), which translators translate. Each
is looked for on the other side: to the letter, nearly so (Macedonia, Macedônia), letter by
letter from another script, or by CLDR's names of countries, languages and cities. A name
that is there to the letter stands for itself alone: Simpson is no form of Sims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman import languages
from dragoman.translate.gate.places import (
    are_cognates,
    are_forms,
    date_words,
    foreign_forms,
    related_places,
)
from dragoman.translate.likeness import fold_word
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.words import word_set
from dragoman.translate.writing.shields import script_of
from dragoman.types import Check, Verdict

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s$|['’]$|^[ldLD]['’]")
_CONTRACTED = re.compile(r"['’](?:ve|ll|m|re|d)$")
_BEGINS = re.compile(r"(?:^|(?<!vs)[.!?:;…\n—–-][\"'”’»)\]]*\s*|[\"'“‘«„(\[])$")
_LINK = re.compile(r"([^\W\d_]+)(?: (?:de|do|da|dos|das|of|for|del|des|du|della)(?: the)?)? $")
_NO_CAPITALS = word_set("ar fa ur he yi zh ja ko th hi bn ta te ml gu kn mr ne my km lo ka am")
_CAPITAL_NOUNS = word_set("de lb")
# The noun that says what an institution is stands last: Hurricane Center.
_HEAD_LAST = word_set("en de nl sv da nb fi et hu")
_COMMON_ENDING = re.compile(
    r".{2,}(?:[çs]ão|ções|dade|dades|mente|ões|ância|ência|mos|nte|ntes|ista|istas|eiro|eiros|ário"
    r"|agem|agens|[dt]or(?:a|as|es)?|ics|ists?|ária|ória|ismo|ais|eis|tion|tions|ment|ness|ship|ology|ence|ance|ians?|ism"
    r"|ción|ciones|miento|aire|eur|eurs|ique|iques|zione|mento|ung|heit|keit|isch\w*|ский|ская"
    r"|ские|ского|ской|ских)$"
)
_QUOTED = re.compile('[“„«"]([^“”„«»"]+)[”“»"]')
_RUN = re.compile(
    r"[A-ZÀ-Þ][^\W\d_]+"
    r"(?:(?: (?:de|do|da|dos|das|of|the|del|des|du|e|and))? [A-ZÀ-Þ][^\W\d_]+){1,5}"
)
_SHORTEST = 4
_NEAR = 40  # characters before a word that say whether it begins a sentence
_MUCH_LIKELIER = 4.0  # of log probability
_ABBREVIATED = re.compile(r"\.(?= [^\W\d_])")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a text, folded to small Latin letters; sure, if it can be no common word."""

    word: str
    folded: str
    is_sure: bool
    beside: tuple[str, ...]  # the capital words next to it, folded


def check_names(
    source: str, target: str, language: str, into: str, vocabulary: Vocabulary
) -> tuple[str, tuple[Check, ...]]:
    """Find a name that nobody wrote, or that another took the place of."""
    bases = {languages.base(language), languages.base(into)}
    if bases & _NO_CAPITALS or not _are_comparable(source, target):
        return target, ()
    ours, theirs = _find(source, language, vocabulary), _find(target, into, vocabulary)
    short = _spelt_out(source, target), _spelt_out(target, source)
    lost = [one for one in _missing(ours, target, language, into) if one.folded not in short[0]]
    added = [one for one in _missing(theirs, source, into, language) if one.folded not in short[1]]
    sure_lost, sure_added = (any(name.is_sure for name in names) for names in (lost, added))
    # Without a vocabulary what is capital may be any noun: both sides must miss one.
    if not vocabulary.words:
        is_found = sure_lost and sure_added
    elif lost and added:
        is_found = sure_lost or sure_added
    else:
        # Translators leave names out, and say "he" for one; they do not make one up.
        is_found = _stands_alone(added, source, into, language)
    if not is_found:
        return target, ()
    if lost and added:
        message = f"the original names {_list(lost)}, the translation {_list(added)}"
    else:
        message = f"{_list(added)} stands only in the translation"
    return target, (Check("names", Verdict.MARK, message),)


def _spelt_out(text: str, other: str) -> frozenset[str]:
    """Give the folded words of names that the other text has by their initials: PNG, JE."""
    initials = set(re.findall(r"(?<!\w)[A-Z]{2,5}(?!\w)", other))
    found: set[str] = set()
    for run in _RUN.findall(text) if initials else ():
        words = [word for word in _WORD.findall(run) if word[0].isupper()]
        if "".join(word[0] for word in words) in initials:
            found.update(fold_word(word) for word in words)
    return frozenset(found)


def _stands_alone(names: Sequence[_Name], other: str, language: str, into: str) -> bool:
    """Whether a sure name is new, and not only the title or first name of one that is there.

    Nor is the country new where the original says "the country".
    """
    words = {fold_word(word) for word in _WORD.findall(other)} if names else set()
    bases = languages.base(language), languages.base(into)
    return any(
        name.is_sure
        and not words.intersection(name.beside)
        and not foreign_forms(name.folded, *bases)
        and not related_places(name.folded)
        for name in names
    )


def _are_comparable(*texts: str) -> bool:
    """Whether capitals mean names in all texts; in Title Case they tell nothing."""
    for text in texts:
        words = _WORD.findall(text)
        capital = sum(word[0].isupper() for word in words)
        if len(words) > 3 and capital * 4 > 3 * len(words):
            return False
    return True


def _find(text: str, language: str, vocabulary: Vocabulary) -> tuple[_Name, ...]:
    """Give the names of a text that do not begin a sentence."""
    base = languages.base(language)
    if base in _CAPITAL_NOUNS:
        return ()
    matches = list(_WORD.finditer(text))
    titles = [match.span() for match in _QUOTED.finditer(text) if _is_title(match[1])]
    found: dict[str, _Name] = {}
    for at, match in enumerate(matches):
        word = match.group()
        if word.islower() or word.isupper() or _CONTRACTED.search(word):
            continue
        word = _POSSESSIVE.sub("", word)
        if not word[:1].isupper() or word.isupper() or len(word) < _SHORTEST:
            continue
        if word.lower() in date_words(base) or _begins(text, match.start()):
            continue
        if len(word) <= 5 and _ABBREVIATED.match(text, match.end()):
            continue  # Insp. Smith
        is_in_title = any(start < match.start() < end for start, end in titles)
        is_sure = (
            not is_in_title
            and not _is_common(word, vocabulary)
            and not _is_in_institution(text, matches, at, base, vocabulary)
            and not _is_set_after_the(text, matches, at, base)
        )
        folded = fold_word(word)
        if folded not in found or is_sure:
            found[folded] = _Name(word, folded, is_sure, tuple(_beside(matches, at)))
    return tuple(found.values())


def _begins(text: str, at: int) -> bool:
    """Whether a sentence or a quotation begins here."""
    return bool(_BEGINS.search(text, max(0, at - _NEAR), at))


def _is_title(words: str) -> bool:
    """Whether a quoted stretch is the title of a work, which is translated: Snow White."""
    longer = [word for word in _WORD.findall(words) if len(word) > 3]
    return len(longer) > 1 and all(word[0].isupper() for word in longer) and words[-1].isalpha()


def _beside(matches: Sequence[re.Match[str]], at: int) -> Iterator[str]:
    for one, other in ((at - 1, at), (at, at + 1)):
        if one < 0 or other >= len(matches) or matches[other].start() - matches[one].end() > 1:
            continue
        near = matches[one if other == at else other].group()
        if near[0].isupper():
            yield fold_word(_POSSESSIVE.sub("", near))


def _is_common(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word is one that the vocabulary knows small, or looks like a common noun."""
    small = word.lower()
    if _COMMON_ENDING.fullmatch(small):
        return True
    if not _is_known_small(word, vocabulary):
        return False
    capital = vocabulary.words.get(word)
    return (
        small not in vocabulary.words
        or capital is None
        or capital <= vocabulary.words[small] + _MUCH_LIKELIER
    )


def _is_known_small(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the vocabulary has a word small; an inflection counts: "Conservadores"."""
    small = word.lower()
    stem = small[:-1] if small[-1] in "sa" else small
    return any(form in vocabulary.words for form in (small, *(stem + e for e in ("", *"oae"))))


def _is_in_institution(
    text: str, matches: Sequence[re.Match[str]], at: int, base: str, vocabulary: Vocabulary
) -> bool:
    """Whether the noun that says what it is stands by a capital word: a Committee, a Centro."""
    if base in _HEAD_LAST:
        near = matches[at + 1].group() if at + 1 < len(matches) else ""
        is_joined = bool(near) and matches[at + 1].start() - matches[at].end() == 1
        return is_joined and near[0].isupper() and _is_noun(near, vocabulary)
    before = _LINK.search(text, max(0, matches[at].start() - 40), matches[at].start())
    if before is None:
        return False
    return before[1][0].isupper() and _is_noun(before[1], vocabulary)


def _is_set_after_the(text: str, matches: Sequence[re.Match[str]], at: int, base: str) -> bool:
    """Whether “the” stands before a single capital word: the Treasury, the Rockies, the 25th.

    People and places have no article in English; what has one is a body or a group, whose
    name is translated.
    """
    if base != "en" or at == 0:
        return False
    before, word = matches[at - 1], matches[at]
    after = matches[at + 1].group() if at + 1 < len(matches) else ""
    is_alone = not (after[:1].isupper() and text[word.end() : matches[at + 1].start()] == " ")
    return before.group().lower() == "the" and text[before.end() : word.start()] == " " and is_alone


def _is_noun(word: str, vocabulary: Vocabulary) -> bool:
    # Without a vocabulary any capital neighbour may be one.
    return not vocabulary.words or _is_common(word, vocabulary) or _is_known_small(word, vocabulary)


def _missing(names: Sequence[_Name], other: str, language: str, into: str) -> Iterator[_Name]:
    """Give the names that the other text has in no form."""
    found = _WORD.findall(other)
    words = [fold_word(word) for word in found]
    parts = [fold_word(part) for word in found if "-" in word for part in word.split("-")]
    present = {*words, *parts}
    own = {name.folded for name in names}
    free = [w for w, f in zip(words, found, strict=True) if f[0].isupper() and w not in own]
    small = [w for w, f in zip(words, found, strict=True) if not f[0].isupper()]
    letter = next((char for char in other if char.isalpha()), "a")
    is_respelt = bool(names) and script_of(letter) != script_of(names[0].word[0])
    for name in names:
        folded = name.folded
        if folded in present or not folded:
            continue
        if any(_share_stem(folded, word) for word in present):
            continue
        if any(are_forms(folded, word, is_respelt) for word in (*free, *parts)):
            continue
        if not is_respelt and any(
            word[:1] == folded[0] and are_cognates(folded, word) for word in small
        ):
            continue
        related = related_places(folded)
        if related and any(word in related or word[:5] in related for word in words):
            continue
        forms = foreign_forms(folded, languages.base(language), languages.base(into))
        if not any(are_forms(form, word) for form in forms for word in words):
            yield name


def _share_stem(name: str, word: str) -> bool:
    """Whether a small word is made of a name, or the name holds it: American, americano."""
    shorter = min(len(name), len(word))
    if shorter < 4:
        return False
    shared = max(4, round(0.6 * shorter))
    return name[:shared] == word[:shared] or (shorter >= 5 and (name in word or word in name))


def _list(names: Sequence[_Name]) -> str:
    return ", ".join(name.word for name in names)
