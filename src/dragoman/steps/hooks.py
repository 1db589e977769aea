"""Webhooks: who is told what, how a message is written, and how it is signed."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from dragoman.config import Settings
from dragoman.errors import ConfigError
from dragoman.store.webhooks import Delivery

_SHORTEST = 16  # bytes of a secret


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook with its secret."""

    url: str
    events: tuple[str, ...]
    secret: bytes = field(repr=False)
    search: str = ""  # what search.match looks for

    @property
    def key(self) -> str:
        """Give what its search is known by: another search is another thing."""
        return sha256(f"{self.url}\n{self.search}".encode("utf-8", "replace")).hexdigest()[:32]


def read_hooks(settings: Settings) -> tuple[Hook, ...]:
    """Read the webhooks and their secrets. Raises `ConfigError` where a secret is missing."""
    urls = [one.url for one in settings.webhooks]
    if twice := sorted({url for url in urls if urls.count(url) > 1}):
        raise ConfigError(f"webhooks: {twice[0]} is named twice; name it once, with all its events")
    for one in settings.webhooks:
        if ("search.match" in one.events) != bool(one.search.strip()):
            raise ConfigError(
                f"webhooks: {one.url} needs both 'search' and the event search.match, or neither"
            )
    return tuple(
        Hook(one.url, one.events, _read_secret(one.secret_env), one.search)
        for one in settings.webhooks
    )


def _read_secret(name: str) -> bytes:
    text = os.environ.get(name, "")
    secret = text.encode()
    if text.startswith("whsec_"):
        try:
            secret = base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except binascii.Error as error:
            raise ConfigError(
                f"{name} begins with whsec_, and what follows is no Base64; make a new secret"
            ) from error
    if len(secret) < _SHORTEST:
        raise ConfigError(
            f"{name} holds no secret of at least {_SHORTEST} bytes, which webhooks are signed "
            "with; set it in the environment, for example to the output of `openssl rand -hex 32`"
        )
    return secret


def sign(secret: bytes, id: str, stamp: int, body: bytes) -> str:
    """Sign a message as the ``webhook-signature`` header holds it."""
    digest = hmac.new(secret, f"{id}.{stamp}.".encode() + body, sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def write_messages(
    hooks: Sequence[Hook], event: str, data: dict[str, Any], now: datetime
) -> list[Delivery]:
    """Write a message to each webhook, to be sent at once."""
    record = {"type": event, "timestamp": stamp_time(now), "data": data}
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return [Delivery(_make_id(), hook.url, event, body, now, next_try=now) for hook in hooks]


def _make_id() -> str:
    """Make an id for a message; those made later come later in order, too."""
    return f"msg_{time.time_ns():016x}{uuid.uuid4().hex[:16]}"


def stamp_time(at: datetime) -> str:
    """Write a time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
