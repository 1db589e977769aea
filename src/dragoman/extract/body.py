"""Which runs of a page are the article's body.

trafilatura's precision mode chooses the text (the best single-page extractor measured); its
lines are found again in our own flow, so that kinds, links and pictures keep their place.
What it is known to lose and to keep wrongly is mended there.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dragoman.extract.commonwords import keep_small
from dragoman.extract.flow import Flow, Run, make_key
from dragoman.extract.jsonld import paragraphs_of
from dragoman.extract.live import lines_of, posts_of
from dragoman.extract.noise import PARAGRAPHS, find_home, is_aside, is_cross_link, is_noise
from dragoman.extract.trim import drop_doubles, drop_islands, part_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from dragoman.extract.jsonld import Statement
    from dragoman.extract.template import Template
    from dragoman.extract.titles import Headline

_SHORT = 25  # characters of a key under which a run must equal a whole line
_SHINGLE = 12
_LEAD, _ENDS = 80, ".!?…。！？।؟”»"  # characters of a lead, and how it ends
_DECK = 60  # characters by which a description is known again
_NEAR_HEADLINE = 25  # pieces from the headline to the text
_SHOWN_LIVE = 0.85  # of a live blog's stated text: a page with less loads the rest
_CROWD = 500  # inline elements in one other: no paragraph has so many
_INLINE = ("a", "b", "strong", "i", "em", "u", "s", "span", "font", "small", "sub", "sup", "mark",
           "code", "tt", "big", "abbr", "cite", "q", "time", "label", "br", "wbr")  # fmt: skip


@dataclass(slots=True)
class Body:
    """The runs of the body in order, and what was taken out of it."""

    runs: list[Run] = field(default_factory=list)
    related: list[Run] = field(default_factory=list)
    paragraphs: tuple[str, ...] = ()  # where the text came from elsewhere than the page's flow
    origin: str = "page"


def choose_lines(root: HtmlElement) -> list[str]:
    """Let trafilatura choose the body's lines; none where it finds no article.

    Its balanced mode as a second try on empty answers mended none of 240 pages.
    """
    from trafilatura import bare_extraction

    keep_small()
    _thin_crowds(root)
    # The head holds no text, and every copy that trafilatura makes of the tree would hold it.
    head = root.find("head")
    at = root.index(head) if head is not None else 0
    if head is not None:
        root.remove(head)
    try:
        found = bare_extraction(
            root,
            favor_precision=True,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
        )
    finally:
        if head is not None:
            root.insert(at, head)
    lines: list[str] = []
    for line in str(getattr(found, "text", "") or "").split("\n"):
        # Rows of tables come as "| one | two |"; the flow knows their cells.
        lines += line.split("|") if line.count("|") > 1 else [line]
    return [line for line in lines if line.strip()]


def _thin_crowds(root: HtmlElement) -> None:
    """Take the markup off crowds of inline elements: trafilatura compares each with all others.

    The flow has read it already, and the choice of lines needs their words alone.
    """
    for element in [one for one in root.iter() if len(one) > _CROWD]:
        inline = sum(child.tag in _INLINE for child in element)
        lines = sum(child.tag == "br" for child in element)
        if inline - lines > _CROWD and all(one.tag in _INLINE for one in element.iterdescendants()):
            text = " ".join(element.itertext())
            del element[:]
            element.text = text


def _find_shingles(key: str) -> set[int]:
    # Their hashes take a third of the memory; that two are one is as good as impossible.
    return {hash(key[i : i + _SHINGLE]) for i in range(len(key) - _SHINGLE + 1)}


def match_runs(runs: list[Run], lines: list[str]) -> list[Run]:
    """Find the runs that the chosen lines came from."""
    keys = [key for key in map(make_key, lines) if key]
    wanted = Counter(keys)
    joined = "\n".join(keys)
    # Lines that are a run, whole, need no run that is nearly in them.
    whole = {run.key for run in runs}
    shingles = _find_shingles("\n".join(key for key in keys if key not in whole))
    groups: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.key in wanted or _is_inside(run, joined, shingles):
            groups[run.key].append(run)
    anchors = sorted(group[0].index for group in groups.values() if len(group) == 1)
    chosen = []
    for key, group in groups.items():
        count = max(1, wanted[key])
        if len(group) > count:
            group.sort(key=lambda run: (run.place.is_hidden, _gap(anchors, run.index)))
        chosen.extend(group[:count])
    return sorted(chosen, key=lambda run: run.index)


def _is_inside(run: Run, joined: str, shingles: set[int]) -> bool:
    if len(run.key) < _SHORT:
        return False
    if run.key in joined:
        return True
    # A letter that differs spoils a dozen shingles; where most are shared, one in six tells.
    starts = range(0, len(run.key) - _SHINGLE + 1, _SHINGLE // 2)
    if not any(hash(run.key[i : i + _SHINGLE]) in shingles for i in starts):
        return False
    own = _find_shingles(run.key)
    # A line loses a link or a mark inside; most of it still stands there.
    return len(own & shingles) >= 0.6 * len(own)


def _gap(anchors: list[int], index: int) -> int:
    if not anchors:
        return index
    at = bisect.bisect(anchors, index)
    near = [abs(anchors[i] - index) for i in (at - 1, at) if 0 <= i < len(anchors)]
    return min(near)


_ENOUGH = 200  # characters of chosen text that make a container the body's own


def _is_addable(run: Run, base: str) -> bool:
    place = run.place
    return not (
        place.is_hidden
        or place.figure is not None
        or place.caption is not None
        or place.cell is not None
        or place.heading == 1
        or not run.key
        or is_aside(place)
        or is_cross_link(run, base)
        or is_noise(run)
    )


def join_body(flow: Flow, chosen: list[Run]) -> list[Run]:
    """Add what an advertisement, a fold or a filter parted from the body.

    A third of what the best extractor loses stands beside what it keeps: in the same
    container, or in one of the same kind next to it.
    """
    homes: Counter[HtmlElement | None] = Counter()
    kinds: Counter[str] = Counter()
    for run in chosen:
        homes[find_home(run)] += len(run.text)
        kinds[run.place.signature] += len(run.text)
    taken = {run.index for run in chosen}
    if not chosen:
        return []
    first, last = chosen[0].index, chosen[-1].index
    own = {home for home, size in homes.items() if size >= _ENOUGH}
    near = _find_neighbours(own)
    folds = _find_folds(flow, own)
    around = _find_around(chosen, kinds)
    added = []
    for run in flow.runs:
        if run.index in taken:
            continue
        home = find_home(run)
        size = kinds[run.place.signature]
        is_inside = first < run.index < last
        is_own = home in own and (is_inside or size >= _ENOUGH)
        is_own = is_own or (home in folds and run.place.element.tag in PARAGRAPHS)
        is_own = is_own or (
            run.place.tag == "p"
            and size >= 2 * _ENOUGH
            and any(above in around[run.place.signature] for above in _above(home))
        )
        is_near = home is not None and home not in own and size >= _ENOUGH and _names(home) in near
        is_near = is_near and any(a in near[_names(home)] for a in _above(home))
        # The words are asked last: few runs of a page stand near its body.
        if (is_own or is_near) and _is_addable(run, flow.base):
            added.append(run)
    return sorted([*chosen, *added], key=lambda run: run.index)


def _names(element: HtmlElement | None) -> str:
    return f"{element.tag}.{element.get('class', '')}" if element is not None else ""


def _above(element: HtmlElement | None) -> list[HtmlElement]:
    found: list[HtmlElement] = []
    while element is not None and len(found) < 3:
        element = element.getparent()
        if element is not None and element.tag not in ("body", "html"):
            found.append(element)
    return found


def _find_folds(flow: Flow, own: set[HtmlElement | None]) -> set[HtmlElement | None]:
    """Find containers inside the body's own that hold paragraphs: what "read on" unfolds."""
    sizes: Counter[HtmlElement] = Counter()
    for run in flow.runs:
        if run.place.tag == "p" and run.link_share < 0.3 and len(run.text) > 60:
            home = find_home(run)
            if home is not None and home not in own and home.getparent() in own:
                sizes[home] += len(run.text)
    return {home for home, size in sizes.items() if size >= _ENOUGH}


def _find_around(
    chosen: list[Run], kinds: Counter[str]
) -> defaultdict[str, set[HtmlElement | None]]:
    """Find what holds most paragraphs of a kind, where each stands in a wrapper of its own."""
    sizes: defaultdict[str, Counter[HtmlElement]] = defaultdict(Counter)
    for run in chosen:
        if run.place.tag == "p":
            for above in _above(find_home(run)):
                sizes[run.place.signature][above] += len(run.text)
    return defaultdict(
        set,
        {
            kind: {above for above, size in held.items() if 2 * size > kinds[kind]}
            for kind, held in sizes.items()
        },
    )


def _find_neighbours(own: set[HtmlElement | None]) -> dict[str, list[HtmlElement]]:
    """Give the elements around each kind of container that holds body text."""
    near: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    for home in own:
        if home is not None and home.get("class"):
            near[_names(home)] += _above(home)
    return near


def add_lead(
    flow: Flow, chosen: list[Run], headline: Run | None, known: Iterable[str]
) -> list[Run]:
    """Add the paragraph between headline and text that stands in a container of its own.

    ``known`` are descriptions of the article: one of them again is a deck, and no paragraph.
    """
    if headline is None or not chosen or chosen[0].index - headline.index > _NEAR_HEADLINE:
        return chosen
    between = [
        run
        for run in flow.runs
        if headline.index < run.index < chosen[0].index
        and len(run.text) >= _LEAD
        and run.text[-1] in _ENDS
        and run.link_share < 0.3
        and run.place.item is None
        and _is_addable(run, flow.base)
    ]
    decks = [key for key in map(make_key, known) if key]
    if len(between) != 1 or any(_is_deck(between[0].key, deck) for deck in decks):
        return chosen
    return [*between, *chosen]


def _is_deck(key: str, deck: str) -> bool:
    size = min(len(key), len(deck), _DECK)
    return key[:size] == deck[:size]


def complete_tables(flow: Flow, chosen: list[Run]) -> list[Run]:
    """Take a table whole where half of its cells were chosen."""
    cells: defaultdict[HtmlElement, list[Run]] = defaultdict(list)
    for run in flow.runs:
        if run.place.table is not None:
            cells[run.place.table].append(run)
    taken = {run.index: run for run in chosen}
    for runs in cells.values():
        hits = sum(1 for run in runs if run.index in taken)
        if hits * 2 >= len(runs):
            taken.update((run.index, run) for run in runs)
    return [taken[index] for index in sorted(taken)]


def read_statement_lines(statement: Statement) -> tuple[list[str], bool]:
    """Read the body that JSON-LD states, and whether it has the posts of a live blog."""
    lines = list(paragraphs_of(statement.article.get("articleBody")))
    live = [line for post in posts_of(statement) for line in lines_of(post)]
    return lines + live, bool(live)


def weigh_statement(
    flow: Flow, chosen: list[Run], statement: Statement
) -> tuple[list[Run], tuple[str, ...]]:
    """Weigh the body of JSON-LD against the page's: it may add, and replace only an empty one.

    Unguarded it made as many pages worse as better. It counts only where it holds nearly all
    that the page's own body says, and clearly more.
    """
    lines, is_live = read_statement_lines(statement)
    stated = make_key(" ".join(lines))
    size = sum(len(run.key) for run in chosen)
    if len(stated) < 300 or len(stated) < 1.15 * size:
        return chosen, ()
    held = sum(len(run.key) for run in chosen if run.key in stated)
    if size and held < 0.7 * size and not is_live:
        return chosen, ()
    found = match_runs([run for run in flow.runs if run.place.caption is None], lines)
    covered = sum(len(run.key) for run in found)
    # A live blog shows its newest entries, and loads the others by script.
    is_cut = is_live and held >= 0.7 * size
    if covered >= (_SHOWN_LIVE if is_cut else 0.6) * len(stated):
        merged = {run.index: run for run in (*chosen, *found)}
        return sorted(merged.values(), key=lambda run: run.index), ()
    if size < (_SHOWN_LIVE if is_cut else 0.5) * len(stated):
        return chosen, tuple(lines)
    return chosen, ()


def choose_body(
    root: HtmlElement,
    flow: Flow,
    headline: Headline,
    statement: Statement,
    template: Template | None,
    section: str = "",
    known: Iterable[str] = (),
) -> Body:
    """Choose the body of a page; ``known`` are descriptions of its article."""
    title_key = make_key(headline.text)
    lines = choose_lines(root)
    runs = [run for run in match_runs(flow.runs, lines) if run.key != title_key]
    runs = complete_tables(flow, runs)
    runs, paragraphs = weigh_statement(flow, runs, statement)
    runs = add_lead(flow, drop_islands(join_body(flow, runs)), headline.run, known)
    runs = drop_doubles(runs)
    kept, related = part_body(flow, runs, headline, make_key(section), template)
    body = Body(kept, related, paragraphs, "json-ld" if paragraphs else "page")
    body.related = find_related(flow, body)
    return body


def find_related(flow: Flow, body: Body) -> list[Run]:
    """Find the cross-links that stand among the body's paragraphs or right behind them."""
    if not body.runs:
        return body.related
    first, last = body.runs[0].index, body.runs[-1].index
    taken = {run.index for run in body.runs}
    known = {run.index: run for run in body.related}
    homes = {find_home(run) for run in body.runs}
    for run in flow.runs:
        is_near = first < run.index <= last + 3 and find_home(run) in homes
        is_known = run.index in taken or len(run.text) <= 15
        if is_near and not is_known and is_cross_link(run, flow.base) and not is_noise(run):
            known.setdefault(run.index, run)
    return [known[index] for index in sorted(known)]
