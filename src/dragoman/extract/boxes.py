"""Boxes that stand in the column of the text: subscriptions, teasers, pictures with their words."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from dragoman.extract.appeals import is_appeal
from dragoman.extract.closings import is_label
from dragoman.extract.credits import is_credit
from dragoman.extract.flow import Flow, Run
from dragoman.extract.noise import (
    calls_itself_extra,
    find_home,
    is_lead_in,
    is_noise,
    leads_home,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BOX = 320  # characters: a container with fewer words is a box beside the text
_LABEL = 40  # characters of a line over a list of links
_FEW = 3  # runs: a caption, a credit, a label
_TEASER = 900  # characters of a box with a link to another story
_CLIMB = 5
_PROMOTED = 1200  # characters: more is no promotion
_FIELDS = ("input", "textarea", "form")


def find_boxes(flow: Flow, runs: list[Run]) -> set[int]:
    """Find runs in small boxes that ask for an address, or say by their names what they are.

    What asks spreads: the heading and the promise above a field belong to it.
    """
    sizes: Counter[HtmlElement | None] = Counter()
    inside: defaultdict[HtmlElement | None, list[Run]] = defaultdict(list)
    for run in flow.runs:
        sizes[find_home(run)] += len(run.text)
    for run in runs:
        inside[find_home(run)].append(run)
    total = sum(len(run.text) for run in runs)
    found: set[int] = set()
    for home, members in inside.items():
        if home is None or sizes[home] > min(_BOX, 0.3 * total):
            continue
        has_fields = _is_small(home) and any(
            field.get("type") not in ("hidden", "checkbox") for field in home.iter(*_FIELDS)
        )
        if (
            has_fields
            or calls_itself_extra(members[0].place)
            or any(is_appeal(run.text) for run in members)
        ):
            found.update(run.index for run in members)
    return found


def _is_small(home: HtmlElement, limit: float = 2 * _BOX) -> bool:
    """Whether an element holds no more words than a box, however deep they stand."""
    size = 0
    for text in home.itertext():
        size += len(text.strip())
        if size > limit:
            return False
    return True


def find_link_lists(flow: Flow, runs: list[Run]) -> set[int]:
    """Find lists of nothing but headlines of the same site; links to shops are content."""
    lists: defaultdict[HtmlElement, list[Run]] = defaultdict(list)
    for run in runs:
        if run.place.list is not None and run.place.cell is None:
            lists[run.place.list].append(run)
    return {
        run.index
        for members in lists.values()
        if all(_is_link_line(run, flow.base) for run in members)
        and sum(len(run.text) for run in members) > 30 * len(members)
        for run in members
    }


def _is_link_line(run: Run, base: str) -> bool:
    """Whether a line of a list is a headline with a link, or a kicker with one behind it."""
    if run.link_share >= 0.9:
        return leads_home(run, base)
    lead = run.text[: max(0, int(len(run.text) * (1 - run.link_share)) + 2)]
    return run.link_share >= 0.45 and ":" in lead and leads_home(run, base)


def find_teasers(flow: Flow, runs: list[Run]) -> set[int]:
    """Find what stands with a "read also" and its link in one box: the teaser's words."""
    total = sum(len(run.text) for run in runs)
    taken = {run.index for run in runs}
    found: set[int] = set()
    for at, label in enumerate(all_runs := flow.runs):
        if label.link_share > 0.5 or not is_lead_in(label.text):
            continue
        links = {
            id(run.place.element) for run in all_runs[at + 1 : at + 5] if run.link_share >= 0.9
        }
        box = _find_box(label.place.element, links) if links else None
        if box is None or not _is_small(box, min(_TEASER, 0.4 * total)):
            continue
        inside = (r for r in all_runs[at : at + 12] if box in r.place.element.iterancestors())
        found.update(run.index for run in inside if run.index in taken)
    return found


def _find_box(element: HtmlElement, links: set[int]) -> HtmlElement | None:
    """Find the nearest element around a label that holds one of the links too."""
    for _, around in zip(range(_CLIMB), element.iterancestors(), strict=False):
        if around.tag in ("body", "article", "main"):
            return None
        if any(id(inner) in links for inner in around.iter()):
            return around
    return None


def find_picture_words(flow: Flow, runs: list[Run]) -> set[int]:
    """Find captions and credits that no figure marks: few words in one element with a picture."""
    sizes: Counter[HtmlElement | None] = Counter()
    counts: Counter[HtmlElement | None] = Counter()
    for run in flow.runs:
        sizes[find_home(run)] += len(run.text)
        counts[find_home(run)] += 1
    small = {
        home
        for home in map(find_home, runs)
        if home is not None
        and sizes[home] <= _BOX
        and counts[home] <= _FEW
        and next(home.iter("img", "picture", "amp-img"), None) is not None
    }
    if not small:
        return set()
    credited = {
        home for run in flow.runs if (home := find_home(run)) in small and is_credit(run.text)
    }
    return {run.index for run in runs if find_home(run) in credited}


def _is_promotion(run: Run) -> bool:
    # The label of an advertisement promotes nothing: text stands above and below it.
    return is_noise(run) and not is_label(run.text)


def _is_listed_link(run: Run, base: str) -> bool:
    return run.place.item is not None and run.link_share >= 0.9 and leads_home(run, base)


def _is_label(run: Run) -> bool:
    return len(run.text) <= _LABEL and run.text[-1] not in '.!?…;"”»'


def find_promoted(flow: Flow, runs: list[Run], lists: set[int]) -> set[int]:
    """Find headings over promotions and lists of links, and the rest of a box that one opens."""
    homes: Counter[HtmlElement | None] = Counter()
    for run in runs:
        homes[find_home(run)] += len(run.text)
    main = max(homes, key=lambda home: homes[home], default=None)
    limit = min(_PROMOTED, 0.3 * sum(homes.values()))
    taken = {run.index for run in runs}
    found: set[int] = set()
    below: Run | None = None
    opened: dict[HtmlElement | None, bool] = {main: False}
    for run in flow.runs:
        home = find_home(run)
        if home in homes and home not in opened:
            opened[home] = _is_promotion(run)
    for run in reversed(flow.runs):
        if run.index in taken and below is not None and (run.place.heading or _is_label(run)):
            is_over = below.index in lists
            is_over |= run.text.isupper() and _is_listed_link(below, flow.base)
            is_over |= bool(run.place.heading) and (_is_promotion(below) or below.index in found)
            found.update({run.index} if is_over else ())
        below = run
    for run in runs:
        home = find_home(run)
        if opened.get(home) and home is not main and homes[home] <= limit:
            found.add(run.index)
    return found
