"""The articles of one call to the linker, made ready: order, times, vectors, comparisons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.languages import base
from dragoman.link.centres import centre
from dragoman.link.clusters import NEVER
from dragoman.link.features import read_features, shorten_links
from dragoman.link.formats import find_formats, read_head
from dragoman.link.judge import FAR, NEAR, Finding, Reading, compare, prepare
from dragoman.link.model import Model, load_model
from dragoman.link.rarity import Rarity
from dragoman.link.scale import CALM_DAYS, SHIPPED, Scale
from dragoman.link.traits import Traits, read_traits
from dragoman.link.vectors import stack_vectors
from dragoman.types import Judgement, LinkInput, Relation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Scores = NDArray[np.float64]

_COLUMN = -20.0  # a recurring format on two days
_RECURRING_HOURS = 14.0
_DAY_COST = 1.25  # log odds that a day between two reports of one happening costs
_LATE_COST = 2.5  # the same of each day after two: follow-ups can be as like as reports
_UNDATED_COST = 0.25
STORY_DAYS = 21.0  # a story that has been silent for so long is over


class Window:
    """Articles in order of time, then id, with what comparing them needs."""

    def __init__(
        self,
        articles: Iterable[LinkInput],
        undated: Collection[str],
        judgements: Sequence[Judgement],
        rarity: Rarity | None = None,
        model: Model | None = None,
        ahead: Scores | None = None,
        scale: Scale = SHIPPED,
    ) -> None:
        self.scale = scale
        self.articles = sorted(articles, key=lambda article: (article.at, article.id))
        self.rows = {article.id: row for row, article in enumerate(self.articles)}
        self.times = [article.at.timestamp() for article in self.articles]
        self.is_undated = [article.id in undated for article in self.articles]
        self.vectors: Matrix = centre(
            stack_vectors(article.vector for article in self.articles),
            [article.language for article in self.articles],
        )
        self._model = model or load_model()
        self._kept = {
            row: features
            for row, article in enumerate(self.articles)
            if (features := read_features(article))
        }
        self.rarity = rarity or Rarity(map(self._read_traits, range(len(self.articles))))
        self._readings: dict[int, Reading] = {}
        self._findings: dict[tuple[int, int], Finding] = {}
        self._ahead = ahead  # what `score_event` gives, row by row; no number: not known
        self._heads = [
            (_name_outlet(one), self._read_head(row)) for row, one in enumerate(self.articles)
        ]
        self._formats = find_formats(zip(self._heads, self.times, strict=True))
        self._apart = {
            frozenset((j.article, j.other))
            for j in judgements
            if j.relation in (Relation.DIFFERENT, Relation.SAME_STORY) and j.by != "dragoman"
        }

    def _read(self, row: int) -> Reading:
        if row not in self._readings:
            article, kept = self.articles[row], self._kept.get(row)
            self._readings[row] = prepare(
                self._read_traits(row),
                self.rarity,
                self.times[row],
                self._heads[row][0],
                article.url,
                kept.links if kept else shorten_links(article.links),
            )
        return self._readings[row]

    def _read_traits(self, row: int) -> Traits:
        return self._kept[row].traits if row in self._kept else read_traits(self.articles[row])

    def _read_head(self, row: int) -> str:
        if row in self._kept:
            return self._kept[row].head
        return read_head(self.articles[row].title, base(self.articles[row].language))

    def shingles(self) -> dict[str, bytes]:
        """Give the shingles that were kept of articles, by id."""
        return {self.articles[row].id: kept.shingles for row, kept in self._kept.items()}

    def find(self, one: int, other: int, cosine: float | None = None) -> Finding:
        """Compare two articles; each pair is compared once."""
        pair = (one, other) if one < other else (other, one)
        found = self._findings.get(pair)
        if found is None:
            if cosine is None:
                cosine = self._measure(one, other)
            readings = self._read(pair[0]), self._read(pair[1])
            found = compare(*readings, cosine, self._model)
            self._findings[pair] = found
        return found

    def _measure(self, one: int, other: int) -> float:
        return float(self.vectors[one] @ self.vectors[other])

    def hours(self, one: int, other: int) -> float | None:
        """Give the hours between two articles; None where a date is unknown."""
        if self.is_undated[one] or self.is_undated[other]:
            return None
        return abs(self.times[one] - self.times[other]) / 3600.0

    def is_column(self, one: int, other: int, found: Finding | None = None) -> bool:
        """Whether two articles are one recurring format on two days."""
        if (found or self.find(one, other)).is_recurring:
            return True
        head = self._heads[one]
        is_one = head == self._heads[other] and head in self._formats
        return is_one and self.is_next_day(one, other)

    def is_next_day(self, one: int, other: int) -> bool:
        """Whether one outlet printed two articles on two days: it follows up its own."""
        apart = abs(self.times[one] - self.times[other])
        is_one = self._heads[one][0] == self._heads[other][0] != ""
        return is_one and apart >= _RECURRING_HOURS * 3600

    def score_story(self, one: int, other: int) -> float:
        """Give the log odds that two articles belong to one story: time plays no part."""
        cosine = self._measure(one, other)
        if cosine < NEAR or self.is_apart(one, other):
            return FAR
        found = self.find(one, other, cosine)
        return FAR if self.is_column(one, other, found) else found.story

    def score_event(self, one: int, other: int) -> float:
        """Give the log odds that two articles report one happening."""
        if self.is_apart(one, other):
            return NEVER
        if self._ahead is not None:
            score: float = self._ahead.item(one, other)
            if score == score:
                return score
        cosine = self._measure(one, other)
        if cosine < NEAR:
            return FAR
        found = self.find(one, other, cosine)
        if self.is_column(one, other, found):
            return _COLUMN
        return self.scale.weigh(found.event, found.story, cost_of_gap(self.hours(one, other)))

    def is_apart(self, one: int, other: int) -> bool:
        """Whether a person has said that two articles are not one event."""
        if not self._apart:
            return False
        return frozenset((self.articles[one].id, self.articles[other].id)) in self._apart


def _name_outlet(article: LinkInput) -> str:
    return article.source or urlsplit(article.url).hostname or ""


def cost_of_gap(hours: float | None) -> float:
    """Give the log odds that the time between two reports costs."""
    if hours is None:
        return _UNDATED_COST
    days = hours / 24
    return _DAY_COST * min(days, CALM_DAYS) + _LATE_COST * max(0.0, days - CALM_DAYS)
