"""What publishers write gets out of its place on no page of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from lxml import etree, html

from dragoman.desk.app import OPEN
from dragoman.desk.board import Role
from dragoman.desk.rooms import BOARDS
from dragoman.store import articles, desk_audit, items, sources, stories, translations, work
from dragoman.store.desk_audit import Deed
from dragoman.store.withdrawals import withdraw
from dragoman.types import Failure, FeedItem, Reading, SourceState, Stage
from tests.desk.conftest import EXAMPLES, TestDesk, add_people
from tests.desk.test_door import addresses
from tests.web import newsroom as news
from tests.web.test_hostile import POISON, poison

WORDS = quote(POISON, safe="")


@pytest.fixture
def poisoned(make_desk: Callable[..., TestDesk]) -> TestDesk:
    desk = make_desk()
    db, now = desk.db, desk.clock()
    add_people(db, now)
    for source in news.SOURCES:
        sources.put_source(db, replace(source, name=f"{source.name} {POISON}", country="X<"))
        failure = Failure(source.id, "poll", "FeedError", f"no feed {POISON}")
        state = SourceState(source.id, failures=2, failure=failure, feed_url=f"https://x/{POISON}")
        sources.put_source_state(db, state)
    entry = FeedItem("https://a.example/" + POISON, title=POISON)
    state = SourceState("harbour", last_success=now)
    reading = Reading("harbour", "https://a.example/", items=(entry,))
    items.put_reading(db, reading, state, {entry.url: "entry1"}, now)
    for article in news.ARTICLES:
        poisoned = replace(poison(article), first_seen=now)
        articles.put_article(db, poisoned, "1")
    for translation in news.TRANSLATIONS:
        translations.put_translation(db, poison(translation), "1", (), retry_at=now)
    stories.put_links(db, (), news.GROUPINGS, "1", [one.id for one in news.ARTICLES])
    failure = Failure("entry1", "fetch", "TooSlow", POISON)
    work.put_failure(db, failure, Stage.FETCH, "entry1", "1", next_try=now)
    withdraw(db, news.GONE.id, POISON, now)
    deed = Deed(now, POISON, POISON, POISON, "x.y", POISON, POISON, POISON, POISON)
    desk_audit.note(db, deed)
    return desk


def pages(desk: TestDesk) -> list[str]:
    return [
        *(path for path in addresses(desk, "GET") if not path.startswith(("/api/", "/metrics"))),
        "/articles/entry1",
        f"/rights?what={WORDS}",
        f"/audit?user={WORDS}&action={WORDS}",
        f"/costs?month={WORDS}",
    ]


def test_no_page_lets_what_was_fetched_become_markup(poisoned: TestDesk) -> None:
    operator = poisoned.as_(Role.OPERATOR.word)
    seen = 0
    for path in pages(poisoned):
        answer = operator.get(path)
        assert answer.status_code in (200, 404, 422), path
        if "html" not in answer.headers["content-type"]:
            continue
        page = html.document_fromstring(answer.text)
        seen += "onerror=alert" in "".join(map(str, page.itertext()))
        assert not page.xpath("//img | //iframe | //script | //style | //*[@style]"), path
        for node in page.iter(etree.Element):
            for name, value in node.attrib.items():
                assert not str(name).startswith("on"), (path, name)
                if name in ("href", "action", "src", "formaction"):
                    start = str(value)[:8]
                    known = ("http://", "https:/", "/", "#", "?")
                    assert start.startswith(known) or not start, path
                    assert not str(value).startswith("//"), path
    assert seen > 6, "the hostile words stood on no page, so nothing was tried"


def test_a_file_to_save_cannot_name_itself_otherwise(poisoned: TestDesk, tmp_path: Path) -> None:
    answer = poisoned.as_("reader").get("/sources/followed.opml")
    assert answer.headers["content-disposition"] == 'attachment; filename="publishers.opml"'
    etree.fromstring(answer.content)


def test_a_page_is_shown_to_its_role_and_to_none_below(desk: TestDesk) -> None:
    asked = 0
    for entry in (entry for board in BOARDS for entry in board.entries if entry.show):
        path = EXAMPLES.get(entry.path, entry.path)
        for role in Role:
            status = desk.as_(role.word).get(path).status_code
            assert (status == 403) == (role < entry.role), (path, role, status)
            asked += role < entry.role
    assert asked, "every page is open to readers, so nothing was tried"


def test_no_route_stands_beside_the_boards_unseen(desk: TestDesk) -> None:
    known = {entry.path for board in BOARDS for entry in board.entries}
    beside = {route.path for route in desk.app.routes if isinstance(route, APIRoute)} - known
    plain = {"/login", "/enter/{key}", "/healthz", "/readyz", "/static/{name}"}
    by_token = {path for path in beside if path.startswith("/api/")} | {"/metrics"}
    assert beside == plain | by_token
    assert set(OPEN) <= plain


def test_no_program_is_answered_without_a_token_or_with_a_cookie(desk: TestDesk) -> None:
    for visitor in (desk.stranger(), desk.as_(Role.OPERATOR.word)):
        for method in ("GET", "POST"):
            for path in addresses(desk, method):
                if path.startswith("/api/") or path == "/metrics":
                    answer = visitor.client.request(method, path)
                    assert answer.status_code == 401, path
