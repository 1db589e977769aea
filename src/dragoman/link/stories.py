"""The verb of this room: which reports tell of one happening, and which continue a story."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from dragoman.link.candidates import Event, build_event, find_nearest, stack_centroids
from dragoman.link.copies import CONTAINMENT, find_copies
from dragoman.link.events import gather_atoms, join_atoms
from dragoman.link.group import MACHINE, group_articles
from dragoman.link.judge import explain
from dragoman.link.window import Window
from dragoman.types import Judgement, LinkInput, Relation

if TYPE_CHECKING:
    from dragoman.link.events import Scores

VERSION = "1"

STORY = (
    0.7  # log odds of two events, mean and best pair, from which the later continues the earlier
)
STORY_DAYS = 21.0  # a story that has been silent for so long is over
_OTHER_FOCUS = 0.8  # ministers talk with many countries: what these cost that are not shared
_RARE = 2.0  # rarity of a name that can hold a story together
_NEAREST = 8  # earlier events that an event is compared with
_LEAST = 0.40  # cosine of two centroids that is worth a look
_CHUNK = 192  # new articles judged together
_LATE_HOURS = 48.0
_LATE_CONTAINMENT = 0.60  # a copy that comes later repeats more
_COLUMN_CONTAINMENT = 0.90  # a daily column repeats its form and is no copy


def link_stories(
    new: Sequence[LinkInput],
    known: Sequence[LinkInput],
    judgements: Sequence[Judgement],
    *,
    undated: Collection[str] = frozenset(),
) -> tuple[Judgement, ...]:
    """Judge new articles against one another and the live window; give the new judgements.

    Every input has its vector (`embed`). The answer depends on times and ids, not on the
    order of the inputs. Articles whose ids are in ``undated`` are linked by content alone,
    more strictly. A person's judgement among ``judgements`` stands.
    """
    fresh = {article.id: article for article in new}
    old = {article.id: article for article in known if article.id not in fresh}
    window = Window([*fresh.values(), *old.values()], undated, judgements)
    copies = _judge_copies(window, set(fresh))
    pairs = [(window.rows[j.article], window.rows[j.other]) for j in copies]
    events = _rebuild_events(window, list(old.values()), judgements)
    made = list(copies)
    rows = [row for row, article in enumerate(window.articles) if article.id in fresh]
    for start in range(0, len(rows), _CHUNK):
        made += _judge_chunk(window, events, rows[start : start + _CHUNK], pairs)
    made += _chain_events(window, events)
    return tuple(made)


def _to_score(odds: float) -> float:
    return round(1.0 / (1.0 + math.exp(-odds)), 4)


def _judge_copies(window: Window, fresh: Collection[str]) -> list[Judgement]:
    found = []
    for copy in find_copies(window.articles):
        if copy.article not in fresh and copy.original not in fresh:
            continue
        one, other = window.rows[copy.article], window.rows[copy.original]
        hours = window.hours(one, other)
        needed = CONTAINMENT if hours is None or hours <= _LATE_HOURS else _LATE_CONTAINMENT
        if window.find(one, other).is_recurring:
            needed = _COLUMN_CONTAINMENT
        if copy.containment < needed or window.are_apart(one, other):
            continue
        when = "dates unknown" if hours is None else f"{hours:.0f} hours later"
        reasons = (f"{copy.containment:.0%} of the shorter text stands in the other", when)
        score = round(copy.containment, 4)
        found.append(Judgement(copy.article, copy.original, Relation.COPY, score,
                               reasons=reasons, version=VERSION))  # fmt: skip
    return found


# -- Events -----------------------------------------------------------------------


def _rebuild_events(
    window: Window, known: Sequence[LinkInput], judgements: Sequence[Judgement]
) -> list[Event]:
    members: dict[str, list[int]] = {}
    for grouping in group_articles(known, judgements):
        members.setdefault(grouping.event, []).append(window.rows[grouping.article])
    return [build_event(rows, window.vectors) for rows in members.values()]


def _judge_chunk(
    window: Window, events: list[Event], rows: Sequence[int], copies: Sequence[tuple[int, int]]
) -> list[Judgement]:
    """Group new articles with the live events near them; the outcome replaces them."""
    atoms = gather_atoms(window, events, rows, copies)
    groups, scores = join_atoms(window, atoms, len(rows), copies)
    used = {id(atom) for atom in atoms}
    events[:] = [event for event in events if id(event) not in used]
    made: list[Judgement] = []
    for group in groups:
        parts = [atoms[number] for number in group]
        if len(parts) > 1:
            made += _judge_group(window, parts, _find_rival(window, atoms, group, scores))
        members = chain.from_iterable(atom.members for atom in parts)
        touched = any(atom.is_touched for atom in parts)
        events.append(build_event(list(members), window.vectors, is_touched=touched))
    return made


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
    window: Window, parts: Sequence[Event], runner_up: tuple[str, float] | None
) -> list[Judgement]:
    """Tie the parts of an event together, each to the nearest article placed before."""
    ordered = sorted(parts, key=lambda part: part.members[0])
    placed = list(ordered[0].representatives())
    made = []
    for part in ordered[1:]:
        rows = part.representatives()
        ties = ((window.score_event(a, b), -b, -a) for a in rows for b in placed)
        odds, other, one = max(ties)
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


def _score_chain(window: Window, later: Event, earlier: Event) -> tuple[float, int, int]:
    """Give the mean log odds of two events, and the pair that ties them most closely."""
    pairs = [(a, b) for a in later.representatives() for b in earlier.representatives()]
    scored = [(window.score_story(a, b), -a, -b) for a, b in pairs]
    best = max(scored)
    finding = window.find(-best[1], -best[2])
    # Likeness alone is a topic; a story has its people and places.
    holds = finding.rarity >= _RARE or bool(finding.places) or bool(finding.numbers)
    # A follow-up is near to some of the reports before it, often those in its own language.
    odds = (best[0] + sum(score for score, _, _ in scored) / len(scored)) / 2
    odds -= _OTHER_FOCUS * (1.0 - finding.same_focus)
    return (odds if holds and not finding.is_elsewhere else -math.inf), -best[1], -best[2]


def _chain_events(window: Window, events: Sequence[Event]) -> list[Judgement]:
    """Tie each event that has grown to the earlier one that it continues best."""
    ordered = sorted(events, key=lambda event: event.members[0])
    touched = [number for number, event in enumerate(ordered) if event.is_touched]
    if not touched:
        return []
    centroids = stack_centroids(ordered)
    made = []
    for number in touched:
        event = ordered[number]
        earlier = _find_earlier(window, ordered[:number], event)
        nearest = find_nearest(centroids[[number]], centroids[earlier], _NEAREST, _LEAST)[0]
        scored = [(*_score_chain(window, event, ordered[earlier[n]]), -n) for n in nearest]
        kept = sorted((entry for entry in scored if entry[0] >= STORY), reverse=True)
        if kept:
            odds, one, other, _ = kept[0]
            second = kept[1] if len(kept) > 1 else None
            rival = (window.articles[second[2]].id, _to_score(second[0])) if second else None
            made.append(_write(window, (one, other), Relation.SAME_STORY, odds, rival))
    return made


def _find_earlier(window: Window, earlier: Sequence[Event], event: Event) -> list[int]:
    start = window.times[event.members[0]] - STORY_DAYS * 86400.0
    is_timeless = window.is_undated[event.members[0]]
    return [
        number for number, other in enumerate(earlier)
        if is_timeless or window.times[other.members[-1]] >= start
    ]  # fmt: skip
