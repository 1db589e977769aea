"""Workers on this machine: a pool of processes, each killed when it passes its deadline."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from dragoman.errors import EngineDied, RunnerError, StageError
from dragoman.runner.memory import give_back, measure_mb
from dragoman.runner.protocol import Outcome

if TYPE_CHECKING:
    from pebble import ProcessPool

Item = TypeVar("Item")
Value = TypeVar("Value")

# A page of 5 MB takes about 1 GB in the worst parser; an engine with two models 0.4 GB.
MEMORY_MB = 4096
_POOLS = 3  # that may break before a call gives up
# A worker that holds more than this, beside what it held when it was warm, is replaced. To
# replace one costs a second or two, for the engines that it has to load again.
_WARM = 50  # calls of a function, after which its engines and models are there
_GROWTH = 1.5
_GROWTH_MB = 128


class LocalRunner:
    """A pool of worker processes, started at the first piece of work."""

    def __init__(self, workers: int = 0, *, memory_mb: int = MEMORY_MB) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._memory_mb = memory_mb
        self._pool: ProcessPool | None = None

    def _start(self) -> ProcessPool:
        if self._pool is None:
            from pebble import ProcessPool

            try:
                # Spawned, not forked: the relay has threads and an event loop, and a fork
                # would copy their locks in whatever state they are.
                self._pool = ProcessPool(
                    max_workers=self.workers,
                    initializer=_prepare_worker,
                    initargs=(self._memory_mb, os.getpid()),
                    context=multiprocessing.get_context("spawn"),
                )
            except OSError as error:
                raise RunnerError(
                    f"worker processes cannot be started: {error}; "
                    "set run.workers lower or free some memory"
                ) from error
        return self._pool

    async def call(self, function: Callable[..., Value], *args: Any, deadline_s: float) -> Value:
        """Run one function in a worker. See `Runner.call`."""
        for _ in range(_POOLS):
            pool = self._start()
            try:
                return await self._call(pool, function, args, deadline_s)
            except _PoolBroke:
                # A worker was killed while it had nothing to do: what others were to do, and
                # this, is done by new ones.
                self._drop(pool)
        raise EngineDied("the workers died again and again; see what kills them, then try again")

    async def _call(
        self,
        pool: ProcessPool,
        function: Callable[..., Value],
        args: tuple[Any, ...],
        deadline_s: float,
    ) -> Value:
        try:
            future = pool.schedule(function, args=args, timeout=deadline_s)
        except RuntimeError as error:
            raise _PoolBroke from error
        try:
            value: Value = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            future.cancel()  # kills the worker: nobody waits for its answer
            raise
        except TimeoutError as error:
            raise EngineDied(
                f"stopped after {deadline_s:.0f} s: it took longer than its deadline"
            ) from error
        except BrokenProcessPool as error:
            raise _PoolBroke from error
        except MemoryError as error:
            raise StageError("it needs more memory than a worker may use") from error
        except Exception as error:
            if type(error).__name__ == "ProcessExpired":
                raise EngineDied(f"its worker process died: {error}") from error
            raise
        return value

    async def run_each(
        self,
        function: Callable[..., Value],
        items: Iterable[tuple[Item, tuple[Any, ...]]],
        *,
        deadline_s: float,
    ) -> AsyncIterator[Outcome[Item, Value]]:
        """Run a function on each item, as many at once as there are workers."""
        waiting: Iterator[tuple[Item, tuple[Any, ...]]] = iter(items)
        running: dict[asyncio.Task[Value], Item] = {}
        try:
            while True:
                # Two items for each worker: one at work, one at hand.
                for item, args in islice(waiting, max(0, 2 * self.workers - len(running))):
                    call = self.call(function, *args, deadline_s=deadline_s)
                    running[asyncio.ensure_future(call)] = item
                if not running:
                    return
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield _outcome(running.pop(task), task)
        finally:
            for task in running:
                task.cancel()

    def _drop(self, pool: ProcessPool) -> None:
        """Let the next call start another pool; one of those that failed with it was first."""
        if self._pool is pool:
            self.close()

    def close(self) -> None:
        """End the workers at once."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


class _PoolBroke(Exception):
    """The pool does nothing any more."""


def _outcome(item: Item, task: asyncio.Task[Value]) -> Outcome[Item, Value]:
    try:
        return Outcome(item, value=task.result())
    except CancelledError as error:
        raise RunnerError("the work was cancelled") from error
    except Exception as error:  # whatever befell one item is a value; the relay sorts them
        return Outcome(item, error=error)


def _prepare_worker(memory_mb: int, parent: int) -> None:
    """Limit a worker's memory, end it when the relay dies without a word, and when it grows."""
    import resource
    import threading
    import time

    limit = memory_mb * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()
    _leave_when_grown(_Growth())


def _leave_when_grown(growth: _Growth) -> None:
    """End this worker between two calls once it has grown; the pool starts another."""
    from pebble.pool import process

    fetch_task = process.fetch_task

    def fetch_unless_grown(channel: Any) -> Any:
        if growth.is_too_much():
            sys.exit(0)  # nothing was fetched, so nothing is lost
        task = fetch_task(channel)
        growth.begin(getattr(task.payload.function, "__qualname__", ""))
        return task

    process.fetch_task = fetch_unless_grown


class _Growth:
    """How much more memory this process holds than when all that it does was warm."""

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()
        self._function = ""
        self._warm = 0.0

    def begin(self, function: str) -> None:
        """Take note of a call."""
        self._function = function
        self._calls[function] += 1

    def is_too_much(self) -> bool:
        """Measure between two calls."""
        held = measure_mb()
        if self._calls[self._function] <= _WARM:
            self._warm = max(self._warm, held)
            return False
        most = _GROWTH * self._warm + _GROWTH_MB
        if held <= most:
            return False
        give_back()  # what is free already, and only kept at hand, is no growth
        return measure_mb() > most
