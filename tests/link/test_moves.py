"""Early splits, late reports and what a story of talks asks for, in four languages."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations

import pytest

from dragoman.link import group_articles, link_stories
from dragoman.types import Grouping, Judgement, LinkInput, Relation

MakeArticle = Callable[..., LinkInput]


def _link_each(articles: Sequence[LinkInput]) -> tuple[dict[str, Grouping], list[Judgement]]:
    """Link articles one by one, as they come."""
    known: list[LinkInput] = []
    judgements: list[Judgement] = []
    for article in articles:
        judgements += link_stories([article], known, judgements)
        known.append(article)
    return {g.article: g for g in group_articles(known, judgements)}, judgements


TALKS = {
    "en": (
        ("Vasko says that talks with Ardania are near",
         "Defence Minister Pavel Vasko said on Wednesday that talks with Ardania on missiles are "
         "near and that Moravia wants written guarantees. Foreign Minister Irena Dolan said that a "
         "date would be set in January."),
        ("Dolan: Moravia will not wait forever for Ardania",
         "Foreign Minister Irena Dolan said in an interview shown on Sunday that Moravia will not "
         "let the talks with Ardania be drawn out. The talks on missiles and guarantees begin on "
         "12 January, she said; the alliance meets a day later."),
        ("Vasko and Dolan honour rescue crews after flood",
         "Defence Minister Pavel Vasko and Foreign Minister Irena Dolan handed medals to 40 "
         "rescuers who carried people from roofs during the flood in the Lesna valley. Singers "
         "of the village school performed."),
    ),
    "fr": (
        ("Vasko annonce des pourparlers prochains avec l'Ardanie",
         "Le ministre de la Défense Pavel Vasko a déclaré mercredi que des pourparlers avec "
         "l'Ardanie sur les missiles étaient proches et que la Moravie voulait des garanties "
         "écrites. La ministre des Affaires étrangères Irena Dolan fixera une date en janvier."),
        ("Dolan : la Moravie n'attendra pas éternellement l'Ardanie",
         "La ministre des Affaires étrangères Irena Dolan a dit dans un entretien diffusé dimanche "
         "que la Moravie ne laisserait pas traîner les pourparlers avec l'Ardanie. Ils commencent "
         "le 12 janvier ; l'alliance se réunit le lendemain."),
        ("Vasko et Dolan décorent les sauveteurs après la crue",
         "Le ministre de la Défense Pavel Vasko et la ministre Irena Dolan ont remis des médailles "
         "à 40 sauveteurs qui ont porté des habitants depuis les toits pendant la crue de la "
         "Lesna. La chorale de l'école a chanté."),
    ),
    "ru": (
        ("Васько: переговоры с Арданией близки",
         "Министр обороны Павел Васько заявил в среду, что переговоры с Арданией по ракетам "
         "близки и что Моравия хочет письменных гарантий. Министр иностранных дел Ирена Долан "
         "сообщила, что дата будет назначена в январе."),
        ("Долан: Моравия не будет вечно ждать Арданию",
         "Министр иностранных дел Ирена Долан сказала в интервью, показанном в воскресенье, что "
         "Моравия не даст затянуть переговоры с Арданией о ракетах и гарантиях. Они начнутся 12 "
         "января, а днём позже соберётся альянс."),
        ("Васько и Долан наградили спасателей после паводка",
         "Павел Васько и Ирена Долан вручили медали 40 спасателям, которые снимали людей с крыш "
         "во время паводка в долине Лесны. Выступил хор сельской школы."),
    ),
    "ar": (
        ("فاسكو: المحادثات مع أردانيا باتت قريبة",
         "قال وزير الدفاع بافل فاسكو الأربعاء إن المحادثات مع أردانيا بشأن الصواريخ باتت قريبة وإن "
         "مورافيا تريد ضمانات مكتوبة. وقالت وزيرة الخارجية إيرينا دولان إن موعدا سيحدد في يناير."),
        ("دولان: مورافيا لن تنتظر أردانيا إلى الأبد",
         "قالت وزيرة الخارجية إيرينا دولان في مقابلة بثت الأحد إن مورافيا لن تسمح بإطالة المحادثات "
         "مع أردانيا بشأن الصواريخ والضمانات. وتبدأ المحادثات في 12 يناير ويجتمع الحلف بعد ذلك "
         "بيوم."),
        ("فاسكو ودولان يكرمان المنقذين بعد الفيضان",
         "سلم بافل فاسكو وإيرينا دولان ميداليات إلى 40 منقذا حملوا السكان من فوق الأسطح خلال فيضان "
         "وادي ليسنا. وغنت جوقة مدرسة القرية."),
    ),
}  # fmt: skip
PAIRS = [("en", "en"), ("fr", "fr"), ("ru", "ru"), ("en", "fr"), ("ru", "fr"), ("ar", "en")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_five_days_later_is_another_event_of_one_story_and_no_copy(
    make_article: MakeArticle, first: str, second: str
) -> None:
    announced = make_article("first", first, "2031-12-22T12:00", *TALKS[first][0])
    renewed = make_article("second", second, "2031-12-27T12:00", *TALKS[second][1])
    medals = make_article("third", second, "2032-01-03T12:00", *TALKS[second][2])
    found, _ = _link_each([announced, renewed, medals])
    assert found["second"] == Grouping("second", "second", "first")
    assert found["first"] == Grouping("first", "first", "first")
    assert found["third"].event == "third"


def test_a_person_who_joined_two_reports_is_not_overruled_later(
    reports: tuple[LinkInput, ...], make_article: MakeArticle
) -> None:
    quake = make_article("odd", "en", "2031-03-03T09:00", "Museum of Hanemori shows old kites",
                         "The museum shows 80 kites of paper and bamboo.")  # fmt: skip
    verdict = Judgement("odd", "ferry-en", Relation.SAME_EVENT, 1.0, by="ana")
    judgements = [verdict, *link_stories([quake], [reports[0]], [verdict])]
    judgements += link_stories([reports[1]], [reports[0], quake], judgements)
    groups = group_articles([reports[0], reports[1], quake], judgements)
    assert {group.event for group in groups} == {"ferry-en"}


def test_the_machines_last_word_on_a_pair_counts(reports: tuple[LinkInput, ...]) -> None:
    one, other = reports[0], reports[1]
    joined = Judgement(other.id, one.id, Relation.SAME_EVENT, 0.7)
    parted = Judgement(other.id, one.id, Relation.DIFFERENT, 0.6)
    assert len({g.event for g in group_articles([one, other], [joined, parted])}) == 2
    assert len({g.event for g in group_articles([one, other], [parted, joined])}) == 1


def test_what_was_joined_too_early_is_parted_when_nearer_reports_come(
    reports: tuple[LinkInput, ...],
) -> None:
    peru, french, japan = (
        next(r for r in reports if r.id == i) for i in ("quake-pe", "quake-pe-fr", "quake-jp")
    )
    early = Judgement("quake-jp", "quake-pe", Relation.SAME_EVENT, 0.6)
    made = link_stories([french], [peru, japan], [early])
    parted = [j for j in made if j.relation is Relation.DIFFERENT]
    assert [(j.article, j.other) for j in parted] == [("quake-jp", "quake-pe")]
    assert parted[0].reasons[0] == "reports that came since are nearer"
    events = {g.article: g.event for g in group_articles([peru, french, japan], [early, *made])}
    assert events == {"quake-pe": "quake-pe", "quake-pe-fr": "quake-pe", "quake-jp": "quake-jp"}


def test_reports_shuffled_within_an_hour_end_alike(reports: tuple[LinkInput, ...]) -> None:
    straight, _ = _link_each(sorted(reports, key=lambda one: one.at))
    pairs = list(combinations(sorted(straight), 2))
    for seed in range(3):
        chance = random.Random(seed)
        hour = {one.id: one.at.timestamp() + chance.uniform(-3600, 3600) for one in reports}
        shuffled, _ = _link_each(sorted(reports, key=lambda one, hour=hour: hour[one.id]))  # type: ignore[misc]
        same = sum(
            (straight[a].event == straight[b].event) == (shuffled[a].event == shuffled[b].event)
            for a, b in pairs
        )
        assert same / len(pairs) >= 0.97
