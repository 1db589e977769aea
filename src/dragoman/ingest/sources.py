"""One poll of a source: its feed, or the page that names its feed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.errors import FeedError, FetchError, Gone, StageError
from dragoman.sanitize import clean_url
from dragoman.types import Reading, Source, SourceState

from .exchange import Fetched
from .feed_item import ParsedFeed
from .feeds import parse_feed
from .pages import find_feeds, is_web_page

if TYPE_CHECKING:
    from .fetch import Fetcher

FeedParse = Callable[[bytes, str, str], Awaitable[ParsedFeed]]

ACCEPT_FEED = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml,"
    "application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,text/html;q=0.7,*/*;q=0.1"
)
_MAX_TRIED = 3  # feeds that a page names
# Servers that cache for a year say so of their feeds too: take their word for an hour.
_MAX_FRESH_S = 3600.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Poll:
    """An answer with what was read in it. No feed: 304."""

    address: str
    answer: Fetched
    feed: ParsedFeed | None


async def read_source(
    source: Source, state: SourceState, fetcher: Fetcher, parse: FeedParse | None = None
) -> Reading:
    """Poll a source once.

    Asks where the last poll led, conditionally; where that fails in a way that the source's
    own address may know better, asks there again. ``parse`` reads the bytes of a feed, for
    example in a worker that can be killed; None: `parse_feed` in a thread of this process.
    Raises leaves of `FetchError` (410: `Gone`) and `FeedError`.
    """
    parse = parse or _parse_here
    address = state.feed_url or source.url
    try:
        poll = await _poll(address, fetcher, parse, state.etag, state.last_modified)
    except (FetchError, FeedError) as error:
        if address == source.url or not _may_have_moved(error):
            raise
        poll = await _poll(source.url, fetcher, parse)
    return _make_reading(source, state, poll)


def _may_have_moved(error: StageError) -> bool:
    """Whether the source's own address may name another feed by now."""
    if isinstance(error, FeedError | Gone):
        return True
    return type(error) is FetchError and error.retry_after is None


async def _parse_here(body: bytes, url: str, media_type: str) -> ParsedFeed:
    return await asyncio.to_thread(parse_feed, body, url, media_type)


async def _poll(
    address: str, fetcher: Fetcher, parse: FeedParse, etag: str = "", last_modified: str = ""
) -> _Poll:
    answer = await _ask(address, fetcher, etag, last_modified)
    if answer.status == 304:
        return _Poll(address, answer, None)
    if is_web_page(answer.body, answer.media_type):
        return await _poll_named(answer, fetcher, parse)
    return _Poll(address, answer, await _read(answer, parse))


async def _ask(address: str, fetcher: Fetcher, etag: str = "", last_modified: str = "") -> Fetched:
    return await fetcher.fetch(
        address, etag=etag, last_modified=last_modified, accept=ACCEPT_FEED, is_polled=True
    )


async def _read(answer: Fetched, parse: FeedParse) -> ParsedFeed:
    return await parse(answer.body, answer.final_url, answer.header("content-type"))


async def _poll_named(page: Fetched, fetcher: Fetcher, parse: FeedParse) -> _Poll:
    """Read the first feed that a page names and that can be read."""
    links = await asyncio.to_thread(find_feeds, page.body, page.final_url)
    failure: StageError | None = None
    for link in links[:_MAX_TRIED]:
        try:
            answer = await _ask(link.url, fetcher)
            return _Poll(link.url, answer, await _read(answer, parse))
        except (FetchError, FeedError) as error:
            failure = failure or error
    if failure is not None:
        raise FeedError(
            f"{page.url}: the feed that this page names cannot be read: {failure}",
            retry_after=failure.retry_after,
        ) from failure
    raise FeedError(
        f"{page.url}: this is a web page that names no feed; look for a link with the word RSS on "
        "it, and give that address to `dragoman source add`"
    )


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
