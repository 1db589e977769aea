"""A hostile publisher: each vector is a source with an article, and stands in all its fields."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.config import Settings, load_settings
from dragoman.errors import CorrectionError
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, release
from dragoman.store import Store
from dragoman.types import Images, Rights, Source, Tally, Term

CONFIG = """\
editions = ["pt", "en"]
data = "."
[site]
base_url = "http://127.0.0.1:8600"
[reader]
user = "ann"
[fetch]
allow_networks = ["127.3.0.0/16"]
host_interval_s = 0.0
[translate]
engines = ["echo"]
[translate.options.echo]
pairs = "en-pt"
"""
HOSTS = tuple(f"127.3.0.{number}" for number in range(1, 9))
_FIRST = datetime.now(UTC) - timedelta(hours=1)
_TEXT = (
    "The {} of the town was closed on Tuesday after the pilots found a crack in the {} {}.",
    "Engineers from the county looked at the {} for three hours and ordered the {} away.",
    "Two {} were sent to the northern dock, where passengers waited for the {} to come.",
)
_WORDS = (
    "harbour", "library", "orchard", "railway", "museum", "bakery", "glacier", "theatre", "mill",
    "hospital", "lighthouse", "stadium", "vineyard", "archive", "brewery", "telescope", "canal",
    "cathedral", "quarry", "aquarium", "tramway", "greenhouse", "observatory", "foundry", "weir",
)  # fmt: skip


def prose(number: int) -> list[str]:
    """Write paragraphs that no other number's resemble, so that each stays a story of its own."""
    words = (_WORDS[(number * step + number // 25) % 25] for step in (1, 3, 7, 11, 13, 17, 19))
    return [line.format(*(next(words) for _ in range(line.count("{}")))) for line in _TEXT]


def write_page(vector: str, number: int, home: str) -> bytes:
    """Write a page that holds a vector as text, as an attribute and, last, as markup."""
    safe = escape(vector)
    words = prose(number)
    title = f"{_WORDS[number % 25].title()} is closed {vector} again"
    lines = "".join(f"<p>{line}</p>" for line in words)
    written = _FIRST - timedelta(days=number // 4)  # so that not all become one story
    said = {
        "@type": "NewsArticle", "headline": title, "description": vector, "keywords": [vector],
        "articleSection": vector, "author": [{"@type": "Person", "name": vector, "url": vector}],
        "datePublished": written.isoformat(), "publisher": {"name": vector},
    }  # fmt: skip
    statement = json.dumps(said).replace("<", "\\u003c")
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title>'
        f'<meta property="og:title" content="{escape(title)}"><meta name="author" content="{safe}">'
        f'<meta name="description" content="{safe}"><meta name="tdm-policy" content="{safe}">'
        f'<meta property="og:site_name" content="{safe}">'
        f'<meta property="og:image" content="{home}/p.jpg?{safe}">'
        f'<script type="application/ld+json">{statement}</script></head><body><article>'
        f"<h1>{escape(title)}</h1><p class=byline>By {safe}</p>{lines}"
        f"<p>{safe} It was said on Friday.</p>"
        f'<p>They wrote <a href="{safe}">what {safe} means</a> and '
        f'<a href="{home}/{quote(vector)}">again</a> on the door.</p>'
        f"<h2>{safe}</h2><ul><li>{safe} first</li><li>Second</li></ul>"
        f'<blockquote cite="{safe}"><p>“{safe}” was all that the master said.</p></blockquote>'
        f"<table><tr><th>{safe}</th><th>Count</th></tr><tr><td>{safe}</td><td>2</td></tr></table>"
        f"<pre><code>{safe}</code></pre>"
        f'<figure><img src="{home}/{quote(vector)}.jpg" alt="{safe}" width=800 height=600>'
        f"<figcaption>{safe} seen from the quay. Photo: {safe}</figcaption></figure>"
        f'<iframe src="{safe}" title="{safe}"></iframe><p>{vector}</p></article></body></html>'
    ).encode("utf-8", "surrogatepass")


def write_feed(vector: str, number: int, home: str) -> bytes:
    """Write a feed with the article and with one that is lost, the vector in each field."""
    safe = escape(vector)
    item = (
        f"<title>{safe}</title><description>{safe}</description><category>{safe}</category>"
        f"<author>{safe}</author><dc:creator>{safe}</dc:creator><comments>{safe}</comments>"
        f'<enclosure url="{safe}" type="image/jpeg"/>'
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{safe}</title><link>{home}/</link><description>{safe}</description>"
        f"<item><link>{home}/page/{number}</link><guid>{number}</guid>{item}</item>"
        f"<item><link>{home}/lost/{quote(vector)}</link><guid>{safe}</guid>{item}</item>"
        "</channel></rss>"
    ).encode("utf-8", "surrogatepass")


@contextmanager
def opened_press(vectors: Sequence[str]) -> Iterator[list[str]]:
    """Serve the vectors, and give the address of each one's feed."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, _, rest = self.path.removeprefix("/").partition("/")
            home = f"http://{self.headers['host']}"
            if kind in ("feed", "page") and rest.isdigit() and int(rest) < len(vectors):
                write = write_feed if kind == "feed" else write_page
                body = write(vectors[int(rest)], int(rest), home)
                self.send_response(200)
                media = "application/rss+xml" if kind == "feed" else "text/html"
                self.send_header("Content-Type", f"{media}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            else:
                self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    first = ThreadingHTTPServer((HOSTS[0], 0), Site)
    port = first.server_port
    servers = [first, *(ThreadingHTTPServer((host, port), Site) for host in HOSTS[1:])]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield [
            f"http://{HOSTS[number % len(HOSTS)]}:{port}/feed/{number}"
            for number in range(len(vectors))
        ]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def source_id(number: int) -> str:
    return f"v{number}"


def relay_vectors(vectors: Sequence[str], db: Store, settings: Settings) -> Tally:
    """Follow a source for each vector, relay them, and put the vectors where people write too."""
    with opened_press(vectors) as feeds:
        for number, (vector, url) in enumerate(zip(vectors, feeds, strict=True)):
            source = Source(
                source_id(number), url, vector, "en", rights=Rights.FULL,
                is_indexable=True, images=Images.LINK,
            )  # fmt: skip
            store.sources.put_source(db, source)
        runner = LocalRunner(settings.run.workers, memory_mb=settings.run.memory_mb)
        try:
            tally = relay_now(Pass(db, runner, settings))
        finally:
            runner.close()
    # The gate holds what `echo` makes; of every three a person releases two.
    for at, one in enumerate(store.articles.articles(db, limit=100_000)):
        if at % 3:
            with suppress(CorrectionError):  # of some vectors there is nothing to translate
                release(db, one.id, "pt", "ann", now=datetime.now(UTC))
    store.glossary.put_terms(db, (Term("en", "pt", one, one, note=one) for one in vectors))
    return tally


def write_settings(folder: Path) -> Settings:
    """Write the configuration into a folder, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "dragoman.toml"
    file.write_text(CONFIG, encoding="utf-8")
    return load_settings(file)
