"""A page as one flow: runs of text with spans, pictures and embeds, in their order.

Every run remembers the place it stands at, so that body, captions and noise can be told
apart later without walking the tree again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from dragoman.extract.inline import TextBuilder
from dragoman.sanitize import clean_url
from dragoman.types import Span, SpanKind, Text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SKIPPED = frozenset(
    ("script", "style", "template", "svg", "math", "object", "select", "option", "optgroup",
     "button", "input", "textarea", "canvas", "head", "title", "meta", "link", "area", "map",
     "datalist", "progress", "meter", "dialog", "noembed", "noframes")
)  # fmt: skip
_INLINE = {
    "a": SpanKind.LINK, "b": SpanKind.BOLD, "strong": SpanKind.BOLD, "i": SpanKind.ITALIC,
    "em": SpanKind.ITALIC, "code": SpanKind.CODE, "kbd": SpanKind.CODE, "samp": SpanKind.CODE,
    "tt": SpanKind.CODE, "q": SpanKind.QUOTE, "cite": SpanKind.ITALIC,
}  # fmt: skip
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "noscript",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_PICTURES = frozenset({"img", "amp-img", "picture", "amp-anim"})
_EMBEDS = frozenset(
    [
        "iframe",
        "video",
        "audio",
        "embed",
        "amp-iframe",
        "amp-youtube",
        "amp-twitter",
        "amp-instagram",
        "amp-video",
    ]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Words for screen readers alone ("opens new tab") would stand in the middle of sentences.
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader(?:-text)?|visually-?hidden|visuallyhidden|"
    r"u-hidden-visually|a11y-hidden|offscreen|vh)(?:$|[\s_-])",
    re.I,
)
_CLIPPED = re.compile(
    r"clip\s*:\s*rect\(|clip-path\s*:\s*inset\(50%|font-size\s*:\s*0(?:px)?\s*(?:;|$)", re.I
)
_KEY = re.compile(r"[\W_]+")


@dataclass(slots=True, eq=False)
class Place:
    """Where in the page something stands: what its ancestors say of it."""

    element: HtmlElement
    parent: Place | None
    tag: str
    names: str  # class and id, in lower case
    heading: int = 0
    item: HtmlElement | None = None  # the list item, and its list
    list: HtmlElement | None = None
    cell: HtmlElement | None = None  # the table cell, and its table
    table: HtmlElement | None = None
    quote: HtmlElement | None = None
    figure: HtmlElement | None = None
    caption: HtmlElement | None = None
    pre: HtmlElement | None = None
    is_hidden: bool = False
    signed: str = ""  # the signature, once it was asked for
    home: HtmlElement | None = None  # the container of its text, once it was asked for

    @property
    def signature(self) -> str:
        """Tag and class of the three nearest elements, without numbers: what a template repeats."""
        if not self.signed:
            parts, place = [], self
            for _ in range(3):
                parts.append(f"{place.tag}.{_unnumbered(place.names)}")
                if place.parent is None:
                    break
                place = place.parent
            self.signed = ">".join(reversed(parts))
        return self.signed


@dataclass(slots=True, eq=False)
class Run:
    """A stretch of text between two boundaries of blocks."""

    index: int
    text: str
    spans: tuple[Span, ...]
    place: Place
    key: str = ""  # letters and digits alone, case folded
    link_share: float = 0.0
    times: tuple[str, ...] = ()  # machine-readable times of <time> elements inside

    @property
    def content(self) -> Text:
        """Give the text with its spans as a record."""
        return Text(self.text, self.spans)


@dataclass(slots=True, eq=False)
class Mark:
    """A picture or embed in the flow."""

    index: int
    element: HtmlElement
    place: Place
    is_picture: bool
    href: str = ""  # of the link around it


@dataclass(slots=True)
class Flow:
    """Everything that a page shows, in order."""

    items: list[Run | Mark] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)  # the stretches of text alone
    marks: list[Mark] = field(default_factory=list)  # the pictures and embeds alone
    base: str = ""

    def add(self, item: Run | Mark) -> None:
        """Add what comes next on the page."""
        self.items.append(item)
        if isinstance(item, Run):
            self.runs.append(item)
        else:
            self.marks.append(item)


def make_key(text: str) -> str:
    """Give letters and digits alone, case folded: what two writings of a text share."""
    bare = "".join(text.split())
    return (bare if bare.isalnum() else _KEY.sub("", bare)).casefold()


@lru_cache(maxsize=4096)
def _unnumbered(names: str) -> str:
    return re.sub(r"\d+", "", " ".join(names.split()[:3]))


_LIST = frozenset({"ul", "ol", "dl", "menu"})
_ITEM = frozenset({"li", "dd", "dt"})
_CAPTION = re.compile(
    r"caption|bildunterschrift|legende|(?:^|[\W_])(?:leyenda|bildtext|cutline|didascalia|"
    r"pie-?(?:de-?)?foto|"
    r"image-?(?:text|desc\w*)|img-?desc\w*|photo-?(?:text|desc\w*)|media-?(?:desc\w*|"
    r"text))(?:$|[\W_])"
    r"|(?<!ac)credit(?!ed|[-_]?card)|copyright|(?:image|photo|media|picture)[-_]*(?:source|"
    r"author|by)|foto(?:graf|kredit|-?autor)"
)


@lru_cache(maxsize=8192)
def _names_caption(names: str) -> bool:
    return _CAPTION.search(names) is not None


def find_names(element: HtmlElement) -> str:
    """Give class and id of an element, in lower case."""
    return f"{element.get('class', '')} {element.get('id', '')}".strip().lower()


def _enter(element: HtmlElement, tag: str, parent: Place | None) -> Place:
    names = find_names(element)
    place = Place(element, parent, tag, names)
    if parent is not None:
        place.heading, place.item, place.list = parent.heading, parent.item, parent.list
        place.cell, place.table, place.quote = parent.cell, parent.table, parent.quote
        place.figure, place.caption, place.pre = parent.figure, parent.caption, parent.pre
        place.is_hidden = parent.is_hidden
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        place.heading = int(tag[1])
        place.caption = place.caption if place.figure is not None else None
    elif tag in _ITEM:
        place.item = element
    elif tag in _LIST:
        place.list, place.item = element, None
    elif tag in ("td", "th"):
        place.cell = element
    elif tag == "table":
        place.table, place.cell, place.item, place.list = element, None, None, None
    elif tag == "blockquote":
        place.quote = element
    elif tag == "figure":
        place.figure, place.caption = element, None
    elif tag == "pre":
        place.pre = element
    if tag == "figcaption" or (names and _names_caption(names)):
        place.caption = element
    if not place.is_hidden:
        style = element.get("style")
        place.is_hidden = bool(
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or (style and _HIDDEN_STYLE.search(style))
        )
    return place


class _Walker:
    """Holds the flow while the tree is walked once, without recursion."""

    def __init__(self, base: str) -> None:
        self.flow = Flow(base=base)
        self.builder = TextBuilder()
        self.place: Place | None = None
        self.times: list[str] = []
        self.links: list[str] = []
        self.breaks = 0

    def flush(self) -> None:
        self.breaks = 0
        times: tuple[str, ...] = ()
        if self.times:
            times, self.times = tuple(self.times), []
        if self.builder.forget_space():
            return
        text, spans = self.builder.take()
        if not text or self.place is None:
            return
        key = make_key(text)
        linked = sum(s.end - s.start for s in spans if s.kind is SpanKind.LINK)
        self.flow.add(
            Run(len(self.flow.items), text, spans, self.place, key, linked / len(text), times)
        )

    def start(self, element: HtmlElement, tag: str) -> None:
        if tag in _BLOCK or ("-" in tag and _has_blocks(element)):
            self.flush()
            self.place = _enter(element, tag, self.place)
            if tag == "pre":
                self.builder = TextBuilder(is_block=True)
        elif tag == "br":
            self.breaks += 1
            # Two line breaks part paragraphs on pages that know no <p>.
            if self.breaks == 2 and self.place is not None and self.place.pre is None:
                self.flush()
            else:
                self.builder.add_break()
        elif tag in _INLINE:
            self._open_inline(element, tag)
        elif tag == "time":
            self.times.append(element.get("datetime") or "")
        elif tag == "wbr":
            self.builder.add("\u200b")
        if text := element.text:
            self.add(text)

    def _open_inline(self, element: HtmlElement, tag: str) -> None:
        value = ""
        if tag == "a":
            value = element.get("href") or ""
            self.links.append(value)
        self.builder.open(_INLINE[tag], value)

    def end(self, element: HtmlElement, tag: str) -> None:
        if self.place is not None and element is self.place.element:
            self.flush()
            if tag == "pre":
                self.builder = TextBuilder()
            self.place = self.place.parent
        elif tag in _INLINE:
            self.builder.close()
            if tag == "a" and self.links:
                self.links.pop()

    def add(self, text: str) -> None:
        if text.isspace():  # most of what stands between elements
            self.builder.add_space(text)
        else:
            self.breaks = 0
            self.builder.add(text)

    def mark(self, element: HtmlElement, *, is_picture: bool) -> None:
        if self.place is None:
            return
        href = self.links[-1] if self.links else ""
        self.flow.add(Mark(len(self.flow.items), element, self.place, is_picture, href))


def _has_blocks(element: HtmlElement) -> bool:
    return any(isinstance(child.tag, str) and child.tag in _BLOCK for child in element.iter())


def resolve_links(runs: list[Run], base: str) -> None:
    """Make the links of these runs absolute; what leads nowhere is no link.

    Only the runs of the body need it: most of a page's links stand in its menus.
    """
    for run in runs:
        spans = (
            replace(span, value=clean_url(span.value, base)) if span.kind is SpanKind.LINK else span
            for span in run.spans
        )
        run.spans = tuple(s for s in spans if s.kind is not SpanKind.LINK or s.value)


@lru_cache(maxsize=8192)
def _names_unseen(names: str) -> bool:
    return _UNSEEN.search(names) is not None


def _is_unseen(element: HtmlElement, tag: str) -> bool:
    if tag not in ("span", "a", "small", "b", "i"):
        return False
    names, style = element.get("class"), element.get("style")
    return bool((names and _names_unseen(names)) or (style and _CLIPPED.search(style)))


def walk_page(root: HtmlElement, base: str) -> Flow:
    """Walk a page once and give its flow. ``base`` makes relative addresses absolute."""
    from lxml import etree

    walker = _Walker(base)
    passed = None  # the element whose inside was skipped last: its end comes next
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or tag in _SKIPPED or _is_unseen(element, tag):
                passed = element
            elif tag in _PICTURES:
                walker.mark(element, is_picture=True)
                passed = element
            elif tag in _EMBEDS:
                walker.mark(element, is_picture=False)
                passed = element
            else:
                walker.start(element, tag)
                continue
            events.skip_subtree()
        else:
            if element is not passed:
                walker.end(element, tag)
            if (tail := element.tail) and element is not root:
                walker.add(tail)
    walker.flush()
    return walker.flow
