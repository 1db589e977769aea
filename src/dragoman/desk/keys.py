"""Secrets of the desk: random keys, what is kept of them, and passwords."""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from dragoman.errors import DragomanError

SHORTEST = 12  # characters of a password
_LONGEST = 1024
# RFC 9106, section 4: the second recommended choice, for machines with little memory.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
# Each check takes 64 MB: a crowd at the door must not take the machine's memory.
_turns = BoundedSemaphore(2)


def make_key() -> str:
    """Make a random key of 256 bits."""
    return secrets.token_urlsafe(32)


def digest_of(key: str) -> str:
    """Give what the store keeps of a key. Random keys need no slow hash."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def form_token(key: str) -> str:
    """Give what a session's forms carry: only who has the session's key can make it."""
    return hmac.new(key.encode("utf-8", "replace"), b"form", sha256).hexdigest()


def is_form_token(sent: str, key: str) -> bool:
    """Whether a form carries its session's token; takes as long whatever was sent."""
    return hmac.compare_digest(sent.encode("utf-8", "replace"), form_token(key).encode())


def check_password(password: str, user: str) -> None:
    """Refuse a password that is too easy to guess. Raises `DragomanError`, which says why."""
    if len(password) < SHORTEST:
        raise DragomanError(
            f"that password has {len(password)} characters; take at least {SHORTEST}, "
            "for example four words"
        )
    if len(password) > _LONGEST:
        raise DragomanError(f"that password is too long; take at most {_LONGEST} characters")
    if len(set(password)) < 5 or user.casefold() in password.casefold():
        raise DragomanError("that password is easy to guess; take four words that do not belong")


def hash_password(password: str) -> str:
    """Hash a password with Argon2id."""
    with _turns:
        return _hasher.hash(password.encode("utf-8", "replace"))


def is_password(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed; as slow where there is none."""
    with _turns:
        try:
            found = _hasher.verify(hashed or _nobody(), password.encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
    return found and bool(hashed)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Give a hash that no password has: unknown users take as long as known ones."""
    return _hasher.hash(secrets.token_bytes(32))
