"""A desk over the invented newsroom, with one user of each role at it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from dragoman.config import Settings
from dragoman.desk import create_desk, door
from dragoman.desk.board import Role
from dragoman.desk.keys import hash_password
from dragoman.store import Store, desk_users, items, open_store, sources, work
from dragoman.types import Failure, FeedItem, Reading, SourceState, Stage
from tests.web.newsroom import SOURCES, fill_store

ORIGIN = "http://127.0.0.1:8601"
PASSWORD = "four words not belonging"
HASHED = hash_password(PASSWORD)

# What stands in the newsroom for the parts of addresses.
EXAMPLES = {
    "/sources/{id}": "/sources/folha",
    "/stories/{id}": "/stories/ferry-story",
    "/stories/{id}/why/{article}": "/stories/ferry-story/why/ferrypt00001",
    "/articles/{id}": "/articles/ferrypt00001",
    "/enter/{key}": "/enter/nothing",
}


@dataclass
class Clock:
    """The desk's clock, which tests set."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Visitor:
    """Somebody before the desk, with a browser of their own."""

    client: TestClient

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def token(self, path: str = "/password") -> str:
        """Give the token of the forms of a page."""
        found = re.search(r'name="token" value="(\w+)"', self.get(path).text)
        assert found, f"{path} has no form"
        return found[1]

    def post(self, path: str, *, origin: str = ORIGIN, **fields: str) -> httpx2.Response:
        """Send a form as it stands, without adding a token."""
        headers = {"origin": origin} if origin else {}
        return self.client.post(path, data=fields, headers=headers)

    def send(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form as a browser does that loaded it from the desk."""
        return self.post(path, token=self.token(), **fields)

    def log_in(self, name: str, password: str = PASSWORD) -> httpx2.Response:
        token = self.token("/login")
        return self.post("/login", token=token, name=name, password=password)


@dataclass
class TestDesk:
    """The desk, its store and its clock."""

    __test__ = False

    db: Store
    app: FastAPI
    clock: Clock
    settings: Settings

    def stranger(self) -> Visitor:
        """Give somebody without a session."""
        return Visitor(TestClient(self.app, base_url=ORIGIN, follow_redirects=False))

    def as_(self, name: str) -> Visitor:
        """Give somebody who is logged in: reader, editor or operator."""
        visitor = self.stranger()
        assert visitor.log_in(name).status_code == 303
        return visitor


def make_settings(folder: Path) -> Settings:
    return Settings(data=folder, editions=("en", "pt"))


def add_people(db: Store, now: datetime) -> None:
    for role in Role:
        door.add_user(db, role.word, role, now)
        desk_users.set_password(db, role.word, HASHED)


def fill_desk(db: Store, now: datetime) -> None:
    """Fill a newsroom, with news of today and with what went wrong."""
    fill_store(db)
    found = [FeedItem(f"https://harbour.example/{n}", title=f"Report {n}") for n in range(6)]
    reading = Reading("harbour", SOURCES[0].url, items=tuple(found))
    state = SourceState("harbour", last_poll=now, last_success=now, next_poll=now)
    items.put_reading(db, reading, state, {one.url: f"new{n}" for n, one in enumerate(found)}, now)
    for number, kind in enumerate(("TooSlow", "TooSlow", "Forbidden")):
        failure = Failure(
            f"new{number}", "fetch", kind, f"{kind} at harbour.example", kind == "Forbidden"
        )
        work.put_failure(db, failure, Stage.FETCH, f"new{number}", "1", next_try=now)
    broken = Failure("quai", "poll", "FeedError", "https://quai.example/feed: this is no feed")
    failed = SourceState("quai", failures=3, failure=broken, last_poll=now, next_poll=now)
    sources.put_source_state(db, failed)


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[[], TestDesk]]:
    """Give a function that makes desks of their own."""
    opened: list[Store] = []

    def make(db: Store | None = None) -> TestDesk:
        db = db or open_store("sqlite://")
        opened.append(db)
        settings, clock = make_settings(tmp_path), Clock()
        return TestDesk(db, create_desk(db, settings, None, clock), clock, settings)

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def desk(make_desk: Callable[[], TestDesk]) -> TestDesk:
    """A desk of one's own over a newsroom, with one user of each role."""
    found = make_desk()
    fill_desk(found.db, found.clock())
    add_people(found.db, found.clock())
    return found
