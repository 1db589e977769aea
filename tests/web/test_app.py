"""The live server over HTTP, through Starlette's own client."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman.store import Store, open_store
from dragoman.web import create_app
from tests.web import newsroom as news
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
    assert client.get("/readyz").json() == {"status": "ready"}
    db = open_store("sqlite://")
    with db.write() as connection:
        connection.exec_driver_sql("DROP TABLE sources")
    found = TestClient(create_app(db, SETTINGS)).get("/readyz")
    db.close()
    assert found.status_code == 503
    assert "retry-after" in found.headers


def test_the_api_gives_articles_with_their_provenance(client: TestClient) -> None:
    found = client.get(f"/api/v1/articles/{news.FERRY.id}", params={"edition": "en"})
    record = found.json()
    assert record["title"] == "Ferry links the islands again after eleven days"
    assert record["status"] == "translated"
    assert record["provenance"]["engines"][0]["model"] == "pten.base-memory"
    assert record["provenance"]["machine"] is True
    assert record["provenance"]["reviewed"] is False
    assert record["story"] == "ferry-story"
    assert found.headers["x-content-type-options"] == "nosniff"
    again = client.get(found.request.url, headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304


def test_the_api_keeps_to_the_rights_of_each_source(client: TestClient) -> None:
    link = client.get(f"/api/v1/articles/{news.BUDGET.id}?edition=fr").json()
    assert (link["text"], link["rights"]) == ("", "link")
    extract = client.get(f"/api/v1/articles/{news.FERRY_SPANISH.id}?edition=es").json()
    assert "declinó" not in extract["text"]
    assert "volvió a navegar" in extract["text"]


def test_the_api_pages_through_all_articles(client: TestClient) -> None:
    seen: list[str] = []
    before: str | None = None
    while True:
        params = {"limit": "3", "edition": "pt"} | ({"before": before} if before else {})
        page = client.get("/api/v1/articles", params=params).json()
        seen += [record["id"] for record in page["articles"]]
        before = page["next"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == len(news.ARTICLES) - 1
    only = client.get("/api/v1/articles?source=folha&language=pt").json()
    assert {record["source"] for record in only["articles"]} == {"folha"}


def test_the_api_has_nothing_after_an_article_it_does_not_know(client: TestClient) -> None:
    found = client.get("/api/v1/articles?before=zzz")
    assert (found.status_code, found.json()) == (200, {"articles": [], "next": None})


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


def test_the_api_lists_stories_and_sources(client: TestClient) -> None:
    page = client.get("/api/v1/stories?limit=1&offset=1").json()
    assert page["next"] == 2
    assert len(page["stories"]) == 1
    stories = client.get("/api/v1/stories?edition=pt").json()["stories"]
    ferry = next(story for story in stories if story["id"] == "ferry-story")
    assert ferry["reports"] == len(ferry["articles"]) == 5
    names = [source["name"] for source in client.get("/api/v1/sources").json()["sources"]]
    assert "Le Quai" in names


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/v1/articles/{news.GONE.id}", 410),
        ("/api/v1/articles/nothing", 404),
        ("/api/v1/articles?edition=xx", 404),
        ("/api/v1/articles?limit=0", 422),
        ("/api/v1/articles?before=%27%20OR%201", 422),
        ("/api/v1/nothing", 404),
    ],
)
def test_the_api_refuses_what_it_cannot_give(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_the_api_describes_itself_and_answers_as_described(client: TestClient) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/v1/articles",
        "/api/v1/articles/{id}",
        "/api/v1/stories",
        "/api/v1/sources",
    }
    fields = schema["components"]["schemas"]["ArticleRecord"]["required"]
    record = client.get(f"/api/v1/articles/{news.STORM.id}").json()
    assert set(fields) == set(record)
    assert "swagger" not in json.dumps(schema)
    assert client.get("/docs").status_code == 404
