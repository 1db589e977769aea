from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dragoman.ingest import Fetcher, Limits
from tests.ingest.loopback import Web

LOOPBACK = ("127.0.0.0/8", "::1/128")
AGENT = "Dragoman/0.1 (+https://example.org/about; news@example.org)"


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """Give a web on 127.0.0.1."""
    site = Web()
    await site.start()
    yield site
    site.stop()


@pytest.fixture
async def other_web() -> AsyncIterator[Web]:
    """Give a web on 127.0.0.2."""
    site = Web(host="127.0.0.2")
    await site.start()
    yield site
    site.stop()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """Give a fetcher that may ask loopback, without pauses and with short deadlines."""
    limits = Limits(max_bytes=1024 * 1024, stall_s=0.5, total_s=1.5, connect_s=1.0)
    async with Fetcher(
        user_agent=AGENT, allow_networks=LOOPBACK, limits=limits, host_interval=0.0
    ) as fetcher:
        yield fetcher
