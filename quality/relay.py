"""Relay real pages: every page must end as an article or as a stated failure.

    python -m quality.relay --data DIR [--keep FOLDER]

Serves the labelled pages of DIR/pages on loopback, each site on an address of its own, follows
them as sources, makes one pass, and counts what became of them. With ``--keep`` the store and a
configuration stay, so that `dragoman --config FOLDER/dragoman.toml serve` shows the result.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.cli.show import show_progress
from dragoman.config import load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.store import open_store
from dragoman.types import Rights, Source, Stage

CONFIG = """\
editions = ["en", "pt"]
data = "."

[fetch]
allow_networks = ["127.0.0.0/8"]
host_interval_s = 0.0

[translate]
engines = ["firefox"]
"""


def read_sites(data: Path) -> dict[str, list[dict[str, str]]]:
    """Read the labelled pages, by site: {"path", "file", "lang"}."""
    sites: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for gold in sorted((data / "pages").glob("*/gold.jsonl")):
        for line in gold.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            file = gold.parent / Path(row["html"]).name
            page = {"path": f"/{row['id']}", "file": str(file), "lang": row.get("lang") or ""}
            sites[row["site"]].append(page)
    return dict(sites)


@contextmanager
def served_site(address: str, pages: list[dict[str, str]]) -> Iterator[str]:
    """Serve a site's pages and a JSON Feed that lists them."""
    by_path = {page["path"]: Path(page["file"]) for page in pages}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/feed.json":
                items = [{"id": path, "url": f"{home}{path}"} for path in by_path]
                feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items}
                self._answer("application/feed+json", json.dumps(feed).encode())
            elif self.path in by_path:
                self._answer("text/html", gzip.decompress(by_path[self.path].read_bytes()))
            else:
                self.send_error(404)

        def _answer(self, media_type: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer((address, 0), Site) as server:
        home = f"http://{address}:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield home
        server.shutdown()


def measure(data: Path, folder: Path) -> dict[str, float]:
    """Relay all pages into a store in a folder, and count what became of them."""
    (folder / "dragoman.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder / "dragoman.toml")
    sites = read_sites(data)
    runner = LocalRunner()
    with ExitStack() as stack:
        stack.callback(runner.close)
        db = stack.enter_context(open_store(settings.store_url))
        progress = stack.enter_context(show_progress())
        for number, (site, pages) in enumerate(sorted(sites.items()), 1):
            home = stack.enter_context(served_site(f"127.1.{number // 250}.{number % 250}", pages))
            source = Source(f"s{number}", f"{home}/feed.json", site, rights=Rights.FULL)
            store.sources.put_source(db, source)
        relay_now(Pass(db, runner, settings, progress))
        articles = store.articles.articles(db)
        counts = store.work.counts(db)
        failures = [one for one in store.work.failures(db) if one.stage is not Stage.TRANSLATE]
        causes = Counter(one.failure.kind for one in failures if one.failure)
    english = counts["articles"].get("en", 0)
    return {
        "pages": sum(len(pages) for pages in sites.values()),
        "articles": len(articles),
        "stated failures": len(failures),
        "English articles": english,
        "of them in Portuguese": counts["translations"].get("en>pt", {}).get("done", 0),
        "of them held by the gate": counts["translations"].get("en>pt", {}).get("held", 0),
        **{f"failed: {kind}": count for kind, count in causes.items()},
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in measure(given.data, folder).items():
            print(f"{name:30} {figure:g}")


if __name__ == "__main__":
    main()
