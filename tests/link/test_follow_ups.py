"""What comes a day later is another event of the same story, however like the first it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dragoman.link import Scale, group_articles, link_stories
from dragoman.link.clusters import FORCED, Group, cluster
from dragoman.types import LinkInput
from tests.link.conftest import MakeArticle

FERRY = (
    ("sinks-id", "id", "2033-07-01T04:00", "Feri tenggelam di Selat Makassar, 60 penumpang hilang",
     "Sebuah feri yang membawa 140 orang tenggelam di Selat Makassar pada Jumat dini hari. "
     "Sebanyak 60 penumpang masih hilang, kata badan SAR Basarnas. Kapal KM Tirta Wulan "
     "berangkat dari Parepare."),
    ("sinks-en", "en", "2033-07-01T06:00", "Sixty missing after ferry sinks off Sulawesi",
     "A ferry carrying 140 people sank in the Makassar Strait off Indonesia early on Friday and "
     "60 passengers were missing, the search agency Basarnas said. The Tirta Wulan had left "
     "Parepare."),
    ("sinks-zh", "zh", "2033-07-01T08:00", "印尼望加锡海峡渡轮沉没 60人失踪",
     "一艘载有140人的渡轮周五凌晨在印度尼西亚望加锡海峡沉没，60名乘客失踪。印尼搜救局说，"
     "“蒂尔塔·武兰”号从帕雷帕雷出发。"),
    ("captain-en", "en", "2033-07-02T10:00", "Captain of sunken Indonesian ferry arrested",
     "Police in Parepare arrested the captain of the Tirta Wulan on Saturday, a day after the "
     "ferry sank with 140 people on board. He is accused of sailing without clearance. Divers "
     "recovered 22 bodies."),
    ("captain-nl", "nl", "2033-07-02T13:00", "Kapitein van gezonken Indonesische veerboot opgepakt",
     "De politie in Parepare heeft zaterdag de kapitein van de Tirta Wulan aangehouden, een dag "
     "na het zinken van de veerboot met 140 mensen aan boord. Hij zou zonder toestemming zijn "
     "uitgevaren. Duikers borgen 22 lichamen."),
)  # fmt: skip
TALKS = (
    ("accord-en", "en", "2033-04-04T11:00", "Lindqvist and Okonjo sign fishing accord in Bergen",
     "Swedish Foreign Minister Elsa Lindqvist and her Nigerian counterpart Bayo Okonjo signed a "
     "fishing accord in Bergen on Monday that opens Nigerian waters to Nordic trawlers for five "
     "years."),
    ("accord-fr", "fr", "2033-04-04T12:00", "La Suède et le Nigeria signent un accord de pêche",
     "La ministre suédoise des Affaires étrangères Elsa Lindqvist et son homologue nigérian Bayo "
     "Okonjo ont signé lundi à Bergen un accord de pêche qui ouvre pour cinq ans les eaux "
     "nigérianes aux chalutiers nordiques."),
    ("visa-en", "en", "2033-04-04T15:00", "Sweden and Nigeria quarrel over visas for students",
     "Swedish Foreign Minister Elsa Lindqvist on Monday rejected a complaint by her Nigerian "
     "counterpart Bayo Okonjo that Swedish consulates had refused visas to 400 Nigerian students "
     "without giving reasons."),
    ("visa-de", "de", "2033-04-04T16:00", "Streit um Studentenvisa zwischen Schweden und Nigeria",
     "Schwedens Außenministerin Elsa Lindqvist hat am Montag die Beschwerde ihres nigerianischen "
     "Kollegen Bayo Okonjo zurückgewiesen, schwedische Konsulate hätten 400 Studenten ohne "
     "Begründung Visa verweigert."),
)  # fmt: skip


def _events(articles: list[LinkInput], scale: Scale) -> set[frozenset[str]]:
    groups = group_articles(articles, link_stories(articles, (), (), scale=scale))
    return {frozenset(g.article for g in groups if g.event == one.event) for one in groups}


@pytest.mark.parametrize("given", [FERRY, TALKS])
def test_two_happenings_of_one_story_are_two_events(
    make_article: MakeArticle, given: tuple[tuple[str, str, str, str, str], ...]
) -> None:
    articles = [make_article(*one) for one in given]
    kinds = {one.id.partition("-")[0] for one in articles}
    expected = {frozenset(a.id for a in articles if a.id.startswith(kind)) for kind in kinds}
    assert _events(articles, Scale()) == expected
    groups = group_articles(articles, link_stories(articles, (), ()))
    assert len({one.story for one in groups}) == 1


def test_who_calls_weeks_one_event_may_say_so(make_article: MakeArticle) -> None:
    articles = [make_article(*one) for one in FERRY]
    assert len(_events(articles, Scale(days=60.0))) == 1


def test_a_higher_threshold_joins_less(make_article: MakeArticle) -> None:
    articles = [make_article(*one) for one in FERRY]
    assert len(_events(articles, Scale(least=6.0))) == len(articles)


def _cluster(scores: list[list[float]], hours: list[float]) -> list[list[int]]:
    parts = [Group([n], 1, math.nan, (h * 3600, h * 3600)) for n, h in enumerate(hours)]
    table = np.array(scores)
    np.fill_diagonal(table, -np.inf)
    return cluster(table, parts, Scale())


def test_two_groups_that_hold_together_are_not_joined_by_what_little_they_share() -> None:
    scores = [[0, 5, 1, 1], [5, 0, 1, 1], [1, 1, 0, 5], [1, 1, 5, 0]]
    assert _cluster([[float(s) for s in row] for row in scores], [0, 1, 2, 3]) == [[0, 1], [2, 3]]
    loose = [[0, 2, 1, 1], [2, 0, 1, 1], [1, 1, 0, 2], [1, 1, 2, 0]]
    assert _cluster([[float(s) for s in row] for row in loose], [0, 1, 2, 3]) == [[0, 1, 2, 3]]


def test_a_single_report_far_from_an_event_joins_it_on_the_same_day_alone() -> None:
    scores = [[0.0, 5.0, 1.0], [5.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    assert _cluster(scores, [0, 1, 5]) == [[0, 1, 2]]
    assert _cluster(scores, [0, 1, 25]) == [[0, 1], [2]]


def test_a_copy_joins_its_original_whatever_else_is_said() -> None:
    scores = [[0.0, 5.0, FORCED], [5.0, 0.0, -2.0], [FORCED, -2.0, 0.0]]
    assert _cluster(scores, [0, 1, 40]) == [[0, 2, 1]]


def test_an_outlet_that_repeats_its_background_the_next_day_prints_no_copy(
    make_article: MakeArticle,
) -> None:
    head = "Follow the latest updates from the trial of former minister Hugo Ferrand in Lyon, "
    said = "where he is giving evidence on the bridge contracts on Monday. He told the judges that "
    heard = "where the banker Odile Vasseur spoke on Tuesday of cash in suitcases. Two drivers of "
    monday = make_article(
        "a", "en", "2033-05-02T08:00", "Ferrand trial live: minister speaks",
        head + said + "he had signed nothing and had never met the builder.", "daily",
    )  # fmt: skip
    tuesday = make_article(
        "b", "en", "2033-05-03T08:00", "Ferrand trial live: cash in suitcases",
        head + heard + "hers are to be heard before the court adjourns.", "daily",
    )  # fmt: skip
    assert not any(j.relation.value == "copy" for j in link_stories([monday, tuesday], (), ()))
