"""``life``: one article from first sight to now, and where and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table, show_time
from dragoman.errors import DragomanError
from dragoman.types import Translation, TranslationStatus, Work, WorkState

if TYPE_CHECKING:
    from dragoman.store import Store

_STATES = {
    WorkState.DONE: "done",
    WorkState.RETRY: "to be tried again",
    WorkState.FAILED: "GIVEN UP",
    WorkState.WITHDRAWN: "withdrawn",
}
_LAST = datetime.max.replace(tzinfo=UTC)  # what has no time stands last


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that befell an article."""

    at: datetime | None
    stage: str
    what: str
    why: str = ""


def read_life(db: Store, id: str) -> list[Event]:
    """List what the store knows of an article, in order of time. Raises `DragomanError`."""
    from dragoman import store

    events = []
    entry = store.items.item(db, id)
    if entry:
        events.append(Event(entry.first_seen, "seen", f"{entry.source}: {entry.item.url}"))
    for one in store.articles.revisions(db, id):
        words = f"{one.language}, revision {one.revision}: {one.title}"
        at = one.fetched or one.first_seen
        events.append(Event(at, "extracted", words))
        events.append(Event(at, "published", f"{one.language}, the original"))
    done = store.work.work(db, id)
    if not (entry or events or done):
        raise DragomanError(f"no article '{id[:200]}' is known; `dragoman search` finds ids")
    events += [_describe_work(one) for one in done]
    for made in store.translations.translations(db, id):
        events.append(_describe_translation(made))
        if made.corrected:
            words = f"{made.into}: {made.reviewed} segments by people"
            events.append(Event(made.corrected, "corrected", words, made.reviewer))
    for grouped in store.stories.groupings(db, [id]):
        events.append(
            Event(None, "linked", f"in the story {grouped.story}", _copy(grouped.copy_of))
        )
    tombstone = store.articles.withdrawal(db, id)
    if tombstone:
        events.append(Event(tombstone.at, "withdrawn", "no longer shown", tombstone.reason))
    return sorted(events, key=lambda one: one.at or _LAST)


def _copy(of: str) -> str:
    return f"a copy of {of}" if of else ""


def _describe_work(one: Work) -> Event:
    stage = f"{one.stage.value} into {one.into}" if one.into else one.stage.value
    state = _STATES[one.state]
    if one.state is WorkState.RETRY:
        state += f" at {show_time(one.next_try)}" if one.next_try else " once it can be"
    why = f"{one.failure.kind}: {one.failure.message}" if one.failure else ""
    return Event(one.updated, stage, state, why)


def _describe_translation(one: Translation) -> Event:
    if one.status is TranslationStatus.HELD:
        return Event(one.made, "held back", one.into, one.reason)
    if one.status is not TranslationStatus.DONE:
        return Event(one.made, "not translated", f"{one.into}: {one.status.value}", one.reason)
    return Event(one.made, "published", f"{one.into}: {one.title}", one.verdict.value)


def life(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="The article's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Show one article's whole life, and where and why it stopped."""
    with opened_store(read_settings(context)) as db:
        events = read_life(db, article)
    if as_json:
        show_json(events)
        return
    rows = [(show_time(one.at), one.stage, one.what, one.why) for one in events]
    show_table("", ("when", "stage", "what", "why"), rows)


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(life)
