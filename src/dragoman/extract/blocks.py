"""Runs, pictures and embeds of the body, made into typed blocks in their order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.extract.flow import Mark, Run
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import Block, BlockKind, SpanKind, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.html import HtmlElement

    from dragoman.extract.pictures import Picture
    from dragoman.types import Moment

_MAX_HEADING = 250
_PARAGRAPH = 100  # characters; texts of lists are shorter, or stand in their items directly
_PLAYERS = re.compile(
    r"youtu\.?be|vimeo|dailymotion|twitter|\bx\.com|instagram|facebook|tiktok|soundcloud|spotify|"
    r"datawrapper|flourish|infogram|brightcove|megaphone|acast|bsky|reddit|google\.com/maps|"
    r"documentcloud|scribd"
)


def _strip_whole_spans(content: Text) -> Text:
    # A heading that is bold from end to end says nothing by it.
    spans = tuple(
        s
        for s in content.spans
        if not (s.kind in (SpanKind.BOLD, SpanKind.ITALIC) and s.end - s.start == len(content.text))
    )
    return Text(content.text, spans)


def _single(run: Run) -> Block:
    place = run.place
    if place.pre is not None:
        return Block(BlockKind.CODE, (run.content,))
    if place.quote is not None:
        cite = clean_url(place.quote.get("cite") or "")
        return Block(BlockKind.QUOTE, (run.content,), url=cite)
    if place.heading and len(run.text) <= _MAX_HEADING:
        return Block(
            BlockKind.HEADING, (_strip_whole_spans(run.content),), level=max(2, place.heading)
        )
    return Block(BlockKind.PARAGRAPH, (run.content,))


def _head(run: Run, at: Moment) -> Block:
    """Make the head of a live entry: its time, and its title where it has one."""
    title = (_strip_whole_spans(run.content),) if run.place.heading else ()
    return Block(BlockKind.LIVE, title, at=at)


def _join(texts: Iterable[Text]) -> Text:
    """Join texts with a space, their spans moved along."""
    text, spans = "", []
    for part in texts:
        lead = f"{text} " if text else ""
        spans += [replace(s, start=s.start + len(lead), end=s.end + len(lead)) for s in part.spans]
        text = lead + part.text
    return Text(text, tuple(spans))


def _list(runs: list[Run], element: HtmlElement) -> Block:
    items: dict[HtmlElement, list[Text]] = {}
    for run in runs:
        if run.place.item is not None:
            items.setdefault(run.place.item, []).append(run.content)
    level = 1 if element.tag == "ol" else 0
    return Block(BlockKind.LIST, tuple(_join(texts) for texts in items.values()), level=level)


def _table(runs: list[Run], element: HtmlElement) -> list[Block]:
    cells: dict[HtmlElement, list[Text]] = {}
    for run in runs:
        if run.place.cell is not None:
            cells.setdefault(run.place.cell, []).append(run.content)
    rows: dict[HtmlElement, list[Text]] = {}
    for cell in element.iter("td", "th"):
        row = cell.getparent()
        own = next((a for a in cell.iterancestors("table")), None)
        if row is not None and own is element:
            rows.setdefault(row, []).append(_join(cells.get(cell, [])))
    kept = [row for row in rows.values() if any(cell.text for cell in row)]
    columns = max((len(row) for row in kept), default=0)
    if columns < 2:
        return [_single(run) for run in runs]
    parts = [cell for row in kept for cell in row + [Text("")] * (columns - len(row))]
    return [Block(BlockKind.TABLE, tuple(parts), columns=columns)]


def read_embed(mark: Mark, base: str) -> Block | None:
    """Make a link with a title of an embedded player, post or chart; none of other frames."""
    element = mark.element
    source = element.find("source")
    url = clean_url(
        element.get("src")
        or element.get("data-src")
        or (source.get("src") if source is not None else "")
        or "",
        base,
    )
    if not url:
        return None
    parts = urlsplit(url)
    if element.tag.endswith("iframe") and not _PLAYERS.search(parts.netloc + parts.path):
        return None
    title = clean_text(element.get("title") or element.get("aria-label") or "") or (
        parts.hostname or ""
    )
    return Block(BlockKind.EMBED, (Text(title),), url=url)


def picture_block(picture: Picture) -> Block:
    """Make a block of a picture; its caption is the only part."""
    parts = (picture.caption,) if picture.caption is not None else ()
    return Block(BlockKind.IMAGE, parts, image=picture.image)


def build_blocks(
    items: list[Run | Picture | Block], order: list[int], starts: Mapping[int, Moment]
) -> tuple[Block, ...]:
    """Build the blocks: runs of one list or table together, the rest one by one.

    ``starts`` has the moments of live entries by the runs that begin them.
    """
    blocks: list[Block] = []
    group: list[Run] = []

    def flush() -> None:
        if group:
            blocks.extend(_grouped(list(group)))
            group.clear()

    for _, item in sorted(zip(order, items, strict=True), key=lambda pair: pair[0]):
        if isinstance(item, Run):
            if group and _owner(group[-1]) is not _owner(item):
                flush()
            if item.index in starts:
                flush()
                blocks.append(_head(item, starts[item.index]))
                if item.place.heading:
                    continue
            if _owner(item) is None:
                flush()
                blocks.append(_single(item))
            else:
                group.append(item)
            continue
        flush()
        blocks.append(item if isinstance(item, Block) else picture_block(item))
    flush()
    return tuple(_join_quotes(blocks))


def _owner(run: Run) -> HtmlElement | None:
    """The outermost list, or the table, that a run belongs to."""
    if run.place.table is not None and run.place.cell is not None:
        return run.place.table
    if run.place.item is None or run.place.heading:
        return None
    return run.place.list


def _grouped(runs: list[Run]) -> list[Block]:
    owner = _owner(runs[0])
    if owner is None:
        return [_single(run) for run in runs]
    if owner.tag == "table":
        return _table(runs, owner)
    # A list of one long item, or of one item at all, is a paragraph in disguise.
    block = _list(runs, owner)
    if (len(block.parts) == 1 and len(runs) > 1) or _is_layout(runs):
        return [_single(run) for run in runs]
    return [block]


def _is_layout(runs: list[Run]) -> bool:
    """Whether a list only lays out paragraphs: entries of a live blog, cards."""
    size = sum(len(run.text) for run in runs)
    return size > _PARAGRAPH * len(runs) and all(run.place.element is not run.place.item
                                                 for run in runs)  # fmt: skip


def _join_quotes(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.parts or block.image or block.at]
