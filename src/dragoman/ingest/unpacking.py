"""Packed answers unpacked piece by piece, under caps on size and ratio.

Only what is unpacked here is asked for: gzip, deflate, brotli and zstd (RFC 9110, 8.4.1; RFC
7932; RFC 8878). Every decoder is asked for no more than what is left of the cap, so that a
bomb costs the memory of the cap and no more.
"""

from __future__ import annotations

import sys
import zlib
from typing import Protocol

from dragoman.errors import FetchError, TooLarge

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
MAX_RATIO = 250  # of what came out to what went in; the best packed pages and feeds reach 50
RATIO_FROM = 1024 * 1024  # bytes: below, a few repeated lines may pack better than that
_MAX_MEMBERS = 1024  # of one body: 20 bytes can be a member that unpacks to nothing
_MAX_WINDOW_LOG = 23  # RFC 9659: no sender may need more than 8 MiB
_STEP = 1024 * 1024  # given at once: brotli's decoder goes past a limit by half of it


class Unpacker(Protocol):
    """Unpacks a body chunk by chunk."""

    def unpack(self, chunk: bytes) -> bytes:
        """Unpack a chunk, at most a step past the cap. Raises `FetchError`."""
        ...

    def finish(self) -> None:
        """Raise `FetchError` where the body broke off before its end."""
        ...


def make_unpacker(encoding: str, url: str, cap: int) -> Unpacker | None:
    """Give what unpacks a Content-Encoding; None: it is not packed. Raises `FetchError`."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip"):
        return _Guard(url, cap, _Members(_Gzip))
    if name == "deflate":
        return _Guard(url, cap, _Deflate())
    if name == "br":
        return _Guard(url, cap, _Brotli())
    if name == "zstd":
        return _Guard(url, cap, _Members(_Zstd))
    raise FetchError(
        f"{url}: the answer is packed as {name[:40]!r}, and only {ACCEPTED} were asked for; the "
        "publisher has to mend it",
        permanent=True,
    )


def too_large(url: str, cap: int) -> TooLarge:
    """Make the error of a body above its cap."""
    return TooLarge(f"{url}: the answer is larger than {cap} bytes; it is not read")


class _Broken(Exception):
    """A packed body that its decoder cannot read."""


class _Decoder(Protocol):
    """Gives what a chunk holds, some at a time: first with the chunk, then with nothing."""

    def decode(self, chunk: bytes, limit: int) -> bytes:
        """Give about ``limit`` bytes at most. Raises `_Broken`."""
        ...

    @property
    def has_more(self) -> bool:
        """Whether it can give more without another chunk."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether the body may end here."""
        ...


class _Guard:
    """A decoder under caps."""

    def __init__(self, url: str, cap: int, decoder: _Decoder) -> None:
        self._url = url
        self._cap = cap
        self._decoder = decoder
        self._read = 0
        self._given = 0

    def unpack(self, chunk: bytes) -> bytes:
        self._read += len(chunk)
        out = bytearray()
        try:
            while self._given <= self._cap:
                limit = min(_STEP, self._cap + 1 - self._given)
                piece = self._decoder.decode(chunk, limit)
                chunk = b""
                out += piece
                self._given += len(piece)
                self._check_ratio()
                if not self._decoder.has_more:
                    break
        except _Broken as error:
            raise self._broken() from error
        return bytes(out)

    def finish(self) -> None:
        if self._given <= self._cap and not self._decoder.is_whole:
            raise self._broken()

    def _check_ratio(self) -> None:
        if self._given > max(RATIO_FROM, MAX_RATIO * self._read) and self._given <= self._cap:
            raise TooLarge(
                f"{self._url}: the answer unpacks to more than {MAX_RATIO} times its size; it is "
                "not read"
            )

    def _broken(self) -> FetchError:
        return FetchError(
            f"{self._url}: the packed answer is broken or breaks off; it is tried again later"
        )


class _Member(_Decoder, Protocol):
    """One of several streams that may stand behind each other in one body."""

    mark: bytes  # how one begins

    @property
    def has_ended(self) -> bool:
        """Whether this one is over."""
        ...

    @property
    def rest(self) -> bytes:
        """What follows it."""
        ...


class _Members:
    """Streams behind each other; what follows the last one is padding."""

    def __init__(self, make: type[_Gzip] | type[_Zstd]) -> None:
        self._make = make
        self._member: _Member = make()
        self._number = 1
        self._rest = b""
        self._is_over = False

    def decode(self, chunk: bytes, limit: int) -> bytes:
        if self._is_over:
            return b""
        if self._member.has_ended:
            self._rest += chunk
            if not self._start_next():
                return b""
            chunk, self._rest = self._rest, b""
        piece = self._member.decode(chunk, limit)
        if self._member.has_ended:
            self._rest = self._member.rest
        return piece

    def _start_next(self) -> bool:
        """Start the next member, where one follows."""
        mark = self._make.mark
        if len(self._rest) < len(mark) and mark.startswith(self._rest):
            return False  # its beginning may come with the next chunk
        self._number += 1
        if not self._rest.startswith(mark) or self._number > _MAX_MEMBERS:
            self._is_over = True
            return False
        self._member = self._make()
        return True

    @property
    def has_more(self) -> bool:
        if self._is_over:
            return False
        if self._member.has_ended:
            return len(self._rest) >= len(self._make.mark)
        return self._member.has_more

    @property
    def is_whole(self) -> bool:
        return self._is_over or self._member.has_ended


class _Zlib:
    """What zlib unpacks; ``bits`` say in which wrapping."""

    def __init__(self, bits: int) -> None:
        self._stream = zlib.decompressobj(bits)
        self._is_full = False  # the last piece: zlib may hold more of it back

    def decode(self, chunk: bytes, limit: int) -> bytes:
        try:
            piece = self._stream.decompress(self._stream.unconsumed_tail + chunk, limit)
        except zlib.error as error:
            raise _Broken from error
        self._is_full = len(piece) == limit
        return piece

    @property
    def has_more(self) -> bool:
        return (self._is_full or bool(self._stream.unconsumed_tail)) and not self._stream.eof

    @property
    def has_ended(self) -> bool:
        return self._stream.eof

    is_whole = has_ended

    @property
    def rest(self) -> bytes:
        return self._stream.unused_data


class _Gzip(_Zlib):
    mark = b"\x1f\x8b"

    def __init__(self) -> None:
        super().__init__(31)


class _Deflate:
    """Deflate in zlib's wrapping, as RFC 9110 has it, or without, as some servers send it."""

    def __init__(self) -> None:
        self._stream: _Zlib | None = None
        self._head = b""

    def decode(self, chunk: bytes, limit: int) -> bytes:
        if self._stream is None:
            self._head += chunk
            if len(self._head) < 2:
                return b""
            # RFC 1950, 2.2: the method, and a check of the two bytes.
            is_wrapped = self._head[0] & 15 == 8 and int.from_bytes(self._head[:2], "big") % 31 == 0
            self._stream = _Zlib(15 if is_wrapped else -15)
            chunk = self._head
        return self._stream.decode(chunk, limit)

    @property
    def has_more(self) -> bool:
        return self._stream is not None and self._stream.has_more

    @property
    def is_whole(self) -> bool:
        return self._stream.has_ended if self._stream else not self._head


class _Zstd:
    mark = b"\x28\xb5\x2f\xfd"

    def __init__(self) -> None:
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}
        self._stream = zstd.ZstdDecompressor(options=options)

    def decode(self, chunk: bytes, limit: int) -> bytes:
        try:
            return self._stream.decompress(chunk, limit)
        except zstd.ZstdError as error:
            raise _Broken from error

    @property
    def has_more(self) -> bool:
        return not (self._stream.eof or self._stream.needs_input)

    @property
    def has_ended(self) -> bool:
        return self._stream.eof

    is_whole = has_ended

    @property
    def rest(self) -> bytes:
        return self._stream.unused_data


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._stream = brotli.Decompressor()
        self._error = brotli.error

    def decode(self, chunk: bytes, limit: int) -> bytes:
        if self._stream.is_finished():  # what follows is padding
            return b""
        try:
            piece: bytes = self._stream.process(chunk, output_buffer_limit=limit)
        except self._error as error:
            raise _Broken from error
        return piece

    @property
    def has_more(self) -> bool:
        return not (self._stream.is_finished() or self._stream.can_accept_more_data())

    @property
    def is_whole(self) -> bool:
        return bool(self._stream.is_finished())
