"""A page made into an article: the order of the steps, and nowhere else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import EmptyBody, NotAnArticle
from dragoman.extract.attribution import find_attributions
from dragoman.extract.authorship import drop_author_lines
from dragoman.extract.blocks import build_blocks, picture_block, read_embed
from dragoman.extract.body import Body, choose_body
from dragoman.extract.bylines import find_authors
from dragoman.extract.dates import date_article
from dragoman.extract.flow import Flow, make_key, resolve_links, walk_page
from dragoman.extract.gallery import place_pictures
from dragoman.extract.jsonld import Statement, read_statement, text_of
from dragoman.extract.language import decide_language
from dragoman.extract.metadata import (
    Metas,
    find_canonical,
    find_image,
    find_keywords,
    find_section,
    find_site,
    read_metas,
)  # fmt: skip
from dragoman.extract.pictures import mark_captions
from dragoman.extract.relative_days import mark_days
from dragoman.extract.rights import read_reservations
from dragoman.extract.template import Template
from dragoman.extract.titles import Headline, find_title
from dragoman.extract.tree import parse_page
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import Article, Block, BlockKind, Link, Page, SpanKind, Text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from dragoman.extract.flow import Run
    from dragoman.extract.pictures import Picture

Authors = tuple[tuple[str, ...], tuple[str, ...], str]  # people, agencies, where from

_MIN_BODY = 80  # characters; less is a stub, a teaser before a paywall or a caption


@dataclass(slots=True)
class PageReading:
    """A page read once: tree, flow and what it says of itself."""

    page: Page
    root: HtmlElement
    flow: Flow
    metas: Metas
    statement: Statement
    headline: Headline
    site: str


def read_page(page: Page) -> PageReading:
    """Parse and walk a page once, and read what it says of itself."""
    return read_tree(page, parse_page(page))


def read_tree(page: Page, root: HtmlElement) -> PageReading:
    """Walk the tree of a page, and read what the page says of itself."""
    own = clean_url(page.final_url or page.url)
    base = (
        next((clean_url(b.get("href") or "", own) for b in root.iter("base") if b.get("href")), "")
        or own
    )
    flow = walk_page(root, base)
    mark_captions(flow)
    metas, statement = read_metas(root), read_statement(root)
    site = find_site(metas, statement, own)
    names = frozenset({make_key(find_section(metas, statement))}) - {""}
    headline = find_title(root, flow, metas, statement, site, own, page.item, names)
    return PageReading(page, root, flow, metas, statement, headline, site)


def _digest(title: str, blocks: tuple[Block, ...]) -> str:
    text = "\x1e".join([title, *(f"{block.kind}\x1f{block.text}" for block in blocks)])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _make_related(runs: list[Run]) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for run in runs:
        for span in run.spans:
            # The site's front page with a fragment is an application's or a player's, no article.
            if span.kind is SpanKind.LINK and urlsplit(span.value).path.strip("/"):
                links.setdefault(span.value, Link(span.value, run.text[span.start : span.end]))
    return tuple(links.values())


def _make_blocks(reading: PageReading, body: Body, template: Template | None) -> tuple[Block, ...]:
    pictures = place_pictures(
        reading.flow,
        body,
        reading.headline.run,
        find_image(reading.metas, reading.statement, reading.flow.base),
        template,
    )
    words = {index for picture in pictures for index in picture.used}
    runs = [run for run in body.runs if run.index not in words]
    if body.paragraphs:
        # The page's own text is a stub of what JSON-LD states: pictures first, then its words.
        told = tuple(
            Block(BlockKind.PARAGRAPH, (Text(clean_text(line)),)) for line in body.paragraphs
        )
        return (*(picture_block(picture) for picture in pictures), *told)
    items: list[Run | Picture | Block] = [*runs, *pictures]
    order = [run.index for run in runs] + [picture.index for picture in pictures]
    if runs:
        for mark in reading.flow.marks:
            if not mark.is_picture and runs[0].index < mark.index < runs[-1].index:
                embed = read_embed(mark, reading.flow.base)
                if embed is not None:
                    items.append(embed)
                    order.append(mark.index)
    return build_blocks(items, order)


def _choose(reading: PageReading, template: Template | None) -> Body:
    section = find_section(reading.metas, reading.statement)
    return choose_body(
        reading.root, reading.flow, reading.headline, reading.statement, template, section
    )


def _measure(body: Body) -> float:
    # Links alone tell nothing: they are what is left where a fence hides the text.
    own = sum(len(run.text) * (1 - run.link_share) for run in body.runs)
    return own + sum(map(len, body.paragraphs))


def _is_paid(reading: PageReading) -> bool:
    """Whether the page says that its text is for subscribers."""
    stated = str(reading.statement.article.get("isAccessibleForFree", "")).lower()
    tier = reading.metas.first("article:content_tier").lower()
    return stated in ("false", "no", "0") or tier in ("locked", "metered")


def _find_state(reading: PageReading) -> bool:
    """Put the text of the page's scripts into its tree, unless it is for subscribers."""
    from dragoman.extract.state import graft_state

    if reading.page.status >= 400 or _is_paid(reading):
        return False
    metas = reading.metas
    told = text_of(reading.statement.article.get("description"))
    known = (reading.headline.text, metas.first("og:description", "description"), told)
    return graft_state(reading.root, known)


def extract_article(page: Page, template: Template | None = None) -> Article:
    """Take the article out of a page.

    Raises `NotAnArticle` for front pages and error pages, `EmptyBody` for paywalls and
    stubs, `ExtractError` for what cannot be read at all.
    """
    reading = read_page(page)
    body = _choose(reading, template)
    if _measure(body) < _MIN_BODY and _find_state(reading):
        reading = read_tree(page, reading.root)
        body = replace(_choose(reading, template), origin="script")
    _require_article(reading, body)
    authors = _find_authors(reading, body)
    body.runs = drop_author_lines(body.runs, authors[0])
    resolve_links([*body.runs, *body.related], reading.flow.base)
    blocks = _make_blocks(reading, body, template)
    return _assemble(reading, body, blocks, authors, template)


def _require_article(reading: PageReading, body: Body) -> None:
    from dragoman.extract.verdict import find_fault

    fault = find_fault(
        reading.page, reading.flow, reading.metas, reading.statement, body, reading.headline.text
    )
    if fault is not None:
        raise fault
    if _measure(body) < _MIN_BODY:
        reason = (
            "the page says that its text is for subscribers"
            if _is_paid(reading)
            else "no article text on the page (a paywall, a stub, or text that scripts would load)"
        )
        raise EmptyBody(f"{reading.page.url}: {reason}; only the headline can be relayed")
    if not reading.headline.text:
        raise NotAnArticle(
            f"{reading.page.url}: the page has no headline, so it is no article; left out"
        )


def _decide_language(reading: PageReading, blocks: tuple[Block, ...]) -> tuple[str, str]:
    item = reading.page.item
    text = "\n".join(block.text for block in blocks if block.kind is not BlockKind.IMAGE)
    declared = (
        reading.root.get("lang") or reading.root.get("xml:lang") or "",
        reading.metas.first("og:locale", "content-language", "dc.language", "language"),
        item.language if item is not None else "",
    )
    return decide_language(reading.headline.text, text, declared)


def _find_authors(reading: PageReading, body: Body) -> Authors:
    item = reading.page.item
    return find_authors(
        reading.flow,
        reading.metas,
        reading.statement,
        reading.site,
        reading.headline.run,
        body.runs,
        item.authors if item is not None else (),
        find_canonical(reading.metas, reading.statement, reading.page),
    )


def _assemble(
    reading: PageReading,
    body: Body,
    blocks: tuple[Block, ...],
    authors: Authors,
    template: Template | None,
) -> Article:
    page, metas, statement = reading.page, reading.metas, reading.statement
    url = find_canonical(metas, statement, page)
    item = page.item
    title = reading.headline.text
    language, language_origin = _decide_language(reading, blocks)
    people, agencies, author_origin = authors
    published, modified = date_article(
        reading.root, reading.flow, statement, url, language, reading.headline.run, body.runs, item,
        page.fetched,
        template.clocks if template is not None else frozenset(),
    )  # fmt: skip
    origins = (
        ("title", reading.headline.origin),
        ("authors", author_origin),
        ("language", language_origin),
        ("body", body.origin),
    )
    article = Article(
        id=page.id or hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:12],
        source=page.source,
        url=url,
        language=language,
        title=title,
        blocks=blocks,
        published=published,
        modified=modified,
        authors=people,
        agencies=agencies,
        site=reading.site,
        section=clean_text(find_section(metas, statement)),
        description=clean_text(metas.first("og:description", "description", "twitter:description")),
        image=find_image(metas, statement, reading.flow.base),
        keywords=find_keywords(metas, statement),
        related=_make_related(body.related),
        attributed=find_attributions(blocks, language),
        reservations=read_reservations(reading.root, metas, page),
        body_origin=body.origin,
        origins=tuple((name, origin) for name, origin in origins if origin),
        digest=_digest(title, blocks),
    )
    return mark_days(article)
