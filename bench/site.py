"""The public site under load, beside Datasette on the database and nginx on the exported files.

A request's time is counted from the moment when it was due. CPU is that of the server's
processes, user and system. *Cold*: every address for the first time, by a server that has only
imported its modules. *Warm*: forty addresses of each kind again and again, after each was asked
for once. *Busy*: the same while an article is written every second. Peers are left out where they
are not installed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from bench.invented import EDITIONS, Tongue, fill_store, open_fast
from bench.load import Answered, ask

RATE = 100.0  # requests a second
SECONDS = 6  # of each run
HOT = 40  # addresses of a kind that a warm run asks for
KINDS = ("front", "story", "article", "feed", "search")
HEAD = f"{'at 100 requests/s':34}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}{'errors':>8}{'most kB':>9}"

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A server at work: its port, and the process whose CPU counts, with its children."""

    port: int
    process: int

    def cpu(self) -> float:
        """Give the CPU seconds that it has used."""
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # gone meanwhile
                continue
            if self.process in (int(folder.name), int(fields[1])):
                total += int(fields[11]) + int(fields[12])
        return total / _TICK


def main(data: Path, count: int = 10_000) -> None:
    """Print what the server does; ``data`` may hold a store already, as ``site-N/relay.db``."""
    with _stored(data, count) as folder:
        paths = list_paths(folder / "relay.db")
        print(HEAD)
        _bench_own(folder, paths)
        _bench_datasette(folder / "relay.db")


def export(data: Path, count: int = 10_000) -> None:
    """Print what an export costs, again where nothing and little is new, and how nginx gives it."""
    with _stored(data, count) as folder:
        exported = folder / "exported"
        print(f"{'export':34}{'seconds':>8}{'CPU s':>8}{'written':>9}{'the same':>9}")
        _export("the first", folder, exported)
        _export("again, nothing new", folder, exported)
        _change(folder / "relay.db")
        _export("again, ten articles changed", folder, exported)
        print()
        print(HEAD)
        _bench_nginx(folder, exported, list_paths(folder / "relay.db"))


@contextmanager
def _stored(data: Path, count: int) -> Iterator[Path]:
    """Give a folder with a store of its own."""
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        folder = Path(name)
        kept = data / f"site-{count}" / "relay.db"
        if kept.is_file():
            shutil.copy2(kept, folder / "relay.db")
        else:
            make_store(folder / "relay.db", count)
        yield folder


def make_store(file: Path, count: int) -> None:
    """Fill a store and say how long it took."""
    began = time.process_time()
    with open_fast(file) as db:
        fill_store(db, count)
    size = file.stat().st_size / 1e6
    print(f"{count} articles in {len(EDITIONS)} editions: {size:.0f} MB, ", end="")
    print(f"made in {time.process_time() - began:.0f} CPU-s\n")


def list_paths(file: Path) -> dict[str, list[str]]:
    """List addresses of each kind, the newest first, as they are read most."""
    from dragoman.store import articles, open_store, sources, stories

    with open_store(file, create=False) as db:
        ids = stories.story_ids(db, limit=400)
        shown = [one.id for one in articles.articles(db, limit=400)]
        pages = min(100, stories.count_stories(db) // 20)
        known = [one.id for one in sources.sources(db)]
    rng = random.Random(11)
    forms = ("rss", "atom", "json")
    tongues = {code: Tongue(code) for code in EDITIONS}
    fronts = [f"/{code}/" for code in EDITIONS]
    feeds = [f"/{code}/feed.{form}" for form in forms for code in EDITIONS]
    feeds += [f"/{c}/source/{id}/feed.{form}" for form in forms for id in known for c in EDITIONS]
    queries = [
        f"/{code}/search/?q={quote(' '.join(rng.sample(tongues[code].words[100:3000], size)))}"
        for size in (1, 2)
        for _ in range(150)
        for code in EDITIONS
    ]
    return {
        "front": fronts + [f"/{c}/page/{n}/" for n in range(2, pages + 1) for c in EDITIONS],
        "story": [f"/{c}/story/{id}/" for id in ids for c in EDITIONS],
        "article": [f"/{c}/article/{id}/" for id in shown for c in EDITIONS],
        "feed": feeds,
        "search": queries,
    }  # fmt: skip


def measure(label: str, server: Server, paths: list[str]) -> Answered:
    """Ask, and print a row."""
    before = server.cpu()
    found = ask(server.port, paths, RATE)
    cpu = 1000 * (server.cpu() - before) / len(paths)
    row = f"{label:34}{found.percentile(50):8.1f}{found.percentile(99):8.1f}{cpu:8.2f}"
    odd = {status: number for status, number in found.statuses.items() if status != "200"}
    print(f"{row}{found.errors:8}{found.largest / 1000:9.1f}", odd or "", flush=True)
    return found


def repeat(paths: list[str]) -> list[str]:
    """Give as many addresses as a run asks for, out of the first few."""
    hot = paths[:HOT]
    return [hot[number % len(hot)] for number in range(int(RATE * SECONDS))]


# -- Servers ------------------------------------------------------------------------------------


def _bench_own(folder: Path, paths: dict[str, list[str]]) -> None:
    for kind in KINDS:
        with serve_own(folder) as server:
            ask(server.port, [*paths[kind][-8:], "/en/about/"], RATE)
            measure(f"{kind}, cold", server, paths[kind][: int(RATE * SECONDS)])
            ask(server.port, paths[kind][:HOT], RATE)
            measure(f"{kind}, warm", server, repeat(paths[kind]))
    with serve_own(folder) as server, _writing(folder / "relay.db"):
        for kind in KINDS:
            measure(f"{kind}, busy", server, repeat(paths[kind]))


def write_config(folder: Path, port: int) -> Path:
    """Configure a relay in a folder, and give the file."""
    editions = ", ".join(f'"{code}"' for code in EDITIONS)
    config = folder / "dragoman.toml"
    config.write_text(
        f'editions = [{editions}]\ndata = "{folder}"\n\n[site]\nport = {port}\n'
        f'base_url = "http://127.0.0.1:{port}"\n'
    )
    return config


@contextmanager
def serve_own(folder: Path) -> Iterator[Server]:
    """Serve the store of a folder with the command that people use."""
    port = _free_port()
    config = write_config(folder, port)
    command = [sys.executable, "-m", "dragoman", "--config", str(config), "serve"]
    with _running(command, port) as server:
        yield server


def _bench_nginx(folder: Path, exported: Path, paths: dict[str, list[str]]) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        print("nginx is not installed")
        return
    port = _free_port()
    config = folder / "nginx.conf"
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config.write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
user {_user()};
events {{ worker_connections 256; }}
http {{
  {temporary}
  types {{ text/html html; application/xml rss atom; application/json json; }}
  access_log off; gzip on; gzip_types application/xml application/json;
  server {{ listen 127.0.0.1:{port}; root {exported}; index index.html; }}
}}
"""
    )
    with _running([nginx, "-c", str(config), "-e", "stderr"], port) as server:
        for kind in KINDS:
            if kind != "search":  # the browser does it, with the files of Pagefind
                measure(f"{kind}, exported by nginx", server, repeat(paths[kind]))


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _bench_datasette(file: Path) -> None:
    datasette = shutil.which("datasette")
    if not datasette:
        print("datasette is not installed (`pip install datasette`, in an environment of its own)")
        return
    port = _free_port()
    command = [datasette, "serve", str(file), "--port", str(port), "--setting", "sql_time_limit_ms"]
    words = [f"oen~{word}" for word in Tongue("en").words[100 : 100 + HOT]]
    sql = "select rowid from search_index where search_index match :q order by rank limit 20"
    with _running([*command, "10000"], port) as server:
        measure("a list, Datasette", server, repeat(["/relay/articles?_size=20&_sort_desc=at"]))
        found = [f"/relay.json?sql={quote(sql)}&q={quote(chr(34) + w + chr(34))}" for w in words]
        measure("full text, Datasette", server, repeat(found))


@contextmanager
def _running(command: list[str], port: int) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while True:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} did not start")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt").close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Write an article again every second, as a relay at work does."""
    from dragoman.store import articles, open_store

    stop = threading.Event()

    def write() -> None:
        with open_store(file, create=False) as db:
            newest = articles.articles(db, limit=1)[0]
            while not stop.wait(1.0):
                articles.put_article(db, newest, "1")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _export(label: str, folder: Path, exported: Path) -> None:
    """Export, and print the seconds and the files."""
    config = write_config(folder, 8600)
    command = [sys.executable, "-m", "dragoman", "--config", str(config)]
    began, before = time.monotonic(), os.times()
    done = subprocess.run(
        [*command, "export", str(exported), "--json"], check=True, stdout=subprocess.PIPE
    )
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    tally = json.loads(done.stdout)
    row = f"{label:34}{time.monotonic() - began:8.1f}{cpu:8.1f}"
    print(f"{row}{tally['written']:9}{tally['unchanged']:9}", flush=True)


def _change(file: Path) -> None:
    """Give ten articles another title."""
    from dragoman.store import articles, open_store

    with open_store(file, create=False) as db:
        for one in articles.articles(db, limit=10):
            changed = replace(one, title=f"{one.title} again", digest=f"{one.digest}2")
            articles.put_article(db, changed, "1")


def _free_port() -> int:
    """Find a port below those that systems give to whoever asks for any."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
