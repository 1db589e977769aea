"""A small safe reader of HTML: block elements and inline spans, nothing that acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dragoman.sanitize import clean_text, clean_url
from dragoman.translate.words import word_set
from dragoman.types import Article, Block, BlockKind, Image, Span, SpanKind, Text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DROPPED = word_set("script style noscript template svg iframe object form button head")
_BLOCKS = word_set(
    "p div section article main header footer aside nav h1 h2 h3 h4 h5 h6 ul ol li dl dt dd "
    "blockquote pre table figure figcaption hr body html address details summary"
)
_SPANS = {
    "a": SpanKind.LINK, "b": SpanKind.BOLD, "strong": SpanKind.BOLD, "i": SpanKind.ITALIC,
    "em": SpanKind.ITALIC, "code": SpanKind.CODE, "kbd": SpanKind.CODE, "q": SpanKind.QUOTE,
}  # fmt: skip
_MAX_DEPTH = 200  # hostile pages nest deeper than the interpreter's stack
_SPACE = re.compile(r"\s+")


def read_html(html: str, language: str, *, id: str = "") -> Article:
    """Read a page or a piece of HTML as an article; its first h1, else its title, is the title."""
    root = _parse(html)
    blocks: list[Block] = []
    if root is not None:
        _walk(root, blocks, 0)
    title = ""
    if blocks and blocks[0].kind is BlockKind.HEADING and blocks[0].level == 1:
        title = blocks.pop(0).text
    elif root is not None:
        title = clean_text(str(root.findtext(".//title") or ""))
    return Article(id, "", "", language, title, tuple(blocks))


def read_inline(html: str) -> Text:
    """Read a piece of HTML as one text with spans."""
    root = _parse(f"<div>{html}</div>")
    return _inline([root], 0) if root is not None else Text("")


def _parse(html: str) -> HtmlElement | None:
    from lxml import etree
    from lxml import html as parser

    html = html.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    if not html.strip():
        return None
    try:
        root: HtmlElement = parser.document_fromstring(
            html.encode(), parser=parser.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root


def _walk(element: HtmlElement, blocks: list[Block], depth: int) -> None:
    """Add the blocks of an element; loose inline content between them is a paragraph."""
    loose: list[HtmlElement | str] = [element.text or ""]
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _BLOCKS or tag == "img":
            _add_loose(loose, blocks)
            loose = [child.tail or ""]
            if depth < _MAX_DEPTH:
                _add_block(child, tag, blocks, depth)
        else:
            loose += (
                [child, child.tail or ""] if tag and tag not in _DROPPED else [child.tail or ""]
            )
    _add_loose(loose, blocks)


def _add_loose(loose: list[HtmlElement | str], blocks: list[Block]) -> None:
    text = _inline(loose, 0)
    if text.text:
        blocks.append(Block(BlockKind.PARAGRAPH, (text,)))


def _add_block(element: HtmlElement, tag: str, blocks: list[Block], depth: int) -> None:
    if re.fullmatch("h[1-6]", tag):
        _add(blocks, BlockKind.HEADING, [element], level=int(tag[1]))
    elif tag in ("ul", "ol"):
        _add(blocks, BlockKind.LIST, list(element.iter("li")), level=int(tag == "ol"))
    elif tag == "table":
        rows = [list(row.iter("td", "th")) for row in element.iter("tr")]
        cells = [cell for row in rows for cell in row]
        _add(blocks, BlockKind.TABLE, cells, columns=max(map(len, rows), default=0))
    elif tag == "blockquote":
        _add(blocks, BlockKind.QUOTE, list(element.iter("p")) or [element])
    elif tag == "pre":
        blocks.append(Block(BlockKind.CODE, (Text(element.text_content()),)))
    elif tag in ("figure", "img"):
        _add_picture(element, tag, blocks)
    elif tag == "p":
        _add(blocks, BlockKind.PARAGRAPH, [element])
    else:
        _walk(element, blocks, depth + 1)


def _add(
    blocks: list[Block],
    kind: BlockKind,
    elements: list[HtmlElement],
    *,
    level: int = 0,
    columns: int = 0,
) -> None:
    texts = [_inline([element], 0) for element in elements]
    # An empty cell of a table keeps its place; nothing else does.
    parts = tuple(text for text in texts if text.text or kind is BlockKind.TABLE)
    if parts:
        blocks.append(Block(kind, parts, level=level, columns=columns))


def _add_picture(element: HtmlElement, tag: str, blocks: list[Block]) -> None:
    picture = element if tag == "img" else element.find(".//img")
    caption = None if tag == "img" else element.find(".//figcaption")
    url = clean_url(picture.get("src") or "") if picture is not None else ""
    alt = clean_text(picture.get("alt") or "") if picture is not None else ""
    text = _inline([caption], 0) if caption is not None else Text("")
    if url or text.text:
        parts = (text,) if text.text else ()
        blocks.append(Block(BlockKind.IMAGE, parts, image=Image(url, alt)))


def _inline(content: list[HtmlElement | str], depth: int) -> Text:
    """Read inline content: white space folded, spans on what is left."""
    pieces: list[str] = []
    spans: list[Span] = []
    for piece in content:
        _collect(piece, pieces, spans, depth, is_top=True)
    return _fold("".join(pieces), spans)


def _collect(
    piece: HtmlElement | str, pieces: list[str], spans: list[Span], depth: int, *, is_top: bool
) -> None:
    if isinstance(piece, str):
        pieces.append(piece)
        return
    tag = piece.tag if isinstance(piece.tag, str) else ""
    if not tag or tag in _DROPPED or depth > _MAX_DEPTH:
        return
    start = sum(map(len, pieces))
    if tag == "br":
        pieces.append("\n")
        spans.append(Span(SpanKind.BREAK, start, start))
    pieces.append(piece.text or "")
    for child in piece:
        _collect(child, pieces, spans, depth + 1, is_top=False)
        pieces.append(child.tail or "")
    end = sum(map(len, pieces))
    value = clean_url(piece.get("href") or "") or (piece.get("href") or "") if tag == "a" else ""
    if tag in _SPANS and start < end and (tag != "a" or value):
        spans.append(Span(_SPANS[tag], start, end, value))


def _fold(text: str, spans: list[Span]) -> Text:
    """Fold white space to single spaces and move the spans along."""
    places: list[int] = []
    out: list[str] = []
    for char in text:
        places.append(len(out))
        if not char.isspace():
            out.append(char)
        elif out and out[-1] != " ":
            out.append(" ")
    places.append(len(out))
    folded = "".join(out)
    stripped = folded.rstrip()
    moved = []
    for span in spans:
        start, end = (min(places[at], len(stripped)) for at in (span.start, span.end))
        while start < end and stripped[start] == " ":
            start += 1
        while start < end and stripped[end - 1] == " ":
            end -= 1
        if start < end or span.kind is SpanKind.BREAK:
            moved.append(Span(span.kind, start, end, span.value))
    return Text(stripped, tuple(sorted(moved, key=lambda s: (s.start, -s.end))))
