"""The text that a page keeps in the state of its scripts, for pages that show none without them.

Frameworks send the article twice, as elements and as data, or as data alone. The data is asked
only where the page itself holds no text, and believed only where it agrees with what the page
says of itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MAX_SCRIPT = 3_000_000
_MAX_STRINGS = 20_000
_MIN_TEXT = 400  # characters without markup: less is a teaser
_MIN_PARAGRAPHS = 3
_AGREEMENT = 0.6  # of the words of headline and description must stand in the text
_FEW_STEMS = 3
_DENSE = 0x2E80  # first character of the scripts whose words are short: Chinese, Japanese, Korean
_STRING = re.compile(r'"((?:[^"\\]|\\.){40,})"', re.S)
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)
_TAG = re.compile(r"<[^<>]{0,400}>")


def _strings(text: str, depth: int = 0) -> Iterator[str]:
    """Give the strings of a script; a string may be data with strings of its own."""
    for found in _STRING.finditer(text):
        try:
            value = json.loads(f'"{found[1]}"', strict=False)
        except ValueError:
            continue
        if _PARAGRAPH.search(value) and not value.lstrip().startswith(("{", "[")):
            yield value
        if depth == 0 and '"' in value:
            yield from _strings(value, 1)


def _stems(told: str) -> set[str]:
    """Give the words that tell what a text is about, without the endings that change."""
    words = re.findall(r"[^\W\d_]+", told.casefold())
    dense = [word[: max(2, len(word) - 2)] for word in words if ord(word[0]) > _DENSE]
    return {*dense, *(word[:8] for word in words if ord(word[0]) <= _DENSE and len(word) > 4)}


def _is_of_page(text: str, stems: set[str]) -> bool:
    """Whether a text holds most of the words with which the page speaks of its article."""
    folded = text.casefold()
    return sum(stem in folded for stem in stems) >= max(3, _AGREEMENT * len(stems))


def find_state_body(root: HtmlElement, known: tuple[str, ...]) -> HtmlElement | None:
    """Find the article's markup in the scripts; none where no text agrees with ``known``.

    ``known`` is what the page says of its article outside the text: headline and description.
    """
    from lxml import etree, html

    stems = _stems(" ".join(known))
    best, size, count = "", _MIN_TEXT, 0
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) > _MAX_SCRIPT or "ld+json" in (script.get("type") or ""):
            continue
        for value in _strings(text):
            count += 1
            if count > _MAX_STRINGS:
                break
            plain = _TAG.sub("", value)
            if len(plain) <= size or len(_PARAGRAPH.findall(value)) < _MIN_PARAGRAPHS:
                continue
            if _is_of_page(plain, stems):
                best, size = value, len(plain)
    if not best:
        return None
    try:
        return html.fragment_fromstring(best, create_parent="article")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def agrees(text: str, known: tuple[str, ...]) -> bool:
    """Whether a text tells of what is known of an article; where that is little, it does."""
    stems = _stems(" ".join(known))
    return len(stems) < _FEW_STEMS or _is_of_page(text, stems)


def graft_state(root: HtmlElement, known: tuple[str, ...]) -> bool:
    """Put the text that scripts would show into the page; false where there is none."""
    article = find_state_body(root, known)
    body = root.find("body")
    if article is None or body is None:
        return False
    for element in article.iter("script", "style", "iframe"):
        element.text = None
    body.append(article)
    return True
