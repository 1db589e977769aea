"""Relay while this process leads, and stand by while another does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from dragoman.errors import StoreError
from dragoman.store.leading import Candidate, leader
from dragoman.store.opening import Store

_ASKED_S = 1.0  # between two attempts to take the lead
_WATCHED_S = 0.25

Relaying = Callable[[Store, asyncio.Event], Awaitable[None]]  # relays until the event is set


async def relay_in_turn(
    db: Store, relay: Relaying, stop: asyncio.Event, *, say: Callable[[str], None]
) -> None:
    """Relay whenever this process leads, until ``stop`` is set.

    ``relay`` gets the store whose writes are refused once the lead is lost, and is told to end
    then. A database that cannot be reached is said, and asked again.
    """
    candidate = Candidate(db)
    said = ""
    while not stop.is_set():
        leads, message = await asyncio.to_thread(_apply, candidate, db)
        if message and message != said:
            say(message)
        if leads:
            if said:
                say("This relay leads now.")
            await _relay(candidate, relay, stop)
            if not stop.is_set():
                message = "This relay lost its lead: it stopped relaying, and stands by."
                say(message)
        elif not message:
            continue  # the other left in between
        said = message
        await _wait(stop, _ASKED_S)


def _apply(candidate: Candidate, db: Store) -> tuple[bool, str]:
    """Try to take the lead; otherwise say why this relay stands by."""
    try:
        if candidate.lead():
            return True, ""
        found = leader(db)
    except StoreError as error:
        return False, f"Standing by: {error}."
    return False, f"Standing by: {found.name} relays." if found else ""


async def _relay(candidate: Candidate, relay: Relaying, stop: asyncio.Event) -> None:
    halt = asyncio.Event()
    watching = asyncio.ensure_future(_watch(candidate, stop, halt))
    try:
        await relay(candidate.store, halt)
    finally:
        watching.cancel()
        await asyncio.to_thread(candidate.resign)


async def _watch(candidate: Candidate, stop: asyncio.Event, halt: asyncio.Event) -> None:
    while candidate.is_leading and not stop.is_set():
        await _wait(stop, _WATCHED_S)
    halt.set()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=seconds)
