"""Every store that processes share: writers at once, readers meanwhile, writers that are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from dragoman import store
from dragoman.errors import StoreBusy
from dragoman.store import Store, open_store
from dragoman.types import Failure, Grouping, Stage
from tests.contracts.store_samples import (
    HARBOUR,
    NOW,
    make_entry,
    make_page,
    make_translation,
    put_articles,
    read,
)

# Each prints a line when it is where the test wants it.
COUNTING = """
import sys
from dragoman import store
from dragoman.types import Failure, Stage
with store.open_store(sys.argv[1]) as db:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(60):
        failure = Failure("a1", "fetch", "TooSlow", f"{sys.argv[2]} {number}")
        store.work.put_failure(db, failure, Stage.FETCH, "a1", "1")
print("done", flush=True)
"""

HALF_WAY = """
import sys
from dragoman import store
from tests.contracts.store_samples import make_article
db = store.open_store(sys.argv[1])
store.articles.put_article(db, make_article("a8"), "1")
set_work = store.articles.set_work
def stop(*arguments, **named):
    set_work(*arguments, **named)
    print("half-way", flush=True)
    sys.stdin.readline()
store.articles.set_work = stop
store.articles.put_article(db, make_article("a9"), "1")
"""

RELAYING = """
import sys
from dragoman import store
from dragoman.types import Grouping
from tests.contracts.store_samples import make_article, make_page, make_translation, make_unit
db = store.open_store(sys.argv[1])
for number in range(1, 10_000):
    id = f"a{number}"
    store.pages.put_page(db, make_page(id))
    store.articles.put_article(db, make_article(id), "1")
    store.translations.put_translation(db, make_translation(id), "1", [make_unit(id, "x")])
    store.stories.put_links(db, [], [Grouping(id, id, f"s{number // 3}")], "1", [id])
    print(number, flush=True)
"""

CREATING = """
import sys
from dragoman import store
print("ready", flush=True)
sys.stdin.readline()
with store.open_store(sys.argv[1]) as db:
    print(store.check(db), flush=True)
"""


@contextmanager
def running(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_write_at_once_and_nothing_is_lost(shared_db: Store, shared_url: str) -> None:
    with running(COUNTING, shared_url, "x") as one, running(COUNTING, shared_url, "y") as other:
        assert (hear(one), hear(other)) == ("ready", "ready")
        go(one)
        go(other)
        assert (hear(one), hear(other)) == ("done", "done")
    (work,) = store.work.work(shared_db, "a1")
    assert work.attempts == 120


def test_two_processes_make_one_store(empty_url: str) -> None:
    with running(CREATING, empty_url) as one, running(CREATING, empty_url) as other:
        assert (hear(one), hear(other)) == ("ready", "ready")
        go(one)
        go(other)
        assert (hear(one), hear(other)) == ("[]", "[]")


def test_a_writer_killed_half_way_leaves_what_was_acknowledged(
    shared_db: Store, shared_url: str
) -> None:
    with running(HALF_WAY, shared_url) as writer:
        assert hear(writer) == "half-way"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    put_articles(shared_db, "a1")  # the lock went with its holder
    assert sorted(store.articles.newest_ids(shared_db)) == ["a1", "a8"]
    assert store.work.work(shared_db, "a9") == ()
    assert store.check(shared_db) == []


@pytest.mark.parametrize("after", [0.0, 0.011, 0.037])
def test_a_relay_killed_anywhere_has_each_result_with_its_checkpoint(
    shared_db: Store, shared_url: str, after: float
) -> None:
    with running(RELAYING, shared_url) as relay:
        assert hear(relay) == "1"
        time.sleep(after)
        relay.send_signal(signal.SIGKILL)
        rest, _ = relay.communicate()
    acknowledged = int((rest.split() or ["1"])[-1])
    assert store.check(shared_db) == []
    for number in range(1, acknowledged + 1):
        work = store.work.work(shared_db, f"a{number}")
        assert [one.stage for one in work] == list(Stage)
        assert store.translations.translation(shared_db, f"a{number}", "pt") is not None
    assert_results_match_checkpoints(shared_db)


def assert_results_match_checkpoints(db: Store) -> None:
    """One article at most is under way, and what it has is ticked off, no more and no less."""
    counts = store.work.counts(db)
    done = {stage: states.get("done", 0) for stage, states in counts["work"].items()}
    assert done["fetch"] == counts["pages"]
    assert done["extract"] == sum(counts["articles"].values())
    assert done["translate"] == counts["translations"]["en>pt"]["done"]
    assert done["link"] == len(store.stories.groupings(db))
    assert done["fetch"] - done["link"] in (0, 1)


def test_a_reader_sees_one_moment_while_another_process_writes(
    shared_db: Store, shared_url: str
) -> None:
    put_articles(shared_db, "a1")
    with open_store(shared_url) as writer, shared_db.read() as connection:
        count = "SELECT count(*) FROM articles"
        assert connection.exec_driver_sql(count).scalar() == 1
        put_articles(writer, "a2")
        assert connection.exec_driver_sql(count).scalar() == 1
    assert len(store.articles.newest_ids(shared_db)) == 2


def test_a_writer_that_waited_too_long_is_told_to_try_again(
    shared_db: Store, shared_url: str
) -> None:
    with open_store(shared_url, wait=0.05) as other:
        with (
            shared_db.write(),
            pytest.raises(StoreBusy, match="is being written to by another process; try again"),
        ):
            put_articles(other, "a1")
        with shared_db.write():
            assert store.articles.newest_ids(other) == ()  # readers never wait
        put_articles(other, "a1")


def test_nothing_is_written_when_a_transaction_fails(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    broken = make_entry(2, published=object())
    with pytest.raises(TypeError):
        read(db, make_entry(1), broken)
    assert store.items.items_lacking_page(db, NOW, 9) == ()
    assert store.sources.source_states(db) == {}


def test_threads_read_while_one_writes(db: Store) -> None:
    put_articles(db, "a1")
    store.stories.put_links(db, [], [Grouping("a1", "a1", "a1")], "1", ["a1"])

    def look(_: int) -> int:
        assert store.stories.story(db, "a1")
        return len(store.articles.articles(db)) - len(store.articles.newest_ids(db))

    with ThreadPoolExecutor(24) as threads:
        looks = threads.map(look, range(150))
        for number in range(2, 30):
            put_articles(db, f"a{number}")
            store.translations.put_translation(db, make_translation(f"a{number}"), "1", ())
        assert max(looks) <= 0  # a later look never shows less
    assert store.check(db) == []


def test_threads_write_in_turn(db: Store) -> None:
    store.pages.put_page(db, make_page())
    failure = Failure("a1", "extract", "EmptyBody", "no text")

    def fail(_: int) -> None:
        store.work.put_failure(db, failure, Stage.EXTRACT, "a1", "1")

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(fail, range(60)))
    assert store.work.work(db, "a1")[-1].attempts == 60
