"""Nobody comes in who may not."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from dragoman.desk.app import OPEN
from tests.desk.conftest import EXAMPLES, PASSWORD, TestDesk


def addresses(desk: TestDesk, method: str) -> list[str]:
    """List the addresses of the desk, with examples for their parts; open ones left out."""
    found = []
    for route in desk.app.routes:
        assert isinstance(route, APIRoute), f"{route} is beside the desk's order"
        if method in route.methods and route.path not in OPEN and "/static/" not in route.path:
            plain = re.sub(r"\{\w+\}", "x", route.path)
            found.append(EXAMPLES.get(route.path, plain))
    assert found
    return found


def test_no_page_is_shown_without_a_session(desk: TestDesk) -> None:
    stranger = desk.stranger()
    for path in addresses(desk, "GET"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.text) in ((303, ""), (401, answer.text)), path
        assert answer.status_code == 401 or answer.headers["location"].startswith("/login")
    assert stranger.get("/no-such-page").headers["location"].startswith("/login")


def test_no_action_is_done_without_a_session(desk: TestDesk) -> None:
    stranger = desk.stranger()
    token = stranger.token("/login")
    for path in addresses(desk, "POST"):
        assert stranger.post(path, token=token).status_code == 401, path


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://127.0.0.1:8600", "http://localhost:8601"]
)
def test_no_action_is_done_for_a_page_of_others(desk: TestDesk, origin: str) -> None:
    operator = desk.as_("operator")
    token = operator.token()
    for path in addresses(desk, "POST"):
        assert operator.post(path, origin=origin, token=token).status_code in (401, 403), path
    assert operator.get("/").status_code == 200


def test_no_action_is_done_without_the_token_of_the_session(desk: TestDesk) -> None:
    operator, other = desk.as_("operator"), desk.as_("operator")
    for path in addresses(desk, "POST"):
        for token in ("", "x", other.token()):
            assert operator.post(path, token=token).status_code in (401, 403), path


def test_a_reader_may_change_nothing_but_their_own_door(desk: TestDesk) -> None:
    reader = desk.as_("reader")
    token = reader.token()
    own = ("/password", "/prove", "/logout", "/me/")
    for path in addresses(desk, "POST"):
        if not path.startswith(own):
            assert reader.post(path, token=token).status_code in (401, 403), path


def test_every_page_says_what_browsers_must_not_do_and_is_kept_nowhere(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    for path in (*addresses(desk, "GET"), "/login", "/nowhere"):
        headers = operator.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_right_password_lets_in_and_a_wrong_one_does_not(desk: TestDesk) -> None:
    assert desk.stranger().log_in("operator", "wrong words entirely").status_code == 401
    assert desk.stranger().log_in("nobody", PASSWORD).status_code == 401
    assert desk.as_("operator").get("/").status_code == 200
