"""The sample press, relayed once for all end-to-end tests."""

import threading
import time
from collections.abc import Iterator

import pytest

from dragoman.cli.relaying import make_server
from tests.e2e.relaying import Relayed, relayed_press


@pytest.fixture(scope="session")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relayed]:
    """The press relayed once; tests that use it only read."""
    with relayed_press(tmp_path_factory.mktemp("relayed"), "after") as done:
        yield done


@pytest.fixture(scope="session")
def site(relayed: Relayed) -> Iterator[str]:
    """Serve the relayed press, and give the address of the site."""
    server = make_server(relayed.settings, relayed.db, is_leaving_signals=True)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield relayed.settings.site.base_url
    server.should_exit = True
    thread.join()
