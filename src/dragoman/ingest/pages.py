"""Web pages: the feeds they name, and the pages that items lead to."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import FetchError
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import FeedItem, Link, Page, Source

from .exchange import Fetched
from .identity import article_id

if TYPE_CHECKING:
    from .fetch import Fetcher

ACCEPT_PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_VAGUE_TYPES = frozenset(
    {"", "text/plain", "application/octet-stream", "text/xml", "application/xml"}
)
_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|text/rss\+?xml")
_MAYBE_FEED_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_FEED_WORD = re.compile(r"rss|atom|feed|\brdf\b", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:rss|atom|feed|feeds|index\.rdf)(?:\.xml|\.json)?/?$|\.(?:rss|atom|rdf)$"
    r"|/(?:rss|atom|feed)[\w-]{0,20}\.(?:xml|json)$",
    re.IGNORECASE | re.ASCII,
)
_MAX_HTML = 2 * 1024 * 1024  # feeds are named in the head; the rest is for links in the text
_SNIFFED = 1445  # bytes that tell a file's kind
_TEXT_BYTES = bytes({*range(0x20, 0x100), 0x09, 0x0A, 0x0C, 0x0D, 0x1B})
_MAX_FEEDS = 20
_COMMENT = re.compile(r"<!--.*?-->|<!--.*\Z", re.DOTALL)
_TAG = re.compile(
    r"<(link|a|base)\b((?:[^<>\"']++|\"[^\"<>]{0,4096}+\"|'[^'<>]{0,4096}+')*+)>", re.I
)
_ATTRIBUTE = re.compile(
    r"([A-Za-z-]{1,20})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]{1,4096}))"
)
_START = re.compile(
    rb"(?:\s++|<\?xml[^>]{0,200}>|<!--.*?-->)*+<(?:!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
SENT_HEADERS = frozenset({"set-cookie", "set-cookie2"})  # not kept with the page


def is_web_page(body: bytes, media_type: str) -> bool:
    """Whether an answer is a web page, by its beginning; feeds are often sent as HTML."""
    start = body[:4096].removeprefix(b"\xef\xbb\xbf")
    if _START.match(start):
        return True
    has_feed_root = re.search(
        rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex|\?xml)\b", start, re.IGNORECASE
    )
    is_json = start.lstrip()[:1] in (b"{", b"[")
    return media_type in PAGE_TYPES and not has_feed_root and not is_json


def find_feeds(html: bytes, url: str) -> tuple[Link, ...]:
    """Find the feeds that a page names: in its head first, else by links that look like feeds.

    Feeds of comments come last. ``url`` is the page's address.
    """
    tags = read_tags(html[:_MAX_HTML])
    bases = (clean_url(each.get("href", ""), url) for name, each in tags if name == "base")
    base = next(filter(None, bases), url)
    named = [each for name, each in tags if name == "link" and _names_feed(each)]
    named = named or [each for name, each in tags if name == "a" and _leads_to_feed(each, base)]
    links: dict[str, Link] = {}
    for each in named:
        address = clean_url(each.get("href", ""), base)
        if address and address != url:
            links.setdefault(address, Link(address, clean_text(each.get("title", ""))[:200]))
    ordered = sorted(links.values(), key=lambda link: "comment" in (link.url + link.text).lower())
    return tuple(ordered[:_MAX_FEEDS])


def read_tags(html: bytes) -> list[tuple[str, dict[str, str]]]:
    """Read the links of a stretch of HTML: the names of their elements, and their attributes."""
    text = _COMMENT.sub(" ", html.decode("utf-8", "replace"))
    return [(match[1].lower(), _read_attributes(match[2])) for match in _TAG.finditer(text)]


def _read_attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), html.unescape(value).strip())
    return found


def _names_feed(link: dict[str, str]) -> bool:
    rel = link.get("rel", "").lower().split()
    if "feed" in rel and "href" in link:
        return True
    if "alternate" not in rel or "stylesheet" in rel:
        return False
    kind = link.get("type", "").partition(";")[0].strip().lower()
    if _FEED_TYPES.fullmatch(kind):
        return True
    words = link.get("href", "") + " " + link.get("title", "")
    return kind in _MAYBE_FEED_TYPES and bool(_FEED_WORD.search(words))


def _leads_to_feed(anchor: dict[str, str], base: str) -> bool:
    address = clean_url(anchor.get("href", ""), base)
    return bool(address and _FEED_PATH.search(urlsplit(address).path))


async def fetch_page(
    item: FeedItem, source: Source, fetcher: Fetcher, *, id: str = "", before: Page | None = None
) -> Page:
    """Fetch the page that an item leads to.

    ``id`` is the article's; empty: made from source and address. ``before`` is the page as it
    was had last: it is asked for conditionally, and given back where it did not change. Raises
    `Gone` where the publisher withdrew it, other leaves of `FetchError` where it cannot be had
    or is no page.
    """
    marks = dict(before.headers) if before and before.url == item.url else {}
    answer = await fetcher.fetch(
        item.url,
        accept=ACCEPT_PAGE,
        etag=marks.get("etag", ""),
        last_modified=marks.get("last-modified", ""),
    )
    if before and answer.status == 304:
        return before
    media_type = check_media_type(answer)
    if not answer.body.strip():
        raise FetchError(
            f"{item.url}: the page is empty (status {answer.status}); it is tried again later"
        )
    return Page(
        url=item.url,
        final_url=answer.final_url,
        fetched=answer.fetched,
        status=answer.status,
        body=answer.body,
        media_type=media_type,
        charset=answer.charset,
        headers=tuple(pair for pair in answer.headers if pair[0] not in SENT_HEADERS),
        id=id or article_id(source.id, item.url),
        source=source.id,
        item=item,
        signals=await fetcher.signals(answer.final_url),
    )


def check_media_type(answer: Fetched) -> str:
    """Give the media type of a page. Raises `FetchError` where it is something else."""
    media_type = answer.media_type
    if media_type in PAGE_TYPES and not _is_binary(answer):
        return media_type
    if media_type in _VAGUE_TYPES and (not answer.body.strip() or _START.match(answer.body[:4096])):
        return "text/html"
    is_called_page = media_type in PAGE_TYPES
    shown = "no text" if is_called_page else clean_text(media_type)[:80] or "of an unknown type"
    raise FetchError(
        f"{answer.url}: this is {shown}, not a web page; it is not relayed; open it at the "
        "publisher's",
        permanent=True,
    )


def _is_binary(answer: Fetched) -> bool:
    """Whether a body is a picture or another file, whatever it is called.

    The bytes that no text holds are those of the MIME Sniffing standard, section 3; pages
    have one by mistake, files many. In UTF-16 about every other byte is zero.
    """
    head = answer.body[:_SNIFFED]
    if answer.charset.lower().startswith("utf-16") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if not head:
        return False
    zeros = sorted(half.count(0) / len(head) for half in (head[::2], head[1::2]))
    if zeros[0] < 0.05 and zeros[1] > 0.25:
        return False
    return 50 * len(head.translate(None, _TEXT_BYTES)) > len(head)
