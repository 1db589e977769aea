from __future__ import annotations

import random
from datetime import UTC, datetime

from dragoman.link import group_articles
from dragoman.types import Grouping, Judgement, LinkInput, Relation

COPY, EVENT = Relation.COPY, Relation.SAME_EVENT
STORY, DIFFERENT = Relation.SAME_STORY, Relation.DIFFERENT


def _articles(ids: str) -> list[LinkInput]:
    return [
        LinkInput(i, "", "en", i, "", datetime(2031, 3, 1 + n, tzinfo=UTC))
        for n, i in enumerate(ids)
    ]


def _judge(pair: str, relation: Relation, by: str = "dragoman") -> Judgement:
    return Judgement(pair[0], pair[1], relation, 0.8, by=by)


def test_events_are_joined_by_same_events_and_stories_by_events() -> None:
    judgements = [_judge("ba", COPY), _judge("cb", EVENT), _judge("dc", STORY)]
    assert group_articles(_articles("abcde"), judgements) == (
        Grouping("a", "a", "a"),
        Grouping("b", "a", "a", "a"),
        Grouping("c", "a", "a"),
        Grouping("d", "d", "a"),
        Grouping("e", "e", "e"),
    )


def test_the_order_of_judgements_does_not_matter() -> None:
    judgements = [_judge(pair, EVENT) for pair in ("ba", "cb", "ed", "fe")]
    judgements += [_judge("dc", STORY), _judge("da", DIFFERENT, "ana")]
    expected = group_articles(_articles("abcdef"), judgements)
    for seed in range(5):
        random.Random(seed).shuffle(judgements)
        assert group_articles(_articles("abcdef"), judgements) == expected


def test_a_person_parts_what_the_machine_has_joined_by_any_way_around() -> None:
    judgements = [_judge("ba", EVENT), _judge("cb", EVENT), _judge("ca", DIFFERENT, "ana")]
    groups = {g.article: g.story for g in group_articles(_articles("abc"), judgements)}
    assert groups["c"] != groups["a"]


def test_a_person_joins_what_the_machine_has_parted() -> None:
    judgements = [_judge("ba", DIFFERENT), _judge("ba", EVENT, "ana")]
    assert {g.event for g in group_articles(_articles("ab"), judgements)} == {"a"}


def test_a_persons_same_story_means_another_event() -> None:
    judgements = [_judge("ba", EVENT), _judge("ba", STORY, "ana")]
    first, second = group_articles(_articles("ab"), judgements)
    assert (first.event, second.event, second.story) == ("a", "b", "a")


def test_a_link_through_an_article_that_is_gone_still_holds() -> None:
    judgements = [_judge("ba", EVENT), _judge("cb", EVENT)]
    articles = [article for article in _articles("abc") if article.id != "b"]
    assert {g.event for g in group_articles(articles, judgements)} == {"a"}
