"""Connections to checked addresses alone: aiohttp's resolver and connector, guarded.

A name is resolved once for each connection; every address it gave is checked, and the
connection goes to one of those. Nothing resolves the name again in between, so a name that
changes its address after the check (rebinding) gains nothing.

Behind a proxy nothing is connected to but the proxy.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from dragoman.errors import Forbidden

from .addresses import PORTS, Network, check_address, is_allowed, is_listed

if TYPE_CHECKING:
    from yarl import URL

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a name."""
    loop = asyncio.get_running_loop()
    infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


class GuardedResolver(AbstractResolver):
    """Resolve names, and refuse those of which any address may not be asked."""

    def __init__(self, networks: Sequence[Network], resolve: Resolve) -> None:
        self._networks = networks
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the checked addresses of a name. Raises `Forbidden`.

        It is not permanent: a network that wants a login first gives every name an address
        of its own, and gives the right one later.
        """
        addresses = await self._resolve(host, port)
        for address in addresses:
            try:
                check_address(address, host, self._networks)
            except Forbidden as error:
                error.permanent = False
                raise
        return [_describe(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Hold nothing, so close nothing."""


class ProxyResolver(AbstractResolver):
    """Resolve the proxy's name, and no other."""

    def __init__(self, proxy: URL, resolve: Resolve) -> None:
        self._host = proxy.host or ""
        self._resolve = resolve
        self.found: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the proxy's addresses. Raises `Forbidden`."""
        if host != self._host:
            raise Forbidden(f"{host} is not the proxy, and nothing else is connected to")
        addresses = await self._resolve(host, port)
        self.found.update(addresses)
        return [_describe(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Hold nothing, so close nothing."""


def _describe(host: str, port: int, address: str) -> ResolveResult:
    is_six = ipaddress.ip_address(address).version == 6
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": socket.AF_INET6 if is_six else socket.AF_INET,
        "proto": 0,
        "flags": socket.AI_NUMERICHOST,
    }


def make_connector(
    networks: Sequence[Network], resolve: Resolve, ports: Sequence[int] = PORTS
) -> aiohttp.TCPConnector:
    """Make a connector that reaches listed ports of the public net, and ``networks``."""

    def refuse(host: str, port: int) -> str:
        address = ipaddress.ip_address(host)
        if not is_allowed(address, networks):
            return f"{host} is not a public address"
        if not is_listed(port, address, ports, networks):
            return f"port {port} is not among fetch.ports"
        return ""

    return _connect(GuardedResolver(networks, resolve), refuse)


def make_proxy_connector(proxy: URL, resolve: Resolve) -> aiohttp.TCPConnector:
    """Make a connector that reaches a proxy alone."""
    resolver = ProxyResolver(proxy, resolve)

    def refuse(host: str, port: int) -> str:
        is_proxy = (host == proxy.host or host in resolver.found) and port == proxy.port
        return "" if is_proxy else f"{host} is not the proxy"

    return _connect(resolver, refuse)


def _connect(resolver: AbstractResolver, refuse: Callable[[str, int], str]) -> aiohttp.TCPConnector:
    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        # The last gate, at the socket itself: whatever way an address came here.
        family, kind, proto, _, sockaddr = info
        if why := refuse(sockaddr[0], sockaddr[1]):
            raise PermissionError(why)
        return socket.socket(family, kind, proto)

    return aiohttp.TCPConnector(
        resolver=resolver, use_dns_cache=False, socket_factory=make_socket, limit=500
    )
