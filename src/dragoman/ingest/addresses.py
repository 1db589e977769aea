"""Which machines may be asked: public ones, and the networks that the operator allows.

The check is "is this address global", made on addresses and never on names, after every
IPv4 address that hides in an IPv6 one has been brought to light. A list of bad addresses
is what earlier fixes of this kind kept missing entries from.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from dragoman.errors import ConfigError, FetchError, Forbidden

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PORTS = {"http": 80, "https": 443}
PORTS = (80, 443, 8000, 8080, 8443, 8888)  # where web servers listen; not mail, not databases
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Held back by their registries, yet "global" to the ipaddress module of older Pythons.
_RESERVED = tuple(
    ipaddress.ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
)
# Prefixes whose last 32 bits are an IPv4 address: translated by a gateway (RFC 6052), by
# the kernel (mapped, compatible; RFC 4291) or by a translator (RFC 2765).
_CARRIERS = tuple(
    IPv6Network(text) for text in ("64:ff9b::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "::/96")
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the bits before the IPv4 address
_TRANSLATED = _CARRIERS[:2]  # carriers in real use: the address inside decides alone


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request is to go: an address in plain spelling, its host and its port."""

    url: str
    host: str
    port: int
    address: Address | None  # where the host is written as a number

    @property
    def key(self) -> str:
        """What pacing and robots.txt go by: host and port."""
        return f"{self.host}:{self.port}"


def parse_networks(networks: Sequence[str]) -> tuple[Network, ...]:
    """Read networks such as ``192.168.1.0/24``. Raises `ConfigError`."""
    try:
        return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in networks)
    except ValueError as error:
        raise ConfigError(
            f"allow_networks: {error}; write a network such as '192.168.1.0/24' or '::1/128'"
        ) from error


def embedded_addresses(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """List the IPv4 addresses that an IPv6 address carries: mapped, NAT64, 6to4, Teredo."""
    number = int(address)
    found: list[IPv4Address] = []
    if any(address in carrier for carrier in _CARRIERS) or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(IPv4Address(number & 0xFFFFFFFF))
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    return tuple(found)


def is_allowed(address: Address, networks: Sequence[Network] = ()) -> bool:
    """Whether an address is public, or lies in a network that the operator allows."""
    if any(address.version == net.version and address in net for net in networks):
        return True
    if isinstance(address, IPv4Address):
        return _is_public(address)
    if address.scope_id is not None:
        return False
    inner = embedded_addresses(address)
    if inner and not all(is_allowed(each, networks) for each in inner):
        return False
    if any(address in carrier for carrier in _TRANSLATED):
        return True
    return address in _GLOBAL_UNICAST and _is_public(address)


def _is_public(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address.version == net.version and address in net for net in _RESERVED)
    )


def check_address(address: str, url: str, networks: Sequence[Network]) -> None:
    """Raise `Forbidden` unless the address that a host resolved to may be asked."""
    if not is_allowed(ipaddress.ip_address(address), networks):
        raise Forbidden(
            f"{url}: {address} is not a public address; if that is a machine of yours, name its "
            "network under allow_networks in the configuration"
        )


def is_listed(
    port: int, address: Address | None, ports: Sequence[int], networks: Sequence[Network]
) -> bool:
    """Whether a port may be asked: one of the list, any in a network that the operator allows."""
    return port in ports or (
        address is not None
        and any(address.version == net.version and address in net for net in networks)
    )


def parse_target(url: str, networks: Sequence[Network]) -> Target:
    """Read an address that is about to be asked.

    Raises `Forbidden` for another scheme than http and https, for credentials, and for a
    number that is no public address, however it is written; `FetchError` where it is none.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _no_address(url) from error
    if parts.scheme not in _PORTS:
        raise Forbidden(f"{url}: only http and https addresses are fetched; correct the address")
    if parts.username is not None or parts.password is not None:
        raise Forbidden(
            f"{parts.scheme}://{host}{parts.path}: the address carries a name or password, which "
            "would be shown and stored; give the address without it"
        )
    host = unicodedata.normalize("NFKC", host).replace("。", ".").lower().rstrip(".")
    if not host or any(char <= " " or char in "/?#@\\%" for char in host):
        raise _no_address(url)
    address = _parse_number(host, url)
    if address is not None:
        check_address(str(address), url, networks)
        host = str(address)
    default = _PORTS[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, default) else f"{shown}:{port}"
    plain = parts._replace(netloc=netloc, fragment="").geturl()
    return Target(plain, host, port or default, address)


def _parse_number(host: str, url: str) -> Address | None:
    """Read a host that is written as a number: dotted, decimal, octal, hexadecimal, IPv6."""
    if ":" in host:
        try:
            return ipaddress.ip_address(host)
        except ValueError as error:
            raise _no_address(url) from error
    last = host.rpartition(".")[2]
    if not (last.isdecimal() or last.startswith("0x")):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError) as error:
        raise _no_address(url) from error


def _no_address(url: str) -> FetchError:
    return FetchError(
        f"{url}: this is no web address; correct it, for example 'https://example.org/feed'",
        permanent=True,
    )
