"""Queue and failures: what waits and what failed, by cause."""

from __future__ import annotations

import re

from dragoman.desk.board import Board, Done, Page, Role, Visit
from dragoman.desk.today import STAGES
from dragoman.desk.wording import say, told
from dragoman.errors import DragomanError
from dragoman.store import desk_queue, work
from dragoman.types import Stage, TranslationStatus

board = Board("Failures", "/failures")

# What can be done about the commonest errors, beside what each message says.
REMEDIES = {
    "Forbidden": told("the publisher or robots.txt does not allow it; nothing to do"),
    "Gone": told("the publisher took the page away; nothing to do"),
    "TooSlow": told("the host did not answer in time; it is tried again by itself"),
    "TooLarge": told("larger than fetch.max_mb allows"),
    "NotAnArticle": told("a front page, a gallery or a page of errors, rightly left out as a rule"),
    "EmptyBody": told(
        "a paywall, or a page that scripts fill; the source may have to go to “link”"
    ),
    "FeedError": told("the feed cannot be read; test the source"),
    "NoRoute": told("add a model: `dragoman models add FROM INTO`"),
    "ModelError": told("a model is broken; add it once more"),
    "EngineDied": told("out of time or memory; raise translate.deadline_s or run.memory_mb"),
}


@board.page("/failures")
def show(visit: Visit) -> Page:
    """Show what failed, one row for each cause."""
    found = desk_queue.causes(visit.db)
    shown = {example.article for cause in found for example in cause.examples}
    pairs = work.counts(visit.db)["translations"]
    pending = TranslationStatus.PENDING.value
    waiting = [
        (*pair.split(">"), numbers[pending])
        for pair, numbers in sorted(pairs.items(), key=lambda row: -row[1].get(pending, 0))
        if numbers.get(pending)
    ]
    values = {
        "causes": found,
        "stages": STAGES,
        "remedies": REMEDIES,
        "titles": desk_queue.titles(visit.db, shown),
        "pairs": waiting,
    }
    return Page("failures.html", values)


def _read_cause(visit: Visit) -> tuple[Stage, str]:
    kind = visit.field("kind")
    try:
        stage = Stage(visit.field("stage"))
    except ValueError as error:
        raise DragomanError(f"there is no stage '{visit.field('stage')}'") from error
    if not re.fullmatch(r"\w{1,60}", kind):
        raise DragomanError(f"'{kind}' is no kind of failure")
    return stage, kind


@board.action("/failures/retry", Role.EDITOR, "failures.retry")
def retry(visit: Visit) -> Done:
    """Have everything tried again that failed for one cause."""
    stage, kind = _read_cause(visit)
    number = desk_queue.retry_cause(visit.db, stage, kind, visit.now())
    words = say("Tried again at the next pass: %(num)s.", num=number)
    return Done("/failures", words, target=f"{stage.value} {kind}", after=f"{number} due")


@board.action("/failures/skip", Role.EDITOR, "failures.skip")
def skip(visit: Visit) -> Done:
    """Leave everything that failed for one cause."""
    stage, kind = _read_cause(visit)
    number = desk_queue.skip_cause(visit.db, stage, kind, visit.now())
    words = say("Left alone, and no longer listed: %(num)s.", num=number)
    return Done("/failures", words, target=f"{stage.value} {kind}", after=f"{number} left")
