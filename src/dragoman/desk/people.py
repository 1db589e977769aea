"""Users and sessions: who comes in, with what role, and from where."""

from __future__ import annotations

from datetime import timedelta

from dragoman.desk import door
from dragoman.desk.board import Board, Done, Page, Role, Visit, role_of
from dragoman.desk.hosts import desk_address
from dragoman.desk.keys import digest_of, make_key
from dragoman.desk.wording import say, told
from dragoman.errors import DragomanError
from dragoman.sanitize import clean_text
from dragoman.store import desk_sessions, desk_users
from dragoman.store.desk_sessions import Token

board = Board("Users", "/users", Role.OPERATOR)

ROLES = tuple(
    (role.word, what)
    for role, what in (
        (Role.READER, told("reader: looks at everything")),
        (Role.EDITOR, told("editor: also corrects translations, stories, failures")),
        (Role.OPERATOR, told("operator: also decides on sources, takedowns, users")),
    )
)
SCOPES = {
    "read": told("read what Today, Sources and Failures show, and the metrics"),
    "act": told("have sources polled and failures tried again"),
}
LIFETIMES = (
    ("30", told("30 days")),
    ("365", told("a year")),
    ("0", told("until it is taken away")),
)
_MAX_TOKENS = 20


def read_role(word: str) -> Role:
    """Give a role by its word. Raises `DragomanError` for another."""
    role = role_of(word)
    if role.word != word:
        known = ", ".join(one.word for one in Role)
        raise DragomanError(f"'{word}' is no role; there are: {known}")
    return role


@board.page("/users", Role.OPERATOR)
def show(visit: Visit) -> Page:
    """List users and their sessions."""
    values = {
        "users": desk_users.users(visit.db),
        "sessions": desk_sessions.sessions(visit.db, visit.now(), door.TERMS),
        "tokens": desk_sessions.list_tokens(visit.db),
        "roles_named": ROLES,
        "name": visit.field("name"),
        "role": visit.field("role") or Role.EDITOR.word,
    }
    return Page("users.html", values)


def _link_page(visit: Visit, name: str) -> Page:
    path = door.make_link(visit.db, name, visit.now())
    port = visit.settings.desk.port
    minutes = int(door.LINK_LASTS.total_seconds() // 60)
    address = desk_address(visit.settings, port) + path
    return Page("link.html", {"name": name, "address": address, "minutes": minutes})


@board.action("/users/add", Role.OPERATOR, "user.add", again=show, is_grave=True)
def add(visit: Visit) -> Done:
    """Add a user, and show the link that lets them in first."""
    role = read_role(visit.field("role"))
    new = door.add_user(visit.db, visit.field("name"), role, visit.now())
    page = _link_page(visit, new.name)
    return Done("", target=new.name, after=role.word, page=page)


@board.action("/users/link", Role.OPERATOR, "user.link", again=show, is_grave=True)
def link(visit: Visit) -> Done:
    """Show a new link for a user, who sets a new password by it."""
    name = visit.field("name")
    return Done("", target=name, page=_link_page(visit, name))


@board.action("/users/role", Role.OPERATOR, "user.role", again=show, is_grave=True)
def change_role(visit: Visit) -> Done:
    """Give a user another role."""
    name, role = visit.field("name"), read_role(visit.field("role"))
    before = desk_users.set_role(visit.db, name, role.word, highest=Role.OPERATOR.word)
    words = f"{name} is {role.word} now."
    return Done("/users", words, target=name, before=before.role, after=role.word)


@board.action("/users/remove", Role.OPERATOR, "user.remove", again=show, is_grave=True)
def remove(visit: Visit) -> Done:
    """Take a user away, with their sessions, links and tokens."""
    name = visit.field("name")
    if name == visit.user.name:
        raise DragomanError("you cannot take yourself away; let another operator do it")
    before = desk_users.remove_user(visit.db, name, highest=Role.OPERATOR.word)
    return Done(
        "/users", say("%(name)s may no longer come in.", name=name), target=name, before=before.role
    )


@board.action("/users/end", Role.OPERATOR, "session.end")
def end(visit: Visit) -> Done:
    """End somebody's session."""
    return _end(visit, "", "/users")


@board.action("/users/token", Role.OPERATOR, "token.remove")
def remove_any_token(visit: Visit) -> Done:
    """Take somebody's token away."""
    return _remove_token(visit, "", "/users")


# -- Oneself ------------------------------------------------------------------------------


@board.page("/me")
def show_me(visit: Visit) -> Page:
    """Show one's own sessions and tokens."""
    now = visit.now()
    found = desk_sessions.sessions(visit.db, now, door.TERMS)
    values = {
        "sessions": [one for one in found if one.user == visit.user.name],
        "tokens": [t for t in desk_sessions.list_tokens(visit.db) if t.user == visit.user.name],
        "scopes": SCOPES,
        "lifetimes": LIFETIMES,
        "name": visit.field("name"),
    }
    return Page("me.html", values)


@board.action("/me/end", Role.READER, "session.end")
def end_own(visit: Visit) -> Done:
    """End a session of one's own."""
    return _end(visit, visit.user.name, "/me")


@board.action("/me/token", Role.READER, "token.add", again=show_me, is_grave=True)
def add_token(visit: Visit) -> Done:
    """Make a token for a program; it is shown once."""
    name = clean_text(visit.field("name"))[:80]
    scopes = tuple(one for one in SCOPES if one in visit.chosen("scope"))
    if not name:
        raise DragomanError("give the token a name, so that you know later what uses it")
    if not scopes:
        raise DragomanError("tick what the token may be used for")
    own = [one for one in desk_sessions.list_tokens(visit.db) if one.user == visit.user.name]
    if len(own) >= _MAX_TOKENS:
        raise DragomanError(f"you have {_MAX_TOKENS} tokens; take one away first")
    days = visit.field("days")
    if days not in dict(LIFETIMES):
        raise DragomanError("choose how long the token lasts")
    key, now = f"dragoman_{make_key()}", visit.now()
    expires = now + timedelta(days=int(days)) if days != "0" else None
    new = Token(digest_of(key), visit.user.name, name, scopes, now, expires)
    desk_sessions.put_token(visit.db, new)
    page = Page("token.html", {"name": name, "key": key, "scopes": scopes})
    return Done("", target=name, after=" ".join(scopes), page=page)


@board.action("/me/token/remove", Role.READER, "token.remove")
def remove_token(visit: Visit) -> Done:
    """Take a token of one's own away."""
    return _remove_token(visit, visit.user.name, "/me")


def _end(visit: Visit, owner: str, back: str) -> Done:
    """End a session; ``owner`` is whose it has to be, empty: anybody's."""
    digest = visit.field("session")
    found = desk_sessions.sessions(visit.db, visit.now(), door.TERMS)
    for one in found:
        if one.digest == digest and owner in ("", one.user):
            desk_sessions.end_session(visit.db, digest)
            return Done(
                back, say("The session of %(name)s is ended.", name=one.user), target=one.user
            )
    raise DragomanError("there is no such session; it may be over already")


def _remove_token(visit: Visit, owner: str, back: str) -> Done:
    digest = visit.field("token_id")
    for one in desk_sessions.list_tokens(visit.db):
        if one.digest == digest and owner in ("", one.user):
            desk_sessions.remove_token(visit.db, digest)
            words = say("The token “%(name)s” lets nobody in any more.", name=one.name)
            return Done(back, words, target=f"{one.user}: {one.name}")
    raise DragomanError("there is no such token; it may be gone already")
