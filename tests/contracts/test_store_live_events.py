"""Live events: a reader asks for what has changed since it looked last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dragoman import store
from dragoman.store import Store
from dragoman.types import Dating, Grouping, Moment, Precision
from tests.contracts.store_samples import NOW, make_article, put_articles

LONG_AGO = NOW - timedelta(days=9999)


def test_a_reader_gets_only_what_changed_since_it_looked(db: Store) -> None:
    put_articles(db, "a1", "a2", "a3")
    ids = ["a1", "a2", "a3"]
    store.stories.put_links(db, (), [Grouping(id, id, id) for id in ids], "1", ids)
    first = store.live_events.changed_events(db, 0, LONG_AGO)
    assert sorted(one.id for one in first) == ids
    assert store.live_events.changed_events(db, first[-1].revision, LONG_AGO) == ()
    store.stories.put_links(db, (), [Grouping("a2", "a1", "a1")], "1", [])
    later = store.live_events.changed_events(db, first[-1].revision, LONG_AGO)
    assert {one.id: one.members for one in later} == {"a1": 2, "a2": 0}
    members = store.live_events.members_of_events(db, ["a1", "a2"])
    assert {event: sorted(m.article for m in group) for event, group in members.items()} == {
        "a1": ["a1", "a2"]
    }


def test_a_reader_that_begins_gets_the_live_ones_alone(db: Store) -> None:
    put_articles(db, "a1", "a2")
    store.stories.put_links(db, (), [Grouping("a1", "a1", "a1")], "1", ["a1"])
    (event,) = store.live_events.changed_events(db, 0, LONG_AGO)
    assert event.oldest == event.newest
    assert store.live_events.changed_events(db, 0, event.newest + timedelta(seconds=1)) == ()


def test_the_members_of_stories_come_with_their_times(db: Store) -> None:
    put_articles(db, "a1", "a2", "a3")
    groups = [Grouping("a1", "a1", "a1"), Grouping("a2", "a2", "a1"), Grouping("a3", "a3", "a3")]
    store.stories.put_links(db, (), groups, "1", [])
    assert sorted(store.live_events.members_of_stories(db, ["a1"])) == ["a1", "a2"]


def test_the_languages_of_stories_are_named_without_region_or_what_was_withdrawn(db: Store) -> None:
    for id, language in (("a1", "en"), ("a2", "pt-BR"), ("a3", "fr"), ("a4", "fr")):
        put_articles(db, id, language=language)
    groups = [Grouping(id, id, "a1") for id in ("a1", "a2", "a3")]
    store.stories.put_links(db, (), [*groups, Grouping("a4", "a4", "a4")], "1", [])
    store.articles.withdraw(db, "a3", "asked for", NOW)
    assert store.live_events.languages_of_stories(db, ["a1"]) == {"a1": {"en", "pt"}}
    assert store.live_events.languages_of_stories(db, []) == {}


def test_a_story_with_a_report_without_a_date_is_known(db: Store) -> None:
    dated = Dating(Moment(LONG_AGO))
    for id, published in (("a1", dated), ("a2", Dating()), ("a3", dated)):
        put_articles(db, id, published=published)
    groups = [Grouping("a1", "a1", "a1"), Grouping("a2", "a2", "a1"), Grouping("a3", "a3", "a3")]
    store.stories.put_links(db, (), groups, "1", [])
    assert store.live_events.stories_with_undated(db, ["a1", "a3"]) == {"a1"}
    put_articles(db, "a2", published=dated)
    assert store.live_events.stories_with_undated(db, ["a1", "a3"]) == set()


def test_the_counts_of_the_stream_are_kept_with_the_links(db: Store) -> None:
    assert store.live_events.read_counts(db) == b""
    store.stories.put_links(db, (), (), "1", (), b"counts")
    store.stories.put_links(db, (), (), "1", ())
    assert store.live_events.read_counts(db) == b"counts"


def _look(db: Store) -> int:
    return store.live_events.changed_events(db, 0, LONG_AGO)[-1].revision


def test_a_report_that_was_taken_back_leaves_its_event_and_comes_again(db: Store) -> None:
    put_articles(db, "a1", "a2")
    groups = [Grouping("a1", "a1", "a1"), Grouping("a2", "a1", "a1")]
    store.stories.put_links(db, (), groups, "1", ["a1", "a2"])
    seen = _look(db)
    store.articles.withdraw(db, "a2", "taken back", NOW)
    (gone,) = store.live_events.changed_events(db, seen, LONG_AGO)
    assert (gone.id, gone.members) == ("a1", 1)
    store.articles.restore(db, "a2")
    (back,) = store.live_events.changed_events(db, gone.revision, LONG_AGO)
    assert (back.id, back.members) == ("a1", 2)


def test_a_report_with_another_date_moves_its_event(db: Store) -> None:
    article = store.articles.put_article(db, make_article("a1"), "1")
    store.stories.put_links(db, (), [Grouping("a1", "a1", "a1")], "1", ["a1"])
    seen = _look(db)
    store.articles.put_article(db, article, "1")
    assert store.live_events.changed_events(db, seen, LONG_AGO) == ()
    early = Dating(Moment(NOW - timedelta(days=9), Precision.MINUTE))
    store.articles.put_article(db, replace(article, published=early), "1")
    (moved,) = store.live_events.changed_events(db, seen, LONG_AGO)
    assert moved.oldest == moved.newest == NOW - timedelta(days=9)


def test_a_report_that_was_linked_anew_is_read_again(db: Store) -> None:
    put_articles(db, "a1")
    store.stories.put_links(db, (), [Grouping("a1", "a1", "a1")], "1", ["a1"])
    seen = _look(db)
    store.stories.put_links(db, (), [Grouping("a1", "a1", "a1")], "2", ["a1"])
    assert [one.id for one in store.live_events.changed_events(db, seen, LONG_AGO)] == ["a1"]
