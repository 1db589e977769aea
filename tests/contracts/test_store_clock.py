"""Every store: what a clock that was wrong put off for years is due when the clock is right."""

from __future__ import annotations

from datetime import timedelta

from dragoman import store
from dragoman.store import Store
from dragoman.store.checkpoints import FETCH_VERSION
from dragoman.store.webhooks import Delivery, due_deliveries, put_deliveries
from dragoman.types import Failure, Stage
from tests.contracts.store_samples import HARBOUR, HOUR, NOW, make_entry, make_page, read

LATER = NOW + timedelta(days=3650)


def test_a_failure_of_a_year_to_come_is_tried_again_now(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1))
    failure = Failure("a1", "fetch", "TooSlow", "harbour.example stalled")
    store.work.put_failure(db, failure, Stage.FETCH, "a1", FETCH_VERSION, next_try=LATER + HOUR)
    assert [item.id for item in store.items.items_lacking_page(db, NOW, 9)] == ["a1"]
    assert store.items.items_lacking_page(db, LATER, 9) == ()


def test_a_page_that_was_to_be_looked_at_in_a_year_to_come_is_looked_at_now(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry(1))
    store.pages.put_page(db, make_page(fetched=LATER), next_look=LATER + HOUR)
    assert [item.id for item in store.items.items_to_look_at_again(db, NOW, 9)] == ["a1"]
    assert store.items.items_to_look_at_again(db, LATER, 9) == ()


def test_a_message_that_was_to_be_sent_in_a_year_to_come_is_sent_now(db: Store) -> None:
    hook = "https://receiver.example/"
    one = Delivery("m1", hook, "test", "{}", NOW, attempts=1, next_try=LATER)
    put_deliveries(db, [one], {}, NOW)
    assert [message.id for message in due_deliveries(db, hook, NOW, 9)] == ["m1"]
    assert due_deliveries(db, hook, LATER - HOUR, 9) == ()
