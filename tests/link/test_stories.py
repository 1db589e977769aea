from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dragoman.link import group_articles, link_stories
from dragoman.types import Grouping, Judgement, LinkInput, Relation

MakeArticle = Callable[..., LinkInput]


def link(articles: Sequence[LinkInput]) -> dict[str, Grouping]:
    judgements = link_stories(articles, (), ())
    return {g.article: g for g in group_articles(articles, judgements)}


def test_reports_of_one_event_meet_across_languages_and_scripts(
    reports: tuple[LinkInput, ...],
) -> None:
    groups = link(reports)
    assert {groups[i].event for i in ("ferry-en", "ferry-pt", "ferry-ar")} == {"ferry-en"}
    assert groups["quake-pe-fr"].event == "quake-pe"
    assert groups["vote-de"].story == "vote-de"


def test_a_follow_up_is_another_event_of_the_same_story(reports: tuple[LinkInput, ...]) -> None:
    groups = link(reports)
    assert groups["probe-en"].event == "probe-en"
    assert groups["probe-en"].story == groups["ferry-en"].story == "ferry-en"


def test_the_same_ministers_in_another_matter_are_no_part_of_the_story(
    make_article: MakeArticle,
) -> None:
    talks = make_article(
        "talks",
        "en",
        "2031-06-02T09:00",
        "Norway and Chile agree to open talks on fishing rights",
        "Norway and Chile will open talks on fishing rights in January, Foreign Minister Ingvild "
        "Torsrud said on Monday. Her Chilean colleague Rodrigo Almarza called the offer serious. "
        "The talks on fishing rights had been put off twice.",
    )
    later = make_article(
        "later",
        "en",
        "2031-06-06T09:00",
        "Norway and Chile name negotiators for fishing talks",
        "Norway and Chile named their negotiators for the January talks on fishing rights on "
        "Friday. Foreign Minister Ingvild Torsrud said that the talks on fishing rights would "
        "take place in Valparaiso. Rodrigo Almarza will lead the Chilean side.",
    )
    museum = make_article(
        "museum", "en", "2031-06-12T09:00", "Torsrud opens an exhibition of old maps in Oslo",
        "Foreign Minister Ingvild Torsrud opened an exhibition of old sea maps in Oslo on "
        "Thursday. Visitors can see drawings of whales and ships until spring. Norway bought "
        "the collection from a private owner.",
    )  # fmt: skip
    groups = link([talks, later, museum])
    assert [groups[i].event for i in ("talks", "later", "museum")] == ["talks", "later", "museum"]
    assert [groups[i].story for i in ("talks", "later", "museum")] == ["talks", "talks", "museum"]


def test_earthquakes_in_two_countries_are_two_stories(reports: tuple[LinkInput, ...]) -> None:
    groups = link(reports)
    assert groups["quake-jp"].event != groups["quake-pe"].event
    assert groups["quake-jp"].story != groups["quake-pe"].story


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_input_does_not_matter(reports: tuple[LinkInput, ...], seed: int) -> None:
    shuffled = list(reports)
    random.Random(seed).shuffle(shuffled)
    assert link(shuffled) == link(reports)
    assert set(link_stories(shuffled, (), ())) == set(link_stories(reports, (), ()))


def test_reports_that_come_one_by_one_end_as_those_that_come_together(
    reports: tuple[LinkInput, ...],
) -> None:
    known: list[LinkInput] = []
    judgements: list[Judgement] = []
    for article in reports:
        judgements += link_stories([article], known, judgements)
        known.append(article)
    together = link(reports)
    assert {g.article: g for g in group_articles(known, judgements)} == together


def test_every_judgement_is_explained_in_words(reports: tuple[LinkInput, ...]) -> None:
    judgements = link_stories(reports, (), ())
    assert all(j.reasons and 0.0 <= j.score <= 1.0 for j in judgements)
    across = next(j for j in judgements if j.article == "ferry-pt")
    assert any("Portugal" in reason for reason in across.reasons)
    assert any("212" in reason for reason in across.reasons)
    assert any("Quillan" in reason for reason in across.reasons)
    assert "2 hours apart" in across.reasons


def test_a_printed_wire_report_is_a_copy_of_the_first(
    reports: tuple[LinkInput, ...], make_article: MakeArticle
) -> None:
    wire = reports[0]
    reprint = make_article(
        "reprint", "en", "2031-03-03T20:00", "Rescue at sea", wire.text + " More follows later."
    )
    groups = link([reprint, *reports])
    assert groups["reprint"].copy_of == "ferry-en"
    assert groups["reprint"].event == "ferry-en"
    assert groups["ferry-en"].copy_of == ""


def test_a_daily_weather_column_does_not_swallow_itself(make_article: MakeArticle) -> None:
    days = ("Monday 3 March", "Tuesday 4 March", "Wednesday 5 March")
    columns = [
        make_article(
            f"weather-{number}", "en", f"2031-03-0{number + 3}T06:00",
            f"Weather forecast for {day}",
            f"Clouds will give way to sunshine in the north by noon, with highs of {14 + number} "
            "degrees on the coast. Winds from the west will be light to moderate. The outlook "
            "for the coming days remains changeable with a chance of showers.",
            "tide",
        )
        for number, day in enumerate(days)
    ]  # fmt: skip
    groups = link(columns)
    assert len({g.event for g in groups.values()}) == 3
    assert len({g.story for g in groups.values()}) == 3
    assert all(not g.copy_of for g in groups.values())


def test_one_headline_in_two_outlets_is_no_column(reports: tuple[LinkInput, ...]) -> None:
    morning = replace(reports[0], source="tide")
    evening = replace(reports[0], id="evening", source="wave", at=morning.at + timedelta(hours=20))
    groups = link([morning, evening])
    assert groups["evening"].event == groups["evening"].copy_of == "ferry-en"


def test_a_live_page_of_another_day_is_another_event(make_article: MakeArticle) -> None:
    pages = [
        make_article(
            f"live-{day}", "en", f"2031-03-{day}T18:00", "Summit in Brenholm live",
            f"{lead} Follow the latest from the summit in Brenholm with our reporters.", "tide",
        )
        for day, lead in (
            ("10", "Leaders arrive in Brenholm and dine at the palace."),
            ("11", "Leaders in Brenholm argue all day about fishing quotas."),
        )
    ]  # fmt: skip
    groups = link(pages)
    assert groups["live-10"].event != groups["live-11"].event


def test_the_same_words_long_after_are_no_report_of_the_same_event(
    reports: tuple[LinkInput, ...],
) -> None:
    later = replace(reports[1], id="later", at=reports[1].at + timedelta(days=9))
    groups = link([reports[0], later])
    assert groups["later"].event == "later"


def test_a_persons_verdict_stands(reports: tuple[LinkInput, ...]) -> None:
    english, portuguese = reports[0], reports[1]
    apart = Judgement(portuguese.id, english.id, Relation.DIFFERENT, 1.0, by="ana")
    judgements = link_stories([portuguese], [english], [apart])
    groups = group_articles([english, portuguese], [apart, *judgements])
    assert groups[0].event != groups[1].event
    assert groups[0].story != groups[1].story


def test_a_late_report_that_came_first_founds_the_event(reports: tuple[LinkInput, ...]) -> None:
    english, portuguese, arabic = reports[:3]
    first = link_stories([portuguese, arabic], (), ())
    late = link_stories([english], [portuguese, arabic], first)
    groups = group_articles(reports[:3], [*first, *late])
    assert {g.event for g in groups} == {"ferry-en"}


def test_an_early_split_is_repaired_when_a_report_between_comes(
    reports: tuple[LinkInput, ...],
) -> None:
    english, portuguese, arabic = reports[:3]
    late = link_stories([portuguese], [english, arabic], ())  # nobody had joined these two
    groups = group_articles(reports[:3], late)
    assert {g.event for g in groups} == {"ferry-en"}


def test_without_articles_there_is_nothing_to_judge(reports: tuple[LinkInput, ...]) -> None:
    assert link_stories((), (), ()) == ()
    assert link_stories((), reports, ()) == ()
    assert link_stories(reports[:1], (), ()) == ()


def test_an_article_without_a_usable_vector_stays_alone(reports: tuple[LinkInput, ...]) -> None:
    broken = replace(reports[5], vector=b"xy")
    groups = link([reports[0], broken])
    assert groups[broken.id].event == broken.id


def test_a_report_that_links_to_another_continues_its_story(make_article: MakeArticle) -> None:
    strike = make_article(
        "strike", "en", "2031-05-05T09:00", "Dockers in Marstal walk out over night shifts",
        "Dockers in the port of Marstal walked out on Monday in a quarrel over night shifts. "
        "Ships were sent on to Brenholm, and the union called for talks.",
    )  # fmt: skip
    ferry = make_article(
        "ferry", "en", "2031-05-08T09:00", "Island shops run out of milk as ships stay away",
        "Shops on the island of Aro ran out of milk and bread on Thursday since no ship has come "
        "for three days. The mayor asked the navy for help.",
    )  # fmt: skip
    strike = replace(strike, url="https://tide.example/marstal/strike/")
    assert link([strike, ferry])["ferry"].story == "ferry"
    there = "http://www.tide.example/marstal/strike?utm_source=feed"
    linked = replace(ferry, links=("https://tide.example/", there))
    (judged,) = link_stories([strike, linked], (), ())
    assert judged.relation is Relation.SAME_STORY
    assert "one links to the other" in judged.reasons


def test_a_link_to_a_front_page_says_nothing(reports: tuple[LinkInput, ...]) -> None:
    home = replace(reports[0], url="https://tide.example/")
    other = replace(reports[-1], links=("https://tide.example",))
    assert link([home, other])["vote-de"].story == "vote-de"
