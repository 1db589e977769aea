"""The second try: what the gate found is mended, or translated once more another way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dragoman.translate.engine import engine_for
from dragoman.translate.gate import check_segment, learn_lengths, worst
from dragoman.translate.glossary import (
    WAYS,
    find_lacking,
    is_all_terms,
    judge_terms,
    settle_terms,
    write_terms,
)
from dragoman.translate.spans.hints import Placing, restore_spans
from dragoman.translate.spans.quotations import find_quoted, has_lost_quotes, put_quotes
from dragoman.translate.steps import Sentence, translate_sentences
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.wording.spelling import Rendering, unify_names, write_names
from dragoman.translate.writing.characters import set_quotes
from dragoman.types import Check, EngineSpec, Route, Verdict

# Where a sentence can be cut so that each part is one still, best first.
_CUTS = (re.compile(r"(?<=[;:])\s+"), re.compile(r"\s+(?=[–—]\s)"), re.compile(r"(?<=,)\s+"))
_RANK = {Verdict.PUBLISH: 0, Verdict.MARK: 1, Verdict.HOLD: 2}


@dataclass(frozen=True, slots=True)
class Draft:
    """A translated sentence on its way through the gate."""

    sentence: Sentence
    target: str
    checks: tuple[Check, ...] = ()

    @property
    def badness(self) -> tuple[int, int]:
        """How bad the findings are: the gravest, then how many."""
        found = [check for check in self.checks if check.verdict is not Verdict.PUBLISH]
        return _RANK[worst(self.checks)], len(found)


Judge = Callable[[Sentence, str], Draft]


def judge_drafts(
    sentences: Mapping[str, Sentence],
    targets: Mapping[str, str],
    language: str,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
    *,
    is_settled: bool = False,
) -> dict[str, Draft]:
    """Pass translations through the gate; what it stops gets a second try first.

    What ``is_settled``, people's own translations, is judged alone.
    """
    vocabulary = vocabulary_of(route, specs)
    pairs = ((sentences[key].text, target) for key, target in targets.items())
    lengths = learn_lengths(language, into, pairs)

    def check(source: str, target: str) -> tuple[str, tuple[Check, ...]]:
        return check_segment(source, target, language, into, vocabulary, lengths)

    def judge(sentence: Sentence, target: str) -> Draft:
        return Draft(sentence, *judge_terms(sentence.terms, sentence.text, target, into, check))

    drafts = {key: judge(sentences[key], target) for key, target in targets.items()}
    if is_settled:
        return {key: replace(draft, target=targets[key]) for key, draft in drafts.items()}
    for way in WAYS:
        drafts |= _use_terms(drafts, judge, into, route, specs, way)
    drafts |= _mend_quotes(drafts, judge, into, route, specs)
    return drafts | _try_in_parts(drafts, judge, route, specs)


def _use_terms(
    drafts: Mapping[str, Draft],
    judge: Judge,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
    way: int,
) -> dict[str, Draft]:
    """Have the engine copy the glossary's words, where they are missing, one way."""
    asked: dict[str, Sentence] = {}
    for key, draft in drafts.items():
        if draft.target and find_lacking(draft.sentence.terms, draft.target, into):
            written = write_terms(draft.sentence, into, way)
            if written:
                asked[key] = written
    sent = [one for key, one in asked.items() if not is_all_terms(drafts[key].sentence)]
    answers = iter(translate_sentences(sent, route, specs))
    better: dict[str, Draft] = {}
    for key, written in asked.items():
        before = drafts[key]
        terms = before.sentence.terms
        answer = written.text if is_all_terms(before.sentence) else next(answers)
        if find_lacking(terms, answer, into):
            continue
        draft = judge(before.sentence, settle_terms(terms, answer, into, way))
        if draft.badness < before.badness:
            better[key] = draft
    return better


def unify_spelling(
    drafts: Mapping[str, Draft],
    language: str,
    into: str,
    vocabulary: Vocabulary,
    spellings: Mapping[str, str],
) -> dict[str, Draft]:
    """Write every name in one way throughout, as native reports do where that is known."""
    renderings = [Rendering(draft.sentence.text, draft.target) for draft in drafts.values()]
    changes = unify_names(renderings, into, vocabulary, spellings, language)
    return {
        key: _respell(draft, change, into)
        for (key, draft), change in zip(drafts.items(), changes, strict=True)
    }


def _respell(draft: Draft, change: Mapping[str, str], into: str) -> Draft:
    """Write names otherwise, unless the glossary has the last word on one of them."""
    target = write_names(draft.target, change)
    terms = draft.sentence.terms
    if len(find_lacking(terms, target, into)) > len(find_lacking(terms, draft.target, into)):
        return draft
    return replace(draft, target=target, checks=(*draft.checks, *_note_names(change)))


def _note_names(change: Mapping[str, str]) -> tuple[Check, ...]:
    return tuple(
        Check("names", Verdict.PUBLISH, f"“{name}” is spelt “{form}”, as elsewhere")
        for name, form in change.items()
    )


def vocabulary_of(route: Route, specs: Sequence[EngineSpec]) -> Vocabulary:
    """Give what the models at both ends of a route know of words."""
    first, last = (
        engine_for(leg, specs).vocabulary(leg) for leg in (route.legs[0], route.legs[-1])
    )
    # The word lists of one leg are its model's own, for both languages.
    if len(route.legs) == 1:
        return first
    # Half a word list is worse than none: it takes the other language's words for names.
    is_whole = bool(first.words and last.words)
    return Vocabulary(words={**first.words, **last.words} if is_whole else {})


def _mend_quotes(
    drafts: Mapping[str, Draft],
    judge: Judge,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
) -> dict[str, Draft]:
    keys = [k for k, d in drafts.items() if has_lost_quotes(d.sentence.text, d.target)]
    placings = [
        Placing(d.sentence.text, find_quoted(d.sentence.text), d.target, d.sentence.is_typographic)
        for d in (drafts[key] for key in keys)
    ]
    mended: dict[str, Draft] = {}
    for key, spans in zip(keys, restore_spans(placings, route, specs, is_strict=True), strict=True):
        draft = drafts[key]
        if not spans:
            continue
        target = put_quotes(draft.sentence.text, draft.target, spans)
        if draft.sentence.is_typographic:
            target = set_quotes(target, into)
        better = judge(draft.sentence, target)
        is_mended = not has_lost_quotes(draft.sentence.text, target)
        if better.badness < draft.badness or (is_mended and better.badness == draft.badness):
            note = Check("quotation marks", Verdict.PUBLISH, "lost quotation marks were put back")
            mended[key] = replace(better, checks=(*better.checks, note))
    return mended


def _try_in_parts(
    drafts: Mapping[str, Draft],
    judge: Judge,
    route: Route,
    specs: Sequence[EngineSpec],
) -> dict[str, Draft]:
    """Translate a sentence in two parts where that passes the gate and the whole did not."""
    cut = {k: _cut(d.sentence) for k, d in drafts.items() if d.badness[0] and len(d.target) < 2000}
    keys = [key for key, parts in cut.items() if parts]
    answers = iter(translate_sentences([p for key in keys for p in cut[key]], route, specs))
    better: dict[str, Draft] = {}
    for key in keys:
        target = _join([next(answers) for _ in cut[key]])
        draft = judge(drafts[key].sentence, target)
        if target and draft.badness < drafts[key].badness:
            note = Check("second try", Verdict.PUBLISH, "the sentence was translated in two parts")
            better[key] = replace(draft, checks=(*draft.checks, note))
    return better


def _cut(sentence: Sentence) -> list[Sentence]:
    text = sentence.text
    for mark in _CUTS:
        places = [m for m in mark.finditer(text) if 15 < m.start() < len(text) - 15]
        if places and not sentence.keep:
            best = min(places, key=lambda m: abs(m.start() - len(text) // 2))
            parts = (text[: best.start()], text[best.end() :])
            return [Sentence(part, (), sentence.is_typographic) for part in parts]
    return []


def _join(parts: Sequence[str]) -> str:
    """Join two parts: a full stop that the engine set at the cut goes, and so does a capital."""
    if not all(parts):
        return ""
    first, second = parts
    first = first[:-1] if first.endswith(".") else first
    return f"{first} {second}"
