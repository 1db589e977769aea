"""The last step over an archive: which records are copies, and what makes a story.

Of captures of one address with the same text the first counts, and the others are duplicates; of
its texts the last is linked, and those before it are revisions. Articles are then taken in order
of time, a batch at a time, against the events of the three weeks before; texts are read as they
are needed, so that memory holds the window and a line for each article.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from dragoman import link
from dragoman.archives.ledger import Ledger
from dragoman.archives.reading import LEAD
from dragoman.archives.tables import Row, read_rows, write_rows
from dragoman.types import Grouping, Judgement, LinkInput

WINDOW = timedelta(days=21)  # the longest time between two events of one story
_BATCH = 200
_NEAREST = 8
_PARTS = 128  # of which the texts are held
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


def link_captures(
    ledger: Ledger, captures: Sequence[Capture], report: Callable[[int, int], None]
) -> dict[str, bytes]:
    """Make the tables `stories` and `copies` of all captures."""
    texts, copies = settle_captures(captures)
    last = {one.article: one for one in texts}  # in order of fetching: the last one stays
    linked = sorted(last.values(), key=lambda one: (one.at, one.article))
    linker = _Linker(partial(_read_part, ledger))
    for start in range(0, len(linked), _BATCH):
        linker.add(linked[start : start + _BATCH])
        report(min(start + _BATCH, len(linked)), len(linked))
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


def _read_part(ledger: Ledger, key: str) -> list[LinkInput]:
    """Read what linking needs of the articles of a part."""
    import numpy as np

    columns = ("record", "article", "url", "host", "language", "title", "text", "fetched",
               "published")  # fmt: skip
    vectors = {}
    packed = f"vectors/{key}.parquet"
    if packed in (ledger.find(key) or {}).get("files", ()):
        for row in read_rows(ledger.read(packed)):
            vectors[row["record"]] = np.asarray(row["vector"], dtype=np.float16).tobytes()
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

    def __init__(self, read: Callable[[str], list[LinkInput]]) -> None:
        self._read = read
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

    def add(self, captures: Sequence[Capture]) -> None:
        """Link articles that are not older than those before."""
        new = [self._input(one) for one in captures]
        self._undated |= {one.article for one in captures if one.published is None}
        self._forget(new[0].at - WINDOW)
        events = self._find_events(new)
        known = [self._live[id] for id in events]
        rarity, self._counts = link.count_stream(self._counts, new)
        near = {one.id for one in (*new, *known)}
        settled = [j for j in self._near if j.article in near and j.other in near]
        made = link.link_stories(
            new, known, settled, undated=self._undated & near, events=events, rarity=rarity
        )
        self._judged += made
        self._near += made
        self._live |= {one.id: one for one in new}
        self._regroup({one.id for one in new} | {j.article for j in made} | {j.other for j in made})

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
