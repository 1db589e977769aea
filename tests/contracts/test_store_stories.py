"""Every store: judgements, and the stories that follow from them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dragoman import store
from dragoman.store import Store
from dragoman.types import (
    Dating,
    Grouping,
    Judgement,
    Moment,
    Relation,
    TranslationStatus,
    WorkState,
)
from tests.contracts.store_samples import NOW, make_translation, put_articles

SAME, STORY = Relation.SAME_EVENT, Relation.SAME_STORY


@pytest.fixture
def db(db: Store) -> Store:
    """Six articles, a1 the oldest; a4 is Portuguese, a5 is from another source."""
    for number in range(1, 7):
        put_articles(
            db,
            f"a{number}",
            published=Dating(Moment(NOW - timedelta(hours=10 - number))),
            language="pt" if number == 4 else "en",
            source="quay" if number == 5 else "harbour",
        )
    return db


def group(db: Store, stories: dict[str, str]) -> None:
    """Group articles: story to the numbers of its members."""
    groupings = [Grouping(f"a{n}", id, id) for id, members in stories.items() for n in members]
    store.stories.put_links(db, [], groupings, "1", [one.article for one in groupings])
    assert store.check(db) == []


def members(db: Store, id: str) -> str:
    return "".join(one.article[1:] for one in store.stories.story(db, id))


def test_vectors_come_back_byte_for_byte(db: Store) -> None:
    store.stories.put_vectors(db, {"a1": b"\0\1", "a9": b"x"}, "1")
    store.stories.put_vectors(db, {"a2": b"\2"}, "2")
    assert store.stories.vectors(db, ["a1", "a2", "a3"]) == {"a1": b"\0\1", "a2": b"\2"}
    assert store.stories.vectors(db, ["a1", "a2"], version="2") == {"a2": b"\2"}


def test_what_linking_read_is_kept_beside_the_vector(db: Store) -> None:
    store.stories.put_vectors(db, {"a1": b"v", "a2": b"w"}, "1", {"a1": b"\0read"})
    assert store.stories.features(db, ["a1", "a2", "a3"], "1") == {
        "a1": (b"v", b"\0read"),
        "a2": (b"w", b""),
    }
    assert store.stories.features(db, ["a1"], "2") == {}


def test_links_are_ticked_off_with_judgements_and_groupings(db: Store) -> None:
    judged = Judgement("a2", "a1", SAME, 0.61, "a3", 0.2, ("both name the ferry",), version="1")
    groupings = [Grouping("a1", "a1", "a1"), Grouping("a2", "a1", "a1", copy_of="a1")]
    store.stories.put_links(db, [judged], groupings, "1", ["a1", "a2", "a9"])
    assert store.stories.judgements(db) == (judged,)
    assert store.stories.judgements(db, ["a1"]) == (judged,)
    assert store.stories.judgements(db, ["a3"]) == ()
    assert store.stories.groupings(db) == tuple(groupings)
    assert store.stories.groupings(db, ["a2"]) == (groupings[1],)
    assert store.articles.article_ids_lacking_link(db, "1", 9) == ("a3", "a4", "a5", "a6")
    assert store.work.work(db, "a1")[-1].state is WorkState.DONE
    assert store.work.work(db, "a9") == ()


def test_a_pair_has_one_judgement_whichever_way_it_was_judged(db: Store) -> None:
    put = store.stories.put_links
    put(db, [Judgement("a2", "a1", STORY, 0.4)], [], "1", [])
    put(db, [Judgement("a1", "a2", SAME, 0.6), Judgement("a1", "a1", SAME, 1.0)], [], "1", [])
    assert store.stories.judgements(db) == (Judgement("a1", "a2", SAME, 0.6),)


def test_a_persons_judgement_survives_a_new_run(db: Store) -> None:
    corrected = Judgement("a1", "a2", Relation.DIFFERENT, 1.0, by="Noor")
    ours = Judgement("a2", "a1", SAME, 0.6)
    store.stories.put_links(db, [ours], [], "1", [])
    store.stories.put_links(db, [corrected, ours], [], "1", [])
    store.stories.put_links(db, [ours], [], "2", [])
    assert store.stories.judgements(db) == (corrected,)
    later = Judgement("a1", "a2", STORY, 1.0, by="Noor")
    store.stories.put_links(db, [later], [], "2", [])
    assert store.stories.judgements(db) == (later,)


def test_a_score_that_is_no_number_does_not_spoil_the_rest(db: Store) -> None:
    broken = Judgement("a1", "a2", Relation.DIFFERENT, float("nan"), "a3", float("inf"))
    store.stories.put_links(db, [broken, Judgement("a3", "a2", SAME, 0.5)], [], "1", [])
    assert [judged.score for judged in store.stories.judgements(db)] == [0.0, 0.5]


def test_stories_are_listed_by_their_last_report(db: Store) -> None:
    group(db, {"a1": "16", "a2": "234", "a5": "5"})
    summaries = store.stories.newest(db, 9)
    assert [summary.id for summary in summaries] == ["a1", "a5", "a2"]
    second = summaries[2]
    assert (second.articles, second.languages, second.sources) == (3, 2, 1)
    assert (second.oldest, second.newest) == (NOW - timedelta(hours=8), NOW - timedelta(hours=6))
    assert store.stories.newest(db, 1, 1) == summaries[1:2]
    assert store.stories.story_ids(db, limit=2) == ("a1", "a5")
    since = NOW - timedelta(hours=5)
    assert store.stories.story_ids(db, since=since, limit=9, offset=1) == ("a5",)
    assert store.stories.summaries(db, ["a2", "a9"]) == {"a2": second}
    assert store.stories.count_stories(db) == 3
    assert store.work.counts(db)["stories"] == 3


def test_an_edition_lists_stories_that_can_be_read_in_it(db: Store) -> None:
    group(db, {"a1": "12", "a3": "3", "a4": "4"})
    readable = store.stories.newest
    assert [summary.id for summary in readable(db, 9, language="pt")] == ["a4"]
    store.translations.put_translation(db, make_translation("a2"), "1", ())
    held = make_translation("a3", status=TranslationStatus.HELD)
    store.translations.put_translation(db, held, "1", ())
    assert [summary.id for summary in readable(db, 9, language="pt")] == ["a4", "a1"]
    store.articles.withdraw(db, "a2", "gone", NOW)
    assert [summary.id for summary in readable(db, 9, language="pt")] == ["a4"]


def test_members_stand_in_order_of_time(db: Store) -> None:
    group(db, {"a6": "6134", "a2": "2"})
    assert members(db, "a6") == "1346"
    of_many = store.stories.members(db, ["a2", "a6", "a9"])
    assert list(of_many) == ["a2", "a6"]
    assert of_many["a6"] == store.stories.story(db, "a6")


def test_a_merged_story_is_found_under_its_old_id(db: Store) -> None:
    group(db, {"a1": "12", "a3": "34", "a5": "56"})
    group(db, {"a3": "1234"})
    assert (store.stories.resolve(db, "a1"), members(db, "a1")) == ("a3", "1234")
    group(db, {"a5": "123456"})
    assert (store.stories.resolve(db, "a1"), members(db, "a1")) == ("a5", "123456")
    assert store.stories.resolve(db, "a3") == "a5"
    assert store.stories.resolve(db, "a9") is None
    assert store.stories.story_ids(db, limit=9) == ("a5",)


def test_a_story_that_splits_again_answers_for_itself(db: Store) -> None:
    group(db, {"a1": "12", "a3": "3"})
    group(db, {"a3": "123"})
    group(db, {"a1": "1"})
    assert (store.stories.resolve(db, "a1"), members(db, "a1")) == ("a1", "1")
    assert members(db, "a3") == "23"


def test_the_id_of_a_scattered_story_leads_to_where_most_of_it_went(db: Store) -> None:
    group(db, {"x": "1234"})
    group(db, {"a1": "1", "a2": "234"})
    assert store.stories.resolve(db, "x") == "a2"


def test_a_story_counts_its_shown_members_alone(db: Store) -> None:
    group(db, {"a1": "12"})
    store.articles.withdraw(db, "a2", "gone", NOW)
    (summary,) = store.stories.newest(db, 9)
    assert (summary.articles, members(db, "a1")) == (1, "1")
    store.articles.withdraw(db, "a1", "gone", NOW)
    assert store.stories.newest(db, 9) == ()
    assert store.stories.resolve(db, "a1") == "a1"
    assert store.check(db) == []


def test_a_story_without_its_founder_is_found_under_its_old_id(db: Store) -> None:
    group(db, {"a1": "123"})
    store.articles.withdraw(db, "a1", "gone", NOW)
    group(db, {"a2": "23"})
    assert (store.stories.resolve(db, "a1"), members(db, "a1")) == ("a2", "23")
    store.articles.withdraw(db, "a2", "gone", NOW)
    group(db, {"a3": "3"})
    assert (store.stories.resolve(db, "a1"), members(db, "a2")) == ("a3", "3")
    store.articles.restore(db, "a1")
    assert (store.stories.resolve(db, "a1"), members(db, "a1")) == ("a1", "1")
    group(db, {"a1": "13"})
    assert (store.stories.resolve(db, "a3"), members(db, "a3")) == ("a1", "13")


def test_a_story_moves_when_its_article_is_dated_anew(db: Store) -> None:
    group(db, {"a1": "1", "a2": "2"})
    put_articles(db, "a1", published=Dating(Moment(NOW - timedelta(minutes=1))))
    assert store.stories.story_ids(db, limit=9) == ("a1", "a2")
    assert store.check(db) == []


def test_many_articles_are_linked_at_once(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.store.checkpoints._CHUNK", 7)
    ids = [f"b{number:02}" for number in range(1, 51)]
    put_articles(db, *ids)
    judged = [Judgement(id, "a1", SAME, 0.5) for id in ids]
    store.stories.put_links(db, judged, [Grouping(id, "a1", "a1") for id in ids], "1", ids)
    assert len(store.stories.judgements(db, ids)) == 50
    assert len(store.stories.judgements(db, ["a1"])) == 50
    assert store.stories.newest(db, 1)[0].articles == 50
    assert len(store.stories.groupings(db, ids)) == 50
    assert len(store.articles.articles(db, ids=ids)) == 50
    assert store.check(db) == []
