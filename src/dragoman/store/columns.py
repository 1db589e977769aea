"""How records, words and times lie in the columns, the same on every database."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import Row, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from dragoman.errors import DamagedRow

Record = TypeVar("Record")
AnyRow = Row[*tuple[Any, ...]]

_WIDEST = 2**63 - 1  # what JSON integers hold in msgspec

# Ids sort by code point everywhere: PostgreSQL would follow the locale otherwise.
KEY = String(200).with_variant(String(200, collation="C"), "postgresql")


class Words(TypeDecorator[str]):
    """Text from outside, without what a database refuses: NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean the text on its way in."""
        return None if value is None else clean_words(value)


class Utc(TypeDecorator[datetime]):
    """A moment as ISO 8601 in UTC with a fixed width, so that text order is time order."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write the moment; a naive one is taken as UTC, as everywhere inside."""
        return None if value is None else as_utc(value).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read the moment."""
        return None if value is None else datetime.fromisoformat(value)


def as_utc(at: datetime) -> datetime:
    """Put a moment into UTC; a naive one is taken as UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def clean_words(text: str) -> str:
    """Replace NUL and lone surrogates, which no database stores."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def key_of(text: str) -> str:
    """Make a short key of a long text: PostgreSQL indexes no more than 2,700 bytes."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def encode(record: object) -> str:
    """Write a record as JSON."""
    try:
        return msgspec.json.encode(record).decode()
    except (UnicodeEncodeError, OverflowError):
        # Hostile pages hold lone surrogates and widths of thirty digits.
        return msgspec.json.encode(_mend(msgspec.to_builtins(record))).decode()


def decode(text: str, kind: type[Record], name: str) -> Record:
    """Read a record from JSON; raises `DamagedRow`, by this name, where it does not fit."""
    try:
        record: Record = _decoder(cast(Hashable, kind)).decode(text)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise damaged(name, error) from error
    return record


def damaged(name: str, cause: Exception) -> DamagedRow:
    """Say that a row cannot be read, and what to do."""
    return DamagedRow(
        f"the stored {name} cannot be read ({cause}); run `dragoman doctor`, and restore a "
        "backup if it names more"
    )


@lru_cache(maxsize=64)
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return clean_words(value)
    if isinstance(value, dict):
        return {_mend(key): _mend(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mend(inner) for inner in value]
    if isinstance(value, int):
        return max(-_WIDEST, min(_WIDEST, value))
    return value
