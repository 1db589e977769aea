"""The stores that the contract suite runs on: ``url`` and ``db`` are one of each in turn."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url

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

POSTGRES = os.environ.get("DRAGOMAN_TEST_POSTGRES", "")
SHARED = ["file", *(["postgresql"] if POSTGRES else [])]


@pytest.fixture(params=[*SHARED, "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from make_place(request.param, tmp_path)


@pytest.fixture(params=SHARED)
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store that several processes can open."""
    yield from make_place(request.param, tmp_path)


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


def make_place(kind: str, folder: Path) -> Iterator[str]:
    if kind == "memory":
        yield "sqlite://"
    elif kind == "file":
        yield f"sqlite:///{folder / 'relay.db'}"
    else:
        yield from make_schema(POSTGRES)


def make_schema(address: str) -> Iterator[str]:
    """A schema of its own in the given PostgreSQL database."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    name = f"test_{uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        own = url.update_query_dict({"options": f"-csearch_path={name}"})
        yield own.render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    finally:
        engine.dispose()
