"""What an engine is, and how one is found.

An engine turns a batch of sentences into a batch of the same length. What it cannot
translate it gives back as an empty string, so that one poisonous sentence does not
cost the others; it raises `ModelError` or `EngineDied` only where the whole batch is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from dragoman import plugins
from dragoman.errors import PluginError
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import EngineKind, EngineSpec, Leg


class Engine(Protocol):
    """What translates sentences from one language into another."""

    @property
    def name(self) -> str:
        """Name the engine as in its entry point."""

    @property
    def kind(self) -> EngineKind:
        """Say how it works, as readers are told."""

    def legs(self) -> tuple[Leg, ...]:
        """List the steps that it can take now."""

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate each sentence; an empty string stands for one that failed."""

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give what the leg's model can read and write."""


@lru_cache(maxsize=32)
def load_engine(spec: EngineSpec) -> Engine:
    """Load an engine by its entry point, once per process.

    Raises `PluginError` where no such engine is installed or its options do not fit.
    """
    factory = plugins.load(plugins.ENGINES, spec.name)
    try:
        engine: Engine = factory(**dict(spec.options))
    except TypeError as error:
        raise PluginError(f"engine '{spec.name}' does not take these options: {error}") from error
    return engine


def available_legs(specs: Sequence[EngineSpec]) -> tuple[Leg, ...]:
    """List what the engines can translate now, in the order of the engines."""
    return tuple(leg for spec in specs for leg in load_engine(spec).legs())


def engine_for(leg: Leg, specs: Sequence[EngineSpec]) -> Engine:
    """Give the engine of a leg.

    Raises `PluginError` where none of the engines has the leg's name.
    """
    for spec in specs:
        if spec.name == leg.engine:
            return load_engine(spec)
    known = ", ".join(spec.name for spec in specs) or "none"
    raise PluginError(f"the route needs the engine '{leg.engine}'; configured: {known}")
