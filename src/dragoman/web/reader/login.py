"""The login of reading programs: one user, one password, and what is signed with its secret."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dragoman.errors import ConfigError
from dragoman.store import desk_users, readers
from dragoman.store.columns import key_of
from dragoman.store.readers import Account

if TYPE_CHECKING:
    from dragoman.store import Store

SHORTEST = 12  # characters of a password
_LONGEST = 1024
_FREE_BY_NAME, _FREE_BY_ADDRESS = 20, 5  # wrong passwords before each one costs a wait
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
# RFC 9106, section 4: the second recommended choice, for machines with little memory.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_turns = BoundedSemaphore(2)  # each check takes 64 MB


def set_password(db: Store, user: str, password: str) -> None:
    """Write the password of reading programs; every login ends. Raises `ConfigError`."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise ConfigError(
            f"that password has {len(password)} characters; take {SHORTEST} to {_LONGEST}, "
            "for example four words"
        )
    with _turns:
        hashed = _hasher.hash(password.encode("utf-8", "replace"))
    readers.put_account(db, Account(user, hashed, secrets.token_hex(32)))


def log_in(db: Store, user: str, sent: tuple[str, str], address: str, now: datetime) -> str | float:
    """Give what a program logs in with from now on, for the name and password that it sent.

    Gives the seconds to wait instead after too many wrong passwords, and nothing for a wrong one.
    """
    name, password = sent
    keys = (f"reader:{key_of(name)}", f"reader@{key_of(address)}")
    locks = [desk_users.tries_of(db, key).until for key in keys]
    waits = [(until - now).total_seconds() for until in locks if until and until > now]
    if waits:
        return max(waits)
    account = readers.account(db, user) if name == user else None
    if account is not None and _is_password(account.password, password):
        desk_users.forgive(db, *keys)
        return f"{user}/{_sign(account, 'login')}"
    _is_password("", password) if account is None else None
    for key, free in zip(keys, (_FREE_BY_NAME, _FREE_BY_ADDRESS), strict=True):
        desk_users.count_failure(db, key, now, free=free, first=_FIRST_WAIT, longest=_LONGEST_WAIT)
    return ""


def is_login(db: Store, user: str, sent: str) -> bool:
    """Whether a program comes with what `log_in` gave it."""
    account = readers.account(db, user)
    if account is None:
        return False
    own = f"{user}/{_sign(account, 'login')}"
    return hmac.compare_digest(own.encode(), sent.encode("utf-8", "replace"))


def edit_token(db: Store, user: str) -> str:
    """Give the token that programs send along with a change; empty without an account."""
    account = readers.account(db, user)
    return _sign(account, "edit")[:57] if account else ""  # 57, as Google's were


def _sign(account: Account, what: str) -> str:
    return hmac.new(account.secret.encode(), what.encode(), sha256).hexdigest()


def _is_password(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed; as slow where there is none."""
    with _turns:
        try:
            sent = password[: _LONGEST + 1].encode("utf-8", "replace")
            return _hasher.verify(hashed or _nobody(), sent) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Give a hash that no password has: a wrong name takes as long as a wrong password."""
    return _hasher.hash(secrets.token_bytes(32))
