"""Translate what is new in an article, from a pivot language where it was translated before.

Editions that share the first legs of their routes share that work: what the memory holds of
a sentence in the pivot language has passed the gate, and only the rest of the way is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dragoman.translate.reading.foreign import find_foreign
from dragoman.translate.repairs import Draft
from dragoman.translate.steps import Answer, Sentence, trace_sentences
from dragoman.translate.wording.memory import memory_key
from dragoman.translate.writing.kept import find_lost, find_names, list_words
from dragoman.types import Check, EngineSpec, Route, Verdict


def pivot_keys(text: str, route: Route) -> dict[int, str]:
    """Give the memory's keys of a segment after each leg but the last, the longest way first."""
    lengths = range(len(route.legs) - 1, 0, -1)
    return {length: memory_key(text, Route(route.legs[:length])) for length in lengths}


def translate_fresh(
    sentences: Mapping[str, Sentence],
    texts: Mapping[str, str],
    route: Route,
    specs: Sequence[EngineSpec],
    remembered: Mapping[str, str],
) -> dict[str, Answer]:
    """Translate sentences along a route, each from as far as the memory leads.

    ``texts`` are the segments that the sentences were written from.
    """
    begun = [_begin(one, texts[key], route, remembered) for key, one in sentences.items()]
    return dict(zip(sentences, trace_sentences(begun, route, specs), strict=True))


def note_left(drafts: Mapping[str, Draft], answers: Mapping[str, Answer]) -> dict[str, Draft]:
    """Mark the sentences in which words stand that no dictionary knew."""
    noted: dict[str, Draft] = {}
    for key, answer in answers.items():
        draft = drafts[key]
        lost = find_lost((word for word, _ in answer.left), draft.target)
        words = [f"{word} ({language})" for word, language in answer.left if word not in lost]
        if words:
            message = f"not translated: {list_words(words)}"
            check = Check("untranslated words", Verdict.MARK, message)
            noted[key] = replace(draft, checks=(*draft.checks, check))
    return noted


def _begin(sentence: Sentence, text: str, route: Route, remembered: Mapping[str, str]) -> Sentence:
    """Give the sentence to go on with: as it is, or as the memory has it in a pivot language.

    One with terms of the glossary goes the whole way, for the pivot knows nothing of them.
    """
    keys = {} if sentence.terms else pivot_keys(text, route)
    for begins, key in keys.items():
        if pivot := remembered.get(key):
            names = find_names(sentence.text)
            kept = names - find_lost(names, pivot)
            foreign = find_foreign(pivot, route.legs[begins - 1].into, ())
            return Sentence(pivot, foreign, sentence.is_typographic, begins, kept)
    return sentence
