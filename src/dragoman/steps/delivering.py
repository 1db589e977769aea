"""Send what webhooks are to be told: signed, guarded, and again where it fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

import structlog

from dragoman import due, ingest, store
from dragoman.errors import StageError
from dragoman.steps.hooks import Hook, read_hooks, sign, write_messages
from dragoman.steps.work import BATCH, Pass, failure_of
from dragoman.store.webhooks import Delivery
from dragoman.types import Failure

SEND_S = 20.0  # for one message
PASS_S = 60.0  # for all messages of a pass; the others wait for the next

log = structlog.get_logger(__name__)


def queue_tests(work: Pass) -> int:
    """Queue a message that says nothing but "here we are" for each webhook; say for how many."""
    hooks = read_hooks(work.settings)
    fresh = write_messages(hooks, "test", {"site": work.settings.site.base_url}, work.now())
    store.webhooks.put_deliveries(work.db, fresh, {}, work.now())
    return len(fresh)


async def send_now(work: Pass) -> None:
    """Send what is due, and nothing else."""
    await deliver(work, read_hooks(work.settings))


async def deliver(work: Pass, hooks: Sequence[Hook]) -> None:
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
        ports=fetch.ports,
        proxy=fetch.proxy,
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
