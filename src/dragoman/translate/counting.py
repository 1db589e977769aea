"""Count what engines are asked for while an article is translated: words, seconds, money.

Words and seconds are counted where engines are called. Money is reported by the engine
itself, since it alone knows what its service bills. Outside of a scope nothing is counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from dragoman.errors import PluginError, TranslateError
from dragoman.translate.engine import Engine
from dragoman.types import EngineSpec, Leg, Usage

PRICE = "price_per_million"  # options of engines that cost money begin with it


@dataclass(slots=True)
class Counts:
    """What each engine did since the counting began."""

    words: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)

    def usage(self) -> tuple[Usage, ...]:
        """Give the counts as records, one for each engine."""
        return tuple(
            Usage(name, words, round(self.seconds.get(name, 0.0), 3), self.cost.get(name, 0.0))
            for name, words in self.words.items()
        )


_counts: ContextVar[Counts | None] = ContextVar("counts", default=None)


@contextmanager
def count_usage() -> Iterator[Counts]:
    """Count what happens inside; an error takes along what was spent before it."""
    counts = Counts()
    token = _counts.set(counts)
    try:
        yield counts
    except TranslateError as error:
        error.spent = counts.usage()
        raise
    finally:
        _counts.reset(token)


def ask_engine(engine: Engine, sentences: Sequence[str], leg: Leg) -> list[str]:
    """Have sentences translated, and count it, whether it succeeds or not."""
    began = time.perf_counter()
    try:
        return engine.translate(sentences, leg)
    finally:
        counts = _counts.get()
        if counts is not None:
            words = sum(map(count_words, sentences))
            taken = time.perf_counter() - began
            counts.words[engine.name] = counts.words.get(engine.name, 0) + words
            counts.seconds[engine.name] = counts.seconds.get(engine.name, 0.0) + taken


def add_cost(engine: str, cost: float) -> None:
    """Count money that an engine's service bills; called by the engine for each answer."""
    counts = _counts.get()
    if counts is not None and cost > 0:
        counts.words.setdefault(engine, 0)
        counts.cost[engine] = counts.cost.get(engine, 0.0) + cost


def has_price(spec: EngineSpec) -> bool:
    """Whether the configuration sets a price for an engine.

    Raises `PluginError` where a price is no number.
    """
    return any(
        read_number(spec.name, name, value) > 0
        for name, value in spec.options
        if name.startswith(PRICE)
    )


def read_number(engine: str, option: str, text: str) -> float:
    """Read an option that is a number from 0 up; raises `PluginError`."""
    try:
        number = float(text or 0)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise PluginError(
            f"translate.options.{engine}.{option}: '{text}' is no number from 0 up, such as 20"
        )
    return number


def count_words(text: str) -> int:
    """Count words; where a script sets no spaces, each of its characters counts as one."""
    spaceless = sum(map(_is_spaceless, text))
    if not spaceless:
        return len(text.split())
    return spaceless + len("".join(" " if _is_spaceless(char) else char for char in text).split())


def _is_spaceless(char: str) -> bool:
    """Whether a character is of a script written without spaces: Han, kana, Thai, Lao, Khmer."""
    code = ord(char)
    return code >= 0x0E00 and (
        code < 0x0F00
        or 0x1000 <= code < 0x10A0
        or 0x1780 <= code < 0x1800
        or 0x3040 <= code < 0x3100
        or 0x3400 <= code < 0xA000
        or 0x20000 <= code < 0x32000
    )
