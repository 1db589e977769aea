"""What a page reserves is honoured where the site decides what to show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from dragoman.store import articles, open_store, sources
from dragoman.types import Change, Reservations, Rights
from dragoman.web.app import create_app
from tests.contracts.store_samples import HARBOUR, make_article
from tests.web.conftest import SETTINGS

TEXT = "The ferry sails at noon with forty passengers."
SHOWN = "sails at noon with forty passengers"


def show(rights: Rights, kept: Reservations, address: str) -> str:
    db = open_store("sqlite://")
    sources.put_source(db, replace(HARBOUR, rights=rights))
    changed = (Change("The ferry waits.", TEXT),)
    article = make_article(text=TEXT, reservations=kept, changes=changed)
    articles.put_article(db, article, "1")
    with TestClient(create_app(db, SETTINGS)) as client:
        found = client.get(address).text
    db.close()
    return found


@pytest.mark.parametrize("address", ["/en/article/a1/", "/api/v1/articles/a1?edition=en"])
def test_no_extract_is_shown_of_a_page_that_reserves_it(address: str) -> None:
    assert SHOWN in show(Rights.EXTRACT, Reservations(), address)
    assert SHOWN not in show(Rights.EXTRACT, Reservations(no_extract=True), address)


def test_rights_that_were_granted_are_not_narrowed_by_a_page() -> None:
    assert SHOWN in show(Rights.FULL, Reservations(no_extract=True), "/en/article/a1/")


def test_readers_see_what_the_publisher_changed_where_all_of_the_text_may_be_shown() -> None:
    address = "/en/article/a1/"
    assert '<del lang="en" dir="ltr">The ferry waits.</del>' in show(
        Rights.FULL, Reservations(), address
    )
    assert "The ferry waits." not in show(Rights.LINK, Reservations(), address)


def test_the_api_tells_what_a_revision_changed_where_all_of_the_text_may_be_shown() -> None:
    address = "/api/v1/articles/a1?edition=en"
    assert "The ferry waits." in show(Rights.FULL, Reservations(), address)
    assert "The ferry waits." not in show(Rights.EXTRACT, Reservations(), address)
