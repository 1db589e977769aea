"""A page read once, and the text that is best of all that was had of its article.

The page's own body comes first, with what its JSON-LD adds. Only where that falls short are the
state of its scripts, the feed's content and the AMP or print version weighed against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dragoman.errors import ExtractError
from dragoman.extract.body import Body, choose_body
from dragoman.extract.flow import Flow, make_key, walk_page
from dragoman.extract.jsonld import Statement, read_statement, text_of
from dragoman.extract.metadata import Metas, find_canonical, find_section, find_site, read_metas
from dragoman.extract.pictures import mark_captions
from dragoman.extract.state import agrees, graft_state
from dragoman.extract.titles import Headline, find_title
from dragoman.extract.tree import parse_page
from dragoman.extract.verdict import find_fault
from dragoman.sanitize import clean_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from dragoman.extract.template import Template
    from dragoman.types import Page, Version

MIN_BODY = 80  # characters; less is a stub, a teaser before a paywall or a caption
_CLEARLY = 2  # times: so much longer is what takes a page's place, or is missing from it
_STUB = 400  # characters of a page's own text under which it may be a notice beside no text
_HELD = 0.7  # of a page's own text must stand in what takes its place
_WORD, _DENSE_WORD = 5, 1.5  # characters, at least, of a word that a page counts
_DENSE = 0x2E80  # first character of the scripts whose words are short
_TAG = re.compile(r"<[^<>]{1,4000}>")
_FENCED = "//*[@subscriptions-section or @amp-access]"  # AMP for "to subscribers alone"


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
    own_root: HtmlElement  # the page's, where tree and flow are of another version


def read_page(page: Page) -> PageReading:
    """Parse and walk a page once, and read what it says of itself."""
    return read_tree(page, parse_page(page))


def read_tree(
    page: Page, root: HtmlElement, told: PageReading | None = None, address: str = ""
) -> PageReading:
    """Walk the tree of a page, and read what the page says of itself.

    ``told`` is the page of which the tree, at ``address``, is another version: it knows best.
    """
    own = clean_url(page.final_url or page.url)
    base = next(
        (clean_url(b.get("href") or "", own) for b in root.iter("base") if b.get("href")), ""
    )
    flow = walk_page(root, base or address or own)
    mark_captions(flow)
    metas, statement = read_metas(root), read_statement(root)
    if told is not None:
        metas = told.metas | metas
        statement = told.statement if told.statement.article else statement
    site = find_site(metas, statement, own)
    names = frozenset({make_key(find_section(metas, statement))}) - {""}
    headline = find_title(root, flow, metas, statement, site, own, page.item, names)
    own_root = root if told is None else told.own_root
    return PageReading(page, root, flow, metas, statement, headline, site, own_root)


def measure(body: Body) -> float:
    """Give the characters of a body's text."""
    # Links alone tell nothing: they are what is left where a fence hides the text.
    own = sum(len(run.text) * (1 - run.link_share) for run in body.runs)
    return own + sum(map(len, body.paragraphs))


def is_paid(reading: PageReading) -> bool:
    """Whether the page says that its text is for subscribers."""
    stated = str(reading.statement.article.get("isAccessibleForFree", "")).lower()
    tier = reading.metas.first("article:content_tier").lower()
    return stated in ("false", "no", "0") or tier in ("locked", "metered")


def _choose(reading: PageReading, template: Template | None) -> Body:
    section = find_section(reading.metas, reading.statement)
    return choose_body(
        reading.root, reading.flow, reading.headline, reading.statement, template, section,
        _known(reading)[1:],
    )  # fmt: skip


def _find_state(reading: PageReading) -> bool:
    """Put the text of the page's scripts into its tree, unless it is for subscribers."""
    if reading.page.status >= 400 or is_paid(reading):
        return False
    return graft_state(reading.root, _known(reading))


def _known(reading: PageReading) -> tuple[str, ...]:
    """Give what the page says of its article outside the text."""
    metas = reading.metas
    told = text_of(reading.statement.article.get("description"))
    names = ("og:description", "description", "twitter:description")
    return (reading.headline.text, *map(metas.first, names), told)


def choose_best(page: Page, template: Template | None) -> tuple[PageReading, Body]:
    """Read a page and choose the body, from wherever its whole text was had."""
    reading = read_page(page)
    body = _choose(reading, template)
    if measure(body) < MIN_BODY and _find_state(reading):
        reading = read_tree(page, reading.root)
        body = replace(_choose(reading, template), origin="script")
    content = page.item.content if page.item is not None else ""
    if len(_TAG.sub("", content)) > max(_STUB, _CLEARLY * measure(body)):
        markup = f"<html><body><article>{content}</article></body></html>"
        root = _parse(page, markup.encode("utf-8", "replace"), "utf-8")
        if root is not None:
            reading, body = _weigh(reading, body, root, "feed", page.url, template)
    if page.other is not None and _CLEARLY * measure(body) < _promised(reading):
        root = _read_version(reading, page.other)
        if root is not None:
            kind, address = page.other.kind, page.other.url
            reading, body = _weigh(reading, body, root, kind, address, template)
    return reading, body


def _promised(reading: PageReading) -> float:
    """Give the characters that the page leads to expect of its text; never less than a stub."""
    words = str(reading.statement.article.get("wordCount", ""))
    count = int(words) if words.isdecimal() and len(words) < 6 else 0
    known = _known(reading)
    each = _DENSE_WORD if any(ord(char) > _DENSE for char in known[0]) else _WORD
    return max(_CLEARLY * MIN_BODY, count * each, _CLEARLY * max(map(len, known[1:])))


def _read_version(reading: PageReading, other: Version) -> HtmlElement | None:
    """Read another version of a page; none where it is of another article, or for subscribers."""
    page = reading.page
    root = _parse(page, other.body, other.charset)
    if root is None:
        return None
    metas, statement = read_metas(root), read_statement(root)
    named = {clean_url(href, other.url) for href in metas.links.get("canonical", ())}
    own = {page.url, page.final_url, find_canonical(reading.metas, reading.statement, page)}
    is_own = bool({_bare(url) for url in named} & {_bare(url) for url in own} - {""})
    free = replace(reading, metas=metas, statement=statement)
    if not is_own or is_paid(reading) or is_paid(free) or root.xpath(_FENCED):
        return None
    return root


def _parse(page: Page, body: bytes, charset: str) -> HtmlElement | None:
    try:
        return parse_page(replace(page, body=body, charset=charset))
    except ExtractError:
        return None


def _bare(url: str) -> str:
    """Give an address without scheme, query and last slash."""
    return url.partition("?")[0].partition("#")[0].rpartition("://")[2].rstrip("/").lower()


def _weigh(
    reading: PageReading,
    body: Body,
    root: HtmlElement,
    origin: str,
    address: str,
    template: Template | None,
) -> tuple[PageReading, Body]:
    """Take the text of another tree where it is of this article and clearly longer."""
    other = read_tree(reading.page, root, reading, address)
    found = replace(_choose(other, template), origin=origin)
    own = sum(len(run.key) for run in body.runs)
    keys = "\n".join(run.key for run in found.runs)
    held = sum(len(run.key) for run in body.runs if run.key in keys)
    is_same = held >= _HELD * own if own >= _STUB else agrees(_words_of(found), _known(reading))
    if is_same and measure(found) >= max(MIN_BODY, _CLEARLY * measure(body)):
        return other, found
    return reading, body


def _words_of(body: Body) -> str:
    """Give the words of a body's text."""
    return "\n".join((*(run.text for run in body.runs), *body.paragraphs))


def judge_body(page: Page) -> str:
    """Say where the body of a page comes from; empty where another version may have more.

    One that the page calls its subscribers' own is not looked for elsewhere.
    """
    try:
        reading, body = choose_best(page, None)
    except ExtractError:
        return "page"
    fault = find_fault(
        page, reading.flow, reading.metas, reading.statement, body, reading.headline.text
    )
    if fault is not None or is_paid(reading) or _CLEARLY * measure(body) >= _promised(reading):
        return body.origin
    return body.origin if body.origin in ("amp", "print") else ""
