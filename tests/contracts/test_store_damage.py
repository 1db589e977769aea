"""Every store: one damaged row is named, and the others go on."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, update

from dragoman import store
from dragoman.errors import DamagedRow
from dragoman.store import Store, schema
from dragoman.types import Failure, Judgement, Relation, Stage
from tests.contracts.store_samples import (
    HARBOUR,
    HOUR,
    NOW,
    finish,
    make_entry,
    make_page,
    make_translation,
    put_articles,
    read,
)


def spoil(db: Store, table: Table, id: str, **values: object) -> None:
    """Write over the row of `id`, as a failing disk does; the record is cut short by default."""
    key = next(iter(table.primary_key))
    with db.write() as connection:
        damaged = values or {"record": '{"id":"a1","ti'}
        assert connection.execute(update(table).where(key == id).values(damaged)).rowcount


@pytest.mark.parametrize("values", [{"body": b"no zlib"}, {"body": b""}, {"record": "[]"}])
def test_a_damaged_page_is_named_and_left_out_of_lists(
    db: Store, values: dict[str, object]
) -> None:
    for number in (1, 2, 3):
        store.pages.put_page(db, make_page(f"a{number}", fetched=NOW - number * HOUR))
    spoil(db, schema.pages, "a1", **values)
    with pytest.raises(DamagedRow, match="page of a1"):
        store.pages.page(db, "a1")
    assert [page.id for page in store.pages.host_pages(db, "harbour.example", 2)] == ["a2", "a3"]
    (found,) = store.check(db)
    assert "page of a1" in found
    assert store.pages.put_page(db, make_page("a1"))
    assert store.pages.page(db, "a1") == make_page("a1")
    assert store.check(db) == []


def test_a_damaged_article_is_named_and_left_out_of_lists(db: Store) -> None:
    put_articles(db, "a1", "a2", "a3")
    spoil(db, schema.articles, "a1")
    with pytest.raises(DamagedRow, match="article of a1"):
        store.articles.article(db, "a1")
    listed = store.articles.articles
    assert [article.id for article in listed(db)] == ["a2", "a3"]
    assert [article.id for article in listed(db, limit=1)] == ["a2"]
    assert [article.id for article in listed(db, before="a1", limit=1)] == ["a2"]
    assert [article.id for article in listed(db, ids=["a1", "a2", "a3"], limit=1)] == ["a2"]
    assert store.articles.revisions(db, "a1") == ()
    (found,) = store.check(db)
    assert "article of a1" in found


def test_a_damaged_article_blocks_no_stage(db: Store) -> None:
    put_articles(db, "a1", "a2", "a3")
    spoil(db, schema.articles, "a1")
    into = store.articles.article_ids_lacking_translation
    assert into(db, "pt", "1", NOW, 1) == ("a2",)
    assert store.articles.article_ids_lacking_link(db, "1", 9) == ("a2", "a3")
    put_articles(db, "a1", text="The ferry sank.")
    assert into(db, "pt", "1", NOW, 1) == ("a1",)
    assert len(store.articles.revisions(db, "a1")) == 1


def test_a_damaged_article_can_be_taken_down(db: Store) -> None:
    put_articles(db, "a1")
    store.pages.put_page(db, make_page())
    spoil(db, schema.articles, "a1")
    store.articles.withdraw(db, "a1", "a court ordered it", NOW, block=True)
    tombstone = store.articles.withdrawal(db, "a1")
    assert tombstone is not None
    assert tombstone.url == "https://harbour.example/1"


def test_a_damaged_entry_is_left_out_until_its_feed_names_it_again(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, *(make_entry(number) for number in range(1, 6)))
    for id in ("a1", "a2", "a4"):
        spoil(db, schema.items, id)
    with pytest.raises(DamagedRow, match="entry of a1"):
        store.items.item(db, "a1")
    assert [item.id for item in store.items.items_lacking_page(db, NOW, 1)] == ["a3"]
    assert [item.id for item in store.items.items_lacking_page(db, NOW, 2)] == ["a3", "a5"]
    assert read(db, make_entry(1), now=NOW + HOUR).changed == ("a1",)
    assert [item.id for item in store.items.items_lacking_page(db, NOW, 1)] == ["a1"]
    found = store.items.item(db, "a1")
    assert found is not None
    assert found.first_seen == NOW


def test_a_damaged_source_stops_no_other_and_can_be_put_again(db: Store) -> None:
    store.sources.put_source(db, HARBOUR)
    read(db, make_entry())
    spoil(db, schema.sources, "harbour")
    spoil(db, schema.source_states, "harbour")
    assert store.sources.sources(db) == ()
    assert store.sources.source_states(db) == {}
    store.sources.put_source(db, HARBOUR)
    assert store.sources.sources(db) == (HARBOUR,)


def test_damaged_translations_judgements_and_failures_are_left_out(db: Store) -> None:
    put_articles(db, "a1", "a2")
    finish(db)
    finish(db, "a2")
    judged = Judgement("a1", "a2", Relation.SAME_EVENT, 0.6)
    store.stories.put_links(db, [judged], [], "1", [])
    failure = Failure("a1", "fetch", "TooSlow", "harbour.example stalled")
    store.work.put_failure(db, failure, Stage.FETCH, "a1", "1")
    spoil(db, schema.translations, "a1")
    spoil(db, schema.judgements, "a1")
    spoil(db, schema.work, "a1", failure="{")
    assert store.translations.translation(db, "a1", "pt") is None
    assert store.translations.translations(db, "a1") == ()
    of_both = store.translations.translations_of(db, ["a1", "a2"], "pt")
    assert of_both == {"a2": make_translation("a2")}
    assert store.stories.judgements(db) == ()
    assert store.work.failures(db) == ()
    assert store.work.work(db, "a1") == ()
