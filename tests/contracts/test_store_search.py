"""The index of search on every database: found, ranked, narrowed, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from dragoman import store
from dragoman.analysis import parse_query
from dragoman.store import Store, open_store
from dragoman.store.indexing import (
    IndexText,
    Waiting,
    analyse_text,
    ask_index,
    begin_indexing,
    list_waiting,
    put_entries,
)
from dragoman.store.search import Filters, find, words_like
from dragoman.store.withdrawals import restore, withdraw
from tests.contracts.store_samples import NOW, make_article, make_translation, put_articles

EDITION = Filters("en")


def index(
    db: Store,
    id: str,
    body: str,
    title: str = "",
    language: str = "en",
    into: str = "",
    original: str = "",
    source: str = "harbour",
    section: str = "",
    days: int = 0,
) -> None:
    """Index a text as the step would."""
    made = IndexText(
        id,
        into,
        into or language,
        original or language,
        source,
        section,
        NOW - timedelta(days=days),
        title,
        body,
    )
    with db.write() as connection:
        ask_index(connection, id, into)
    (one,) = [row for row in list_waiting(db, 1000) if (row.article, row.into) == (id, into)]
    put_entries(db, [(one, analyse_text(made))])


def ids(db: Store, query: str, filters: Filters = EDITION, *, by_date: bool = False) -> list[str]:
    return [hit.article for hit in find(db, parse_query(query), filters, by_date=by_date).hits]


TEXTS = {
    "en": ("The ferries sailed again to the islands.", "ferry island"),
    "fr": ("Les élections ont été reportées d’une semaine.", "election report"),
    "pt": ("As eleições foram adiadas por uma semana.", "eleicao adiada"),
    "es": ("Los pescadores volvieron al puerto de noche.", "pescador puertos"),
    "de": ("Die Fähren fahren wieder in den Häfen.", "faehre hafen"),
    "ru": ("Паромы снова ходят между островами.", "паромов остров"),
    "ar": ("وقالت الحكومة إن السفن عادت إلى الميناء.", "حكومة ميناء"),
    "zh": ("渡轮明天恢复航行。", "渡轮 航行"),
    "ja": ("明日の天気予報は晴れです。", "天気予報"),
    "th": ("พยากรณ์อากาศวันนี้", "อากาศ"),
    "ko": ("여객선이 다시 운항한다", "여객선"),
    "hi": ("आज के समाचार", "समाचार"),
    "uk": ("Пором знову ходить", "пором"),
}


def test_every_language_is_found_in_its_own_words(db: Store) -> None:
    for language, (body, _) in TEXTS.items():
        index(db, f"a-{language}", body, language=language)
    for language, (_, query) in TEXTS.items():
        assert ids(db, query) == [f"a-{language}"], language


def test_a_phrase_is_found_as_it_stands_and_not_by_its_stems(db: Store) -> None:
    index(db, "a1", "They saw two fishing boats in the bay.")
    index(db, "a2", "The boats were fishing; a fishing boat came.")
    assert ids(db, '"fishing boats"') == ["a1"]
    assert ids(db, '"boats in the bay"') == ["a1"]
    assert ids(db, '"two boats"') == []
    assert sorted(ids(db, "fish boat")) == ["a1", "a2"]


def test_a_phrase_does_not_reach_from_the_title_into_the_body(db: Store) -> None:
    index(db, "a1", "Islands wait.", title="Ferry to the")
    assert ids(db, '"the islands"') == []
    assert ids(db, '"ferry to"') == ["a1"]


def test_a_stretch_of_a_script_without_spaces_is_found_wherever_it_stands(db: Store) -> None:
    index(db, "a1", "明日の天気予報は晴れです", language="ja")
    for query in ("天気", "天気予報", "予", "す", '"予報は晴れ"', "晴れ 明日"):
        assert ids(db, query) == ["a1"], query
    assert ids(db, "気天") == []
    assert ids(db, '"晴れ 明日"') == []


def test_what_is_excluded_is_left_out(db: Store) -> None:
    index(db, "a1", "The ferry and its captain.")
    index(db, "a2", "The ferry and the islands.")
    assert ids(db, "ferry -captains") == ["a2"]
    assert ids(db, 'ferry -"the islands"') == ["a1"]
    assert ids(db, "-captain") == []


def test_words_of_one_language_are_no_stems_of_another(db: Store) -> None:
    index(db, "a1", "casas", language="pt")
    index(db, "a2", "cases", language="en")
    assert ids(db, "casas") == ["a1"]


def test_the_title_weighs_more_and_of_equals_the_newer_comes_first(db: Store) -> None:
    filler = "Nothing else happened on that day in the harbour. " * 3
    index(db, "a1", f"{filler} A ferry.", title="Calm sea", days=1)
    index(db, "a2", f"{filler} A boat.", title="Ferry sails", days=9)
    index(db, "a3", f"{filler} A boat.", title="Ferry sails", days=3)
    assert ids(db, "ferry") == ["a3", "a2", "a1"]
    assert ids(db, "ferry", by_date=True) == ["a1", "a3", "a2"]


def test_an_edition_finds_its_translations_and_every_original(db: Store) -> None:
    index(db, "a1", "A balsa voltou.", language="pt")
    index(db, "a1", "The ferry is back.", into="en", original="pt")
    index(db, "a1", "Le bac est de retour.", into="fr", original="pt")
    (english,) = find(db, parse_query("ferry"), EDITION).hits
    assert (english.into, english.language) == ("en", "en")
    (original,) = find(db, parse_query("balsa"), EDITION).hits
    assert (original.into, original.language) == ("", "pt")
    assert ids(db, "bac") == []
    assert ids(db, "bac", Filters("fr")) == ids(db, "bac", Filters()) == ["a1"]


def test_an_article_is_found_once_by_the_text_that_readers_can_read(db: Store) -> None:
    index(db, "a1", "Lisboa. Lisboa! Lisboa?", language="pt")
    index(db, "a1", "Lisboa", into="en", original="pt")
    (hit,) = find(db, parse_query("lisboa"), EDITION).hits
    assert hit.into == "en"
    (hit,) = find(db, parse_query("lisboa"), Filters("fr")).hits
    assert hit.into == ""


def test_a_search_is_narrowed(db: Store) -> None:
    index(db, "a1", "The ferry", source="harbour", section="local", days=1)
    index(db, "a2", "The ferry", source="ledger", section="sport", days=5)
    index(db, "a3", "The ferry", into="en", original="pt", source="folha", days=9)
    narrowed = {
        "a1": Filters("en", section="local"),
        "a2": Filters("en", sources=frozenset({"ledger"})),
        "a3": Filters("en", language="pt-BR"),
    }
    for id, filters in narrowed.items():
        assert ids(db, "ferry", filters) == [id]
    between = Filters("en", since=NOW - timedelta(days=6), until=NOW - timedelta(days=2))
    assert ids(db, "ferry", between) == ["a2"]
    assert ids(db, "ferry", Filters("en", sources=frozenset())) == []


def test_the_newer_text_replaces_the_older_one(db: Store) -> None:
    index(db, "a1", "The ferry sailed.")
    index(db, "a1", "The train left.")
    assert ids(db, "ferry") == []
    assert ids(db, "train") == ["a1"]


def test_articles_and_translations_wait_until_they_are_indexed(db: Store) -> None:
    put_articles(db, "a1")
    store.translations.put_translation(db, make_translation("a1"), "1", ())
    assert [(one.article, one.into) for one in list_waiting(db, 9)] == [("a1", ""), ("a1", "pt")]


def test_what_changes_while_it_is_indexed_still_waits(db: Store) -> None:
    put_articles(db, "a1")
    (before,) = list_waiting(db, 9)
    put_articles(db, "a1")
    made = IndexText("a1", "", "en", "en", "harbour", "", NOW, "", "The ferry.")
    put_entries(db, [(before, analyse_text(made))])
    assert ids(db, "ferry") == []
    (again,) = list_waiting(db, 9)
    put_entries(db, [(again, analyse_text(made))])
    assert ids(db, "ferry") == ["a1"]
    assert list_waiting(db, 9) == ()


def test_what_is_withdrawn_is_forgotten_at_once_and_waits_when_it_comes_back(db: Store) -> None:
    put_articles(db, "a1")
    index(db, "a1", "The ferry.")
    index(db, "a1", "A balsa.", into="pt", original="en")
    withdraw(db, "a1", "the publisher took it back", NOW)
    assert ids(db, "ferry") == ids(db, "balsa", Filters("pt")) == []
    with db.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM search_tokens")) == 0
    assert list_waiting(db, 9) == ()
    restore(db, "a1")
    assert [(one.article, one.into) for one in list_waiting(db, 9)] == [("a1", "")]


def test_an_index_that_lost_texts_is_written_anew(db: Store) -> None:
    index(db, "a1", "The ferry.")
    index(db, "a2", "The train.")
    is_sqlite = db.engine.dialect.name == "sqlite"
    with db.write() as connection:
        clear = "INSERT INTO search_index(search_index) VALUES ('delete-all')"
        connection.execute(text(clear if is_sqlite else "DELETE FROM search_index"))
    assert ids(db, "ferry") == []
    begin_indexing(db)
    assert (ids(db, "ferry"), ids(db, "train")) == (["a1"], ["a2"])


def test_texts_of_another_analyser_wait_again(db: Store) -> None:
    index(db, "a1", "The ferry.")
    begin_indexing(db)
    assert list_waiting(db, 9) == ()
    with db.write() as connection:
        connection.execute(text("UPDATE search_documents SET version = '0'"))
    begin_indexing(db)
    assert list_waiting(db, 9) == (Waiting("a1", "", 1),)


def test_an_older_store_asks_for_all_that_it_holds(db: Store) -> None:
    put_articles(db, "a1", "a2")
    store.translations.put_translation(db, make_translation("a1"), "1", ())
    with db.write() as connection:
        connection.execute(text("DELETE FROM search_waiting"))
        for statement in (
            "INSERT INTO search_waiting SELECT id, '', 1 FROM articles",
            'INSERT INTO search_waiting SELECT article, "into", 1 FROM translations '
            "WHERE status = 'done'",
        ):
            connection.execute(text(statement))
    known = [(one.article, one.into) for one in list_waiting(db, 9)]
    assert known == [("a1", ""), ("a1", "pt"), ("a2", "")]


def test_words_that_are_written_almost_alike_are_proposed(db: Store) -> None:
    for number in range(3):
        index(db, f"a{number}", "The captain of the Estrela is in Lisboa.")
    index(db, "b1", "The capital.")
    assert words_like(db, "captian", "en")[0] == "captain"
    assert words_like(db, "lisbao", "en") == ("lisboa",)
    assert words_like(db, "captain", "en") == ()
    assert words_like(db, "captian", "fr") == ()


HOSTILE = (
    'ferry" OR 1=1 --',
    "ferry*",
    "NEAR(ferry island, 2)",
    "title:ferry",
    "^ferry",
    "{title body}: ferry",
    "ferry\0islands",
    "'; DROP TABLE articles; --",
    "a" * 10_000,
    "a b " * 2_500,
    '"' * 500,
    "(" * 500,
    "-" * 500,
    '-"',
    "\ud800 ferry",
    "\u202e\u200f",
    "\\ \\' \\\"",
    "% _ ? : ! & | < >",
    "ferry:* | ferry <-> !ferry",
    "…" * 300,
)


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_fails(db: Store, query: str) -> None:
    index(db, "a1", "The ferry to the islands isn't \\'here\\'.")
    index(db, "a2", "渡轮", language="zh")
    find(db, parse_query(query), EDITION)
    find(db, parse_query(query), replace(EDITION, section="x", since=NOW), by_date=True)
    words_like(db, query, "en")


def test_hostile_texts_are_indexed_and_forgotten(shared_url: str) -> None:
    with open_store(shared_url) as db:
        for number, body in enumerate(HOSTILE):
            index(db, f"a{number}", body)
        assert "a1" in ids(db, "ferry")
        for number in range(len(HOSTILE)):
            put_articles(db, f"a{number}")
            withdraw(db, f"a{number}", "gone", NOW)
        assert ids(db, "ferry") == []
        assert store.articles.article(db, make_article().id) is None
