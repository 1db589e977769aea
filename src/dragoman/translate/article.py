"""Translate an article: title, headings, paragraphs, lists, tables and captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from dragoman import languages
from dragoman.days import publication_day
from dragoman.errors import TranslateError
from dragoman.translate.correcting import note_only, title_of
from dragoman.translate.counting import count_usage
from dragoman.translate.engine import engine_for
from dragoman.translate.gate import conclude, worst
from dragoman.translate.pivots import note_left, translate_fresh
from dragoman.translate.reading.case import repair_case
from dragoman.translate.reading.credits import find_credits, is_credit
from dragoman.translate.reading.detection import is_written_in
from dragoman.translate.reading.foreign import find_foreign
from dragoman.translate.reading.labels import translate_label
from dragoman.translate.reading.segments import segment_article, texts_of
from dragoman.translate.reading.wordforms import Names, learn_names
from dragoman.translate.repairs import Draft, judge_drafts, unify_spelling, vocabulary_of
from dragoman.translate.spans.assemble import assemble_blocks
from dragoman.translate.spans.carrydays import carry_days, split_days
from dragoman.translate.spans.hints import Placing, restore_spans
from dragoman.translate.steps import Sentence
from dragoman.translate.wording.memory import exact_key, memory_key
from dragoman.translate.wording.terms import Terms
from dragoman.translate.writing.characters import is_sentence_typographic
from dragoman.translate.writing.shields import has_words
from dragoman.types import (
    Aids,
    Article,
    BlockKind,
    EngineSpec,
    Route,
    Segment,
    Span,
    SpanKind,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_AIDS = Aids()


def translate_article(
    article: Article,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
    remembered: Mapping[str, str] = _NOTHING,
    aids: Aids = _NO_AIDS,
) -> Translation:
    """Translate an article along a route and pass it through the gate.

    ``remembered`` maps memory keys to earlier translations; ``aids`` is what the edition
    knows of terms, names and their spelling. The status is DONE, or HELD
    where the gate holds the title or most of the body. Raises leaves of `TranslateError`.
    """
    segments = segment_article(article)
    if not segments:
        raise TranslateError(f"article {article.id} holds no text to translate", permanent=True)
    names = learn_names(article, aids.forms)
    with count_usage() as counts:
        done = _translate_segments(segments, article, names, into, route, specs, remembered, aids)
    verdict, checks = conclude(done)
    is_held = verdict is Verdict.HOLD
    return Translation(
        article=article.id,
        revision=article.revision,
        language=article.language,
        into=into,
        status=TranslationStatus.HELD if is_held else TranslationStatus.DONE,
        title=title_of(done),
        blocks=assemble_blocks(article.blocks, done, into),
        segments=done,
        route=route,
        verdict=verdict,
        checks=checks,
        made=datetime.now(UTC),
        usage=counts.usage(),
        reason="; ".join(check.message for check in checks) if is_held else "",
    )


def translate_title(
    article: Article,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
    remembered: Mapping[str, str] = _NOTHING,
    aids: Aids = _NO_AIDS,
) -> Translation:
    """Translate an article's title alone, while its text waits: the status stays PENDING.

    Its title is empty where the gate finds anything to doubt in it. Raises leaves of
    `TranslateError`.
    """
    title = [segment for segment in segment_article(article) if segment.block == -1]
    names = learn_names(article, aids.forms)
    with count_usage() as counts:
        done = _translate_segments(title, article, names, into, route, specs, remembered, aids)
    is_sound = all(one.verdict is Verdict.PUBLISH for one in done)
    return replace(
        pending(article, into, "many articles are waiting: titles come first"),
        title=title_of(done) if is_sound else "",
        route=route,
        made=datetime.now(UTC),
        usage=counts.usage(),
    )


def pending(article: Article, into: str, reason: str) -> Translation:
    """Say that a translation is not made yet, and why."""
    return _without_text(article, into, TranslationStatus.PENDING, reason)


def failed(article: Article, into: str, reason: str) -> Translation:
    """Say that a translation failed, and why."""
    return _without_text(article, into, TranslationStatus.FAILED, reason)


def _without_text(
    article: Article, into: str, status: TranslationStatus, reason: str
) -> Translation:
    return Translation(article.id, article.revision, article.language, into, status, reason=reason)


def _translate_segments(
    segments: Sequence[Segment],
    article: Article,
    names: Names,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
    remembered: Mapping[str, str],
    aids: Aids,
) -> tuple[TranslatedSegment, ...]:
    exact = {s.id: exact_key(s.text, article.language, into) for s in segments}
    by = _look_up(exact, dict(aids.reviewed))
    is_left = {s.id: s.id not in by and _is_left(s, article, into) for s in segments}
    asked = [s for s in segments if not is_left[s.id]]
    terms = Terms(aids.glossary)
    found = {s.id: terms.find(s.text) for s in asked}
    keys = {s.id: memory_key(s.text, route, found[s.id]) for s in asked}
    imported = _look_up({s.id: exact[s.id] for s in asked}, remembered)
    known = _look_up(keys, remembered) | imported
    labels = {s.id: translate_label(s.text, article.language, into) for s in asked}
    is_free = {key: not found[key] and key not in imported for key in labels}
    labels = {key: label for key, label in labels.items() if label and is_free[key]}
    sentences = {
        s.id: replace(_write(s, article, names, route, specs), terms=found[s.id]) for s in asked
    }
    fresh = [s for s in asked if s.id not in known and s.id not in labels]
    texts = {s.id: s.text for s in fresh}
    answers = translate_fresh({k: sentences[k] for k in texts}, texts, route, specs, remembered)
    targets = {k: v for k, v in known.items() if k not in labels}
    targets |= {key: answer.text for key, answer in answers.items()}
    pair = article.language, into, route, specs
    own = {key: target for key, target in targets.items() if key not in imported}
    drafts = judge_drafts(sentences, own, *pair)
    drafts |= judge_drafts(sentences, imported, *pair, is_settled=True)
    drafts |= {key: Draft(sentences[key], label) for key, label in labels.items()}
    vocabulary = vocabulary_of(route, specs)
    made = {key: draft for key, draft in drafts.items() if key not in imported}
    drafts |= unify_spelling(made, article.language, into, vocabulary, dict(aids.spellings))
    drafts |= note_left(drafts, answers)
    drafts |= _settle({key: drafts[key] for key in drafts if key in by})
    spans = _place_spans(asked, drafts, article, into, route, specs)
    return tuple(
        TranslatedSegment(s, s.text, s.spans, is_untouched=True)
        if is_left[s.id]
        else TranslatedSegment(
            s,
            drafts[s.id].target,
            spans[s.id],
            worst(drafts[s.id].checks),
            drafts[s.id].checks,
            is_remembered=s.id in known and s.id not in labels,
            reviewed_by=by.get(s.id, ""),
        )
        for s in segments
    )


def _settle(drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    """Let stand what a person settled, whatever the gate says of it."""
    return {key: replace(draft, checks=note_only(draft.checks)) for key, draft in drafts.items()}


def _look_up(keys: Mapping[str, str], remembered: Mapping[str, str]) -> dict[str, str]:
    return {id: remembered[key] for id, key in keys.items() if key in remembered}


def _place_spans(
    asked: Sequence[Segment],
    drafts: Mapping[str, Draft],
    article: Article,
    into: str,
    route: Route,
    specs: Sequence[EngineSpec],
) -> dict[str, tuple[Span, ...]]:
    """Put the spans of segments into their translations; days are said by the day they mean."""
    split = {s.id: split_days(s.spans) for s in asked}
    placings = []
    for s in asked:
        draft = drafts[s.id]
        placings.append(
            Placing(
                draft.sentence.text, split[s.id][0], draft.target, draft.sentence.is_typographic
            )
        )
    spans = dict(zip((s.id for s in asked), restore_spans(placings, route, specs), strict=True))
    said = publication_day(article.published)
    for s in asked:
        spans[s.id] += carry_days(drafts[s.id].target, into, split[s.id][1], said)
    return spans


def _is_left(segment: Segment, article: Article, into: str) -> bool:
    """Whether a segment stays as it is: no words, a credit, or in the target language already."""
    if not has_words(segment.text) or is_credit(segment.text):
        return True
    block = article.blocks[segment.block] if segment.block >= 0 else None
    if block and block.language and not languages.is_same(block.language, article.language):
        return True  # the route leads from the article's language alone
    # The detector knows long stretches only, so the block is asked, not the sentence.
    stretch = texts_of(block)[segment.part].text if block else segment.text
    return is_written_in(stretch, into) and not is_written_in(segment.text, article.language)


def _write(
    segment: Segment, article: Article, names: Names, route: Route, specs: Sequence[EngineSpec]
) -> Sentence:
    """Write a segment for the engine, of the same length: its spans still point into it."""
    leg = route.legs[0]
    vocabulary = engine_for(leg, specs).vocabulary(leg)
    text = repair_case(segment.text, names, vocabulary, article.language)
    code = [(s.start, s.end) for s in segment.spans if s.kind is SpanKind.CODE]
    credits = find_credits(segment.text) if _is_caption(segment, article) else ()
    foreign = find_foreign(segment.text, article.language, segment.spans)
    typographic = is_sentence_typographic(segment.text, default=names.is_typographic)
    return Sentence(text, (*code, *credits, *foreign), typographic)


def _is_caption(segment: Segment, article: Article) -> bool:
    return segment.block >= 0 and article.blocks[segment.block].kind is BlockKind.IMAGE
