"""Send script vectors through the whole relay, and look for one that runs in a browser.

    python -m quality.xss --data DIR [--limit N] [--folder DIR]

Reads DIR/hostile/xss_corpus.jsonl. A hostile publisher on loopback serves an article for each
vector, with the vector in every field; the relay reads, extracts, translates (engine `echo`) and
publishes; then every kind of output is fetched and judged in Chromium, twice over: without our
headers by DIR/../tools/chrome_oracle.py, which loads a document as it is and by way of innerHTML,
and with them by opening the address. Before that the oracle judges the vectors themselves, which
shows that it can see. What was relayed is kept in a folder that is given, and used from there.
Exits with 1 where a script ran or a document could not be judged.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dragoman.cli.session import set_up_log
from dragoman.store import articles, open_store
from quality.xss_outputs import Shown, first_words, list_live, list_outputs, serving
from quality.xss_press import relay_vectors, write_settings

GROUP = 8  # documents that the oracle judges as one, to spare frames
ROWS = 40  # of one run of the oracle
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
    groups = [rows[at : at + GROUP] for at in range(0, len(rows), GROUP)]
    suspects: list[tuple[str, str]] = []
    for at in range(0, len(groups), ROWS):
        part = groups[at : at + ROWS]
        named = [(str(n), "\n".join(text for _, text in group)) for n, group in enumerate(part)]
        found = ask_oracle(oracle, named, folder)
        doubtful = range(len(part)) if found is None else {int(one) for one in found}
        suspects += [row for n in doubtful for row in part[n]]
        verdict.judged += sum(map(len, part)) - sum(len(part[n]) for n in doubtful)
    for at in range(0, len(suspects), ROWS):
        part_rows = suspects[at : at + ROWS]
        found = ask_oracle(oracle, part_rows, folder)
        if found is None:
            verdict.unjudged += [name for name, _ in part_rows]
            continue
        verdict.judged += len(part_rows)
        verdict.ran += [name for name, what in found.items() if what == "ran"]
        verdict.links += [f"{name}: {what}" for name, what in found.items() if what != "ran"]
    return verdict


def ask_oracle(
    oracle: Path, rows: Sequence[tuple[str, str]], folder: Path
) -> dict[str, str] | None:
    """Give the documents in which a script ran or a link leads to one; None: it could not judge."""
    file = folder / "rows.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for name, text in rows:
            lines.write(json.dumps({"id": name, "html": _FILES.sub("", text)}) + "\n")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, str(oracle), str(file)], capture_output=True, text=True, check=False
        )
        said = json.loads(done.stdout.strip() or "{}")
        if said and not said["failed_batches"] and said["executed"] == len(said["ids"]):
            return {**said["links"], **dict.fromkeys(said["ids"], "ran")}
        if said and said["executed"] > len(said["ids"]):  # it names a dozen at most
            return {name: "ran, or stands beside one that did" for name, _ in rows}
    return None


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

    def __init__(self, oracle: Path, folder: Path, words: Mapping[int, str]) -> None:
        self._oracle, self._folder = oracle, folder
        self._waiting: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._unseen: defaultdict[str, dict[int, str]] = defaultdict(lambda: dict(words))
        self._words = len(words)
        self._verdicts: defaultdict[str, Verdict] = defaultdict(Verdict)
        self._judged: Future[None] | None = None

    def judge_all(self, documents: Iterable[Shown]) -> None:
        """Judge documents of any output."""
        with ThreadPoolExecutor(1) as beside:
            for one in documents:
                unseen = self._unseen[one.output]
                for number in one.seen(unseen):
                    del unseen[number]
                self._waiting[one.output].append((f"{one.output} {one.address}", one.html))
                if len(self._waiting[one.output]) >= GROUP * ROWS:
                    self._send(beside, one.output)
            for output in list(self._waiting):
                self._send(beside, output)
            self._wait()

    def _send(self, beside: ThreadPoolExecutor, output: str) -> None:
        self._wait()
        rows = self._waiting.pop(output)
        self._judged = beside.submit(self._judge, output, rows)

    def _wait(self) -> None:
        if self._judged:
            self._judged.result()

    def _judge(self, output: str, rows: Sequence[tuple[str, str]]) -> None:
        self._verdicts[output].add(judge(self._oracle, rows, self._folder))
        count = sum(one.judged for one in self._verdicts.values())
        print(f"\r{count} documents judged", end="", file=sys.stderr, flush=True)

    def report(self) -> int:
        """Print a line for each output, then the faults; give how many there are."""
        print(f"{'output':28}{'documents':>10}{'vectors seen':>14}{'ran':>6}{'links':>7}")
        faults: list[str] = []
        for output, one in self._verdicts.items():
            seen = self._words - len(self._unseen[output])
            print(f"{output:28}{one.judged:10}{seen:14}{len(one.ran):6}{len(one.links):7}")
            faults += [*one.ran, *one.links, *(f"unjudged: {name}" for name in one.unjudged)]
        for name in faults[:50]:
            print(f"FAULT {name}")
        return len(faults)


def measure(data: Path, limit: int, folder: Path) -> int:
    """Relay the vectors and judge every output; give how many faults there were."""
    oracle = (data.parent / "tools" / "chrome_oracle.py").resolve()
    vectors = read_vectors(data / "hostile" / "xss_corpus.jsonl", limit)
    began = time.monotonic()
    control = judge(oracle, [(str(n), one) for n, one in enumerate(vectors)], folder)
    print(f"{len(vectors)} vectors; by themselves {len(control.ran)} run, "
          f"{len(control.links)} more hold script links", flush=True)  # fmt: skip
    settings = write_settings(folder)
    faults = 0 if control.ran else 1
    with open_store(settings.store_url) as db:
        if not articles.newest_ids(db, 1):
            tally = relay_vectors(vectors, db, settings)
            print(f"relayed: {tally.extracted} articles, {tally.translated} translations, "
                  f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        bench = Bench(oracle, folder, first_words(vectors))
        bench.judge_all(list_outputs(db, settings, vectors, folder / "site"))
        faults += bench.report()
        with serving(db, settings) as home:
            opened, ran, strangers = open_live(list_live(db, settings, vectors, home))
    print(f"{opened} addresses opened with their headers: {len(ran)} scripts ran, "
          f"{len(strangers)} requests to others, {time.monotonic() - began:.0f} s")  # fmt: skip
    for name in [*ran, *strangers][:20]:
        print(f"FAULT {name}")
    return faults + len(ran) + len(strangers)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="vectors; all where it is 0")
    parser.add_argument("--folder", type=Path, help="keeps what was relayed")
    given = parser.parse_args()
    set_up_log("error")
    with tempfile.TemporaryDirectory() as scratch:
        return 1 if measure(given.data, given.limit, given.folder or Path(scratch)) else 0


if __name__ == "__main__":
    sys.exit(main())
