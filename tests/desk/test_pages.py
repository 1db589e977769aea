"""What each page shows, and what each action does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from lxml import html

from dragoman.config import load_settings
from dragoman.desk.inforce import HIDDEN, list_settings
from dragoman.desk.keys import digest_of
from dragoman.store import articles, desk_queue, desk_users, sources, stories, work
from dragoman.store.spending import add_usage
from dragoman.store.withdrawals import withdrawal
from dragoman.types import Judgement, Relation, Rights, Stage, Usage, WorkState
from tests.desk.conftest import PASSWORD, TestDesk, Visitor
from tests.ingest.test_opml import OUTLINES
from tests.web.newsroom import GROUPINGS


def parse(answer: Response) -> Any:
    return html.document_fromstring(answer.text)


def text_of(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    (main,) = parse(answer).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def test_an_empty_desk_says_on_every_page_what_to_do_next(
    make_desk: Callable[..., TestDesk],
) -> None:
    from tests.desk.conftest import add_people

    desk = make_desk()
    add_people(desk.db, desk.clock())
    operator = desk.as_("operator")
    assert "Follow a publisher" in text_of(operator, "/")
    assert "No publisher is followed yet" in text_of(operator, "/sources")
    assert "Nothing has failed" in text_of(operator, "/failures")
    assert "no story yet" in text_of(operator, "/stories")
    assert "Nothing was withdrawn" in text_of(operator, "/rights")
    assert "No engine has done anything yet" in text_of(operator, "/costs")


def test_today_tells_how_far_the_news_came_and_where_it_was_lost(desk: TestDesk) -> None:
    words = text_of(desk.as_("reader"), "/")
    assert "6 articles were found" in words
    assert "Fetched" in words
    assert re.search(r"0 3 2 1 TooSlow 2 ?, Forbidden 1", words)
    assert "Le Quai failed 3 times" in words
    assert "to be fetched Report 0" in words


def test_sources_are_listed_with_those_in_trouble_first(desk: TestDesk) -> None:
    page = parse(desk.as_("reader").get("/sources"))
    names = [str(one.text_content()) for one in page.xpath("//tbody//th")]
    assert names[0] == "Le Quai"
    words = text_of(desk.as_("reader"), "/sources/gaceta")
    assert "not what is declared" not in words or "English" in words
    assert "failed 3 times" in text_of(desk.as_("reader"), "/sources/quai")
    assert "this is no feed" in text_of(desk.as_("reader"), "/sources/quai")


def test_a_source_is_changed_paused_and_left_with_before_and_after_in_the_audit(
    desk: TestDesk,
) -> None:
    operator = desk.as_("operator")
    fields = {"name": "Folha", "language": "pt-BR", "country": "br", "rights": "link"}
    assert operator.send("/sources/folha/change", **fields, paused="1").status_code == 303
    after = sources.source(desk.db, "folha")
    assert after
    assert (after.name, after.language, after.country) == ("Folha", "pt-BR", "BR")
    assert (after.rights, after.is_paused, after.is_indexable) == (Rights.LINK, True, False)
    deed = desk.audited("source.change")[0]
    assert (deed.user, deed.role, deed.target, deed.outcome) == (
        "operator", "operator", "folha", "done"
    )  # fmt: skip
    assert "full" in deed.before
    assert "link, paused" in deed.after
    bad = operator.send("/sources/folha/change", **{**fields, "country": "Brazil"})
    assert bad.status_code == 422
    assert "is no country code" in bad.text
    assert operator.send("/sources/folha/remove").status_code == 303
    assert "folha" not in [one.id for one in sources.sources(desk.db)]
    assert articles.article(desk.db, "ferrypt00001")
    assert "no longer followed" in text_of(operator, "/sources")


def test_an_editor_may_poll_but_not_add(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    state = sources.source_states(desk.db)["quai"]
    gone = replace(state, is_gone=True, next_poll=desk.clock() + timedelta(days=1))
    sources.put_source_state(desk.db, gone)
    assert editor.send("/sources/quai/poll").status_code == 303
    after = sources.source_states(desk.db)["quai"]
    assert (after.is_gone, after.next_poll, after.failures) == (False, None, 3)
    refused = editor.send("/sources/add", url="https://new.example/", rights="full")
    assert refused.status_code == 403
    assert desk.audited("source.add")[0].outcome == "refused: needs the role operator"


def test_a_list_is_taken_in_without_its_rights_unless_it_is_our_own(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    file = {"file": ("mine.opml", OUTLINES, "text/xml")}
    answer = operator.client.post(
        "/sources/import",
        data={"token": operator.token()},
        files=file,
        headers={"origin": "http://127.0.0.1:8601"},
    )
    assert answer.status_code == 303
    assert "Publishers added: " in text_of(operator, "/sources")
    assert desk.audited("source.import")[0].outcome == "done"
    saved = operator.get("/sources/followed.opml")
    assert b"<opml" in saved.content


def test_what_failed_for_a_cause_is_tried_again_or_left(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    assert "TooSlow in fetch 2 to be tried again" in text_of(editor, "/failures")
    assert editor.send("/failures/retry", stage="fetch", kind="Forbidden").status_code == 303
    (one,) = work.work(desk.db, "new2")
    assert one.state is WorkState.RETRY
    assert editor.send("/failures/skip", stage="fetch", kind="TooSlow").status_code == 303
    (left,) = work.work(desk.db, "new0")
    assert (left.state, left.failure) == (WorkState.FAILED, None)
    assert [cause.kind for cause in desk_queue.causes(desk.db)] == ["Forbidden"]
    assert editor.send("/failures/skip", stage="x", kind="TooSlow").status_code == 422
    assert editor.send("/failures/skip", stage="fetch", kind='"').status_code == 422


def test_an_article_shows_its_life_and_does_a_stage_again(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    words = text_of(editor, "/articles/ferrypt00001")
    assert "Translated into English done" in words
    assert "ferry-story" in words
    assert "TooSlow at harbour.example" in text_of(editor, "/articles/new0")
    sent = editor.send("/articles/ferrypt00001/again", stage="translate", into="en")
    assert sent.status_code == 303
    assert all(one.stage is not Stage.TRANSLATE for one in work.work(desk.db, "ferrypt00001"))
    assert editor.get("/articles/nobody").status_code == 404


@pytest.mark.parametrize(
    "what",
    [
        "ferrypt00001",
        "https://folha-do-cais.example/balsa-volta",
        "https://folha-do-cais.example/balsa-volta?utm_source=x",
        "http://127.0.0.1:8600/en/article/ferrypt00001/",
    ],
)
def test_a_takedown_is_shown_first_then_done_and_can_be_undone(desk: TestDesk, what: str) -> None:
    operator = desk.as_("operator")
    looked = operator.send("/rights/find", what=what, reason="asked for")
    assert looked.status_code == 200
    assert "Balsa volta a ligar" in looked.text
    assert withdrawal(desk.db, "ferrypt00001") is None
    assert operator.send("/rights/withdraw", what="ferrypt00001").status_code == 422
    done = operator.send("/rights/withdraw", what="ferrypt00001", reason="asked for by mail")
    assert done.status_code == 303
    gone = withdrawal(desk.db, "ferrypt00001")
    assert gone
    assert gone.is_blocked
    assert articles.article(desk.db, "ferrypt00001") is None
    assert "asked for by mail" in text_of(operator, "/rights")
    assert operator.send("/rights/restore", what="ferrypt00001").status_code == 303
    assert articles.article(desk.db, "ferrypt00001")
    assert desk.audited("takedown.undo")[0].before == "withdrawn: asked for by mail"


def test_an_article_that_nobody_knows_is_not_taken_down(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    for what in ("", "nothing", "https://nowhere.example/x", "javascript:alert(1)"):
        assert operator.send("/rights/find", what=what).status_code == 422


def test_costs_are_added_up_by_month_engine_and_source(desk: TestDesk) -> None:
    with desk.db.write() as connection:
        month = f"{desk.clock():%Y-%m}"
        add_usage(connection, month, "folha", [Usage("deepl", 1000, 2.0, 1.25)])
        add_usage(connection, month, "harbour", [Usage("deepl", 500, 2.0, 0.5)])
        add_usage(connection, "2026-01", "folha", [Usage("firefox", 70, 1.0)])
    words = text_of(desk.as_("reader"), "/costs")
    assert "1.75 spent in" in words
    assert "deepl 1,500 4 1.75" in words
    assert "Folha do Cais 1,000 2 1.25" in words
    assert "firefox 70 1 0.00" in text_of(desk.as_("reader"), "/costs?month=2026-01")


def test_settings_in_force_name_their_origin_and_hide_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dragoman.toml"
    file.write_text(
        'store = "postgresql://news:hunter2@db.example/news?password=hunter3"\n'
        '[site]\ntitle = "Relay"\n'
        '[[webhooks]]\nurl = "https://hook.example/x?sig=hunter5"\nevents = ["source.failing"]\n'
        '[translate.options.deepl]\nauth_key = "hunter4"\nformality = "more"\n'
    )
    monkeypatch.setenv("DRAGOMAN_SITE__PAGE_SIZE", "7")
    rows = {one.key: one for one in list_settings(load_settings(file), file)}
    assert (rows["site.title"].value, rows["site.title"].origin) == ("Relay", "file")
    assert rows["site.page_size"].value == "7"
    assert rows["site.page_size"].origin == "environment: DRAGOMAN_SITE__PAGE_SIZE"
    assert rows["site.port"].origin == "default"
    shown = " ".join(one.value for one in rows.values())
    assert "hunter" not in shown
    assert HIDDEN in rows["translate.options"].value
    assert "formality = more" in rows["translate.options"].value


def test_users_are_added_changed_and_removed_but_never_the_last_operator(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    added = operator.send("/users/add", name=" Ines ", role="editor")
    link = re.search(r"http://127\.0\.0\.1:8601(/enter/[\w-]+)", added.text)
    assert link
    assert desk.stranger().get(link[1]).status_code == 200
    assert operator.send("/users/add", name="ines", role="editor").status_code == 422
    assert operator.send("/users/add", name="a b<", role="editor").status_code == 422
    assert operator.send("/users/add", name="abc", role="owner").status_code == 422
    assert operator.send("/users/role", name="operator", role="reader").status_code == 422
    assert operator.send("/users/remove", name="operator").status_code == 422
    assert operator.send("/users/role", name="ines", role="operator").status_code == 303
    assert operator.send("/users/remove", name="reader").status_code == 303
    names = [(one.name, one.role) for one in desk_users.users(desk.db)]
    assert ("ines", "operator") in names
    assert "reader" not in dict(names)
    assert desk.audited("user.role")[0].after == "operator"


def test_sessions_are_seen_and_ended(desk: TestDesk) -> None:
    operator, reader = desk.as_("operator"), desk.as_("reader")
    page = parse(operator.get("/users"))
    (digest,) = page.xpath("//form[@action='/users/end']//input[@name='session']/@value")
    assert reader.send("/me/end", session="x").status_code == 422
    assert operator.send("/users/end", session=str(digest)).status_code == 303
    assert reader.get("/").status_code == 303
    assert operator.get("/").status_code == 200


def test_nobody_ends_the_sessions_or_tokens_of_others(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    operator.send("/me/token", name="cron", scope="read", days="30")
    page = parse(operator.get("/users"))
    (token,) = page.xpath("//input[@name='token_id']/@value")
    editor = desk.as_("editor")
    session = digest_of(operator.client.cookies[f"desk-{desk.settings.desk.port}"])
    assert editor.send("/me/end", session=session).status_code == 422
    assert operator.get("/").status_code == 200
    assert editor.send("/me/token/remove", token_id=str(token)).status_code == 422


def make_token(desk: TestDesk, name: str, scope: str) -> str:
    shown = desk.as_(name).send("/me/token", name="cron", scope=scope, days="30")
    found = re.search(r"<code>(dragoman_[\w-]+)</code>", shown.text)
    assert found
    return found[1]


def test_a_token_gives_what_its_scope_and_its_user_may(desk: TestDesk) -> None:
    client = desk.stranger().client

    def ask(path: str, key: str, method: str = "GET", **body: str) -> tuple[int, object]:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        content = json.dumps(body) if body else None
        answer = client.request(method, path, headers=headers, content=content)
        return answer.status_code, answer.json()

    read, act = make_token(desk, "editor", "read"), make_token(desk, "editor", "act")
    weak = make_token(desk, "reader", "act")
    status, today = ask("/api/today", read)
    assert status == 200
    assert isinstance(today, dict)
    assert today["flow"]["found"] == 6
    assert ask("/api/sources", read)[0] == 200
    assert ask("/api/failures", read)[0] == 200
    assert ask("/api/today", "")[0] == 401
    assert ask("/api/today", "dragoman_x")[0] == 401
    assert ask("/api/today", act)[0] == 403
    assert ask("/api/sources/quai/poll", read, "POST")[0] == 403
    assert ask("/api/sources/quai/poll", weak, "POST")[0] == 403
    assert ask("/api/sources/quai/poll", act, "POST")[0] == 200
    assert ask("/api/sources/nobody/poll", act, "POST")[0] == 404
    asked = {"stage": "fetch", "kind": "TooSlow"}
    assert ask("/api/failures/retry", act, "POST", **asked) == (200, {"due": 2})
    assert ask("/api/failures/retry", act, "POST", stage="x")[0] == 422
    assert any(one.user == "editor" for one in desk.audited("token cron: /api/failures/retry"))
    desk.clock.go_on(days=31)
    assert ask("/api/today", read)[0] == 401


def test_the_audit_is_read_by_user_by_action_and_page_by_page(desk: TestDesk) -> None:
    editor = desk.as_("editor")
    for _ in range(3):
        editor.send("/sources/quai/poll")
    words = text_of(editor, "/audit?user=editor&action=source")
    assert words.count("source.poll") == 3
    assert "door.enter" not in words
    assert "Nothing fits" in text_of(editor, "/audit?user=nobody")


def test_why_reports_are_one_story_is_shown(desk: TestDesk) -> None:
    words = text_of(desk.as_("reader"), "/stories/ferry-story")
    assert "5 reports, 4 languages" in words
    assert "repeats another report" in words
    assert desk.as_("reader").get("/stories/nothing").status_code == 404
    assert PASSWORD not in words


def test_an_editor_parts_a_report_from_a_story_and_puts_it_back(desk: TestDesk) -> None:
    ids = [one.article for one in GROUPINGS if one.story == "ferry-story"]
    why = ("two rare names",)
    judged = [Judgement(a, b, Relation.SAME_STORY, 0.9, reasons=why) for a, b in pairwise(ids)]
    stories.put_links(desk.db, judged, GROUPINGS, "1", ids)
    editor = desk.as_("editor")
    assert "two rare names" in text_of(editor, "/stories/ferry-story")
    parted = editor.send("/stories/ferry-story/split", article="ferryar00001")
    assert parted.status_code == 303
    new = parted.headers["location"]
    assert new != "/stories/ferry-story"
    words = text_of(editor, new)
    assert "1 report, 1 language." in words
    rest = f"/stories/{desk.audited('story.split')[0].before}"
    assert "/articles/ferryar00001" not in editor.get(rest).text
    assert editor.send(f"{rest}/split").status_code == 422
    again = f"http://127.0.0.1:8600/en/story/{new.rpartition('/')[2]}/"
    merged = editor.send(f"{rest}/merge", other=again)
    assert merged.status_code == 303
    words = text_of(editor, merged.headers["location"])
    assert "5 reports" in words
    assert "decided by editor" in words
    assert editor.send(f"{rest}/merge", other="nothing").status_code == 422
    assert desk.audited("story.split")[0].outcome.startswith("refused: tick the reports")


def test_what_was_refused_with_strange_words_stands_in_the_audit_as_words(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    strange = "100% <img src=x onerror=alert(1)> %(x)s"
    assert operator.send("/users/add", name=strange, role=strange).status_code == 422
    page = operator.get("/audit")
    assert page.status_code == 200
    assert "<img" not in page.text
    assert "&lt;img" in page.text
