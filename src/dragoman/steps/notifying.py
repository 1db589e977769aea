"""The last step: reading programs and webhooks are told what is new.

A webhook's messages are queued in the store with what they tell, so none is lost by a crash; one
may come twice, under the same id. They follow the convention of standardwebhooks.com.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
import os
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import structlog

from dragoman import due, ingest, languages, store
from dragoman.config import Settings
from dragoman.errors import ConfigError, StageError
from dragoman.steps.work import BATCH, Pass, failure_of
from dragoman.store.webhooks import SOURCE, STORY, Delivery
from dragoman.types import Article, Failure, SourceState, Translation, TranslationStatus

FAILING = 3  # polls in a row after which a source is said to fail
SEND_S = 20.0  # for one message
PASS_S = 60.0  # for all messages of a pass; the others wait for the next
_SHORTEST = 16  # bytes of a secret

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook with its secret."""

    url: str
    events: tuple[str, ...]
    secret: bytes = field(repr=False)


def read_hooks(settings: Settings) -> tuple[Hook, ...]:
    """Read the webhooks and their secrets. Raises `ConfigError` where a secret is missing."""
    return tuple(
        Hook(one.url, one.events, _read_secret(one.secret_env)) for one in settings.webhooks
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


async def notify_others(work: Pass) -> None:
    """Number what came for reading programs, and tell webhooks what happened."""
    if work.settings.reader.user:
        store.readers.number_items(work.db, work.settings.editions, work.now())
    hooks = read_hooks(work.settings)
    if not hooks:
        store.webhooks.forget(work.db)
        return
    store.webhooks.begin(work.db, work.now())
    store.webhooks.drop_others(work.db, [hook.url for hook in hooks], work.now())
    _announce_stories(work, hooks)
    _announce_sources(work, hooks)
    await _deliver(work, hooks)


# -- What happened ---------------------------------------------------------------------------


def _announce_stories(work: Pass, hooks: Sequence[Hook]) -> None:
    """Queue a message for each story that began or grew."""
    while grown := store.webhooks.grown_stories(work.db, BATCH):
        fresh: list[Delivery] = []
        for one in grown:
            event = "story.grown" if one.told else "story.new"
            wanted = [hook for hook in hooks if event in hook.events]
            if wanted:
                data = {"story": describe_story(work, one.id), "reports_before": one.told}
                fresh += _write(work, wanted, event, data)
        told = {f"{STORY}{one.id}": one.articles for one in grown}
        store.webhooks.put_deliveries(work.db, fresh, told, work.now())


def describe_story(work: Pass, id: str) -> dict[str, Any]:
    """Describe a story to programs: its headlines by edition, and its reports."""
    members = store.stories.story(work.db, id)
    ids = [one.article for one in members]
    found = {one.id: one for one in store.articles.articles(work.db, ids=ids)}
    reports = [found[one] for one in ids if one in found]
    base_url = work.settings.site.base_url.rstrip("/")
    headlines = {}
    for edition in work.settings.editions:
        made = store.translations.translations_of(work.db, ids, edition)
        title = next(_titles(reversed(reports), made, edition), None)
        url = f"{base_url}/{edition}/story/{id}/"
        headlines[edition] = {"title": title, "url": url}
    return {
        "id": id,
        "editions": headlines,
        "reports": len(reports),
        "languages": sorted({languages.base(one.language) for one in reports}),
        "articles": [
            {
                "id": one.id,
                "source": one.source,
                "language": one.language,
                "title": one.title,
                "url": one.url,
                "published": _stamp(one.published.moment.at) if one.published.moment else None,
            }
            for one in reports
        ],
    }


def _titles(
    reports: Iterable[Article], made: dict[str, Translation], edition: str
) -> Iterable[str]:
    """Give the headlines of reports that can be read in an edition."""
    for one in reports:
        translation = made.get(one.id)
        if languages.is_same(one.language, edition):
            yield one.title
        elif translation and translation.status is TranslationStatus.DONE and translation.title:
            yield translation.title


def _announce_sources(work: Pass, hooks: Sequence[Hook]) -> None:
    """Queue a message for each source that began to fail; one that recovers may fail anew."""
    states = store.sources.source_states(work.db)
    told = store.webhooks.told_sources(work.db)
    failing = {id: state for id, state in states.items() if state.failures >= FAILING}
    well = {f"{SOURCE}{id}" for id in told if id not in failing}
    wanted = [hook for hook in hooks if "source.failing" in hook.events]
    fresh: list[Delivery] = []
    news = {id: state for id, state in failing.items() if id not in told}
    for id, state in news.items():
        fresh += _write(work, wanted, "source.failing", _describe_failing(work, id, state))
    counts = {f"{SOURCE}{id}": state.failures for id, state in news.items()}
    if counts or well:
        store.webhooks.put_deliveries(work.db, fresh, counts, work.now(), untold=well)


def _describe_failing(work: Pass, id: str, state: SourceState) -> dict[str, Any]:
    source = store.sources.source(work.db, id)
    failure = state.failure
    return {
        "source": {
            "id": id,
            "name": source.name if source else id,
            "failures": state.failures,
            "failure": failure.kind if failure else None,
            "message": failure.message if failure else None,
            "last_success": _stamp(state.last_success) if state.last_success else None,
            "is_gone": state.is_gone,
        }
    }


def _write(work: Pass, hooks: Sequence[Hook], event: str, data: dict[str, Any]) -> list[Delivery]:
    now = work.now()
    record = {"type": event, "timestamp": _stamp(now), "data": data}
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return [
        Delivery(f"msg_{uuid.uuid4().hex}", hook.url, event, body, now, next_try=now)
        for hook in hooks
    ]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# -- Sending -----------------------------------------------------------------------------------


async def _deliver(work: Pass, hooks: Sequence[Hook]) -> None:
    """Send what is due, webhooks side by side, each message in its turn."""
    by_url = {hook.url: hook for hook in hooks}
    queues = [
        (hook, waiting)
        for url, hook in by_url.items()
        if (waiting := store.webhooks.due_deliveries(work.db, url, work.now(), BATCH))
    ]
    if not queues:
        return
    fetch = work.settings.fetch
    limits = ingest.Limits(total_s=min(SEND_S, fetch.total_s), max_bytes=64 * 1024)
    fetcher = ingest.Fetcher(
        user_agent=work.settings.user_agent,
        allow_networks=fetch.allow_networks,
        limits=limits,
        host_interval=0.0,  # a receiver of ours is no publisher to be spared
    )
    ends = time.monotonic() + PASS_S
    async with fetcher, asyncio.TaskGroup() as tasks:
        for hook, waiting in queues:
            tasks.create_task(_send_all(work, fetcher, hook, waiting, ends))


async def _send_all(
    work: Pass, fetcher: ingest.Fetcher, hook: Hook, waiting: Sequence[Delivery], ends: float
) -> None:
    for place, one in enumerate(waiting):
        if time.monotonic() > ends:
            return
        body = one.body.encode("utf-8", "replace")
        stamp = int(work.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "Webhook-Id": one.id,
            "Webhook-Timestamp": str(stamp),
            "Webhook-Signature": sign(hook.secret, one.id, stamp, body),
        }
        try:
            await fetcher.send(hook.url, body, headers)
        except StageError as error:
            # What waits behind it would fail as well: all of it is tried again together.
            failure = failure_of(hook.url, "webhook", error)
            failed = [_fail(work, late, failure) for late in waiting[place:]]
            store.webhooks.put_failures(work.db, failed)
            log.warning("webhook failed", hook=hook.url, reason=str(error), waiting=len(failed))
            return
        store.webhooks.end_delivery(work.db, one.id)


def _fail(work: Pass, one: Delivery, failure: Failure) -> Delivery:
    attempts = one.attempts + 1
    next_try = due.retry_at(failure, attempts, work.now())
    return replace(one, attempts=attempts, next_try=next_try, failure=failure.message)
