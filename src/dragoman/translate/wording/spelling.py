"""One spelling per name, in an article and in an edition.

Engines translate sentence by sentence, so Shoigu may come out as ``Choïgou`` in one and
``Shoigu`` in the next. What native reports write wins, then what the original writes, then
what the engine wrote most. Only what is surely the same name is touched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dragoman import languages
from dragoman.errors import UnknownLanguage
from dragoman.translate.likeness import is_one_name
from dragoman.translate.reading.wordforms import WORD, begins_sentence, learn_names
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.wording.scripts import cases_of, count_arabic, forms_of, is_alike, is_arabic
from dragoman.types import Article

_SHORTEST = 4  # letters; shorter ones are alike by chance
_GENITIVE = re.compile(r"['’]s?$")
_KEPT = 64  # articles whose words are kept while each is compared with each
_FEWEST = 2  # times that a report must write a name before it teaches its spelling


@dataclass(frozen=True, slots=True)
class Rendering:
    """A sentence and its translation."""

    source: str
    target: str


def unify_names(
    renderings: Sequence[Rendering],
    into: str,
    vocabulary: Vocabulary,
    spellings: Mapping[str, str],
    language: str,
) -> list[dict[str, str]]:
    """Say for each sentence which names of its translation are to be written otherwise.

    ``spellings`` maps names of the original to how native reports write them.
    """
    named = [_names(one.target, vocabulary) for one in renderings]
    counts = Counter(name for names in named for name in names)
    given = {word for one in renderings for word in WORD.findall(one.source)}
    preferred = _prefer(counts, given, frozenset(place_names(languages.base(into)).values()))
    places = _known_places(renderings, counts, (language, into), vocabulary)
    changes = []
    for one, names in zip(renderings, named, strict=True):
        change = {name: preferred[name] for name in names if name in preferred}
        words = set(WORD.findall(one.source))
        change |= {name: places[name] for name in names & words if name in places}
        change |= _respell_known(one, names, spellings)
        changes.append({name: form for name, form in change.items() if name != form})
    return changes


def _respell_known(one: Rendering, names: set[str], spellings: Mapping[str, str]) -> dict[str, str]:
    """Say which names of a translation native reports write otherwise, whatever their script."""
    change: dict[str, str] = {}
    given = (form for word in WORD.findall(one.source) for form in forms_of(word))
    for word in dict.fromkeys(given):
        spelling = spellings.get(word)
        if not spelling:
            continue
        if is_arabic(spelling):  # no capitals say what is a name in the translation
            forms = [(w, form) for w in WORD.findall(one.target) for form in forms_of(w)]
            alike = [(w, form) for w, form in forms if is_arabic(form) and is_alike(word, form)]
            change |= {w: w.replace(form, spelling) for w, form in alike if form != spelling}
        else:
            change |= {
                name: spelling
                for name in names
                if is_alike(name, word) or is_one_name(name, spelling)
            }
    return change


def write_names(text: str, change: Mapping[str, str]) -> str:
    """Write names otherwise, whole words only."""
    if not change:
        return text
    names = "|".join(re.escape(name) for name in sorted(change, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda match: change[match.group()], text)


def learn_spellings(native: Article, foreign: Article) -> dict[str, str]:
    """Learn from two reports of one story how a native one writes the other's names.

    A name that both write alike teaches nothing; neither does one that could be two people.
    """
    theirs, ours = _repeated_names(foreign), _repeated_names(native)
    all_of_theirs, all_of_ours = _words_of(foreign), _words_of(native)
    learnt: dict[str, str] = {}
    for name in theirs - all_of_ours:
        alike = [form for form in ours - all_of_theirs if is_alike(name, form)]
        rivals = [other for other in theirs if other != name and is_alike(name, other)]
        if len(alike) == 1 and not rivals:
            learnt[name] = alike[0]
            for case in cases_of(name, all_of_theirs):
                if not any(is_alike(case, form) for form in ours):
                    learnt[case] = alike[0]
    taken = Counter(form for name, form in learnt.items() if name in theirs)
    return {name: form for name, form in learnt.items() if taken[form] == 1}


def names_of(article: Article) -> frozenset[str]:
    """Give the words of an article that may be names, of four letters and more.

    They are the capital ones; in Arabic letters, which have none, they are all.
    """
    words = WORD.findall(f"{article.title}\n{article.text}")
    return frozenset(
        form
        for word in words
        if len(word) >= _SHORTEST and (word[0].isupper() or is_arabic(word))
        for form in forms_of(word)
    )


@lru_cache(maxsize=_KEPT)
def _words_of(article: Article) -> frozenset[str]:
    return frozenset(form for word in WORD.findall(article.text) for form in forms_of(word))


@lru_cache(maxsize=_KEPT)
def _repeated_names(article: Article) -> frozenset[str]:
    """Give the names that an article writes more than once inside its sentences."""
    found = set()
    for word, counts in learn_names(article).forms.items():
        form, times = counts.most_common(1)[0]
        is_name = form[0].isupper() and not form.isupper() and not counts[word]
        if is_name and len(form) >= _SHORTEST and times >= _FEWEST:
            found.add(form)
    arabic = count_arabic(WORD.findall(article.text))
    found.update(w for w, times in arabic.items() if len(w) >= _SHORTEST and times >= _FEWEST)
    return frozenset(found)


def _names(text: str, vocabulary: Vocabulary) -> set[str]:
    """Give the names in a translation: capital words that are no words of the language."""
    found = set()
    for match in WORD.finditer(text):
        word = _GENITIVE.sub("", match.group())
        if len(word) < _SHORTEST or not word[0].isupper() or word.isupper():
            continue
        is_word = word.lower() in vocabulary.words
        is_first = begins_sentence(text, match.start()) and not vocabulary.words
        if not is_word and not is_first:
            found.add(word)
    return found


def _prefer(counts: Counter[str], given: set[str], places: frozenset[str]) -> dict[str, str]:
    """Give for each spelling of a name the one to keep, where there are several."""
    preferred: dict[str, str] = {}
    for group in _groups(sorted(counts, key=lambda name: (-counts[name], name))):
        original = [name for name in group if name in given]
        # Two spellings that the original has itself are two names, or its own business.
        if len(group) > 1 and len(original) < 2:
            known = [name for name in group if name in places]  # Colômbia, and not Colombia
            kept = (known or original or group)[0]
            preferred |= {name: kept for name in group if name != kept}
    return preferred


def _groups(names: Sequence[str]) -> Iterator[list[str]]:
    """Give the names that are surely one, the most frequent first."""
    left = list(names)
    while left:
        first = left.pop(0)
        group = [first, *(name for name in left if is_one_name(first, name))]
        left = [name for name in left if name not in group]
        yield group


def _known_places(
    renderings: Sequence[Rendering],
    counts: Counter[str],
    pair: tuple[str, str],
    vocabulary: Vocabulary,
) -> dict[str, str]:
    """Give countries and cities that were left as they were in one sentence, and not in another."""
    language, into = map(languages.base, pair)
    if language == into:
        return {}
    there = place_names(into)
    text = "\n".join(one.source for one in renderings)
    found = {}
    for key, name in place_names(language).items():
        form = there.get(key, "")
        is_plain = form and WORD.fullmatch(name) and WORD.fullmatch(form) and form != name
        # A word beside another capital one may be a person's: Michael Jordan.
        if (
            is_plain
            and counts[name]
            and counts[form]
            and not _has_neighbour(name, text, vocabulary)
        ):
            found[name] = form
    return found


def _has_neighbour(name: str, text: str, vocabulary: Vocabulary) -> bool:
    """Whether a name stands beside another, and not only beside a sentence's first word."""
    if re.search(rf"(?<!\w){re.escape(name)} [A-ZÀ-Ý]", text):
        return True
    before = re.finditer(rf"([A-ZÀ-Ý][\w’'-]*) (?={re.escape(name)}(?!\w))", text)
    return any(
        not (begins_sentence(text, match.start()) and _is_word(match[1], vocabulary))
        for match in before
    )


def _is_word(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a capital word is one of the language: In, From."""
    return text.lower() in vocabulary.words or len(text) < _SHORTEST


@lru_cache(maxsize=32)
def place_names(code: str) -> dict[str, str]:
    """Give the names of countries and cities in a language, by CLDR's keys."""
    from babel import Locale

    try:
        locale = Locale.parse(languages.normalise(code), sep="-")
    except (UnknownLanguage, ValueError):
        return {}
    cities = {
        zone: data.get("city") or zone.rpartition("/")[2].replace("_", " ")
        for zone, data in locale.time_zones.items()
    }
    return {**{key: str(name) for key, name in locale.territories.items()}, **cities}
