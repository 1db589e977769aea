"""What a page says of itself in JSON-LD (schema.org): the article's node, its body, its posts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = dict[str, Any]

_WRAPPERS = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$")
_TRAILING = re.compile(r",\s*([}\]])")
_MAX_SCRIPT = 2_000_000
_MAX_NODES = 2_000
_TAGS = re.compile(r"<[^<>]{1,400}>")


@dataclass(frozen=True, slots=True)
class Statement:
    """The node of the article, and every other node of the page."""

    article: Node
    nodes: tuple[Node, ...]


def _load(text: str) -> Any:
    text = _WRAPPERS.sub("", text.strip())
    for attempt in (text, _TRAILING.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any) -> Iterator[Node]:
    stack = [value]
    count = 0
    while stack and count < _MAX_NODES:
        current = stack.pop()
        if isinstance(current, dict):
            count += 1
            yield current
            stack.extend(current[k] for k in ("mainEntity", "hasPart", "@graph") if k in current)
        elif isinstance(current, list):
            stack.extend(reversed(current))


def types_of(node: Node) -> tuple[str, ...]:
    """Give the types of a node, without their address."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return tuple(v.rsplit("/", 1)[-1] for v in values if isinstance(v, str))


def is_article(node: Node) -> bool:
    """Whether a node calls itself an article, a posting or a report."""
    return any(
        kind.endswith(("Article", "BlogPosting", "LiveBlogPosting", "Report", "Review"))
        for kind in types_of(node)
    )


def read_statement(root: HtmlElement) -> Statement:
    """Read the JSON-LD of a page and choose the node of its article."""
    nodes: list[Node] = []
    for script in root.iter("script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind and script.text and len(script.text) <= _MAX_SCRIPT:
            nodes.extend(_walk(_load(script.text)))
    articles = [node for node in nodes if is_article(node)]
    # A page may describe its teasers too; its own article says most of itself.
    chosen = max(articles, key=_richness, default={})
    return Statement(chosen, tuple(nodes))


def _richness(node: Node) -> int:
    wanted = ("headline", "datePublished", "author", "articleBody", "image", "liveBlogUpdate")
    return sum(1 for name in wanted if node.get(name))


def text_of(value: Any) -> str:
    """Give the first text of a value: a string, a node's name, the first of a list."""
    if isinstance(value, str):
        return " ".join(html.unescape(html.unescape(value)).split())
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value") or "")
    if isinstance(value, list):
        return next((text for text in map(text_of, value) if text), "")
    return ""


def texts_of(value: Any) -> tuple[str, ...]:
    """Give every text of a value."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in map(text_of, values) if text)


def url_of(value: Any) -> str:
    """Give the first address of a value: of a picture or a page."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return next((url for url in map(url_of, value) if url), "")
    if isinstance(value, dict):
        return url_of(value.get("url") or value.get("contentUrl") or value.get("@id") or "")
    return ""


def paragraphs_of(value: Any) -> tuple[str, ...]:
    """Give the paragraphs of a body that JSON-LD carries, without markup."""
    if not isinstance(value, str):
        return ()
    text = html.unescape(value)
    text = re.sub(r"(?i)<(?:/p|br|/h[1-6]|/li|/div)\b[^>]*>", "\n", text)
    text = html.unescape(_TAGS.sub("", text)).replace("\u00ad", "").replace("\u200b", "")
    return tuple(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
