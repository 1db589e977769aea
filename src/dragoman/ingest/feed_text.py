"""A feed's bytes made safe to parse: decoded, undressed of its DTD, and measured.

Parsers see UTF-8 alone, without document type, undefined entities and forbidden characters,
and nothing that is nested, wide or long enough to keep them busy: one element with 100,000
attributes keeps good readers busy for minutes.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from dragoman.errors import FeedError

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 128
MAX_ATTRIBUTES = 128  # of one element
MAX_TAG = 64 * 1024  # characters of one tag
MAX_TAGS = 400_000
MAX_ITEMS = 10_000  # above it the feed is refused; the reading keeps fewer
_MAX_BROKEN_TAGS = 256  # "<" that begins no tag which ends: each costs up to MAX_TAG steps

# Labels that mean windows-1252 on the web (WHATWG Encoding), whatever they say.
_WINDOWS = frozenset({"ascii", "us-ascii", "latin-1", "latin1", "iso8859-1", "cp1252"})
_SEVEN_BIT = ("iso2022", "hz")  # valid as ASCII, and yet something else
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:#(?:(\d{1,7})|x([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{1,31});)?")
_CORE = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAG = re.compile(rf"<(?:[^<>\"']++|\"[^\"]{{0,{MAX_TAG}}}+\"|'[^']{{0,{MAX_TAG}}}+')*+>")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_OPENERS = re.compile(r"<(?=[A-Za-z_:/!?])")
_NAME = re.compile(r"</?([^\s/>]{0,200})")
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_ITEMS = frozenset({"item", "entry"})


def decode_feed(body: bytes, content_type: str = "") -> str:
    """Decode a feed's bytes to text.

    Byte order mark, then UTF-8 where the bytes are valid as such, then what the XML declares,
    then what the server says; windows-1252 in the end. Declarations are wrong so often that
    valid UTF-8 beats them.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    declared = _DECLARED.search(body[:2048])
    charset = _CHARSET.search(content_type)
    labels = [declared[1].decode("ascii") if declared else "", charset[1] if charset else ""]
    names = [name for name in map(_codec, labels) if name]
    if not any(name.startswith(_SEVEN_BIT) for name in names):
        names.insert(0, "utf-8")
    for name in names:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def _codec(label: str) -> str:
    """Give the name of the text codec that a label means, or an empty string."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)  # raises LookupError for codecs that are no text encodings
    except (LookupError, UnicodeError):
        return ""
    if name in _WINDOWS:
        return "cp1252"
    escapes = name.startswith(("utf-7", "unicode", "raw", "idna", "punycode", "undefined"))
    return "" if escapes else name


def prepare_xml(text: str, url: str, *, what: str = "feed", max_tags: int = MAX_TAGS) -> str:
    """Give XML that is safe to hand to a parser, with a declaration of UTF-8.

    ``what`` names the file in messages. Raises `FeedError` for entities, and for what exceeds
    the caps.
    """
    measure = _Measure(url, what, max_tags)
    text = _check_markup(_FORBIDDEN.sub("", text), measure).lstrip()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'


def _mend_ampersand(match: re.Match[str]) -> str:
    """Write an HTML entity as its character, and a bare ampersand as XML wants it."""
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        is_allowed = number < 0x110000 and not _FORBIDDEN.match(chr(number))
        return match[0] if is_allowed else ""
    if name in _CORE:
        return match[0]
    chars = html5.get(f"{name};", "&")
    return f"&amp;{match[0][1:]}" if set(chars) & set("<>&\"'") else chars


class _Measure:
    """Counts what a file holds, and refuses too much of anything."""

    def __init__(self, url: str, what: str, max_tags: int) -> None:
        self._url, self._what, self._max_tags = url, what, max_tags
        self._depth = self._tags = self._items = self._broken = 0

    def refuse(self, fault: str) -> FeedError:
        return FeedError(
            f"{self._url}: the {self._what} {fault}; it is not read, and the publisher has to "
            "mend it"
        )

    def count_broken(self, text: str) -> None:
        """Weigh what begins like a tag and does not end within the longest that is allowed."""
        self._broken += 1
        if self._broken > _MAX_BROKEN_TAGS:
            raise self.refuse("holds too many broken tags")
        inside = re.split("[<>]", _QUOTED.sub("", text[1:]), maxsplit=1)
        is_endless = len(inside) == 1 and len(text) >= MAX_TAG
        if is_endless or len(inside[0].split()) > MAX_ATTRIBUTES:
            raise self.refuse("holds a tag that is too long")

    def count_tag(self, tag: str) -> None:
        self._tags += 1
        if self._tags > self._max_tags or len(tag) > MAX_TAG:
            raise self.refuse("holds too many tags, or too long ones")
        match = _NAME.match(tag)
        name = match[1].lower() if match else ""
        if tag.startswith("</"):
            self._depth = max(self._depth - 1, 0)
            return
        if len(tag) > MAX_ATTRIBUTES and len(_QUOTED.sub("", tag).split()) > MAX_ATTRIBUTES + 1:
            raise self.refuse(f"has an element with more than {MAX_ATTRIBUTES} attributes")
        if name.rpartition(":")[2] in _ITEMS:
            self._items += 1
            if self._items > MAX_ITEMS:
                raise self.refuse(f"holds more than {MAX_ITEMS} items")
        if not tag.endswith("/>") and name not in _VOID:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise self.refuse(f"nests its elements more than {MAX_DEPTH} deep")


def _check_markup(text: str, measure: _Measure) -> str:
    """Walk over all markup once; give the text without document type, comments, instructions.

    Comments go too, because parsers differ on where a malformed one ends, and what one of
    them takes for a comment another would read.
    """
    kept: list[str] = []
    start = at = 0
    while (opener := _OPENERS.search(text, at)) is not None:
        at = opener.start()
        if text.startswith("<![CDATA[", at):
            end = _find_end(text, "]]>", at + 9)
            kept += [_AMPERSAND.sub(_mend_ampersand, text[start:at]), text[at:end]]
            start = at = end
        elif text.startswith(("<!", "<?"), at):
            kept.append(_AMPERSAND.sub(_mend_ampersand, text[start:at]))
            start = at = _end_of_declaration(text, at, measure)
        elif (tag := _TAG.match(text, at, at + MAX_TAG + 2)) is not None:
            measure.count_tag(tag[0])
            at = tag.end()
        else:
            measure.count_broken(text[at : at + MAX_TAG])
            at += 1
    return "".join([*kept, _AMPERSAND.sub(_mend_ampersand, text[start:])])


def _find_end(text: str, mark: str, at: int) -> int:
    end = text.find(mark, at)
    return len(text) if end < 0 else end + len(mark)


def _end_of_declaration(text: str, at: int, measure: _Measure) -> int:
    """Give the end of a comment, instruction or document type; entities raise `FeedError`."""
    if text.startswith("<!--", at):
        return _find_end(text, "-->", at + 4)
    if text.startswith("<?", at):
        return _find_end(text, "?>", at + 2)
    head = text[at : at + MAX_TAG]
    subset, close = head.find("["), head.find(">")
    if 0 <= subset < close:
        close = head.find("]", subset)
        close = head.find(">", close) if close >= 0 else -1
    inside = head if close < 0 else head[: close + 1]
    if "<!ENTITY" in inside.upper():
        raise measure.refuse("defines entities, which can blow up or read files")
    if close < 0:
        raise measure.refuse("has a document type that does not end")
    return at + close + 1
