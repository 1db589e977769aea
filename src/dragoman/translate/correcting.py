"""A person's words in place of the machine's: judged by the gate, and never held back by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dragoman.days import publication_day
from dragoman.translate.gate import check_segment, conclude
from dragoman.translate.glossary import judge_terms
from dragoman.translate.spans.assemble import assemble_blocks, shown_text
from dragoman.translate.spans.carrydays import carry_days, split_days
from dragoman.translate.spans.markup import align_sentence, find_place, is_certain, place_spans
from dragoman.translate.wording.memory import exact_key
from dragoman.translate.wording.terms import Terms
from dragoman.types import (
    Article,
    Check,
    MemoryUnit,
    Segment,
    Span,
    SpanKind,
    Term,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)


def correct_translation(
    article: Article,
    translation: Translation,
    targets: Mapping[str, str],
    by: str,
    at: datetime,
) -> Translation:
    """Put a person's words into a translation, by segment; the same words confirm them.

    ``article`` is of the translation's revision. What was corrected is published whatever
    the gate says of it, and so is a translation that was held only because of it.
    """
    said = publication_day(article.published)
    done = tuple(
        _correct(one, targets[one.segment.id], translation.into, by, said)
        if one.segment.id in targets
        else one
        for one in translation.segments
    )
    verdict, checks = conclude(done)
    is_held = verdict is Verdict.HOLD
    return replace(
        translation,
        status=TranslationStatus.HELD if is_held else TranslationStatus.DONE,
        title=title_of(done),
        blocks=assemble_blocks(article.blocks, done, translation.into),
        segments=done,
        verdict=verdict,
        checks=checks,
        corrected=at,
        reason="; ".join(check.message for check in checks) if is_held else "",
    )


def judge_correction(
    source: str, target: str, language: str, into: str, terms: Sequence[Term] = ()
) -> tuple[Check, ...]:
    """Say what the gate finds in a person's translation of a sentence: advice, no verdict."""

    def check(one: str, other: str) -> tuple[str, tuple[Check, ...]]:
        return check_segment(one, other, language, into)

    found = judge_terms(Terms(terms).find(source), source, target, into, check)[1]
    return tuple(one for one in found if one.verdict is not Verdict.PUBLISH)


def reviewed_units(
    translation: Translation, segments: Sequence[TranslatedSegment], origin: str
) -> tuple[MemoryUnit, ...]:
    """Give the memory's units of what a person settled: used wherever the sentence stands."""
    language, into = translation.language, translation.into
    units = {}
    for done in segments:
        key = exact_key(done.segment.text, language, into)
        units[key] = MemoryUnit(key, done.segment.text, done.target, language, into, origin)
    return tuple(units.values())


def note_only(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Keep findings as notes: a person has had the last word."""
    return tuple(replace(check, verdict=Verdict.PUBLISH) for check in checks)


def title_of(segments: Sequence[TranslatedSegment]) -> str:
    """Give the title as it is shown."""
    return " ".join(shown_text(one)[0] for one in segments if one.segment.block == -1)


def _correct(
    before: TranslatedSegment, target: str, into: str, by: str, said: date | None
) -> TranslatedSegment:
    settled = replace(
        before, verdict=Verdict.PUBLISH, is_remembered=True, is_untouched=False, reviewed_by=by
    )
    if target == before.target:
        return replace(settled, checks=note_only(before.checks))
    spans = _place_spans(before.segment, before, target, into, said)
    return replace(settled, target=target, spans=spans, checks=())


def _place_spans(
    segment: Segment, before: TranslatedSegment, target: str, into: str, said: date | None
) -> tuple[Span, ...]:
    """Put links and emphasis where their words are now; the former translation tells which.

    No engine is asked: a correction is written while somebody waits for it.
    """
    others, days = split_days(segment.spans)
    hints: dict[Span, list[str]] = {}
    for span in others:
        hints[span] = [
            before.target[old.start : old.end]
            for old in before.spans
            if (old.kind, old.value) == (span.kind, span.value)
        ]
    aligned = align_sentence(segment.text, target, None, hints)
    lost = [s for s in others if s.start < s.end and not is_certain(find_place(aligned, s))]
    placed = place_spans(aligned, [s for s in others if s not in lost])
    links = [span for span in lost if span.kind is SpanKind.LINK]
    if links and not any(span.kind is SpanKind.LINK for span in placed):
        # Emphasis may go; a link may not, and the whole sentence is surely about it.
        placed = (Span(SpanKind.LINK, 0, len(target), links[0].value), *placed)
    return (*placed, *carry_days(target, into, days, said))
