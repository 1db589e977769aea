"""Every store: the glossary, the memory's units, and what a translation replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dragoman import store
from dragoman.store import Store
from dragoman.types import Block, BlockKind, Stage, Term, Text, TranslationStatus
from tests.contracts.store_samples import (
    HOUR,
    NOW,
    make_article,
    make_translation,
    make_unit,
    put_articles,
)

CARER = Term("en", "pt", "carer", "cuidador", note="not babá")
MET = Term("en", "pt", "Met Office", is_cased=True)
TRAIN = Term("en", "pt-PT", "train", "comboio")


def test_terms_come_back_as_they_were_put_in_order(db: Store) -> None:
    assert set(store.glossary.put_terms(db, [TRAIN, CARER, MET])) == {TRAIN, CARER, MET}
    assert store.glossary.terms(db) == (MET, CARER, TRAIN)
    assert store.glossary.terms(db, into="pt-PT") == (TRAIN,)
    assert store.glossary.terms(db, "fr") == ()


def test_only_what_changes_a_translation_counts_as_changed(db: Store) -> None:
    store.glossary.put_terms(db, [CARER, MET])
    other = replace(MET, is_cased=False)
    changed = store.glossary.put_terms(db, [replace(CARER, note="see the style book"), other])
    assert changed == (other,)
    assert store.glossary.terms(db)[1].note == "see the style book"


def test_replacing_takes_away_the_rest_of_the_pair_alone(db: Store) -> None:
    store.glossary.put_terms(db, [CARER, MET, TRAIN])
    assert store.glossary.put_terms(db, [CARER], replace=True) == (MET,)
    assert store.glossary.terms(db) == (CARER, TRAIN)


def test_terms_are_removed_by_their_words_or_by_their_pair(db: Store) -> None:
    store.glossary.put_terms(db, [CARER, MET, TRAIN])
    assert store.glossary.remove_terms(db, term="MET OFFICE") == (MET,)
    assert store.glossary.remove_terms(db, term="Met Office") == ()
    assert store.glossary.remove_terms(db, language="en", into="pt") == (CARER,)
    assert store.glossary.terms(db) == (TRAIN,)


def test_a_region_has_its_own_terms_before_those_of_the_language(db: Store) -> None:
    brazilian = Term("en", "pt-BR", "train", "trem")
    general = Term("en", "pt", "train", "comboio")
    store.glossary.put_terms(db, [general, CARER, brazilian])
    assert set(store.glossary.terms_for(db, "en-GB", "pt-BR")) == {brazilian, CARER}
    assert set(store.glossary.terms_for(db, "en", "pt")) == {general, CARER}
    assert store.glossary.terms_for(db, "fr", "pt") == ()


# -- The memory ------------------------------------------------------------------------


def test_units_are_listed_by_pair_and_keep_where_they_came_from(db: Store) -> None:
    own = make_unit("1", "A balsa parte.", updated=NOW)
    imported = make_unit("2", "O ferry parte.", into="pt-PT", origin="tmx:a.tmx", updated=NOW)
    other = make_unit("3", "Le bac part.", into="fr", updated=NOW)
    assert store.memory.put_units(db, iter([own, imported, other])) == 3
    assert list(store.memory.each_unit(db, into="pt")) == [own, imported]
    assert list(store.memory.each_unit(db, "en-GB")) == [own, imported, other]
    assert store.memory.count_units(db, "en", "fr") == 1
    assert store.memory.count_units(db, "fr") == 0


def test_more_units_than_fit_one_transaction_are_all_listed(db: Store) -> None:
    store.memory.put_units(db, (make_unit(f"{number:05}", "x") for number in range(2345)))
    keys = [unit.key for unit in store.memory.each_unit(db)]
    assert keys == [f"{number:05}" for number in range(2345)]


def test_a_takedown_takes_the_sentences_of_every_revision_out_of_the_memory(db: Store) -> None:
    put_articles(db, "a1")
    store.articles.put_article(db, make_article("a1", "The ferry sank."), "1")
    sentences = {"1": "The ferry sails.", "2": "The ferry sank.", "3": "Ferry 1 sails"}
    store.memory.put_units(db, [make_unit(k, "x", source=text) for k, text in sentences.items()])
    store.memory.put_units(
        db,
        [
            make_unit("of another", "x", source="The tug sank."),
            make_unit("of a person", "x", source="The ferry sank.", origin="tmx:a.tmx"),
            make_unit("of another language", "x", source="The ferry sank.", language="pt"),
        ],
    )
    store.articles.withdraw(db, "a1", "gone", NOW)
    assert store.memory.count_units(db) == 6
    store.articles.withdraw(db, "a1", "a court order", NOW, block=True)
    left = {unit.key for unit in store.memory.each_unit(db)}
    assert left == {"of another", "of a person", "of another language"}


# -- Campaigns -------------------------------------------------------------------------


@pytest.fixture
def translated(db: Store) -> Store:
    put_articles(db, "a1", "a2")
    for id in ("a1", "a2"):
        store.translations.put_translation(db, make_translation(id), "1")
    return db


def test_the_old_translation_is_shown_until_the_new_one_is_there_and_kept_after(
    translated: Store,
) -> None:
    db, old = translated, make_translation()
    assert store.work.ask_again(db, ["a1"], Stage.TRANSLATE, "pt") == 1
    assert store.translations.translation(db, "a1", "pt") == old
    assert store.translations.former_translations(db, "a1", "pt") == ()
    new = make_translation(title="O ferry parte", made=NOW + HOUR)
    store.translations.put_translation(db, new, "1")
    assert store.translations.translation(db, "a1", "pt") == new
    assert store.translations.former_translations(db, "a1", "pt") == (old,)
    assert store.translations.count_former(db) == 1
    assert store.check(db) == []


def test_only_a_finished_translation_of_the_same_text_that_reads_otherwise_leaves_the_old(
    translated: Store,
) -> None:
    db = translated
    failed = make_translation(status=TranslationStatus.FAILED, title="")
    store.translations.put_translation(db, failed, "1")
    store.translations.put_translation(db, make_translation(made=NOW + HOUR), "1")
    store.articles.put_article(db, make_article(text="The ferry sank."), "1")
    rewritten = make_translation(revision=2, title="A balsa afundou", made=NOW + HOUR)
    store.translations.put_translation(db, rewritten, "1")
    assert store.translations.count_former(db) == 0
    block = Block(BlockKind.PARAGRAPH, (Text("Afundou."),))
    store.translations.put_translation(db, replace(rewritten, blocks=(block,)), "1")
    assert store.translations.former_translations(db, "a1", "pt") == (rewritten,)


def test_former_translations_are_hidden_by_a_withdrawal_and_go_with_a_takedown(
    translated: Store,
) -> None:
    db = translated
    for id in ("a1", "a2"):
        new = make_translation(id, title="O ferry parte", made=NOW + HOUR)
        store.translations.put_translation(db, new, "1")
    store.articles.withdraw(db, "a1", "gone", NOW)
    assert store.translations.former_translations(db, "a1", "pt") == ()
    assert store.translations.count_former(db) == 2
    store.articles.withdraw(db, "a1", "a court order", NOW, block=True)
    assert store.translations.count_former(db) == 1
    assert len(store.translations.former_translations(db, "a2", "pt")) == 1


def test_finished_translations_are_listed_by_what_a_campaign_asks_for(translated: Store) -> None:
    db = translated
    put_articles(db, "a3", source="tide", language="fr")
    late = make_article("a4", source="tide", published=make_article().modified)
    store.articles.put_article(db, replace(late, first_seen=NOW + 24 * HOUR), "1")
    for id, into, language in (("a1", "ar", "en"), ("a3", "pt", "fr"), ("a4", "pt", "en")):
        made = make_translation(id, into, language=language)
        store.translations.put_translation(db, made, "1")
    pending = make_translation("a4", "ar", status=TranslationStatus.PENDING)
    store.translations.put_translation(db, pending, "1")
    store.articles.withdraw(db, "a2", "gone", NOW)

    def ids(*wanted: object) -> list[tuple[str, str]]:
        found = list(store.translations.each_finished(db, *wanted))  # type: ignore[arg-type]
        assert store.translations.count_finished(db, *wanted) == len(found)  # type: ignore[arg-type]
        return [(one.article, one.into) for one in found]

    assert ids() == [("a1", "ar"), ("a1", "pt"), ("a3", "pt"), ("a4", "pt")]
    assert ids("fr-CA") == [("a3", "pt")]
    assert ids("", "ar") == [("a1", "ar")]
    assert ids("", "", "tide") == [("a3", "pt"), ("a4", "pt")]
    assert ids("", "", "", NOW + HOUR) == [("a4", "pt")]
