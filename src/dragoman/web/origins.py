"""What the pages of an exported site are made of, as digests: equal ones need not be made again."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import dragoman
from dragoman.store import coverage, sources, stories
from dragoman.store.fingerprints import digest_articles
from dragoman.web.cards import can_draw
from dragoman.web.settings import SiteSettings
from dragoman.web.stories import find_silent

if TYPE_CHECKING:
    from dragoman.store import Store
    from dragoman.types import Grouping

_PAGE = re.compile(r"/[^/]+/((?:article|story)/[^/]+/)")
_WRITERS = ("babel", "jinja2", "markupsafe", "msgspec")


def origin_of(address: str) -> str:
    """Name what an address is made of, as in `trace_pages`; empty: it is made every time."""
    found = _PAGE.match(address)
    return found[1] if found else ""


def trace_pages(db: Store, site: SiteSettings) -> dict[str, str]:
    """Digest all that the pages of each article and each story are made of, in any edition.

    That is what is stored of the article and of the others of its story, who is silent on it,
    the sources, the settings and this program: its pages and feeds follow from nothing else.
    """
    common = _digest((_program(), _describe(site), *sources.sources(db, with_removed=True)))
    articles = digest_articles(db)
    groups: dict[str, list[Grouping]] = {}
    for grouping in stories.groupings(db):
        if grouping.article in articles:
            groups.setdefault(grouping.story, []).append(grouping)
    publishers = coverage.sources_by_story(db)
    found = {f"article/{id}/": _digest((common, own)) for id, own in articles.items()}
    for story, members in groups.items():
        told = [articles[grouping.article] for grouping in members]
        silent = [one.id for one in find_silent(db, story, publishers.get(story, set()))]
        found[f"story/{story}/"] = _digest((common, told, silent))
        found.update({f"article/{one.article}/": _digest((common, told)) for one in members})
    return found


def _digest(parts: Iterable[object]) -> str:
    return blake2b(repr(tuple(parts)).encode(), digest_size=12).hexdigest()


def _describe(site: SiteSettings) -> object:
    return replace(site, pictures=None), tuple(map(can_draw, site.editions))


@lru_cache(maxsize=1)
def _program() -> str:
    """Digest whatever writes a page: our files, and the versions of the libraries."""
    own = blake2b(sys.version.encode())
    for name in _WRITERS:
        own.update(f"{name} {metadata.version(name)}\n".encode())
    root = Path(dragoman.__file__).parent
    for file in sorted(root.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            own.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    return own.hexdigest()
