"""``/metrics`` for Prometheus: what the store tells, and what the relay keeps of itself.

Labels are stages, states, editions, engines, kinds of outcomes: never an address or a name that
somebody outside chooses, so that their number is bounded.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

import dragoman
from dragoman import store
from dragoman.steps.vitals import BUCKETS, Vitals, read_vitals
from dragoman.store import gauges, reports
from dragoman.types import SourceState

if TYPE_CHECKING:
    from dragoman.desk.board import Desk

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_KEPT_S = 10.0  # for which an answer holds: counting reads the whole store

Rows = Iterable[tuple[tuple[str, ...], float]]


class Metrics:
    """Measures at most every few seconds, however often it is asked."""

    def __init__(self, desk: Desk) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Relay(desk))
        self._turn = Lock()
        self._made = 0.0
        self._text = b""

    def render(self) -> bytes:
        """Give the measures as Prometheus reads them. Raises `StoreError`."""
        with self._turn:
            if not self._text or time.monotonic() - self._made > _KEPT_S:
                self._text = generate_latest(self._registry)
                self._made = time.monotonic()
            return self._text


class _Relay(Collector):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        settings = self._desk.settings
        now = self._desk.now()
        yield _gauge("info", "The version that runs.", ("version",), [((dragoman.__version__,), 1)])
        yield from _measure_store(self._desk)
        yield from _measure_queues(self._desk, now)
        yield from _measure_relay(read_vitals(settings.data), now)


def _gauge(name: str, words: str, labels: tuple[str, ...], rows: Rows) -> Metric:
    family = GaugeMetricFamily(f"dragoman_{name}", words, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _count(name: str, words: str, labels: tuple[str, ...], rows: Rows) -> Metric:
    family = CounterMetricFamily(f"dragoman_{name}", words, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _measure_store(desk: Desk) -> Iterator[Metric]:
    db = desk.db
    counts = store.work.counts(db)
    sources = store.sources.sources(db)
    states = store.sources.source_states(db)
    kinds = dict.fromkeys(("ok", "new", "failing", "gone", "paused"), 0)
    for source in sources:
        kinds[_state_of(states.get(source.id), is_paused=source.is_paused)] += 1
    yield _gauge("sources", "Sources by state.", ("state",), [((k,), n) for k, n in kinds.items()])
    passed = [((s, k), n) for s, found in counts["work"].items() for k, n in found.items()]
    yield _gauge("checkpoints", "Articles by stage and state.", ("stage", "state"), passed)
    yield _gauge(
        "articles", "Articles shown, by language.", ("language",),
        [((code,), n) for code, n in counts["articles"].items()],
    )  # fmt: skip
    yield _gauge("stories", "Stories shown.", (), [((), counts["stories"])])
    yield _gauge("withdrawn", "Articles withdrawn.", (), [((), counts["withdrawn"])])
    made: dict[tuple[str, str], int] = {}
    for pair, found in counts["translations"].items():
        for status, n in found.items():
            key = (pair.partition(">")[2], status)
            made[key] = made.get(key, 0) + n
    yield _gauge("translations", "Translations by edition and status.", ("into", "status"),
                 made.items())  # fmt: skip
    gate = [((into, kind or "none"), n) for (into, kind), n in gauges.verdicts(db).items()]
    yield _gauge("gate_verdicts", "Translations by the gate's verdict.", ("into", "verdict"), gate)
    yield _gauge("reports_open", "Readers' reports that wait for an editor.", (),
                 [((), reports.count_open(db))])  # fmt: skip
    yield _gauge("database_bytes", "Size of the database.", (), [((), gauges.size(db))])
    yield from _measure_engines(desk)


def _state_of(state: SourceState | None, *, is_paused: bool) -> str:
    if is_paused:
        return "paused"
    if state is None or not (state.last_success or state.failure):
        return "new"
    if state.is_gone:
        return "gone"
    return "failing" if state.failure else "ok"


def _measure_engines(desk: Desk) -> Iterator[Metric]:
    words: dict[tuple[str, ...], float] = {}
    seconds: dict[tuple[str, ...], float] = {}
    money: dict[tuple[str, ...], float] = {}
    for one in store.spending.spending(desk.db):
        for totals, number in ((words, one.words), (seconds, one.seconds), (money, one.cost)):
            totals[(one.engine,)] = totals.get((one.engine,), 0) + number
    yield _count("engine_words", "Words that engines translated.", ("engine",), words.items())
    yield _count("engine_seconds", "Seconds that engines worked.", ("engine",), seconds.items())
    yield _count("engine_cost", "What engines cost, in their prices' money.", ("engine",),
                 money.items())  # fmt: skip


def _measure_queues(desk: Desk, now: datetime) -> Iterator[Metric]:
    found = gauges.queues(desk.db, desk.settings.editions, now)
    labels = ("stage", "into")
    lengths = [((one.stage.value, one.into), one.length) for one in found]
    yield _gauge("queue_length", "What a stage could take now.", labels, lengths)
    ages = [
        ((one.stage.value, one.into), (now - one.since).total_seconds() if one.since else 0.0)
        for one in found
    ]
    yield _gauge("queue_oldest_seconds", "Age of the oldest that waits.", labels, ages)


def _measure_relay(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    fetches = [((outcome,), n) for outcome, n in vitals.fetches.items()]
    yield _count("fetches", "Requests to publishers, by outcome.", ("outcome",), fetches)
    totals = list(accumulate(vitals.fetch_buckets))
    bounds = [*map(str, BUCKETS), "+Inf"]
    yield HistogramMetricFamily(
        "dragoman_fetch_seconds",
        "How long requests took.",
        buckets=list(zip(bounds, totals, strict=True)),
        sum_value=vitals.fetch_s,
    )
    failures = [((*cause.split(" ", 1),), n) for cause, n in vitals.failures.items()]
    yield _count("failures", "What failed, by stage and kind.", ("stage", "kind"), failures)
    plain = (
        ("worker_deaths", "Workers that died or were killed at a deadline.", vitals.worker_deaths),
        ("passes", "Passes that came to their end.", vitals.passes),
        ("failed_passes", "Passes that ended early.", vitals.failed_passes),
        ("reloads", "Times the configuration was read again.", vitals.reloads),
        ("failed_reloads", "Times it could not be used and was left as it was.",
         vitals.failed_reloads),
    )  # fmt: skip
    for name, words, number in plain:
        yield _count(name, words, (), [((), number)])
    last = vitals.last_pass.timestamp() if vitals.last_pass else 0.0
    yield _gauge("last_pass_timestamp_seconds", "When the last pass ended; 0: none did.", (),
                 [((), last)])  # fmt: skip
    yield _gauge("last_pass_seconds", "How long it took.", (), [((), vitals.last_pass_s)])
    heard = vitals.at.timestamp() if vitals.at else 0.0
    yield _gauge("relay_seen_timestamp_seconds", "When the relay wrote of itself last.", (),
                 [((), heard)])  # fmt: skip
    closed = sum(one.until > now for one in vitals.closed_hosts)
    yield _gauge("hosts_closed", "Hosts that are left alone for a while.", (), [((), closed)])
