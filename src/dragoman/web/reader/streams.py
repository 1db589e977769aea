"""Names of streams and items, as reading programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl

from dragoman import languages
from dragoman.store.readers import Stream

STATE = "user/-/state/com.google/"
READING_LIST, READ, STARRED = f"{STATE}reading-list", f"{STATE}read", f"{STATE}starred"
KEPT_UNREAD, FRESH = f"{STATE}kept-unread", f"{STATE}fresh"
LABEL = "user/-/label/"
ITEM = "tag:google.com,2005:reader/item/"

_LARGEST = 2**62  # what a database's integers hold, with room
_USER = re.compile(r"^user/[^/]{1,100}/")
_FEED = re.compile(r"feed/([A-Za-z0-9-]{2,20})/([A-Za-z0-9][A-Za-z0-9._~-]{0,99})")


class BadRequest(ValueError):
    """A program asked for something that cannot be understood; the message says what."""


class Fields:
    """The fields of a query or a form; each may stand several times."""

    def __init__(self, text: str) -> None:
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20_000)
        except ValueError as error:
            raise BadRequest("too many fields at once; ask for less") from error
        self._pairs = pairs

    def all(self, name: str) -> list[str]:
        """Give every value of a field."""
        return [value for key, value in self._pairs if key == name]

    def one(self, name: str) -> str:
        """Give the first value of a field, or an empty string."""
        return next(iter(self.all(name)), "")

    def number(self, name: str, otherwise: int | None = None) -> int | None:
        """Read a field as a number. Raises `BadRequest` where it is none."""
        text = self.one(name)
        if not text:
            return otherwise
        if not re.fullmatch(r"[0-9]{1,30}", text, re.ASCII):
            raise BadRequest(f"'{name}' is no number")
        return min(int(text), _LARGEST)


def label_of(edition: str) -> str:
    """Name the folder of an edition: its language in itself."""
    return languages.autonym(edition)


def feed_id(edition: str, source: str) -> str:
    """Name the feed of a source in an edition."""
    return f"feed/{edition}/{source}"


def item_id(number: int) -> str:
    """Name an item in the long form."""
    return f"{ITEM}{number:016x}"


def read_item_id(text: str) -> int:
    """Read the name of an item: long, 16 hexadecimal digits, or decimal. Raises `BadRequest`.

    A decimal number never begins with a zero, and all of ours do as 16 hexadecimal digits.
    """
    is_long = text.startswith(ITEM)
    digits = text.removeprefix(ITEM)
    if re.fullmatch(r"[0-9a-fA-F]{1,16}", digits, re.ASCII) and (
        is_long or (len(digits) == 16 and digits.startswith("0"))
    ):
        return min(int(digits, 16), _LARGEST)
    if re.fullmatch(r"[0-9]{1,19}", digits, re.ASCII):
        return min(int(digits), _LARGEST)
    raise BadRequest("'i' names no item")


def read_stream(name: str, editions: tuple[str, ...]) -> Stream | None:
    """Read the name of a stream; None where there is no such stream here.

    Streams that other servers have and we do not, such as what friends shared, are empty.
    """
    plain = plain_name(name)
    if feed := _FEED.fullmatch(plain):
        return Stream((feed[1],), feed[2]) if feed[1] in editions else None
    if plain.startswith(LABEL):
        wanted = plain.removeprefix(LABEL)
        own = [code for code in editions if wanted in (label_of(code), code)]
        return Stream((own[0],)) if own else None
    if not plain.startswith(STATE):
        return None
    every = Stream(editions)
    return {
        READING_LIST: every,
        READ: replace(every, is_read=True),
        STARRED: replace(every, is_starred=True),
        KEPT_UNREAD: replace(every, is_read=False),
        FRESH: replace(every, is_read=False),
    }.get(plain, Stream(()))


def plain_name(name: str) -> str:
    """Write a stream without the number of its user, of whom there is one."""
    return _USER.sub("user/-/", name)


def narrow(stream: Stream, fields: Fields) -> Stream:
    """Narrow a stream by what a program asks for. Raises `BadRequest`."""
    since, until = fields.number("ot"), fields.number("nt")
    stream = replace(
        stream,
        since=None if since is None else min(since, 2**40) * 1_000_000,
        until=None if until is None else min(until, 2**40) * 1_000_000,
        after=fields.number("c"),
        is_oldest_first=fields.one("r") == "o",
    )
    stream = _apply(stream, map(plain_name, fields.all("it")), is_wanted=True)
    return _apply(stream, map(plain_name, fields.all("xt")), is_wanted=False)


def _apply(stream: Stream, names: Iterable[str], *, is_wanted: bool) -> Stream:
    for name in names:
        if name == READ:
            stream = _demand(stream, "is_read", is_wanted)
        elif name == STARRED:
            stream = _demand(stream, "is_starred", is_wanted)
        elif name in (KEPT_UNREAD, FRESH):
            stream = _demand(stream, "is_read", not is_wanted)
    return stream


def _demand(stream: Stream, field: str, value: bool) -> Stream:
    """Demand a state of a stream; of one that demands the contrary nothing is left."""
    if getattr(stream, field) is (not value):
        return replace(stream, editions=())
    if field == "is_read":
        return replace(stream, is_read=value)
    return replace(stream, is_starred=value)
