"""The stores that the contract suite runs on: ``url`` and ``db`` are one of each in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dragoman import store
from dragoman.store import Store, open_store
from tests.contracts.store_samples import (
    HARBOUR,
    finish,
    make_entry,
    make_page,
    put_articles,
    read,
)
from tests.postgresql import MOLD, Server, running_server

SHARED = ["file", "postgresql"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One throwaway server for all tests; each has a database of its own."""
    with running_server() as server:
        yield server


@pytest.fixture(params=[*SHARED, "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with place(request, tmp_path) as address:
        yield address


@pytest.fixture(params=SHARED)
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store that several processes can open."""
    with place(request, tmp_path) as address:
        yield address


@pytest.fixture(params=SHARED)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place where there is no store yet."""
    with place(request, tmp_path, "template1") as address:
        yield address


@pytest.fixture
def postgresql_url(postgresql: Server) -> Iterator[str]:
    """An empty database."""
    with postgresql.database("template1") as address:
        yield address


@pytest.fixture
def db(url: str) -> Iterator[Store]:
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def shared_db(shared_url: str) -> Iterator[Store]:
    with open_store(shared_url) as opened:
        yield opened


@pytest.fixture
def relayed(db: Store) -> Store:
    """A store with one article that went the whole way, and one page of it alone."""
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1), make_entry(2))
    store.pages.put_page(db, make_page())
    put_articles(db, "a1")
    finish(db)
    return db


@contextmanager
def place(request: pytest.FixtureRequest, folder: Path, mold: str = MOLD) -> Iterator[str]:
    if request.param == "memory":
        yield "sqlite://"
    elif request.param == "file":
        yield f"sqlite:///{folder / 'relay.db'}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        with server.database(mold) as address:
            yield address
