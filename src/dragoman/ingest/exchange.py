"""One request and its answer, under caps on size and time.

What comes back is read here and nowhere else: headers up to a cap, a body up to a cap, and
what is packed unpacked by ourselves under the same cap.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from dragoman.errors import FetchError, Forbidden, TooLarge, TooSlow

from .unpacking import make_unpacker, too_large

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_RETRY_AFTER = 7 * 86_400.0


class ProxyFailed(FetchError):
    """The proxy failed, and the host that was to be asked has no part in it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything is taken from the other side, and for how long."""

    max_bytes: int = 10 * 1024 * 1024  # of a body, as sent and inflated
    max_header_bytes: int = 64 * 1024  # of all headers together
    max_redirects: int = 5
    connect_s: float = 10.0
    stall_s: float = 15.0  # without a byte
    total_s: float = 60.0  # of all hops together, waiting for our turn left out


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where from, its status, headers and body."""

    url: str  # as asked for
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case
    body: bytes
    fetched: datetime
    moved_to: str = ""  # where permanent redirects led, and they alone

    def header(self, name: str) -> str:
        """Give a header's first value, or an empty string."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    @property
    def media_type(self) -> str:
        """The media type alone, in lower case; empty: not said."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The charset of the Content-Type header; empty: not said."""
        message = Message()
        message["Content-Type"] = self.header("content-type")
        return (message.get_content_charset() or "").strip()

    @property
    def retry_after(self) -> float | None:
        """Seconds of the Retry-After header (RFC 9110, 10.2.3), at most a week."""
        return parse_retry_after(self.header("retry-after"), self.fetched)


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Read a Retry-After header: seconds, or a date. None: absent or unreadable."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), _MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _MAX_RETRY_AFTER)


async def exchange(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    limits: Limits,
    *,
    seconds: float,
    is_cut: bool = False,
    sent: bytes | None = None,
    proxy: URL | None = None,
) -> Fetched:
    """Ask once, follow nothing; give the answer whatever its status.

    With ``sent`` the question is a POST with that body; with ``proxy`` it goes there.

    ``seconds`` is what is left of the total deadline. With ``is_cut`` a body above the cap
    is cut there instead of refused. Raises leaves of `FetchError`.
    """
    import aiohttp
    from yarl import URL

    started = time.monotonic()
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            method = "GET" if sent is None else "POST"
            async with session.request(
                method,
                URL(url),
                headers=headers,
                data=sent,
                allow_redirects=False,
                proxy=proxy,
            ) as response:
                return await _read_answer(response, url, limits, is_cut=is_cut)
    except Forbidden as error:  # by the resolver, which knows the name alone
        raise Forbidden(f"{url}: {error}", permanent=error.permanent) from error
    except TimeoutError as error:
        raise _too_slow(url, limits, time.monotonic() - started) from error
    except (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError) as error:
        raise _explain_proxy(error, url) from error
    except aiohttp.ClientConnectorError as error:
        raise _explain_connection(error, url) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _explain_answer(error, url, limits) from error


def _explain_proxy(error: aiohttp.ClientError, url: str) -> FetchError:
    import aiohttp

    if not isinstance(error, aiohttp.ClientHttpProxyError):
        return ProxyFailed(
            f"{url}: the proxy cannot be reached ({_reason(error)}); check fetch.proxy; it is "
            "tried again later"
        )
    if error.status >= 500:  # the proxy could not reach the host
        return FetchError(f"{url}: the proxy answers {error.status}; it is tried again later")
    return ProxyFailed(
        f"{url}: the proxy refuses it with {error.status}; check fetch.proxy and what the proxy "
        "allows; it is tried again later"
    )


def _explain_connection(error: aiohttp.ClientConnectorError, url: str) -> FetchError:
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError(
            f"{url}: no machine of that name was found; check the spelling of the address and "
            "this machine's network; it is tried again later"
        )
    if isinstance(error, aiohttp.ClientSSLError):
        return FetchError(
            f"{url}: the connection is not secure ({_reason(error)}); the publisher has to renew "
            "the certificate; it is tried again later"
        )
    if isinstance(error.os_error, PermissionError):
        return Forbidden(f"{url}: {error.os_error}; it is not asked")
    return FetchError(f"{url}: could not connect ({_reason(error)}); it is tried again later")


def _explain_answer(error: Exception, url: str, limits: Limits) -> FetchError:
    import aiohttp

    if isinstance(error, aiohttp.InvalidURL):
        return FetchError(f"{url}: this is no web address; correct it", permanent=True)
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchError(f"{url}: the answer broke off before its end; it is tried again later")
    # aiohttp gives no class of its own to headers above its caps once it has wrapped them.
    if "Got more than" in str(error) or "Too many headers" in str(error):
        return _too_many_headers(url, limits)
    return FetchError(
        f"{url}: the answer could not be read ({_reason(error)}); it is tried again later"
    )


def _too_many_headers(url: str, limits: Limits) -> TooLarge:
    return TooLarge(
        f"{url}: the answer's headers exceed {limits.max_header_bytes} bytes; it is not read, and "
        "the publisher has to mend it"
    )


def _reason(error: BaseException) -> str:
    """Say in one short line why."""
    inner = getattr(error, "os_error", None) or error.__cause__ or error
    text = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return " ".join(str(text).split())[:200].lower()


def _too_slow(url: str, limits: Limits, elapsed: float) -> TooSlow:
    return TooSlow(
        f"{url}: gave up after {elapsed:.0f} s (limits: {limits.stall_s:g} s without a byte, "
        f"{limits.total_s:g} s in all); it is tried again later"
    )


async def _read_answer(
    response: aiohttp.ClientResponse, url: str, limits: Limits, *, is_cut: bool
) -> Fetched:
    headers = tuple(
        (name.decode("ascii", "replace").lower(), value.decode("utf-8", "replace"))
        for name, value in response.raw_headers
    )
    if sum(len(name) + len(value) + 4 for name, value in headers) > limits.max_header_bytes:
        raise _too_many_headers(url, limits)
    body = b""
    if response.status in REDIRECTS:
        response.close()  # a redirect's body is not for us, and may be a bomb
    elif response.status != 304:
        body = await _read_body(response, url, limits, is_cut=is_cut)
    return Fetched(url, url, response.status, headers, body, datetime.now(UTC))


async def _read_body(
    response: aiohttp.ClientResponse, url: str, limits: Limits, *, is_cut: bool
) -> bytes:
    encoding = response.headers.get("Content-Encoding", "")
    unpacker = make_unpacker(encoding, url, limits.max_bytes)
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += unpacker.unpack(chunk) if unpacker else chunk
        if len(body) > limits.max_bytes:
            if is_cut:
                response.close()
                return bytes(body[: limits.max_bytes])
            raise too_large(url, limits.max_bytes)
    if unpacker:
        unpacker.finish()
    return bytes(body)
