"""Answer for the outlets: every path an outlet knows, made from its templates at each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from demo.outlets import FOLDER, SHARED, Article, Outlet

FEEDS = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
PICTURES = {".svg": "image/svg+xml", ".png": "image/png"}


class Answer(NamedTuple):
    """What a path answers."""

    status: int
    type: str
    content: bytes
    modified: datetime | None = None


@dataclass(slots=True)
class Stand:
    """What all sites share: the phase, the clock, the articles of the phase, and one another."""

    phase: str
    now: datetime | None  # None: the machine's clock
    articles: dict[str, tuple[Article, ...]] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)


class Site:
    """One outlet's pages and feed."""

    def __init__(self, outlet: Outlet, stand: Stand) -> None:
        self.outlet = outlet
        self.stand = stand
        loader = FileSystemLoader([FOLDER / outlet.id, SHARED])
        self.env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self.env.filters |= {"rfc822": format_datetime, "day": self.format_day}
        self.env.globals |= {
            "outlet": outlet,
            "site": outlet.settings,
            "address": outlet.address,
            "media": outlet.address + outlet.settings["media"],
            "link": self.link,
            "title": self.title,
            "authors_ld": describe_authors,
        }

    @property
    def articles(self) -> tuple[Article, ...]:
        """Return the articles of the phase that the press is in."""
        return self.stand.articles[self.outlet.id]

    def link(self, slug: str) -> str:
        """Return the full address of another article of this outlet."""
        return self.outlet.address + self._find(slug).path

    def title(self, slug: str) -> str:
        """Return the headline of another article of this outlet."""
        return self._find(slug).title

    def _find(self, slug: str) -> Article:
        return next(article for article in self.articles if article.slug == slug)

    def format_day(self, value: datetime, pattern: str) -> str:
        """Write a date with the outlet's own names of days and months."""
        names = self.outlet.settings["dates"]
        weekday, month = names["weekdays"][value.weekday()], names["months"][value.month - 1]
        return pattern.format(value, weekday=weekday, month=month)

    def answer(self, path: str) -> Answer:
        """Answer one path: exactly what is known, else the outlet's own 404 page."""
        make = self.known_paths().get(path)
        return make() if make else Answer(404, "text/html", self.render("missing.html"))

    def known_paths(self) -> dict[str, Callable[[], Answer]]:
        """Return everything this outlet serves."""
        settings = self.outlet.settings
        newest = max((article.updated for article in self.articles), default=None)
        paths: dict[str, Callable[[], Answer]] = {
            "/": lambda: Answer(200, "text/html", self.render("front.html"), newest),
            "/robots.txt": lambda: Answer(200, "text/plain", settings["robots"].encode()),
        }
        if kind := settings["feed"]["kind"]:
            path, type_ = settings["feed"]["path"], FEEDS[kind]
            paths[path] = lambda: Answer(200, type_, self.render(f"feed.{kind}"), newest)
        for picture in (SHARED / "img").iterdir():
            paths[settings["media"] + picture.name] = partial(show_picture, picture)
        for article in self.articles:
            paths[article.path] = partial(self.show, article)
        return paths

    def show(self, article: Article) -> Answer:
        """Answer an article's page, or 410 once it is withdrawn."""
        if article.is_withdrawn and self.stand.phase == "after":
            return Answer(410, "text/html", self.render("missing.html"))
        page = self.render("page.html", article=article, body=self.body(article))
        return Answer(200, "text/html", page, article.updated)

    def body(self, article: Article) -> Markup:
        """Return the body with the outlet's own pieces (pictures, promotions, boxes) in it."""
        pieces = self.env.get_template("pieces.html").make_module({"article": article})
        return Markup(self.env.from_string(article.body).render(vars(pieces)))

    def render(self, template: str, **values: object) -> bytes:
        """Render one template with what every template may use."""
        clock = (self.stand.now or datetime.now(UTC)).astimezone(
            ZoneInfo(self.outlet.settings["zone"])
        )
        values |= {"articles": self.articles, "clock": clock, "body_of": self.body}
        return self.env.get_template(template).render(values).encode()


def show_picture(file: Path) -> Answer:
    """Answer one of the shared pictures."""
    return Answer(200, PICTURES[file.suffix], file.read_bytes())


def describe_authors(article: Article) -> list[dict[str, str]]:
    """Return the authors as JSON-LD has them."""
    return [{"@type": "Person", "name": name} for name in article.matter["authors"]]
