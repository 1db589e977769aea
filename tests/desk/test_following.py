"""A publisher is tried and followed at the desk, over a real connection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from demo.press import Press
from dragoman.config import Fetch, Settings, Translate
from dragoman.desk import create_desk
from dragoman.store import sources
from tests.desk.conftest import TestDesk


def test_an_address_is_tried_then_followed_and_its_stages_are_shown(
    make_desk: Callable[..., TestDesk], filled: Path, tmp_path: Path
) -> None:
    desk = make_desk(source=filled)
    settings = Settings(
        data=tmp_path,
        fetch=Fetch(allow_networks=("127.0.0.0/8",), host_interval_s=0.01),
        translate=Translate(engines=("echo",)),
    )
    desk.app = create_desk(desk.db, settings, None, desk.clock)
    operator = desk.as_("operator")
    with Press(0) as press:
        outlet = next(one for one in press.outlets if one.id == "harbour")
        address = outlet.address + outlet.follow
        tried = operator.send("/sources/try", url=address, rights="extract")
        assert "Every stage worked. Nothing was stored." in tried.text
        assert "words in" in tried.text
        assert len(sources.sources(desk.db)) == 5
        added = operator.send("/sources/add", url=address, rights="link", country="ie")
        assert added.status_code == 303
        again = operator.send("/sources/add", url=address, rights="link")
        assert "is followed already" in again.text
    followed = [one for one in sources.sources(desk.db) if one.url == address]
    assert [(one.rights.value, one.country) for one in followed] == [("link", "IE")]
    gone = desk.as_("editor").send(f"/sources/{followed[0].id}/test")
    assert "A stage failed" in gone.text
    assert desk.audited("source.test")[0].after.startswith("failed: ")


def test_an_address_in_a_private_network_is_not_asked(desk: TestDesk) -> None:
    operator = desk.as_("operator")
    tried = operator.send("/sources/try", url="http://127.0.0.1:1/feed", rights="extract")
    assert "A stage failed" in tried.text
    assert operator.send("/sources/try", url="file:///etc/passwd").status_code == 422
