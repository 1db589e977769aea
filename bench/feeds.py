"""Feeds beside feedparser, those of the sample press."""

from __future__ import annotations

from pathlib import Path

from bench.turns import HEAD, compare

FEED_ENDS = (".xml",)


def main(data: Path) -> None:
    """Read feeds; the peer is feedparser. ``data`` is not needed."""
    from urllib.request import urlopen

    import feedparser

    from demo.press import Press
    from dragoman.ingest import parse_feed

    with Press(0) as press:
        addresses = [outlet.address + outlet.follow for outlet in press.outlets]
        feeds = [(urlopen(url).read(), url) for url in addresses if url.endswith(FEED_ENDS)]
    feeds *= 20
    found = compare(
        lambda: [parse_feed(body, url) for body, url in feeds],
        lambda: [feedparser.parse(body) for body, _ in feeds],
    )
    print(HEAD)
    print(found.row(f"feeds / feedparser, {len(feeds)} feeds, CPU-s"))
