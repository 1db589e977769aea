"""Every store: translations, their checkpoints, and the translation memory."""

from __future__ import annotations

from datetime import datetime

import pytest

from dragoman import store
from dragoman.store import Store
from dragoman.types import Failure, Stage, Translation, TranslationStatus, WorkState
from tests.contracts.store_samples import (
    HOUR,
    NOW,
    make_article,
    make_translation,
    make_unit,
    put_articles,
)

DIED = Failure("a1", "translate", "EngineDied", "the engine died")
UNDONE = [TranslationStatus.FAILED, TranslationStatus.PENDING]


@pytest.fixture
def db(db: Store) -> Store:
    put_articles(db, "a1", "a2")
    return db


def put(db: Store, *translations: Translation) -> None:
    for translation in translations:
        store.translations.put_translation(db, translation, "1", ())


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
    store.translations.put_translation(db, pending, "1", (), retry_at=NOW + HOUR)
    put(db, make_translation("a2", status=TranslationStatus.PENDING))
    assert lacking(db) == ()
    assert lacking(db, now=NOW + HOUR) == ("a1",)
    assert lacking(db, version="2") == ("a1", "a2")
    assert store.work.retry(db) == 2
    assert lacking(db, now=NOW + 10_000_000 * HOUR) == ("a1", "a2")


def test_a_failed_translation_is_tried_again_only_if_asked(db: Store) -> None:
    failed = make_translation(status=TranslationStatus.FAILED, reason="the engine died")
    store.translations.put_translation(db, failed, "1", (), retry_at=NOW, failure=DIED)
    store.translations.put_translation(db, failed, "1", (), retry_at=NOW + HOUR, failure=DIED)
    (_, work) = store.work.work(db, "a1")
    assert (work.state, work.into, work.attempts) == (WorkState.RETRY, "pt", 2)
    assert lacking(db, now=NOW + HOUR) == ("a1", "a2")
    store.translations.put_translation(db, failed, "1", (), failure=DIED)
    assert lacking(db, now=NOW + 1000 * HOUR) == ("a2",)
    assert store.work.retry(db) == 0


@pytest.mark.parametrize("status", UNDONE)
@pytest.mark.parametrize("kept", [TranslationStatus.DONE, TranslationStatus.HELD])
def test_a_try_that_came_to_nothing_keeps_the_translation_there_is(
    db: Store, kept: TranslationStatus, status: TranslationStatus
) -> None:
    there = make_translation(status=kept)
    put(db, there)
    undone = make_translation(status=status, title="", segments=(), reason="the engine died")
    remembered = (make_unit("key", "Frase"),)
    store.translations.put_translation(
        db, undone, "2", remembered, retry_at=NOW + HOUR, failure=DIED
    )
    assert store.translations.translation(db, "a1", "pt") == there
    assert store.memory.remembered(db, ["key"]) == {"key": "Frase"}
    (_, work) = store.work.work(db, "a1")
    assert (work.state, work.version, work.failure) == (WorkState.RETRY, "2", DIED)
    assert lacking(db, version="2") == ("a2",)
    assert lacking(db, version="2", now=NOW + HOUR) == ("a1", "a2")
    assert store.check(db) == []


@pytest.mark.parametrize("status", UNDONE)
def test_a_translation_of_an_older_revision_or_another_language_is_not_kept(
    db: Store, status: TranslationStatus
) -> None:
    put(db, make_translation(), make_translation("a2"))
    store.articles.put_article(db, make_article(text="The ferry sank."), "1")
    store.articles.put_article(db, make_article("a2", language="fr"), "1")
    undone = (
        make_translation(revision=2, status=status),
        make_translation("a2", language="fr", status=status),
    )
    put(db, *undone)
    assert store.translations.translations_of(db, ["a1", "a2"], "pt") == {
        "a1": undone[0],
        "a2": undone[1],
    }


def test_waiting_is_no_attempt(db: Store) -> None:
    pending = make_translation(status=TranslationStatus.PENDING, reason="no model")
    failed = make_translation(status=TranslationStatus.FAILED, reason="the engine died")
    found = []
    for waiting in (pending, pending, failed, failed, pending, failed):
        failure = DIED if waiting is failed else None
        store.translations.put_translation(db, waiting, "1", (), NOW + HOUR, failure=failure)
        found.append(store.work.work(db, "a1")[-1].attempts)
    assert found == [0, 0, 1, 2, 0, 1]
    put(db, pending, make_translation())
    assert store.work.work(db, "a1")[-1].attempts == 1


# -- Trying again --------------------------------------------------------------------


def fail(db: Store, id: str, kind: str, *, times: int = 1) -> None:
    failed = make_translation(id, status=TranslationStatus.FAILED)
    failure = Failure(id, "translate", kind, 'engine said: "kind":"NoRoute"', is_permanent=True)
    for _ in range(times):
        store.translations.put_translation(db, failed, "1", (), failure=failure)


def test_one_pair_is_tried_again_alone(db: Store) -> None:
    put_articles(db, "a3", language="fr")
    for id, language in (("a1", "en"), ("a2", "en"), ("a3", "fr")):
        for into in ("pt", "ar"):
            waiting = make_translation(
                id, into, language=language, status=TranslationStatus.PENDING
            )
            put(db, waiting)
    retry = store.work.retry
    assert store.work.waiting_pairs(db) == {(a, b) for a in ("en", "fr") for b in ("pt", "ar")}
    assert retry(db, stage=Stage.TRANSLATE, into="pt", language="es") == 0
    assert retry(db, stage=Stage.LINK, into="pt", language="fr") == 0
    assert retry(db, stage=Stage.TRANSLATE, into="pt", language="fr-CA") == 1
    far = NOW + 10_000_000 * HOUR
    assert lacking(db, now=far) == ("a3",)
    assert store.articles.article_ids_lacking_translation(db, "ar", "1", far, 9) == ()
    assert store.work.waiting_pairs(db) == {("en", "pt"), ("en", "ar"), ("fr", "ar")}


def test_a_pair_waits_though_its_article_has_an_older_translation(db: Store) -> None:
    waiting = make_translation(status=TranslationStatus.PENDING, reason="the model was removed")
    put(db, make_translation())
    store.translations.put_translation(db, waiting, "2", ())
    assert store.work.waiting_pairs(db) == {("en", "pt")}
    fail(db, "a1", "ModelError")
    assert store.work.waiting_pairs(db) == set()
    assert store.work.waiting_pairs(db, kinds=["ModelError"]) == {("en", "pt")}


def test_what_failed_for_want_of_a_model_is_tried_again_when_asked_by_kind(db: Store) -> None:
    fail(db, "a1", "ModelError", times=3)
    fail(db, "a2", "TranslateError")
    far = NOW + 10_000_000 * HOUR
    retry = store.work.retry
    assert retry(db, into="pt") == 0
    assert retry(db, into="pt", kinds=["NoRoute"]) == 0
    assert retry(db, into="pt", language="fr", kinds=["ModelError", "EngineDied"]) == 0
    assert retry(db, into="pt", language="en", kinds=["ModelError", "EngineDied"]) == 1
    assert lacking(db, now=far) == ("a1",)
    freed = store.work.work(db, "a1")[-1]
    assert (freed.state, freed.attempts) == (WorkState.RETRY, 0)
    fail(db, "a1", "ModelError")
    assert store.work.work(db, "a1")[-1].attempts == 1


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
    units = [make_unit(key, target) for key, target in memory.items()]
    store.translations.put_translation(db, make_translation(), "1", units)
    seventh = make_unit("key 7", "Sétima \udcff\0")
    store.translations.put_translation(db, make_translation(), "1", [seventh])
    found = store.memory.remembered(db, [*memory, "another"])
    assert found == {**memory, "key 7": "Sétima ?"}
    assert store.memory.remembered(db, []) == {}


def test_translations_are_counted_by_pair_and_status(db: Store) -> None:
    put(db, make_translation(), make_translation("a2"))
    put(db, make_translation(into="ar", status=TranslationStatus.HELD))
    counts = store.work.counts(db)
    assert counts["translations"] == {"en>ar": {"held": 1}, "en>pt": {"done": 2}}
    assert counts["articles"] == {"en": 2}
    assert counts["work"]["translate"] == {"done": 3}
