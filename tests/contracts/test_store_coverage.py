"""Every store: who reports what, and judgements that are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dragoman import store
from dragoman.store import Store
from dragoman.store.coverage import active_sources, shared_coverage
from dragoman.store.withdrawals import withdraw
from dragoman.types import Dating, Grouping, Judgement, Moment, Relation, Stage
from tests.contracts.store_samples import NOW, put_articles


@pytest.fixture
def db(db: Store) -> Store:
    """Four articles of one story by two sources, and one of another, a day and more apart."""
    for number, source in enumerate(("harbour", "quay", "harbour", "quay", "mole"), 1):
        at = Dating(Moment(NOW - timedelta(days=6 - number)))
        put_articles(db, f"a{number}", published=at, source=source, first_seen=NOW)
    groupings = [Grouping(f"a{n}", "a1", "a1") for n in range(1, 5)] + [Grouping("a5", "a5", "a5")]
    store.stories.put_links(db, [], groupings, "1", [one.article for one in groupings])
    return db


def test_shared_stories_are_given_with_their_sources(db: Store) -> None:
    since = NOW - timedelta(days=30)
    assert shared_coverage(db, since, NOW) == {"a1": frozenset({"harbour", "quay"})}
    assert shared_coverage(db, since, NOW, least=3) == {}
    assert shared_coverage(db, since, NOW - timedelta(days=9)) == {}
    assert shared_coverage(db, since, NOW, limit=0) == {}
    for number in (2, 4):
        withdraw(db, f"a{number}", "the publisher answers 410", NOW)
    assert shared_coverage(db, since, NOW) == {}


def test_a_source_is_active_where_it_published_in_that_time(db: Store) -> None:
    some = ["harbour", "quay", "mole"]
    assert active_sources(db, some, NOW - timedelta(days=3), NOW) == {"harbour", "quay", "mole"}
    assert active_sources(db, some, NOW - timedelta(days=1, hours=1), NOW) == {"mole"}
    assert active_sources(db, ["quay"], NOW - timedelta(days=1, hours=1), NOW) == frozenset()
    withdraw(db, "a5", "the publisher answers 410", NOW)
    assert active_sources(db, some, NOW - timedelta(days=1, hours=1), NOW) == frozenset()


def test_judgements_are_taken_back_by_pair_or_all_but_those_of_people(db: Store) -> None:
    same = Relation.SAME_EVENT
    judged = [
        Judgement("a2", "a1", same, 0.9),
        Judgement("a3", "a1", same, 0.8),
        Judgement("a4", "a1", same, 1.0, by="Ana"),
        Judgement("a4", "a2", same, 1.0, by="Ana"),
    ]
    store.stories.put_links(db, judged, [], "1", [])
    store.stories.forget_judgements(db, [("a1", "a4")])
    assert {(j.article, j.other) for j in store.stories.judgements(db)} == {
        ("a2", "a1"), ("a3", "a1"), ("a4", "a2"),
    }  # fmt: skip
    store.stories.forget_ours(db)
    assert [j.by for j in store.stories.judgements(db)] == ["Ana"]
    assert len(store.stories.groupings(db)) == 5  # until they are made anew


def test_every_article_is_asked_to_be_linked_again(db: Store) -> None:
    assert store.articles.article_ids_lacking_link(db, "1", limit=9) == ()
    assert store.work.ask_all_again(db, Stage.LINK) == 5
    assert len(store.articles.article_ids_lacking_link(db, "1", limit=9)) == 5
