"""What every database keeps for reading programs, webhooks and lists by cursor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dragoman import store
from dragoman.store import Store, readers, webhooks
from dragoman.store.listings import Place, Wanted, article_page, story_page
from dragoman.store.readers import Account, Stream
from dragoman.store.webhooks import Delivery
from dragoman.types import Grouping
from tests.contracts.store_samples import HOUR, NOW, make_article, make_translation, put_articles

LATER = NOW + timedelta(days=1)
ALL = Stream(("en", "pt"))


def test_an_account_is_the_only_one(db: Store) -> None:
    readers.put_account(db, Account("ana", "hash", "secret"))
    readers.put_account(db, Account("ana", "other", "new"))
    assert readers.account(db, "ana") == Account("ana", "other", "new")
    readers.put_account(db, Account("rui", "hash", "secret"))
    assert readers.account(db, "ana") is None


def test_items_are_numbered_marked_and_counted(db: Store) -> None:
    put_articles(db, "a1", "a2", "a3")
    assert readers.number_items(db, ("en", "pt"), LATER) == 3  # none is in Portuguese yet
    store.translations.put_translation(db, make_translation("a2"), "1")
    assert readers.number_items(db, ("en", "pt"), LATER) == 1
    items = readers.items_of(db, ALL, 10)
    numbers = [item.number for item in items]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 4
    readers.mark(db, numbers[:2], is_read=True)
    readers.mark(db, numbers[1:2], is_starred=True)
    assert readers.count_items(db, replace(ALL, is_read=False)) == 2
    assert [one.number for one in readers.items_of(db, replace(ALL, is_starred=True), 9)] == [
        numbers[1]
    ]
    found = readers.items_by_number(db, numbers)
    assert (found[numbers[1]].is_read, found[numbers[1]].is_starred) == (True, True)
    assert sum(one.count for one in readers.unread(db, ("en", "pt"))) == 2
    readers.mark_all_read(db, Stream(("en",), "harbour", until=numbers[-1]))
    assert readers.count_items(db, replace(ALL, is_read=False)) == 1


def test_items_go_with_their_article(db: Store) -> None:
    put_articles(db, "a1")
    readers.number_items(db, ("en",), LATER)
    assert readers.count_items(db, ALL) == 1
    store.articles.withdraw(db, "a1", "asked for", LATER)
    assert readers.count_items(db, ALL) == 0
    store.articles.restore(db, "a1")
    assert readers.count_items(db, ALL) == 1


def test_messages_wait_are_put_off_and_are_given_up(db: Store) -> None:
    message = Delivery("m1", "https://a.example/", "story.new", "{}", NOW, next_try=NOW)
    webhooks.begin(db, NOW)
    webhooks.put_deliveries(db, [message, replace(message, id="m2")], {"story:x": 1}, NOW)
    assert [one.id for one in webhooks.due_deliveries(db, message.hook, NOW, 9)] == ["m1", "m2"]
    webhooks.end_delivery(db, "m1")
    put_off = replace(message, id="m2", attempts=1, next_try=NOW + HOUR, failure="no")
    webhooks.put_failures(db, [put_off])
    webhooks.put_deliveries(db, [replace(message, id="m3")], {}, NOW)
    assert webhooks.due_deliveries(db, message.hook, NOW, 9) == ()
    assert len(webhooks.due_deliveries(db, message.hook, NOW + HOUR, 9)) == 2
    webhooks.put_failures(db, [replace(put_off, next_try=None)])
    assert [one.id for one in webhooks.due_deliveries(db, message.hook, NOW, 9)] == ["m3"]
    assert webhooks.retry_given_up(db, NOW) == 1
    webhooks.drop_others(db, [message.hook], NOW)
    assert len(webhooks.list_deliveries(db)) == 2
    webhooks.drop_others(db, ["https://b.example/"], NOW)
    assert webhooks.list_deliveries(db) == ()
    assert webhooks.told_of(db, ["story:x", "story:y"]) == {"story:x"}
    webhooks.forget(db)
    assert webhooks.told_of(db, ["story:x"]) == frozenset()


def test_stories_that_were_not_told_are_found(db: Store) -> None:
    put_articles(db, "a1", "a2")
    store.stories.put_links(db, [], [Grouping("a1", "e", "s")], "1", ["a1"])
    webhooks.begin(db, NOW)
    assert webhooks.grown_stories(db, 9) == ()
    store.stories.put_links(db, [], [Grouping("a2", "e", "s")], "1", ["a2"])
    (grown,) = webhooks.grown_stories(db, 9)
    assert (grown.id, grown.articles, grown.told) == ("s", 2, 1)


def test_pages_of_a_list_follow_one_another(db: Store) -> None:
    for number in range(5):
        article = make_article(f"a{number}", first_seen=NOW - number * HOUR)
        store.articles.put_article(db, article, "1")
    seen: list[str] = []
    place: Place | None = None
    while True:
        page, place = article_page(db, Wanted(language="en"), place, 2)
        seen += [article.id for article in page]
        if place is None:
            break
    assert sorted(seen) == [f"a{number}" for number in range(5)]
    assert article_page(db, Wanted(source="nobody"), None, 2) == ((), None)
    store.stories.put_links(db, [], [Grouping("a1", "e", "s")], "1", ["a1"])
    found, place = story_page(db, Wanted(language="en", since=NOW - 900 * HOUR), None, 2)
    assert ([story.id for story in found], place) == (["s"], None)
    assert story_page(db, Wanted(language="pt"), None, 2) == ((), None)
