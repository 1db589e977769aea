"""Evidence for where spans stand: the engine's own dictionary, and else what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.translate.engine import engine_for
from dragoman.translate.spans.lexicon import Lexical, Lexicon
from dragoman.translate.spans.markup import (
    Alignment,
    align_sentence,
    find_place,
    is_certain,
    place_spans,
)
from dragoman.translate.steps import Sentence, translate_sentences
from dragoman.types import EngineSpec, Route, Span

_LONGEST = 600  # characters


@dataclass(frozen=True, slots=True)
class Placing:
    """A sentence with spans, as it was given to the engine, and its translation."""

    source: str
    spans: tuple[Span, ...]
    target: str
    is_typographic: bool = False


Hints = dict[tuple[int, Span], list[str]]


def restore_spans(
    placings: Sequence[Placing],
    route: Route,
    specs: Sequence[EngineSpec],
    *,
    is_strict: bool = False,
) -> list[tuple[Span, ...]]:
    """Put the spans of all sentences back.

    Where the dictionary leaves a place uncertain, or there is none, the engine is asked for
    the span's words alone, all in one batch; then for the sentence once more with the span
    in brackets, which survive in 98 of 100 sentences and show the words as this sentence
    translates them. With ``is_strict`` a sentence with a span whose place is still uncertain
    gets none.
    """
    lexicon = _lexicon(route, specs)
    hints: Hints = {}
    aligned = [
        align_sentence(p.source, p.target, lexicon) if p.spans and p.target else None
        for p in placings
    ]
    for ask in (_ask_words, _ask_in_brackets):
        uncertain = _uncertain(placings, aligned)
        ask(placings, uncertain, hints, route, specs)
        for at in dict.fromkeys(at for at, _ in uncertain):
            known = {span: hints.get((at, span), ()) for span in placings[at].spans}
            aligned[at] = align_sentence(placings[at].source, placings[at].target, lexicon, known)
    shut_out = {at for at, _ in _uncertain(placings, aligned)} if is_strict else set[int]()
    return [
        () if one is None or at in shut_out else place_spans(one, placing.spans)
        for at, (placing, one) in enumerate(zip(placings, aligned, strict=True))
    ]


def _lexicon(route: Route, specs: Sequence[EngineSpec]) -> Lexicon | None:
    """Give the dictionary of a route of one leg; what several legs make of a word is unknown."""
    engine = engine_for(route.legs[0], specs)
    if len(route.legs) != 1 or not isinstance(engine, Lexical):
        return None
    return engine.lexicon(route.legs[0])


def _uncertain(
    placings: Sequence[Placing], aligned: Sequence[Alignment | None]
) -> list[tuple[int, Span]]:
    return [
        (at, span)
        for at, (placing, one) in enumerate(zip(placings, aligned, strict=True))
        for span in dict.fromkeys(placing.spans)
        if one is not None and span.start < span.end and not is_certain(find_place(one, span))
    ]


def _ask_words(
    placings: Sequence[Placing],
    uncertain: Sequence[tuple[int, Span]],
    hints: Hints,
    route: Route,
    specs: Sequence[EngineSpec],
) -> None:
    words = [
        Sentence(placings[at].source[span.start : span.end], (), placings[at].is_typographic)
        for at, span in uncertain
    ]
    for key, answer in zip(uncertain, translate_sentences(words, route, specs), strict=True):
        hints[key] = [answer]


def _ask_in_brackets(
    placings: Sequence[Placing],
    uncertain: Sequence[tuple[int, Span]],
    hints: Hints,
    route: Route,
    specs: Sequence[EngineSpec],
) -> None:
    # A long sentence with many links would cost the engine as many times its length.
    uncertain = [key for key in uncertain if len(placings[key[0]].source) <= _LONGEST]
    asked = [_bracketed(placings[at], span) for at, span in uncertain]
    for key, answer in zip(uncertain, translate_sentences(asked, route, specs), strict=True):
        inside = _inside_brackets(answer)
        if inside:
            hints[key].insert(0, inside)


def _bracketed(placing: Placing, span: Span) -> Sentence:
    source = placing.source
    inside = source[span.start : span.end].strip()
    start = source.find(inside, span.start)
    end = start + len(inside)
    text = f"{source[:start]}[{inside}]{source[end:]}"
    return Sentence(text, (), placing.is_typographic)


def _inside_brackets(text: str) -> str:
    start, end = text.find("["), text.rfind("]")
    return text[start + 1 : end].strip() if 0 <= start < end else ""
