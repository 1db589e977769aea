"""One article: its whole life, stage by stage, and what can be done about it."""

from __future__ import annotations

from typing import Any

from dragoman.desk.board import Board, Done, Page, Role, Visit
from dragoman.desk.today import STAGES
from dragoman.desk.wording import say, told
from dragoman.errors import DragomanError
from dragoman.store import articles, desk_rights, items, sources, stories, translations, work
from dragoman.store.withdrawals import withdrawal
from dragoman.types import Stage

board = Board()


# What stages and translations can be.
_STATES = (
    told("done"),
    told("retry"),
    told("failed"),
    told("held"),
    told("pending"),
    told("withdrawn"),
)


@board.page("/articles/{id}")
def show(visit: Visit) -> Page | None:
    """Show what each stage made of an article."""
    id = visit.parts["id"]
    if not desk_rights.is_known(visit.db, id):
        return None
    article = articles.article(visit.db, id, with_withdrawn=True)
    entry = items.item(visit.db, id)
    source = sources.source(visit.db, article.source if article else entry.source if entry else "")
    own = stories.groupings(visit.db, [id])
    values: dict[str, Any] = {
        "id": id,
        "article": article,
        "entry": entry,
        "source": source,
        "name": (article.title if article else "") or (entry.item.title if entry else "") or id,
        "language": article.language if article else "und",
        "work": work.work(visit.db, id),
        "translations": translations.translations(visit.db, id),
        "story": own[0].story if own else "",
        "gone": withdrawal(visit.db, id),
        "stages": STAGES,
        "editions": visit.settings.editions,
    }
    return Page("article.html", values)


@board.action("/articles/{id}/again", Role.EDITOR, "article.again")
def again(visit: Visit) -> Done:
    """Have one stage done once more for an article; what it made stays until then."""
    id = visit.parts["id"]
    try:
        stage = Stage(visit.field("stage"))
    except ValueError as error:
        raise DragomanError(f"there is no stage '{visit.field('stage')}'") from error
    if withdrawal(visit.db, id):
        raise DragomanError("this article was withdrawn; restore it first")
    into = visit.field("into")[:35]
    number = work.ask_again(visit.db, [id], stage, into)
    what = f"{stage.value} into {into}" if into else stage.value
    again = say("%(stage)s: done again at the next pass.", stage=say(STAGES[stage]))
    words = again if number else say("There was nothing.")
    return Done(f"/articles/{id}", words, target=id, after=what)
