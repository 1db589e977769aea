"""Workers on a Ray cluster: actors that keep their engines, replaced when they or their node die.

Small items travel in batches that take about a quarter of a second. One batch is at work in each
actor, so that a death is known to be one batch's; its items are then tried one by one. An item
whose own worker dies twice is poison, and stated as `EngineDied`; a node that dies takes its
actors along and is nobody's fault: its items move to other nodes.
"""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from dragoman import __version__
from dragoman.errors import EngineDied, RunnerError
from dragoman.runner.protocol import Outcome
from dragoman.runner.ray_joining import join, last_line, load_ray
from dragoman.runner.ray_worker import Worker, unpack

if TYPE_CHECKING:
    pass

Item = TypeVar("Item")
Value = TypeVar("Value")

log = structlog.get_logger(__name__)

BATCH_S = 0.25  # of work in a batch: a message of Ray costs about a thousandth of it
BATCH_ITEMS = 64
BATCH_BYTES = 8_000_000
START_S = 60.0  # until an actor answers, its node's imports included
TRIES = 2  # deaths of its own worker that an item may cause
MOVES = 5  # nodes that may die under an item


@dataclass(slots=True, eq=False)
class _Hand:
    """An actor and the node that it lives on."""

    actor: Any
    node: str


@dataclass(slots=True, eq=False)
class _Job:
    """An item on its way, packed."""

    item: Any
    packed: bytes
    deaths: int = 0  # of its own worker
    moves: int = 0  # of nodes under it
    is_alone: bool = False  # it has been in a batch that died


class _Lost(Exception):
    """The worker of a batch died, or its node did, or it passed the deadline."""

    def __init__(self, reason: str, *, is_late: bool = False, is_node: bool = False) -> None:
        super().__init__(reason)
        self.is_late, self.is_node = is_late, is_node


class _Full(Exception):
    """The cluster has become too small for another actor."""


@dataclass(slots=True, eq=False)
class _Queue:
    """The items of one call of `run_each`."""

    name: str
    fresh: Iterator[_Job]
    again: deque[_Job] = field(default_factory=deque)
    held: _Job | None = None  # taken from ``fresh``, and too large for the batch before

    def take(self) -> _Job | None:
        """Give the next item that was in no batch that died."""
        job, self.held = self.held, None
        return job or next(self.fresh, None)


class RayRunner:
    """Actors on a running Ray cluster. See `Runner`; ``counts`` says what has happened so far."""

    def __init__(
        self,
        address: str = "auto",
        *,
        workers: int = 0,
        memory_mb: int = 4096,
        cpus: float = 1.0,
        gpus: float = 0.0,
    ) -> None:
        self._ray = load_ray()
        self._asked, self._cpus, self._gpus = workers, cpus, gpus
        self._has_connected = join(self._ray, address)
        self._class = self._ray.remote(
            num_cpus=cpus,
            num_gpus=gpus,
            max_restarts=0,  # ours to replace: Ray would run the poison again
            max_task_retries=0,
            scheduling_strategy="SPREAD",
        )(Worker)
        self._memory_mb = memory_mb
        self._idle: list[_Hand] = []
        self._busy: set[_Hand] = set()
        self._starting = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._pace: dict[str, float] = {}  # seconds of an item, by function
        self.counts: Counter[str] = Counter()
        self.workers = self._count_places()

    def _count_places(self) -> int:
        """Say how many actors the cluster holds with one CPU left free of them."""
        if self._asked:
            return self._asked
        total = self._ray.cluster_resources()
        places = (total.get("CPU", 1.0) - 1.0) / self._cpus if self._cpus else 1.0
        if self._gpus:
            places = min(places, total.get("GPU", 0.0) / self._gpus)
        return max(1, int(places))

    async def call(self, function: Callable[..., Value], *args: Any, deadline_s: float) -> Value:
        """Run one function in an actor. See `Runner.call`."""
        outcomes = self.run_each(function, [(None, args)], deadline_s=deadline_s)
        async with aclosing(outcomes):
            async for outcome in outcomes:
                if outcome.error is not None:
                    raise outcome.error
                return outcome.value  # type: ignore[return-value]
        raise RunnerError("the work was lost")

    async def run_each(
        self,
        function: Callable[..., Value],
        items: Iterable[tuple[Item, tuple[Any, ...]]],
        *,
        deadline_s: float,
    ) -> AsyncGenerator[Outcome[Item, Value], None]:
        """Run a function on each item; a batch at work in each actor, and one at hand."""
        self.workers = self._count_places()  # nodes come and go
        fresh = (
            _Job(item, pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL))
            for item, args in items
        )
        queue = _Queue(f"{function.__module__}.{function.__qualname__}", fresh)
        running: dict[asyncio.Task[list[tuple[bool, bytes]]], list[_Job]] = {}
        try:
            while True:
                while len(running) <= self.workers and (batch := self._fill(queue)):
                    attempt = self._attempt(queue.name, batch, deadline_s)
                    running[asyncio.ensure_future(attempt)] = batch
                if not running:
                    return
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    for outcome in self._settle(running.pop(task), task, queue):
                        yield outcome
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _fill(self, queue: _Queue) -> list[_Job]:
        """Take a batch: an item that has seen a death travels alone."""
        if queue.again:
            return [queue.again.popleft()]
        pace = self._pace.get(queue.name)
        most = 1 if pace is None else max(1, min(BATCH_ITEMS, int(BATCH_S / max(pace, 1e-6))))
        batch: list[_Job] = []
        size = 0
        while len(batch) < most and (job := queue.take()):
            if batch and size + len(job.packed) > BATCH_BYTES:
                queue.held = job
                break
            batch.append(job)
            size += len(job.packed)
        return batch

    async def _attempt(
        self, name: str, batch: list[_Job], deadline_s: float
    ) -> list[tuple[bool, bytes]]:
        """Have a batch done by one actor. Raises `_Lost`, and `RunnerError` if there is none."""
        hand = await self._borrow()
        began = monotonic()
        try:
            work = hand.actor.work.remote([job.packed for job in batch])
            answers = await asyncio.wait_for(asyncio.wrap_future(work.future()), deadline_s)
        except asyncio.CancelledError:
            self._dismiss(hand)  # nobody waits for its answer
            raise
        except TimeoutError as error:
            self._dismiss(hand)
            reason = f"stopped after {deadline_s:.0f} s: it took longer than its deadline"
            raise _Lost(reason, is_late=True) from error
        except self._ray.exceptions.RayError as error:
            self._dismiss(hand)
            reason = str(error).strip().partition("\n")[0]
            raise _Lost(reason, is_node=not self._is_alive(hand.node)) from error
        self._give_back(hand)
        took = (monotonic() - began) / len(batch)
        self._pace[name] = (self._pace.get(name, took) + took) / 2
        self.counts.update(batches=1, items=len(batch))
        found: list[tuple[bool, bytes]] = answers
        return found

    def _settle(
        self, batch: list[_Job], task: asyncio.Task[list[tuple[bool, bytes]]], queue: _Queue
    ) -> Iterator[Outcome[Any, Any]]:
        """Give the outcomes of a batch; what a death left undone goes back to the queue."""
        try:
            answers = task.result()
        except _Lost as lost:
            self.counts["late" if lost.is_late else "nodes" if lost.is_node else "deaths"] += 1
            log.warning("ray worker lost", reason=str(lost), items=len(batch))
            yield from self._try_again(batch, lost, queue)
            return
        for job, answer in zip(batch, answers, strict=True):
            value, error = unpack(answer)
            yield Outcome(job.item, value=value, error=error)

    def _try_again(
        self, batch: list[_Job], lost: _Lost, queue: _Queue
    ) -> Iterator[Outcome[Any, Any]]:
        for job in batch:
            if lost.is_node:
                job.moves += 1
            elif len(batch) == 1:
                job.deaths += TRIES if lost.is_late else 1
            if job.deaths >= TRIES or job.moves > MOVES:
                reason = str(lost) if lost.is_late else f"its worker process died: {lost}"
                yield Outcome(job.item, error=EngineDied(reason))
            else:
                self.counts["retried"] += 1
                queue.again.append(job)

    # -- Actors ---------------------------------------------------------------

    async def _borrow(self) -> _Hand:
        """Take an idle actor, start one where there is room, or wait for one."""
        while True:
            if self._idle:
                hand = self._idle.pop()
                self._busy.add(hand)
                return hand
            if len(self._busy) + self._starting < self.workers:
                self._starting += 1
                try:
                    hand = await self._hire()
                    self._busy.add(hand)
                    return hand
                except _Full:  # a node went meanwhile: those that are there do the work
                    self.workers = max(1, len(self._busy) + len(self._idle))
                    continue
                finally:
                    self._starting -= 1
                    self._wake()
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
                else:
                    self._wake()  # its turn is another's
                raise

    async def _hire(self) -> _Hand:
        """Start an actor and see that it is ours. Raises `RunnerError`."""
        errors = self._ray.exceptions
        for last in (False, False, True):
            actor = self._class.remote(self._memory_mb)
            try:
                greeting = actor.introduce.remote()
                version, node = await self._await_start(asyncio.wrap_future(greeting.future()))
            except TimeoutError as error:
                self._ray.kill(actor)
                raise RunnerError(self._describe_crowd()) from error
            except (asyncio.CancelledError, _Full):
                self._ray.kill(actor)
                raise
            except errors.RayError as error:
                if "No module named" in str(error):
                    raise RunnerError(
                        "a node of the Ray cluster lacks Dragoman or what it needs: install "
                        f"dragoman[ray]=={__version__} on every node ({last_line(error)})"
                    ) from error
                if last:
                    raise RunnerError(
                        f"no worker starts on the Ray cluster: {last_line(error)}; `ray status` "
                        "says what it has"
                    ) from error
                continue
            if version != __version__:
                self._ray.kill(actor)
                raise RunnerError(
                    f"a node of the Ray cluster has Dragoman {version}, and here is {__version__}: "
                    "install the same on every node"
                )
            return _Hand(actor, node)
        raise AssertionError("the last round raises")

    async def _await_start(self, greeting: asyncio.Future[tuple[str, str]]) -> tuple[str, str]:
        """Wait for a new actor's answer. Raises `_Full` where its place is gone, `TimeoutError`."""
        deadline = monotonic() + START_S
        while monotonic() < deadline:
            done, _ = await asyncio.wait({greeting}, timeout=1.0)
            if done:
                return greeting.result()
            hands = len(self._busy) + len(self._idle)
            if hands and self._count_places() < hands + self._starting:
                raise _Full
        raise TimeoutError

    def _describe_crowd(self) -> str:
        free = self._ray.available_resources()
        return (
            f"the Ray cluster has no room for a worker: it asks for {self._cpus:g} CPUs and "
            f"{self._gpus:g} GPUs, {free.get('CPU', 0):g} and {free.get('GPU', 0):g} are free in "
            "all; add nodes, or set run.ray_cpus or run.ray_gpus lower"
        )

    def _is_alive(self, node: str) -> bool:
        return any(one["NodeID"] == node and one["Alive"] for one in self._ray.nodes())

    def _give_back(self, hand: _Hand) -> None:
        self._busy.discard(hand)
        self._idle.append(hand)
        self._wake()

    def _dismiss(self, hand: _Hand) -> None:
        self._busy.discard(hand)
        self._ray.kill(hand.actor)
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def close(self) -> None:
        """End the actors at once, and leave the cluster."""
        if self._ray.is_initialized():
            for hand in (*self._idle, *self._busy):
                self._ray.kill(hand.actor)
            if self._has_connected:
                self._ray.shutdown()
        self._idle.clear()
        self._busy.clear()
        log.info("ray runner closed", **self.counts)
