"""Extraction beside trafilatura alone, on real pages."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

from bench.turns import HEAD, compare

PAGES = 40


def main(data: Path) -> None:
    """Take articles out of pages; the peer is trafilatura with its metadata."""
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

    print(HEAD)
    print(compare(ours, peer).row(f"extract / trafilatura, {len(pages)} pages, CPU-s"))
