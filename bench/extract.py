"""Extraction beside trafilatura alone, on real pages: CPU time and peak memory."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.turns import HEAD, Ratio, compare_each

if TYPE_CHECKING:
    from dragoman.types import Page

PAGES = 24  # of each set
LARGE = 1_300_000  # bytes of a page that is large and still one article


def read_pages(data: Path) -> dict[str, list[Page]]:
    """Read the first pages of every set."""
    from dragoman.types import Page

    sets = {}
    for gold in sorted((data / "pages").glob("*/gold.jsonl")):
        rows = map(json.loads, gold.read_text(encoding="utf-8").splitlines()[:PAGES])
        sets[gold.parent.name] = [
            Page(row["url"], row["url"], datetime.now(UTC), 200, gzip.decompress(body))
            for row in rows
            for body in [(gold.parent / row["html"]).read_bytes()]
        ]
    return sets


def make_large() -> Page:
    """Make a page of 1.3 MB: a long text, with a menu and teasers around it."""
    from dragoman.types import Page

    teasers = "".join(
        f'<div class="teaser"><a href="/{n}"><img src="/{n}.jpg" alt=""><span>Teaser {n}</span></a>'
        "</div>"
        for n in range(3000)
    )
    words = "The council met again on the matter of the bridge, and put the vote off. "
    head = '<html lang="en"><head><title>The bridge</title></head><body><h1>The bridge</h1>'
    size = LARGE - len(head) - len(teasers)
    count = size // (len(words) * 4 + 15)
    text = "".join(f"<p>{n}. {words * 4}</p>" for n in range(count))
    body = f"{head}<article>{text}</article><aside>{teasers}</aside></body></html>"
    return Page("https://example.org/1", "", datetime.now(UTC), 200, body.encode())


def ours(page: Page) -> None:
    """Take the article out of a page."""
    from dragoman.errors import ExtractError
    from dragoman.extract import extract_article

    try:
        extract_article(page)
    except ExtractError:
        return


def peer(page: Page) -> None:
    """Take text and metadata out of a page with trafilatura."""
    import trafilatura

    trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)


def measure_peak(data: Path, name: str, work: str) -> float:
    """Give the peak memory in MB of a fresh process that takes these pages."""
    command = [sys.executable, "-m", "bench.extract", str(data), name, work]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout) / 1024


def _work_alone(data: Path, name: str, work: Callable[[Page], None]) -> None:
    pages = [make_large()] if name == "large" else read_pages(data)[name]
    for page in pages:
        work(page)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def main(data: Path) -> None:
    """Take articles out of pages; the peer is trafilatura with its metadata."""
    print(HEAD)
    sets = {**read_pages(data), "large": [make_large()]}
    for name, pages in sets.items():
        row = f"extract {name}, {len(pages)} pages"
        print(compare_each(ours, peer, pages).row(f"{row}, CPU-s"))
    for name in sets:
        peaks = Ratio(measure_peak(data, name, "ours"), measure_peak(data, name, "peer"))
        print(peaks.row(f"extract {name}, peak MB of a fresh process"))


if __name__ == "__main__":
    _work_alone(Path(sys.argv[1]), sys.argv[2], ours if sys.argv[3] == "ours" else peer)
