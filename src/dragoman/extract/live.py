"""Live blogs: which pieces of the text begin an entry, and when each was written."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dragoman.extract.flow import make_key
from dragoman.extract.jsonld import paragraphs_of, text_of
from dragoman.extract.moments import read_iso
from dragoman.types import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from dragoman.extract.flow import Flow, Run
    from dragoman.extract.jsonld import Node, Statement
    from dragoman.types import Moment

_ENTRIES = 3  # fewer times on a page are its own, and its pictures'
_CLIMB = 8  # elements from a time up to the entry that it dates
_EXACT = frozenset({Precision.MINUTE, Precision.SECOND})


def posts_of(statement: Statement) -> list[Node]:
    """Give the posts of a live blog that JSON-LD states."""
    posts = statement.article.get("liveBlogUpdate")
    posts = posts if isinstance(posts, list) else [posts]
    return [post for post in posts if isinstance(post, dict)]


def lines_of(post: Node) -> list[str]:
    """Give headline and paragraphs of a post."""
    lines = (text_of(post.get("headline")), *paragraphs_of(post.get("articleBody")))
    return [line for line in lines if line]


def stated_starts(statement: Statement) -> dict[str, Moment]:
    """Give the moments of the posts that JSON-LD states, by the keys of how each may begin."""
    found: dict[str, Moment] = {}
    for post in posts_of(statement):
        moment = _read_exact(text_of(post.get("datePublished")))
        if moment is not None:
            for line in lines_of(post)[:2]:
                found.setdefault(make_key(line), moment)
    return found


def find_starts(flow: Flow, runs: Sequence[Run], statement: Statement) -> dict[int, Moment]:
    """Give the moments of the entries of a live blog, by the runs that begin them.

    JSON-LD states them, or each entry holds one machine-readable time, and the entries are most
    of the text: posts that an article quotes have times too.
    """
    stated = stated_starts(statement)
    found: dict[int, Moment] = {}
    told: set[Moment] = set()
    for run in runs:
        moment = stated.get(run.key)
        if moment is not None and moment not in told:
            found[run.index] = moment
            told.add(moment)
    return found if len(found) >= _ENTRIES else _find_timed(flow, runs)


def _find_timed(flow: Flow, runs: Sequence[Run]) -> dict[int, Moment]:
    timed = [(run, moment) for run in flow.runs if run.times
             and (moment := _read_exact(run.times[0])) is not None]  # fmt: skip
    if len(timed) < _ENTRIES:
        return {}
    around = Counter(one for run, _ in timed for one in _above(run))
    entries: dict[HtmlElement, Moment] = {}
    for run, moment in timed:
        own = [one for one in _above(run) if around[one] == 1]
        if own:
            entries[own[-1]] = moment
    found: dict[int, Moment] = {}
    begun: set[HtmlElement] = set()
    size = 0
    for run in runs:
        entry = next((one for one in _above(run) if one in entries), None)
        if entry is None:
            continue
        size += len(run.text)
        if entry not in begun and not run.times:
            begun.add(entry)
            found[run.index] = entries[entry]
    is_live = len(found) >= _ENTRIES and 2 * size > sum(len(run.text) for run in runs)
    return found if is_live else {}


def _above(run: Run) -> list[HtmlElement]:
    above = [run.place.element]
    for _, one in zip(range(_CLIMB), run.place.element.iterancestors(), strict=False):
        above.append(one)
    return above


def _read_exact(raw: str) -> Moment | None:
    moment = read_iso(raw)
    return moment if moment is not None and moment.precision in _EXACT else None
