"""Speed as ratios to peers, measured in the same run; machines are noisy, ratios less so.

    python -m bench --data DIR

Extraction beside trafilatura alone, feeds beside feedparser, translation beside the bare engine,
linking beside the encoder alone. Each pair runs in turns, three times, and the best counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

PAGES = 40
SENTENCES = 60
FEED_ENDS = (".xml",)


def compare(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """Give the CPU seconds of both, the best of three turns each, after one to warm up."""
    best = [float("inf"), float("inf")]
    for turn in range(4):
        for which, work in enumerate((ours, peer)):
            began = time.process_time()
            work()
            if turn:
                best[which] = min(best[which], time.process_time() - began)
    return best[0], best[1]


def bench_extract(data: Path) -> tuple[float, float]:
    """Take articles out of real pages; the peer is trafilatura with its metadata."""
    import trafilatura

    from dragoman.errors import ExtractError
    from dragoman.extract import extract_article
    from dragoman.types import Page

    pages = []
    for gold in sorted((data / "pages").glob("*/gold.jsonl")):
        for line in gold.read_text(encoding="utf-8").splitlines()[: PAGES // 3]:
            row = json.loads(line)
            html = gzip.decompress((gold.parent / row["html"]).read_bytes())
            pages.append(Page(row["url"], row["url"], datetime.now(UTC), 200, html))

    def ours() -> None:
        for page in pages:
            try:
                extract_article(page)
            except ExtractError:
                continue

    def peer() -> None:
        for page in pages:
            trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)

    return compare(ours, peer)


def bench_feeds() -> tuple[float, float]:
    """Read the sample press's feeds; the peer is feedparser."""
    from urllib.request import urlopen

    import feedparser

    from demo.press import Press
    from dragoman.ingest import parse_feed

    with Press(0) as press:
        addresses = [outlet.address + outlet.follow for outlet in press.outlets]
        feeds = [(urlopen(url).read(), url) for url in addresses if url.endswith(FEED_ENDS)]
    feeds *= 20
    return compare(
        lambda: [parse_feed(body, url) for body, url in feeds],
        lambda: [feedparser.parse(body) for body, _ in feeds],
    )


def bench_translate(data: Path) -> tuple[float, float]:
    """Translate news sentences; the peer is the bare engine on the same sentences."""
    from dragoman.translate import available_legs, find_route, load_engine, translate_article
    from dragoman.types import Article, Block, BlockKind, EngineSpec, Text

    lines = (data / "ntrex" / "eng.txt").read_text(encoding="utf-8").splitlines()[:SENTENCES]
    specs = (EngineSpec("firefox"),)
    route = find_route(available_legs(specs), "en", "pt")
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(line),)) for line in lines)
    article = Article("a", "s", "https://a.example/", "en", lines[0], blocks)
    engine = load_engine(specs[0])
    return compare(
        lambda: translate_article(article, "pt", route, specs),
        lambda: engine.translate([lines[0], *lines], route.legs[0]),
    )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    rows = {
        "extract / trafilatura": bench_extract(data),
        "feeds / feedparser": bench_feeds(),
        "translate / bare engine": bench_translate(data),
    }
    print(f"{'what / peer':28}{'ours, CPU-s':>12}{'peer, CPU-s':>12}{'ratio':>8}")
    for name, (ours, peer) in rows.items():
        print(f"{name:28}{ours:12.2f}{peer:12.2f}{ours / peer:8.2f}")


if __name__ == "__main__":
    main()
