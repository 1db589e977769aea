"""Sources: how each publisher does, and which are followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import Any

from dragoman.desk.board import Board, Done, File, Page, Role, Visit
from dragoman.desk.wording import say, say_count, told
from dragoman.errors import DragomanError, UnknownLanguage
from dragoman.ingest import parse_outlines, write_outlines
from dragoman.languages import base, normalise
from dragoman.sanitize import clean_text
from dragoman.steps.following import (
    FAILED,
    follow,
    follow_outlines,
    parse_rights,
    read_address,
    read_country,
    read_once,
    try_source,
)
from dragoman.store import articles, desk_sources, sources
from dragoman.store.desk_sources import Yield
from dragoman.types import UNKNOWN_LANGUAGE, Rights, Source, SourceState

board = Board("Sources", "/sources")

MONTH = timedelta(days=30)
RIGHTS = (
    (Rights.LINK.value, told("link: headline and link")),
    (Rights.EXTRACT.value, told("extract: headline, short extract, link")),
    (Rights.FULL.value, told("full: whole articles, where you may")),
)
_RIGHTS_SHORT = (told("link"), told("extract"), told("full"))
LABELS = {
    "poll": told("Poll"),
    "fetch": told("Fetch the newest"),
    "title": told("Title"),
    "language": told("Language"),
    "published": told("Published"),
    "authors": told("Authors"),
    "body": told("Body"),
    FAILED: told("Failed"),
}
_one_test = Lock()


@board.page("/sources")
def show(visit: Visit) -> Page:
    """List the sources, those in trouble first."""
    states = sources.source_states(visit.db)
    given = desk_sources.yields(visit.db, visit.now() - MONTH)
    rows = [
        _row(one, states.get(one.id, SourceState(one.id)), given.get(one.id, Yield()))
        for one in sources.sources(visit.db)
    ]
    rows.sort(key=lambda row: (row["order"], row["source"].name.casefold()))
    return Page("sources.html", {"rows": rows, "rights": RIGHTS, **_form(visit)})


def _form(visit: Visit) -> dict[str, Any]:
    """Give what the form for a new source shows: what was typed, where it was refused."""
    names = ("url", "name", "language", "country", "rights")
    form = {name: visit.field(name) for name in names}
    return {"form": {**form, "rights": form["rights"] or Rights.EXTRACT.value}}


def _row(source: Source, state: SourceState, given: Yield) -> dict[str, Any]:
    health, words = describe(source, state)
    found = given.languages.most_common(3)
    declared = base(source.language)
    return {
        "source": source,
        "state": state,
        "health": health,
        "words": words,
        "order": ("bad", "again", "wait", "good", "off").index(health),
        "given": given,
        "languages": found,
        "is_other": bool(found)
        and declared != UNKNOWN_LANGUAGE
        and found[0][0] not in (declared, UNKNOWN_LANGUAGE),
    }


def describe(source: Source, state: SourceState) -> tuple[str, str]:
    """Say how a source does: the class of its mark, and words."""
    if source.is_paused:
        return "off", say("paused")
    if state.is_gone:
        return "bad", say("gone for good")
    if state.failure:
        words = say_count("failed once", "failed %(num)s times", state.failures)
        return ("again" if state.failures < 3 else "bad"), words
    return ("good", say("well")) if state.last_success else ("wait", say("not read yet"))


@board.page("/sources/followed.opml")
def export(visit: Visit) -> File:
    """Give the sources as OPML."""
    text = write_outlines(sources.sources(visit.db), visit.settings.site.title)
    return File("publishers.opml", text.encode("utf-8", "replace"), "text/x-opml; charset=utf-8")


@board.page("/sources/{id}")
def show_one(visit: Visit) -> Page | None:
    """Show one source, with what can be changed of it."""
    source = sources.source(visit.db, visit.parts["id"])
    if source is None:
        return None
    is_followed = any(one.id == source.id for one in sources.sources(visit.db))
    state = sources.source_states(visit.db).get(source.id, SourceState(source.id))
    given = desk_sources.yields(visit.db, visit.now() - MONTH).get(source.id, Yield())
    latest = articles.articles(visit.db, source=source.id, limit=20)
    seen = dict.fromkeys(line for one in latest for line in one.reservations.evidence)
    values = {
        **_row(source, state, given),
        "is_followed": is_followed,
        "latest": latest,
        "reserved": list(seen)[:8],
        "days": _days(visit, source.id),
        "rights": RIGHTS,
    }
    return Page("source.html", values)


def _days(visit: Visit, id: str) -> list[tuple[str, int]]:
    now = visit.now()
    first = now - timedelta(days=29)
    counts = desk_sources.days(visit.db, id, first.replace(hour=0, minute=0, second=0))
    listed = [first + timedelta(days=number) for number in range(30)]
    return [(f"{at:%d %b}", counts.get(f"{at:%Y-%m-%d}", 0)) for at in listed]


# -- Adding -----------------------------------------------------------------------------


def _read_form(visit: Visit, before: Source) -> Source:
    """Give a source as the form says. Raises `DragomanError`."""
    try:
        language = normalise(visit.field("language"))
    except UnknownLanguage as error:
        raise DragomanError(str(error)) from error
    return replace(
        before,
        name=clean_text(visit.field("name"))[:200],
        language=language,
        country=read_country(visit.field("country")),
        rights=parse_rights(visit.field("rights")),
        is_indexable=bool(visit.field("indexable")),
        is_paused=bool(visit.field("paused")),
    )


@board.action("/sources/try", Role.OPERATOR, "source.try", again=show)
def try_address(visit: Visit) -> Done:
    """Try an address before it is followed: nothing is stored."""
    address = read_address(visit.field("url"))
    report = _try(visit, Source("test", address, address))
    values = {"report": _lines(report), "is_well": FAILED not in report, "source": None}
    found = {**_form(visit)["form"], "url": address}
    if not found["language"] and report.get("language", UNKNOWN_LANGUAGE) != UNKNOWN_LANGUAGE:
        found["language"] = report["language"]
    page = Page("source_test.html", {**values, "form": found, "rights": RIGHTS})
    return Done("", target=address, after=_outcome(report), page=page)


@board.action("/sources/add", Role.OPERATOR, "source.add", again=show)
def add(visit: Visit) -> Done:
    """Follow a publisher by address; its feed is looked for and read once."""
    new = _read_form(visit, Source("", read_address(visit.field("url")), ""))
    reading = read_once(visit.settings, new.url)
    source = follow(visit.db, new, reading, visit.now())
    return Done(
        f"/sources/{source.id}",
        say(
            "%(name)s is followed; what it offers (%(num)s) is relayed at the next pass.",
            name=source.name,
            num=len(reading.items),
        ),
        target=source.id,
        after=_summary(source),
    )


@board.action("/sources/import", Role.OPERATOR, "source.import", again=show, takes_file=True)
def take_in(visit: Visit) -> Done:
    """Follow the publishers of an OPML file."""
    if not visit.file:
        raise DragomanError("no file was chosen; choose an OPML file that a feed reader exported")
    outlines = parse_outlines(visit.file, "the file", is_own=bool(visit.field("own")))
    done = follow_outlines(visit.db, outlines, visit.now())
    words = say(
        "Publishers added: %(added)s; followed already: %(known)s.",
        added=len(done.added),
        known=done.known,
    )
    if done.faults:
        faults = "; ".join(done.faults[:5])
        words += " " + say("Left out: %(num)s (%(faults)s).", num=len(done.faults), faults=faults)
    return Done("/sources", words, after=", ".join(one.id for one in done.added))


# -- One source ---------------------------------------------------------------------------


def _find(visit: Visit) -> Source:
    source = sources.source(visit.db, visit.parts["id"])
    if source is None:
        raise DragomanError(f"there is no source '{visit.parts['id']}'")
    return source


@board.action("/sources/{id}/change", Role.OPERATOR, "source.change", again=show_one)
def change(visit: Visit) -> Done:
    """Change what is known of a source."""
    before = _find(visit)
    after = _read_form(visit, before)
    if not after.name:
        raise DragomanError("a source needs a name; readers see it beside each report")
    sources.put_source(visit.db, after)
    return Done(
        f"/sources/{before.id}",
        say("%(name)s is changed.", name=after.name),
        before=_summary(before),
        after=_summary(after),
    )


@board.action("/sources/{id}/poll", Role.EDITOR, "source.poll")
def poll(visit: Visit) -> Done:
    """Have a source polled at the next pass; one that was gone is asked again."""
    source = _find(visit)
    state = sources.source_states(visit.db).get(source.id, SourceState(source.id))
    sources.put_source_state(visit.db, replace(state, next_poll=None, is_gone=False))
    return Done(
        f"/sources/{source.id}", say("%(name)s is read at the next pass.", name=source.name)
    )


@board.action("/sources/{id}/test", Role.EDITOR, "source.test")
def test(visit: Visit) -> Done:
    """Read a source and its newest article now, and show what each stage gave."""
    source = _find(visit)
    report = _try(visit, source)
    values = {"report": _lines(report), "is_well": FAILED not in report, "source": source}
    page = Page("source_test.html", {**values, "form": {}, "rights": RIGHTS})
    return Done("", target=source.id, after=_outcome(report), page=page)


@board.action("/sources/{id}/remove", Role.OPERATOR, "source.remove")
def remove(visit: Visit) -> Done:
    """Stop following a source; its articles stay."""
    source = _find(visit)
    sources.remove_source(visit.db, source.id)
    words = say("%(name)s is no longer followed; its articles stay.", name=source.name)
    return Done("/sources", words, before=_summary(source))


def _try(visit: Visit, source: Source) -> dict[str, Any]:
    if not _one_test.acquire(blocking=False):
        raise DragomanError("another test is under way; wait until it is done")
    try:
        return try_source(visit.settings, source)
    finally:
        _one_test.release()


def _lines(report: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Give a report as (what, result, is it a failure)."""
    return [(_label(name), str(value), name == FAILED) for name, value in report.items()]


def _label(name: str) -> str:
    """Say what a line of a report is about: a stage, or a translation from one language."""
    if name in LABELS:
        return say(LABELS[name])
    return say("Translate %(what)s", what=name)


def _outcome(report: dict[str, Any]) -> str:
    return f"failed: {report[FAILED]}" if FAILED in report else "every stage worked"


def _summary(source: Source) -> str:
    flags = [word for word, on in (("indexable", source.is_indexable),) if on]
    flags += ["paused"] if source.is_paused else []
    facts = (source.name, source.language, source.country, source.rights.value, *flags)
    return ", ".join(filter(None, facts))
