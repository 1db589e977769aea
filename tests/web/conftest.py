from collections.abc import Iterator
from dataclasses import replace

import pytest

from dragoman.store import Store, open_store
from dragoman.web import Answer, SiteSettings, answer
from tests.web.newsroom import fill_store

SETTINGS = SiteSettings(
    title="Relay & Sons",
    base_url="https://relay.example",
    editions=("en", "pt", "fr", "es", "ar"),
    contact="mailto:desk@relay.example",
)

# Two directions are enough where only links and files count.
SMALL = replace(SETTINGS, editions=("en", "ar"))


class Site:
    """The site of the invented newsroom, asked by address."""

    def __init__(self, db: Store, settings: SiteSettings = SETTINGS) -> None:
        self.db = db
        self.settings = settings

    def get(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return answer(self.db, self.settings, path, headers=named)

    def text(self, path: str) -> str:
        found = self.get(path)
        assert found.status == 200, f"{path}: {found.status}"
        return found.body.decode()


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Store]:
    with open_store("sqlite://") as db:
        fill_store(db)
        yield db


@pytest.fixture(scope="module")
def site(newsroom: Store) -> Site:
    return Site(newsroom)
