"""Errors of a database server, which the tests cannot bring about at will, in plain words."""

from __future__ import annotations

import sys

import pytest

from dragoman.errors import StoreBusy, StoreError, StoreFull
from dragoman.store import open_store
from dragoman.store.dialects import place_of, read_url
from dragoman.store.failures import explain


class ServerError(Exception):
    """As psycopg raises it: with a SQLSTATE, or with none where no server answered."""

    def __init__(self, words: str, sqlstate: str | None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "kind", "words"),
    [
        ("53100", StoreFull, "relay cannot grow: the disk is full"),
        ("55P03", StoreBusy, "relay is being written to by another process; try again"),
        ("40P01", StoreBusy, "relay is being written to by another process; try again"),
        ("25006", StoreError, "relay is read-only; give this user the right"),
        ("23503", StoreError, r"relay refused a row \(so it said\); please report this"),
        ("3D000", StoreError, r"relay cannot be reached \(so it said\); check the address"),
        (None, StoreError, r"relay cannot be reached \(so it said\); check the address"),
        ("42P01", StoreError, r"relay did not do as asked \(so it said\); run `dragoman doctor`"),
    ],
)
def test_a_servers_error_says_what_to_do(
    sqlstate: str | None, kind: type[StoreError], words: str
) -> None:
    error = explain(ServerError("so it\n said", sqlstate), "relay")
    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error


def test_a_missing_driver_is_named_with_the_command_that_adds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'dragoman\[postgresql\]'"):
        open_store("postgresql://relay@db.example/relay")


def test_no_message_shows_a_password() -> None:
    url = read_url("postgres://relay:secret@db.example/relay")
    assert place_of(url) == "postgresql://relay:***@db.example/relay"
