"""Every store: articles, their revisions, and what was withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dragoman import store
from dragoman.store import Store
from dragoman.types import Dating, Failure, Moment, Reading, SourceState, Stage
from tests.contracts.store_samples import (
    HARBOUR,
    HOUR,
    NOW,
    finish,
    make_article,
    make_entry,
    make_page,
    make_translation,
    put_articles,
    read,
)


def dated(hours: float) -> Dating:
    return Dating(Moment(NOW + timedelta(hours=hours)))


def lacking(db: Store) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What lacks its translation into Portuguese, and its links."""
    return (
        store.articles.article_ids_lacking_translation(db, "pt", "1", NOW, 9),
        store.articles.article_ids_lacking_link(db, "1", 9),
    )


# -- Articles ------------------------------------------------------------------------


def test_an_article_comes_back_as_it_was_put(db: Store) -> None:
    stored = store.articles.put_article(db, make_article(), "1")
    assert stored == make_article()
    assert store.articles.article(db, "a1") == stored
    assert store.articles.article(db, "a2") is None


def test_extraction_is_ticked_off_with_the_article(db: Store) -> None:
    store.pages.put_page(db, make_page())
    put_articles(db, "a1")
    assert store.pages.page_ids_lacking_article(db, "1", NOW, 9) == ()
    assert lacking(db) == (("a1",), ("a1",))
    finish(db)
    assert lacking(db) == ((), ())


def test_an_article_was_first_seen_when_its_entry_was(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(), now=NOW - HOUR)
    stored = store.articles.put_article(db, make_article(), "1")
    assert stored.first_seen == NOW - HOUR
    alone = store.articles.put_article(db, make_article("a2", first_seen=None), "1")
    again = store.articles.put_article(db, make_article("a2", first_seen=None), "1")
    assert alone.first_seen is not None
    assert again.first_seen == alone.first_seen


def test_another_digest_makes_a_revision_that_lacks_everything_again(db: Store) -> None:
    put_articles(db, "a1")
    finish(db)
    revised = store.articles.put_article(db, make_article(text="The ferry sank."), "1")
    assert revised.revision == 2
    assert lacking(db) == (("a1",), ("a1",))
    assert store.stories.vectors(db, ["a1"]) == {}
    assert store.articles.revisions(db, "a1") == (make_article(), revised)
    shown = store.translations.translation(db, "a1", "pt")
    assert shown is not None
    assert shown.revision == 1
    assert store.check(db) == []


def test_the_same_digest_keeps_translations_and_links(db: Store) -> None:
    put_articles(db, "a1")
    finish(db)
    again = store.articles.put_article(db, make_article(section="Sea"), "2")
    assert again.revision == 1
    assert lacking(db) == ((), ())
    assert store.articles.revisions(db, "a1") == (again,)
    assert store.stories.vectors(db, ["a1"]) == {"a1": b"1234"}


def test_an_article_without_digest_is_judged_by_its_words(db: Store) -> None:
    put_articles(db, "a1", digest="")
    same = store.articles.put_article(db, make_article(digest=""), "1")
    other = store.articles.put_article(db, make_article(digest="", title="Ferry sinks"), "1")
    assert (same.revision, other.revision) == (1, 2)


def test_an_article_found_to_be_in_another_language_is_translated_again(db: Store) -> None:
    put_articles(db, "a1")
    finish(db)
    assert store.articles.put_article(db, make_article(language="fr"), "1").revision == 1
    assert lacking(db) == (("a1",), ("a1",))


def test_an_article_loses_the_translations_into_the_language_it_is_in(db: Store) -> None:
    put_articles(db, "a1")
    finish(db)
    for into in ("pt-BR", "fr"):
        store.translations.put_translation(db, make_translation(into=into), "1", ())
    store.articles.put_article(db, make_article(language="pt-PT"), "1")
    assert [made.into for made in store.translations.translations(db, "a1")] == ["fr"]
    assert [work.stage for work in store.work.work(db, "a1")] == [Stage.EXTRACT]
    assert lacking(db) == ((), ("a1",))
    assert store.check(db) == []


def test_articles_are_listed_newest_first(db: Store) -> None:
    put_articles(db, "a1", published=dated(-3))
    put_articles(db, "a4", "a3", published=dated(-1))
    put_articles(db, "a2", published=dated(-2), source="quay", language="pt-BR")
    ids = [article.id for article in store.articles.articles(db)]
    assert ids == ["a3", "a4", "a2", "a1"]
    assert list(store.articles.newest_ids(db)) == ids
    assert [a.id for a in store.articles.articles(db, source="harbour")] == ["a3", "a4", "a1"]
    assert [a.id for a in store.articles.articles(db, language="pt")] == ["a2"]
    assert [a.id for a in store.articles.articles(db, since=NOW - 2 * HOUR)] == ids[:3]
    assert [a.id for a in store.articles.articles(db, ids=["a1", "a3", "x"])] == ["a3", "a1"]
    assert [a.id for a in store.articles.articles(db, limit=2, offset=1)] == ["a4", "a2"]
    assert [a.id for a in store.articles.articles(db, ids=ids, limit=2, offset=1)] == ["a4", "a2"]


def test_pages_of_a_list_neither_repeat_nor_lose_an_article(db: Store) -> None:
    for number in range(20):
        put_articles(db, f"a{number:02}", published=dated(-(number % 3)))
    found: list[str] = []
    while page := store.articles.articles(db, before=found[-1] if found else "", limit=3):
        found += [article.id for article in page]
    assert found == list(store.articles.newest_ids(db))
    assert len(set(found)) == 20


def test_nothing_comes_after_an_article_that_is_not_there(db: Store) -> None:
    put_articles(db, "a1")
    assert store.articles.articles(db, before="zzz", limit=3) == ()


def test_a_date_in_the_future_does_not_stay_on_top(db: Store) -> None:
    put_articles(db, "a1", published=dated(99999))
    put_articles(db, "a2", published=dated(-1), first_seen=NOW + HOUR)
    put_articles(db, "a3", published=Dating(), first_seen=NOW + HOUR)
    assert [a.id for a in store.articles.articles(db)] == ["a3", "a1", "a2"]


def test_only_articles_in_other_languages_lack_a_translation(db: Store) -> None:
    put_articles(db, "a1", language="pt-PT")
    put_articles(db, "a2", language="und", first_seen=NOW + HOUR)
    put_articles(db, "a3", language="ar")
    assert lacking(db)[0] == ("a3", "a2")
    into = store.articles.article_ids_lacking_translation
    assert into(db, "pt-BR", "1", NOW, 1) == ("a3",)
    assert into(db, "ar", "1", NOW, 9) == ("a1", "a2")


def test_a_link_that_failed_is_tried_when_its_time_has_come(db: Store) -> None:
    put_articles(db, "a1")
    failure = Failure("a1", "link", "LinkError", "no vector")
    store.work.put_failure(db, failure, Stage.LINK, "a1", "1", next_try=NOW + HOUR)
    assert store.articles.article_ids_lacking_link(db, "1", 9, now=NOW) == ()
    assert store.articles.article_ids_lacking_link(db, "1", 9, now=NOW + HOUR) == ("a1",)


# -- Withdrawals -----------------------------------------------------------------------


def assert_hidden(db: Store) -> None:
    assert store.articles.article(db, "a1") is None
    assert store.articles.articles(db) == ()
    assert store.articles.articles(db, ids=["a1"]) == ()
    assert store.articles.newest_ids(db) == ()
    assert store.articles.revisions(db, "a1") == ()
    assert store.translations.translation(db, "a1", "pt") is None
    assert store.translations.translations(db, "a1") == ()
    assert store.translations.translations_of(db, ["a1"], "pt") == {}
    assert store.stories.story(db, "a1") == ()
    assert store.stories.newest(db, 9) == ()
    assert store.stories.groupings(db) == ()
    assert store.work.counts(db)["articles"] == {}


def test_a_withdrawn_article_is_hidden_everywhere_and_stays_known(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "the publisher answers 410", NOW)
    assert_hidden(relayed)
    assert store.articles.is_withdrawn(relayed, "a1")
    assert not store.articles.is_withdrawn(relayed, "a2")
    tombstone = store.articles.withdrawal(relayed, "a1")
    assert tombstone == store.articles.Withdrawal(
        "a1", "https://harbour.example/1", "the publisher answers 410", NOW
    )
    kept = store.articles.article(relayed, "a1", with_withdrawn=True)
    assert kept is not None
    assert store.work.counts(relayed)["withdrawn"] == 1
    assert store.check(relayed) == []


def test_a_withdrawn_article_lacks_nothing(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "gone", NOW)
    assert [i.id for i in store.items.items_lacking_page(relayed, NOW, 9)] == ["a2"]
    assert store.pages.page_ids_lacking_article(relayed, "2", NOW, 9) == ()
    assert store.articles.article_ids_lacking_link(relayed, "2", 9) == ()
    assert store.articles.article_ids_lacking_translation(relayed, "fr", "1", NOW, 9) == ()


def test_an_entry_can_be_withdrawn_before_its_page_came(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a2", "the publisher answers 404", NOW)
    assert store.items.items_lacking_page(relayed, NOW, 9) == ()
    tombstone = store.articles.withdrawal(relayed, "a2")
    assert tombstone is not None
    assert tombstone.url == "https://harbour.example/2"


def test_a_withdrawn_article_comes_back_with_its_page(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "gone", NOW)
    assert read(relayed, make_entry(1, title="Ferry is back")).changed == ("a1",)
    assert [i.id for i in store.items.items_lacking_page(relayed, NOW, 9)] == ["a1", "a2"]
    assert store.articles.is_withdrawn(relayed, "a1")
    assert store.pages.put_page(relayed, make_page())
    assert not store.articles.is_withdrawn(relayed, "a1")
    assert [article.id for article in store.articles.articles(relayed)] == ["a1"]
    assert [summary.id for summary in store.stories.newest(relayed, 9)] == ["a1"]
    assert lacking(relayed) == ((), ())


def test_a_withdrawn_article_that_is_gone_still_is_not_asked_for_again(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "gone", NOW)
    read(relayed, make_entry(1, title="Ferry is back"))
    store.articles.withdraw(relayed, "a1", "gone again", NOW + HOUR)
    assert [i.id for i in store.items.items_lacking_page(relayed, NOW, 9)] == ["a2"]
    tombstone = store.articles.withdrawal(relayed, "a1")
    assert tombstone is not None
    assert (tombstone.reason, tombstone.at) == ("gone", NOW)


def test_a_takedown_keeps_the_article_out_for_good(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "gone", NOW)
    store.articles.withdraw(relayed, "a1", "a court ordered it", NOW, block=True)
    changes = read(relayed, make_entry(1, title="Ferry is back"), make_entry(3))
    assert (changes.new, changes.changed) == (("a3",), ())
    assert not store.pages.put_page(relayed, make_page(body=b"back"))
    store.articles.put_article(relayed, make_article(text="It is back."), "1")
    assert_hidden(relayed)
    tombstone = store.articles.withdrawal(relayed, "a1")
    assert tombstone is not None
    assert (tombstone.reason, tombstone.is_blocked) == ("a court ordered it", True)
    assert [i.id for i in store.items.items_lacking_page(relayed, NOW, 9)] == ["a2", "a3"]


def test_a_takedown_holds_for_the_address_under_any_id(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "a court ordered it", NOW, block=True)
    reading = replace(Reading("harbour", "https://harbour.example/feed"), items=(make_entry(1),))
    ids = {"https://harbour.example/1": "b1"}
    state = SourceState("harbour")
    assert store.items.put_reading(relayed, reading, state, ids, NOW).new == ()
    assert not store.pages.put_page(relayed, replace(make_page("a1"), id="b1"))
    store.articles.put_article(relayed, replace(make_article("a1"), id="b2"), "1")
    assert store.articles.article(relayed, "b2", with_withdrawn=True) is None
    assert store.articles.is_withdrawn(relayed, "b2")
    assert store.check(relayed) == []


def test_a_person_can_undo_a_takedown(relayed: Store) -> None:
    store.articles.withdraw(relayed, "a1", "by mistake", NOW, block=True)
    assert store.articles.restore(relayed, "a1")
    assert not store.articles.restore(relayed, "a1")
    assert [article.id for article in store.articles.articles(relayed)] == ["a1"]
    assert "a1" in [i.id for i in store.items.items_lacking_page(relayed, NOW, 9)]
    assert store.pages.put_page(relayed, make_page())
