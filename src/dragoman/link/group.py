"""Events and stories from judgements: computed each time, never stored as the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.types import Grouping, Judgement, LinkInput, Relation

MACHINE = "dragoman"
_EVENT = frozenset({Relation.COPY, Relation.SAME_EVENT})


class _Components:
    """Joined sets of ids, some of which may never be joined."""

    def __init__(self, apart: Iterable[tuple[str, str]]) -> None:
        self._parents: dict[str, str] = {}
        self._apart: dict[str, set[str]] = {}  # root to the ids that it may not meet
        for one, other in apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def find(self, item: str) -> str:
        """Give the representative of an id's set."""
        root = item
        while (parent := self._parents.get(root, root)) != root:
            root = parent
        while (parent := self._parents.get(item, item)) != root:
            self._parents[item] = root
            item = parent
        return root

    def join(self, one: str, other: str) -> None:
        """Join two sets, unless a person has said that members of them are apart."""
        first, second = sorted((self.find(one), self.find(other)))
        if first == second:
            return
        barred = self._apart.get(first, set())
        if any(self.find(item) == second for item in barred):
            return
        self._parents[second] = first
        if second in self._apart:
            self._apart.setdefault(first, set()).update(self._apart[second])


def _order(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Put a person's word first, then the surest; drop what a person has overruled."""
    decided = {frozenset((j.article, j.other)) for j in judgements if j.by != MACHINE}
    # The machine's last word on a pair counts: it may have taken back an earlier one.
    ours = {frozenset((j.article, j.other)): j for j in judgements if j.by == MACHINE}
    kept = [j for j in judgements if j.by != MACHINE]
    kept += [j for pair, j in ours.items() if pair not in decided]
    return sorted(kept, key=lambda j: (j.by == MACHINE, -j.score, j.article, j.other, j.relation))


def _name_groups(articles: Sequence[LinkInput], components: _Components) -> dict[str, str]:
    """Give each article its group's name: the id of the first article by time, then id."""
    names: dict[str, str] = {}
    for article in sorted(articles, key=lambda article: (article.at, article.id)):
        names.setdefault(components.find(article.id), article.id)
    return {article.id: names[components.find(article.id)] for article in articles}


def group_articles(
    articles: Sequence[LinkInput], judgements: Sequence[Judgement]
) -> tuple[Grouping, ...]:
    """Compute the event, story and original of each article, in the order given.

    Components over copies and same events are events; with same stories added they are
    stories. A group is named after its founder, the first article by time, then by id.
    A person's judgement goes before the machine's, and "different" bars every way around.
    """
    ordered = _order(judgements)
    by_people = [j for j in ordered if j.by != MACHINE]
    different = [(j.article, j.other) for j in by_people if j.relation is Relation.DIFFERENT]
    apart = [(j.article, j.other) for j in by_people if j.relation is Relation.SAME_STORY]
    events, stories = _Components([*different, *apart]), _Components(different)
    copies = _Components(different)
    for judgement in ordered:
        if judgement.relation is Relation.DIFFERENT:
            continue
        if judgement.relation in _EVENT:
            events.join(judgement.article, judgement.other)
        if judgement.relation is Relation.COPY:
            copies.join(judgement.article, judgement.other)
    # An event stays whole in its story, so events are joined into stories first.
    for article in sorted(article.id for article in articles):
        stories.join(article, events.find(article))
    for judgement in ordered:
        if judgement.relation is not Relation.DIFFERENT:
            stories.join(judgement.article, judgement.other)
    event_of, story_of = _name_groups(articles, events), _name_groups(articles, stories)
    first = _name_groups(articles, copies)
    return tuple(
        Grouping(a.id, event_of[a.id], story_of[a.id], "" if first[a.id] == a.id else first[a.id])
        for a in articles
    )
