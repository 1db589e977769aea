"""Every store: what the relay learnt of names, and stages that are asked for once more."""

from __future__ import annotations

from dragoman import store
from dragoman.store import Store
from dragoman.types import Stage
from tests.contracts.store_samples import NOW, make_translation, put_articles


def test_a_form_is_believed_when_two_articles_agree(db: Store) -> None:
    store.names.add_forms(db, "en-GB", {"nhtsa": "NHTSA", "ohio": "Ohio"})
    assert store.names.usual_forms(db, "en", ["nhtsa", "ohio"]) == {}
    store.names.add_forms(db, "en", {"nhtsa": "NHTSA"})
    assert store.names.usual_forms(db, "en", ["nhtsa", "ohio"]) == {"nhtsa": "NHTSA"}
    assert store.names.usual_forms(db, "pt", ["nhtsa"]) == {}


def test_of_two_forms_the_commoner_is_given(db: Store) -> None:
    for form in ("Who", "Who", "WHO", "WHO", "WHO"):
        store.names.add_forms(db, "en", {"who": form})
    assert store.names.usual_forms(db, "en", ["who"]) == {"who": "WHO"}


def test_a_spelling_is_believed_when_two_reports_agree_and_the_commoner_takes_over(
    db: Store,
) -> None:
    add = store.names.add_spellings
    assert add(db, "en", "fr", {"Shoigu": "Choïgou"}) == {}  # one report may be wrong
    assert store.names.usual_spellings(db, "en", "fr", ["Shoigu"]) == {}
    assert add(db, "en", "fr", {"Shoigu": "Choïgou"}) == {"Shoigu": "Choïgou"}
    assert add(db, "en", "fr", {"Shoigu": "Choïgou"}) == {}
    assert store.names.usual_spellings(db, "en-US", "fr", ["Shoigu"]) == {"Shoigu": "Choïgou"}
    for _ in range(3):
        assert add(db, "en", "fr", {"Shoigu": "Shoïgou"}) == {}
    assert add(db, "en", "fr", {"Shoigu": "Shoïgou"}) == {"Shoigu": "Shoïgou"}
    assert store.names.usual_spellings(db, "en", "pt", ["Shoigu"]) == {}


def test_spellings_are_forgotten_where_all_stories_are_told_anew(db: Store) -> None:
    for _ in range(2):
        store.names.add_spellings(db, "ar", "fr", {"شويغو": "Choïgou"})
    assert store.names.usual_spellings(db, "ar", "fr", ["شويغو"]) == {"شويغو": "Choïgou"}
    store.names.forget_spellings(db)
    assert store.names.usual_spellings(db, "ar", "fr", ["شويغو"]) == {}


def test_what_is_too_long_for_a_word_is_not_learnt(db: Store) -> None:
    monster = "ğ" * 201
    for _ in range(2):
        store.names.add_forms(db, "en", {monster: monster, "oslo": "Oslo"})
        store.names.add_spellings(db, "ar", "fr", {"شويغو": monster, "أوسلو": "Oslo"})
    assert store.names.usual_forms(db, "en", [monster, "oslo"]) == {"oslo": "Oslo"}
    assert store.names.usual_spellings(db, "ar", "fr", ["شويغو", "أوسلو"]) == {"أوسلو": "Oslo"}


def test_nothing_learnt_is_nothing_written(db: Store) -> None:
    store.names.add_forms(db, "en", {})
    assert store.names.add_spellings(db, "en", "fr", {}) == {}


def test_a_stage_asked_for_again_is_lacking_and_keeps_what_it_made(db: Store) -> None:
    put_articles(db, "a1", "a2")
    for id in ("a1", "a2"):
        store.translations.put_translation(db, make_translation(id), "1", ())
    assert store.work.ask_again(db, ["a1", "unknown"], Stage.TRANSLATE, "pt") == 1
    assert store.articles.article_ids_lacking_translation(db, "pt", "1", NOW, 9) == ("a1",)
    assert store.translations.translation(db, "a1", "pt") == make_translation("a1")
