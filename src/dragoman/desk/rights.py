"""Rights and takedown: how much of each source is shown, and what is shown no more."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import structlog

from dragoman.desk.board import Board, Done, Page, Role, Visit
from dragoman.desk.wording import say, told
from dragoman.errors import DragomanError
from dragoman.ingest import canonical_url
from dragoman.sanitize import clean_text, clean_url
from dragoman.store import articles, desk_queue, desk_rights, sources
from dragoman.store.withdrawals import restore, withdraw, withdrawal
from dragoman.types import Rights

log = structlog.get_logger(__name__)

board = Board("Rights", "/rights")

LISTED = 100
WORDS = {
    Rights.LINK: told("headline and link"),
    Rights.EXTRACT: told("headline, short extract and link"),
    Rights.FULL: told("whole articles"),
}


@board.page("/rights")
def show(visit: Visit) -> Page:
    """Show the rights of sources, and what was withdrawn."""
    gone = desk_rights.withdrawn(visit.db, LISTED)
    values = {
        "sources": sorted(
            sources.sources(visit.db), key=lambda one: (one.rights.value, one.name.casefold())
        ),
        "rights": WORDS,
        "gone": gone,
        "listed": LISTED,
        "titles": desk_queue.titles(visit.db, [one.article for one in gone]),
        "what": visit.field("what") or visit.query.get("what", ""),
        "reason": visit.field("reason"),
    }
    return Page("rights.html", values)


def _find(visit: Visit) -> str:
    """Give the id of the article that is meant: by id, our address or the publisher's."""
    what = visit.field("what")
    if not what:
        raise DragomanError("say which article: its address here, the publisher's, or its id")
    if desk_rights.is_known(visit.db, what):
        return what
    ours = re.search(r"/article/([^/?#]+)", urlsplit(what).path) if "/" in what else None
    if ours and desk_rights.is_known(visit.db, ours[1]):
        return ours[1]
    address = clean_url(what)
    found: tuple[str, ...] = ()
    for one in dict.fromkeys(filter(None, (address, address and canonical_url(address)))):
        found = found or desk_rights.find_articles(visit.db, one)
    if not found:
        raise DragomanError(f"no article is known by '{what[:200]}'; look for it on the site first")
    if len(found) > 1:
        raise DragomanError(f"several sources have this address; give an id: {', '.join(found)}")
    return found[0]


@board.action("/rights/find", Role.OPERATOR, "takedown.look", again=show)
def look(visit: Visit) -> Done:
    """Show what a takedown would take, before it does."""
    id = _find(visit)
    article = articles.article(visit.db, id, with_withdrawn=True)
    source = sources.source(visit.db, article.source) if article else None
    values: dict[str, Any] = {
        "id": id,
        "article": article,
        "source": source,
        "gone": withdrawal(visit.db, id),
        "editions": visit.settings.editions,
        "reason": visit.field("reason"),
        "site": visit.settings.site.base_url.rstrip("/"),
    }
    return Done("", target=id, page=Page("takedown.html", values))


@board.action("/rights/withdraw", Role.OPERATOR, "takedown", again=show)
def take_down(visit: Visit) -> Done:
    """Take an article down: all languages and feeds, 410 from now on, never taken in again."""
    id, reason = visit.field("what"), clean_text(visit.field("reason"))[:500]
    if not reason:
        raise DragomanError("say why: the reason is kept with the takedown")
    if not desk_rights.is_known(visit.db, id):
        raise DragomanError(f"there is no article '{id[:200]}'")
    withdraw(visit.db, id, reason, visit.now(), block=True)
    log.info("withdrawn", article=id, reason=reason, by=visit.user.name)
    words = say("It is taken down in all languages and feeds, and will not be taken in again.")
    return Done("/rights", words, target=id, after=f"taken down: {reason}")


@board.action("/rights/restore", Role.OPERATOR, "takedown.undo")
def undo(visit: Visit) -> Done:
    """Let an article come back: its page is fetched again."""
    id = visit.field("what")
    before = withdrawal(visit.db, id)
    if before is None or not restore(visit.db, id):
        raise DragomanError(f"'{id[:200]}' is not withdrawn")
    words = say("It may come back; its page is fetched at the next pass.")
    return Done("/rights", words, target=id, before=f"withdrawn: {before.reason}")
