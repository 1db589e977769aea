"""How a page or an action is added to the desk.

A module makes a `Board`, and registers functions on it with the least role that may call them;
`rooms.py` lists the boards. The desk asks for session, origin, form token and role, and writes
the audit, before and after the function: nothing is reached without them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dragoman.desk.wording import told

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.store import Store
    from dragoman.store.desk_sessions import Session
    from dragoman.store.desk_users import User


class Role(IntEnum):
    """What somebody may do; each may all that the ones before may."""

    READER = 1  # looks
    EDITOR = 2  # corrects what is published: translations, terms, stories, failures
    OPERATOR = 3  # decides whom to follow, what is withdrawn, and who comes in

    @property
    def word(self) -> str:
        """The role as it is stored and shown."""
        return self.name.lower()


_WORDS = (told("reader"), told("editor"), told("operator"))


def role_of(word: str) -> Role:
    """Give the role of a word; the least for one that is unknown."""
    return next((role for role in Role if role.word == word), Role.READER)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the whole desk works with."""

    db: Store
    settings: Settings
    file: Path | None  # where the settings were read
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Visit:
    """One question to the desk, by somebody who may ask it."""

    desk: Desk
    user: User
    role: Role
    session: Session
    key: str  # of the session: its forms are signed with it
    address: str  # where it comes from
    path: str
    parts: Mapping[str, str]  # of the path: {id}
    query: Mapping[str, str]
    fields: tuple[tuple[str, str], ...] = ()  # of the form
    file: bytes = b""
    error: str = ""  # why the form was refused that this page shows again

    @property
    def db(self) -> Store:
        """The store."""
        return self.desk.db

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.desk.settings

    def now(self) -> datetime:
        """Give the time."""
        return self.desk.now()

    def field(self, name: str) -> str:
        """Give what a form says under a name, without space around; empty where nothing."""
        return next((value.strip() for key, value in self.fields if key == name), "")

    def secret(self, name: str) -> str:
        """Give what a form says under a name, to the letter."""
        return next((value for key, value in self.fields if key == name), "")

    def chosen(self, name: str) -> tuple[str, ...]:
        """Give all that was ticked under a name."""
        return tuple(value for key, value in self.fields if key == name)

    def number(self, name: str, default: int = 0) -> int:
        """Give a number from the address's query; the default where it is none."""
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: a template and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class File:
    """What is given to be saved."""

    name: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: where to go on, what to say, and what the audit keeps."""

    to: str
    message: str = ""
    target: str = ""
    before: str = ""
    after: str = ""
    page: Page | None = None  # shown at once instead, where it must not be kept anywhere


Show = Callable[[Visit], "Page | File | None"]
Act = Callable[[Visit], Done]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, or an action with its name in the audit."""

    path: str
    role: Role
    show: Show | None = None
    act: Act | None = None
    name: str = ""
    again: Show | None = None  # the page that shows a refused form again
    takes_file: bool = False
    is_grave: bool = False  # asks for the password once more if it was given long ago


@dataclass(slots=True)
class Board:
    """Pages and actions that belong together, with their place in the menu."""

    title: str = ""  # in the menu; empty: not there
    path: str = ""
    role: Role = Role.READER
    entries: list[Entry] = field(default_factory=list)

    def page(self, path: str, role: Role = Role.READER) -> Callable[[Show], Show]:
        """Register a page. It may change nothing. None: there is no such thing (404)."""

        def register(show: Show) -> Show:
            self.entries.append(Entry(path, role, show=show))
            return show

        return register

    def action(
        self,
        path: str,
        role: Role,
        name: str,
        *,
        again: Show | None = None,
        takes_file: bool = False,
        is_grave: bool = False,
    ) -> Callable[[Act], Act]:
        """Register an action, under its name in the audit: ``source.pause``.

        A `DragomanError` that it raises is told to who asked, on the page ``again`` where one
        is named, and kept in the audit.
        """

        def register(act: Act) -> Act:
            entry = Entry(path, role, None, act, name, again, takes_file, is_grave)
            self.entries.append(entry)
            return act

        return register
