"""The audit: every action at the desk, and what happened at its door."""

from __future__ import annotations

from dragoman.desk.board import Board, Page, Visit
from dragoman.desk.wording import told
from dragoman.store import desk_audit

_OUTCOMES = (told("begun"), told("done"))  # the others say what went wrong
board = Board("Audit", "/audit")

LISTED = 100


@board.page("/audit")
def show(visit: Visit) -> Page:
    """List what was done, last first."""
    user, action = visit.query.get("user", "").strip(), visit.query.get("action", "").strip()
    found = desk_audit.deeds(
        visit.db, LISTED + 1, before=visit.number("before"), user=user, action=action
    )
    values = {
        "deeds": found[:LISTED],
        "older": found[LISTED - 1].id if len(found) > LISTED else 0,
        "user": user,
        "action": action,
    }
    return Page("audit.html", values)
