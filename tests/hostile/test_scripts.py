"""No script gets from a publisher to any output; `python -m quality.xss` tries thousands."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import pytest
from lxml import etree, html

from dragoman.cli.session import set_up_log
from dragoman.config import Settings
from dragoman.store import Store, open_store
from quality.xss import open_live
from quality.xss_outputs import Shown, first_words, list_live, list_outputs, serving
from quality.xss_press import relay_vectors, write_settings
from tests.hostile.vectors import VECTORS

pytestmark = pytest.mark.timeout(600)
_OWN = re.compile(r"/(?:static|pagefind)/[\w.-]+\.js")
_RUNNING = frozenset({"iframe", "object", "embed", "base", "frame", "applet"})
_LINKS = frozenset({"href", "src", "action", "formaction", "data", "cite", "srcset", "poster"})


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Settings]]:
    """The vectors, relayed once; tests that use them only read."""
    set_up_log("error")
    settings = write_settings(tmp_path_factory.mktemp("scripts"))
    with open_store(settings.store_url) as db:
        relay_vectors(VECTORS, db, settings)
        yield db, settings


@pytest.fixture(scope="module")
def shown(
    relayed: tuple[Store, Settings], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Shown]]:
    db, settings = relayed
    found = defaultdict(list)
    for one in list_outputs(db, settings, VECTORS, tmp_path_factory.mktemp("site")):
        found[one.output].append(one)
    return dict(found)


def faults_of(text: str) -> Iterator[str]:
    """Say what of a document could run, or would be fetched from others."""
    for node in html.document_fromstring(text or "<p>").iter(etree.Element):
        tag = str(node.tag)
        if tag == "script" and node.get("type") == "application/ld+json":
            json.loads(node.text or "")
        elif tag == "script" and (node.text or not _OWN.match(str(node.get("src")))):
            yield "<script>"
        elif tag in _RUNNING:
            yield f"<{tag}>"
        for name, value in (map(str, pair) for pair in node.attrib.items()):
            if name.startswith("on") or name in ("style", "srcdoc"):
                yield f"{name} of <{tag}>"
            if name in _LINKS and not is_of_the_web(value):
                yield f"{name}={value}"


def is_of_the_web(value: str) -> bool:
    return not value or value.startswith(("http://", "https://", "/", "#", "?")) or ":" not in value


def test_there_are_forms_of_each_class() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 40


def test_no_output_holds_anything_that_could_run(shown: dict[str, list[Shown]]) -> None:
    assert len(shown) >= 15, "an output is missing"
    found = [
        f"{one.output} {one.address}: {fault}"
        for one in chain.from_iterable(shown.values())
        for fault in faults_of(one.html)
    ]
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize(
    "output",
    [
        "article pages", "source pages", "story pages", "search pages", "report forms",
        "front and other pages", "feeds, rss", "feeds, atom", "feeds, json", "Google Reader API",
        "exported pages", "desk, lists", "desk, sources", "desk, queries", "desk, articles",
        "desk, translations", "desk, stories",
    ],
)  # fmt: skip
def test_the_vectors_stood_in_each_output_as_text(
    shown: dict[str, list[Shown]], output: str
) -> None:
    words = first_words(VECTORS)
    seen = {number for one in shown[output] for number in one.seen(words)}
    assert len(seen) > len(VECTORS) / 4, "so nothing was tried"


@pytest.mark.browser
def test_a_browser_runs_nothing_and_asks_nobody_else(relayed: tuple[Store, Settings]) -> None:
    db, settings = relayed
    with serving(db, settings) as home:
        addresses = list(list_live(db, settings, VECTORS, home))
        opened, ran, strangers = open_live(addresses[:40])
    assert opened == 40
    assert ran == []
    assert strangers == []
