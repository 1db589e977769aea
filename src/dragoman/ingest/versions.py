"""AMP and print versions of a page: which it names, and one of them fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import FetchError
from dragoman.sanitize import clean_url
from dragoman.types import Page, Version

from .identity import canonical_url
from .pages import ACCEPT_PAGE, check_media_type, read_tags

if TYPE_CHECKING:
    from .fetch import Fetcher

_MAX_HEAD = 256 * 1024
_HEAD_END = re.compile(rb"</head\b", re.IGNORECASE)
_PARAGRAPH = re.compile(rb"<p\b[^<>]{0,500}>\s{0,200}([^<]{60,})", re.IGNORECASE)
_COUNT = re.compile(rb'"wordCount"\s{0,9}:\s{0,9}"?(\d{1,5})')
_ENOUGH = 1500  # bytes in the beginnings of paragraphs: such a page shows its text
_WORD = 3  # bytes of each word that the page counts should stand there
_PLACE = re.compile(r"^(?:www|m|mobile|amp|print)\.")


def find_version(page: Page) -> Version | None:
    """Find the version of its article that a page names, where it may show too little itself.

    AMP goes before print. It has no body yet. Versions on other sites, an AMP cache among them,
    are left alone. This is a look at the bytes: whether the text is really lacking, extraction
    says.
    """
    end = _HEAD_END.search(page.body, 0, _MAX_HEAD)
    head = page.body[: end.start() if end else _MAX_HEAD]
    if b"amphtml" not in head.lower() and b"print" not in head.lower():
        return None
    named: dict[str, str] = {}
    own = page.final_url or page.url
    for name, link in read_tags(head):
        rel = link.get("rel", "").lower().split()
        is_print = "alternate" in rel and link.get("media", "").lower().strip() == "print"
        kind = "amp" if "amphtml" in rel else "print" if is_print else ""
        url = clean_url(link.get("href", ""), own).partition("#")[0]
        if name == "link" and kind and _is_other(url, own):
            named.setdefault(kind, url)
    if not named or _shows_text(page.body):
        return None
    kind = min(named)
    return Version(kind, named[kind], b"")


def _shows_text(body: bytes) -> bool:
    size = sum(len(found) for found in _PARAGRAPH.findall(body))
    count = _COUNT.search(body)
    return size >= max(_ENOUGH, _WORD * int(count[1]) if count else 0)


def _is_other(url: str, own: str) -> bool:
    """Whether an address is another one of the same site."""
    if not url or canonical_url(url) == canonical_url(own):
        return False
    one, other = (_PLACE.sub("", urlsplit(each).hostname or "") for each in (url, own))
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


async def fetch_version(version: Version, page: Page, fetcher: Fetcher) -> Version:
    """Fetch a version that a page names. Raises `FetchError`."""
    answer = await fetcher.fetch(version.url, accept=ACCEPT_PAGE)
    check_media_type(answer)
    if not _is_other(answer.final_url, page.final_url or page.url):
        raise FetchError(f"{version.url}: leads back to the page, or to another site; left out")
    return Version(version.kind, answer.final_url, answer.body, answer.charset)
