"""The gate between translation and publication. No editor stands behind it.

It is deterministic: round trips, agreement of engines and log-probabilities were measured
and say too little of quality (|r| < 0.2). What can be repaired for certain is repaired
and noted; what cannot is marked, or held back.
"""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.translate.gate.checks import check_glosses, check_language, check_links
from dragoman.translate.gate.currencies import check_currencies
from dragoman.translate.gate.dates import check_dates
from dragoman.translate.gate.figures import check_numbers
from dragoman.translate.gate.lengths import Lengths
from dragoman.translate.gate.names import check_names
from dragoman.translate.gate.negation import check_negation
from dragoman.translate.gate.quotes import check_quotes
from dragoman.translate.gate.wholeness import check_length, check_repetition, check_tail
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import Check, TranslatedSegment, Verdict

_RANK = {Verdict.PUBLISH: 0, Verdict.MARK: 1, Verdict.HOLD: 2}
# What repairs stands before what only looks.
_CHECKS = (
    check_glosses,
    check_numbers,
    check_currencies,
    check_quotes,
    check_links,
    check_repetition,
    check_tail,
    check_language,
    check_dates,
    check_negation,
)
_UNKNOWN = Vocabulary()


def worst(checks: Sequence[Check]) -> Verdict:
    """Give the gravest verdict; publish where nothing was found."""
    return max((check.verdict for check in checks), key=_RANK.__getitem__, default=Verdict.PUBLISH)


def check_segment(
    source: str,
    target: str,
    language: str,
    into: str,
    vocabulary: Vocabulary = _UNKNOWN,
    lengths: Lengths | None = None,
) -> tuple[str, tuple[Check, ...]]:
    """Repair what is certain in a translation, and say what is wrong with the rest.

    The model's ``vocabulary`` tells names from common words; ``lengths`` is how long the
    pair's translations are, as `learn_lengths` found it.
    """
    if not target.strip():
        return "", (Check("empty", Verdict.HOLD, "the engine gave no translation"),)
    checks: list[Check] = []
    for check in _CHECKS:
        target, found = check(source, target, language, into)
        checks += found
    checks += check_length(source, target, language, into, lengths)[1]
    checks += check_names(source, target, language, into, vocabulary)[1]
    return target, tuple(checks)


def judge_article(segments: Sequence[TranslatedSegment]) -> tuple[Check, ...]:
    """Judge an article by its segments: held where its title or most of its body is."""
    checks: list[Check] = []
    if any(s.segment.block == -1 and s.verdict is Verdict.HOLD for s in segments):
        checks.append(Check("title", Verdict.HOLD, "the translation of the title is held back"))
    body = [s for s in segments if s.segment.block >= 0]
    held = sum(len(s.segment.text) for s in body if s.verdict is Verdict.HOLD)
    total = sum(len(s.segment.text) for s in body)
    if held * 2 > total:
        message = f"{100 * held // total}% of the text is held back"
        checks.append(Check("body", Verdict.HOLD, message))
    return tuple(checks)


def conclude(segments: Sequence[TranslatedSegment]) -> tuple[Verdict, tuple[Check, ...]]:
    """Give the verdict on a whole translation, and what was found besides its segments' own."""
    checks = judge_article(segments)
    verdict = worst(checks)
    if verdict is Verdict.PUBLISH and any(s.verdict is not Verdict.PUBLISH for s in segments):
        verdict = Verdict.MARK
    return verdict, checks
