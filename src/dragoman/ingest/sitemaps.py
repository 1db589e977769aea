"""Sitemaps and news sitemaps: bytes in, entries of the last days out. Pure, for a worker.

An archive's sitemap names every page there ever was; what is older than `FRESH` is no news,
and an entry without any date is none that a reader of news can judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.parsers.expat import ExpatError, ParserCreate

from dragoman.errors import FeedError
from dragoman.sanitize import clean_url
from dragoman.types import FeedItem

from .feed_item import MAX_ITEMS, ParsedFeed, make_item, merge_items, read_language, read_moment
from .feed_text import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, decode_feed, prepare_xml
from .unpacking import make_unpacker

FRESH = timedelta(days=3)  # a news sitemap names two days (Google's rule); a slow poll one more
MAX_ENTRIES = 50_000  # of one sitemap (sitemaps.org); what follows is not read
_MAX_TAGS = 1_500_000  # a full news sitemap has sixteen to the entry and more
_MAX_VALUE = 8192  # characters of one element
_ROOT = re.compile(r"<(?:\w{1,20}:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_HEAD = 4096
_GZIP = b"\x1f\x8b"
_NEWS = re.compile(r"news|noticias|actualites|nachrichten|latest|recent|today", re.IGNORECASE)
_FIELDS = {
    "loc": "loc",
    "lastmod": "lastmod",
    "news:title": "title",
    "news:language": "language",
    "news:publication_date": "published",
    "news:keywords": "keywords",
}
_NEWS_SPACES = ("google.com/schemas/sitemap-news",)
_DAY_ONLY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class ChildMap:
    """A sitemap that an index names."""

    url: str
    changed: datetime | None = None

    @property
    def is_of_news(self) -> bool:
        """Whether its address says that it holds what is new."""
        return bool(_NEWS.search(self.url))


@dataclass(frozen=True, slots=True)
class ParsedSitemap:
    """What stood in a sitemap: entries, or the sitemaps that an index names."""

    items: tuple[FeedItem, ...] = ()
    children: tuple[ChildMap, ...] = ()
    entries: int = 0  # of all days


def is_sitemap(body: bytes, url: str) -> bool:
    """Whether an answer is a sitemap, packed or not, by its beginning."""
    if body.startswith(_GZIP):
        return True  # no feed is sent as a gzip file
    if body[:1] in (b"{", b"["):
        return False
    return bool(_ROOT.search(decode_feed(body[:_HEAD])))


def parse_sitemap(body: bytes, url: str, now: datetime) -> ParsedSitemap:
    """Read a sitemap or an index of sitemaps, as XML or gzip.

    Only entries of the last days before ``now`` are given, newest first. Raises `FeedError`.
    """
    if body.startswith(_GZIP):
        body = _unpack(body, url)
    if len(body) > MAX_BYTES:
        raise FeedError(f"{url}: the sitemap is larger than {MAX_BYTES} bytes; it is not read")
    xml = decode_feed(body).lstrip()
    root = _ROOT.search(xml, 0, _HEAD)
    if root is None:
        raise FeedError(
            f"{url}: this is no sitemap; look for a line with the word Sitemap in the publisher's "
            "robots.txt, and give that address"
        )
    reader = _read_xml(xml, url)
    if root[1].lower() == "sitemapindex":
        children = (_read_child(entry, url) for entry in reader.entries)
        return ParsedSitemap((), tuple(filter(None, children)), len(reader.entries))
    return ParsedSitemap(_choose(reader.entries, url, now), (), len(reader.entries))


def choose_children(
    children: tuple[ChildMap, ...], now: datetime, limit: int
) -> tuple[ChildMap, ...]:
    """Choose the sitemaps of an index that may hold something new.

    Those of news first, then those changed last; where an index gives no times the first and
    the last named, since archives are numbered from either end.
    """
    news = [child for child in children if child.is_of_news and _is_fresh(child.changed, now, True)]
    dated = sorted(
        (child for child in children if child.changed and _is_fresh(child.changed, now)),
        key=lambda child: child.changed or now,
        reverse=True,
    )
    chosen = [*news, *dated]
    if not chosen and not any(child.changed for child in children):
        chosen = [*children[:1], *reversed(children[1:])]
    return tuple(dict.fromkeys(chosen))[:limit]


def as_feed(items: tuple[FeedItem, ...]) -> ParsedFeed:
    """Give the entries of several sitemaps as one feed, newest first, each article once."""
    ordered = sorted(items, key=_moment_of, reverse=True)
    languages = {item.language for item in items}
    return ParsedFeed(
        language=languages.pop() if len(languages) == 1 else "", items=merge_items(ordered)
    )


def _read_xml(xml: str, url: str) -> _Reader:
    """Read what is well made at once, and mend what is not first, which takes ten times longer."""
    reader = _Reader(url)
    try:
        reader.read(xml)
    except ExpatError:
        reader = _Reader(url)
        try:
            reader.read(prepare_xml(xml, url, what="sitemap", max_tags=_MAX_TAGS))
        except ExpatError as error:
            if not reader.entries:  # what was read before the fault is as good as ever
                raise FeedError(
                    f"{url}: the sitemap cannot be read ({error}); it is tried again later, and "
                    "the publisher has to mend it if this lasts"
                ) from error
    return reader


def _unpack(body: bytes, url: str) -> bytes:
    unpacker = make_unpacker("gzip", url, MAX_BYTES)
    assert unpacker
    unpacked = unpacker.unpack(body)
    if len(unpacked) <= MAX_BYTES:
        unpacker.finish()
    return unpacked


@dataclass(slots=True)
class _Reader:
    """Collects each entry's fields; names without their prefix, but for those of news."""

    url: str
    entries: list[dict[str, str]] = field(default_factory=list)
    _entry: dict[str, str] | None = None
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _length: int = 0
    _news: set[str] = field(default_factory=lambda: {"news"})  # prefixes that mean it

    def read(self, xml: str) -> None:
        """Read all of it, or up to a fault. Raises `ExpatError`, `FeedError`."""
        parser = ParserCreate(encoding="utf-8")
        parser.buffer_text = True
        parser.EntityDeclHandler = self._refuse_entities
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.Parse(xml.encode("utf-8", "replace"), True)

    def _refuse(self, fault: str) -> FeedError:
        return FeedError(
            f"{self.url}: the sitemap {fault}; it is not read, and the publisher has to mend it"
        )

    def _refuse_entities(self, *_: object) -> None:
        raise self._refuse("defines entities, which can blow up or read files")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) >= MAX_DEPTH:
            raise self._refuse(f"nests its elements more than {MAX_DEPTH} deep")
        if len(attributes) > MAX_ATTRIBUTES:
            raise self._refuse(f"has an element with more than {MAX_ATTRIBUTES} attributes")
        for key, value in attributes.items():
            if key.startswith("xmlns:") and any(space in value for space in _NEWS_SPACES):
                self._news.add(key[6:])
        name = self._plain(name)
        self._path.append(name)
        self._text.clear()
        self._length = 0
        if name in ("url", "sitemap") and len(self._path) == 2:
            self._entry = {}

    def _plain(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"news:{local.lower()}" if prefix in self._news else local.lower()

    def _add(self, text: str) -> None:
        if self._length < _MAX_VALUE:
            self._text.append(text[:_MAX_VALUE])
            self._length += len(text)

    def _end(self, name: str) -> None:
        name = self._path.pop()
        if self._entry is None:
            return
        if len(self._path) == 1 and name in ("url", "sitemap"):
            if len(self.entries) < MAX_ENTRIES:
                self.entries.append(self._entry)
            self._entry = None
        elif name in _FIELDS and not (name == "loc" and len(self._path) > 2):  # a picture's loc
            self._entry.setdefault(_FIELDS[name], "".join(self._text).strip()[:_MAX_VALUE])


def _read_child(entry: Mapping[str, str], url: str) -> ChildMap | None:
    address = clean_url(entry.get("loc", ""), url).partition("#")[0]
    return ChildMap(address, read_moment(entry.get("lastmod", ""))) if address else None


def _choose(entries: list[dict[str, str]], url: str, now: datetime) -> tuple[FeedItem, ...]:
    fresh = (item for entry in entries if (item := _read_entry(entry, url, now)) is not None)
    ordered = sorted(fresh, key=_moment_of, reverse=True)
    return merge_items(ordered[: 2 * MAX_ITEMS])


def _read_entry(entry: Mapping[str, str], url: str, now: datetime) -> FeedItem | None:
    """Read an entry. None: it is not of the last days, or has no address."""
    raw = entry.get("published", "")
    published, changed = read_moment(raw), read_moment(entry.get("lastmod", ""))
    # A change of the template touches every page's lastmod, and no article's publication.
    newest = published or changed
    if newest is None or not _is_fresh(newest, now):
        return None
    return make_item(
        base=url,
        link=entry.get("loc", ""),
        title=entry.get("title", ""),
        # A day alone would be taken for midnight; the page knows better.
        published=published if published and not _DAY_ONLY.fullmatch(raw) else None,
        updated=changed if changed and not _DAY_ONLY.fullmatch(entry["lastmod"]) else None,
        language=read_language(entry.get("language", "")),
        categories=entry.get("keywords", "").split(","),
    )


def _is_fresh(moment: datetime | None, now: datetime, if_unknown: bool = False) -> bool:
    return if_unknown if moment is None else now - FRESH <= moment <= now + timedelta(days=1)


def _moment_of(item: FeedItem) -> datetime:
    return item.published or item.updated or datetime.min.replace(tzinfo=UTC)
