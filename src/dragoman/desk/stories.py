"""Stories: which reports belong together, and why."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from dragoman.desk.board import Board, Done, Page, Role, Visit
from dragoman.desk.wording import say, told
from dragoman.errors import DragomanError
from dragoman.languages import base
from dragoman.steps import merge_stories, split_story
from dragoman.store import articles, desk_queue, sources, stories
from dragoman.types import Article, Judgement, Relation

board = Board("Stories", "/stories")

LISTED = 50
_REASONS = 200  # judgements that one page lists
RELATIONS = {
    Relation.COPY: told("the same text"),
    Relation.SAME_EVENT: told("the same event"),
    Relation.SAME_STORY: told("the same story"),
    Relation.DIFFERENT: told("another story"),
}


@board.page("/stories")
def show(visit: Visit) -> Page:
    """List the stories by their last report."""
    page = max(1, visit.number("page", 1))
    found = stories.newest(visit.db, LISTED + 1, (page - 1) * LISTED)
    shown = found[:LISTED]
    groups = stories.members(visit.db, [one.id for one in shown])
    firsts = {id: some[0].article for id, some in groups.items() if some}
    values = {
        "stories": shown,
        "titles": desk_queue.titles(visit.db, list(firsts.values())),
        "firsts": firsts,
        "page": page,
        "has_more": len(found) > LISTED,
    }
    return Page("stories.html", values)


@board.page("/stories/{id}")
def show_one(visit: Visit) -> Page | None:
    """Show the reports of a story, and why each was linked."""
    id = visit.parts["id"]
    members = stories.story(visit.db, id)
    known = {a.id: a for a in articles.articles(visit.db, ids=[one.article for one in members])}
    members = tuple(one for one in members if one.article in known)
    if not members:
        return None
    events = list(dict.fromkeys(one.event for one in members))
    values: dict[str, Any] = {
        "id": members[0].story,
        "title": known[members[0].article].title,
        "language": known[members[0].article].language,
        "events": [(event, [m for m in members if m.event == event]) for event in events],
        "articles": known,
        "names": {one.id: one.name for one in sources.sources(visit.db, with_removed=True)},
        "languages": {base(one.language) for one in known.values()},
        "why": _explain(visit, known),
        "relations": RELATIONS,
        "others": _name_others(visit, members[0].story),
        "other": visit.field("other"),
        "ticked": visit.chosen("article"),
    }
    return Page("story.html", values)


def _name_others(visit: Visit, id: str) -> list[tuple[str, str]]:
    """Name the latest stories, to choose one from that is the same."""
    groups = stories.members(visit.db, stories.story_ids(visit.db, limit=LISTED))
    firsts = {story: some[0].article for story, some in groups.items() if some and story != id}
    titles = desk_queue.titles(visit.db, list(firsts.values()))
    return [(story, titles.get(first, "")) for story, first in firsts.items()]


def _explain(visit: Visit, known: dict[str, Article]) -> list[Judgement]:
    """List the judgements within a story, people's first, then the surest."""
    found = stories.judgements(visit.db, list(known))
    within = [one for one in found if one.article in known and one.other in known]
    within.sort(key=lambda one: (one.by == stories.OURS, one.relation.value, -one.score))
    return within[:_REASONS]


@board.action("/stories/{id}/merge", Role.EDITOR, "story.merge", again=show_one)
def merge(visit: Visit) -> Done:
    """Make one story of two; the address that goes leads to the one that stays."""
    id, other = visit.parts["id"], visit.field("other")
    if not other:
        raise DragomanError("say which story is the same: its id, or its address on the site")
    address = re.search(r"/stor(?:y|ies)/([^/?#]+)", urlsplit(other).path) if "/" in other else None
    other = address[1] if address else other
    kept = merge_stories(visit.db, id, other, visit.user.name, is_event=bool(visit.field("event")))
    words = say("The two are one story now; both addresses lead to it.")
    return Done(f"/stories/{kept}", words, before=f"{id}, {other}", after=kept)


@board.action("/stories/{id}/split", Role.EDITOR, "story.split", again=show_one)
def split(visit: Visit) -> Done:
    """Make a story of its own of the reports that are ticked."""
    ticked = visit.chosen("article")
    if not ticked:
        raise DragomanError("tick the reports that do not belong to this story")
    found = split_story(visit.db, visit.parts["id"], ticked, visit.user.name)
    words = say("They are a story of their own now.")
    after = f"{', '.join(ticked)} in {found.parted}"
    return Done(f"/stories/{found.parted}", words, before=found.story, after=after)
