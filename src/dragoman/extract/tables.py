"""Tables that lay out a page, told from tables that hold data, and opened.

A layout table becomes plain containers before anything else looks at the page: its cells are
columns, sidebars and picture frames, and a reader sees no table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ROLES = frozenset({"presentation", "none"})
_SECTIONS = ("h1", "h2", "h3", "form", "article", "section", "nav", "aside", "header", "footer")
_LONG_CELL = 700  # characters: no cell of a data table holds so much
_LONG_COLUMN = 1200  # of a whole table with one row or one column: it only stacks
_MANY_PARAGRAPHS = 3
_FRAME = 500  # characters: a table with one picture and fewer words frames that picture
_CREDIT = 75
_MAX_TABLES = 2000


def _rows(table: HtmlElement) -> list[list[HtmlElement]]:
    groups = [table, *table.iterchildren("thead", "tbody", "tfoot")]
    rows = [
        list(row.iterchildren("td", "th")) for group in groups for row in group.iterchildren("tr")
    ]
    return [row for row in rows if row]


def _size(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in element.itertext("*") if text)


def _has_paragraphs(cell: HtmlElement) -> bool:
    return sum(1 for _ in cell.iter("p")) >= _MANY_PARAGRAPHS


def _is_layout(table: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    if (table.get("role") or "").lower() in _ROLES:
        return True
    if any(True for _ in table.iter(*_SECTIONS)):
        return True
    cells = [cell for row in rows for cell in row]
    if any(_has_paragraphs(cell) or _size(cell) > _LONG_CELL for cell in cells):
        return True
    if any(True for _ in table.iter("th", "caption", "thead")):
        return False
    columns = max((len(row) for row in rows), default=0)
    # A stack of texts, or texts side by side: there is nothing to look up by row and column.
    return len(rows) <= 1 or columns <= 1


def _is_frame(table: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    if max((len(row) for row in rows), default=0) > 1 or _size(table) > _FRAME:
        return False
    pictures = [img for img in table.iter("img") if img.getparent().tag != "noscript"]
    return len(pictures) == 1 and not any(True for _ in table.iter("p", *_SECTIONS))


def _open_frame(table: HtmlElement, rows: list[list[HtmlElement]]) -> None:
    table.tag = "figure"
    captions = []
    for (cell,) in rows:
        is_caption = _size(cell) and next(cell.iter("img"), None) is None
        cell.tag = "figcaption" if is_caption else "div"
        if is_caption:
            captions.append(cell)
    # A second line of few words, without a full stop, says who made the picture.
    if len(captions) > 1 and _size(captions[-1]) <= _CREDIT and not _is_sentence(captions[-1]):
        captions[-1].set("class", f"{captions[-1].get('class', '')} credit".strip())


def _is_sentence(cell: HtmlElement) -> bool:
    return "".join(cell.itertext()).strip().endswith((".", "!", "?", "。", "؟"))


def _open_rows(table: HtmlElement, rows: list[list[HtmlElement]]) -> None:
    table.tag = "div"
    for row in rows:
        for cell in row:
            cell.tag = "div"


def unfold_tables(root: HtmlElement) -> None:
    """Turn tables that lay out into containers, and those around one picture into figures."""
    tables = list(root.iter("table"))[:_MAX_TABLES]
    around = {next(table.iterancestors("table"), None) for table in tables}
    # The innermost first: what frames a picture is a figure before its column is opened.
    for table in reversed(tables):
        rows = _rows(table)
        is_frame = table not in around and _is_frame(table, rows)
        if not is_frame and table not in around and not _is_layout(table, rows):
            continue
        (_open_frame if is_frame else _open_rows)(table, rows)
        for part in list(table.iterchildren("tr", "thead", "tbody", "tfoot")):
            for row in [part, *part.iterchildren("tr")]:
                row.tag = "div"
