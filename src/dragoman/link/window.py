"""The articles of one call to the linker, made ready: order, times, vectors, comparisons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.link.judge import FAR, NEAR, Finding, Rarity, Reading, compare, prepare
from dragoman.link.traits import read_traits
from dragoman.link.vectors import stack_vectors
from dragoman.types import Judgement, LinkInput, Relation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_NEVER = -20.0  # a veto: no number of friends outweighs it
_CALM_DAYS = 2.0  # reports of one happening come within about two days
_CALM_COST = 0.25  # log odds a day within them
_LATE_COST = 2.5  # log odds a day after them
EVENT_DAYS = 4.0  # after that a report is a follow-up
_UNDATED_COST = 0.8  # an unknown date costs about what a gap of two days and a quarter costs


class Window:
    """Articles in order of time, then id, with what comparing them needs."""

    def __init__(
        self,
        articles: Iterable[LinkInput],
        undated: Collection[str],
        judgements: Sequence[Judgement],
    ) -> None:
        self.articles = sorted(articles, key=lambda article: (article.at, article.id))
        self.rows = {article.id: row for row, article in enumerate(self.articles)}
        self.times = [article.at.timestamp() for article in self.articles]
        self.is_undated = [article.id in undated for article in self.articles]
        self.vectors: Matrix = stack_vectors(article.vector for article in self.articles)
        self._traits = [read_traits(article) for article in self.articles]
        self.rarity = Rarity(self._traits)
        self._readings: dict[int, Reading] = {}
        self._findings: dict[tuple[int, int], Finding] = {}
        self._apart = {
            frozenset((j.article, j.other))
            for j in judgements
            if j.relation in (Relation.DIFFERENT, Relation.SAME_STORY) and j.by != "dragoman"
        }

    def _read(self, row: int) -> Reading:
        if row not in self._readings:
            article = self.articles[row]
            source = article.source or (urlsplit(article.url).hostname or "")
            self._readings[row] = prepare(self._traits[row], self.rarity, self.times[row], source)
        return self._readings[row]

    def find(self, one: int, other: int) -> Finding:
        """Compare two articles; each pair is compared once."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._findings:
            cosine = float(self.vectors[pair[0]] @ self.vectors[pair[1]])
            readings = self._read(pair[0]), self._read(pair[1])
            self._findings[pair] = compare(*readings, cosine, self.rarity)
        return self._findings[pair]

    def hours(self, one: int, other: int) -> float | None:
        """Give the hours between two articles; None where a date is unknown."""
        if self.is_undated[one] or self.is_undated[other]:
            return None
        return abs(self.times[one] - self.times[other]) / 3600.0

    def score_story(self, one: int, other: int) -> float:
        """Give the log odds that two articles belong to one story: time plays no part."""
        if float(self.vectors[one] @ self.vectors[other]) < NEAR:
            return FAR
        finding = self.find(one, other)
        return FAR if finding.is_recurring or self.are_apart(one, other) else finding.score

    def score_event(self, one: int, other: int) -> float:
        """Give the log odds that two articles report one happening."""
        if self.are_apart(one, other):
            return _NEVER
        hours = self.hours(one, other)
        if hours is not None and hours >= EVENT_DAYS * 24:
            return 2 * FAR
        if float(self.vectors[one] @ self.vectors[other]) < NEAR:
            return FAR
        finding = self.find(one, other)
        if finding.is_recurring:
            return _NEVER
        return finding.score - cost_of_gap(hours)

    def are_apart(self, one: int, other: int) -> bool:
        """Whether a person has said that two articles are not one event."""
        if not self._apart:
            return False
        return frozenset((self.articles[one].id, self.articles[other].id)) in self._apart


def cost_of_gap(hours: float | None) -> float:
    """Give the log odds that the time between two reports costs."""
    if hours is None:
        return _UNDATED_COST
    days = hours / 24
    return _CALM_COST * min(days, _CALM_DAYS) + _LATE_COST * max(0.0, days - _CALM_DAYS)
