"""Title, authors, site, section, address, description, picture and keywords of an article."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.extract.jsonld import Statement, text_of, texts_of, types_of, url_of
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(slots=True)
class Metas:
    """The ``meta`` and ``link`` elements of a page, by name in lower case."""

    values: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)

    def __or__(self, others: Metas) -> Metas:
        """Give these, and behind them those of another page."""
        pairs = ((self.values, others.values), (self.links, others.links))
        return Metas(*({n: [*a.get(n, ()), *b.get(n, ())] for n in (*a, *b)} for a, b in pairs))

    def first(self, *names: str) -> str:
        """Give the first value that stands under any of the names."""
        for name in names:
            for value in self.values.get(name, ()):
                text = clean_text(value)
                if text:
                    return text
        return ""

    def all(self, *names: str) -> list[str]:
        """Give every value that stands under the names."""
        return [clean_text(value) for name in names for value in self.values.get(name, ())]


def read_metas(root: HtmlElement) -> Metas:
    """Read the ``meta`` and ``link`` elements of a page."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    links: defaultdict[str, list[str]] = defaultdict(list)
    for meta in root.iter("meta"):
        content = meta.get("content")
        if content:
            for attribute in ("property", "name", "itemprop"):
                name = meta.get(attribute)
                if name:
                    values[name.strip().lower()].append(content)
    for link in root.iter("link"):
        href = link.get("href")
        if href:
            for rel in (link.get("rel") or "").lower().split():
                links[rel].append(href)
    return Metas(dict(values), dict(links))


def find_site(metas: Metas, statement: Statement, url: str) -> str:
    """Find the publication's name."""
    name = metas.first(
        "og:site_name",
        "application-name",
        "publisher",
        "dc.publisher",
        "apple-mobile-web-app-title",
    )
    publisher = text_of(statement.article.get("publisher"))
    if not name or ("." in name and publisher):
        name = publisher or name
    if not name:
        for node in statement.nodes:
            if {"WebSite", "NewsMediaOrganization", "Organization"} & set(types_of(node)):
                name = text_of(node.get("name"))
                if name:
                    break
    return clean_text(name.lstrip("@")) or (urlsplit(url).hostname or "").removeprefix("www.")


def find_canonical(metas: Metas, statement: Statement, page: Page) -> str:
    """Find the article's own address: as the page names it, where that is of the same site."""
    own = clean_url(page.final_url or page.url)
    for raw in (
        *metas.links.get("canonical", ()),
        metas.first("og:url"),
        url_of(statement.article.get("mainEntityOfPage")),
    ):
        url = clean_url(raw, own) if raw else ""
        if (
            url
            and _is_same_site(url, own)
            and (urlsplit(url).path.strip("/") or not urlsplit(own).path.strip("/"))
        ):
            return url
    return own


def _is_same_site(one: str, other: str) -> bool:
    first, second = (urlsplit(u).hostname or "" for u in (one, other))
    return first.split(".")[-2:] == second.split(".")[-2:] and ("." in first or first == second)


def find_keywords(metas: Metas, statement: Statement) -> tuple[str, ...]:
    """Find the keywords, each once."""
    values = [
        *texts_of(statement.article.get("keywords")),
        *metas.all("article:tag", "news_keywords", "keywords"),
    ]
    words = [word.strip() for value in values for word in re.split(r"[,;，、]", value)]
    return tuple({word.casefold(): word for word in words if 1 < len(word) <= 60}.values())[:30]


def find_section(metas: Metas, statement: Statement) -> str:
    """Find the section that the article stands in."""
    return text_of(statement.article.get("articleSection")) or metas.first(
        "article:section", "section", "cxenseparse:section"
    )


def find_image(metas: Metas, statement: Statement, base: str) -> str:
    """Find the address of the main picture."""
    for raw in (
        metas.first("og:image", "og:image:url", "og:image:secure_url"),
        url_of(statement.article.get("image")),
        metas.first("twitter:image", "twitter:image:src"),
    ):
        url = clean_url(raw, base) if raw else ""
        if url:
            return url
    return ""
