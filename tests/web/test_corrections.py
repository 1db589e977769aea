"""What a person put right is said on the article's page, in the log and in its feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import html

from dragoman.steps import correct, release
from dragoman.store import Store, open_store
from dragoman.types import ReportKind
from dragoman.web.export import list_addresses
from tests.web.conftest import SMALL, Site
from tests.web.newsroom import (
    FERRY,
    FERRY_EN,
    FERRY_FROM_ARABIC,
    FERRY_GIST,
    FERRY_MADE,
    FERRY_SPANISH,
    fill_store,
)
from tests.web.selecting import find

AT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
PAGE = f"/en/article/{FERRY.id}/"
COMPANY = FERRY_MADE.segments[2].segment.id
BETTER = "The company announced that 1,240 tickets will be <refunded>."
PREFIX = "The ferry turns to join"


@pytest.fixture(scope="module")
def db() -> Iterator[Store]:
    """The newsroom after a person looked at three of its translations."""
    with open_store("sqlite://") as db:
        fill_store(db)
        correct(db, FERRY.id, "en", {COMPANY: BETTER}, "Ana", kind=ReportKind.NUMBER, now=AT)
        release(db, FERRY_FROM_ARABIC.article, "en", "Rui", now=AT)
        last = FERRY_GIST.segments[-1].segment.id
        correct(db, FERRY_SPANISH.id, "en", {last: "The captain kept silent."}, "Ana", now=AT)
        yield db


@pytest.fixture(scope="module")
def site(db: Store) -> Site:
    return Site(db)


def text(site: Site, path: str) -> str:
    (body,) = find(html.fromstring(site.text(path)), "body")
    return " ".join(body.text_content().split())


def test_the_page_shows_the_correction_and_says_so(site: Site) -> None:
    page = html.fromstring(site.text(PAGE))
    body = find(page, ".body")[0]
    assert "1,240 tickets will be <refunded>." in body.text_content()
    assert FERRY_EN[1] not in body.text_content()
    (sentence,) = find(body, "span.hand")
    assert sentence.get("id") == f"s-{COMPANY}"
    assert "corrected or checked by a person" in body.text_content()
    (change,) = find(page, ".change")
    assert find(change, "del")[0].text_content() == FERRY_EN[1]
    assert find(change, "ins")[0].text_content() == BETTER
    assert "Corrected on November 22, 2026" in text(site, PAGE)


def test_the_notice_stays_honest(site: Site) -> None:
    assert (
        "Translated by machine from Portuguese. 1 sentence was corrected or checked by a person, "
        "the rest was not."
    ) in text(site, PAGE)
    whole = f"/en/article/{FERRY_FROM_ARABIC.article}/"
    assert "Translated by machine from Arabic; reviewed by Rui." in text(site, whole)
    assert '<meta name="dragoman:reviewed" content="yes">' in site.text(whole)
    assert '<meta name="dragoman:reviewed" content="in part">' in site.text(PAGE)


def test_machines_are_told_when_the_page_changed(site: Site) -> None:
    page = html.fromstring(site.text(PAGE))
    (data,) = find(page, "script[type=application/ld+json]")
    record = json.loads(data.text_content())
    assert record["dateModified"].startswith("2026-11-22T12:30")
    assert record["translationOfWork"]["dateModified"].startswith("2026-11-18")
    feed = feedparser.parse(site.get("/en/feed.atom").body)
    entry = next(one for one in feed.entries if one.link.endswith(PAGE))
    assert entry.updated == "2026-11-22T12:30:00Z"


def test_a_page_gets_another_tag_by_a_correction(db: Store) -> None:
    with open_store("sqlite://") as untouched:
        fill_store(untouched)
        before = Site(untouched).get(PAGE).fields["etag"]
    assert Site(db).get(PAGE).fields["etag"] != before


def test_the_log_lists_corrections_with_what_was_wrong(site: Site) -> None:
    page = html.fromstring(site.text("/en/corrections/"))
    said = find(page, "main")[0].text_content()
    assert "A number, date or amount is wrong" in said
    assert [one.text_content() for one in find(page, "ins")] == [BETTER]
    assert f"/en/article/{FERRY.id}/#s-{COMPANY}" in site.text("/en/corrections/")
    assert "Rui" not in said  # what was confirmed is no correction


def test_the_log_shows_no_sentence_that_rights_forbid(site: Site) -> None:
    log = text(site, "/en/corrections/")
    assert PREFIX in log
    assert "A sentence was corrected that is not shown here." in log
    assert "kept silent" not in log
    assert "kept silent" not in text(site, f"/en/article/{FERRY_SPANISH.id}/")
    assert b"kept silent" not in site.get("/en/corrections/feed.json").body


def test_an_edition_without_corrections_says_so(site: Site) -> None:
    assert "لم يُصحَّح شيء بعد." in text(site, "/ar/corrections/")
    assert site.get("/en/corrections/page/2/").status == 404


def test_the_log_comes_in_pages(db: Store) -> None:
    site = Site(db, replace(SMALL, page_size=1))
    assert site.get("/en/corrections/page/2/").status == 200
    assert site.get("/en/corrections/page/1/").status == 301
    assert "/en/corrections/page/2/" in set(list_addresses(db, site.settings))


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_the_log_has_feeds(site: Site, form: str) -> None:
    found = site.get(f"/en/corrections/feed.{form}")
    assert found.status == 200
    if form == "json":
        items = json.loads(found.body)["items"]
        assert len({one["id"] for one in items}) == len(items) == 2
        return
    feed = feedparser.parse(found.body)
    assert not feed.bozo
    assert len({one.id for one in feed.entries}) == 2
    assert any("1,420" in one.summary and "1,240" in one.summary for one in feed.entries)


def test_feeds_say_who_checked_a_translation(site: Site) -> None:
    items = json.loads(site.get("/en/feed.json").body)["items"]
    by_id = {one["url"].split("/")[-2]: one for one in items}
    ferry, arabic = by_id[FERRY.id]["_dragoman"], by_id[FERRY_FROM_ARABIC.article]["_dragoman"]
    assert (ferry["reviewed"], ferry["reviewed_segments"]) == (False, 1)
    assert (arabic["reviewed"], arabic["reviewed_by"]) == (True, "Rui")
