"""Webhooks: what is told, how it is signed, and what becomes of it where nobody receives it."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import Settings, Webhook
from dragoman.errors import ConfigError
from dragoman.steps import Pass, index_texts, notify_others, read_hooks
from dragoman.store import Store, articles, open_store, readers, sources, stories, webhooks
from dragoman.types import Dating, Failure, Grouping, Moment, SourceState
from tests.web import newsroom as news

SECRET = "a secret of more than sixteen bytes"
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Got:
    headers: dict[str, str]
    body: bytes

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(slots=True)
class Receiver:
    """A server that takes messages and answers as a test wants."""

    answer: bytes | None = b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n"  # None: never answers
    got: list[Got] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        assert head[0] == "POST /hook HTTP/1.1"
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append(Got(headers, body))
        if self.answer is None:
            await reader.read()  # until the other side hangs up
        else:
            writer.write(self.answer)
            await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a store once: making one takes longer than any test here."""
    file = tmp_path_factory.mktemp("filled") / "relay.db"
    with open_store(file) as db:
        news.fill_store(db)
    return file


@pytest.fixture
def db(filled: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(shutil.copy(filled, tmp_path)) as db:
        yield db


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_WEBHOOK_SECRET", SECRET)


@dataclass(slots=True)
class Relay:
    """Passes over a store, with a clock that the test sets."""

    db: Store
    settings: Settings
    now: datetime = START

    async def tell(self, after: timedelta = timedelta()) -> None:
        self.now += after
        no_runner: Any = None  # nothing heavy is done in these steps
        work = Pass(self.db, no_runner, self.settings, now=lambda: self.now)
        if any(hook.search for hook in self.settings.webhooks):
            await index_texts(work)
        await notify_others(work)

    def add_report(self, number: int, story: str, **changes: Any) -> None:
        id = f"fresh{number:07}"
        url = f"https://harbour.example/{id}"
        article = replace(news.FERRY_NATIVE, id=id, url=url, **changes)
        articles.put_article(self.db, article, "1")
        stories.put_links(self.db, [], [Grouping(id, story, story)], "1", [id])


def relay_to(db: Store, url: str, *events: Any, search: str = "", **fetch: Any) -> Relay:
    networks: Any = {"allow_networks": ["127.0.0.0/8"]}
    hooks = (Webhook(url=url, events=events or ("story.new", "story.grown"), search=search),)
    settings = Settings(
        editions=("en", "pt"),
        webhooks=hooks,
        fetch=networks | fetch,
        site={"base_url": "https://relay.example"},
    )
    return Relay(db, settings)


async def test_a_message_is_signed_so_that_its_receiver_can_check_it(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url)
    await relay.tell()
    assert receiver.got == []  # what was there before is no news
    relay.add_report(1, "new-story")
    await relay.tell()
    (got,) = receiver.got
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    digest = hmac.new(SECRET.encode(), signed, sha256).digest()
    assert got.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert int(got.headers["webhook-timestamp"]) == int(START.timestamp())
    assert got.headers["content-type"] == "application/json"
    assert "set-cookie" not in got.headers
    assert got.record["type"] == "story.new"
    story = got.record["data"]["story"]
    assert story["editions"]["en"] == {
        "title": news.FERRY_NATIVE.title,
        "url": "https://relay.example/en/story/new-story/",
    }
    assert story["editions"]["pt"]["title"] is None
    assert [one["source"] for one in story["articles"]] == ["harbour"]
    assert webhooks.list_deliveries(db) == ()
    await relay.tell()
    assert len(receiver.got) == 1


async def test_a_story_that_grows_is_told_once_for_each_growth(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url)
    await relay.tell()
    relay.add_report(1, "ferry-story")
    relay.add_report(2, "ferry-story")
    await relay.tell()
    relay.add_report(3, "ferry-story")
    await relay.tell()
    records = [got.record for got in receiver.got]
    assert [one["type"] for one in records] == ["story.grown", "story.grown"]
    assert [one["data"]["reports_before"] for one in records] == [5, 7]
    assert [one["data"]["story"]["reports"] for one in records] == [7, 8]
    assert records[0]["data"]["story"]["languages"] == ["ar", "en", "es", "pt"]


async def test_an_article_that_a_search_finds_is_told_once(db: Store, receiver: Receiver) -> None:
    relay = relay_to(db, receiver.url, "search.match", search="ferry dock")
    await relay.tell()
    assert receiver.got == []  # what it finds at once was there before
    at = Dating(Moment(START - timedelta(hours=1)))
    words = "The ferry lies in dock."
    relay.add_report(1, "one", published=at, title=words, blocks=(news.paragraph(words),))
    relay.add_report(
        2, "two", published=at, title="A bridge", blocks=(news.paragraph("A bridge."),)
    )
    old = Dating(Moment(START - timedelta(days=9)))
    relay.add_report(3, "three", published=old, title=words, blocks=(news.paragraph(words),))
    await relay.tell()
    await relay.tell()
    (got,) = receiver.got
    data = got.record["data"]
    assert (got.record["type"], data["search"]) == ("search.match", "ferry dock")
    assert data["article"]["id"] == "fresh0000001"
    page = {"title": words, "url": "https://relay.example/en/article/fresh0000001/"}
    assert data["article"]["editions"]["en"] == page


async def test_only_what_was_asked_for_is_told(db: Store, receiver: Receiver) -> None:
    relay = relay_to(db, receiver.url, "source.failing")
    await relay.tell()
    relay.add_report(1, "new-story")
    await relay.tell()
    assert receiver.got == []


async def test_a_source_that_fails_is_told_once_until_it_recovers(
    db: Store, receiver: Receiver
) -> None:
    failure = Failure("quai", "poll", "TooSlow", "gave up")
    relay = relay_to(db, receiver.url, "source.failing")
    for failures in (1, 2, 3, 4, 0, 1, 3):
        befell = failure if failures else None
        sources.put_source_state(db, SourceState("quai", failures=failures, failure=befell))
        await relay.tell()
    records = [got.record["data"]["source"] for got in receiver.got]
    assert [(one["id"], one["failures"]) for one in records] == [("quai", 3), ("quai", 3)]
    assert records[0]["message"] == "gave up"


async def test_a_receiver_that_fails_is_asked_again_later_with_the_same_id(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url)
    await relay.tell()
    receiver.answer = b"HTTP/1.1 500 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    relay.add_report(1, "one")
    relay.add_report(2, "two")
    await relay.tell()
    assert len(receiver.got) == 1  # what waits behind it would fail as well
    relay.add_report(3, "three")
    await relay.tell(timedelta(minutes=1))
    assert len(receiver.got) == 1
    receiver.answer = b"HTTP/1.1 200 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    await relay.tell(timedelta(minutes=5))
    assert [got.record["data"]["story"]["id"] for got in receiver.got[1:]] == [
        "one",
        "two",
        "three",
    ]
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]
    assert receiver.got[0].body == receiver.got[1].body
    assert webhooks.list_deliveries(db) == ()


async def test_a_message_is_given_up_in_the_end_and_can_be_sent_after_all(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url)
    await relay.tell()
    receiver.answer = b"HTTP/1.1 503 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    relay.add_report(1, "one")
    for _ in range(10):
        await relay.tell(timedelta(days=1))
    (given_up,) = webhooks.list_deliveries(db)
    assert given_up.next_try is None
    assert given_up.attempts == len(receiver.got) == 6
    assert "answers 503" in given_up.failure
    receiver.answer = b"HTTP/1.1 200 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert webhooks.retry_given_up(db, relay.now) == 1
    await relay.tell()
    assert len(receiver.got) == 7
    assert webhooks.list_deliveries(db) == ()


async def test_a_receiver_that_hangs_does_not_hold_up_the_relay(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url, total_s=0.3)
    await relay.tell()
    receiver.answer = None
    for number in range(20):
        relay.add_report(number, f"story-{number}")
    await asyncio.wait_for(relay.tell(), 10)
    assert len(receiver.got) == 1
    waiting = webhooks.list_deliveries(db)
    assert len(waiting) == 20
    assert all("gave up after" in one.failure and one.attempts == 1 for one in waiting)


async def test_a_redirect_is_not_followed(db: Store, receiver: Receiver) -> None:
    relay = relay_to(db, receiver.url)
    await relay.tell()
    receiver.answer = (
        f"HTTP/1.1 307 X\r\nLocation: {receiver.url}\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    relay.add_report(1, "one")
    await relay.tell()
    assert len(receiver.got) == 1
    (waiting,) = webhooks.list_deliveries(db)
    assert "a redirect, which is not followed" in waiting.failure


async def test_a_private_address_is_never_asked_unless_it_is_allowed(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url, allow_networks=[])
    await relay.tell()
    relay.add_report(1, "one")
    await relay.tell()
    assert receiver.got == []
    (given_up,) = webhooks.list_deliveries(db)
    assert given_up.next_try is None
    assert "not a public address" in given_up.failure


async def test_one_receiver_that_fails_does_not_keep_others_waiting(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url)
    nobody = Webhook(url="http://127.0.0.1:1/", events=("story.new",))
    both = (nobody, *relay.settings.webhooks)
    relay.settings = relay.settings.model_copy(update={"webhooks": both})
    await relay.tell()
    relay.add_report(1, "one")
    await relay.tell()
    assert len(receiver.got) == 1
    (waiting,) = webhooks.list_deliveries(db)
    assert waiting.hook == nobody.url
    relay.settings = relay.settings.model_copy(update={"webhooks": both[1:]})
    await relay.tell()
    assert webhooks.list_deliveries(db) == ()  # nobody asks for it any more


async def test_what_happens_while_no_webhook_is_there_is_never_told(
    db: Store, receiver: Receiver
) -> None:
    relay = relay_to(db, receiver.url)
    await relay.tell()
    hooks = relay.settings.webhooks
    relay.settings = relay.settings.model_copy(update={"webhooks": ()})
    relay.add_report(1, "one")
    await relay.tell()
    relay.settings = relay.settings.model_copy(update={"webhooks": hooks})
    await relay.tell()
    assert receiver.got == []
    relay.add_report(2, "two")
    await relay.tell()
    assert [got.record["data"]["story"]["id"] for got in receiver.got] == ["two"]


@pytest.mark.parametrize("secret", ["", "short", "whsec_not base64", "whsec_c2hvcnQ="])
def test_a_webhook_without_a_good_secret_is_refused(
    db: Store, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("DRAGOMAN_WEBHOOK_SECRET", secret)
    with pytest.raises(ConfigError, match="DRAGOMAN_WEBHOOK_SECRET") as raised:
        read_hooks(relay_to(db, "https://a.example/").settings)
    assert secret in ("", "short") or secret not in str(raised.value)


def test_a_search_and_its_event_belong_together(db: Store) -> None:
    for relay in (
        relay_to(db, "https://a.example/", "search.match"),
        relay_to(db, "https://a.example/", search="x"),
    ):
        with pytest.raises(ConfigError, match="needs both 'search' and the event"):
            read_hooks(relay.settings)


def test_a_secret_in_the_standards_spelling_is_decoded(
    db: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = bytes(range(32))
    monkeypatch.setenv("DRAGOMAN_WEBHOOK_SECRET", f"whsec_{base64.b64encode(key).decode()}")
    (hook,) = read_hooks(relay_to(db, "https://a.example/").settings)
    assert hook.secret == key
    assert "secret" not in repr(hook)


async def test_reading_programs_get_what_a_pass_brought(db: Store) -> None:
    settings = Settings(editions=("en",), reader={"user": "ana"})
    relay = Relay(db, settings)
    await relay.tell()
    before = readers.items_of(db, readers.Stream(("en",)), 100)
    relay.add_report(1, "one")
    await relay.tell(timedelta(minutes=1))
    newest, *others = readers.items_of(db, readers.Stream(("en",)), 100)
    assert newest.article == "fresh0000001"
    assert tuple(others) == before
