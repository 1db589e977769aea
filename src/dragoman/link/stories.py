"""The verb of this room: which reports tell of one happening, and which continue a story."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from dragoman.link import scale as scales
from dragoman.link.candidates import Event, build_event, find_nearest, stack_centroids
from dragoman.link.copies import CONTAINMENT, find_copies
from dragoman.link.events import gather_atoms, join_atoms
from dragoman.link.group import MACHINE, group_articles
from dragoman.link.judge import FAR, LIKE, NEAR, Finding, explain
from dragoman.link.model import Model
from dragoman.link.moves import find_ties, retract_ties
from dragoman.link.rarity import Rarity
from dragoman.link.scale import Scale
from dragoman.link.vectors import SHIPPED
from dragoman.link.window import STORY_DAYS, Window
from dragoman.types import Judgement, LinkInput, Relation

if TYPE_CHECKING:
    from dragoman.link.events import Scores

VERSION = "3"


def version_of(encoder: str) -> str:
    """Name the version of links by an encoder: vectors of two encoders are never compared."""
    return VERSION if encoder == SHIPPED else f"{VERSION}+{encoder}"


STORY = -0.55  # log odds, mean and best pair, from which an event continues an earlier one
_OVER = 2.0  # more of them are needed after a silence that ends a story
_RARE = 2.0  # rarity of a name that can hold a story together
_NEAREST = 8  # earlier events that an event is compared with
_CHUNK = 96  # new articles judged together
_LATE_HOURS = 48.0
_LATE_CONTAINMENT = 0.60  # a copy that comes later, or from one's own outlet, repeats more
_COLUMN_CONTAINMENT = 0.90  # a daily column repeats its form and is no copy


def link_stories(
    new: Sequence[LinkInput],
    known: Sequence[LinkInput],
    judgements: Sequence[Judgement],
    *,
    undated: Collection[str] = frozenset(),
    events: Mapping[str, str] | None = None,
    rarity: Rarity | None = None,
    model: Model | None = None,
    ahead: Scores | None = None,
    scale: Scale = scales.SHIPPED,
) -> tuple[Judgement, ...]:
    """Judge new articles against one another and known ones; give the new judgements.

    Every input has its vector (`embed`). The answer depends on times and ids, not on the
    order of the inputs. Articles whose ids are in ``undated`` are linked by content alone.
    A person's judgement among ``judgements`` stands; the machine's on a young event may be
    taken back: a judgement "different" then goes against it. ``events`` gives the events of
    known articles where not all their members are there; ``rarity`` the counts of the stream,
    where the articles at hand are not the stream; ``model`` other weights than the shipped;
    ``ahead`` what `score_ahead` has made of the same articles and counts; ``scale`` where events
    end.
    """
    fresh = {article.id: article for article in new}
    old = {article.id: article for article in known if article.id not in fresh}
    window = Window(
        [*fresh.values(), *old.values()], undated, judgements, rarity, model, ahead, scale
    )
    copies = _judge_copies(window)
    forced = [(window.rows[j.article], window.rows[j.other]) for j in copies]
    forced += _find_verdicts(window, judgements)
    live = _rebuild_events(window, list(old.values()), judgements, events)
    made = [j for j in copies if j.article in fresh or j.other in fresh]
    ties = find_ties(window, judgements) | {_to_pair(window, j): j for j in copies}
    rows = [row for row, article in enumerate(window.articles) if article.id in fresh]
    for start in range(0, len(rows), _CHUNK):
        made += _judge_chunk(window, live, rows[start : start + _CHUNK], forced, ties)
    made += _chain_events(window, live)
    # What one chunk judged, a later one may have taken back: the last word on a pair counts.
    return tuple({_to_pair(window, judged): judged for judged in made}.values())


def _to_pair(window: Window, judged: Judgement) -> tuple[int, int]:
    one, other = window.rows[judged.article], window.rows[judged.other]
    return min(one, other), max(one, other)


def _to_score(odds: float) -> float:
    return round(1.0 / (1.0 + math.exp(-odds)), 4)


def _judge_copies(window: Window) -> list[Judgement]:
    found = []
    for copy in find_copies(window.articles, window.shingles()):
        one, other = window.rows[copy.article], window.rows[copy.original]
        hours = window.hours(one, other)
        needed = CONTAINMENT if hours is None or hours <= _LATE_HOURS else _LATE_CONTAINMENT
        if window.is_column(one, other):
            needed = _COLUMN_CONTAINMENT
        elif window.is_next_day(one, other):
            needed = _LATE_CONTAINMENT
        if copy.containment < needed or window.is_apart(one, other):
            continue
        when = "dates unknown" if hours is None else f"{hours:.0f} hours later"
        reasons = (f"{copy.containment:.0%} of the shorter text stands in the other", when)
        score = round(copy.containment, 4)
        found.append(Judgement(copy.article, copy.original, Relation.COPY, score,
                               reasons=reasons, version=VERSION))  # fmt: skip
    return found


def _find_verdicts(window: Window, judgements: Sequence[Judgement]) -> list[tuple[int, int]]:
    """Give the pairs that a person has said to be one event."""
    return [
        (window.rows[j.article], window.rows[j.other])
        for j in judgements
        if j.by != MACHINE
        and j.relation in (Relation.COPY, Relation.SAME_EVENT)
        and j.article in window.rows
        and j.other in window.rows
    ]


# -- Events -----------------------------------------------------------------------


def _rebuild_events(
    window: Window,
    known: Sequence[LinkInput],
    judgements: Sequence[Judgement],
    events: Mapping[str, str] | None,
) -> list[Event]:
    found = events or {}
    if events is None:
        found = {one.article: one.event for one in group_articles(known, judgements)}
    members: dict[str, list[int]] = {}
    for article in known:
        members.setdefault(found.get(article.id, article.id), []).append(window.rows[article.id])
    return [build_event(rows, window.vectors) for _, rows in sorted(members.items())]


def _judge_chunk(
    window: Window,
    events: list[Event],
    rows: Sequence[int],
    forced: Sequence[tuple[int, int]],
    ties: dict[tuple[int, int], Judgement],
) -> list[Judgement]:
    """Group new articles with the live events near them; the outcome replaces them."""
    atoms = gather_atoms(window, events, rows, forced)
    groups, scores = join_atoms(window, atoms, forced)
    used = {id(event) for event in atoms.used}
    events[:] = [event for event in events if id(event) not in used]
    made: list[Judgement] = []
    kept = {frozenset(event.members) for event in atoms.used}
    for group in groups:
        parts = [atoms.events[number] for number in group]
        rival = _find_rival(window, atoms.events, group, scores) if len(parts) > 1 else None
        tied = _judge_group(window, parts, rival, ties)
        ties.update((_to_pair(window, judged), judged) for judged in tied)
        made += tied
        members = frozenset(chain.from_iterable(atom.members for atom in parts))
        # An event that was taken apart and came together again is what it was.
        events.append(build_event(list(members), window.vectors, is_touched=members not in kept))
    return made + retract_ties(window, atoms, groups, ties, VERSION)


def _find_rival(
    window: Window, atoms: Sequence[Event], group: Sequence[int], scores: Scores
) -> tuple[str, float] | None:
    """Give the founder of the next best event and its score; None where there is no other."""
    import numpy as np

    means = scores[list(group)].mean(axis=0)
    means[list(group)] = -np.inf
    best = int(means.argmax())
    if not np.isfinite(means[best]):
        return None
    return window.articles[atoms[best].members[0]].id, _to_score(float(means[best]))


def _judge_group(
    window: Window,
    parts: Sequence[Event],
    runner_up: tuple[str, float] | None,
    ties: Mapping[tuple[int, int], Judgement],
) -> list[Judgement]:
    """Tie the parts of an event together, each to the nearest article placed before."""
    ordered = sorted(parts, key=lambda part: part.members[0])
    placed = list(ordered[0].representatives())
    made = []
    for part in ordered[1:]:
        rows = part.representatives()
        if not any((min(a, b), max(a, b)) in ties for a in rows for b in placed):
            scored = ((window.score_event(a, b), -b, -a) for a in rows for b in placed)
            odds, other, one = max(scored)
            made.append(_write(window, (-one, -other), Relation.SAME_EVENT, odds, runner_up))
        placed += rows
    return made


def _write(
    window: Window,
    pair: tuple[int, int],
    relation: Relation,
    odds: float,
    runner_up: tuple[str, float] | None,
) -> Judgement:
    one, other = max(pair), min(pair)  # the later article is judged against the earlier
    reasons = explain(window.find(one, other), window.hours(one, other))
    rival, rival_score = runner_up or ("", 0.0)
    ids = window.articles[one].id, window.articles[other].id
    return Judgement(*ids, relation, _to_score(odds), rival, rival_score, reasons, MACHINE, VERSION)


# -- Stories ----------------------------------------------------------------------


def _holds(finding: Finding) -> bool:
    """Whether two reports can tie a story: likeness alone is a topic, a story has its people."""
    if finding.is_linked:
        return True
    if finding.is_elsewhere or finding.cosine < LIKE:
        return False
    return finding.rarity >= _RARE or bool(finding.places) or bool(finding.numbers)


def _score_chain(window: Window, later: Event, earlier: Event) -> tuple[float, int, int]:
    """Give the log odds of two events, and the pair that ties them most closely."""
    pairs = [(a, b) for a in later.representatives() for b in earlier.representatives()]
    scored = [(window.score_story(a, b), -a, -b) for a, b in pairs]
    holding = [one for one in scored if one[0] > FAR and _holds(window.find(-one[1], -one[2]))]
    if not holding:
        return -math.inf, *pairs[0]
    best = max(holding)
    # A follow-up is near to some of the reports before it, often those in its own language.
    odds = (best[0] + sum(score for score, _, _ in scored) / len(scored)) / 2
    silence = window.times[later.members[0]] - window.times[earlier.members[-1]]
    is_timeless = window.is_undated[later.members[0]] or window.is_undated[earlier.members[-1]]
    if silence > STORY_DAYS * 86400.0 and not is_timeless:
        odds -= _OVER
    return odds, -best[1], -best[2]


def _chain_events(window: Window, events: Sequence[Event]) -> list[Judgement]:
    """Tie each event that has changed to the earlier one that it continues best."""
    ordered = sorted(events, key=lambda event: event.members[0])
    centroids = stack_centroids(ordered)
    touched = [number for number, event in enumerate(ordered) if event.is_touched]
    found = find_nearest(centroids[touched], centroids, _NEAREST, NEAR, before=touched)
    made = []
    for number, nearest in zip(touched, found, strict=True):
        event = ordered[number]
        scored = [(*_score_chain(window, event, ordered[n]), -n) for n in nearest]
        kept = sorted((entry for entry in scored if entry[0] >= STORY), reverse=True)
        if kept:
            odds, one, other, _ = kept[0]
            second = kept[1] if len(kept) > 1 else None
            rival = (window.articles[second[2]].id, _to_score(second[0])) if second else None
            made.append(_write(window, (one, other), Relation.SAME_STORY, odds, rival))
    return made
