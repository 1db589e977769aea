"""Outlines (OPML): lists of publishers that readers of feeds hand to one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape, quoteattr

from dragoman.errors import FeedError
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import Rights, Source

from .feed_item import read_language
from .feed_text import decode_feed, prepare_xml

MAX_OUTLINES = 20_000
_MAX_ATTRIBUTES = 40  # unknown ones that are kept of an outline
_MAX_VALUE = 4096
_MAX_NAME = 200
_OURS = "dragoman"  # the prefix of what no other program writes
_SPACE = "https://dragoman.invalid/opml"
# What XML 1.0 cannot hold, not even escaped: one such name would spoil the whole list.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KNOWN = frozenset({"text", "title", "type", "xmlUrl", "language"})


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an outline gave: publishers without ids, and what is wrong with the rest, in words."""

    sources: tuple[Source, ...] = ()
    faults: tuple[str, ...] = ()


def parse_outlines(body: bytes, name: str, *, is_own: bool = False) -> Outlines:
    """Read an OPML file; ``name`` is its path or address, for messages.

    An outline that cannot be used is named among the faults, and the others are read. Folders
    and unknown attributes are kept. Only in a file of the operator's own (``is_own``) what
    `write_outlines` said of rights counts: a stranger's list must not open anything. Raises
    `FeedError` where the file is no OPML.
    """
    reader = _Reader(name, is_own)
    parser = ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    reader.line = lambda: parser.CurrentLineNumber
    try:
        parser.Parse(prepare_xml(decode_feed(body), name, what="outline").encode(), True)
    except ExpatError as error:
        if not reader.sources:
            raise FeedError(
                f"{name}: this is no OPML that can be read ({error}); export it again from the "
                "program that wrote it"
            ) from error
        reader.faults.append(f"{name}: the file breaks off ({error}); what follows is not read")
    if not reader.is_opml:
        raise FeedError(f"{name}: this is no OPML; give a file that a feed reader exported")
    return Outlines(tuple(reader.sources), tuple(reader.faults))


@dataclass(slots=True)
class _Reader:
    """Walks over outlines; each is a publisher with an address, or a folder."""

    name: str
    is_own: bool
    sources: list[Source] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    is_opml: bool = False
    line: Any = None
    _spaces: dict[str, str] = field(default_factory=dict)  # prefixes, as the root declares them
    _folders: list[str] = field(default_factory=list)
    _is_feed: list[bool] = field(default_factory=list)  # of each outline that is open

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag.lower() == "opml":
            self.is_opml = True
        for key, value in attributes.items():
            if key.startswith("xmlns:"):
                self._spaces[key[6:]] = value
        if tag.lower() == "outline" and self.is_opml:
            has_address = "xmlUrl" in attributes or "xmlurl" in attributes
            self._is_feed.append(has_address or attributes.get("type", "").lower() == "rss")
            if self._is_feed[-1]:
                self._read(attributes)
            else:
                title = attributes.get("text") or attributes.get("title") or ""
                self._folders.append(clean_text(title)[:_MAX_NAME])

    def end(self, tag: str) -> None:
        if tag.lower() == "outline" and self._is_feed and not self._is_feed.pop():
            self._folders.pop()

    def _read(self, attributes: Mapping[str, str]) -> None:
        title = clean_text(attributes.get("text") or attributes.get("title") or "")[:_MAX_NAME]
        raw = attributes.get("xmlUrl") or attributes.get("xmlurl") or ""
        address = clean_url(raw)
        where = f"{self.name}, outline '{title or raw[:80]}'"
        if len(self.sources) >= MAX_OUTLINES:
            self._fault(f"{self.name}: more than {MAX_OUTLINES} outlines; the rest is left out")
        elif not raw.strip():
            self._fault(f"{where}: it has no address (xmlUrl); left out")
        elif not address:
            self._fault(f"{where}: '{raw[:80]}' is no http or https address; left out")
        else:
            ours, others = self._sort(attributes)
            source = Source(
                id="",
                url=address,
                name=title,
                language=read_language(attributes.get("language", "")) or "und",
                folder=tuple(folder for folder in self._folders if folder),
                outline=others,
            )
            self.sources.append(_apply_ours(source, ours))

    def _sort(
        self, attributes: Mapping[str, str]
    ) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        """Tell our own attributes from those of others, which are kept with their namespace."""
        ours: dict[str, str] = {}
        others: dict[str, str] = {}
        for key, value in attributes.items():
            prefix, _, local = key.rpartition(":")
            space = self._spaces.get(prefix, "")
            if space == _SPACE:
                ours[local] = value if self.is_own else ""
            elif prefix and space and prefix not in (_OURS, "xmlns"):
                others |= {key: value[:_MAX_VALUE], f"xmlns:{prefix}": space}
            elif not prefix and key not in _KNOWN and key.lower() not in ("xmlurl", "xmlns"):
                others[key] = value[:_MAX_VALUE]
        return ours, tuple(list(others.items())[:_MAX_ATTRIBUTES])

    def _fault(self, message: str) -> None:
        if message not in self.faults:
            self.faults.append(message)


def _apply_ours(source: Source, ours: Mapping[str, str]) -> Source:
    rights = ours.get("rights", "")
    country = ours.get("country", "")
    return replace(
        source,
        rights=Rights(rights) if rights in set(Rights) else Rights.EXTRACT,
        country=country.upper() if len(country) == 2 and country.isalpha() else "",
        is_indexable=ours.get("indexable") == "true",
        is_paused=ours.get("paused") == "true",
    )


def write_outlines(sources: Iterable[Source], title: str) -> str:
    """Write publishers as OPML 2.0, in their folders, with what others' programs said of them."""
    tree: dict[str, Any] = {}
    for source in sources:
        folder = tree
        for name in source.folder:
            folder = folder.setdefault(name, {})
        folder.setdefault("", []).append(source)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<opml version="2.0" xmlns:{_OURS}={quoteattr(_SPACE)}>',
        f"  <head><title>{escape(title)}</title></head>",
        "  <body>",
        *_write_folder(tree, "    "),
        "  </body>",
        "</opml>",
    ]
    return _NO_XML.sub("", "\n".join(lines)) + "\n"


def _write_folder(folder: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for name, inside in folder.items():
        if name:
            lines.append(f"{indent}<outline text={quoteattr(name)}>")
            lines += _write_folder(inside, indent + "  ")
            lines.append(f"{indent}</outline>")
        else:
            lines += [_write_source(source, indent) for source in inside]
    return lines


def _write_source(source: Source, indent: str) -> str:
    attributes = {"text": source.name, "title": source.name, "type": "rss", "xmlUrl": source.url}
    if source.language != "und":
        attributes["language"] = source.language
    attributes |= dict(source.outline)
    ours = {
        "rights": source.rights.value,
        "country": source.country,
        "indexable": "true" if source.is_indexable else "",
        "paused": "true" if source.is_paused else "",
    }
    attributes |= {f"{_OURS}:{key}": value for key, value in ours.items() if value}
    written = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    return f"{indent}<outline {written}/>"
