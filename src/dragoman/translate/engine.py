"""What an engine is, and how one is found.

An engine turns a batch of sentences into a batch of the same length. What it cannot
translate it gives back as an empty string, so that one poisonous sentence does not
cost the others; it raises `ModelError` or `EngineDied` only where the whole batch is lost.
An engine that knows which words it passes on untranslated says so by `mark_unknown`, in the
answer itself; whoever asks an engine takes the marks off by `lift_unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

import structlog

from dragoman import languages, plugins
from dragoman.errors import PluginError, TranslateError
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import EngineKind, EngineSpec, Leg

# Private-use characters: no text that is fit for publication holds them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_NO_MARKS = {ord(_OPEN): None, ord(_CLOSE): None}


_log = structlog.get_logger(__name__)


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
        """Translate each sentence; an empty string stands for one that failed.

        Words that the engine does not know may be marked by `mark_unknown`.
        """

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give what the leg's model can read and write."""


def mark_unknown(word: str) -> str:
    """Mark a word of an answer as one that the engine did not know and left as it was."""
    return f"{_OPEN}{word}{_CLOSE}"


def lift_unknown(answer: str) -> tuple[str, tuple[str, ...]]:
    """Give an answer without marks, and the words that were marked as unknown."""
    if _OPEN not in answer and _CLOSE not in answer:
        return answer, ()
    return answer.translate(_NO_MARKS), tuple(dict.fromkeys(_MARKED.findall(answer)))


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
    """List what the engines can translate now, in the order of the engines.

    A neural leg that nobody measured counts as good as the best of its pair: so the order of
    the engines decides between them. An engine whose models cannot be read is left out, with
    a warning; raises its `TranslateError` where no other has anything.
    """
    legs: list[Leg] = []
    fault: TranslateError | PluginError | None = None
    for spec in specs:
        try:
            legs += load_engine(spec).legs()
        except (TranslateError, PluginError) as error:
            fault = error
            _log.warning("engine left out", engine=spec.name, error=str(error))
    if fault and not legs:
        raise fault
    best: dict[tuple[EngineKind, str, str], float] = {}
    for leg in legs:
        if leg.kind is EngineKind.NEURAL:
            best[_pair(leg)] = max(best.get(_pair(leg), 0.0), leg.quality)
    return tuple(
        leg if leg.quality else replace(leg, quality=best.get(_pair(leg), 0.0)) for leg in legs
    )


def _pair(leg: Leg) -> tuple[EngineKind, str, str]:
    return leg.kind, languages.base(leg.language), languages.base(leg.into)


def engine_for(leg: Leg, specs: Sequence[EngineSpec]) -> Engine:
    """Give the engine of a leg.

    Raises `PluginError` where none of the engines has the leg's name.
    """
    for spec in specs:
        if spec.name == leg.engine:
            return load_engine(spec)
    known = ", ".join(spec.name for spec in specs) or "none"
    raise PluginError(f"the route needs the engine '{leg.engine}'; configured: {known}")
