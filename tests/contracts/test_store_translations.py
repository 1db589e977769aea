"""Every store: translations, their checkpoints, and the translation memory."""

from __future__ import annotations

from datetime import datetime

import pytest

from dragoman import store
from dragoman.store import Store
from dragoman.types import Translation, TranslationStatus, WorkState
from tests.contracts.store_samples import HOUR, NOW, make_article, make_translation, put_articles


@pytest.fixture
def db(db: Store) -> Store:
    put_articles(db, "a1", "a2")
    return db


def put(db: Store, *translations: Translation) -> None:
    for translation in translations:
        store.translations.put_translation(db, translation, "1", {})


def lacking(db: Store, version: str = "1", now: datetime = NOW) -> tuple[str, ...]:
    return store.articles.article_ids_lacking_translation(db, "pt", version, now, 9)


def test_a_translation_comes_back_as_it_was_put(db: Store) -> None:
    put(db, make_translation(), make_translation(into="ar"), make_translation("a2"))
    found = make_translation()
    assert store.translations.translation(db, "a1", "pt") == found
    assert store.translations.translation(db, "a1", "fr") is None
    assert store.translations.translations(db, "a1") == (make_translation(into="ar"), found)
    of_many = store.translations.translations_of(db, ["a2", "a1", "a9"], "pt")
    assert of_many == {"a1": found, "a2": make_translation("a2")}


@pytest.mark.parametrize("status", [TranslationStatus.DONE, TranslationStatus.HELD])
def test_a_finished_translation_is_ticked_off_for_its_language(
    db: Store, status: TranslationStatus
) -> None:
    put(db, make_translation(status=status))
    assert lacking(db) == ("a2",)
    assert lacking(db, version="2") == ("a1", "a2")
    into = store.articles.article_ids_lacking_translation
    assert into(db, "fr", "1", NOW, 9) == ("a1", "a2")
    assert store.check(db) == []


def test_a_pending_translation_waits_for_its_time_a_person_or_a_new_version(db: Store) -> None:
    pending = make_translation(status=TranslationStatus.PENDING, reason="no model")
    store.translations.put_translation(db, pending, "1", {}, retry_at=NOW + HOUR)
    put(db, make_translation("a2", status=TranslationStatus.PENDING))
    assert lacking(db) == ()
    assert lacking(db, now=NOW + HOUR) == ("a1",)
    assert lacking(db, version="2") == ("a1", "a2")
    assert store.work.retry(db) == 2
    assert lacking(db, now=NOW + 10_000_000 * HOUR) == ("a1", "a2")


def test_a_failed_translation_is_tried_again_only_if_asked(db: Store) -> None:
    failed = make_translation(status=TranslationStatus.FAILED, reason="the engine died")
    store.translations.put_translation(db, failed, "1", {}, retry_at=NOW)
    store.translations.put_translation(db, failed, "1", {}, retry_at=NOW + HOUR)
    (_, work) = store.work.work(db, "a1")
    assert (work.state, work.into, work.attempts) == (WorkState.RETRY, "pt", 2)
    assert lacking(db, now=NOW + HOUR) == ("a1", "a2")
    store.translations.put_translation(db, failed, "1", {})
    assert lacking(db, now=NOW + 1000 * HOUR) == ("a2",)
    assert store.work.retry(db) == 0


def test_a_translation_of_an_older_revision_leaves_the_new_one_lacking(db: Store) -> None:
    store.articles.put_article(db, make_article(text="The ferry sank."), "1")
    put(db, make_translation(revision=1))
    assert lacking(db) == ("a1", "a2")
    put(db, make_translation(revision=2, title="A balsa afundou"))
    put(db, make_translation(revision=1))
    found = store.translations.translation(db, "a1", "pt")
    assert found is not None
    assert found.title == "A balsa afundou"
    assert lacking(db) == ("a2",)
    assert store.check(db) == []


def test_a_translation_of_an_article_that_was_purged_is_dropped(db: Store) -> None:
    put(db, make_translation("a9"))
    assert store.translations.translation(db, "a9", "pt") is None
    assert store.work.work(db, "a9") == ()


def test_segments_are_remembered_with_the_translation(db: Store) -> None:
    memory = {f"key {number}": f"Frase {number}" for number in range(1500)}
    store.translations.put_translation(db, make_translation(), "1", memory)
    store.translations.put_translation(db, make_translation(), "1", {"key 7": "Sétima \udcff\0"})
    found = store.translations.remembered(db, [*memory, "another"])
    assert found == {**memory, "key 7": "Sétima ?"}
    assert store.translations.remembered(db, []) == {}


def test_translations_are_counted_by_pair_and_status(db: Store) -> None:
    put(db, make_translation(), make_translation("a2"))
    put(db, make_translation(into="ar", status=TranslationStatus.HELD))
    counts = store.work.counts(db)
    assert counts["translations"] == {"en>ar": {"held": 1}, "en>pt": {"done": 2}}
    assert counts["articles"] == {"en": 2}
    assert counts["work"]["translate"] == {"done": 3}
