"""A long run: thousands of articles through the whole relay, and what each tenth of them costs.

    python -m bench longrun --articles 20000 --data DIR
    python -m bench.longrun ARTICLES ENGINE --data DIR [--models DIR]

A small relay over half a year: a hundred articles a day, English texts of DIR/stories told by
several outlets each, and a pass of the relay for each day. A tenth that costs more than the first
names what grows with the archive; memory is looked at after each. As many articles as a tenth go
before the first, and three weeks at least, so that engines and encoder are there, and the three
weeks that reports are compared with are full: more news a day costs more, and `bench link` says
how much. What is told is not as long every day, so CPU is counted by its characters too.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import publishers
from bench.retelling import ITEMS, Texts, read_texts, write_texts
from bench.workers import measure_workers
from quality.link_sets import read_pair_articles

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.store import Store

TENTHS = 10
FEEDS = 25
WARM = 21  # days
CONFIG = """
editions = ["pt"]
data = "data"
log = "error"
[desk]
enabled = false
[fetch]
allow_networks = ["127.0.0.0/8"]
host_interval_s = 0
[translate]
engines = ["{engine}"]
"""


@dataclass(frozen=True)
class Tenth:
    """What a tenth of the articles cost."""

    articles: int
    translated: int
    told: int  # characters in the articles
    relay: float  # CPU seconds of the relay itself
    workers: float
    memory: float  # megabytes of the relay when it was done
    of_workers: float
    stored: float  # megabytes of the database, its log included

    @property
    def all_memory(self) -> float:
        """Megabytes of the relay and its workers together."""
        return self.memory + self.of_workers

    @property
    def cpu(self) -> float:
        """CPU seconds of the relay and its workers."""
        return self.relay + self.workers

    @property
    def each(self) -> float:
        """Milliseconds of CPU for an article."""
        return 1000 * self.cpu / max(self.articles, 1)

    @property
    def by_text(self) -> float:
        """Milliseconds of CPU for a thousand characters."""
        return 1e6 * self.cpu / max(self.told, 1)


def main(data: Path, articles: int = 20_000) -> None:
    """Relay articles with an engine that gives the text back."""
    show(measure(data, articles, "echo", None))


def measure(data: Path, articles: int, engine: str, models: Path | None) -> Iterator[Tenth]:
    """Relay so many articles, and say what each tenth cost, after one to warm up."""
    from dragoman import store
    from dragoman.cli.session import set_up_log
    from dragoman.config import load_settings

    days = max(articles // (TENTHS * FEEDS * ITEMS), 1)  # of each tenth
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        spans = [max(days, WARM), *[days] * TENTHS]
        write_texts(_read_texts(data), sum(spans), folder / "texts.json")
        texts = read_texts(folder / "texts.json")
        served = stack.enter_context(publishers.opened(FEEDS, ITEMS, folder / "texts.json"))
        (folder / "dragoman.toml").write_text(CONFIG.format(engine=engine), encoding="utf-8")
        settings = load_settings(folder / "dragoman.toml")
        settings.data.mkdir()
        if models:
            settings.models.symlink_to(models.resolve())
        set_up_log(settings.log)
        with store.open_store(settings.store_url) as db:
            yield from _relay(db, settings, served, spans, texts)


def _read_texts(data: Path) -> list[str]:
    found = [one for one in read_pair_articles(data) if one.language == "en"]
    return [f"{one.title} {one.text}" for one in found]


def _relay(
    db: Store,
    settings: Settings,
    served: publishers.Publishers,
    spans: Sequence[int],
    texts: Texts,
) -> Iterator[Tenth]:
    from dragoman import store
    from dragoman.relay import relay_once
    from dragoman.runner import LocalRunner
    from dragoman.steps import Pass, open_fetcher
    from dragoman.types import Source

    for number in range(FEEDS):
        source = Source(f"s{number}", served.address(number), f"Publisher {number}", "en")
        store.sources.put_source(db, source)
    with asyncio.Runner() as loop:
        runner = LocalRunner(memory_mb=settings.run.memory_mb)
        fetcher = open_fetcher(settings)
        loop.run(fetcher.__aenter__())
        for place, days in enumerate(spans):
            first = sum(spans[:place])
            began = _cpu()
            done = translated = 0
            for _ in range(days):
                work = Pass(db, runner, settings)
                tally = loop.run(relay_once(work, fetcher, is_forced=True))
                done += tally.extracted
                translated += tally.translated
                served.publish(ITEMS)
            ended = _cpu()
            workers = measure_workers().values()
            yield Tenth(
                done,
                translated,
                sum(_count_told(texts, day) for day in range(first, first + days)),
                ended[0] - began[0],
                ended[1] - began[1],
                _own_mb(),
                sum(worker.rss for worker in workers),
                sum(file.stat().st_size for file in settings.data.glob("relay.db*")) / 1024**2,
            )
        loop.run(fetcher.__aexit__(None, None, None))
        runner.close()


def _count_told(texts: Texts, day: int) -> int:
    """Count the characters of what all publishers tell in a day."""
    reports = (
        texts.retell(number, at)
        for number in range(FEEDS)
        for at in range(day * ITEMS, (day + 1) * ITEMS)
    )
    return sum(len(sentence) for report in reports for sentence in report.sentences)


def _cpu() -> tuple[float, float]:
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    here = sum(worker.cpu for worker in measure_workers().values())
    return time.process_time(), gone.ru_utime + gone.ru_stime + here


def _own_mb() -> float:
    from dragoman.runner.memory import measure_mb

    return measure_mb()


def show(tenths: Iterator[Tenth]) -> None:
    """Print a row for each tenth as it is done, then how the last stands to the first."""
    print(
        f"{'tenth':>5}{'articles':>9}{'put over':>9}{'relay CPU-s':>12}{'workers':>9}"
        f"{'ms each':>9}{'per kch':>8}{'relay MB':>9}{'workers':>9}{'stored':>8}"
    )
    rows: list[Tenth] = []
    for one in tenths:
        name = str(len(rows) or "warm")
        rows.append(one)
        print(
            f"{name:>5}{one.articles:9}{one.translated:9}{one.relay:12.2f}{one.workers:9.2f}"
            f"{one.each:9.1f}{one.by_text:8.2f}{one.memory:9.0f}{one.of_workers:9.0f}{one.stored:8.1f}",
            flush=True,
        )
    last = rows[-1]
    for name, one in (("first", rows[1]), ("warming up", rows[0])):
        print(
            f"last / {name}: CPU for an article {last.each / one.each:.2f}, "
            f"for a character {last.by_text / one.by_text:.2f}, "
            f"memory {last.all_memory / one.all_memory:.2f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("engine")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    given = parser.parse_args()
    show(measure(given.data, given.articles, given.engine, given.models))
