"""Pages made to stop a reader, and pages that are merely huge: each within fixed means.

All are read in one process of its own with a limit of processor time and of memory; one page
that took more would kill it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

CPU_S = 90  # for all the pages together, on a slow and busy machine; one bad page takes hours
MEMORY = 1_500_000_000  # bytes of address space
CHILD = """
import json, resource, sys
from datetime import UTC, datetime
from dragoman.errors import DragomanError
from dragoman.extract import extract_article
from dragoman.types import Page
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
for line in sys.stdin:
    name, html = json.loads(line)
    url = "https://ferry.example.org/" + name.replace(" ", "-")
    page = Page(url, url, datetime(2026, 3, 2, tzinfo=UTC), 200, html.encode())
    try:
        article = extract_article(page)
        told = {"text": article.text, "blocks": len(article.blocks)}
    except DragomanError as error:
        told = {"error": type(error).__name__}
    print(json.dumps([name, told]), flush=True)
"""
FIRST = (
    "The ferry across the Wend sails again after two winters, because the islanders bought the "
    "old boat and taught their own children how to steer it."
)
LAST = (
    "Passengers pay what they can, said the harbour mistress, and whoever brings a cow pays for "
    "the cow as well, as their grandparents did before the bridge was planned."
)
MANY = 20_000


def make_page(inside: str, head: str = "") -> str:
    return (
        f'<html lang="en"><head><title>The ferry sails again</title>{head}</head><body>'
        f"<article><h1>The ferry sails again</h1><p>{FIRST}</p>{inside}<p>{LAST}</p></article>"
        "</body></html>"
    )


def paragraph(n: int) -> str:
    return f"<p>On trip {n} the boat carried {n * 3} sacks of meal, {n % 7} goats, and a clock "


PAGES = {
    "100,000 spaces": make_page(f"<p>one{' ' * 100_000}two</p>"),
    "50,000 brackets": make_page("<" * 50_000),
    "100,000 attributes": make_page(f"<div {' '.join(f'a{n}=x' for n in range(100_000))}>x</div>"),
    "attributes with brackets": make_page(
        f"<div {' '.join(f'a{n}=<' for n in range(100_000))}>x</div>"
    ),
    "100,000 spans": make_page(f"<p>{'<span>a</span>' * 100_000}</p>"),
    "a crowd of bold words": make_page(f"<p>{'a <b>b</b> ' * MANY}</p>"),
    "unclosed bold": make_page("<p>" + "<b>a" * MANY),
    "unclosed boxes": make_page("<div>a" * MANY),
    "unclosed comments": make_page("<!--" * MANY),
    "nesting 5,000 deep": make_page(f"{'<div>' * 5000}<p>In the depth.</p>{'</div>' * 5000}"),
    "one long paragraph": make_page(f"<p>{'On Monday the crew said, Aye said. ' * MANY}</p>"),
    "weekdays and yesterdays": make_page(f"<p>{'Yesterday, on Monday, ' * MANY}</p>"),
    "sources alone": make_page(f"<p>{'according to Reuters said ' * MANY}</p>"),
    "brackets in a caption": make_page(
        f"<figure><img src='/a.jpg' width=500><figcaption>{'( ' * MANY}</figcaption></figure>"
    ),
    "data without an end": make_page(
        "", f"<script type='application/ld+json'>{'[' * 100_000}</script>"
    ),
    "a title of bars": make_page("", f"<title>{'a | ' * MANY}</title>"),
    "5 MB": make_page("".join(f"{paragraph(n)}{'x' * 180}</p>" for n in range(20_000))),
}


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """Read all the pages in one limited process, in their order."""
    lines = "".join(f"{json.dumps(pair)}\n" for pair in PAGES.items())
    command = [sys.executable, "-c", CHILD, str(CPU_S), str(MEMORY)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize("name", list(PAGES))
def test_a_hostile_page_is_read_or_refused_within_fixed_means(
    told: dict[str, dict[str, Any]], name: str
) -> None:
    assert told[name].get("error") or told[name].get("text")


@pytest.mark.parametrize(
    "name", ["100,000 attributes", "100,000 spaces", "nesting 5,000 deep", "a crowd of bold words"]
)
def test_what_stands_around_the_trap_is_still_read(
    told: dict[str, dict[str, Any]], name: str
) -> None:
    assert FIRST in told[name]["text"]
    assert LAST in told[name]["text"]


def test_text_in_the_depth_is_kept(told: dict[str, dict[str, Any]]) -> None:
    assert "In the depth." in told["nesting 5,000 deep"]["text"]


def test_a_page_of_5_mb_is_read_whole(told: dict[str, dict[str, Any]]) -> None:
    assert len(PAGES["5 MB"]) > 5_000_000
    assert told["5 MB"]["blocks"] == 20_002


def test_more_elements_than_any_article_has_are_refused(told: dict[str, dict[str, Any]]) -> None:
    assert told["100,000 spans"] == {"error": "ExtractError"}
