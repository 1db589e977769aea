"""What a person decides about stories: they are one, or reports do not belong to one.

A decision is a judgement with the person's name. Stories are computed from judgements, a
person's first, so it stands whenever articles are linked again. Ids that went lead on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dragoman import link, store
from dragoman.errors import LinkError
from dragoman.steps.linking import find_links
from dragoman.store import Store
from dragoman.types import Article, Grouping, Judgement, LinkInput, Relation, Stage

_OPERATOR = "operator"  # where somebody is called as the program is


@dataclass(frozen=True, slots=True)
class Split:
    """What became of a story of which reports were taken."""

    story: str  # those that stayed
    parted: str  # those that were taken


@dataclass(frozen=True, slots=True)
class Explanation:
    """How two articles stand to one another, and the judgements that say so."""

    one: Grouping
    other: Grouping
    relation: Relation
    path: tuple[Judgement, ...]  # from the one to the other; empty where nothing joins them
    parted: Judgement | None = None  # a person's word that they are apart
    fresh: Judgement | None = None  # what the linker would say of the two alone


def merge_stories(db: Store, one: str, other: str, by: str, *, is_event: bool = False) -> str:
    """Make one story of two, for good; give its id, to which the other's leads.

    With ``is_event`` their first reports tell of one happening. What a person said against it
    before is taken back. Raises `LinkError` where there is no such story.
    """
    first, second = _members_of(db, one), _members_of(db, other)
    if first[0].story == second[0].story:
        raise LinkError(f"{one} and {other} are one story already: {first[0].story}")
    ids = {g.article for g in first}, {g.article for g in second}
    known = store.stories.judgements(db, ids[0] | ids[1])
    against = [j for j in known if j.relation is Relation.DIFFERENT and _crosses(j, *ids)]
    store.stories.forget_judgements(db, [(j.article, j.other) for j in against])
    relation = Relation.SAME_EVENT if is_event else Relation.SAME_STORY
    verdict = _judge(second[0].article, first[0].article, relation, by)
    found = _regroup(db, ids[0] | ids[1], [j for j in known if j not in against], [verdict])
    return next(g.story for g in found if g.article == first[0].article)


def split_story(db: Store, story: str, articles: Collection[str], by: str) -> Split:
    """Make a story of its own of reports that do not belong to the one they are in, for good.

    Raises `LinkError` where there is no such story or report, or nothing would be left.
    """
    members = _members_of(db, story)
    named = [g for g in members if g.article in articles]
    rest = [g for g in members if g.article not in articles]
    missing = sorted(set(articles) - {g.article for g in named})
    if missing or not named:
        what = ", ".join(missing) or "no article"
        raise LinkError(f"{what}: not in the story {story}; `dragoman story show {story}` lists it")
    if not rest:
        raise LinkError(f"these are all reports of the story {story}; leave one in it")
    ids = {g.article for g in named}, {g.article for g in rest}
    known = store.stories.judgements(db, ids[0] | ids[1])
    ties = [
        j for j in known
        if j.by != store.stories.OURS and _crosses(j, *ids) and j.relation is not Relation.DIFFERENT
    ]  # fmt: skip
    store.stories.forget_judgements(db, [(j.article, j.other) for j in ties])
    head = named[0]
    verdicts = [_judge(one.article, head.article, _relation_of(one, head), by) for one in named[1:]]
    verdicts += [_judge(head.article, g.article, Relation.DIFFERENT, by) for g in rest]
    found = _regroup(db, ids[0] | ids[1], [j for j in known if j not in ties], verdicts)
    story_of = {g.article: g.story for g in found}
    return Split(story_of[rest[0].article], story_of[head.article])


def explain_pair(db: Store, one: str, other: str) -> Explanation:
    """Say how two articles stand to one another, and why. Either may be named by its story.

    Raises `LinkError` for one that is not known or not linked yet.
    """
    first, second = _grouping_of(db, one), _grouping_of(db, other)
    if first.article == second.article:
        raise LinkError(f"{one} and {other} are one article; name two")
    stories = store.stories.members(db, {first.story, second.story})
    ids = {g.article for members in stories.values() for g in members}
    known = store.stories.judgements(db, ids | {first.article, second.article})
    pair = {first.article, second.article}
    parted = next(
        (j for j in known if {j.article, j.other} == pair and j.relation is Relation.DIFFERENT),
        None,
    )
    joined = [j for j in known if j.relation is not Relation.DIFFERENT]
    path = _find_path(joined, first.article, second.article) if first.story == second.story else ()
    is_copy = first.copy_of == second.article or second.copy_of == first.article
    relation = Relation.COPY if is_copy else _relation_of(first, second)
    fresh = None if path else _judge_anew(db, first.article, second.article)
    return Explanation(first, second, relation, path, parted, fresh)


def relink(db: Store) -> int:
    """Forget what the linker judged, so that every article is linked anew; count them.

    What people decided stays, and so do stories and their addresses until the new are made.
    """
    store.stories.forget_ours(db)
    store.names.forget_spellings(db)
    return store.work.ask_all_again(db, Stage.LINK)


def _members_of(db: Store, story: str) -> tuple[Grouping, ...]:
    members = store.stories.story(db, story)
    if not members:
        raise LinkError(f"{story}: there is no such story; `dragoman story list` shows them")
    return members


def _grouping_of(db: Store, id: str) -> Grouping:
    """Find an article, or the first report of a story of this id."""
    found = store.stories.groupings(db, [id]) or store.stories.story(db, id)[:1]
    if not found:
        raise LinkError(f"{id}: no article of this id is linked; `dragoman story show` lists ids")
    return found[0]


def _crosses(judged: Judgement, one: Collection[str], other: Collection[str]) -> bool:
    pair = judged.article, judged.other
    return any(a in one and b in other for a, b in (pair, pair[::-1]))


def _relation_of(one: Grouping, other: Grouping) -> Relation:
    if one.story != other.story:
        return Relation.DIFFERENT
    return Relation.SAME_EVENT if one.event == other.event else Relation.SAME_STORY


def _judge(article: str, other: str, relation: Relation, by: str) -> Judgement:
    who = by.strip() if by.strip() not in ("", store.stories.OURS) else _OPERATOR
    return Judgement(article, other, relation, 1.0, reasons=("decided by a person",), by=who)


def _regroup(
    db: Store, ids: Collection[str], known: Sequence[Judgement], verdicts: Sequence[Judgement]
) -> tuple[Grouping, ...]:
    """Compute the groups of these articles with new verdicts, and write both."""
    decided = {frozenset((j.article, j.other)) for j in verdicts}
    within = [j for j in known if j.article in ids and j.other in ids]
    standing = [j for j in within if frozenset((j.article, j.other)) not in decided]
    inputs = [_input_of(article) for article in store.articles.articles(db, ids=list(ids))]
    found = link.group_articles(inputs, [*standing, *verdicts])
    store.stories.put_links(db, verdicts, found, link.VERSION, [])
    return found


def _input_of(article: Article, vector: bytes = b"") -> LinkInput:
    moment = article.published.moment
    at = moment.at if moment else article.first_seen or datetime.now(UTC)
    return LinkInput(
        article.id,
        article.url,
        article.language,
        article.title,
        article.text,
        at,
        article.source,
        vector,
        tuple(find_links(article)),
    )


def _find_path(judged: Iterable[Judgement], one: str, other: str) -> tuple[Judgement, ...]:
    """Find the fewest judgements that lead from one article to another."""
    near: dict[str, list[tuple[str, Judgement]]] = {}
    for judgement in sorted(judged, key=lambda j: (j.by == store.stories.OURS, -j.score)):
        near.setdefault(judgement.article, []).append((judgement.other, judgement))
        near.setdefault(judgement.other, []).append((judgement.article, judgement))
    came: dict[str, tuple[str, Judgement] | None] = {one: None}
    waiting = deque([one])
    while waiting and other not in came:
        here = waiting.popleft()
        for there, judgement in near.get(here, ()):
            if there not in came:
                came[there] = (here, judgement)
                waiting.append(there)
    path: list[Judgement] = []
    step = came.get(other)
    while step is not None:
        path.append(step[1])
        step = came[step[0]]
    return tuple(reversed(path))


def _judge_anew(db: Store, one: str, other: str) -> Judgement | None:
    """Have the linker judge two articles as if there were no others."""
    found = store.articles.articles(db, ids=[one, other])
    inputs = [_input_of(article) for article in found]
    vectors = link.embed(inputs)
    ready = [replace(a, vector=v) for a, v in zip(inputs, vectors, strict=True)]
    undated = frozenset(article.id for article in found if article.published.moment is None)
    return next(iter(link.link_stories(ready, (), (), undated=undated)), None)
