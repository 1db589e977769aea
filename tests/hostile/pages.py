"""Hostile pages that a healthy feed leads to: what stands at the address of an article."""

from __future__ import annotations

import gzip
from functools import partial

from tests.hostile.wires import (
    MB,
    Places,
    Wire,
    drip,
    flood,
    packed,
    raw,
    redirect,
    sent_as,
    silence,
)

SENTENCES = (
    "The harbour of Aldby was closed on Tuesday after the pilots found a crack in the old pier.",
    "Engineers from the county looked at the wall for three hours and ordered the crane away.",
    "“We had to act before the storm,” the harbour master said to reporters at the quay.",
    "Two ferries were sent to the northern dock, where passengers waited under tents for buses.",
    "The council will meet on Friday to decide who pays for the repair of the wall.",
)
HEADLINE = "Harbour of Aldby closed after pilots find a crack in the pier"
HTML = "text/html; charset=utf-8"


def healthy(headline: str = HEADLINE, more: str = "", head: str = "") -> bytes:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return (
        f'<!doctype html><html lang="en"><head><title>{headline}</title>'
        f'<meta property="og:type" content="article">{head}</head>'
        f"<body><article><h1>{headline}</h1>{text}</article>{more}</body></html>"
    ).encode("utf-8", "surrogatepass")


def _page(more: str = "", head: str = "") -> Wire:
    return partial(sent_as, body=lambda places: healthy(more=more, head=head), kind=HTML)


def _wide(places: Places) -> bytes:
    named = " ".join(f'a{n}="{n}"' for n in range(100_000))
    return healthy(more=f"<div {named}>x</div>")


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

# No article comes of these, and it is said why.
LOST: dict[str, Wire] = {
    "accepts and says nothing": silence,
    "drips": partial(drip, start=_HEAD + b"Content-Length: 99999\r\n\r\n<html>"),
    "never ends": partial(flood, start=_HEAD + b"\r\n", again=b"<p>x</p>" * 8192),
    "is a bomb": partial(packed, name="gzip", body=gzip.compress(b"<p>" * (5 * MB), 1)),
    "breaks off": partial(raw, sent=_HEAD + b"Content-Length: 5000\r\n\r\n" + healthy()[:200]),
    "leads to a private address": partial(redirect, to="http://127.9.9.9:{port}/page"),
    "leads to a file": partial(redirect, to="file:///etc/passwd"),
    "is empty": partial(sent_as, body=lambda places: b"", kind=HTML),
    "is a picture called a page": partial(
        sent_as, body=lambda places: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400, kind=HTML
    ),
    "is a film": partial(sent_as, body=lambda places: b"\0" * 5000, kind="video/mp4"),
}
# The article is there in the end, and nothing else is.
KEPT: dict[str, Wire] = {
    "has an element of 100,000 attributes": partial(sent_as, body=_wide, kind=HTML),
    "nests 5,000 deep": _page("<div>" * 5_000 + "x" + "</div>" * 5_000),
    "holds 60,000 empty paragraphs": _page("<p></p>" * 60_000),
    "holds half a megabyte of opening brackets": _page("<" * (MB // 2)),
    "holds half a megabyte of spaces": _page(" " * (MB // 2) + "x"),
    "holds a comment that never ends": _page("<!-- " + "x" * MB),
    "holds a style of a megabyte": _page(f"<style>{'a{}' * (MB // 3)}</style>"),
    "holds JSON-LD that never ends": _page(
        head='<script type="application/ld+json">' + '{"a":[' * 50_000 + "</script>"
    ),
    "holds scripts everywhere": _page(
        '<script>document.title="stolen"</script><img src=x onerror="alert(1)">'
        '<svg onload="alert(1)"></svg><iframe src="javascript:alert(1)"></iframe>'
    ),
    "sends itself elsewhere": _page(head='<meta http-equiv="refresh" content="0;url=http://127.9.9.9/">'),
    "names a private base": _page(head='<base href="http://127.9.9.9/">'),
    "names a canonical address of another site": _page(
        head='<link rel="canonical" href="https://bank.example/login">'
    ),
    "declares an encoding that is none": partial(
        sent_as, body=lambda places: healthy(), kind="text/html; charset=no-such-code"
    ),
}  # fmt: skip
