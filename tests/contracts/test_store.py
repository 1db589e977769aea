"""Every store: sources, what their feeds name, and the pages that are fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dragoman import store
from dragoman.errors import StoreError
from dragoman.store import Store
from dragoman.types import Failure, Source, SourceState, Stage, WorkState
from tests.contracts.store_samples import (
    HARBOUR,
    HOUR,
    NOW,
    make_article,
    make_entry,
    make_page,
    make_translation,
    put_articles,
    read,
)

# -- Sources -----------------------------------------------------------------------


def test_a_source_comes_back_as_it_was_put(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    assert store.sources.source(db, "harbour") == HARBOUR
    assert store.sources.sources(db) == (HARBOUR,)
    assert store.sources.source(db, "quay") is None


def test_a_source_that_is_put_again_keeps_the_day_it_was_added(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    store.sources.put_source(db, replace(HARBOUR, name="Harbour", added=None))
    assert store.sources.source(db, "harbour") == replace(HARBOUR, name="Harbour")


def test_sources_are_listed_by_id(db: Store) -> None:
    for id in ("b", "C", "a", "_"):
        store.sources.put_source(db, Source(id, "https://x.example/", id, added=NOW))
    assert [source.id for source in store.sources.sources(db)] == ["C", "_", "a", "b"]


def test_a_removed_source_is_polled_no_more_and_its_articles_stay(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry())
    put_articles(db, "a1")
    assert store.sources.remove_source(db, "harbour")
    assert store.sources.sources(db) == ()
    assert store.sources.source_states(db) == {}
    assert store.sources.source(db, "harbour") == replace(HARBOUR, is_paused=True)
    assert [article.id for article in store.articles.articles(db, source="harbour")] == ["a1"]
    assert not store.sources.remove_source(db, "harbour")


def test_a_poll_that_ends_after_its_source_was_removed_changes_nothing(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    store.sources.remove_source(db, "harbour")
    assert read(db, make_entry()).new == ()
    assert store.sources.source_states(db) == {}


def test_a_purged_source_takes_everything_along_but_takedowns(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1), make_entry(2))
    store.pages.put_page(db, make_page())
    put_articles(db, "a1")
    store.translations.put_translation(db, make_translation(), "1", ())
    store.articles.withdraw(db, "a2", "a court ordered it", NOW, block=True)
    assert store.sources.remove_source(db, "harbour", purge=True)
    left = store.work.counts(db)
    assert (left["items"], left["pages"], left["articles"], left["translations"]) == (0, 0, {}, {})
    assert store.work.work(db, "a1") == ()
    assert store.check(db) == []
    store.sources.put_source(db, HARBOUR)
    assert read(db, make_entry(1), make_entry(2)).new == ("a1",)


def test_a_source_with_a_new_address_forgets_its_last_poll(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    state = SourceState("harbour", etag='"1"', failure=Failure("harbour", "poll", "Gone", "gone"))
    store.sources.put_source_state(db, state)
    store.sources.put_source(db, replace(HARBOUR, name="Harbour"))
    assert store.sources.source_states(db) == {"harbour": state}
    store.sources.put_source(db, replace(HARBOUR, url="https://harbour.example/new"))
    assert store.sources.source_states(db) == {}


# -- Entries of feeds ----------------------------------------------------------------


def test_a_reading_tells_new_entries_from_known_ones(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    assert read(db, make_entry(1), make_entry(2)).new == ("a1", "a2")
    again = read(db, make_entry(2), make_entry(3), now=NOW + HOUR)
    assert (again.new, again.changed) == (("a3",), ())
    found = store.items.item(db, "a2")
    assert found == store.items.StoredItem("a2", "harbour", make_entry(2), NOW)
    assert store.items.item(db, "a9") is None
    assert store.sources.source_states(db)["harbour"].last_poll == NOW + HOUR


@pytest.mark.parametrize(
    "change", [{"title": "Ferry sinks"}, {"summary": "It sank."}, {"updated": NOW}]
)
def test_a_changed_entry_is_fetched_again(db: Store, change: dict[str, Any]) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry())
    store.pages.put_page(db, make_page())
    assert store.items.items_lacking_page(db, NOW, 9) == ()
    changes = read(db, make_entry(1, **change), now=NOW + HOUR)
    assert (changes.new, changes.changed) == ((), ("a1",))
    (lacking,) = store.items.items_lacking_page(db, NOW, 9)
    assert (lacking.item, lacking.first_seen) == (make_entry(1, **change), NOW)


def test_a_feed_that_names_an_article_twice_does_not_change_it_at_every_poll(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    twice = (make_entry(1), make_entry(1, title="Ferry, again"))
    assert read(db, *twice).new == ("a1",)
    assert read(db, *twice).changed == ()


def test_a_long_reading_is_one_piece(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    entries = [make_entry(number) for number in range(1, 1201)]
    assert len(read(db, *entries).new) == 1200
    assert read(db, *entries).new == ()
    changed = [make_entry(number, title="new") for number in range(1, 1201)]
    assert len(read(db, *changed).changed) == 1200


def test_a_reading_of_an_unknown_source_is_refused_by_name(db: Store) -> None:
    with pytest.raises(StoreError, match=r"source 'harbour' is not known.*dragoman source add"):
        read(db, make_entry())


def test_hostile_words_are_stored_without_what_no_database_takes(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    entry = make_entry(1, title="half \ud83d a face, \0 and nothing", guid="\ud800" * 5000)
    assert read(db, entry).new == ("a1",)
    found = store.items.item(db, "a1")
    assert found is not None
    assert found.item.title.startswith("half ? a face")
    image = replace(make_article().blocks[1].image or pytest.fail(), width=10**30)
    article = make_article(title="\udfff\0", url="https://x.example/\ud800\0")
    article = replace(article, blocks=(replace(article.blocks[1], image=image),))
    store.articles.put_article(db, article, "1")
    stored = store.articles.article(db, "a1")
    assert stored is not None
    assert stored.blocks[0].image is not None
    assert stored.blocks[0].image.width == 2**63 - 1


def test_a_guid_is_known_again_under_another_address(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1), make_entry(2, guid=""))
    guids = ("harbour:1", "", "harbour:7")
    assert store.items.ids_of_guids(db, "harbour", guids) == {"harbour:1": "a1"}
    assert store.items.ids_of_guids(db, "quay", guids) == {}


def test_a_guid_that_names_two_articles_names_neither(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1, guid="news"), make_entry(2, guid="news"), make_entry(3))
    found = store.items.ids_of_guids(db, "harbour", ["news", "harbour:3"])
    assert found == {"harbour:3": "a3"}


# -- Pages -----------------------------------------------------------------------------


def test_a_page_comes_back_byte_for_byte_with_its_headers(db: Store) -> None:
    page = make_page(body=bytes(range(256)) * 100)
    assert store.pages.put_page(db, page)
    assert store.pages.page(db, "a1") == page
    assert store.pages.page(db, "a2") is None


def test_fetching_is_ticked_off_with_the_page(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1), make_entry(2))
    store.pages.put_page(db, make_page("a1"))
    assert [item.id for item in store.items.items_lacking_page(db, NOW, 9)] == ["a2"]
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ("a1",)


def test_a_page_is_extracted_again_only_when_its_body_differs(db: Store) -> None:
    store.pages.put_page(db, make_page())
    put_articles(db, "a1")
    store.pages.put_page(db, make_page(fetched=NOW + HOUR))
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ()
    store.pages.put_page(db, make_page(body=b"<p>The ferry sank.</p>"))
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ("a1",)


def test_an_article_of_an_older_page_leaves_the_newer_one_to_be_read(db: Store) -> None:
    store.pages.put_page(db, make_page(body=b"newer", fetched=NOW + HOUR))
    store.articles.put_article(db, make_article(), "1", fetched=NOW)
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ("a1",)
    store.articles.put_article(db, make_article(), "1", fetched=NOW + HOUR)
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ()


def test_a_new_version_of_a_stage_does_everything_again(db: Store) -> None:
    store.pages.put_page(db, make_page("a1"))
    store.pages.put_page(db, make_page("a2"))
    put_articles(db, "a1")
    failure = Failure("a2", "extract", "EmptyBody", "no text", is_permanent=True)
    store.work.put_failure(db, failure, Stage.EXTRACT, "a2", "1")
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ()
    assert store.pages.page_ids_lacking_article(db, "2", NOW, 9) == ("a1", "a2")


def test_the_oldest_comes_first_and_ties_are_broken_by_id(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(5))
    read(db, make_entry(3), make_entry(1), now=NOW - HOUR)
    read(db, make_entry(4), make_entry(2), now=NOW + HOUR)
    found = store.items.items_lacking_page(db, NOW, 4)
    assert [item.id for item in found] == ["a1", "a3", "a5", "a2"]
    for number, hours in ((1, 2), (2, 0), (3, 1), (4, 0)):
        store.pages.put_page(db, make_page(f"a{number}", fetched=NOW + hours * HOUR))
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 3) == ("a2", "a4", "a3")


def test_pages_of_one_host_teach_a_template_newest_first(db: Store) -> None:
    for number in range(1, 5):
        fetched = NOW + timedelta(minutes=number)
        store.pages.put_page(db, make_page(f"a{number}", fetched=fetched))
    store.pages.put_page(db, make_page("a9", final_url="https://quay.example/9"))
    found = store.pages.host_pages(db, "Harbour.example", 3)
    assert [page.id for page in found] == ["a4", "a3", "a2"]
    assert store.pages.host_of("https://HARBOUR.example:8080/x") == "harbour.example:8080"
    assert store.pages.host_of("https://[broken/") == ""


# -- Failures ----------------------------------------------------------------------------


def test_a_failure_is_tried_again_when_its_time_has_come(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry())
    failure = Failure("a1", "fetch", "TooSlow", "harbour.example stalled; it is tried again")
    put = store.work.put_failure
    put(db, failure, Stage.FETCH, "a1", "1", next_try=NOW + HOUR)
    assert store.items.items_lacking_page(db, NOW, 9) == ()
    assert len(store.items.items_lacking_page(db, NOW + HOUR, 9)) == 1
    put(db, failure, Stage.FETCH, "a1", "1", next_try=NOW + 2 * HOUR)
    (work,) = store.work.work(db, "a1")
    assert (work.state, work.attempts, work.failure) == (WorkState.RETRY, 2, failure)
    assert work.next_try == NOW + 2 * HOUR
    store.pages.put_page(db, make_page())
    (work,) = store.work.work(db, "a1")
    assert (work.state, work.attempts, work.failure) == (WorkState.DONE, 3, None)
    assert store.work.failures(db) == ()


def test_a_permanent_failure_is_never_tried_again(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry())
    failure = Failure("a1", "fetch", "Forbidden", "robots.txt says no", is_permanent=True)
    store.work.put_failure(db, failure, Stage.FETCH, "a1", "1", next_try=NOW)
    assert store.items.items_lacking_page(db, NOW + 9999 * HOUR, 9) == ()
    assert [work.failure for work in store.work.failures(db)] == [failure]
    assert store.work.counts(db)["work"]["fetch"] == {"failed": 1}


def test_failures_are_listed_last_first(db: Store) -> None:
    for id in ("a1", "a2", "a3"):
        failure = Failure(id, "extract", "EmptyBody", "no text", is_permanent=id == "a2")
        store.work.put_failure(db, failure, Stage.EXTRACT, id, "1")
    assert [work.article for work in store.work.failures(db)] == ["a3", "a2", "a1"]
    assert [work.article for work in store.work.failures(db, limit=1)] == ["a3"]


def test_what_failed_waits_until_a_person_asks(db: Store) -> None:
    put_articles(db, "a1")
    failure = Failure("a1", "translate", "NoRoute", "no model leads from en to pt")
    put = store.work.put_failure
    put(db, failure, Stage.TRANSLATE, "a1", "1", into="pt", next_try=NOW + 100_001 * HOUR)
    later = NOW + 100_000 * HOUR
    assert store.articles.article_ids_lacking_translation(db, "pt", "1", later, 9) == ()
    assert store.work.retry(db, stage=Stage.TRANSLATE, into="fr") == 0
    assert store.work.retry(db, stage=Stage.TRANSLATE, into="pt") == 1
    assert store.articles.article_ids_lacking_translation(db, "pt", "1", later, 9) == ("a1",)
