"""A desk over the invented newsroom, with one user of each role at it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from dragoman.config import Settings
from dragoman.desk import create_desk, door, keys
from dragoman.desk.board import Desk, Role
from dragoman.store import Store, desk_audit, desk_users, items, open_store, sources, work
from dragoman.types import Failure, FeedItem, Reading, SourceState, Stage
from tests.web.newsroom import SOURCES, fill_store

ORIGIN = "http://127.0.0.1:8601"
PASSWORD = "four words not belonging"
# Argon2id as the desk makes it, but cheap: tests do not have to resist guessing.
REAL = keys._hasher
CHEAP = PasswordHasher(1, 1024, 1)
HASHED = CHEAP.hash(PASSWORD)

# What stands in the newsroom for the parts of addresses.
EXAMPLES = {
    "/sources/{id}": "/sources/folha",
    "/stories/{id}": "/stories/ferry-story",
    "/articles/{id}": "/articles/ferrypt00001",
    "/enter/{key}": "/enter/nothing",
    "/translations/{article}/{into}": "/translations/ferrypt00001/en",
    "/reports/{id}": "/reports/nothing",
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
        key = door.begin_session(
            Desk(self.db, self.settings, None, self.clock), name, "1.2.3.4", ""
        )
        visitor.client.cookies.set(f"desk-{self.settings.desk.port}", key)
        return visitor

    def audited(self, action: str) -> list[desk_audit.Deed]:
        """List what the audit says of an action, last first."""
        return [one for one in desk_audit.deeds(self.db, 500) if one.action == action]


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


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash passwords as the desk does, but quickly."""
    monkeypatch.setattr(keys, "_hasher", CHEAP)
    keys._nobody.cache_clear()
    yield
    keys._nobody.cache_clear()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a newsroom and users, to be copied."""
    file = tmp_path_factory.mktemp("desk") / "relay.db"
    with open_store(file) as db:
        fill_desk(db, datetime.now(UTC))
        add_people(db, datetime.now(UTC))
    return file


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it, to be copied."""
    file = tmp_path_factory.mktemp("desk") / "relay.db"
    open_store(file).close()
    return file


@pytest.fixture
def make_desk(tmp_path: Path, empty: Path) -> Iterator[Callable[..., TestDesk]]:
    """Give a function that makes desks, of their own or over a store that is given."""
    opened: list[Store] = []

    def make(db: Store | None = None, source: Path = empty) -> TestDesk:
        if db is None:
            file = tmp_path / f"relay{len(opened)}.db"
            shutil.copyfile(source, file)
            db = open_store(file)
            opened.append(db)
        settings, clock = make_settings(tmp_path), Clock()
        return TestDesk(db, create_desk(db, settings, None, clock), clock, settings)

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def desk(make_desk: Callable[..., TestDesk], filled: Path) -> TestDesk:
    """A desk of one's own over a newsroom, with one user of each role."""
    return make_desk(source=filled)
