"""Ingest, the first room: from a publisher to pages.

`read_source` polls a publisher and gives a `Reading` of items; `fetch_page` fetches the `Page`
that an item leads to. Both go through a `Fetcher`, the one guarded and polite way out to other
machines.
"""

from .download import open_download
from .exchange import Fetched, Limits
from .feed_item import ParsedFeed
from .feeds import parse_feed
from .fetch import Fetcher, Note
from .identity import article_id, canonical_url
from .opml import parse_outlines, write_outlines
from .pacing import ClosedHost
from .pages import fetch_page, find_feeds
from .sources import Call, read_source
from .versions import fetch_version, find_version
from .warc import Archived, ArchiveFault, begins_record, read_archive

__all__ = [
    "ArchiveFault",
    "Archived",
    "Call",
    "ClosedHost",
    "Fetched",
    "Fetcher",
    "Limits",
    "Note",
    "ParsedFeed",
    "article_id",
    "begins_record",
    "canonical_url",
    "fetch_page",
    "fetch_version",
    "find_feeds",
    "find_version",
    "open_download",
    "parse_feed",
    "parse_outlines",
    "read_archive",
    "read_source",
    "write_outlines",
]
