"""What stands among the chosen runs and is no part of the article."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from dragoman.extract.appeals import (
    is_biography,
    is_comments_label,
    is_publication_line,
    names_job,
)
from dragoman.extract.boxes import (
    find_boxes,
    find_link_lists,
    find_picture_words,
    find_promoted,
    find_teasers,
)
from dragoman.extract.closings import is_closing
from dragoman.extract.flow import Flow, Run
from dragoman.extract.moments import has_date, is_date_line
from dragoman.extract.noise import (
    PARAGRAPHS,
    find_home,
    is_aside,
    is_byline,
    is_cross_link,
    is_noise,
    leads_on,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from dragoman.extract.template import Template
    from dragoman.extract.titles import Headline

_SHORT = 25  # characters of a key: shorter ones repeat by chance
_MANY = 1500  # runs: among more, every one is not compared with every other
_PULLED, _PIECE = 400, 10  # characters of a quotation set apart, and of its parts compared
_SPEAKER = 120
_ASIDE_SIZE = 100  # characters: longer text is judged by trafilatura, not by its container's name
_TAG = 25  # characters of a place's or a topic's name above the text
# Scripts in which few characters say much.
_DENSE = re.compile(r"[\u0e00-\u0e7f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")
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
    names = {_first_name(home) for home in homes} - {""}
    kept: list[Run] = []
    for group in groups:
        is_after = group[0].index > main[-1].index
        if not is_after or any(
            r.place.signature in kinds
            or find_home(r) in homes
            or _first_name(find_home(r)) in names
            for r in group
        ):
            kept.extend(group)
    return kept


def _first_name(home: HtmlElement | None) -> str:
    """Give the first class of a container: what the pieces of one text share."""
    return (home.get("class") or "").strip().partition(" ")[0] if home is not None else ""


def _find_pulled(chosen: list[Run], glued: set[int]) -> set[int]:
    """Find words that a box or a quotation set apart repeats from a paragraph of the text.

    The line under such a quotation names who spoke, and goes with it.
    """
    if len(chosen) > _MANY:
        return set()
    sizes: Counter[HtmlElement | None] = Counter()
    for run in chosen:
        sizes[find_home(run)] += len(run.key)
    main = max(sizes, key=lambda home: sizes[home], default=None)
    apart = [
        run
        for run in chosen
        if len(run.key) > _SHORT
        and run.place.item is None
        and (run.place.quote is not None or find_home(run) is not main)
    ]
    found: set[int] = set()
    for run in apart:
        others = [o for o in chosen if o.index not in glued and o.key != run.key]
        if any(run.key in o.key for o in others) or _is_retold(run, others):
            found.add(run.index)
    for before, run in pairwise(chosen):
        home = find_home(run)
        is_below = before.index in found and home is find_home(before) and home is not main
        if is_below and before.place.quote is not None and len(run.text) <= _SPEAKER:
            found.add(run.index)
    return found


def _is_retold(run: Run, others: list[Run]) -> bool:
    """Whether one paragraph says nearly the same words as a quotation set apart."""
    if run.place.quote is None or len(run.key) > _PULLED:
        return False
    own = {run.key[i : i + _PIECE] for i in range(len(run.key) - _PIECE + 1)}
    return any(sum(piece in o.key for piece in own) >= 0.75 * len(own) for o in others)


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
    """Give the keys of what the host repeats, unless that would be most of this body."""
    if template is None or not template.recurring:
        return frozenset()
    found = {run.key for run in runs if template.recurs(run.key)}
    size = sum(len(run.key) for run in runs)
    repeated = sum(len(run.key) for run in runs if run.key in found)
    return frozenset(found) if repeated <= 0.5 * size else frozenset()


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
_LEAD = 120  # characters: the first run so long, or half as long as the longest, begins the text
_LAST = 2  # paragraphs at the end that may tell of the author


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


def _find_next_story(flow: Flow, runs: list[Run], headline: Headline) -> int:
    """Find where the article below begins, on pages that go on with another.

    That is an element of its own behind most of the text, with a headline that leads elsewhere.
    """
    sizes: Counter[HtmlElement | None] = Counter()
    for run in runs:
        sizes[_find_article(run)] += len(run.text)
    own = _find_article(headline.run) if headline.run and headline.run.place.heading else None
    main = max(sizes, key=lambda one: sizes[one], default=None) if own is None else own
    share = 0.5 if own is None else 0.3
    # Where no element has most of the text, the others are entries of the same article.
    if main is None or len(sizes) < 2 or sizes[main] < share * sum(sizes.values()):
        return len(flow.items)
    last = max((run.index for run in runs if _find_article(run) is main), default=0)
    for run in flow.runs:
        is_behind = run.index > last and run.place.heading and run.link_share >= 0.9
        if is_behind and _find_article(run) not in (main, None) and leads_on(run, flow.base):
            return run.index
    return len(flow.items)


def _find_article(run: Run) -> HtmlElement | None:
    """Give the outermost element around a run that calls itself an article."""
    own = [run.place.element] if run.place.tag == "article" else []
    around = [*own, *run.place.element.iterancestors("article")]
    return around[-1] if around else None


def _find_start(headline: Headline, runs: list[Run]) -> int:
    """Find the headline's place, where the text really stands below it."""
    if headline.run is None or headline.run.place.heading == 0:
        return -1
    above = sum(len(run.text) for run in runs if run.index < headline.run.index)
    return headline.run.index if above < 0.2 * sum(len(run.text) for run in runs) else -1


def _is_masthead(run: Run, section: str, lead: int) -> bool:
    """Whether a run above the text is a date line, a byline or the section's name."""
    if is_byline(run):
        return True
    return run.index < lead and (
        (bool(section) and run.key == section)
        or is_publication_line(run.text)
        or is_date_line(run.text)
        or _is_dated(run)
        or _is_tag(run)
    )


def _find_lead(runs: list[Run]) -> int:
    """Find the first paragraph; what is long depends on script and style."""
    limit = min(_LEAD, max((len(run.text) for run in runs), default=0) // 2)
    return next((run.index for run in runs if len(run.text) > limit), 0)


def _is_dated(run: Run) -> bool:
    """Whether a line above the text is no sentence and holds a date: byline and date in one."""
    is_line = len(run.text) <= _KICKER and run.text[-1] not in '.!?…:;"”»“'
    return is_line and not run.place.heading and has_date(run.text)


def _is_tag(run: Run) -> bool:
    """Whether a line above the text is a place or a topic alone."""
    words = run.text.split()
    return (
        len(run.text) <= _TAG
        and len(words) <= 3
        and run.place.item is None
        and run.key.isalpha()
        and run.text[-1] not in '!?…:;"”»“'
        and not _DENSE.search(run.text)
    )


def _drop_end(runs: list[Run]) -> list[Run]:
    """Drop what tells of the author and the copy at the end; higher up the same words are news."""
    kept = list(runs)
    while len(kept) > _LAST and (is_closing(kept[-1].text) or is_date_line(kept[-1].text)):
        kept.pop()
    kinds = {run.place.signature for run in kept[:-_LAST]}
    told = {
        run.index
        for run in kept[-_LAST:]
        if is_biography(run.text)
        or is_closing(run.text)
        or (run.place.signature not in kinds and kinds and names_job(run.text))
    }
    kept = [run for run in kept if run.index not in told]
    while len(kept) > 1 and kept[-1].place.heading:
        kept.pop()
    return kept


def _find_captions(flow: Flow) -> set[str]:
    """Give the keys of captions: a page that says one twice means the picture both times."""
    return {
        run.key
        for run in flow.runs
        if run.place.figure is not None and run.place.caption is not None and len(run.key) > _SHORT
    }


def part_body(
    flow: Flow, runs: list[Run], headline: Headline, section: str, template: Template | None
) -> tuple[list[Run], list[Run]]:
    """Part the chosen runs into the text and links to other articles; the rest goes."""
    from dragoman.extract.flow import make_key

    title = make_key(headline.text)
    recurring = find_recurring(runs, template)
    start = _find_start(headline, runs)
    end = min(find_end(flow, runs), _find_next_story(flow, runs, headline))
    lead = _find_lead(runs)
    lists = find_link_lists(flow, runs)
    boxes = find_boxes(flow, runs) | find_picture_words(flow, runs)
    boxes |= find_promoted(flow, runs, lists) | find_teasers(flow, runs)
    captions = _find_captions(flow)
    kept: list[Run] = []
    related: list[Run] = []
    for run in runs:
        is_title = run.key == title or (run.index <= lead and is_headline(run, title))
        if run.key in recurring or is_title or _is_masthead(run, section, lead):
            continue
        if run.index >= end or (run.index < start and len(run.text) < _KICKER):
            continue
        if run.place.caption is not None and run.place.figure is not None:
            continue
        if len(run.text) < _ASIDE_SIZE and run.place.tag not in PARAGRAPHS and is_aside(run.place):
            continue
        if is_noise(run) or run.index in boxes or run.key in captions:
            continue
        (related if run.index in lists or is_cross_link(run, flow.base) else kept).append(run)
    return _drop_end(kept), related
