"""Nobody comes in who may not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient

from dragoman.config import Desk as DeskSection
from dragoman.desk import create_desk, door
from dragoman.desk.app import OPEN
from dragoman.errors import ConfigError
from dragoman.store import desk_counts, desk_users
from dragoman.store.schema import desk_links
from dragoman.store.schema import desk_sessions as desk_sessions_table
from dragoman.store.schema import desk_users as desk_users_table
from tests.desk.conftest import EXAMPLES, HASHED, ORIGIN, PASSWORD, REAL, TestDesk, Visitor


def addresses(desk: TestDesk, method: str) -> list[str]:
    """List the addresses of the desk, with examples for their parts; open ones left out."""
    found = []
    for route in desk.app.routes:
        assert isinstance(route, APIRoute), f"{route} is beside the desk's order"
        if (
            method in (route.methods or ())
            and route.path not in OPEN
            and "/static/" not in route.path
        ):
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
    visitor = desk.stranger()
    assert visitor.log_in("operator").status_code == 303
    assert visitor.get("/").status_code == 200
    cookie = visitor.client.cookies.jar
    assert all(one.has_nonstandard_attr("HttpOnly") for one in cookie)


def test_a_form_of_the_door_needs_its_origin_and_its_token_too(desk: TestDesk) -> None:
    stranger = desk.stranger()
    token = stranger.token("/login")
    words = {"name": "operator", "password": PASSWORD}
    for origin in ("https://evil.example", "null", ""):
        answer = stranger.post("/login", origin=origin, token=token, **words)
        assert answer.status_code == 403
    assert stranger.post("/login", token="x", **words).status_code == 403
    other = desk.stranger().token("/login")
    assert stranger.post("/login", token=other, **words).status_code == 403
    assert stranger.post("/login", token=token, **words).status_code == 303


def test_whoever_logs_in_is_led_on_here_and_nowhere_else(desk: TestDesk) -> None:
    for asked, led in (
        ("/sources?x=1", "/sources?x=1"),
        ("https://evil.example/x", "/x"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        visitor = desk.stranger()
        token = visitor.token("/login")
        fields = {"name": "reader", "password": PASSWORD, "next": asked}
        assert visitor.post("/login", token=token, **fields).headers["location"] == led


def test_wrong_passwords_lock_a_name_and_a_restart_forgives_nothing(
    desk: TestDesk, make_desk: Callable[..., TestDesk]
) -> None:
    for _ in range(5):
        assert desk.stranger().log_in("editor", "wrong words entirely").status_code == 401
    answer = desk.stranger().log_in("editor")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) <= 61
    assert desk.stranger().log_in("operator").status_code == 303
    restarted = make_desk(desk.db)
    restarted.clock.at = desk.clock.at
    assert restarted.stranger().log_in("editor").status_code == 429
    restarted.clock.go_on(minutes=2)
    assert restarted.stranger().log_in("editor").status_code == 303


def test_a_lock_grows_but_never_beyond_a_quarter_of_an_hour(desk: TestDesk) -> None:
    for _ in range(14):
        desk.stranger().log_in("editor", "wrong words entirely")
        desk.clock.go_on(minutes=16)
    assert desk.stranger().log_in("editor").status_code == 303


def test_an_unknown_name_is_locked_like_a_known_one(desk: TestDesk) -> None:
    answers = [desk.stranger().log_in("nobody", PASSWORD).status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


def test_an_address_that_tries_many_names_is_locked(desk: TestDesk) -> None:
    for number in range(20):
        assert desk.stranger().log_in(f"name{number}", PASSWORD).status_code == 401
    assert desk.stranger().log_in("another").status_code == 429
    assert desk.audited("door.lock")[0].outcome.startswith("locked until")


def test_a_clock_that_was_set_back_locks_nobody_out(desk: TestDesk) -> None:
    for _ in range(5):
        desk.stranger().log_in("editor", "wrong words entirely")
    desk.clock.go_on(days=-400)
    assert desk.stranger().log_in("editor").status_code == 303


def test_a_session_of_a_year_to_come_is_over_when_the_clock_is_right_again(desk: TestDesk) -> None:
    desk.clock.go_on(days=3650)
    visitor = desk.as_("operator")
    assert visitor.get("/").status_code == 200
    desk.clock.go_on(days=-3650)
    assert visitor.get("/").status_code == 303


def test_a_link_lets_in_once_even_who_is_locked_out_and_asks_for_a_password(
    desk: TestDesk,
) -> None:
    for _ in range(6):
        desk.stranger().log_in("editor", "wrong words entirely")
    link = door.make_link(desk.db, "editor", desk.clock())
    visitor = desk.stranger()
    assert visitor.get(link).status_code == 200  # looking uses nothing up
    token = visitor.token(link)
    assert visitor.post(link, token=token).headers["location"] == "/password"
    assert visitor.get("/sources").headers["location"] == "/password"
    new = "entirely other four words"
    assert visitor.send("/password", password=new, again=new).headers["location"] == "/"
    assert visitor.get("/sources").status_code == 200
    second = desk.stranger()
    token = second.token("/login")
    assert second.post(link, token=token).status_code == 410
    assert desk.stranger().log_in("editor").status_code == 401
    assert desk.stranger().log_in("editor", new).status_code == 303


def test_a_link_is_over_after_half_an_hour_and_ends_with_the_next(desk: TestDesk) -> None:
    first = door.make_link(desk.db, "editor", desk.clock())
    second = door.make_link(desk.db, "editor", desk.clock())
    assert desk.stranger().get(first).status_code == 410
    assert desk.stranger().get(second).status_code == 200
    desk.clock.go_on(minutes=31)
    assert desk.stranger().get(second).status_code == 410


def test_links_that_are_guessed_do_not_fill_the_audit(desk: TestDesk) -> None:
    stranger = desk.stranger()
    token = stranger.token("/login")
    for number in range(30):
        assert stranger.post(f"/enter/guess{number}", token=token).status_code == 410
    assert len(desk.audited("door.refuse")) == 20


def test_what_the_store_keeps_lets_nobody_in(desk: TestDesk) -> None:
    link = door.make_link(desk.db, "editor", desk.clock())
    operator = desk.stranger()
    operator.log_in("operator")
    key = operator.client.cookies[f"desk-{desk.settings.desk.port}"]
    with desk.db.read() as connection:
        kept = "".join(
            str(row)
            for table in (desk_links, desk_sessions_table, desk_users_table)
            for row in connection.execute(select(table))
        )
    assert link.rpartition("/")[2] not in kept
    assert key not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept


def test_a_session_ends_unused_at_last_by_hand_and_with_its_user(desk: TestDesk) -> None:
    visitor = desk.as_("editor")
    desk.clock.go_on(hours=11)
    assert visitor.get("/").status_code == 200
    desk.clock.go_on(hours=13)
    assert visitor.get("/").status_code == 303
    busy = desk.as_("editor")
    for _ in range(17):
        desk.clock.go_on(hours=10)
        busy.get("/")
    assert busy.get("/").status_code == 303
    leaving = desk.as_("editor")
    assert leaving.send("/logout").status_code == 303
    assert leaving.get("/").status_code == 303
    gone = desk.as_("editor")
    desk_users.remove_user(desk.db, "editor", highest="operator")
    assert gone.get("/").status_code == 303


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(desk: TestDesk) -> None:
    here, there = desk.as_("editor"), desk.as_("editor")
    new = "entirely other four words"
    refused = here.send("/password", former="wrong words here", password=new, again=new)
    assert refused.status_code == 422
    assert here.send("/password", former=PASSWORD, password=new, again="x").status_code == 422
    for weak in ("short", "aaaaaaaaaaaaaaaa", "editor is my name"):
        sent = here.send("/password", former=PASSWORD, password=weak, again=weak)
        assert sent.status_code == 422, weak
    assert here.send("/password", former=PASSWORD, password=new, again=new).status_code == 303
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303


def test_grave_actions_ask_for_the_password_again_after_an_hour(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    desk.clock.go_on(hours=2)
    asked = operator.send("/users/add", name="ines", role="editor")
    assert asked.headers["location"].startswith("/prove")
    assert operator.send("/prove", password="wrong words here").status_code == 422
    assert operator.send("/prove", password=PASSWORD, next="/users").status_code == 303
    assert operator.send("/users/add", name="ines", role="editor").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8601", 200), ("localhost:8601", 200), ("[::1]:8601", 200),
        ("desk.lan:8601", 200), ("desk.lan.:8601", 200), ("DESK.LAN", 200),
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("192.168.1.7:8601", 421),
        ("", 421), ("[", 421),
    ],
)  # fmt: skip
def test_a_desk_answers_to_its_own_names_alone(desk: TestDesk, host: str, status: int) -> None:
    settings = desk.settings.model_copy(update={"desk": DeskSection(names=("desk.lan",))})
    client = TestClient(create_desk(desk.db, settings), base_url=ORIGIN)
    assert client.get("/login", headers={"host": host}).status_code == status


def test_a_form_by_a_name_of_ones_own_comes_from_that_name(desk: TestDesk) -> None:
    stranger = desk.stranger()
    token = stranger.token("/login")
    headers = {"host": "localhost:8601", "origin": "http://localhost:8601"}
    fields = {"token": token, "name": "reader", "password": PASSWORD}
    assert stranger.client.post("/login", data=fields, headers=headers).status_code == 303


def test_behind_https_cookies_are_secure_and_origins_are_https(desk: TestDesk) -> None:
    section = DeskSection(base_url="https://desk.example")
    settings = desk.settings.model_copy(update={"desk": section})
    app = create_desk(desk.db, settings, None, desk.clock)
    client = TestClient(app, base_url="https://desk.example", follow_redirects=False)
    visitor = Visitor(client)
    token = visitor.token("/login")
    words = {"token": token, "name": "reader", "password": PASSWORD}
    assert visitor.post("/login", origin="http://desk.example", **words).status_code == 403
    answer = visitor.post("/login", origin="https://desk.example", **words)
    assert answer.status_code == 303
    assert "__Host-desk" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_desk_that_others_reach_does_not_start_before_somebody_has_a_password(
    make_desk: Callable[..., TestDesk],
) -> None:
    empty = make_desk()
    open_to_all = empty.settings.model_copy(update={"desk": DeskSection(host="0.0.0.0")})
    door.ensure_operator(empty.db, empty.clock())
    with pytest.raises(ConfigError, match="no user has a password yet"):
        door.refuse_open_door(open_to_all, empty.db)
    door.refuse_open_door(empty.settings, empty.db)
    desk_users.set_password(empty.db, "operator", HASHED)
    door.refuse_open_door(open_to_all, empty.db)


def test_a_form_that_is_too_large_is_refused_unread(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    answer = operator.send("/sources/add", url="https://a.example/", name="x" * 300_000)
    assert answer.status_code == 413
    assert not desk.audited("source.add")


def test_a_mistake_of_ours_is_said_and_tells_no_secrets(
    desk: TestDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = desk.as_("reader")
    monkeypatch.setattr(desk_counts, "flow", None)
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "by a mistake in Dragoman" in answer.text
    said = capsys.readouterr()
    assert visitor.client.cookies[f"desk-{desk.settings.desk.port}"] not in said.out + said.err


def test_passwords_are_hashed_as_slowly_as_rfc_9106_recommends() -> None:
    assert (REAL.type.name, REAL.time_cost, REAL.memory_cost) == ("ID", 3, 64 * 1024)
