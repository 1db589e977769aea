"""The sample press, relayed once for all end-to-end tests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dragoman.cli.relaying import make_server
from dragoman.config import Settings, load_settings
from dragoman.store import Store, open_store
from tests.e2e.relaying import Relayed, relayed_press, write_config
from tests.web.newsroom import fill_store


@pytest.fixture(scope="session")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relayed]:
    """The press relayed once; tests that use it only read."""
    with relayed_press(tmp_path_factory.mktemp("relayed"), "after") as done:
        yield done


@pytest.fixture(scope="session")
def site(relayed: Relayed) -> Iterator[str]:
    """Serve the relayed press, and give the address of the site."""
    with serving(relayed.settings, relayed.db) as address:
        yield address


@contextmanager
def serving(settings: Settings, db: Store) -> Iterator[str]:
    """Serve a store's site, and give its address."""
    server = make_server(settings, db, is_leaving_signals=True)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield settings.site.base_url
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the invented newsroom, whose translations have every state, and give the address."""
    folder = tmp_path_factory.mktemp("newsroom")
    settings = load_settings(write_config(folder))
    with open_store(settings.store_url) as db:
        fill_store(db)
        with serving(settings, db) as address:
            yield address
