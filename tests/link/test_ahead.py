"""Scores that were made ahead, by several, change nothing."""

from __future__ import annotations

from dragoman.link import count_stream, group_articles, join_scores, link_stories, score_ahead
from dragoman.types import LinkInput


def test_scores_made_ahead_change_no_judgement(reports: tuple[LinkInput, ...]) -> None:
    known, new = reports[:3], reports[3:]
    before = link_stories(known, (), ())
    events = {one.article: one.event for one in group_articles(known, before)}
    rarity, counts = count_stream(b"", reports)
    shares = [(0, 3), (1, 3), (2, 3)]
    scored = [(one, score_ahead(reports, events, {"quake-jp"}, counts, one)) for one in shares]
    alone = link_stories(new, known, before, undated={"quake-jp"}, events=events, rarity=rarity)
    for some in (scored, scored[1:], []):  # a share may be lost
        ahead = join_scores(some, len(reports))
        helped = link_stories(
            new, known, before, undated={"quake-jp"}, events=events, rarity=rarity, ahead=ahead
        )
        assert helped == alone
    assert alone
