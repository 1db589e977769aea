"""Ask a translation service over HTTP: deadlines, retries, caps, and its errors as ours.

The address is the operator's word and may lie in a private network, so what keeps feeds
to public addresses does not apply here; but no redirect is followed, so a key and a text go
to the configured host alone. Keys are read from the environment when a request is made,
and are kept nowhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from dragoman.errors import EngineDied, PluginError, TranslateError
from dragoman.sanitize import clean_text

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

MAX_BYTES = 4 * 1024 * 1024  # no answer to a batch is near it
DAY_S = 86_400.0
_TRIES = 5
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 30.0
_CONNECT_S = 10.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 529})  # trying again can help
_QUOTA = frozenset({402, 456})
_DIVISIBLE = frozenset({400, 413, 414, 422})  # less of it, or other sentences, may be taken

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is asked, and how long it may take."""

    engine: str  # its name in the configuration
    url: str  # without a slash at the end
    key_name: str  # the environment variable that holds the key
    deadline_s: float = 60.0  # of one request
    total_s: float = 180.0  # of one call of the engine, waits between tries included
    divisible: frozenset[int] = _DIVISIBLE  # statuses that are about the text: less may do

    @property
    def host(self) -> str:
        """The host and port, for messages."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; ``body`` is sent as JSON, and never shown."""

    path: str
    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Refused(Exception):
    """A batch that the service does not take, or answered wrongly; smaller ones may do."""


def read_service(
    engine: str,
    url: str,
    key_name: str,
    deadline_s: float,
    total_s: float,
    divisible: frozenset[int] = frozenset(),
) -> Service:
    """Check what the configuration says of a service; raises `PluginError`."""
    where = f"translate.options.{engine}.url"
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise PluginError(f"{where} is no web address; write it like https://translate.example")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise PluginError(
            f"{where} must hold no user, password or query; put the key in {key_name}"
        )
    if deadline_s <= 0 or total_s <= 0:
        raise PluginError(f"translate.options.{engine}: deadlines must be longer than 0 seconds")
    return Service(engine, url.rstrip("/"), key_name, deadline_s, total_s, _DIVISIBLE | divisible)


def read_key(service: Service, *, is_needed: bool = True) -> str:
    """Read the key of a service from the environment.

    Raises `TranslateError` where it is missing though needed, or cannot be one.
    """
    key = os.environ.get(service.key_name, "").strip()
    if not key.isascii() or (key and not key.isprintable()) or " " in key:
        fault = f"{service.key_name} holds characters that no key has; set it anew"
    elif is_needed and not key:
        fault = f"{service.engine} needs a key; set {service.key_name} to it"
    else:
        return key
    raise _unusable(service, fault)


def _unusable(
    service: Service, message: str, *, permanent: bool = True, retry_after: float | None = None
) -> TranslateError:
    """Make the error that says: this engine cannot be used now, by whatever article."""
    error = TranslateError(message, permanent=permanent, retry_after=retry_after)
    error.engine = service.engine
    return error


def ask(service: Service, one: Ask) -> Any:
    """Ask once and give the JSON of the answer, without trying again; raises `TranslateError`."""

    async def run(session: ClientSession) -> Any:
        return await exchange(session, service, one, time.monotonic() + service.deadline_s, 1)

    try:
        return asyncio.run(with_session(run))
    except Refused as error:
        raise TranslateError(str(error)) from None


async def with_session(run: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    """Open connections for some requests, and close them."""
    from aiohttp import ClientSession, DummyCookieJar

    # No cookies, no proxy or password from the environment, no inflating of what came.
    async with ClientSession(
        cookie_jar=DummyCookieJar(), trust_env=False, auto_decompress=False
    ) as session:
        return await run(session)


async def exchange(
    session: ClientSession, service: Service, one: Ask, until: float, most_tries: int = _TRIES
) -> Any:
    """Ask until there is an answer, with waits between tries, before ``until``.

    Raises `Refused` and leaves of `TranslateError`.
    """
    tries = 0
    while True:
        wait = None
        try:
            status, wait, body = await _send(session, service, one, until)
            if status == 200:
                return _read_json(service, body)
            problem = _explain(service, status, wait, body)
        except _Unreachable as error:
            problem = EngineDied(f"{service.engine}: {error}")
        tries += 1
        if wait is None:
            wait = min(_FIRST_WAIT_S * 2.0 ** (tries - 1), _LONGEST_WAIT_S)
            wait *= random.uniform(0.5, 1.5)  # noqa: S311 - to spread requests, not to hide them
        is_passing = isinstance(problem, EngineDied)
        if not is_passing or tries >= most_tries or time.monotonic() + wait >= until:
            raise problem
        _log.info("service asked again", engine=service.engine, problem=str(problem), wait=wait)
        await asyncio.sleep(wait)


class _Unreachable(Exception):
    """No answer came, and why."""


async def _send(
    session: ClientSession, service: Service, one: Ask, until: float
) -> tuple[int, float | None, bytes]:
    """Send one request; gives status, the wait that was asked for, and the body up to the cap."""
    from aiohttp import ClientError, ClientTimeout

    seconds = min(service.deadline_s, until - time.monotonic())
    if seconds <= 0:
        raise _Unreachable(f"{service.host} took longer than {service.total_s:g} s in all")
    data = None
    if one.body is not None:
        data = json.dumps(one.body, ensure_ascii=False).encode("utf-8", "replace")
    try:
        async with session.request(
            "GET" if data is None else "POST",
            service.url + one.path,
            data=data,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Dragoman",
                **one.headers,
            },
            timeout=ClientTimeout(total=seconds, sock_connect=_CONNECT_S),
            allow_redirects=False,
        ) as response:
            return response.status, _read_wait(response), await _read_body(service, response)
    except TimeoutError:
        raise _Unreachable(f"{service.host} did not answer within {seconds:.3g} s") from None
    except (ClientError, OSError, ValueError) as error:
        # Not chained: the library's error remembers the headers, and so the key.
        reason = _scrub(service, str(error)) or type(error).__name__
        raise _Unreachable(f"{service.host} cannot be asked: {reason}") from None


async def _read_body(service: Service, response: ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MAX_BYTES:
            raise TranslateError(
                f"{service.engine}: {service.host} sent more than {MAX_BYTES // 1024**2} MB as "
                "the answer to one request"
            )
    return bytes(body)


def _read_json(service: Service, body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise EngineDied(f"{service.engine}: {service.host} answered with no JSON") from None


def _read_wait(response: ClientResponse) -> float | None:
    """Read how long the service asks us to wait: seconds, or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        wait = float(text) if text[0].isdigit() else _seconds_until(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), 31 * DAY_S)


def _seconds_until(date: str) -> float:
    at = parsedate_to_datetime(date)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return (at - datetime.now(UTC)).total_seconds()


def _explain(
    service: Service, status: int, wait: float | None, body: bytes
) -> TranslateError | Refused:
    """Say what a status other than 200 means, for this request or for the whole engine."""
    said = _said(service, body)
    name, host = service.engine, service.host
    if status in _QUOTA or (status == 429 and b"insufficient_quota" in body):
        return _unusable(
            service,
            f"{name}: the quota at {host} is used up (status {status}){said}",
            permanent=False,
            retry_after=max(wait or 0.0, DAY_S),
        )
    if status in (401, 403) or (status == 400 and "api key" in said.lower()):
        return _unusable(
            service,
            f"{name}: {host} refuses the key (status {status}){said}; set {service.key_name} to "
            "a key that is valid there",
        )
    if 300 <= status < 400 or status in (404, 405, 410):
        return _unusable(
            service,
            f"{name}: {host} has no such service at {urlsplit(service.url).path or '/'} "
            f"(status {status}){said}; check translate.options.{name}",
        )
    if status in service.divisible:
        return Refused(f"{name}: {host} does not take the text (status {status}){said}")
    if status in _PASSING:
        message = f"{name}: {host} is busy or out of order (status {status}){said}"
        return EngineDied(message, retry_after=wait)
    return TranslateError(f"{name}: {host} answers with status {status}{said}")


def _said(service: Service, body: bytes) -> str:
    """Give the service's own words on an error, if it has any: short, harmless, without the key."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    words = answer
    for field_name in ("error", "message"):
        if isinstance(words, dict):
            words = words.get(field_name, words.get("message"))
    if not isinstance(words, str) or not words.strip():
        return ""
    return f": {_scrub(service, words)}"


def _scrub(service: Service, text: str) -> str:
    key = os.environ.get(service.key_name, "").strip()
    if key:
        text = text.replace(key, "***")
    return clean_text(text)[:200]
