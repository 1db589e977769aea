"""Every store: pages that are looked at again, and pages out of archives."""

from __future__ import annotations

from dragoman import store
from dragoman.store import Store
from dragoman.types import Failure, Stage
from tests.contracts.store_samples import HARBOUR, HOUR, NOW, make_entry, make_page, read


def due(db: Store, hours: int) -> list[str]:
    return [row.id for row in store.items.items_to_look_at_again(db, NOW + hours * HOUR, 9)]


def test_a_page_is_looked_at_again_when_its_time_has_come(relayed: Store) -> None:
    store.pages.put_page(relayed, make_page(), next_look=NOW + HOUR)
    assert due(relayed, 0) == []
    assert due(relayed, 1) == ["a1"]
    store.pages.keep_page(relayed, "a1", NOW + HOUR)
    assert due(relayed, 99) == []
    assert store.check(relayed) == []


def test_to_keep_a_page_leaves_it_and_its_article_as_they_were(relayed: Store) -> None:
    page, article = store.pages.page(relayed, "a1"), store.articles.article(relayed, "a1")
    store.pages.keep_page(relayed, "a1", NOW + HOUR, next_look=NOW + 2 * HOUR)
    assert store.pages.page(relayed, "a1") == page
    assert store.articles.article(relayed, "a1") == article
    assert store.pages.page_ids_lacking_article(relayed, "1", NOW + HOUR, 9) == ()


def test_what_was_withdrawn_is_looked_for_and_comes_back_and_what_was_taken_down_is_not(
    relayed: Store,
) -> None:
    store.articles.withdraw(relayed, "a1", "gone", NOW, next_look=NOW + HOUR)
    assert due(relayed, 1) == ["a1"]
    store.pages.keep_page(relayed, "a1", NOW + HOUR)
    assert not store.articles.is_withdrawn(relayed, "a1")
    store.articles.withdraw(relayed, "a1", "ordered", NOW, block=True, next_look=NOW + HOUR)
    assert due(relayed, 9) == []
    store.pages.keep_page(relayed, "a1", NOW + HOUR)
    assert store.articles.is_withdrawn(relayed, "a1")


def test_longest_overdue_comes_first_and_removed_sources_not_at_all(relayed: Store) -> None:
    store.pages.put_page(relayed, make_page("a2"), next_look=NOW + HOUR)
    store.pages.put_page(relayed, make_page(), next_look=NOW + 2 * HOUR)
    assert due(relayed, 2) == ["a2", "a1"]
    store.sources.remove_source(relayed, "harbour")
    assert due(relayed, 2) == []


def test_a_page_that_is_missing_once_is_still_shown(relayed: Store) -> None:
    failure = Failure("a1", Stage.FETCH, "Gone", "404")
    store.work.put_failure(relayed, failure, Stage.FETCH, "a1", "1", next_try=NOW + HOUR)
    assert store.articles.article(relayed, "a1") is not None
    assert [row.id for row in store.items.items_lacking_page(relayed, NOW + HOUR, 9)] == [
        "a1",
        "a2",
    ]


def test_a_page_of_an_archive_comes_with_its_day_and_is_not_fetched(relayed: Store) -> None:
    page = make_page("a7", fetched=NOW - 999 * HOUR)
    assert store.pages.put_archived(relayed, page)
    item = store.items.item(relayed, "a7")
    assert item is not None and item.first_seen == page.fetched
    assert store.pages.page(relayed, "a7") == page
    assert store.pages.page_ids_lacking_article(relayed, "1", NOW, 9)[0] == "a7"
    assert "a7" not in [row.id for row in store.items.items_lacking_page(relayed, NOW, 9)]
    assert due(relayed, 9999) == []
    assert store.check(relayed) == []


def test_an_archive_replaces_nothing_that_is_as_new_and_brings_nothing_back(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1))
    assert store.pages.put_archived(db, make_page(fetched=NOW - 2 * HOUR))
    assert not store.pages.put_archived(db, make_page(fetched=NOW - 2 * HOUR))
    assert not store.pages.put_archived(db, make_page(fetched=NOW - 3 * HOUR))
    assert store.pages.put_archived(db, make_page(body=b"newer", fetched=NOW - HOUR))
    # What the feed named is still fetched as it is today.
    assert [row.id for row in store.items.items_lacking_page(db, NOW, 9)] == ["a1"]
    store.articles.withdraw(db, "a1", "gone", NOW)
    assert not store.pages.put_archived(db, make_page(fetched=NOW))
    assert store.articles.is_withdrawn(db, "a1")


def test_a_host_belongs_to_the_source_that_most_of_its_pages_are_of(relayed: Store) -> None:
    for id in ("a3", "a4"):
        store.pages.put_page(relayed, make_page(id, source="other"))
    assert store.pages.hosts(relayed) == {"harbour.example": "other"}
