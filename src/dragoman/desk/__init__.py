"""The desk: where the people who run a relay see what it does, and change it.

A front door of its own beside the public site, on its own port. `create_desk` makes the
application; `board.Board` is how a page or an action is added to it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.desk.app import create_desk
    from dragoman.desk.door import make_link, refuse_open_door

__all__ = ["create_desk", "make_link", "refuse_open_door"]

_HOMES = {"create_desk": "app", "make_link": "door", "refuse_open_door": "door"}


def __getattr__(name: str) -> Any:
    """Load a part on first use: FastAPI costs half a second."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
