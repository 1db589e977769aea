"""robots.txt, as RFC 9309 reads it: asked for once per host, obeyed on every hop.

It also names sitemaps (sitemaps.org), licences (RSL) and what may be done with pages (AIPREF).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import FetchError, Forbidden
from dragoman.sanitize import clean_url

from .exchange import Fetched
from .rights import HostRights, read_host_rights

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 500 * 1024  # what RFC 9309 (2.5) has us parse at least; the rest is cut
_KEEP_S = 6 * 3600.0  # the RFC allows a day
_KEEP_FAILURE_S = 600.0
_MAX_HOSTS = 1024

Ask = Callable[[str], Awaitable[Fetched]]
SlowDown = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one host's robots.txt says. No parser: everything is allowed."""

    expires: float
    parser: Protego | None = None
    rights: HostRights = field(default_factory=HostRights)
    failure: str = ""  # why it could not be had: nothing is allowed for now


class Robots:
    """Keeps the rules of the hosts we ask."""

    def __init__(self, user_agent: str, ask: Ask, slow_down: SlowDown) -> None:
        match = re.match(r"[A-Za-z_-]+", user_agent)  # the product token, RFC 9309 (2.2.1)
        self._token = match[0] if match else user_agent
        self._ask = ask
        self._slow_down = slow_down
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str, key: str) -> None:
        """Raise `Forbidden` where robots.txt asks us not to fetch an address.

        ``key`` is the host and port. Where robots.txt cannot be had for a failure of the
        server, the error is a temporary `FetchError`.
        """
        if urlsplit(url).path == "/robots.txt":
            return
        rules = await self._find_rules(url, key)
        if rules.failure:
            raise FetchError(
                f"{url}: not asked, because robots.txt could not be read first "
                f"({rules.failure}); both are tried again later",
                retry_after=max(rules.expires - time.monotonic(), 1.0),
            )
        if rules.parser is not None and not rules.parser.can_fetch(url, self._token):
            raise Forbidden(
                f"{url}: the publisher's robots.txt asks {self._token} not to fetch it, and it is "
                "not fetched; ask the publisher for leave, or remove the source"
            )

    async def sitemaps(self, url: str, key: str) -> tuple[str, ...]:
        """List the sitemaps that a host's robots.txt names. Raises `FetchError`."""
        rules = await self._find_rules(url, key)
        found = rules.parser.sitemaps if rules.parser is not None else ()
        return tuple(dict.fromkeys(filter(None, (clean_url(each, url) for each in found))))

    async def rights(self, url: str, key: str) -> HostRights:
        """Give what a host's robots.txt reserves. Raises `FetchError`."""
        return (await self._find_rules(url, key)).rights

    async def _find_rules(self, url: str, key: str) -> _Rules:
        parts = urlsplit(url)
        return await self._rules_of(f"{parts.scheme}://{parts.netloc}/robots.txt", key)

    async def _rules_of(self, address: str, key: str) -> _Rules:
        lock = self._locks.setdefault(address, asyncio.Lock())
        async with lock:
            rules = self._rules.get(address)
            if rules is None or rules.expires <= time.monotonic():
                rules = await self._read(address, key)
                self._forget_old()
                self._rules[address] = rules
        return rules

    async def _read(self, address: str, key: str) -> _Rules:
        from protego import Protego

        try:
            answer = await self._ask(address)
        except Forbidden:
            raise  # the host itself may not be asked: no matter of robots.txt
        except FetchError as error:
            return _fail(str(error), error.retry_after)
        if answer.status >= 500 or answer.status == 429:
            return _fail(f"{address} answers {answer.status}", answer.retry_after)
        expires = time.monotonic() + _KEEP_S
        if answer.status != 200:  # 4xx: there are no rules (RFC 9309, 2.3.1.3)
            return _Rules(expires)
        text = answer.body[:MAX_BYTES].decode("utf-8-sig", "replace")
        parser = Protego.parse(text)
        self._slow_down(key, parser.crawl_delay(self._token) or 0.0)
        return _Rules(expires, parser, read_host_rights(text, self._token))

    def _forget_old(self) -> None:
        if len(self._rules) >= _MAX_HOSTS:
            now = time.monotonic()
            kept = sorted(self._rules.items(), key=lambda pair: pair[1].expires)[_MAX_HOSTS // 4 :]
            self._rules = {address: rules for address, rules in kept if rules.expires > now}
            self._locks = {
                address: lock
                for address, lock in self._locks.items()
                if address in self._rules or lock.locked()
            }


def _fail(reason: str, retry_after: float | None) -> _Rules:
    return _Rules(time.monotonic() + (retry_after or _KEEP_FAILURE_S), failure=reason)
