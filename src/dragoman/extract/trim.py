"""What stands among the chosen runs and is no part of the article."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from dragoman.extract.appeals import (
    is_appeal,
    is_biography,
    is_comments_label,
    is_publication_line,
)
from dragoman.extract.closings import is_closing
from dragoman.extract.flow import Flow, Run
from dragoman.extract.moments import is_date_line
from dragoman.extract.noise import (
    PARAGRAPHS,
    calls_itself_extra,
    find_home,
    is_aside,
    is_byline,
    is_cross_link,
    is_noise,
    leads_home,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from dragoman.extract.template import Template
    from dragoman.extract.titles import Headline

_SHORT = 25  # characters of a key: shorter ones repeat by chance
_MANY = 1500  # runs: among more, every one is not compared with every other
_ASIDE_SIZE = 100  # characters: longer text is judged by trafilatura, not by its container's name
_GAP = 6  # skipped pieces that part one group of text from the next


def drop_islands(chosen: list[Run]) -> list[Run]:
    """Drop what stands after the body, far from it and in containers of another kind."""
    groups: list[list[Run]] = []
    for run in chosen:
        if groups and run.index - groups[-1][-1].index <= _GAP:
            groups[-1].append(run)
        else:
            groups.append([run])
    if len(groups) < 2:
        return chosen
    main = max(groups, key=lambda group: sum(len(run.text) for run in group))
    kinds = {run.place.signature for run in main}
    homes = {find_home(run) for run in main}
    kept: list[Run] = []
    for group in groups:
        is_after = group[0].index > main[-1].index
        if not is_after or any(r.place.signature in kinds or find_home(r) in homes for r in group):
            kept.extend(group)
    return kept


def _find_pulled(chosen: list[Run], glued: set[int]) -> set[int]:
    """Find words that a box or a quotation set apart repeats from a paragraph of the text."""
    sizes: Counter[HtmlElement | None] = Counter()
    for run in chosen:
        sizes[find_home(run)] += len(run.key)
    if len(chosen) > _MANY:
        return set()
    main = max(sizes, key=lambda home: sizes[home], default=None)
    return {
        run.index
        for run in chosen
        if len(run.key) > _SHORT
        and run.place.item is None
        and (run.place.quote is not None or find_home(run) is not main)
        and any(run.key in o.key for o in chosen if o.index not in glued and o.key != run.key)
    }


def drop_doubles(chosen: list[Run]) -> list[Run]:
    """Drop what says again what stands there already, whole or glued to more."""
    seen: set[str] = set()
    kept = []
    longest = sorted(chosen, key=lambda run: -len(run.key))[:3]
    glued = set()
    for run in longest:
        inside = {
            o.key for o in chosen if o is not run and len(o.key) > _SHORT and o.key in run.key
        }
        if len(inside) >= 2 and sum(map(len, inside)) > 0.4 * len(run.key):
            glued.add(run.index)
    repeated = _find_pulled(chosen, glued)
    for run in chosen:
        is_double = len(run.key) > 2 * _SHORT and run.key in seen
        if run.index not in glued and run.index not in repeated and not is_double:
            kept.append(run)
            seen.add(run.key)
    return kept


def find_recurring(runs: list[Run], template: Template | None) -> frozenset[str]:
    """Give what the host repeats, unless that would be most of this body."""
    if template is None:
        return frozenset()
    size = sum(len(run.key) for run in runs)
    repeated = sum(len(run.key) for run in runs if run.key in template.recurring)
    return template.recurring if repeated <= 0.5 * size else frozenset()


def is_headline(run: Run, title: str) -> bool:
    """Whether a run is the title again, alone or with a kicker before it."""
    if run.key == title:
        return True
    return bool(
        run.place.heading
        and len(title) > 20
        and run.key.endswith(title)
        and len(run.key) < len(title) + 50
    )


_KICKER = 80  # characters: above the headline and shorter, it is a section's name or a date
_LEAD = 120  # characters: the first run so long begins the text
_LAST = 2  # paragraphs at the end that may tell of the author
_BOX = 320  # characters: a container with fewer words is a box beside the text
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


def _is_small(home: HtmlElement) -> bool:
    """Whether an element holds no more words than a box, however deep they stand."""
    size = 0
    for text in home.itertext():
        size += len(text.strip())
        if size > 2 * _BOX:
            return False
    return True


def find_end(flow: Flow, runs: list[Run]) -> int:
    """Find where readers' comments begin below the text; past the last item where they do not."""
    total = sum(len(run.text) for run in runs)
    taken = {run.index for run in runs}
    seen = 0
    for run in flow.runs:
        if seen > 0.75 * total and is_comments_label(run.text):
            return run.index
        seen += len(run.text) if run.index in taken else 0
    return len(flow.items)


def _find_start(headline: Headline, runs: list[Run]) -> int:
    """Find the headline's place, where the text really stands below it."""
    if headline.run is None or headline.run.place.heading == 0:
        return -1
    above = sum(len(run.text) for run in runs if run.index < headline.run.index)
    return headline.run.index if above < 0.2 * sum(len(run.text) for run in runs) else -1


def _find_link_lists(flow: Flow, runs: list[Run]) -> set[int]:
    """Find lists of nothing but headlines of the same site; links to shops are content."""
    lists: defaultdict[HtmlElement, list[Run]] = defaultdict(list)
    for run in runs:
        if run.place.list is not None and run.place.cell is None:
            lists[run.place.list].append(run)
    return {
        run.index
        for members in lists.values()
        if all(run.link_share >= 0.9 and leads_home(run, flow.base) for run in members)
        and sum(len(run.text) for run in members) > 30 * len(members)
        for run in members
    }


def _is_masthead(run: Run, section: str, lead: int) -> bool:
    """Whether a run above the text is a date line, a byline or the section's name."""
    if is_byline(run):
        return True
    return run.index < lead and (
        (bool(section) and run.key == section)
        or is_publication_line(run.text)
        or is_date_line(run.text)
    )


def _drop_end(runs: list[Run]) -> list[Run]:
    """Drop what tells of the author and the copy at the end; higher up the same words are news."""
    kept = list(runs)
    while len(kept) > _LAST and is_closing(kept[-1].text):
        kept.pop()
    told = {run.index for run in kept[-_LAST:] if is_biography(run.text) or is_closing(run.text)}
    kept = [run for run in kept if run.index not in told]
    while len(kept) > 1 and kept[-1].place.heading:
        kept.pop()
    return kept


def part_body(
    flow: Flow, runs: list[Run], headline: Headline, section: str, template: Template | None
) -> tuple[list[Run], list[Run]]:
    """Part the chosen runs into the text and links to other articles; the rest goes."""
    from dragoman.extract.flow import make_key

    title = make_key(headline.text)
    recurring = find_recurring(runs, template)
    start, end = _find_start(headline, runs), find_end(flow, runs)
    lead = next((run.index for run in runs if len(run.text) > _LEAD), 0)
    boxes, lists = find_boxes(flow, runs), _find_link_lists(flow, runs)
    kept: list[Run] = []
    related: list[Run] = []
    for run in runs:
        if run.key in recurring or is_headline(run, title) or _is_masthead(run, section, lead):
            continue
        if run.index >= end or (run.index < start and len(run.text) < _KICKER):
            continue
        if run.place.caption is not None and run.place.figure is not None:
            continue
        if len(run.text) < _ASIDE_SIZE and run.place.tag not in PARAGRAPHS and is_aside(run.place):
            continue
        if is_noise(run) or run.index in boxes:
            continue
        (related if run.index in lists or is_cross_link(run, flow.base) else kept).append(run)
    return _drop_end(kept), related
