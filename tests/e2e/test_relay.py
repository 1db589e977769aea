"""The sample press goes through the whole relay."""

from collections import Counter
from pathlib import Path

import pytest

from dragoman import store
from dragoman.types import EngineKind, Translation, TranslationStatus
from tests.e2e.relaying import Relayed, relayed_press


def translations(relayed: Relayed, into: str) -> list[Translation]:
    ids = [article.id for article in store.articles.articles(relayed.db, limit=1000)]
    return list(store.translations.translations_of(relayed.db, ids, into).values())


def test_every_outlet_but_the_dead_one_is_read(relayed: Relayed) -> None:
    states = store.sources.source_states(relayed.db)
    failed = {id for id, state in states.items() if state.failure}
    assert failed == {"semaphore"}
    articles = store.articles.articles(relayed.db, limit=1000)
    assert {article.source for article in articles} == set(states) - failed


def test_at_least_thirty_articles_come_out_in_five_languages(relayed: Relayed) -> None:
    languages = Counter(
        article.language.partition("-")[0]
        for article in store.articles.articles(relayed.db, limit=1000)
    )
    assert sum(languages.values()) >= 30
    assert set(languages) == {"en", "pt", "es", "fr", "ar"}


@pytest.mark.parametrize(("language", "into"), [("en", "pt"), ("pt", "en")])
def test_the_neural_models_translate_at_least_eight_each_way(
    relayed: Relayed, language: str, into: str
) -> None:
    made = [
        one
        for one in translations(relayed, into)
        if one.status is TranslationStatus.DONE
        and one.language.partition("-")[0] == language
        and one.route
        and all(leg.kind is EngineKind.NEURAL for leg in one.route.legs)
    ]
    assert len(made) >= 8


def test_what_has_no_route_waits_with_a_reason_and_the_command_that_helps(relayed: Relayed) -> None:
    waiting = [
        one
        for into in relayed.settings.editions
        for one in translations(relayed, into)
        if one.status is TranslationStatus.PENDING
    ]
    assert waiting
    for one in waiting:
        assert "dragoman models add" in one.reason
        assert one.title == "" and one.segments == ()


def test_no_translation_is_a_copy_of_its_source(relayed: Relayed) -> None:
    for into in ("en", "pt"):
        for one in translations(relayed, into):
            if one.status is TranslationStatus.DONE:
                article = store.articles.article(relayed.db, one.article)
                assert article is not None
                assert one.title != article.title
                assert len(one.blocks) == len(article.blocks)


def test_stories_have_members_in_three_languages_and_more(relayed: Relayed) -> None:
    languages: dict[str, set[str]] = {}
    by_id = {one.id: one for one in store.articles.articles(relayed.db, limit=1000)}
    for grouping in store.stories.groupings(relayed.db):
        language = by_id[grouping.article].language.partition("-")[0]
        languages.setdefault(grouping.story, set()).add(language)
    assert sum(len(found) >= 3 for found in languages.values()) >= 3


def test_a_second_pass_over_the_same_press_does_no_work(relayed: Relayed) -> None:
    tally = relayed.relay(is_forced=True)
    assert tally.polled == len(relayed.press.outlets)
    assert (tally.found, tally.fetched, tally.extracted, tally.translated, tally.linked) == (0,) * 5


def test_what_the_publisher_withdrew_is_counted_and_shown_nowhere(relayed: Relayed) -> None:
    assert relayed.tally.withdrawn == 1
    (gone,) = (one for one in relayed.tally.failures if one.kind == "Gone")
    assert store.articles.is_withdrawn(relayed.db, gone.item)
    assert store.articles.article(relayed.db, gone.item) is None


def test_what_robots_txt_forbids_is_not_fetched(relayed: Relayed) -> None:
    (barred,) = (one for one in relayed.tally.failures if one.kind == "Forbidden")
    assert "robots.txt" in barred.message
    assert not [hit for hit in relayed.press.hits if hit.path.startswith("/private/")]


def test_a_correction_becomes_a_revision_and_is_translated_again(tmp_path: Path) -> None:
    with relayed_press(tmp_path, "before") as relayed:
        before = {one.id: one for one in store.articles.articles(relayed.db)}
        relayed.press.set_phase("after")
        tally = relayed.relay()
        after = {one.id: one for one in store.articles.articles(relayed.db)}
        revised = {id for id, one in after.items() if one.revision > 1}
        assert {after[id].source for id in revised} == {"harbour", "gaceta"}
        assert tally.found == tally.fetched == tally.extracted == len(revised)
        for id in revised:
            old, new = store.articles.revisions(relayed.db, id)
            assert (old.digest, new.digest) == (before[id].digest, after[id].digest)
            assert old.digest != new.digest
        (harbour,) = (id for id in revised if after[id].source == "harbour")
        translation = store.translations.translation(relayed.db, harbour, "pt")
        assert translation is not None
        assert translation.revision == 2
        # The sentences that did not change came from the memory.
        assert any(segment.is_remembered for segment in translation.segments)
        assert not all(segment.is_remembered for segment in translation.segments)
