"""The gate between translation and publication: check a segment, judge an article."""

from dragoman.translate.gate.judge import check_segment, judge_article, worst

__all__ = ["check_segment", "judge_article", "worst"]
