"""The public site takes nothing that is not listed here, and its reading programs log in."""

from __future__ import annotations

import re
from dataclasses import replace

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from dragoman.store import Store
from dragoman.web import create_app
from tests.web.conftest import SETTINGS

# What takes more than a question without a login, and how it is guarded.
TAKEN = {
    "/{language}/article/{id}/report/": "origin, limits by network and day",
    "/accounts/ClientLogin": "the login itself, locked after wrong passwords",
}


def test_every_route_that_takes_something_is_listed_and_reading_programs_log_in(
    newsroom: Store,
) -> None:
    app = create_app(newsroom, replace(SETTINGS, reader="ann"))
    client = TestClient(app, base_url=SETTINGS.base_url)
    taken = set()
    asked = 0
    for path, methods in list_routes(app):
        for method in methods - {"HEAD"}:
            if not path.startswith("/reader/"):
                taken |= set() if method == "GET" else {path}
            else:
                plain = re.sub(r"\{[\w:]+\}", "x", path)
                asked += 1
                assert client.request(method, plain).status_code == 401, path
    assert asked >= 10
    assert taken == TAKEN.keys(), "a new way in: say how it is guarded"


def list_routes(app: FastAPI) -> list[tuple[str, set[str]]]:
    found = [(one.path or "", set(one.methods or ())) for one in iter_route_contexts(app.routes)]
    assert len(found) > 30
    return found
