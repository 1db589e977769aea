"""Every store that processes share is led by one relay at a time."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url

from dragoman import store
from dragoman.errors import StoreBusy, StoreError
from dragoman.store import Store, leading, open_store
from dragoman.store.leading import Candidate, leader, own_name, where_led
from tests.contracts.store_samples import put_articles
from tests.contracts.test_store_sharing import hear, running
from tests.postgresql import Server

LEADING = """
import sys
from dragoman.store import open_store
from dragoman.store.leading import Candidate, own_name
candidate = Candidate(open_store(sys.argv[1]))
print(candidate.lead() and own_name(), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("_BEAT_S", 0.2), ("_TRUST_S", 1), ("_LEASE_S", 2)):
        monkeypatch.setattr(leading, name, seconds)


def wait_until(is_so: Callable[[], object], seconds: float = 10) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


@contextmanager
def candidates(*stores: Store) -> Iterator[list[Candidate]]:
    found = [Candidate(one) for one in stores]
    try:
        yield found
    finally:
        for one in found:
            one.resign()


def test_one_leads_and_the_next_takes_over_when_it_resigns(shared_db: Store) -> None:
    assert leader(shared_db) is None
    assert where_led(shared_db) == "nowhere"
    with candidates(shared_db, shared_db) as (one, other):
        assert one.lead()
        assert not other.lead()
        found = leader(shared_db)
        assert found is not None
        assert (found.name, found.is_here) == (own_name(), True)
        assert found.since is not None
        one.resign()
        assert leader(shared_db) is None
        assert other.lead()


def test_who_does_not_lead_may_read_and_not_write(shared_db: Store) -> None:
    with candidates(shared_db, shared_db) as (one, other):
        assert one.lead()
        put_articles(one.store, "a1")
        with pytest.raises(StoreBusy, match=r"leads .* no more, and may not write"):
            put_articles(other.store, "a2")
        assert store.articles.newest_ids(other.store) == ("a1",)
        put_articles(shared_db, "a3")  # the desk and the site may
        one.resign()
        with pytest.raises(StoreBusy):
            put_articles(one.store, "a4")


def test_the_lead_of_a_process_that_is_killed_is_free_at_once(
    shared_db: Store, shared_url: str
) -> None:
    with running(LEADING, shared_url) as other, candidates(shared_db) as (mine,):
        name = hear(other)
        assert not mine.lead()
        assert (found := leader(shared_db))
        assert (found.name, found.is_here) == (name, False)
        assert where_led(shared_db) == "elsewhere"
        with pytest.raises(StoreBusy, match=f"is relayed by {name}; leave the work to it"):
            leading.leading(shared_db, wait=0).__enter__()
        other.kill()
        other.wait()
        assert wait_until(mine.lead) < 5


def test_a_leader_whose_session_is_ended_leads_no_more(postgresql: Server, hurried: None) -> None:
    with postgresql.database() as url, open_store(url) as db, candidates(db) as (one,):
        assert one.lead()
        with db.write() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE starts_with(application_name, 'dragoman relay ')"
            )
        wait_until(lambda: leader(db) is None)
        with pytest.raises(StoreBusy):  # whether it was noticed or not
            put_articles(one.store, "a1")
        wait_until(lambda: not one.is_leading)
        assert one.lead()


class Wire:
    """A way to a server that can be cut without a word to either end."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.is_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._open += (near, far)
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        while True:
            try:
                ready, _, _ = select.select([near, far], [], [], 0.1)
                for one in ready:
                    data = one.recv(65536)
                    if not self.is_cut:
                        (far if one is near else near).sendall(data)
                    if not data:
                        return
            except (OSError, ValueError):
                return

    def close(self) -> None:
        for one in (self._listener, *self._open):
            one.close()


def test_a_leader_that_is_cut_off_stops_before_another_leads(
    postgresql: Server, hurried: None
) -> None:
    with postgresql.database() as url:
        wire = Wire(postgresql.port)
        far = make_url(url).set(port=wire.port).render_as_string()
        try:
            with open_store(far) as cut, open_store(url) as db, candidates(cut, db) as (one, other):
                assert one.lead()
                wire.is_cut = True
                wait_until(other.lead)
                assert not one.is_leading
                assert where_led(db) == "here"
                with pytest.raises(StoreError):
                    one.lead()
        finally:
            wire.close()
