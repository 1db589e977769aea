"""The Google Reader API, asked as reading programs ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from starlette.testclient import TestClient

from dragoman.store import Store, articles, open_store, readers, translations
from dragoman.types import TranslationStatus
from dragoman.web import SiteSettings, create_app
from dragoman.web.reader.login import set_password
from tests.web import newsroom as news
from tests.web.conftest import SETTINGS

USER, PASSWORD = "ana@relay.example", "four words & a + sign"
READER = replace(SETTINGS, editions=("en", "pt"), reader=USER)
READ, STARRED = "user/-/state/com.google/read", "user/-/state/com.google/starred"
READING_LIST = "user/-/state/com.google/reading-list"
ENGLISH = "user/-/label/English"
API = "/reader/api/0"


class Program:
    """A reading program: it logs in once and sends along what it was given."""

    def __init__(self, http: TestClient) -> None:
        self.http = http
        self.headers: dict[str, str] = {}

    def log_in(self, user: str = USER, password: str = PASSWORD) -> int:
        sent = {"service": "reader", "Email": user, "Passwd": password, "client": "test"}
        found = self.http.post("/accounts/ClientLogin", data=sent)
        lines = dict(line.split("=", 1) for line in found.text.splitlines())
        if "Auth" in lines:
            self.headers = {"Authorization": f"GoogleLogin auth={lines['Auth']}"}
        return found.status_code

    def ask(self, path: str, **params: Any) -> Any:
        found = self.http.get(
            f"{API}/{path}", params={"output": "json", **params}, headers=self.headers
        )
        assert found.status_code == 200, f"{path}: {found.status_code} {found.text}"
        assert "no-cache" in found.headers["cache-control"]
        return found.json()

    def text(self, path: str, **params: Any) -> str:
        found = self.http.get(f"{API}/{path}", params=params, headers=self.headers)
        assert found.status_code == 200
        return found.text

    def tell(self, path: str, **fields: Any) -> Any:
        fields.setdefault("T", self.text("token"))
        return self.http.post(f"{API}/{path}", data=fields, headers=self.headers)

    def numbers(self, stream: str, **params: Any) -> list[int]:
        refs = self.ask("stream/items/ids", s=stream, n=1000, **params)["itemRefs"]
        return [int(one["id"]) for one in refs]


def open_reader(db: Store, site: SiteSettings = READER) -> TestClient:
    return TestClient(create_app(db, site))


@pytest.fixture(scope="module")
def filled() -> Iterator[Store]:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        set_password(db, USER, PASSWORD)
        readers.number_items(db, READER.editions, news.NOW + timedelta(hours=1))
        yield db


@pytest.fixture(scope="module")
def logged_in(filled: Store) -> Program:
    """Log in once: a password takes long to check, on purpose."""
    found = Program(open_reader(filled))
    assert found.log_in() == 200
    return found


@pytest.fixture
def program(filled: Store, logged_in: Program) -> Program:
    """Give a program that has logged in; nothing was read yet."""
    every = readers.items_of(filled, readers.Stream(READER.editions), 1000)
    numbers = [item.number for item in every]
    readers.mark(filled, numbers, is_read=False, is_starred=False)
    return logged_in


def test_it_is_not_there_unless_it_is_turned_on(filled: Store) -> None:
    client = open_reader(filled, SETTINGS)
    assert client.post("/accounts/ClientLogin").status_code in (404, 405)
    assert client.get(f"{API}/token").status_code == 404


def test_nobody_comes_in_without_the_password(filled: Store) -> None:
    program = Program(open_reader(filled))
    assert program.log_in(password="four other words") == 401
    assert program.log_in(user="somebody else") == 401
    for sent in ("", "GoogleLogin auth=x/y", "GoogleLogin auth=ana@relay.example/é", "Bearer x"):
        header = {b"Authorization": sent.encode()}
        for path in ("token", "subscription/list", "stream/contents/x", "stream/items/ids"):
            found = program.http.get(f"{API}/{path}", headers=header)
            assert (found.status_code, "Auth" in found.text) == (401, False)
    assert program.http.post(f"{API}/edit-tag", data={"i": "1"}).status_code == 401
    assert program.http.get("/reader/atom/feed/en/folha").status_code == 401


def test_a_new_password_ends_every_login() -> None:
    with open_store("sqlite://") as db:
        set_password(db, USER, PASSWORD)
        program = Program(open_reader(db))
        assert program.log_in() == 200
        assert program.text("token")
        set_password(db, USER, "quite another one")
        old = program.http.get(f"{API}/token", headers=program.headers)
        assert old.status_code == 401
        assert program.log_in() == 401
        assert program.log_in(password="quite another one") == 200


def test_guessing_passwords_is_slowed_down() -> None:
    with open_store("sqlite://") as db:
        set_password(db, USER, PASSWORD)
        program = Program(open_reader(db))
        for _ in range(5):
            assert program.log_in(password="a wrong guess") == 401
        assert program.log_in() == 429  # the right one too, so that nothing is learnt
        found = program.http.post("/accounts/ClientLogin", data={"Email": "x", "Passwd": "y"})
        assert 0 < int(found.headers["retry-after"]) <= 61


def test_editions_are_folders_and_sources_are_feeds(program: Program) -> None:
    feeds = program.ask("subscription/list")["subscriptions"]
    assert len(feeds) == len(READER.editions) * len(news.SOURCES)
    folha = next(feed for feed in feeds if feed["id"] == "feed/en/folha")
    assert folha["title"] == "Folha do Cais"
    assert folha["categories"] == [{"id": ENGLISH, "label": "English"}]
    assert folha["url"] == "https://relay.example/en/source/folha/feed.atom"
    tags = [tag["id"] for tag in program.ask("tag/list")["tags"]]
    assert tags == [STARRED, ENGLISH, "user/-/label/Português"]
    assert program.ask("user-info")["userName"] == USER


def test_an_item_comes_in_the_readers_language_with_its_notice(program: Program) -> None:
    found = program.ask("stream/contents/feed/en/folha", n=50)
    assert found["id"] == "feed/en/folha"
    ferry = next(item for item in found["items"] if "Ferry links" in item["title"])
    assert ferry["id"].startswith("tag:google.com,2005:reader/item/000")
    assert ferry["published"] == datetime(2026, 11, 18, 9, 30, tzinfo=UTC).timestamp()
    assert ferry["canonical"] == [{"href": f"https://relay.example/en/article/{news.FERRY.id}/"}]
    assert ferry["origin"]["streamId"] == "feed/en/folha"
    assert ferry["author"] == "Joana Teles"
    content = ferry["summary"]["content"]
    assert "sailed again on" in content
    assert "Translated by machine from Portuguese; not checked by a person." in content
    assert news.FERRY.url in content
    assert int(ferry["timestampUsec"]) // 1000 == int(ferry["crawlTimeMsec"])


def test_an_item_holds_no_more_than_the_rights_of_its_source(program: Program) -> None:
    (extract,) = [
        item
        for item in program.ask("stream/contents/feed/en/gaceta", n=50)["items"]
        if "turns to join" in item["title"]
    ]
    assert "communiqué" in extract["summary"]["content"]
    assert "captain" not in extract["summary"]["content"]
    (link,) = program.ask("stream/contents/feed/en/quai")["items"]
    assert "conseil" not in link["summary"]["content"]
    assert "Le Quai" in link["summary"]["content"]


def test_a_withdrawn_article_is_in_no_stream(program: Program) -> None:
    titles = [item["title"] for item in program.ask("stream/contents", n=250)["items"]]
    assert titles
    assert news.GONE.title not in titles


@pytest.mark.parametrize("order", ["n", "o"])
def test_continuations_give_every_item_once_in_order(program: Program, order: str) -> None:
    whole = program.numbers(READING_LIST, r=order)
    assert whole == sorted(whole, reverse=order == "n")
    seen: list[int] = []
    params: dict[str, Any] = {}
    while True:
        page = program.ask("stream/items/ids", s=READING_LIST, n=2, r=order, **params)
        seen += [int(one["id"]) for one in page["itemRefs"]]
        if "continuation" not in page:
            break
        params = {"c": page["continuation"]}
    assert seen == whole
    assert program.text("stream/items/count", s=READING_LIST) == str(len(whole))


def test_streams_are_narrowed_by_time(program: Program) -> None:
    whole = program.numbers(ENGLISH)
    at = str(whole[2] // 1_000_000)
    later = program.numbers(ENGLISH, ot=at)
    assert later == [number for number in whole if number >= int(at) * 1_000_000]
    assert program.numbers(ENGLISH, nt=str(int(at) - 1)) == [n for n in whole if n not in later]


def test_items_are_had_by_their_long_and_short_names(program: Program) -> None:
    first, second, third, *_ = program.numbers(ENGLISH)
    names = [f"tag:google.com,2005:reader/item/{first:016x}", f"{second:016x}", str(third)]
    found = program.tell("stream/items/contents", i=names).json()["items"]
    assert [int(item["timestampUsec"]) for item in found] == [first, second, third]
    assert program.ask("stream/items/contents", i=str(first))["items"] == found[:1]
    assert program.ask("stream/items/contents", i="12345")["items"] == []


def test_what_is_read_leaves_the_unread_and_comes_back(program: Program) -> None:
    number, *others = program.numbers(ENGLISH)
    name = f"tag:google.com,2005:reader/item/{number:016x}"
    assert program.tell("edit-tag", i=name, a=READ).text == "OK"
    assert program.numbers(ENGLISH, xt=READ) == others
    assert program.numbers(ENGLISH, it=READ) == [number]
    assert program.numbers(READ) == [number]
    (item,) = program.ask("stream/items/contents", i=name)["items"]
    assert READ in item["categories"]
    kept = "user/-/state/com.google/kept-unread"
    assert program.tell("edit-tag", i=name, r=READ, a=kept).text == "OK"
    assert program.numbers(ENGLISH, xt=READ) == [number, *others]


def test_what_is_starred_is_found_again(program: Program) -> None:
    some = program.numbers(ENGLISH)[1:3]
    assert program.tell("edit-tag", i=[str(one) for one in some], a=STARRED).text == "OK"
    assert program.numbers(STARRED) == some
    assert program.numbers("user/1/state/com.google/starred") == some
    assert program.tell("edit-tag", i=str(some[0]), r=STARRED).text == "OK"
    assert program.numbers(STARRED) == some[1:]
    assert program.numbers(STARRED, xt=STARRED) == []


def test_unread_items_are_counted_by_feed_folder_and_in_all(program: Program) -> None:
    def counts() -> dict[str, int]:
        rows = program.ask("unread-count")["unreadcounts"]
        return {row["id"]: row["count"] for row in rows}

    before = counts()
    assert before[READING_LIST] == before[ENGLISH] + before["user/-/label/Português"]
    assert before[READING_LIST] == len(program.numbers(READING_LIST))
    folha = program.numbers("feed/en/folha")
    program.tell("edit-tag", i=str(folha[0]), a=READ)
    after = counts()
    assert after["feed/en/folha"] == before["feed/en/folha"] - 1 == len(folha) - 1
    assert after[ENGLISH] == before[ENGLISH] - 1
    assert after["feed/pt/folha"] == before["feed/pt/folha"]


def test_a_stream_is_marked_as_read_up_to_a_time(program: Program) -> None:
    newest, middle, *older = program.numbers("feed/en/folha")
    assert program.tell("mark-all-as-read", s="feed/en/folha", ts=str(middle)).text == "OK"
    assert program.numbers("feed/en/folha", xt=READ) == [newest]
    assert set(program.numbers(READ)) == {middle, *older}
    assert program.tell("mark-all-as-read", s=ENGLISH).text == "OK"
    assert program.numbers(ENGLISH, xt=READ) == []
    assert program.numbers("user/-/label/Português", xt=READ)


def test_a_token_that_ran_out_is_named(program: Program) -> None:
    found = program.tell("edit-tag", T="old", i="1", a=READ)
    assert found.status_code == 401
    assert found.headers["x-reader-google-bad-token"] == "true"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("stream/contents/feed/xx/folha", 404),
        ("stream/contents/feed/en/", 404),
        ("stream/contents/user/-/label/Klingon", 404),
        ("stream/items/ids?s=nonsense", 404),
        (f"stream/items/ids?s={READING_LIST}&n=many", 400),
        (f"stream/items/ids?s={READING_LIST}&ot=-1", 400),
        (f"stream/items/ids?s={READING_LIST}&c=%FF", 400),
        (f"stream/items/ids?s={READING_LIST}&ot=99999999999999999999", 200),
        (f"stream/items/ids?s={READING_LIST}&c=99999999999999999999&n=0", 200),
        ("stream/items/contents?i=tag:google.com,2005:reader/item/ffffffffffffffff", 200),
        ("stream/items/contents?i=zz", 400),
        ("stream/contents/user/-/state/com.google/broadcast", 200),
        ("preference/list", 200),
        ("preference/stream/list", 200),
        ("friend/list", 200),
        ("nothing", 404),
    ],
)
def test_whatever_is_asked_is_answered_without_a_fault(
    program: Program, path: str, status: int
) -> None:
    assert program.http.get(f"{API}/{path}", headers=program.headers).status_code == status


def test_the_feeds_are_the_operators(program: Program) -> None:
    assert program.tell("subscription/edit", ac="unsubscribe", s="feed/en/folha").status_code == 403
    assert program.tell("subscription/quickadd", quickadd="https://x.example").status_code == 403
    assert len(program.ask("subscription/list")["subscriptions"]) == 10


def test_too_much_at_once_is_refused(program: Program) -> None:
    assert program.tell("edit-tag", i="1" * 3_000_000, a=READ).status_code == 413
    assert program.tell("edit-tag", i=["1"] * 10_001, a=READ).status_code == 413


def test_older_programs_get_states_in_atom(program: Program) -> None:
    number = program.numbers("feed/en/folha")[0]
    program.tell("edit-tag", i=str(number), a=READ)
    found = program.http.get("/reader/atom/feed%2Fen%2Ffolha?n=2", headers=program.headers)
    feed = feedparser.parse(found.content)
    assert not feed.bozo
    assert len(feed.entries) == 2
    first, second = feed.entries
    assert first.id == f"tag:google.com,2005:reader/item/{number:016x}"
    assert "read" in [tag.label for tag in first.tags]
    assert "fresh" in [tag.label for tag in second.tags]
    assert int(feed.feed.gr_continuation) == program.numbers("feed/en/folha")[1]


def test_an_article_arrives_when_it_can_be_read_not_when_it_was_found() -> None:
    later = news.NOW + timedelta(hours=3)
    with open_store("sqlite://") as db:
        news.fill_store(db)
        readers.number_items(db, ("en",), news.NOW)
        fresh = replace(news.STORM, id="latept000001", url="https://folha-do-cais.example/late")
        articles.put_article(db, fresh, "1")
        assert readers.number_items(db, ("en",), later) == 0  # nobody tried to translate it yet
        made = replace(news.FERRY_MADE, article=fresh.id, status=TranslationStatus.PENDING)
        translations.put_translation(db, made, "1")
        assert readers.number_items(db, ("en",), later) == 1
        assert readers.number_items(db, ("en",), later) == 0
        newest, *_ = readers.items_of(db, readers.Stream(("en",)), 10)
        assert (newest.article, newest.number) == (fresh.id, readers.number_of(later))


def test_old_items_go_but_starred_ones_stay() -> None:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        readers.number_items(db, ("en", "pt"), news.NOW)
        kept, *_ = readers.items_of(db, readers.Stream(("en",)), 10)
        readers.mark(db, [kept.number], is_starred=True)
        later = news.NOW + readers.KEPT + timedelta(days=1)
        readers.number_items(db, ("en", "pt"), later)
        left = readers.items_of(db, readers.Stream(("en", "pt")), 100)
        assert [item.number for item in left] == [kept.number]
