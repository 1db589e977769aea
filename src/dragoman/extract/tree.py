"""Bytes to a tree: the encoding found out, the tree kept harmless."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import TYPE_CHECKING

from dragoman.errors import ExtractError
from dragoman.extract.tables import unfold_tables

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from dragoman.types import Page

_MAX_BYTES = 20_000_000
_MAX_ELEMENTS = 80_000
# libxml2 drops what lies deeper than 256 elements, and recursive walks die of it.
_MAX_DEPTH = 110  # lists nest two elements a level
# XML has no place for control characters: one of them and trafilatura finds no article.
_CONTROL = bytes([*range(9), 11, 12, *range(14, 32), 127])
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>")
# libxml2 compares every attribute of an element with all before it: 100,000 take it minutes.
_LONG_TAG = re.compile(rb"<[a-zA-Z][^>]{3000,}")
_ATTRIBUTE = re.compile(rb"""[^\s=>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?""")
_MAX_ATTRIBUTES = 300
# Elements without an end tag, or whose end tag may be left out, do not count as nesting.
_UNNESTED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "html",
        "head",
        "body",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
    ]
)
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I
)
_XML_CHARSET = re.compile(
    rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([a-zA-Z0-9_:.-]{2,40})["']"""
)
_XML_HEAD = re.compile(rb"^\s*<\?xml[^>]{0,300}\?>")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The WHATWG encoding standard reads these labels as their larger Windows or GB relatives.
_LABELS = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "tis-620": "cp874", "unicode": "utf-8", "utf8": "utf-8",
}  # fmt: skip


def _codec(label: str) -> str:
    name = label.strip().lower()
    name = _LABELS.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # "rot13" and its like are codecs too, but no encodings of text.
    return found.name if getattr(found, "_is_text_encoding", True) else ""


def decode_body(body: bytes, charset: str = "") -> str:
    """Decode a page: byte order mark, header, ``meta``, then by the look of the bytes.

    A declared encoding that does not fit is not believed where UTF-8 fits.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    head = body[:4096]
    meta = _META_CHARSET.search(head) or _XML_CHARSET.search(head)
    declared = [charset, meta[1].decode("ascii", "replace") if meta else ""]
    names = [name for name in map(_codec, declared) if name and not name.startswith("utf-16")]
    try:
        # Text of other encodings almost never passes as UTF-8 by chance, so it goes first
        # even where a server declares Latin-1 for every page it serves.
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name in names:
        if name != "utf-8":
            try:
                return body.decode(name)
            except UnicodeDecodeError:
                continue
    return _guess(body, names)


def _guess(body: bytes, names: list[str]) -> str:
    # A few broken bytes in a long UTF-8 page are damage, not another encoding.
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 200 < len(text):
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(body[:200_000]).best()
    name = best.encoding if best else (names[0] if names else "cp1252")
    return body.decode(name, "replace")


def _flatten(text: str) -> str:
    """Leave out the tags that nest deeper than the limit; their text stays."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _UNNESTED:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < _MAX_DEPTH else " "
        depth += 1
        return match[0] if depth <= _MAX_DEPTH else " "

    return _TAG.sub(keep, text)


def _to_utf8(body: bytes, charset: str) -> bytes:
    """Give a page in UTF-8 without control characters; most are, and need no second copy."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        body = decode_body(body, charset).encode("utf-8", "replace")
    body = _XML_HEAD.sub(b"", body.removeprefix(codecs.BOM_UTF8)).translate(None, _CONTROL)
    return _LONG_TAG.sub(_thin_tag, body)


def _thin_tag(match: re.Match[bytes]) -> bytes:
    """Leave an element its first attributes where it has more than any page needs."""
    found = list(islice(_ATTRIBUTE.finditer(match[0]), _MAX_ATTRIBUTES + 1))
    return match[0] if len(found) <= _MAX_ATTRIBUTES else match[0][: found[-1].start()]


def _parse(data: bytes) -> tuple[HtmlElement, bool]:
    from lxml import etree, html

    # What stands behind a comment would be lost with it in a walk: frameworks mark every text so.
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True, remove_comments=True)
    # lxml.html chooses a class for every element in Python, also in the copies that are made of
    # the tree; nothing here asks for its forms and fields.
    parser.set_element_class_lookup(
        etree.ElementDefaultClassLookup(element=html.HtmlElement, comment=html.HtmlComment)
    )
    root: HtmlElement = html.document_fromstring(data, parser=parser)
    is_cut = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return root, is_cut


def parse_page(page: Page) -> HtmlElement:
    """Parse a page. Raises `ExtractError` where there is nothing that could be HTML."""
    from lxml import etree

    if len(page.body) > _MAX_BYTES:
        raise ExtractError(
            f"{page.url}: the page has {len(page.body):,} bytes, more than the {_MAX_BYTES:,} "
            "that are read as one article; it is left out"
        )
    data = _to_utf8(page.body, page.charset)
    if not data.strip():
        raise ExtractError(f"{page.url}: the page is empty; nothing to take out of it")
    try:
        root, is_cut = _parse(data)
        if is_cut:
            root, _ = _parse(_flatten(data.decode("utf-8", "replace")).encode())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError(
            f"{page.url}: cannot be read as HTML ({error}); open it in a browser to see what it is"
        ) from error
    # Nobody reads drawings and styles; every walk and copy of the tree would pay for them.
    etree.strip_elements(root, "svg", "style", with_tail=False)
    if sum(1 for _ in islice(root.iter(), _MAX_ELEMENTS)) == _MAX_ELEMENTS:
        raise ExtractError(
            f"{page.url}: the page has more than {_MAX_ELEMENTS:,} elements, which no article "
            "has; it is left out"
        )
    unfold_tables(root)
    return root
