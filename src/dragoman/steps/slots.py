"""So many hosts at once; who is slow gives way, and nobody waits for who hangs.

A host that drips a byte a second may do so for a minute. With twenty slots, sixty such hosts
would keep every other for three minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

PATIENCE_S = 3.0  # after which a slot is given to the next
HANGING_S = 10.0  # after which nobody waits for a request
_SLOW = 4  # so many times the slots may be slow at once: each may hold a body of full size
_LOOK_S = 1.0

Task = asyncio.Task[None]


@dataclass(slots=True)
class _Turn:
    """A slot that is given back once, by who holds it or by the clock."""

    slots: asyncio.Semaphore
    is_given: bool = False

    def give(self) -> None:
        """Give it to the next."""
        if not self.is_given:
            self.is_given = True
            self.slots.release()


class Slots:
    """Turns to ask a host."""

    def __init__(self, size: int) -> None:
        self._quick = asyncio.Semaphore(size)
        self._all = asyncio.Semaphore(size + _SLOW * size)
        self._hanging: set[Task | None] = set()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Hold a slot, and give it to the next when it takes long."""
        async with self._all:
            await self._quick.acquire()
            turn = _Turn(self._quick)
            timer = asyncio.get_running_loop().call_later(PATIENCE_S, turn.give)
            try:
                yield
            finally:
                timer.cancel()
                turn.give()

    @contextmanager
    def ask(self) -> Iterator[None]:
        """Say that a task asks; when it takes long, others go on without it."""
        task = asyncio.current_task()
        timer = asyncio.get_running_loop().call_later(HANGING_S, self._hanging.add, task)
        try:
            yield
        finally:
            timer.cancel()
            self._hanging.discard(task)

    async def run(self, jobs: Iterable[Coroutine[None, None, None]]) -> set[Task]:
        """Run jobs side by side; give those that hang, which go on. Raises what one raises."""
        left = {asyncio.ensure_future(job) for job in jobs}
        try:
            while not left <= self._hanging:
                done, left = await asyncio.wait(
                    left, timeout=_LOOK_S, return_when=asyncio.FIRST_EXCEPTION
                )
                for task in done:
                    task.result()
        except BaseException:
            await drop(left)
            raise
        return left


async def drop(tasks: Iterable[Task]) -> None:
    """Cancel tasks, and wait until they have gone."""
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
