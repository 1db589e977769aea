"""One poll of a source: its feed or sitemap, or the page that names one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urljoin

from dragoman.errors import FeedError, FetchError, Gone, StageError
from dragoman.sanitize import clean_url
from dragoman.types import FeedItem, Reading, Source, SourceState

from .exchange import Fetched
from .feed_item import ParsedFeed
from .feeds import parse_feed
from .pages import find_feeds, is_web_page
from .sitemaps import ChildMap, as_feed, choose_children, is_sitemap, parse_sitemap

if TYPE_CHECKING:
    from .fetch import Fetcher

Result = TypeVar("Result")

ACCEPT_FEED = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml,"
    "application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,text/html;q=0.7,*/*;q=0.1"
)
_MAX_TRIED = 3  # feeds or sitemaps that a page names
_MAX_CHILDREN = 5  # sitemaps of an index that one poll reads
_MAX_DEPTH = 2  # indexes that name indexes
# Servers that cache for a year say so of their feeds too: take their word for an hour.
_MAX_FRESH_S = 3600.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_MARKS = frozenset({"etag", "last-modified"})


class Call(Protocol):
    """What runs a parser on bytes from outside, for example in a worker that can be killed."""

    def __call__(self, function: Callable[..., Result], /, *args: Any) -> Awaitable[Result]:
        """Run it and give its result."""


@dataclass(frozen=True, slots=True)
class _Poll:
    """An answer with what was read in it. No feed: 304."""

    address: str
    answer: Fetched
    feed: ParsedFeed | None


async def read_source(
    source: Source, state: SourceState, fetcher: Fetcher, call: Call | None = None
) -> Reading:
    """Poll a source once.

    Asks where the last poll led, conditionally; where that fails in a way that the source's
    own address may know better, asks there again. A page leads to the feed that it names, else
    to the sitemap that its host's robots.txt names. ``call`` runs the parsers; None: in a
    thread of this process. Raises leaves of `FetchError` (410: `Gone`) and `FeedError`.
    """
    reader = _Reader(fetcher, call or asyncio.to_thread)
    address = state.feed_url or source.url
    try:
        poll = await reader.poll(address, state.etag, state.last_modified)
    except (FetchError, FeedError) as error:
        if address == source.url or not _may_have_moved(error):
            raise
        poll = await reader.poll(source.url)
    return _make_reading(source, state, poll)


def _may_have_moved(error: StageError) -> bool:
    """Whether the source's own address may name another feed by now."""
    if isinstance(error, FeedError | Gone):
        return True
    return type(error) is FetchError and error.retry_after is None


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a poll works with."""

    fetcher: Fetcher
    call: Call

    async def poll(self, address: str, etag: str = "", last_modified: str = "") -> _Poll:
        answer = await self._ask(address, etag, last_modified)
        if answer.status == 304:
            return _Poll(address, answer, None)
        if is_web_page(answer.body, answer.media_type):
            return await self._poll_named(answer)
        return await self._read(address, answer)

    async def _ask(self, address: str, etag: str = "", last_modified: str = "") -> Fetched:
        return await self.fetcher.fetch(
            address, etag=etag, last_modified=last_modified, accept=ACCEPT_FEED, is_polled=True
        )

    async def _read(self, address: str, answer: Fetched) -> _Poll:
        if is_sitemap(answer.body, answer.final_url):
            return await self._read_sitemap(address, answer)
        content_type = answer.header("content-type")
        feed = await self.call(parse_feed, answer.body, answer.final_url, content_type)
        return _Poll(address, answer, feed)

    async def _poll_named(self, page: Fetched) -> _Poll:
        """Read the first feed that a page names and that can be read, else a sitemap."""
        links = await asyncio.to_thread(find_feeds, page.body, page.final_url)
        poll, failure = await self._poll_first([link.url for link in links])
        if poll is None:
            poll, _ = await self._poll_first(await self._name_sitemaps(page))
        if poll is not None:
            return poll
        if failure is not None:
            raise FeedError(
                f"{page.url}: the feed that this page names cannot be read: {failure}",
                retry_after=failure.retry_after,
            ) from failure
        raise FeedError(
            f"{page.url}: this is a web page that names no feed, and its host names no sitemap; "
            "look for a link with the word RSS on it, and give that address to "
            "`dragoman source add`"
        )

    async def _poll_first(self, addresses: Sequence[str]) -> tuple[_Poll | None, StageError | None]:
        """Read the first of several addresses that can be read and has something to say."""
        silent: _Poll | None = None
        failure: StageError | None = None
        for address in addresses[:_MAX_TRIED]:
            try:
                poll = await self._read(address, await self._ask(address))
            except (FetchError, FeedError) as error:
                failure = failure or error
                continue
            if poll.feed and poll.feed.items:
                return poll, None
            silent = silent or poll
        return silent, failure

    async def _name_sitemaps(self, page: Fetched) -> list[str]:
        """List the sitemaps of a page's host: those of news first, the usual place last."""
        try:
            named = await self.fetcher.sitemaps(page.final_url)
        except FetchError:
            named = ()
        found = [address for address in named if ChildMap(address).is_of_news]
        return list(dict.fromkeys([*found, *named, urljoin(page.final_url, "/sitemap.xml")]))

    async def _read_sitemap(self, address: str, answer: Fetched, depth: int = 0) -> _Poll:
        """Read a sitemap, or those of an index that may hold something new."""
        parsed = await self.call(parse_sitemap, answer.body, answer.final_url, answer.fetched)
        if not parsed.children:
            return _Poll(address, answer, as_feed(parsed.items))
        items: list[FeedItem] = []
        failures: list[StageError] = []
        chosen = choose_children(parsed.children, answer.fetched, _MAX_CHILDREN)
        for child in chosen if depth < _MAX_DEPTH else ():
            try:
                below = await self._read_sitemap(child.url, await self._ask(child.url), depth + 1)
                items += below.feed.items if below.feed else ()
            except (FetchError, FeedError) as error:
                failures.append(error)
        if chosen and len(failures) == len(chosen):
            raise failures[0]
        # An index may stay as it is while the sitemaps that it names change: always ask it.
        marks = tuple(pair for pair in answer.headers if pair[0] not in _MARKS)
        return _Poll(address, replace(answer, headers=marks), as_feed(tuple(items)))


def _make_reading(source: Source, state: SourceState, poll: _Poll) -> Reading:
    answer, feed = poll.answer, poll.feed
    moved_to = clean_url(answer.moved_to).partition("#")[0]
    feed_url = moved_to or poll.address
    wait = _seconds_fresh(answer, feed)
    if feed is None:
        return Reading(
            source=source.id,
            feed_url=feed_url,
            is_unchanged=True,
            etag=answer.header("etag") or state.etag,
            last_modified=answer.header("last-modified") or state.last_modified,
            retry_after=wait,
            moved_to=moved_to,
        )
    return Reading(
        source=source.id,
        feed_url=feed_url,
        title=feed.title,
        language=feed.language,
        items=feed.items,
        etag=answer.header("etag")[:1024],
        last_modified=answer.header("last-modified")[:100],
        retry_after=wait,
        moved_to=moved_to,
    )


def _seconds_fresh(answer: Fetched, feed: ParsedFeed | None) -> float | None:
    """Say when the publisher wants to see us again. None: it does not say."""
    if answer.retry_after is not None:
        return answer.retry_after
    control = answer.header("cache-control")
    age = _MAX_AGE.search(control)
    said = [float(age[1])] if age else []
    if feed is not None and feed.ttl is not None:
        said.append(feed.ttl)
    return min(max(said), _MAX_FRESH_S) if said else None
