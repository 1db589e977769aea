"""Publish: from views to pages, feeds and sitemaps.

Pure: records in, text out. ``views`` says what each page shows; ``pages``, ``feeds`` and
``sitemaps`` render it; ``wording`` speaks the reader's language. Nothing is looked up here,
and nothing that was fetched is written without being escaped.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.publish.feeds import render_atom, render_json_feed, render_rss
    from dragoman.publish.pages import (
        render_about,
        render_article,
        render_chooser,
        render_contact,
        render_corrections,
        render_error,
        render_front,
        render_reading,
        render_report,
        render_search,
        render_seek,
        render_source,
        render_story,
    )
    from dragoman.publish.search import render_opensearch
    from dragoman.publish.sitemaps import render_robots, render_sitemap

__all__ = [
    "render_about",
    "render_article",
    "render_atom",
    "render_chooser",
    "render_contact",
    "render_corrections",
    "render_error",
    "render_front",
    "render_json_feed",
    "render_opensearch",
    "render_reading",
    "render_report",
    "render_robots",
    "render_rss",
    "render_search",
    "render_seek",
    "render_sitemap",
    "render_source",
    "render_story",
]

_HOMES = {
    "render_atom": "feeds",
    "render_json_feed": "feeds",
    "render_rss": "feeds",
    "render_opensearch": "search",
    "render_robots": "sitemaps",
    "render_sitemap": "sitemaps",
}


def __getattr__(name: str) -> Any:
    """Load a renderer on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'pages')}"), name)
