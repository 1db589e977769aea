"""Readers report a bad translation without an account; nobody else can in their name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from lxml import html
from starlette.testclient import TestClient

from dragoman.store import Store, open_store, reports
from dragoman.store.reports import OF_ONE, Report, take_report
from dragoman.types import ReportKind
from dragoman.web.app import create_app
from dragoman.web.reporting import find_address, is_from_here
from tests.web.conftest import SETTINGS, Site
from tests.web.newsroom import FERRY, FERRY_EN, FERRY_MADE, FERRY_PT, FERRY_SPANISH, fill_store
from tests.web.selecting import find

FORM = f"/en/article/{FERRY.id}/report/"
SECOND = FERRY_MADE.segments[2].segment.id
HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def filled() -> Iterator[Store]:
    with open_store("sqlite://") as db:
        fill_store(db)
        yield db


@pytest.fixture
def db(filled: Store) -> Store:
    """The newsroom before anybody reported anything."""
    with filled.write() as connection:
        for table in ("reports", "report_days", "report_marks"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return filled


@pytest.fixture
def client(db: Store) -> Iterator[TestClient]:
    with TestClient(create_app(db, SETTINGS), follow_redirects=False) as client:
        yield client


def send(client: TestClient, path: str = FORM, **fields: str) -> Response:
    given = {"segment": SECOND, "kind": "number", **fields}
    return client.post(path, data=given, headers=HERE)


def test_a_translated_article_leads_to_the_form_and_from_each_row_to_its_sentence(
    db: Store,
) -> None:
    page = Site(db).text(f"/en/article/{FERRY.id}/")
    assert f'href="{FORM}"' in page
    assert f'href="report/?segment={FERRY_MADE.segments[1].segment.id}"' in page


def test_an_article_that_was_not_translated_has_no_form(db: Store) -> None:
    site = Site(db)
    assert "report/" not in site.text(f"/pt/article/{FERRY.id}/")
    assert site.get(f"/pt/article/{FERRY.id}/report/").status == 404
    assert site.get("/en/article/nothing/report/").status == 404


def test_the_form_lists_the_sentences_with_their_originals(client: TestClient) -> None:
    page = html.fromstring(client.get(FORM).text)
    picks = {one.get("value"): one for one in find(page, "input[name=segment]")}
    assert len(picks) == len(FERRY_MADE.segments) + 1
    label = picks[SECOND].getparent()
    assert FERRY_EN[1] in label.text_content()
    assert find(label, "[lang=pt]")[0].text_content() == FERRY_PT[1]
    assert not find(page, "[style]")
    assert all(script.get("src") for script in find(page, "script"))


def test_a_link_picks_its_sentence_and_shows_its_neighbours(client: TestClient) -> None:
    page = html.fromstring(client.get(f"{FORM}?segment={SECOND}").text)
    (picked,) = find(page, "input[name=segment][checked]")
    assert picked.get("value") == SECOND
    assert len(find(page, "input[name=segment]")) < len(FERRY_MADE.segments)
    assert "Show all sentences" in find(page, "main")[0].text_content()


def test_only_sentences_that_rights_let_show_can_be_picked(client: TestClient) -> None:
    page = client.get(f"/en/article/{FERRY_SPANISH.id}/report/").text
    assert "sailing" in page or "turned to sail" in page
    assert "declined to do comments" not in page


def test_a_report_lands_in_the_store_and_the_reader_is_thanked(
    client: TestClient, db: Store
) -> None:
    sent = send(client, words="It says 1,240.", suggestion="1,240 tickets will be refunded.")
    assert sent.status_code == 303
    thanks = client.get(sent.headers["location"])
    assert "Thank you for your report" in thanks.text
    (found,) = reports.reports(db)
    assert (found.article, found.into, found.segment) == (FERRY.id, "en", SECOND)
    assert (found.kind, found.words) == (ReportKind.NUMBER, "It says 1,240.")
    assert (found.source, found.shown) == (FERRY_PT[1], FERRY_EN[1])


def test_the_same_report_twice_is_counted_and_not_written_twice(
    client: TestClient, db: Store
) -> None:
    for _ in range(3):
        assert send(client).status_code == 303
    (found,) = reports.reports(db)
    assert found.times == 3


def test_a_form_without_a_kind_comes_back_with_what_was_written(
    client: TestClient, db: Store
) -> None:
    sent = send(client, kind="nonsense", words="Wrong <b>number</b>")
    assert sent.status_code == 422
    page = html.fromstring(sent.text)
    assert "Please say what is wrong." in find(page, "[role=alert]")[0].text_content()
    assert find(page, "textarea")[0].text_content() == "Wrong <b>number</b>"
    assert find(page, "input[name=segment][checked]")[0].get("value") == SECOND
    assert reports.reports(db) == ()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"segment": "of-another-article"}, 422),
        ({"words": "x" * 2001}, 413),
        ({"words": "x" * 40_000}, 413),
        ({"website": "https://spam.example"}, 303),
    ],
)
def test_hostile_forms_write_nothing(
    client: TestClient, db: Store, fields: dict[str, str], status: int
) -> None:
    assert send(client, **fields).status_code == status
    assert reports.reports(db) == ()


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
def test_what_is_no_form_writes_nothing(client: TestClient, db: Store, kind: str) -> None:
    headers = {**HERE, "content-type": kind}
    assert client.post(FORM, content=b"kind=name", headers=headers).status_code == 422
    assert reports.reports(db) == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://other.example"},
        {"origin": "null"},
    ],
)
def test_a_form_sent_from_another_site_is_refused(
    client: TestClient, db: Store, headers: dict[str, str]
) -> None:
    sent = client.post(FORM, data={"kind": "name"}, headers=headers)
    assert sent.status_code == 403
    assert reports.reports(db) == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "https://relay.example"},
        {"origin": "http://192.168.1.5:8600", "host": "192.168.1.5:8600"},
        {},
    ],
)
def test_a_form_sent_from_the_site_itself_is_taken(headers: dict[str, str]) -> None:
    assert is_from_here("https://relay.example", headers)


def test_the_page_lets_the_browser_say_where_its_form_comes_from(client: TestClient) -> None:
    page = client.get(FORM)
    assert page.headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert page.headers.get_list("referrer-policy") == ["same-origin"]


def test_one_address_may_report_so_often_a_day_and_others_go_on(db: Store) -> None:
    now = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    said = [Report(FERRY.id, "en", ReportKind.NAME, words=str(n)) for n in range(OF_ONE + 2)]
    taken = [take_report(db, one, "2001:db8:1:2::7", now) for one in said[:OF_ONE]]
    assert all(taken)
    assert not take_report(db, said[OF_ONE], "2001:db8:1:2:ffff::1", now)  # the same network
    assert take_report(db, said[OF_ONE], "2001:db8:1:3::7", now)
    assert take_report(db, said[OF_ONE + 1], "2001:db8:1:2::7", now + timedelta(hours=2))


def test_too_many_reports_are_refused_with_a_word(client: TestClient, db: Store) -> None:
    for number in range(OF_ONE):
        send(client, words=str(number))
    assert send(client, words="one more").status_code == 429
    assert len(reports.reports(db)) == OF_ONE


def test_no_address_is_kept(client: TestClient, db: Store) -> None:
    send(client)
    with db.read() as connection:
        for table in ("reports", "report_days", "report_marks"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                assert "testclient" not in " ".join(map(str, row))


@pytest.mark.parametrize(
    ("peer", "heard", "trusted", "expected"),
    [
        ("203.0.113.5", "192.0.2.1", (), "203.0.113.5"),
        ("127.0.0.1", "192.0.2.1", ("127.0.0.0/8",), "192.0.2.1"),
        ("127.0.0.1", "6.6.6.6, 192.0.2.1", ("127.0.0.0/8",), "192.0.2.1"),
        ("127.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", ("127.0.0.0/8", "10.0.0.0/8"), "192.0.2.1"),
        ("203.0.113.5", "192.0.2.1", ("127.0.0.0/8",), "203.0.113.5"),
        ("127.0.0.1", "", ("127.0.0.0/8",), "127.0.0.1"),
        ("::ffff:127.0.0.1", "192.0.2.1", ("127.0.0.0/8",), "192.0.2.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    peer: str, heard: str, trusted: tuple[str, ...], expected: str
) -> None:
    assert find_address(peer, {"x-forwarded-for": heard}, trusted) == expected


def test_a_site_without_reports_leads_to_its_contact(db: Store) -> None:
    for settings in (replace(SETTINGS, takes_reports=False), replace(SETTINGS, is_static=True)):
        site = Site(db, settings)
        page = site.text(f"/en/article/{FERRY.id}/")
        assert "report/" not in page
        assert '<a href="mailto:desk@relay.example" rel="nofollow">Report a bad' in page
        assert site.get(FORM).status == 404
    with TestClient(create_app(db, replace(SETTINGS, takes_reports=False))) as client:
        assert client.post(FORM, data={"kind": "name"}, headers=HERE).status_code == 405
