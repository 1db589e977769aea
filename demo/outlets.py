"""Read the sample press from its folder: the outlets and their articles."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "press"
SHARED = FOLDER / "shared"
PHASES = ("before", "after")


@dataclass(frozen=True, slots=True)
class Outlet:
    """One invented publisher, as a relay subscribes to it."""

    id: str
    name: str
    language: str
    country: str
    rights: str
    follow: str  # the path to subscribe to: a feed, or "/" where the front page announces it
    port: int
    settings: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def address(self) -> str:
        """Return the address that every link of this outlet starts with."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article file: its front matter, and its body as a template."""

    outlet: str
    slug: str
    path: str
    title: str
    published: datetime
    updated: datetime
    matter: Mapping[str, Any] = field(repr=False)
    body: str = field(repr=False)

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether the page is gone in phase "after", though the feed still lists it."""
        return bool(self.matter.get("withdrawn", False))

    @property
    def is_private(self) -> bool:
        """Tell whether robots.txt forbids the page that the feed lists."""
        return self.path.startswith("/private/")


def read_outlets(base_port: int = 0) -> tuple[Outlet, ...]:
    """Read every outlet's settings, in the order of their numbers; port ``base_port + n``."""
    found = [
        (file.parent.name, tomllib.loads(file.read_text("utf-8")))
        for file in FOLDER.glob("*/outlet.toml")
    ]
    found.sort(key=lambda pair: int(pair[1]["number"]))
    keys = ("name", "language", "country", "rights", "follow")
    return tuple(
        Outlet(id=name, **{key: toml[key] for key in keys}, port=base_port + n, settings=toml)
        for n, (name, toml) in enumerate(found)
    )


def read_articles(outlet: Outlet, phase: str = "after") -> tuple[Article, ...]:
    """Read one outlet's articles as they stand in ``phase``, the newest first."""
    articles = []
    for file in sorted((FOLDER / outlet.id / "articles").glob("*.html")):
        if file.name.endswith(".before.html"):
            continue
        first = file.with_suffix(".before.html")
        source = first if phase == "before" and first.exists() else file
        _, matter_text, body = source.read_text("utf-8").split("+++\n", 2)
        matter = tomllib.loads(matter_text)
        matter = {"image": None, "bio": "", **matter}
        published = matter["published"]
        path = matter.get("path") or outlet.settings["path"].format(
            slug=file.stem,
            published=published,
            number=zlib.crc32(file.stem.encode()) % 90000 + 10000,
        )
        updated = matter.get("updated", published)
        articles.append(
            Article(
                outlet.id,
                file.stem,
                path,
                matter["title"],
                published,
                updated,
                matter,
                body.strip(),
            )
        )
    return tuple(sorted(articles, key=lambda article: article.published, reverse=True))
