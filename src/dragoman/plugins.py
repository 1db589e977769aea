"""Extensions are found by entry point; built-ins use the same door."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from dragoman.errors import PluginError

ENGINES = "dragoman.engines"  # callables that take options and give an Engine


def names(group: str) -> tuple[str, ...]:
    """List the names that are installed in a group of entry points."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


@lru_cache(maxsize=128)
def load(group: str, name: str) -> Callable[..., Any]:
    """Load an extension by group and name.

    Raises `PluginError` where no such name is installed, or where its module cannot be
    imported; the message lists what is there.
    """
    for point in entry_points(group=group, name=name):
        try:
            loaded: Callable[..., Any] = point.load()
        except (ImportError, AttributeError) as error:
            raise PluginError(
                f"{group}: '{name}' ({point.value}) cannot be loaded: {error}"
            ) from error
        return loaded
    known = ", ".join(names(group)) or "none"
    raise PluginError(f"{group}: there is no '{name}'; installed: {known}")
