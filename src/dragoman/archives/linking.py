"""The last step over an archive: which records are copies, and what makes a story.

Of captures of one address with the same text the first counts, and the others are duplicates; of
its texts the last is linked, and those before it are revisions. Articles are then taken in order
of time, a batch at a time, against the events of the three weeks before; texts are read as they
are needed, so that memory holds the window and a line for each article. Batches follow one
another, and the workers share the comparing in each.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from dragoman import link
from dragoman.archives.ledger import Ledger
from dragoman.archives.reading import LEAD
from dragoman.archives.tables import Row, read_rows, read_vectors, write_rows
from dragoman.runner import Runner
from dragoman.types import Grouping, Judgement, LinkInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW = timedelta(days=21)  # the longest time between two events of one story
_BATCH = 200
_NEAREST = 8
_PARTS = 128  # of which the texts are held
_FEW = 100  # articles that are compared before anybody else could help
_SCORING_S = 120.0
_LINE = ("record", "archive", "offset", "article", "digest", "fetched", "published")


@dataclass(frozen=True, slots=True)
class Capture:
    """A record that holds an article: where it lies, and what decides between captures."""

    record: str
    article: str
    digest: str
    fetched: datetime
    published: datetime | None
    part: str
    row: int
    order: tuple[str, int]  # archive and offset: decides where the time is the same

    @property
    def at(self) -> datetime:
        """When it was published, or fetched where that is unknown."""
        return self.published or self.fetched


def list_captures(ledger: Ledger, keys: Sequence[str]) -> list[Capture]:
    """List the captures in the parts of these groups."""
    found = []
    for key in keys:
        part = f"articles/{key}.parquet"
        if part not in (ledger.find(key) or {}).get("files", ()):
            continue
        for number, row in enumerate(read_rows(ledger.read(part), _LINE)):
            found.append(
                Capture(
                    row["record"],
                    row["article"],
                    row["digest"],
                    row["fetched"],
                    row["published"],
                    key,
                    number,
                    (row["archive"], row["offset"]),
                )
            )
    return found


def settle_captures(captures: Sequence[Capture]) -> tuple[list[Capture], list[Row]]:
    """Decide which captures count; give those that are no duplicates, and the rows of `copies`.

    Of the same address and text the first fetched counts, then the first by archive and offset.
    """
    texts: dict[tuple[str, str], Capture] = {}
    copies = []
    ordered = sorted(captures, key=lambda one: (one.fetched, one.order))
    for one in ordered:
        first = texts.setdefault((one.article, one.digest), one)
        if first is not one:
            copies.append(_copy_row(one, first, "duplicate"))
    last = {one.article: one for one in texts.values()}
    copies += [
        _copy_row(one, last[one.article], "revision")
        for one in texts.values()
        if last[one.article] is not one
    ]
    return list(texts.values()), copies


def _copy_row(one: Capture, other: Capture, kind: str) -> Row:
    return {
        "record": one.record, "article": one.article, "of_record": other.record,
        "of_article": other.article, "kind": kind,
    }  # fmt: skip


async def link_captures(
    ledger: Ledger,
    captures: Sequence[Capture],
    runner: Runner,
    report: Callable[[int, int], None],
    *,
    scale: link.Scale | None = None,
) -> dict[str, bytes]:
    """Make the tables `stories` and `copies` of all captures; other work goes on meanwhile."""
    texts, copies = settle_captures(captures)
    last = {one.article: one for one in texts}  # in order of fetching: the last one stays
    linked = sorted(last.values(), key=lambda one: (one.at, one.article))
    chosen = scale or link.Scale()
    linker = _Linker(partial(_read_part, ledger), chosen)
    for start in range(0, len(linked), _BATCH):
        batch = await asyncio.to_thread(linker.prepare, linked[start : start + _BATCH])
        ahead = await _score(runner, batch, chosen)
        await asyncio.to_thread(linker.add, batch, ahead)
        report(min(start + _BATCH, len(linked)), len(linked))
    return await asyncio.to_thread(_make_tables, linker, linked, last, copies)


def _make_tables(
    linker: _Linker, linked: Sequence[Capture], last: dict[str, Capture], copies: list[Row]
) -> dict[str, bytes]:
    groupings = linker.group(linked)
    stories = []
    for one in linked:
        group = groupings[one.article]
        stories.append({
            "record": one.record, "article": one.article, "event": group.event,
            "story": group.story, "reported": one.at, "is_dated": one.published is not None,
        })  # fmt: skip
        if group.copy_of:
            copies.append(_copy_row(one, last[group.copy_of], "copy"))
    copies.sort(key=lambda row: (row["record"], row["kind"]))
    return {
        "stories/stories.parquet": write_rows("stories", stories),
        "copies/copies.parquet": write_rows("copies", copies),
    }


@dataclass(frozen=True, slots=True)
class _Batch:
    """Articles to be linked, and what they are judged against."""

    new: list[LinkInput]
    known: list[LinkInput]
    events: dict[str, str]  # of the known
    undated: frozenset[str]
    rarity: Any
    counts: bytes

    @property
    def articles(self) -> list[LinkInput]:
        """All that is compared."""
        return [*self.new, *self.known]


async def _score(runner: Runner, batch: _Batch, scale: link.Scale) -> NDArray[Any] | None:
    """Have the workers compare the articles of a batch; what fails is left to the linker."""
    articles = batch.articles
    if len(articles) < _FEW:
        return None
    shares = [(first, runner.workers) for first in range(runner.workers)]
    jobs = (
        (share, (articles, batch.events, batch.undated, batch.counts, share, scale))
        for share in shares
    )
    outcomes: Any = runner.run_each(link.score_ahead, jobs, deadline_s=_SCORING_S)
    async with aclosing(outcomes):
        scored = [(one.item, one.value) async for one in outcomes if one.value is not None]
    return await asyncio.to_thread(link.join_scores, scored, len(articles))


def _read_part(ledger: Ledger, key: str) -> list[LinkInput]:
    """Read what linking needs of the articles of a part."""
    columns = ("record", "article", "url", "host", "language", "title", "text", "fetched",
               "published")  # fmt: skip
    vectors: dict[str, bytes] = {}
    packed = f"vectors/{key}.parquet"
    if packed in (ledger.find(key) or {}).get("files", ()):
        vectors = read_vectors(ledger.read(packed))
    return [
        LinkInput(
            row["article"],
            row["url"],
            row["language"],
            row["title"],
            row["text"][:LEAD],
            row["published"] or row["fetched"],
            row["host"],
            vectors.get(row["record"], b""),
        )
        for row in read_rows(ledger.read(f"articles/{key}.parquet"), columns)
    ]


class _Linker:
    """Events of the window, as they grow."""

    def __init__(self, read: Callable[[str], list[LinkInput]], scale: link.Scale) -> None:
        self._read, self._scale = read, scale
        self._parts: OrderedDict[str, list[LinkInput]] = OrderedDict()
        self._events = link.LiveEvents()
        self._live: dict[str, LinkInput] = {}
        self._undated: set[str] = set()
        self._judged: list[Judgement] = []  # of all
        self._near: list[Judgement] = []  # of the window
        self._members: dict[str, list[str]] = {}  # of the window's events, in order of time
        self._counts = b""

    def _input(self, one: Capture) -> LinkInput:
        if one.part not in self._parts:
            self._parts[one.part] = self._read(one.part)
            if len(self._parts) > _PARTS:
                self._parts.popitem(last=False)
        self._parts.move_to_end(one.part)
        return self._parts[one.part][one.row]

    def prepare(self, captures: Sequence[Capture]) -> _Batch:
        """Find what articles have to be judged against; they are not older than those before."""
        new = [self._input(one) for one in captures]
        self._undated |= {one.article for one in captures if one.published is None}
        self._forget(new[0].at - WINDOW)
        events = self._find_events(new)
        known = [self._live[id] for id in events]
        rarity, self._counts = link.count_stream(self._counts, new)
        near = {one.id for one in (*new, *known)}
        undated = frozenset(self._undated & near)
        return _Batch(new, known, events, undated, rarity, self._counts)

    def add(self, batch: _Batch, ahead: NDArray[Any] | None) -> None:
        """Link the articles of a batch."""
        near = {one.id for one in batch.articles}
        settled = [j for j in self._near if j.article in near and j.other in near]
        with link.on_one_core():
            made = link.link_stories(
                batch.new, batch.known, settled, undated=batch.undated, events=batch.events,
                rarity=batch.rarity, ahead=ahead, scale=self._scale,
            )  # fmt: skip
        self._judged += made
        self._near += made
        self._live |= {one.id: one for one in batch.new}
        touched = {id for j in made for id in (j.article, j.other)}
        self._regroup(touched | {one.id for one in batch.new})

    def _find_events(self, new: Sequence[LinkInput]) -> dict[str, str]:
        """Give the reports that stand for the events near to new articles, and their events."""
        found = self._events.find(
            [one.vector for one in new],
            [one.language for one in new],
            ((new[0].at - WINDOW).timestamp(), (new[-1].at + WINDOW).timestamp()),
            _NEAREST,
        )
        wanted = sorted({event for events in found for event in events})
        return {
            member: event
            for event in wanted
            for member in link.choose_representatives(self._members[event])
        }

    def _regroup(self, touched: set[str]) -> None:
        """Compute the events of the window anew, and move those that have changed."""
        groupings = link.group_articles(list(self._live.values()), self._near)
        members: defaultdict[str, list[str]] = defaultdict(list)
        for grouping in sorted(
            groupings, key=lambda one: (self._live[one.article].at, one.article)
        ):
            members[grouping.event].append(grouping.article)
        for gone in set(self._members) - set(members):
            self._events.drop(gone)
        for event, ids in members.items():
            if self._members.get(event) != ids or touched.intersection(ids):
                some = [self._live[id] for id in ids]
                span = some[0].at.timestamp(), some[-1].at.timestamp()
                self._events.put(event, [o.vector for o in some], [o.language for o in some], span)
        self._members = dict(members)

    def _forget(self, before: datetime) -> None:
        """Let go of what is older than the window."""
        kept = {id: one for id, one in self._live.items() if one.at >= before}
        if len(kept) < len(self._live):
            self._live = kept
            self._undated &= kept.keys()
            self._near = [j for j in self._near if j.article in kept and j.other in kept]
            self._regroup(set())

    def group(self, captures: Sequence[Capture]) -> dict[str, Grouping]:
        """Compute events and stories of all that was linked."""
        members = [LinkInput(one.article, "", "", "", "", one.at) for one in captures]
        return {one.article: one for one in link.group_articles(members, self._judged)}
