"""Kill the relay with SIGKILL at random instants of whole runs, and look for what was lost.

    python -m bench.crash --kills 50 [--seed N] [--store postgresql]

Relays the sample press with its translations, kills the relay, looks through what it left, goes
on, and so through whole runs until the kills are used up. After each kill: the file is sound, the
store agrees with itself, all that could be read before the kill is still there, and nothing is
there twice. After each run: the outcome is that of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from demo.press import Press
from dragoman import store
from dragoman.config import Settings, load_settings
from dragoman.store import open_store
from dragoman.types import Rights, Source, TranslationStatus

CONFIG = """
editions = {editions}
data = "."
[fetch]
allow_networks = ["127.0.0.0/8"]
host_interval_s = 0.02
"""
ENGINES = """
[translate]
engines = ["firefox"]
"""
# What a reader, a page or a later stage was promised; none of it is undone by a crash.
_ACKNOWLEDGED = {
    "items": "SELECT id, guid_key FROM items",
    "pages": "SELECT id, digest FROM pages",
    "articles": "SELECT id, url_key, revision, digest FROM articles",
    "translations": (
        "SELECT article, \"into\", revision FROM translations WHERE status IN ('done', 'held')"
    ),
    "memory": "SELECT key FROM memory",
}
_SETTLED = (TranslationStatus.DONE, TranslationStatus.HELD)
_STARTED_S = 0.3  # before it the interpreter is still loading
_ONCE = {
    "articles with one address": "SELECT source, url_key, count(*) FROM articles GROUP BY 1, 2",
    "entries with one guid": (
        "SELECT source, guid_key, count(*) FROM items WHERE guid_key != '' GROUP BY 1, 2"
    ),
}

Outcome = dict[str, dict[Any, Any]]  # by kind and key


@dataclass
class Run:
    """A folder in which a press is relayed."""

    config: Path
    press: Press
    engines: str = ENGINES
    outlets: Sequence[str] = ()  # all where none is named
    editions: Sequence[str] = ("en", "pt", "fr", "es", "ar")
    make_store: Callable[[], str] | None = None  # gives an empty database; none: SQLite

    def prepare(self) -> Run:
        """Write the configuration and follow the press."""
        self.config.parent.mkdir(parents=True, exist_ok=True)
        text = CONFIG.format(editions=list(self.editions)) + self.engines
        if self.make_store:
            text = f'store = "{self.make_store()}"\n{text}'
        self.config.write_text(text, encoding="utf-8")
        with open_store(self.settings.store_url) as db:
            for row in self.press.subscriptions():
                if not self.outlets or row["id"] in self.outlets:
                    words = (row["id"], row["url"], row["name"], row["language"], row["country"])
                    store.sources.put_source(db, Source(*words, Rights(row["rights"])))
        return self

    @property
    def settings(self) -> Settings:
        return load_settings(self.config)

    @property
    def file(self) -> Path:
        return self.settings.data / "relay.db"

    def begin(self) -> subprocess.Popen[bytes]:
        """Begin a pass, as a process of its own."""
        words = ["--config", str(self.config), "once", "--now", "--json"]
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "dragoman", *words],
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )

    @property
    def said(self) -> Path:
        """What the last pass said of its errors."""
        return self.config.with_name("said")

    def outcome(self) -> Outcome:
        """Give all that a reader could see, free of the times at which it was made."""
        with open_store(self.settings.store_url) as db:
            articles = store.articles.articles(db, limit=1000)
            ids = [article.id for article in articles]
            return {
                "articles": {one.id: (one.revision, one.digest) for one in articles},
                "translations": {
                    (one.article, into): (
                        one.status in _SETTLED or one.status,
                        self._weigh(one.title),
                        tuple(self._weigh(segment.target) for segment in one.segments),
                    )
                    for into in self.settings.editions
                    for one in store.translations.translations_of(db, ids, into).values()
                },
                "stories": {
                    one.article: (one.event, one.story) for one in store.stories.groupings(db)
                },
            }

    def _weigh(self, text: str) -> object:
        """Give what must be the same: a real engine's text, or that the echo wrote one.

        The echo marks every piece that it is given, and what is given as one piece depends on
        the names that were learnt by then.
        """
        return bool(text) if "echo" in self.engines else text

    def acknowledged(self) -> dict[str, set[tuple[object, ...]]]:
        """Read what is committed, as another process sees it now."""
        with open_store(self.settings.store_url) as db, db.read() as connection:
            return {
                name: {tuple(row) for row in connection.exec_driver_sql(query)}
                for name, query in _ACKNOWLEDGED.items()
            }

    def faults(self, before: dict[str, set[tuple[object, ...]]]) -> list[str]:
        """List what a kill broke."""
        found = []
        with open_store(self.settings.store_url) as db:
            with db.read() as connection:
                for name, query in _ONCE.items():
                    twice = [row for row in connection.exec_driver_sql(query) if row[-1] > 1]
                    found += [f"{name}: {row}" for row in twice]
            found += store.check(db)  # with the integrity of an SQLite file
        after = self.acknowledged()
        for name, rows in before.items():
            found += [f"{name} lost: {row}" for row in rows - after[name]]
        return found


@dataclass
class Report:
    """What kills did."""

    kills: int = 0
    runs: int = 0  # that came to their end between the kills
    faults: list[str] = field(default_factory=list)
    where: Counter[str] = field(default_factory=Counter)  # what stood when the kill came


def crash(undisturbed: Run, folder: Path, kills: int, chance: random.Random) -> Report:
    """Kill passes over the same press as an undisturbed run relays, until the kills are spent."""
    began = time.monotonic()
    if undisturbed.begin().wait():
        raise RuntimeError("the undisturbed run failed")
    length = time.monotonic() - began
    expected, report = undisturbed.outcome(), Report()
    while report.kills < kills:
        config = folder / f"run-{report.runs}" / "dragoman.toml"
        run = replace(undisturbed, config=config).prepare()
        while report.kills < kills and not _is_killed_or_done(run, length, chance, report):
            pass
        if run.begin().wait():
            report.faults.append(f"the last pass of a run failed: {run.said.read_text()[-300:]}")
        report.faults += differences(expected, run.outcome())
        report.runs += 1
    return report


def differences(expected: Outcome, found: Outcome) -> list[str]:
    """Say what readers would see otherwise than after an undisturbed run."""
    lines = []
    for name, rows in expected.items():
        for key in rows.keys() | found[name].keys():
            one, other = rows.get(key), found[name].get(key)
            if one != other:
                lines.append(f"{name} {key}: {_narrow(one, other)}")
    return lines


def _narrow(one: Any, other: Any) -> str:
    """Show the first part in which two values differ."""
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return next(_narrow(a, b) for a, b in zip(one, other, strict=True) if a != b)
    return f"{one!r} became {other!r}"


def _is_killed_or_done(run: Run, length: float, chance: random.Random, report: Report) -> bool:
    """Begin a pass and kill it; give whether it was over before."""
    relay = run.begin()
    try:
        if relay.wait(timeout=chance.uniform(_STARTED_S, length)) != 0:
            report.faults.append(f"a pass failed by itself: {run.said.read_text()[-300:]}")
        return True
    except subprocess.TimeoutExpired:
        before = run.acknowledged()
        relay.send_signal(signal.SIGKILL)
        relay.wait()
        report.kills += 1
        report.where[_describe(before)] += 1
        report.faults += run.faults(before)
        print(f"{report.kills} kills, {len(report.faults)} faults", file=sys.stderr)
        return False


def _describe(before: dict[str, set[tuple[object, ...]]]) -> str:
    for stage, name in (("translating", "memory"), ("extracting", "articles"),
                        ("fetching pages", "pages"), ("polling", "items")):  # fmt: skip
        if before[name]:
            return stage
    return "starting"


def main() -> int:
    """Run from the command line; 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    began = time.monotonic()
    with contextlib.ExitStack() as opened:
        scratch = opened.enter_context(tempfile.TemporaryDirectory())
        press = opened.enter_context(Press(0))
        undisturbed = Run(Path(scratch) / "undisturbed" / "dragoman.toml", press)
        if given.store == "postgresql":
            from tests.postgresql import running_server

            server = opened.enter_context(running_server())
            undisturbed.make_store = lambda: opened.enter_context(server.database())
        undisturbed.prepare()
        report = crash(undisturbed, Path(scratch), given.kills, random.Random(given.seed))
    print(f"{report.kills} kills in {report.runs} whole runs, {time.monotonic() - began:.0f} s")
    for stage, count in report.where.most_common():
        print(f"{count:6} while {stage}, or after")
    for fault in report.faults:
        print(f"FAULT {fault}")
    print(f"{len(report.faults)} faults")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
