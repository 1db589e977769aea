"""The store: all state, and the only SQL.

`open_store` gives a `Store`; the modules beside it (`sources`, `items`, `pages`, `lessons`,
`articles`, `names`, `glossary`, `translations`, `memory`, `stories`, `work`) hold functions that
take it first and speak in records. A stage's result and its checkpoint are written in one
transaction, so a crash at any instant costs at most the work in flight. `check` says what is
wrong with a store, if anything.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.store import (
        articles,
        corrections,
        glossary,
        indexing,
        items,
        lessons,
        live_events,
        memory,
        names,
        pages,
        readers,
        reports,
        retention,
        search,
        sources,
        spending,
        stories,
        translations,
        webhooks,
        work,
    )
    from dragoman.store.health import check
    from dragoman.store.opening import Store, open_store

__all__ = [
    "Store",
    "articles",
    "check",
    "corrections",
    "glossary",
    "indexing",
    "items",
    "lessons",
    "live_events",
    "memory",
    "names",
    "open_store",
    "pages",
    "readers",
    "reports",
    "retention",
    "search",
    "sources",
    "spending",
    "stories",
    "translations",
    "webhooks",
    "work",
]

_HOMES = {"Store": "opening", "open_store": "opening", "check": "health"}


def __getattr__(name: str) -> Any:
    """Load what is asked for on first use: SQLAlchemy costs a fifth of a second."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOMES.get(name, name)}")
    found = getattr(module, name) if name in _HOMES else module
    globals()[name] = found
    return found
