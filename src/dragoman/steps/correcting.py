"""Corrections: a person's words go into the translation, the memory, and the public log.

They win over every machine from then on: in this article, in all others that print the same
sentence, and when the article is translated again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from dragoman import store, translate
from dragoman.errors import CorrectionError, StoreBusy
from dragoman.sanitize import clean_text
from dragoman.store import Store
from dragoman.store.corrections import Change, Correction
from dragoman.types import (
    Article,
    Check,
    MemoryUnit,
    ReportKind,
    TranslatedSegment,
    Translation,
    TranslationStatus,
)

log = structlog.get_logger(__name__)

LONGEST = 4000  # characters of a corrected sentence
_TRIES = 5  # another person or a retranslation may be writing the same translation
_CHANGEABLE = (TranslationStatus.DONE, TranslationStatus.HELD)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did."""

    changed: tuple[str, ...]  # segments that read otherwise now
    confirmed: tuple[str, ...]  # segments that stay as the machine wrote them, by a person's word
    findings: tuple[tuple[str, tuple[Check, ...]], ...]  # what the gate says of them, by segment
    elsewhere: tuple[tuple[str, str], ...]  # other translations that hold one of the sentences
    translation: Translation


def correct(
    db: Store,
    article: str,
    into: str,
    targets: Mapping[str, str],
    by: str,
    *,
    kind: ReportKind = ReportKind.OTHER,
    now: datetime | None = None,
) -> Corrected:
    """Put a person's words for segments of a translation; the same words confirm a segment.

    Raises `CorrectionError` where there is no such translation or segment, or no words, and
    `StoreBusy` where others keep changing the translation.
    """
    name, at = clean_text(by), now or datetime.now(UTC)
    if not name:
        raise CorrectionError("a correction needs the name of who answers for it; add --by NAME")
    for _ in range(_TRIES):
        change = _plan(db, article, into, targets, name, kind, at)
        others, units = _plan_elsewhere(db, change, name, kind, at)
        if store.corrections.put_changes(db, [change, *others], units, name, at):
            for one in (change, *others):
                log.info("corrected", article=one.after.article, into=into, by=name)
            return _report(db, change, others)
    raise StoreBusy(f"the translation of {article} into {into} keeps changing; try again")


def release(
    db: Store, article: str, into: str, by: str, *, now: datetime | None = None
) -> Corrected:
    """Publish a translation as it is, on the word of a person who read the whole of it.

    Every sentence is settled by that, so that a retranslation holds none of them back again.
    Raises as `correct` does.
    """
    translation = find_translation(db, article, into)
    targets = {
        one.segment.id: one.target
        for one in translation.segments
        if one.target and not (one.is_untouched or one.reviewed_by)
    }
    return correct(db, article, into, targets, by, now=now)


def find_translation(db: Store, article: str, into: str) -> Translation:
    """Give a translation that can be corrected; raises `CorrectionError` where there is none."""
    found = store.translations.translation(db, article, into)
    if found is None or found.status not in _CHANGEABLE:
        raise CorrectionError(
            f"there is no translation of '{article}' into {into} to correct; "
            "`dragoman show ARTICLE` lists what there is"
        )
    return found


def find_revision(db: Store, translation: Translation) -> Article:
    """Give the article as it was when it was translated; raises `CorrectionError`."""
    found = store.articles.article(db, translation.article)
    if found and found.revision != translation.revision:
        former = store.articles.revisions(db, translation.article)
        found = next((one for one in former if one.revision == translation.revision), None)
    if found is None:
        raise CorrectionError(
            f"the text that the translation of {translation.article} was made of is gone; "
            "have it translated again"
        )
    return found


def _plan(
    db: Store,
    id: str,
    into: str,
    targets: Mapping[str, str],
    by: str,
    kind: ReportKind,
    at: datetime,
) -> Change:
    before = find_translation(db, id, into)
    known = {one.segment.id: one for one in before.segments}
    cleaned = {key: _clean(key, text, known) for key, text in targets.items()}
    by_text = {known[key].segment.text: text for key, text in cleaned.items()}
    equal = {key: by_text.get(one.segment.text, "") for key, one in known.items()}
    cleaned = {key: text for key, text in equal.items() if text} | cleaned
    after = translate.correct_translation(find_revision(db, before), before, cleaned, by, at)
    return Change(before, after, _log(before, after, cleaned, by, kind, at), tuple(cleaned))


def _clean(segment: str, text: str, known: Mapping[str, TranslatedSegment]) -> str:
    if segment not in known:
        raise CorrectionError(
            f"the translation has no sentence '{segment}'; it may have been translated again"
        )
    found = clean_text(text)
    if not found:
        raise CorrectionError(f"the correction of '{segment}' is empty; write how it should read")
    if len(found) > LONGEST:
        raise CorrectionError(f"the correction of '{segment}' has more than {LONGEST} characters")
    return found


def _log(
    before: Translation,
    after: Translation,
    targets: Mapping[str, str],
    by: str,
    kind: ReportKind,
    at: datetime,
) -> tuple[Correction, ...]:
    """Log what reads otherwise, sentence by sentence, and once what was confirmed."""
    log, is_confirmed = [], False
    for old, new in zip(before.segments, after.segments, strict=True):
        segment = old.segment
        if segment.id not in targets:
            continue
        if old.target == new.target:
            is_confirmed = True
            continue
        log.append(
            Correction(
                article=after.article,
                into=after.into,
                segment=segment.id,
                kind=kind,
                by=by,
                source=segment.text,
                before=old.target,
                after=new.target,
                at=at,
                is_title=segment.block == -1,
            )
        )
    if is_confirmed:
        log.append(Correction(after.article, after.into, "", kind, by, "", "", "", at))
    return tuple(log)


def _plan_elsewhere(
    db: Store, change: Change, by: str, kind: ReportKind, at: datetime
) -> tuple[list[Change], tuple[MemoryUnit, ...]]:
    """Give the same words to every other translation that holds one of the sentences."""
    after = change.after
    settled = [one for one in after.segments if one.segment.id in change.settled]
    units = translate.reviewed_units(after, settled, f"{store.memory.REVIEWED}{by}")
    by_key = {unit.key: unit.target for unit in units}
    own = after.article, after.into
    sources = [unit.source for unit in units]
    changes = []
    for article, into in store.corrections.find_equal(db, after.language, sources):
        if (article, into) == own:
            continue
        other = store.translations.translation(db, article, into)
        targets = _equal_segments(other, by_key) if other else {}
        if other and targets:
            try:
                revision = find_revision(db, other)
            except CorrectionError:  # it gets the words when it is translated again
                continue
            corrected = translate.correct_translation(revision, other, targets, by, at)
            log = _log(other, corrected, targets, by, kind, at)
            changes.append(Change(other, corrected, log, tuple(targets)))
    return changes, units


def _equal_segments(other: Translation, by_key: Mapping[str, str]) -> dict[str, str]:
    targets = {}
    for one in other.segments:
        key = translate.exact_key(one.segment.text, other.language, other.into)
        if key in by_key:
            targets[one.segment.id] = by_key[key]
    return targets


def _report(db: Store, change: Change, others: list[Change]) -> Corrected:
    after = change.after
    terms = store.glossary.terms_for(db, after.language, after.into)
    changed = tuple(one.segment for one in change.log if one.segment)
    findings = []
    for one in after.segments:
        if one.segment.id in changed:
            text = one.segment.text
            found = translate.judge_correction(text, one.target, after.language, after.into, terms)
            findings.append((one.segment.id, found))
    return Corrected(
        changed=changed,
        confirmed=tuple(id for id in change.settled if id not in changed),
        findings=tuple((id, found) for id, found in findings if found),
        elsewhere=tuple((one.after.article, one.after.into) for one in others),
        translation=after,
    )
