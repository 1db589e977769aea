"""Translations to look at: what readers reported and what the gate doubts, corrected in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dragoman import languages
from dragoman.desk.board import Board, Done, Page, Role, Visit
from dragoman.desk.wording import say, say_count, told
from dragoman.errors import CorrectionError, DragomanError
from dragoman.publish.correcting import KINDS
from dragoman.sanitize import clean_text
from dragoman.steps import Corrected, correct, mark_again, release
from dragoman.steps.correcting import find_revision, find_translation
from dragoman.store import articles, doubts, reports, sources, translations
from dragoman.store.doubts import Doubt, DoubtKind, Wanted
from dragoman.store.reports import Report
from dragoman.types import (
    Article,
    ReportKind,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)

board = Board("Translations", "/translations")

SIZE = 40  # translations on a page of the list
SENTENCES = 80  # of a translation on a page: a form may have 500 fields
_TEXT, _RIGHT = "text-", "right-"  # what the fields of a sentence begin with

KIND_WORDS = {
    DoubtKind.REPORTED: told("reported by readers"),
    DoubtKind.HELD: told("held back by the gate"),
    DoubtKind.MARKED: told("low confidence"),
    DoubtKind.GIST: told("rough gists"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the list."""

    doubt: Doubt
    title: str
    original: str
    marked: int  # sentences that the gate doubts
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in the editor."""

    done: TranslatedSegment
    text: str  # as the form shows it: what was typed, or the translation
    is_right: bool
    reports: tuple[Report, ...]

    @property
    def is_doubted(self) -> bool:
        """Whether the gate or a reader doubts it."""
        return bool(self.reports) or self.done.verdict is not Verdict.PUBLISH


# -- The list ---------------------------------------------------------------------------


@board.page("/translations")
def show_list(visit: Visit) -> Page:
    """List the translations to look at."""
    wanted = _read_wanted(visit)
    total = doubts.count_doubts(visit.db, wanted)
    pages = max(1, -(-total // SIZE))
    number = min(max(visit.number("page", 1), 1), pages)
    found = doubts.doubts(visit.db, wanted, limit=SIZE, offset=(number - 1) * SIZE)
    values = {
        "items": _describe(visit, found),
        "total": total,
        "number": number,
        "pages": pages,
        "wanted": wanted,
        "pairs": doubts.pairs(visit.db),
        "kinds": KIND_WORDS,
        "sources": sources.sources(visit.db),
        "filter": _filter_of(wanted),
        "report_kinds": KINDS,
    }
    return Page("translations.html", values)


def _read_wanted(visit: Visit) -> Wanted:
    language, _, into = visit.query.get("pair", "").partition(">")
    kind = visit.query.get("kind", "")
    known = {one.value: one for one in DoubtKind}
    return Wanted(language, into, visit.query.get("source", ""), known.get(kind))


def _filter_of(wanted: Wanted) -> str:
    pair = f"{wanted.language}>{wanted.into}" if wanted.into else ""
    chosen = {"pair": pair, "kind": wanted.kind or "", "source": wanted.source}
    return urlencode({key: value for key, value in chosen.items() if value})


def _describe(visit: Visit, found: Sequence[Doubt]) -> tuple[Item, ...]:
    originals = {one.id: one for one in articles.articles(
        visit.db, ids=[doubt.article for doubt in found]
    )} if found else {}  # fmt: skip
    items = []
    for doubt in found:
        made = translations.translation(visit.db, doubt.article, doubt.into)
        original = originals.get(doubt.article)
        if made is None or original is None:  # damaged, or gone meanwhile
            continue
        doubted = [one for one in made.segments if one.verdict is not Verdict.PUBLISH]
        said = (
            reports.reports(visit.db, article=doubt.article, into=doubt.into)
            if doubt.reports
            else ()
        )
        items.append(Item(doubt, made.title, original.title, len(doubted), said))
    return tuple(items)


# -- The editor --------------------------------------------------------------------------


@board.page("/translations/{article}/{into}")
def show_one(visit: Visit) -> Page | None:
    """Show a translation beside its original, sentence by sentence, to be put right."""
    try:
        translation = find_translation(visit.db, visit.parts["article"], visit.parts["into"])
        article = find_revision(visit.db, translation)
    except CorrectionError:
        return None
    said = reports.reports(visit.db, article=article.id, into=translation.into)
    lines = _lines(visit, translation, said)
    parts = max(1, -(-len(lines) // SENTENCES))
    sent = visit.field("part")
    asked = int(sent) if sent.isascii() and sent.isdigit() else visit.number("part", 1)
    number = min(max(asked, 1), parts)
    shown = lines[(number - 1) * SENTENCES : number * SENTENCES]
    names = {one.done.segment.id for one in lines}
    values: dict[str, Any] = {
        "article": article,
        "translation": translation,
        "lines": shown,
        "doubted": [
            (at // SENTENCES + 1, line) for at, line in enumerate(lines) if line.is_doubted
        ],
        "number": number,
        "parts_count": parts,
        "home": f"/translations/{article.id}/{translation.into}",
        "version": version_of(translation),
        "others": [one for one in said if one.segment not in names],
        "answered": _answered(visit, article, translation),
        "kind": visit.field("kind") or (said[0].kind.value if said else ""),
        "report_kinds": KINDS,
        "is_held": translation.status is TranslationStatus.HELD,
        "source": sources.source(visit.db, article.source),
        "may_edit": visit.role >= Role.EDITOR,
        "public": f"{visit.settings.site.base_url.rstrip('/')}/{translation.into}"
        f"/article/{article.id}/",
        "direction_of": languages.direction,
    }
    return Page("translation.html", values)


def version_of(translation: Translation) -> str:
    """Give what tells one state of a translation from another."""
    times = (translation.made, translation.corrected)
    return "/".join(at.isoformat() if at else "" for at in times)


def _lines(visit: Visit, translation: Translation, said: Sequence[Report]) -> list[Line]:
    typed = {key: value for key, value in visit.fields if key.startswith(_TEXT)}
    return [
        Line(
            done=one,
            text=typed.get(f"{_TEXT}{one.segment.id}", one.target),
            is_right=bool(visit.field(f"{_RIGHT}{one.segment.id}")),
            reports=tuple(report for report in said if report.segment == one.segment.id),
        )
        for one in translation.segments
    ]


def _answered(visit: Visit, article: Article, translation: Translation) -> list[Report]:
    every = reports.reports(visit.db, article=article.id, into=translation.into, state="", limit=50)
    return [one for one in every if one.state != reports.OPEN]


@board.action(
    "/translations/{article}/{into}/correct", Role.EDITOR, "translation.correct", again=show_one
)
def correct_sentences(visit: Visit) -> Done:
    """Take over the sentences that were written anew, or were ticked to be right."""
    translation = _find_unchanged(visit)
    before = {one.segment.id: one for one in translation.segments}
    taken = _find_taken(visit)
    targets = {taken.segment: taken.suggestion} if taken else _read_targets(visit, translation)
    if not targets:
        raise CorrectionError("nothing was changed; write a sentence anew, or tick what is right")
    done = correct(
        visit.db,
        translation.article,
        translation.into,
        targets,
        visit.user.name,
        kind=taken.kind if taken else _read_kind(visit),
        now=visit.now(),
    )
    after = {one.segment.id: one.target for one in done.translation.segments}
    return Done(
        _back(visit),
        _tell(done),
        target=f"{translation.article} into {translation.into}",
        before="\n".join(before[key].target for key in done.changed),
        after="\n".join(after[key] for key in done.changed) or f"{len(done.confirmed)} confirmed",
    )


def _find_taken(visit: Visit) -> Report | None:
    """Give the report whose suggestion is taken over; None where words of one's own are sent."""
    id = visit.field("take")
    if not id:
        return None
    found = reports.report(visit.db, id)
    place = (visit.parts["article"], visit.parts["into"])
    if found is None or (found.article, found.into) != place or found.state != reports.OPEN:
        raise CorrectionError("this report is no longer open; look at the page again")
    return found


def _read_targets(visit: Visit, translation: Translation) -> dict[str, str]:
    """Read the sentences that were written anew or ticked: all, or the one whose button it was."""
    only = visit.field("only")
    typed = dict(visit.fields)
    targets = {}
    for one in translation.segments:
        key = one.segment.id
        if only and key != only:
            continue
        text = typed.get(f"{_TEXT}{key}", one.target)
        is_new = clean_text(text) != one.target
        if is_new or (visit.field(f"{_RIGHT}{key}") and text):
            targets[key] = text
    return targets


def _find_unchanged(visit: Visit) -> Translation:
    translation = find_translation(visit.db, visit.parts["article"], visit.parts["into"])
    if visit.field("version") != version_of(translation):
        raise CorrectionError(
            "the translation has changed since this page was loaded; look at it, and send "
            "the form again if it still holds"
        )
    return translation


def _read_kind(visit: Visit) -> ReportKind:
    try:
        return ReportKind(visit.field("kind") or ReportKind.OTHER)
    except ValueError as error:
        raise CorrectionError(f"there is no kind of mistake '{visit.field('kind')}'") from error


def _tell(done: Corrected) -> str:
    """Say what a correction did, and what the gate thinks of it."""
    words = []
    if done.changed:
        words.append(say("Corrected: %(num)s.", num=len(done.changed)))
    if done.confirmed:
        words.append(say("Confirmed: %(num)s.", num=len(done.confirmed)))
    if done.elsewhere:
        words.append(
            say_count(
                "The same sentence was put right in one more translation.",
                "The same sentence was put right in %(num)s more translations.",
                len(done.elsewhere),
            )
        )
    if done.translation.status is TranslationStatus.HELD:
        words.append(say("The translation is still held back."))
    doubts_of = [check.message for _, checks in done.findings for check in checks]
    if doubts_of:
        doubted = "; ".join(doubts_of)
        words.append(
            say("Published as you wrote it; the gate would doubt: %(doubts)s.", doubts=doubted)
        )
    return " ".join(words)[:1000]


def _back(visit: Visit) -> str:
    home = f"/translations/{visit.parts['article']}/{visit.parts['into']}"
    part = visit.field("part")
    return f"{home}?part={part}" if part.isascii() and part.isdigit() and part != "1" else home


@board.action(
    "/translations/{article}/{into}/release", Role.EDITOR, "translation.release", again=show_one
)
def release_whole(visit: Visit) -> Done:
    """Publish a translation on the word of who read all of it."""
    translation = _find_unchanged(visit)
    if not visit.field("read"):
        raise CorrectionError("tick that you have read the whole translation")
    done = release(
        visit.db, translation.article, translation.into, visit.user.name, now=visit.now()
    )
    if done.translation.status is TranslationStatus.HELD:
        raise CorrectionError(
            "it is still held back: some sentences have no translation; write them first"
        )
    target = f"{translation.article} into {translation.into}"
    words = say("The translation is published, reviewed by you.")
    return Done(_back(visit), words, target, translation.status.value, "reviewed")


@board.action("/translations/{article}/{into}/again", Role.EDITOR, "translation.again")
def translate_again(visit: Visit) -> Done:
    """Have the machine's sentences of a translation made anew; a person's stay."""
    article, into = visit.parts["article"], visit.parts["into"]
    translation = find_translation(visit.db, article, into)
    mark_again(visit.db, [(article, into)])
    words = say("It is translated again at the next pass; what a person settled stays.")
    return Done(_back(visit), words, f"{article} into {into}", translation.verdict.value, "again")


@board.action("/reports/{id}/dismiss", Role.EDITOR, "report.dismiss")
def dismiss_report(visit: Visit) -> Done:
    """Close a report without a correction, with the reason."""
    found = reports.report(visit.db, visit.parts["id"])
    if found is None or found.state != reports.OPEN:
        raise DragomanError("this report is no longer open; go back and load the page again")
    reason = clean_text(visit.field("reason"))[:500]
    if not reason:
        raise DragomanError("say why the report is dismissed; go back and write the reason")
    reports.dismiss(visit.db, found.id, visit.user.name, reason, visit.now())
    home = f"/translations/{found.article}/{found.into}"
    said = f"{found.kind.value}: {found.words or found.suggestion}".strip(": ")
    return Done(home, say("The report is dismissed."), found.id, said, f"dismissed: {reason}")
