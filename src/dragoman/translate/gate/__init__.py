"""The gate between translation and publication: check a segment, judge an article."""

from dragoman.translate.gate.judge import check_segment, conclude, judge_article, worst
from dragoman.translate.gate.lengths import Lengths, learn_lengths

__all__ = ["Lengths", "check_segment", "conclude", "judge_article", "learn_lengths", "worst"]
