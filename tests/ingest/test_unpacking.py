"""Packed answers: what is asked for is unpacked, and no bomb passes its cap."""

from __future__ import annotations

import gzip
import os
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from dragoman.errors import FetchError, TooLarge
from dragoman.ingest import Fetcher
from dragoman.ingest.unpacking import ACCEPTED, MAX_RATIO, RATIO_FROM, Unpacker, make_unpacker
from tests.ingest.loopback import Answer, Web

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MB = 1024 * 1024
CAP = 10 * MB


def bare_deflate(body: bytes) -> bytes:
    """Deflate without zlib's wrapping, as some servers send it."""
    stream = zlib.compressobj(6, zlib.DEFLATED, -15)
    return stream.compress(body) + stream.flush()


Pack = Callable[[bytes], bytes]
PACKERS: dict[str, tuple[str, Pack]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "brotli": ("br", lambda body: brotli.compress(body, quality=4)),
    "zstd": ("zstd", zstd.compress),
}
each_packer = pytest.mark.parametrize(("encoding", "pack"), PACKERS.values(), ids=list(PACKERS))


def packed(encoding: str, body: bytes) -> Answer:
    return Answer(body, 200, (("Content-Encoding", encoding),))


def unpacker_for(encoding: str, cap: int = CAP) -> Unpacker:
    found = make_unpacker(encoding, "http://a.example/", cap)
    assert found is not None
    return found


def unpack(encoding: str, body: bytes, size: int, cap: int = CAP) -> bytes:
    unpacker = unpacker_for(encoding, cap)
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    out = b"".join(map(unpacker.unpack, pieces))
    unpacker.finish()
    return out


def news(size: int) -> bytes:
    chance = random.Random(7)
    return b"".join(b"<p>line %d of the news</p>" % chance.randrange(10**6) for _ in range(size))


@each_packer
async def test_what_is_asked_for_is_unpacked(
    web: Web, fetcher: Fetcher, encoding: str, pack: Pack
) -> None:
    assert encoding in ACCEPTED
    body = news(20_000)
    web.routes["/a"] = packed(encoding, pack(body))
    assert (await fetcher.fetch(f"{web.root}/a")).body == body


@each_packer
def test_it_makes_no_difference_how_the_body_is_cut(encoding: str, pack: Pack) -> None:
    body = news(200)
    for size in (1, 7, 100_000):
        assert unpack(encoding, pack(body), size) == body
    assert unpack(encoding, pack(b""), 1) == b""


@each_packer
def test_a_bomb_stops_at_the_cap_and_costs_no_more_than_it(encoding: str, pack: Pack) -> None:
    bomb = pack(b"\0" * 60 * MB)
    unpacker = unpacker_for(encoding, 2 * MB)
    tracemalloc.start()
    given = 0
    try:
        for at in range(0, len(bomb), 65536):
            given += len(unpacker.unpack(bomb[at : at + 65536]))
            if given > 2 * MB:
                break
    except TooLarge as error:
        assert "times its size" in str(error)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert given <= 4 * MB
    assert peak < 8 * MB


@each_packer
async def test_a_bomb_is_refused_by_the_fetcher(
    web: Web, fetcher: Fetcher, encoding: str, pack: Pack
) -> None:
    web.routes["/bomb"] = packed(encoding, pack(b"\0" * 20 * MB))
    with pytest.raises(TooLarge, match="/bomb"):
        await fetcher.fetch(f"{web.root}/bomb")


def test_what_packs_better_than_any_page_is_refused_before_the_cap() -> None:
    bomb = brotli.compress(b"\0" * 9 * MB)
    assert len(bomb) * MAX_RATIO < RATIO_FROM
    with pytest.raises(TooLarge, match=f"more than {MAX_RATIO} times"):
        unpack("br", bomb, len(bomb))
    assert unpack("br", brotli.compress(b"\0" * 900_000), 65536) == b"\0" * 900_000


@pytest.mark.parametrize(("encoding", "pack"), [PACKERS["gzip"], PACKERS["zstd"]])
def test_members_behind_each_other_are_one_body_and_padding_is_none(
    encoding: str, pack: Pack
) -> None:
    body = pack(b"one, ") + pack(b"two")
    for size in (1, 10, 1000):
        assert unpack(encoding, body + b"\0\0", size) == b"one, two"
    assert unpack(encoding, pack(b"") * 30_000, 65536) == b""


@each_packer
async def test_what_is_broken_or_breaks_off_is_an_error(
    web: Web, fetcher: Fetcher, encoding: str, pack: Pack
) -> None:
    web.routes["/cut"] = packed(encoding, pack(os.urandom(5000))[:-200])
    web.routes["/not"] = packed(encoding, b"<html>not packed at all</html>")
    for path in ("/cut", "/not"):
        with pytest.raises(FetchError, match="packed answer is broken") as caught:
            await fetcher.fetch(web.root + path)
        assert not caught.value.permanent


def test_zstd_that_wants_a_large_window_is_refused() -> None:
    """RFC 9659: a frame may ask for a window of gigabytes before its first byte."""
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    stream = zstd.ZstdCompressor(options=options)
    frame = stream.compress(b"a" * 100) + stream.flush()
    with pytest.raises(FetchError, match="packed answer is broken"):
        unpack("zstd", frame, 1000)


@pytest.mark.parametrize("encoding", ["compress", "gzip, gzip", "gzip, br", "rot13"])
async def test_an_encoding_that_was_not_asked_for_is_refused(
    web: Web, fetcher: Fetcher, encoding: str
) -> None:
    web.routes["/a"] = packed(encoding, b"\x1b\0\0")
    with pytest.raises(FetchError, match="were asked for") as caught:
        await fetcher.fetch(f"{web.root}/a")
    assert caught.value.permanent
