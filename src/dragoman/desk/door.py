"""The door of the desk: passwords, one-time links, lock-outs and sessions.

Whoever tries passwords is slowed down by name and by address, never for longer than a quarter of
an hour, and a one-time link made on the machine itself always leads in: nobody can lock the
operators out.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime, timedelta

from dragoman.config import Settings
from dragoman.desk.board import Desk, Role
from dragoman.desk.hosts import is_loopback
from dragoman.desk.keys import check_password, digest_of, hash_password, is_password, make_key
from dragoman.desk.rendering import describe_wait
from dragoman.errors import ConfigError, DragomanError
from dragoman.store import Store, desk_audit, desk_sessions, desk_users
from dragoman.store.columns import key_of
from dragoman.store.desk_audit import Deed
from dragoman.store.desk_sessions import Session, Terms
from dragoman.store.desk_users import User

TERMS = Terms(idle=timedelta(hours=12), whole=timedelta(days=7))
LINK_LASTS = timedelta(minutes=30)
PROOF_LASTS = timedelta(hours=1)  # then grave actions ask for the password again
FIRST_OPERATOR = "operator"

_FREE_BY_NAME, _FREE_BY_ADDRESS = 5, 20
_FIRST_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(minutes=15)
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


class LockedOut(DragomanError):
    """Too many wrong passwords: no other is looked at for a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "too many wrong passwords from here or for this name; try again in "
            f"{describe_wait(max(seconds, 60))}, or ask for a link with `dragoman desk link`"
        )
        self.seconds = seconds


# -- Users -----------------------------------------------------------------------------


def read_name(text: str) -> str:
    """Give a user's name as it is stored. Raises `DragomanError` for one that cannot be used."""
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise DragomanError(
            f"'{text[:80]}' cannot be a user's name; take letters a to z, digits and . _ @ + -"
        )
    return name


def add_user(db: Store, text: str, role: Role, now: datetime) -> User:
    """Add a user, who comes in by a link first. Raises `DragomanError`."""
    new = User(read_name(text), role.word, now)
    desk_users.add_user(db, new)
    return new


def ensure_operator(db: Store, now: datetime) -> str:
    """Give the name of an operator; where nobody may come yet, make the first one."""
    found = desk_users.users(db)
    operators = [one for one in found if one.role == Role.OPERATOR.word]
    if operators:
        return operators[0].name
    return add_user(db, FIRST_OPERATOR, Role.OPERATOR, now).name


def make_link(db: Store, user: str, now: datetime) -> str:
    """Make a one-time link for a user, and give its path. Raises `StoreError`."""
    key = make_key()
    desk_users.put_link(db, digest_of(key), user, now, now + LINK_LASTS)
    return f"/enter/{key}"


def has_password(db: Store) -> bool:
    """Whether anybody can come in by a password."""
    return any(one.has_password for one in desk_users.users(db))


def refuse_open_door(settings: Settings, db: Store) -> None:
    """Refuse a desk that others could reach before anybody has a password.

    Raises `ConfigError`.
    """
    if not is_loopback(settings.desk.host) and not has_password(db):
        raise ConfigError(
            f"the desk would be reachable from other machines at {settings.desk.host}, and no "
            "user has a password yet; start it with desk.host = '127.0.0.1', follow the link that "
            "it prints, set a password, and then change desk.host"
        )


# -- Coming in ---------------------------------------------------------------------------


def try_password(desk: Desk, name: str, password: str, address: str) -> User:
    """Give the user of a name and password.

    Raises `LockedOut` after too many wrong ones, and `DragomanError` for a wrong one; neither
    says whether there is such a user.
    """
    keys = _keys(name, address)
    now = desk.now()
    _refuse_locked(desk, keys)
    user = desk_users.user(desk.db, name.strip().lower())
    if is_password(user.password if user else "", password) and user:
        desk_users.forgive(desk.db, *keys)
        return user
    for key, free in zip(keys, (_FREE_BY_NAME, _FREE_BY_ADDRESS), strict=True):
        found = desk_users.count_failure(
            desk.db, key, now, free=free, first=_FIRST_LOCK, longest=_LONGEST_LOCK
        )
        if found.until and found.failures == free:
            note_door(desk, name, address, "door.lock", f"locked until {found.until:%H:%M} UTC")
    note_door(desk, name, address, "door.refuse", "wrong name or password")
    raise DragomanError("this name and password do not belong together")


def _refuse_locked(desk: Desk, keys: tuple[str, str]) -> None:
    now = desk.now()
    for key in keys:
        until = desk_users.tries_of(desk.db, key).until
        # A clock that was set back must not lock for longer than a lock lasts.
        if until and now < until <= now + _LONGEST_LOCK:
            raise LockedOut((until - now).total_seconds())


def _keys(name: str, address: str) -> tuple[str, str]:
    return f"user:{key_of(name.strip().lower())}", f"address:{_network_of(address)}"


def _network_of(address: str) -> str:
    """Give what one machine can have of addresses: an IPv6 one has a whole network."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return key_of(address)
    if number.version == 6:
        return str(ipaddress.ip_network(f"{number}/64", strict=False))
    return str(number)


def note_door(desk: Desk, name: str, address: str, action: str, outcome: str) -> None:
    """Keep in the audit what happened at the door."""
    # Only who came in is known to be who they say.
    user = name if action == "door.enter" else ""
    deed = Deed(desk.now(), user, "", address, action, target=name[:80], outcome=outcome)
    desk_audit.note(desk.db, deed)


def begin_session(desk: Desk, user: str, address: str, browser: str) -> str:
    """Begin a session, and give its key, which is kept nowhere but in the browser."""
    key, now = make_key(), desk.now()
    desk_sessions.clear_sessions(desk.db, now, TERMS)
    new = Session(digest_of(key), user, now, now, now, address, browser[:200])
    desk_sessions.begin_session(desk.db, new)
    note_door(desk, user, address, "door.enter", "done")
    return key


def use_link(desk: Desk, key: str, address: str) -> User | None:
    """Use a one-time link up; None where it was used or is over.

    Whoever comes by a link sets a password next, so the former one and its sessions end.
    """
    user = desk_users.take_link(desk.db, digest_of(key), desk.now())
    if user is None:
        _count_bad_link(desk, address)
        return None
    desk_users.set_password(desk.db, user.name, "")
    desk_sessions.end_sessions(desk.db, user.name)
    desk_users.forgive(desk.db, *_keys(user.name, address))
    return user


def _count_bad_link(desk: Desk, address: str) -> None:
    """Keep in the audit that a link was of no use; not without end, whoever tries."""
    keys = _keys("", address)
    try:
        _refuse_locked(desk, keys)
    except LockedOut:
        return
    desk_users.count_failure(
        desk.db,
        keys[1],
        desk.now(),
        free=_FREE_BY_ADDRESS,
        first=_FIRST_LOCK,
        longest=_LONGEST_LOCK,
    )
    note_door(desk, "", address, "door.refuse", "a link that was used or is over")


def change_password(
    desk: Desk, user: User, former: str, new: str, again: str, address: str
) -> None:
    """Set a user's password; who has one gives it first.

    Raises `DragomanError`, or `LockedOut` where it was wrong too often.
    """
    if user.has_password:
        try_password(desk, user.name, former, address)
    if new != again:
        raise DragomanError("the two new passwords differ; type the same twice")
    check_password(new, user.name)
    desk_users.set_password(desk.db, user.name, hash_password(new))


def find_visitor(desk: Desk, key: str) -> tuple[Session, User] | None:
    """Find whose session a cookie's key is; None where it is nobody's, or over."""
    if not key:
        return None
    return desk_sessions.find_session(desk.db, digest_of(key), desk.now(), TERMS)
