"""What the relay asks of a runner, wherever it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Value]):
    """What became of one item: a value, or the error that befell it."""

    item: Item
    value: Value | None = None
    error: Exception | None = None


class Runner(Protocol):
    """Runs functions of records somewhere else, each under a deadline."""

    @property
    def workers(self) -> int:
        """How many are at work at once; on a cluster it changes."""
        ...

    async def call(self, function: Callable[..., Value], *args: Any, deadline_s: float) -> Value:
        """Run one function and give its value; raises what it raised.

        Raises `EngineDied` where the worker passed the deadline or died.
        """
        ...

    def run_each(
        self,
        function: Callable[..., Value],
        items: Iterable[tuple[Item, tuple[Any, ...]]],
        *,
        deadline_s: float,
    ) -> AsyncIterator[Outcome[Item, Value]]:
        """Run a function on each (item, arguments), in any order; failures are values."""
        ...

    def close(self) -> None:
        """End the workers at once."""
        ...
