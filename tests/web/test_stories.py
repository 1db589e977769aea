"""What a story's page tells: its events in order, figures that differ, who is silent."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from dragoman.store import Store, articles, open_store, sources, stories
from dragoman.types import Grouping, Source
from dragoman.web import answer
from dragoman.web.stories import count_company
from tests.web import quake
from tests.web.conftest import SETTINGS
from tests.web.newsroom import fill_store
from tests.web.selecting import find

PATH = f"/en/story/{quake.STORY}/"


@pytest.fixture
def db() -> Iterator[Store]:
    with open_store("sqlite://") as found:
        fill_store(found)
        quake.put_quake(found)
        yield found


def tree(db: Store, path: str = PATH) -> html.HtmlElement:
    found = answer(db, SETTINGS, path)
    assert found.status == 200, path
    return html.document_fromstring(found.body)


def words(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def sayings(page: html.HtmlElement) -> dict[str, list[str]]:
    """Give the cards of each thing that is counted differently, by its name."""
    found: dict[str, list[str]] = {}
    for name in find(page, "h3.counted"):
        cards = next(e for e in name.itersiblings() if e.tag == "ol")
        found[words(name)] = [words(card) for card in find(cards, "li")]
    return found


def test_a_story_is_headed_in_each_edition_by_its_best_report_in_that_language(db: Store) -> None:
    heads = {
        language: words(find(tree(db, f"/{language}/story/{quake.STORY}/"), "h1")[0])
        for language in ("en", "es", "ar", "fr")
    }
    assert heads["es"] == "Marenga entierra a sus muertos"
    assert heads["ar"] == "مقتل 19 شخصا في زلزال مارينغا"
    assert heads["fr"].startswith("Séisme à Marenga")
    assert heads["en"] == "Magnitude 6.1 quake hits the coast of Marenga"


def test_a_report_of_an_event_left_behind_does_not_head_a_story_that_can_be_read(
    db: Store,
) -> None:
    later = quake.make_report(
        "quakept00002",
        "folha2",
        "pt",
        quake.START + timedelta(days=5),
        "Marenga reconstrói o porto",
        "As obras começaram.",
    )
    articles.put_article(db, later, "1")
    stories.put_links(db, (), [Grouping(later.id, "quake-c", quake.STORY)], "1", [])
    page = tree(db, f"/pt/story/{quake.STORY}/")
    assert words(find(page, "h1")[0]) == "Marenga reconstrói o porto"
    assert words(find(tree(db), "h1")[0]).startswith("Magnitude 6.1")  # the later: not translated


def test_the_timeline_has_a_head_for_each_event_and_every_report_in_order(db: Store) -> None:
    page = tree(db)
    events = find(page, ".timeline h3")
    assert [words(event) for event in events] == [
        "Magnitude 6.1 quake hits the coast of Marenga",
        "Marenga trauert um 31 Tote not translated yet",
    ]
    tags = [words(tag) for tag in find(page, ".timeline .at .tag")]
    assert tags == ["first report", "new development"]
    ids = [a.get("href").split("/")[-2] for a in find(page, ".steps a[href]")]
    told = [id for id in ids if id.startswith("quake")]
    assert told == [
        "quakeen00001", "quakept00001", "quakeru00001", "quakefr00001", "quakear00001",
        "quakees00001", "quakede00001",
    ]  # fmt: skip


def test_figures_that_differ_stand_side_by_side_in_the_words_of_their_reports(db: Store) -> None:
    found = sayings(tree(db))
    assert list(found) == ["Magnitude", "Killed", "Missing"]
    killed = found["Killed"]
    amounts = [card.partition(" Nov 16")[0] for card in killed]
    assert amounts == ["at least 12", "at least 15", "12", "at least 19", "19"]
    assert "O sismo matou pelo menos 15 pessoas" in killed[1]
    assert "The quake killed at least 15 people" in killed[1]
    assert "Folha da Serra" in killed[1]
    assert "Nov 16, 2026, 8:00" in killed[1]


def test_what_all_reports_count_alike_and_what_one_alone_counts_is_not_shown(db: Store) -> None:
    found = sayings(tree(db))
    assert "Injured" not in found  # thirty here and there
    assert all("31" not in card for card in found["Killed"])  # of another event


def test_a_copy_says_nothing_and_a_text_that_may_not_be_shown_is_not_quoted(db: Store) -> None:
    page = tree(db)
    assert "The Tide" not in " ".join(sayings(page)["Killed"])
    assert "ne doit pas" not in words(page)
    assert "40" not in " ".join(sayings(page)["Killed"])


def test_quotations_and_numbers_are_written_for_their_readers(db: Store) -> None:
    page = tree(db, f"/ar/story/{quake.STORY}/")
    quotes = find(page, ".sayings q")
    russian = next(q for q in quotes if q.get("lang") == "ru")
    assert russian.get("dir") == "ltr"
    assert "على الأقل" in words(find(page, ".amount")[2])
    assert "6,3" in words(find(tree(db, f"/pt/story/{quake.STORY}/"), ".amount")[1])


def test_copies_stand_under_the_report_that_they_repeat(db: Store) -> None:
    page = tree(db)
    assert "The same text also in: The Tide" in words(find(page, ".copies")[0])


def test_a_source_that_usually_tells_such_stories_and_published_since_is_named(
    db: Store,
) -> None:
    sources.put_source(db, Source("gull", "https://gull.example/feed", "The Gull", "en"))
    quake.put_company(db, "gull", "ledger", "folha2")
    assert not find(tree(db), ".silent")  # it has published nothing since
    quake.put_alone(db, "since0000001", "gull", hours=9)
    (silent,) = find(tree(db), ".silent")
    assert [words(a) for a in find(silent, "a")] == ["The Gull"]


def test_a_source_that_is_paused_or_tells_such_stories_seldom_is_not_called_silent(
    db: Store,
) -> None:
    quake.put_company(db, "harbour", "ledger", "folha2", count=2)
    assert not find(tree(db), ".silent")
    quake.put_company(db, "harbour", "ledger", "folha2", count=3)
    assert find(tree(db), ".silent")
    (harbour,) = [s for s in sources.sources(db) if s.id == "harbour"]
    sources.put_source(db, replace(harbour, is_paused=True))
    assert not find(tree(db), ".silent")


def test_usual_means_half_of_the_stories_that_two_of_these_sources_shared() -> None:
    shared = {
        **{f"s{n}": frozenset({"a", "b", "often"}) for n in range(3)},
        **{f"t{n}": frozenset({"a", "b", "c"}) for n in range(3)},
        **{f"u{n}": frozenset({"seldom", "x", "y"}) for n in range(9)},
    }
    assert count_company(shared, {"a", "b", "c"}) == {"often": 3}


def put_many(db: Store, count: int) -> None:
    groupings = []
    for number in range(count):
        at = quake.START + timedelta(hours=6, minutes=number)
        title = f"Rescuers search the ruined harbour of Marenga on day {number}"
        text = f"The rescuers from town {number} searched the harbour of Marenga again all day."
        report = quake.make_report(f"many{number:08}", "tide", "en", at, title, text)
        articles.put_article(db, report, "1")
        groupings.append(Grouping(report.id, "quake-a", quake.STORY))
    stories.put_links(db, (), groupings, "1", [])


def test_many_reports_of_an_event_fold_after_the_first(db: Store) -> None:
    assert not find(tree(db), ".timeline details")
    put_many(db, 4)
    (rest,) = find(tree(db), ".timeline details")
    assert words(find(rest, "summary")[0]) == "5 more reports"


def test_a_story_of_two_hundred_reports_is_still_a_small_page(db: Store) -> None:
    put_many(db, 200)
    found = answer(db, SETTINGS, PATH)
    assert len(gzip.compress(found.body)) <= 30_000
