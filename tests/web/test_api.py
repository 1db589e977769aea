"""The read API, as programs use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman.store import Store, open_store, sources
from dragoman.types import Failure, SourceState
from dragoman.web import create_app
from tests.web import newsroom as news
from tests.web.conftest import SETTINGS


@pytest.fixture(scope="module")
def client(newsroom: Store) -> Iterator[TestClient]:
    with TestClient(create_app(newsroom, SETTINGS), follow_redirects=False) as client:
        yield client


def read(client: TestClient, path: str, **params: str) -> dict[str, Any]:
    found = client.get(f"/api/v1/{path}", params=params)
    assert found.status_code == 200, found.text
    record: dict[str, Any] = found.json()
    return record


def test_an_article_comes_with_its_provenance(client: TestClient) -> None:
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


def test_the_rights_of_each_source_are_kept(client: TestClient) -> None:
    link = read(client, f"articles/{news.BUDGET.id}", edition="fr")
    assert (link["text"], link["rights"]) == ("", "link")
    extract = read(client, f"articles/{news.FERRY_SPANISH.id}", edition="es")
    assert "declinó" not in extract["text"]
    assert "volvió a navegar" in extract["text"]


def test_a_translation_shows_each_sentence_with_its_verdict_and_reason(client: TestClient) -> None:
    found = read(client, f"articles/{news.FERRY.id}/translations")
    made = {one["edition"]: one for one in found["translations"]}
    assert set(made) == {"en"}
    assert made["en"]["route"] == "pt>en (firefox)"
    assert made["en"]["is_cut"] is False
    segments = made["en"]["segments"]
    assert segments[0]["block"] == -1
    assert segments[0]["original"] == news.FERRY.title
    marked = next(one for one in segments if one["verdict"] == "mark")
    assert "1,420" in marked["target"]
    assert marked["reasons"] == [
        {"check": "numbers", "verdict": "mark", "message": "the original says 1240, this 1420"}
    ]
    held = next(one for one in segments if one["verdict"] == "hold")
    assert (held["original"], held["target"]) == (news.FERRY_PT[2], None)
    assert "Captain" not in json.dumps(found)


def test_a_translation_that_is_held_back_shows_none_of_its_words(client: TestClient) -> None:
    (made,) = read(client, f"articles/{news.COMET.id}/translations")["translations"]
    assert (made["status"], made["title"]) == ("held", None)
    assert made["reasons"][0]["message"] == "not written in English"
    assert all(one["target"] is None for one in made["segments"])


def test_sentences_that_rights_do_not_allow_are_left_out(client: TestClient) -> None:
    found = read(client, f"articles/{news.FERRY_SPANISH.id}/translations")
    (made,) = found["translations"]
    originals = " ".join(one["original"] for one in made["segments"])
    assert made["is_cut"] is True
    assert "volvió a navegar" in originals
    assert "declinó" not in originals
    (link,) = read(client, f"articles/{news.BUDGET.id}/translations")["translations"]
    assert link["segments"] == []
    assert "no model leads from French" in link["reason"]


def pages(client: TestClient, what: str, **params: str) -> list[str]:
    """Follow a list to its end."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = read(client, what, **params | ({"cursor": cursor} if cursor else {}))
        seen += [record["id"] for record in page[what]]
        cursor = page["next"]
        if cursor is None:
            return seen


@pytest.mark.parametrize("limit", ["1", "3", "8", "200"])
def test_all_articles_come_once_whatever_the_size_of_a_page(client: TestClient, limit: str) -> None:
    seen = pages(client, "articles", limit=limit, edition="pt")
    assert len(seen) == len(set(seen)) == len(news.ARTICLES) - 1
    assert news.GONE.id not in seen


def test_all_stories_come_once(client: TestClient) -> None:
    seen = pages(client, "stories", limit="1")
    assert sorted(seen) == ["budget-story", "comet-story", "ferry-story", "storm-story"]


def test_articles_are_chosen_by_source_language_and_time(client: TestClient) -> None:
    only = read(client, "articles", source="folha", language="pt-BR")["articles"]
    assert {record["source"] for record in only} == {"folha"}
    span = {"since": "2026-11-18T11:00:00Z", "until": "2026-11-18T21:00:00+01:00"}
    ids = [record["id"] for record in read(client, "articles", **span)["articles"]]
    assert ids == [news.FERRY_COPY.id, news.FERRY_NATIVE.id]


def test_stories_are_chosen_by_what_reported_them(client: TestClient) -> None:
    arabic = read(client, "stories", language="ar")["stories"]
    assert [story["id"] for story in arabic] == ["ferry-story"]
    quai = read(client, "stories", source="quai")["stories"]
    assert [story["id"] for story in quai] == ["budget-story"]
    assert read(client, "stories", until="2026-11-01T00:00:00Z")["stories"] == []


def test_a_story_tells_its_events_and_reports_in_order(client: TestClient) -> None:
    found = read(client, "stories/ferry-story", edition="en")
    assert found["story"]["reports"] == len(found["story"]["articles"]) == 5
    assert [event["id"] for event in found["events"]] == ["ferry", "ferry-2"]
    first, *_ = found["events"][0]["reports"]
    assert (first["article"], first["language"]) == (news.FERRY.id, "pt")
    assert first["title"] == "Ferry links the islands again after eleven days"
    copies = {r["article"]: r["copy_of"] for e in found["events"] for r in e["reports"]}
    assert copies[news.FERRY_COPY.id] == news.FERRY_NATIVE.id


def test_sources_and_editions_are_listed(client: TestClient) -> None:
    names = [source["name"] for source in read(client, "sources")["sources"]]
    assert "Le Quai" in names
    assert read(client, "sources/quai")["rights"] == "link"
    editions = read(client, "editions")["editions"]
    assert [one["direction"] for one in editions if one["language"] == "ar"] == ["rtl"]
    assert editions[0]["feeds"]["atom"] == "https://relay.example/en/feed.atom"


def test_the_health_of_a_source_does_not_tell_its_address() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    failure = Failure("x", "poll", "TooSlow", "https://private.example/feed?key=secret: gave up")
    with open_store("sqlite://") as db:
        news.fill_store(db)
        state = SourceState("folha", last_success=now - timedelta(1), failures=3, failure=failure)
        sources.put_source_state(db, state)
        client = TestClient(create_app(db, SETTINGS))
        found = client.get("/api/v1/sources/folha/health")
        assert read(client, "sources/quai/health")["is_well"] is False  # never read
    record = found.json()
    assert (record["is_well"], record["failures"], record["failure"]) == (False, 3, "TooSlow")
    assert record["last_success"] == "2026-11-19T00:00:00Z"
    assert "secret" not in found.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"articles/{news.GONE.id}", 410),
        (f"articles/{news.GONE.id}/translations", 410),
        ("articles/nothing", 404),
        ("articles?edition=xx", 404),
        ("articles?limit=0", 422),
        ("articles?source=%27%20OR%201", 422),
        ("articles?cursor=zzz", 422),
        ("articles?cursor=%F0%9F%90%9F", 422),
        ("articles?since=yesterday", 422),
        ("stories/gone-story", 410),
        ("stories/nothing", 404),
        ("sources/nothing/health", 404),
        ("nothing", 404),
        ("articles/a%2Fb", 404),
    ],
)
def test_what_cannot_be_given_is_refused_in_json(
    client: TestClient, path: str, status: int
) -> None:
    found = client.get(f"/api/v1/{path}")
    assert (found.status_code, found.headers["content-type"]) == (status, "application/json")
    assert found.json()["detail"]


def test_the_first_day_of_all_in_any_zone_is_no_fault(client: TestClient) -> None:
    assert read(client, "articles", since="0001-01-01T00:00:00+14:00")["articles"]
    assert read(client, "articles", since="9999-12-31T23:59:59-14:00")["articles"] == []


def test_the_api_describes_itself_without_the_scripts_of_others(client: TestClient) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert {
        "/api/v1/articles",
        "/api/v1/articles/{id}",
        "/api/v1/articles/{id}/translations",
        "/api/v1/stories",
        "/api/v1/stories/{id}",
        "/api/v1/sources",
        "/api/v1/sources/{id}",
        "/api/v1/sources/{id}/health",
        "/api/v1/editions",
    } <= set(schema["paths"])
    assert "swagger" not in json.dumps(schema)
    assert client.get("/docs").status_code == 404
