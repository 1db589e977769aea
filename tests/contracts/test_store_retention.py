"""What was kept long enough is forgotten, some rows at a time, and the store stays whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dragoman import store
from dragoman.store import Store, desk_audit, retention
from dragoman.store.desk_audit import Deed
from dragoman.types import Failure, Stage
from tests.contracts.store_samples import (
    HARBOUR,
    NOW,
    finish,
    make_article,
    make_entry,
    make_page,
    put_articles,
    read,
)

DAY = timedelta(days=1)
LATER = NOW + 100 * DAY


def forget(db: Store, name: str, before: datetime = LATER - DAY, limit: int = 200) -> int:
    rules = retention.RULES[name]
    return sum(retention.forget(db, rule, before, limit, LATER) for rule in rules)


def fill(db: Store, *numbers: int) -> None:
    store.sources.put_source(db, HARBOUR)
    for number in numbers:
        read(db, make_entry(number))
        store.pages.put_page(db, make_page(f"a{number}"))
        put_articles(db, f"a{number}")
        finish(db, f"a{number}")


def test_a_page_goes_once_its_article_was_taken_from_it(db: Store) -> None:
    fill(db, 1, 2, 3)
    read(db, make_entry(4))
    store.pages.put_page(db, make_page("a4"))
    assert retention.oldest(db)["pages"] == NOW
    assert forget(db, "pages", before=NOW - DAY) == 0
    assert forget(db, "pages", limit=2) == 2
    assert forget(db, "pages") == 1
    assert forget(db, "pages") == 0
    assert store.pages.page(db, "a4") is not None
    assert {one.id for one in store.articles.articles(db)} == {"a1", "a2", "a3"}
    assert store.pages.page_ids_lacking_article(db, "1", LATER, 10) == ("a4",)
    assert store.check(db) == []


def test_the_last_former_revision_stays(db: Store) -> None:
    fill(db, 1)
    for number in (2, 3, 4):
        text = f"The ferry sails, says version {number}."
        again = replace(make_article("a1", text), revision=number)
        store.articles.put_article(db, again, "1")
    kept = store.articles.revisions(db, "a1")
    forgotten = forget(db, "revisions", before=datetime.max.replace(tzinfo=NOW.tzinfo))
    assert len(kept) == 4
    assert forgotten == 2
    assert [one.revision for one in store.articles.revisions(db, "a1")] == [3, 4]
    assert store.check(db) == []


def test_what_was_given_up_goes_with_its_entry(db: Store) -> None:
    fill(db, 1)
    read(db, make_entry(2), make_entry(3))
    lost = Failure("a2", Stage.FETCH, "FetchError", "it answers 403", True)
    store.work.put_failure(db, lost, Stage.FETCH, "a2", "1")
    waits = replace(lost, item="a3", is_permanent=False)
    store.work.put_failure(db, waits, Stage.FETCH, "a3", "1", next_try=LATER)
    assert forget(db, "failures", before=datetime.max.replace(tzinfo=NOW.tzinfo)) == 1
    assert store.items.item(db, "a2") is None
    assert [one.article for one in store.work.failures(db)] == ["a3"]
    assert store.check(db) == []


def test_an_article_goes_whole_with_a_tombstone_and_does_not_come_back(db: Store) -> None:
    fill(db, 1, 2)
    late = replace(make_article("a2"), first_seen=LATER)
    store.articles.put_article(db, late, "2")
    assert forget(db, "articles", before=NOW + DAY) == 2
    assert store.articles.articles(db) == ()
    tombstone = store.articles.withdrawal(db, "a1")
    assert tombstone is not None
    assert tombstone.url == "https://harbour.example/1"
    assert not read(db, make_entry(1)).new
    assert store.items.items_lacking_page(db, LATER, 10) == ()
    assert store.work.counts(db)["stories"] == 0
    assert store.check(db) == []


def test_old_deeds_go_and_what_is_newer_stays(db: Store) -> None:
    for age in (400, 10):
        desk_audit.note(db, Deed(LATER - age * DAY, "ann", "editor", "::1", "source.add"))
    assert forget(db, "audit", before=LATER - 365 * DAY) == 1
    assert len(desk_audit.deeds(db, 10)) == 1
    for name in ("reports", "sessions", "webhooks"):
        assert forget(db, name) == 0
