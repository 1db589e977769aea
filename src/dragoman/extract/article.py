"""A page made into an article: the order of the steps, and nowhere else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import EmptyBody, NotAnArticle
from dragoman.extract.attribution import find_attributions
from dragoman.extract.authorship import drop_author_lines
from dragoman.extract.blocks import build_blocks, picture_block, read_embed
from dragoman.extract.body import Body
from dragoman.extract.bylines import find_authors
from dragoman.extract.dates import date_article
from dragoman.extract.flow import make_key, resolve_links
from dragoman.extract.gallery import place_pictures
from dragoman.extract.language import decide_language
from dragoman.extract.live import find_starts, stated_starts
from dragoman.extract.metadata import (
    find_canonical,
    find_image,
    find_keywords,
    find_section,
)  # fmt: skip
from dragoman.extract.reading import MIN_BODY, PageReading, choose_best, is_paid, measure
from dragoman.extract.relative_days import mark_days
from dragoman.extract.rights import read_reservations
from dragoman.extract.template import Template
from dragoman.extract.verdict import find_fault
from dragoman.sanitize import clean_text
from dragoman.types import Article, Block, BlockKind, Link, Page, SpanKind, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dragoman.extract.flow import Run
    from dragoman.extract.pictures import Picture
    from dragoman.types import Moment

Authors = tuple[tuple[str, ...], tuple[str, ...], str]  # people, agencies, where from


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
        told = _make_told(body.paragraphs, stated_starts(reading.statement))
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
    return build_blocks(items, order, find_starts(reading.flow, runs, reading.statement))


def extract_article(page: Page, template: Template | None = None) -> Article:
    """Take the article out of a page.

    Raises `NotAnArticle` for front pages and error pages, `EmptyBody` for paywalls and
    stubs, `ExtractError` for what cannot be read at all.
    """
    reading, body = choose_best(page, template)
    _require_article(reading, body)
    authors = _find_authors(reading, body)
    body.runs = drop_author_lines(body.runs, authors[0])
    resolve_links([*body.runs, *body.related], reading.flow.base)
    blocks = _make_blocks(reading, body, template)
    return _assemble(reading, body, blocks, authors, template)


def _make_told(lines: Iterable[str], starts: dict[str, Moment]) -> list[Block]:
    """Make paragraphs of what JSON-LD states, with the heads of live entries."""
    blocks: list[Block] = []
    told: set[Moment] = set()
    for line in lines:
        at = starts.get(make_key(line))
        if at is not None and at not in told:
            told.add(at)
            blocks.append(Block(BlockKind.LIVE, at=at))
        blocks.append(Block(BlockKind.PARAGRAPH, (Text(clean_text(line)),)))
    return blocks


def _require_article(reading: PageReading, body: Body) -> None:
    fault = find_fault(
        reading.page, reading.flow, reading.metas, reading.statement, body, reading.headline.text
    )
    if fault is not None:
        raise fault
    if measure(body) < MIN_BODY:
        reason = (
            "the page says that its text is for subscribers"
            if is_paid(reading)
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
        reservations=read_reservations(reading.own_root, metas, page),
        body_origin=body.origin,
        origins=tuple((name, origin) for name, origin in origins if origin),
        digest=_digest(title, blocks),
    )
    return mark_days(article)
