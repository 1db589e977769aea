"""Workers on this machine: a pool of processes, each killed when it passes its deadline."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from dragoman.errors import EngineDied, RunnerError, StageError
from dragoman.runner.protocol import Outcome

if TYPE_CHECKING:
    from pebble import ProcessPool

Item = TypeVar("Item")
Value = TypeVar("Value")

# A page of 5 MB takes about 1 GB in the worst parser; an engine with two models 0.4 GB.
MEMORY_MB = 4096


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
        future = self._start().schedule(function, args=args, timeout=deadline_s)
        try:
            value: Value = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            future.cancel()  # kills the worker: nobody waits for its answer
            raise
        except TimeoutError as error:
            raise EngineDied(
                f"stopped after {deadline_s:.0f} s: it took longer than its deadline"
            ) from error
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

    def close(self) -> None:
        """End the workers at once."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


def _outcome(item: Item, task: asyncio.Task[Value]) -> Outcome[Item, Value]:
    try:
        return Outcome(item, value=task.result())
    except CancelledError as error:
        raise RunnerError("the work was cancelled") from error
    except Exception as error:  # whatever befell one item is a value; the relay sorts them
        return Outcome(item, error=error)


def _prepare_worker(memory_mb: int, parent: int) -> None:
    """Limit a worker's memory, and end it when the relay dies without a word."""
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
