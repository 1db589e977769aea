"""Have a service translate many sentences, within its limits, and remember what it offers."""

from __future__ import annotations

import asyncio
import json
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

from dragoman.errors import TranslateError
from dragoman.translate.remote.wire import Ask, Refused, Service, exchange, with_session
from dragoman.types import Leg

if TYPE_CHECKING:
    from aiohttp import ClientSession

_TOO_MANY_REFUSALS = 12  # without one answer: it is not the texts that are at fault
_UNWRITTEN = frozenset(("Cc", "Cf", "Co", "Cs"))
_SPACE = re.compile(r"\s+")
_BREAKS = frozenset("\n\r\t\u2028\u2029")

Value = TypeVar("Value")

# What was answered, and perhaps paid for, in calls that then failed: their next try asks for
# the rest alone.
_unused: dict[tuple[Service, Leg], dict[str, str]] = {}
_MOST_UNUSED = 20  # failed calls

_log = structlog.get_logger(__name__)


def ask_in_batches(
    service: Service,
    leg: Leg,
    sentences: Sequence[str],
    make: Callable[[list[str]], Ask],
    read: Callable[[list[str], Any], list[str]],
    *,
    most: int,
    most_bytes: int,
    concurrency: int = 1,
) -> list[str]:
    """Translate sentences in as few requests as the service's limits allow.

    ``make`` writes the request of a batch, ``read`` takes the translations out of its answer or
    raises `Refused`. A batch that is refused is halved, down to the sentence that fails alone,
    which is given back empty. Equal sentences are sent once, and what was answered before a
    call failed is not asked again by the next. Raises leaves of `TranslateError` where the
    service fails, or refuses all.
    """
    known = _unused.pop((service, leg), {})
    texts = list(dict.fromkeys(s for s in sentences if s.strip() and s not in known))
    work = _Batches(service, make, read, asyncio.Semaphore(concurrency), known)

    async def run(session: ClientSession) -> None:
        until = time.monotonic() + service.total_s
        batches = _fill(texts, most, most_bytes)
        await asyncio.gather(*(work.take(session, batch, until) for batch in batches))

    if texts:
        asyncio.run(with_session(run))
        if work.error:
            _unused[service, leg] = work.done
            while len(_unused) > _MOST_UNUSED:
                del _unused[next(iter(_unused))]
            raise work.error
        if work.last_refusal and not any(work.done.values()):
            raise TranslateError(work.last_refusal)
    return [work.done.get(sentence, "") for sentence in sentences]


@dataclass(slots=True)
class _Batches:
    service: Service
    make: Callable[[list[str]], Ask]
    read: Callable[[list[str], Any], list[str]]
    free: asyncio.Semaphore
    done: dict[str, str]
    refusals: int = 0
    last_refusal: str = ""
    error: TranslateError | None = None

    async def take(self, session: ClientSession, batch: list[str], until: float) -> None:
        """Translate a batch, unless another one failed."""
        async with self.free:
            if not self.error:
                try:
                    await self.translate(session, batch, until)
                except TranslateError as error:
                    self.error = error

    async def translate(self, session: ClientSession, batch: list[str], until: float) -> None:
        """Translate a batch; where it is refused, its halves."""
        try:
            answer = await exchange(session, self.service, self.make(batch), until)
            self.done.update(zip(batch, self.read(batch, answer), strict=True))
            return
        except Refused as error:
            self.refusals += 1
            self.last_refusal = str(error)
        if self.refusals >= _TOO_MANY_REFUSALS and not any(self.done.values()):
            raise TranslateError(self.last_refusal)
        if len(batch) == 1:
            _log.warning("sentence refused", engine=self.service.engine, error=self.last_refusal)
            return
        middle = len(batch) // 2
        await self.translate(session, batch[:middle], until)
        await self.translate(session, batch[middle:], until)


def _fill(texts: Sequence[str], most: int, most_bytes: int) -> list[list[str]]:
    """Fill batches up to the limits; a text over them stands alone."""
    batches: list[list[str]] = []
    size = 0
    for text in texts:
        weight = len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) + 2
        if not batches or len(batches[-1]) == most or size + weight > most_bytes:
            batches.append([])
            size = 0
        batches[-1].append(text)
        size += weight
    return batches


def read_text(value: Any) -> str:
    """Take a translation out of an answer, in one line and without control characters.

    Raises `Refused` where it is no text.
    """
    if not isinstance(value, str):
        raise Refused("an answer holds something that is no text in the place of a translation")
    return "".join(filter(_is_written, _SPACE.sub(_join_lines, value))).strip()


def _join_lines(space: re.Match[str]) -> str:
    return space.group() if _BREAKS.isdisjoint(space.group()) else " "


def _is_written(char: str) -> bool:
    # Joiners that Persian and Indic spelling needs are format characters too.
    return char in "\u200c\u200d" or unicodedata.category(char) not in _UNWRITTEN


@dataclass(slots=True)
class Remembered(Generic[Value]):
    """What a service says of itself: kept for a while, and asked again sooner where it failed.

    A service that cannot be asked is logged, and the default stands in for its word, so that
    one dead server does not stop the other engines.
    """

    engine: str
    find: Callable[[], Value]
    default: Value
    kept_s: float = 600.0
    failed_s: float = 60.0
    _found: Value | None = None
    _until: float = 0.0

    def get(self) -> Value:
        """Give what is remembered, or find it."""
        if self._found is None or time.monotonic() >= self._until:
            try:
                self._found = self.find()
                self._until = time.monotonic() + self.kept_s
            except TranslateError as error:
                self._found = self.default
                self._until = time.monotonic() + self.failed_s
                _log.warning("engine left out", engine=self.engine, error=str(error))
        return self._found
