"""Pages are kept while nothing changes, and never a moment longer."""

import gzip
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.store import Store, open_store
from dragoman.store.changes import Watch
from dragoman.store.withdrawals import withdraw
from dragoman.web import Answer, keeping
from dragoman.web.keeping import Keeper
from tests.web import newsroom as news
from tests.web.conftest import SETTINGS

PAGE = f"/en/article/{news.FERRY.id}/"
AGENT = {"accept-encoding": "gzip"}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "relay.db") as store:
        news.fill_store(store)
        yield store


class Counting(Keeper):
    """A keeper that counts what it makes."""

    made = 0

    def _make(self, path: str, query: str, headers: Mapping[str, str]) -> Answer:
        self.made += 1
        return super()._make(path, query, headers)


@pytest.fixture
def keeper(db: Store) -> Counting:
    return Counting(db, SETTINGS)


def test_a_page_is_made_once_and_sent_as_each_reader_takes_it(keeper: Counting) -> None:
    packed = keeper.answer(PAGE, "", AGENT)
    plain = keeper.answer(PAGE, "utm_source=x", {"accept-encoding": "gzip;q=0, br"})
    assert gzip.decompress(packed.body) == plain.body
    assert packed.fields["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.fields
    assert packed.fields["vary"] == "cookie, accept-encoding"
    again = keeper.answer(PAGE, "", {"if-none-match": packed.fields["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert keeper.made == 1


@pytest.mark.parametrize("path", [PAGE, "/en/", "/pt/feed.rss", "/en/search/"])
def test_a_takedown_is_seen_by_the_next_reader(db: Store, keeper: Counting, path: str) -> None:
    query = "q=ferry" if "search" in path else ""
    before = keeper.answer(path, query, {})
    assert before.status == 200
    with open_store(Path(db.place)) as other:  # another process, as the desk's may be
        withdraw(other, news.FERRY.id, "asked for by the publisher", datetime.now(UTC))
    after = keeper.answer(path, query, {})
    assert after.status == (410 if path == PAGE else 200)
    assert news.FERRY.id.encode() not in after.body
    assert keeper.made == 2


def test_what_this_process_writes_changes_the_mark_too(db: Store) -> None:
    watch = Watch(db)
    before = watch.mark()
    assert watch.mark() == before
    withdraw(db, news.FERRY.id, "asked for", datetime.now(UTC))
    assert watch.mark() != before


def test_a_page_made_while_something_was_written_is_not_kept(db: Store, keeper: Counting) -> None:
    class Interrupted(Counting):
        def _make(self, path: str, query: str, headers: Mapping[str, str]) -> Answer:
            found = super()._make(path, query, headers)
            if self.made == 1:
                withdraw(db, news.FERRY.id, "asked for", datetime.now(UTC))
            return found

    keeper = Interrupted(db, SETTINGS)
    assert keeper.answer(PAGE, "", {}).status == 200
    assert keeper.answer(PAGE, "", {}).status == 410


def test_what_one_reader_reads_is_not_sent_to_another(keeper: Counting) -> None:
    own = keeper.answer(PAGE, "", {"cookie": "read=pt"})
    assert keeper.answer(PAGE, "", {}).body != own.body
    assert keeper.answer(PAGE, "read=pt", {}).body == own.body


def test_strangers_cannot_fill_the_memory(
    keeper: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper._chosen = keeping.Shelves(60_000)
    keeper.answer("/en/", "", {})
    front = keeper._pages.size
    for number in range(40):
        keeper.answer("/en/search/", f"q=ferry+{number}", {})
        keeper.answer("/en/", f"read=fr&nonsense={number}", {})
        keeper.answer(f"/en/article/none{number}/", "", {})
    assert keeper._chosen.size <= 60_000
    assert keeper._pages.size == front


def test_a_store_in_memory_keeps_nothing() -> None:
    with open_store("sqlite://") as memory:
        news.fill_store(memory)
        keeper = Counting(memory, SETTINGS)
        keeper.answer("/en/", "", {})
        keeper.answer("/en/", "", {})
        assert keeper.made == 2
