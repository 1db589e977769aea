"""The one way out: everything that is asked of another machine goes through `Fetcher`.

Each hop of a chain of redirects passes the same gates in the same order: the address, the
host's robots.txt, our turn at the host, then one request under the caps.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from dragoman.errors import FetchError, Forbidden, Gone, TooLarge

from . import robots
from .addresses import PORTS, Network, Target, is_listed, parse_networks, parse_target
from .exchange import REDIRECTS, Fetched, Limits, ProxyFailed, exchange
from .pacing import ClosedHost, Pacing
from .rights import MAX_TDM_BYTES, TDM_PATH, Signals, read_tdm
from .unpacking import ACCEPTED

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

    from .connect import Resolve

Note = Callable[[str, float], None]  # "2xx" or the name of an error, seconds

_PERMANENT = frozenset({301, 308})
_MINING_S = 86_400.0  # for which a host's TDMRep file holds
_MAX_MINING = 512  # hosts whose file is kept
_BUSY = frozenset({408, 425, 429})  # 4xx after which trying again can help


@dataclass(slots=True)
class _Chain:
    """A request and its redirects so far."""

    url: str  # of the next hop
    seconds: float  # left of the total deadline
    seen: set[str] = field(default_factory=set)
    moved_to: str = ""
    is_permanent: bool = True  # every redirect so far

    def follow(self, answer: Fetched) -> None:
        """Go where a redirect leads. Raises `FetchError`."""
        location = answer.header("location").strip()
        if not location:
            raise FetchError(f"{self.url}: redirects to nowhere; it is tried again later")
        self.seen.add(self.url)
        try:
            target = urljoin(self.url, location)
        except ValueError as error:
            raise FetchError(
                f"{self.url}: redirects to {location[:200]!r}, which is no address; the publisher "
                "has to mend it"
            ) from error
        self.is_permanent = self.is_permanent and answer.status in _PERMANENT
        if self.is_permanent:
            self.moved_to = target
        self.url = target


def _note_nothing(outcome: str, seconds: float) -> None:
    """Tell nobody."""


class Fetcher:
    """Fetches politely and guardedly; use it as an async context manager.

    ``allow_networks`` are the only networks that are not public and may be asked, as CIDR
    text; elsewhere only ``ports`` are. ``host_interval`` is the pause between two requests of one
    host, in seconds. ``note`` is told of each request: how it ended and the seconds it took.

    With a ``proxy`` everything goes through it, and it resolves the names: what they lead to is
    for the proxy to check. Addresses that are written as numbers are still refused here.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_networks: Sequence[str] = (),
        limits: Limits | None = None,
        host_interval: float = 1.0,
        obey_robots: bool = True,
        resolve: Resolve | None = None,
        ports: Sequence[int] = PORTS,
        proxy: str = "",
        note: Note | None = None,
    ) -> None:
        self._ports = tuple(ports)
        self._proxy = proxy
        self._note = note or _note_nothing
        self._networks = parse_networks(allow_networks)
        self._limits = limits or Limits()
        self._user_agent = user_agent
        self._resolve = resolve
        self._pacing = Pacing(host_interval)
        self._robots = robots.Robots(user_agent, self._ask_robots, self._pacing.slow_down)
        self._obey_robots = obey_robots
        self._mining: dict[str, tuple[float, bytes]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._session = await self._stack.enter_async_context(self._make_session())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session = None
        await self._stack.aclose()

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = "*/*",
        is_robots_checked: bool = True,
        is_polled: bool = False,
        span: tuple[int, int] | None = None,
    ) -> Fetched:
        """Fetch an address; give its answer with status 2xx, or 304 to a conditional request.

        ``span`` asks for the bytes from the first to the last of two offsets (RFC 9110, 14);
        a server that knows no ranges answers 200 with everything. With ``is_polled`` the
        address is asked again in any case, as a feed's is: only 410 and a forbidden address
        are permanent then. Raises leaves of `FetchError`.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        if span:
            # Packed on the way, offsets would mean something else.
            headers |= {"Range": f"bytes={span[0]}-{span[1]}", "Accept-Encoding": "identity"}
        try:
            answer = await self._follow(
                url, headers, self._limits, is_robots_checked=is_robots_checked
            )
        except FetchError as error:
            if is_polled and not isinstance(error, Forbidden):
                error.permanent = False
            raise
        is_conditional = bool(etag or last_modified)
        if not (200 <= answer.status < 300 or (answer.status == 304 and is_conditional)):
            raise _refuse_status(answer, is_polled=is_polled)
        return answer

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        """Post a body to an address; give its answer with status 2xx.

        The address passes the same gate as one that is fetched, redirects are not followed, and
        robots.txt has no say: who receives asked for it. Raises leaves of `FetchError`.
        """
        target = self._aim(parse_target(url, self._networks))
        chain = _Chain(url, self._limits.total_s)
        answer = await self._ask(target, headers, self._limits, chain, is_cut=True, sent=body)
        if 200 <= answer.status < 300:
            return answer
        said = f"{url}: the receiver answers {answer.status}"
        if answer.status in REDIRECTS:
            raise FetchError(f"{said}, a redirect, which is not followed; give the new address")
        if answer.status == 410:
            raise Gone(f"{said}: it wants no more")
        raise FetchError(f"{said}; it is tried again later", retry_after=answer.retry_after)

    def closed_s(self, url: str) -> float:
        """Say for how many seconds nothing is asked of an address's host; 0: it may be asked."""
        try:
            return self._pacing.left(parse_target(url, self._networks).key)
        except FetchError:
            return 0.0

    def closed_hosts(self) -> tuple[ClosedHost, ...]:
        """List the hosts that are left alone, because they fail or asked for it."""
        return self._pacing.closed_hosts()

    def restore(self, hosts: Iterable[ClosedHost]) -> None:
        """Go on leaving alone what an earlier fetcher left alone."""
        self._pacing.restore(hosts)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """List the sitemaps that robots.txt names for an address's host. Raises `FetchError`."""
        target = parse_target(url, self._networks)
        return await self._robots.sitemaps(target.url, target.key)

    async def signals(self, url: str) -> Signals:
        """Give what an address's host reserves for it; what cannot be read says nothing."""
        try:
            target = parse_target(url, self._networks)
            said = (await self._robots.rights(target.url, target.key)).signals(target.url)
            return (*said, *read_tdm(await self._mining_rules(target), target.url))
        except FetchError:
            return ()

    async def _mining_rules(self, target: Target) -> bytes:
        """Give a host's TDMRep file, asked for once a day; empty where there is none."""
        origin = urljoin(target.url, TDM_PATH)
        known = self._mining.get(origin)
        if known is None or known[0] < time.monotonic():
            if len(self._mining) >= _MAX_MINING:
                self._mining.clear()
            try:
                answer = await self.fetch(origin)
                body = answer.body[:MAX_TDM_BYTES]
            except FetchError:
                body = b""
            known = (time.monotonic() + _MINING_S, body)
            self._mining[origin] = known
        return known[1]

    async def _ask_robots(self, url: str) -> Fetched:
        limits = replace(self._limits, max_bytes=robots.MAX_BYTES)
        return await self._follow(url, {}, limits, is_robots_checked=False, is_cut=True)

    async def _follow(
        self,
        url: str,
        headers: dict[str, str],
        limits: Limits,
        *,
        is_robots_checked: bool,
        is_cut: bool = False,
    ) -> Fetched:
        """Ask, and follow redirects; every hop passes every gate anew."""
        chain = _Chain(url, limits.total_s)
        for _ in range(limits.max_redirects + 1):
            # 1. The address: scheme, credentials, numbers that are no public address.
            target = self._aim(_parse_hop(chain, url, self._networks))
            # 2. What the host's robots.txt says.
            if is_robots_checked and self._obey_robots:
                await self._robots.check(target.url, target.key)
            # 3. Our turn; given back between hops, or two hosts that redirect to each other
            #    would make two fetches wait for one another.
            answer = await self._ask(target, headers, limits, chain, is_cut=is_cut)
            if answer.status not in REDIRECTS:
                if answer.status == 429 and answer.retry_after:
                    self._pacing.close_host(target.key, answer.retry_after)
                return replace(answer, url=url, final_url=target.url, moved_to=chain.moved_to)
            chain.follow(answer)
            if chain.url in chain.seen:
                raise TooLarge(
                    f"{url}: redirects in a circle (at {chain.url}); the publisher has to mend it"
                )
        raise TooLarge(
            f"{url}: redirects more than {limits.max_redirects} times; correct the address, or "
            "wait until the publisher has mended it"
        )

    def _proxy_url(self) -> URL | None:
        from yarl import URL

        return URL(self._proxy) if self._proxy else None

    def _aim(self, target: Target) -> Target:
        """Give a target back if its port can be told by its address alone. Raises `Forbidden`."""
        if not self._proxy or is_listed(target.port, target.address, self._ports, self._networks):
            return target
        raise Forbidden(
            f"{target.url}: port {target.port} is not among fetch.ports; add it there if a web "
            "server listens on it"
        )

    async def _ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        limits: Limits,
        chain: _Chain,
        *,
        is_cut: bool = False,
        sent: bytes | None = None,
    ) -> Fetched:
        """Ask a host in its turn, and keep in mind how it answered. Raises `FetchError`."""
        if self._session is None:
            raise RuntimeError("a Fetcher is used as an async context manager")
        async with self._pacing.turn(target.key, target.url):
            started = time.monotonic()
            try:
                answer = await exchange(
                    self._session,
                    target.url,
                    headers,
                    limits,
                    seconds=chain.seconds,
                    is_cut=is_cut,
                    sent=sent,
                    proxy=self._proxy_url(),
                )
            except FetchError as error:
                self._judge(target, error)
                self._note(type(error).__name__, time.monotonic() - started)
                raise
            seconds = time.monotonic() - started
            chain.seconds -= seconds
            self._note(f"{answer.status // 100}xx", seconds)
            if answer.status >= 500 or answer.status == 429:
                self._pacing.fail(target.key, f"it answers {answer.status}")
            else:
                self._pacing.succeed(target.key)
        return answer

    def _judge(self, target: Target, error: FetchError) -> None:
        """Blame a host for an error that is of its making."""
        if isinstance(error, TooLarge):  # it does answer
            self._pacing.succeed(target.key)
        elif not isinstance(error, Forbidden | ProxyFailed):
            self._pacing.fail(target.key, str(error).removeprefix(f"{target.url}: "))

    def _make_session(self) -> aiohttp.ClientSession:
        import aiohttp

        from .connect import make_connector, make_proxy_connector, resolve_name

        limits, resolve, proxy = self._limits, self._resolve or resolve_name, self._proxy_url()
        return aiohttp.ClientSession(
            connector=make_proxy_connector(proxy, resolve)
            if proxy
            else make_connector(self._networks, resolve, self._ports),
            # The total deadline spans all hops, so it is kept by `exchange`.
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=limits.connect_s, sock_read=limits.stall_s
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED},
            auto_decompress=False,
            trust_env=False,
            max_line_size=limits.max_header_bytes // 2,
            max_field_size=limits.max_header_bytes // 2,
        )


def _parse_hop(chain: _Chain, first: str, networks: Sequence[Network]) -> Target:
    """Read the address of a hop. Raises `Forbidden` and `FetchError`.

    A redirect to an address that may not be asked is what a network that wants a login
    answers for everybody: another day it may lead elsewhere.
    """
    try:
        return parse_target(chain.url, networks)
    except FetchError as error:
        if not chain.seen:
            raise
        raise type(error)(f"{first}: redirects to {error}", permanent=False) from error


def _refuse_status(answer: Fetched, *, is_polled: bool) -> FetchError:
    """Make the error that a status stands for."""
    status, said = answer.status, f"{answer.url}: the publisher answers {answer.status}"
    if status == 410:
        return Gone(f"{said}: withdrawn for good; it is not asked again")
    if status == 404 and not is_polled:
        return Gone(f"{said}: not there any more; it is not asked again")
    if 400 <= status < 500 and status not in _BUSY:
        if is_polled:
            return FetchError(f"{said}; check the address; it is tried again later")
        return FetchError(
            f"{said}; it is not asked again; open it in a browser to see why", permanent=True
        )
    return FetchError(f"{said}; it is tried again later", retry_after=answer.retry_after)
