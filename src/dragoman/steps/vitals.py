"""What only the relaying process knows of itself, and keeps for others in a small file.

Whatever the store can tell is asked of the store. The rest, how fetches ended and how long passes
took, stands in ``vitals.json`` in the data folder: the desk, `dragoman status` and the next start
read it. Losing it loses counts, and no news.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from dragoman.ingest import ClosedHost, Fetcher
from dragoman.types import Failure, Tally

FILE = "vitals.json"
BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds of a request
_MAX_KINDS = 100  # labels of failures that are told apart

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Vitals:
    """Counts since the first start, and what was true last."""

    began: datetime | None = None  # this process
    at: datetime | None = None  # when this was written
    fetches: dict[str, int] = field(default_factory=dict)  # how they ended → number
    fetch_buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    fetch_s: float = 0.0
    passes: int = 0
    failed_passes: int = 0
    last_pass: datetime | None = None  # its end
    last_pass_s: float = 0.0
    failures: dict[str, int] = field(default_factory=dict)  # "stage kind" → number
    worker_deaths: int = 0
    reloads: int = 0
    failed_reloads: int = 0
    closed_hosts: list[ClosedHost] = field(default_factory=list)

    def note_fetch(self, outcome: str, seconds: float) -> None:
        """Count a request."""
        self.fetches[outcome] = self.fetches.get(outcome, 0) + 1
        self.fetch_buckets[bisect_left(BUCKETS, seconds)] += 1
        self.fetch_s += seconds

    def note_pass(self, tally: Tally, seconds: float) -> None:
        """Count a pass that came to its end, and what failed in it."""
        self.passes += 1
        self.last_pass, self.last_pass_s = datetime.now(UTC), seconds
        for failure in tally.failures:
            self._note_failure(failure)

    def _note_failure(self, failure: Failure) -> None:
        self.worker_deaths += failure.kind == "EngineDied"
        cause = f"{failure.stage} {failure.kind}"
        if cause in self.failures or len(self.failures) < _MAX_KINDS:
            self.failures[cause] = self.failures.get(cause, 0) + 1


def read_vitals(folder: Path) -> Vitals:
    """Read what was kept; nothing where there is none, or none that can be read."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=Vitals)
    except (OSError, msgspec.MsgspecError):
        return Vitals()
    return found if len(found.fetch_buckets) == len(BUCKETS) + 1 else Vitals()


def begin_vitals(folder: Path) -> Vitals:
    """Go on with what was kept."""
    vitals = read_vitals(folder)
    vitals.began = datetime.now(UTC)
    return vitals


def write_vitals(folder: Path, vitals: Vitals, fetcher: Fetcher | None = None) -> None:
    """Keep what is known; where it cannot be written, nothing else suffers."""
    vitals.at = datetime.now(UTC)
    if fetcher:
        vitals.closed_hosts = list(fetcher.closed_hosts())
    file = folder / FILE
    fresh = file.with_suffix(f".{os.getpid()}.new")
    try:
        fresh.write_bytes(msgspec.json.encode(vitals))
        fresh.replace(file)
    except OSError as error:
        log.warning("vitals not kept", file=str(file), reason=str(error))
