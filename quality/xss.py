"""Send script vectors through the whole relay, and look for one that runs in a browser.

    python -m quality.xss --data DIR [--limit N]

Reads DIR/hostile/xss_corpus.jsonl. A hostile publisher on loopback serves an article for each
vector, with the vector in every field; the relay reads, extracts, translates (engine `echo`) and
publishes; then every kind of output is fetched and judged in Chromium, twice over: without our
headers by DIR/../tools/chrome_oracle.py, which loads a document as it is and by way of innerHTML,
and with them by opening the address. Before that the oracle judges the vectors themselves, which
shows that it can see. Each few hundred vectors have a relay of their own: pages that list thousands
of sources are slow to judge. Exits with 1 where a script ran or a document could not be judged.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dragoman.cli.session import set_up_log
from dragoman.store import open_store
from quality.xss_outputs import Shown, first_words, list_live, list_outputs, serving
from quality.xss_press import relay_vectors, write_settings

# Documents that the oracle judges as one, to spare frames, and what it judges in one run: more
# than it can load in 40 s it gives up.
GROUP, GROUP_SIZE = 8, 200_000  # documents, characters
ROWS, ROWS_SIZE = 40, 4_000_000
BARE = "vectors by themselves"
ORACLES = 2  # at once: each waits for most of its time
SHARE = 280  # vectors that are relayed together
Row = TypeVar("Row")
# Our own files, which the oracle would ask for in each of its frames.
_FILES = re.compile(r"<link\b[^>]*/static/[^>]*>|<script src=\"/static/[^>]*></script>")


@dataclass
class Verdict:
    """What the oracle said of documents."""

    judged: int = 0
    ran: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)

    def add(self, more: Verdict) -> None:
        """Take up what was said of more documents."""
        self.judged += more.judged
        self.ran += more.ran
        self.links += more.links
        self.unjudged += more.unjudged


def read_vectors(file: Path, limit: int) -> list[str]:
    """Read vectors, evenly spread over the file where fewer are wanted."""
    lines = file.read_text(encoding="utf-8").splitlines()
    step = max(1, len(lines) // limit) if limit else 1
    return [json.loads(line)["html"] for line in lines[::step]]


def judge(oracle: Path, rows: Sequence[tuple[str, str]], folder: Path) -> Verdict:
    """Judge documents by the oracle, some at once; those among which one ran, one by one."""
    verdict = Verdict()
    groups = [
        (str(n), [*group]) for n, group in enumerate(_cut(rows, GROUP, GROUP_SIZE, _size_of_row))
    ]
    suspects: list[tuple[str, str]] = []
    for part in _cut(groups, ROWS, ROWS_SIZE, _size_of_group):
        named = [(name, "\n".join(text for _, text in group)) for name, group in part]
        found = ask_oracle(oracle, named, folder)
        for name, group in part:
            if found is None or name in found:
                suspects += group
            else:
                verdict.judged += len(group)
    for some in _cut(suspects, ROWS, ROWS_SIZE, _size_of_row):
        found = ask_oracle(oracle, some, folder)
        if found is None:
            verdict.unjudged += [name for name, _ in some]
            continue
        verdict.judged += len(some)
        verdict.ran += [name for name, what in found.items() if what == "ran"]
        verdict.links += [f"{name}: {what}" for name, what in found.items() if what != "ran"]
    return verdict


def _size_of_row(row: tuple[str, str]) -> int:
    return len(row[1])


def _size_of_group(group: tuple[str, list[tuple[str, str]]]) -> int:
    return sum(map(_size_of_row, group[1]))


def _cut(
    rows: Iterable[Row], count: int, size: int, size_of: Callable[[Row], int]
) -> Iterator[list[Row]]:
    """Cut rows into parts of so many at most, and of such a size unless one alone is larger."""
    part: list[Row] = []
    held = 0
    for row in rows:
        if part and (len(part) == count or held + size_of(row) > size):
            yield part
            part, held = [], 0
        part.append(row)
        held += size_of(row)
    if part:
        yield part


def ask_oracle(
    oracle: Path, rows: Sequence[tuple[str, str]], folder: Path
) -> dict[str, str] | None:
    """Give the documents in which a script ran or a link leads to one; None: it could not judge."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", dir=folder, encoding="utf-8") as lines:
        for name, text in rows:
            lines.write(json.dumps({"id": name, "html": _FILES.sub("", text)}) + "\n")
        lines.flush()
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, str(oracle), lines.name],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            said = json.loads(done.stdout.strip() or "{}")
            if said and not said["failed_batches"] and said["executed"] == len(said["ids"]):
                return {**said["links"], **dict.fromkeys(said["ids"], "ran")}
            if said and said["executed"] > len(said["ids"]):  # it names a dozen at most
                return {name: "ran, or stands beside one that did" for name, _ in rows}
    return None


@dataclass
class Live:
    """What happened where addresses were opened."""

    opened: int = 0
    ran: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def add(self, opened: int, ran: list[str], strangers: list[str]) -> None:
        """Take up what happened at more addresses."""
        self.opened += opened
        self.ran += ran
        self.strangers += strangers


def open_live(addresses: Iterable[str]) -> tuple[int, list[str], list[str]]:
    """Open addresses with their headers; give how many, where a script ran, who else was asked."""
    from playwright.sync_api import Dialog, Error, Request, sync_playwright

    ran: list[str] = []
    strangers: list[str] = []
    count = 0
    hooks = "for (const f of ['alert','confirm','prompt','print','eval']) window[f] = () => hit();"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.expose_function("hit", lambda: ran.append(page.url))
        page.add_init_script(hooks)

        def dismiss(dialog: Dialog) -> None:
            ran.append(page.url)
            dialog.dismiss()

        def note(request: Request) -> None:
            if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
                strangers.append(request.url[:200])

        page.on("dialog", dismiss)
        page.on("request", note)
        for address in addresses:
            count += 1
            try:
                page.goto(address, wait_until="load", timeout=120_000)
            except Error as error:
                if "Download is starting" not in str(error):
                    raise
            page.wait_for_timeout(20)
        browser.close()
    return count, ran, strangers


class Bench:
    """Judges the documents of each output as they come, some hundred at once, beside their making.

    What was judged is let go: all documents together are of gigabytes.
    """

    def __init__(self, oracle: Path, folder: Path) -> None:
        self._oracle, self._folder = oracle, folder
        self._waiting: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._seen: defaultdict[str, int] = defaultdict(int)
        self._verdicts: defaultdict[str, Verdict] = defaultdict(Verdict)
        self._judged: list[Future[None]] = []
        self._lock = threading.Lock()

    def judge_all(self, documents: Iterable[Shown], words: Mapping[int, str]) -> None:
        """Judge documents of any output, in which vectors with these words may stand."""
        unseen: defaultdict[str, dict[int, str]] = defaultdict(lambda: dict(words))
        with ThreadPoolExecutor(ORACLES) as beside:
            for one in documents:
                for number in one.seen(unseen[one.output]):
                    del unseen[one.output][number]
                    self._seen[one.output] += 1
                self._waiting[one.output].append((f"{one.output} {one.address}", one.html))
                if len(self._waiting[one.output]) >= GROUP * ROWS:
                    self._send(beside, one.output)
            for output in list(self._waiting):
                self._send(beside, output)
            self._wait(0)

    def verdict(self, output: str) -> Verdict:
        """Give what was said of an output."""
        return self._verdicts[output]

    def _send(self, beside: ThreadPoolExecutor, output: str) -> None:
        self._wait(ORACLES)
        rows = self._waiting.pop(output)
        self._judged.append(beside.submit(self._judge, output, rows))

    def _wait(self, most: int) -> None:
        while len(self._judged) > most:
            self._judged.pop(0).result()

    def _judge(self, output: str, rows: Sequence[tuple[str, str]]) -> None:
        found = judge(self._oracle, rows, self._folder)
        with self._lock:
            self._verdicts[output].add(found)
        for name in (*found.ran, *found.links, *found.unjudged) if output != BARE else ():
            print(f"FAULT {name}", flush=True)
        count = sum(one.judged for one in self._verdicts.values())
        print(f"\r{count} documents judged", end="", file=sys.stderr, flush=True)

    def report(self) -> int:
        """Print a line for each output; give how many faults there were."""
        print(f"{'output':28}{'documents':>10}{'vectors seen':>14}{'ran':>6}{'links':>7}")
        faults = 0
        for output, one in self._verdicts.items():
            print(f"{output:28}{one.judged:10}{self._seen[output]:14}{len(one.ran):6}"
                  f"{len(one.links):7}")  # fmt: skip
            faults += len(one.ran) + len(one.links) + len(one.unjudged)
        return faults


def measure(data: Path, limit: int, folder: Path) -> int:
    """Relay the vectors and judge every output; give how many faults there were."""
    oracle = (data.parent / "tools" / "chrome_oracle.py").resolve()
    vectors = read_vectors(data / "hostile" / "xss_corpus.jsonl", limit)
    began = time.monotonic()
    bare = Bench(oracle, folder)
    bare.judge_all((Shown(BARE, str(n), one, n) for n, one in enumerate(vectors)), {})
    control = bare.verdict(BARE)
    print(f"{len(vectors)} vectors; by themselves {len(control.ran)} run, "
          f"{len(control.links)} more hold script links", flush=True)  # fmt: skip
    bench = Bench(oracle, folder)
    live = Live()
    for start in range(0, len(vectors), SHARE):
        share = folder / str(start)
        _relay_share(vectors[start : start + SHARE], share, bench, live)
        shutil.rmtree(share)
    faults = bench.report() + (0 if control.ran else 1)
    print(
        f"{live.opened} addresses opened with their headers: {len(live.ran)} scripts ran, "
        f"{len(live.strangers)} requests to others, {time.monotonic() - began:.0f} s"
    )
    for name in [*live.ran, *live.strangers][:20]:
        print(f"FAULT {name}")
    return faults + len(live.ran) + len(live.strangers)


def _relay_share(vectors: Sequence[str], folder: Path, bench: Bench, live: Live) -> None:
    settings = write_settings(folder)
    with open_store(settings.store_url) as db:
        tally = relay_vectors(vectors, db, settings)
        bench.judge_all(list_outputs(db, settings, vectors, folder / "site"), first_words(vectors))
        with serving(db, settings) as home:
            live.add(*open_live(list_live(db, settings, vectors, home)))
    print(
        f"{len(vectors)} vectors relayed: {tally.extracted} articles, {tally.translated} "
        f"translations; {live.opened} addresses opened so far",
        flush=True,
    )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="vectors; all where it is 0")
    given = parser.parse_args()
    set_up_log("error")
    with tempfile.TemporaryDirectory() as scratch:
        return 1 if measure(given.data, given.limit, Path(scratch)) else 0


if __name__ == "__main__":
    sys.exit(main())
