"""A runner for tests: everything runs in this process."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from dragoman.runner import Outcome


class Here:
    """A runner that runs everything in this process."""

    async def call(self, function: Callable[..., Any], *args: Any, deadline_s: float) -> Any:
        return function(*args)

    async def run_each(
        self, function: Callable[..., Any], jobs: Iterable[tuple[Any, tuple[Any, ...]]], **_: Any
    ) -> AsyncIterator[Any]:
        for item, args in jobs:
            try:
                yield Outcome(item, function(*args))
            except Exception as error:
                yield Outcome(item, error=error)

    def close(self) -> None:
        """Nothing to end."""
