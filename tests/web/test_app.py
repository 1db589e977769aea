"""The live server over HTTP, through Starlette's own client."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman.store import Store, open_store
from dragoman.web import create_app
from tests.web.conftest import SETTINGS, Site


@pytest.fixture(scope="module")
def client(newsroom: Store) -> Iterator[TestClient]:
    with TestClient(create_app(newsroom, SETTINGS), follow_redirects=False) as client:
        yield client


def test_it_serves_what_the_site_answers(client: TestClient, site: Site) -> None:
    for path in ("/en/", "/ar/article/ferryar00001/", "/pt/feed.rss", "/robots.txt"):
        found = client.get(path)
        expected = site.get(path)
        assert (found.status_code, found.content) == (expected.status, expected.body)
        for name, value in expected.headers:
            if name != "vary":
                assert found.headers[name] == value


def test_it_compresses_and_answers_head_and_304(client: TestClient) -> None:
    found = client.get("/en/")
    assert found.headers["content-encoding"] == "gzip"
    head = client.head("/en/")
    assert (head.status_code, head.content) == (200, b"")
    again = client.get("/en/", headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_redirects_by_accept_language(client: TestClient) -> None:
    found = client.get("/", headers={"Accept-Language": "pt-PT,pt;q=0.9"})
    assert (found.status_code, found.headers["location"]) == (302, "/pt/")


def test_it_takes_no_other_method(client: TestClient) -> None:
    assert client.post("/en/").status_code == 405


def test_it_says_whether_it_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    found = client.get("/readyz").json()
    assert found == {"status": "ready", "store": "ok", "relay": "nowhere"}
    db = open_store("sqlite://")
    with db.write() as connection:
        connection.exec_driver_sql("DROP TABLE sources")
    found = TestClient(create_app(db, SETTINGS)).get("/readyz")
    db.close()
    assert found.status_code == 503
    assert found.json() == {"status": "not ready", "store": "cannot be read"}
    assert "retry-after" in found.headers


@pytest.mark.parametrize("path", ["/en", "/api/v1/articles"])
def test_it_takes_any_byte_in_a_query(newsroom: Store, path: str) -> None:
    status, location = ask(newsroom, path, b"a=\xff&b=%20 \r\n")
    if path == "/en":
        assert (status, location) == (301, "/en/?a=%FF&b=%20%20%0D%0A")
    else:
        assert status == 200


def ask(db: Store, path: str, query: bytes) -> tuple[int, str]:
    """Ask the application itself: clients escape what they send."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"relay.example")],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(create_app(db, SETTINGS)(scope, receive, send))
    headers = dict(sent[0]["headers"])
    return sent[0]["status"], headers.get(b"location", b"").decode("latin-1")
