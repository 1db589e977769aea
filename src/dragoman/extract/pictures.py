"""Pictures of an article: the real address, the caption, the credit, each said once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from dragoman.extract.credits import is_credit, split_credit
from dragoman.extract.flow import Flow, Mark, Place, Run, make_key, resolve_links
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import Image, Span, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-url", "data-image", "data-full-src",
    "data-hi-res-src", "data-lazy", "data-img-url", "data-original-src", "data-default-src",
)  # fmt: skip
_LAZY_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)")
_TINY = 120  # pixels: what is smaller is an icon, a portrait of the author, a counter
_MIN_CAPTION = 20  # characters
_MAX_PIXELS = 2000  # no reader's screen needs a larger candidate of a set
_PLACEHOLDER = re.compile(
    r"^data:|(?:^|[/_.-])(?:placeholder|blank|spacer|transparent|pixel|1x1|loading|"
    r"lazy-?load|grey|default-image)(?:[/_.-]|$)",
    re.I,
)
_NO_PICTURE = re.compile(
    r"(?:^|[\W_])(?:logos?|icons?|avatars?|gravatar|author|byline|emoji|sprite|badge|flags?|"
    r"tracking|pixel|qr-?code|"
    r"profile|portrait-small|share|social|newsletter|promo|advert|ads?|banner|sponsor|"
    r"related|recommend\w*|teaser|"
    r"subscribe|app-?store|google-?play|more-?stories|read-?more)(?:$|[\W_])",
    re.I,
)
_CREDIT_NAMES = re.compile(
    r"credit|copyright|kredit|(?:^|[\W_])(?:source|quelle|rights|photographer|fotograf\w*|"
    r"photo-?by|attribution|"
    r"byline|agency|agentur|copy|creditos?|crédit|autor)(?:$|[\W_])"
)
_WIDTH_IN_URL = re.compile(
    r"(?:[?&,/_-](?:w|width|imwidth)[=_-]?)(\d{2,4})(?!\d)|[/_-](\d{3,4})x(\d{2,4})(?!\d)"
)


@dataclass(slots=True)
class Picture:
    """A picture with its words, and where in the flow it stands."""

    index: int
    image: Image
    caption: Text | None
    frame: HtmlElement | None  # the element that holds picture and words
    used: frozenset[int]  # runs that are its words


def read_candidates(value: str) -> list[tuple[str, float]]:
    """Read a ``srcset``: addresses with their widths (or densities times 1000)."""
    found = []
    for match in _CANDIDATE.finditer(value):
        size = float(match[2]) if match[2] and match[2].count(".") < 2 and match[2] != "." else 1.0
        found.append((match[1], size * 1000 if match[3] == "x" else size))
    return found


def _best(candidates: list[tuple[str, float]]) -> str:
    usable = [c for c in candidates if not _PLACEHOLDER.search(c[0])]
    fitting = [c for c in usable if c[1] <= _MAX_PIXELS] or usable[:1]
    return max(fitting, key=lambda c: c[1], default=("", 0.0))[0]


def _sources(element: HtmlElement) -> Iterator[HtmlElement]:
    if element.tag == "picture":
        yield from element.iter("img", "amp-img")
        yield from element.iter("source")
        return
    yield element
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        yield from parent.iter("source")


def find_address(element: HtmlElement, base: str) -> str:
    """Find the picture's own address behind lazy loading, sets and placeholders."""
    fallback = ""
    for source in _sources(element):
        if source.tag in ("img", "amp-img"):
            plain = [source.get(name) or "" for name in _LAZY]
            plain.append(source.get("src") or "")
            for value in plain:
                if value and not _PLACEHOLDER.search(value) and "{" not in value:
                    found = clean_url(value, base)
                    if found:
                        return found
        sets = [source.get(name) or "" for name in _LAZY_SETS]
        best = _best([c for value in sets if value for c in read_candidates(value)])
        if best and not fallback:
            fallback = clean_url(best, base)
    return fallback


def _number(value: str | None) -> int | None:
    match = re.match(r"\s*(\d{1,5})", value or "")
    return int(match[1]) if match else None


def identify_picture(url: str) -> str:
    """Give what stays of an address when only size, crop or format differ."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an address inside another's query may be anything
        return url
    inner = parse_qs(parts.query).get("url", [""])[0]
    if inner.startswith("http"):
        return identify_picture(unquote(inner))
    path = unquote(parts.path)
    if "/http" in path:
        return identify_picture(
            "http" + path.rsplit("/http", 1)[1].replace(":/", "://", 1).replace(":///", "://")
        )
    name = path.rsplit("/", 1)[-1]
    stem = re.sub(
        r"(?:[-_.@]?\d{2,4}x\d{2,4}|[-_]\d{2,4}w|-scaled|@2x)", "", name.rsplit(".", 1)[0]
    )
    if len(stem) >= 8:
        return stem.lower()
    # A short name ("1.jpg", "image") is unique in its folder at best, and with its query.
    return f"{path[: -len(name)]}{stem}?{parts.query}".lower()


def _img_of(element: HtmlElement) -> HtmlElement:
    return next(element.iter("img", "amp-img"), element)


def _is_tiny(element: HtmlElement, url: str) -> bool:
    width, height = _number(element.get("width")), _number(element.get("height"))
    if "%" in (element.get("width") or ""):
        width = None
    if width is not None and height is not None:
        return max(width, height) < _TINY
    if width is not None:
        return width < _TINY
    return (
        url.lower().partition("?")[0].endswith((".svg", ".gif"))
        and "data-src" not in element.attrib
    )


def _has_caption(mark: Mark) -> bool:
    """Whether a figure tells about its picture: no box for shares or teasers does."""
    figure = mark.place.figure
    caption = next(figure.iter("figcaption"), None) if figure is not None else None
    return caption is not None and len("".join(caption.itertext()).strip()) >= _MIN_CAPTION


def _is_decoration(mark: Mark, url: str) -> bool:
    element = _img_of(mark.element)
    if _is_tiny(element, url):
        return True
    if _has_caption(mark):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')} {mark.element.get('class', '')}"
    if _NO_PICTURE.search(names):
        return True
    place: Place | None = mark.place
    for _ in range(3):
        if place is None or place.tag in ("body", "article", "main"):
            break
        if _NO_PICTURE.search(place.names):
            return True
        place = place.parent
    return bool(
        re.search(
            r"(?:^|[/_.-])(?:logo|icon|avatar|gravatar|sprite|emoji)s?(?:[/_.-]|$)",
            urlsplit(url).path,
            re.I,
        )
    )


_MAX_CLIMB = 5
_MAX_CREDIT = 75  # characters: a longer text that calls itself a credit holds the caption too
_MAX_FRAME = 700  # characters: a frame with more holds the story, not a picture


def mark_captions(flow: Flow) -> None:
    """Mark as a caption what shares its element with a picture alone and ends in a credit."""
    pictured = {mark.place.element for mark in flow.marks if mark.is_picture}
    for run in flow.runs:
        place = run.place
        if place.element not in pictured or place.figure is not None or place.caption is not None:
            continue
        if (
            place.tag in ("div", "span")
            and len(run.text) <= _MAX_FRAME
            and split_credit(run.text)[1]
        ):
            place.figure = place.caption = place.element


def _climb_from(place: Place | None) -> Iterator[Place]:
    for _ in range(_MAX_CLIMB + 4):
        if place is None:
            return
        yield place
        place = place.parent


class Frames:
    """Finds the element that holds a picture and its words, for the pictures of one page."""

    def __init__(self, flow: Flow) -> None:
        self._runs: dict[HtmlElement, list[Run]] = {}
        self._marks: dict[HtmlElement, list[Mark]] = {}
        for mark in flow.marks:
            for place in _climb_from(mark.place):
                self._marks.setdefault(place.element, []).append(mark)
        asked = set(self._marks)
        for mark in flow.marks:
            figure = mark.place.figure
            asked.update(() if figure is None else (figure, figure.getparent()))
        for run in flow.runs:
            for place in _climb_from(run.place):
                if place.element in asked:
                    self._runs.setdefault(place.element, []).append(run)

    def find(self, mark: Mark) -> tuple[HtmlElement | None, list[Run]]:
        """Give the frame and the runs in it that are words of the picture."""
        if mark.place.figure is not None:
            figure = mark.place.figure
            runs = self._runs.get(figure, [])
            if sum(len(run.text) for run in runs) <= 2 * _MAX_FRAME:
                if runs:
                    return figure, [r for r in runs if r.place.caption is not None] or runs
                return figure, self._beside(mark, figure)
        return self._climb(mark)

    def _beside(self, mark: Mark, figure: HtmlElement) -> list[Run]:
        # Caption outside an empty figure, in the element around it.
        parent = figure.getparent()
        if parent is None:
            return []
        runs = self._runs.get(parent, [])
        if sum(len(run.text) for run in runs) > _MAX_FRAME or len(self._pictures(parent)) > 1:
            return []
        return [run for run in runs if run.place.caption is not None]

    def _pictures(self, element: HtmlElement) -> list[Mark]:
        return [m for m in self._marks.get(element, []) if m.is_picture]

    def _climb(self, mark: Mark) -> tuple[HtmlElement | None, list[Run]]:
        place: Place | None = mark.place
        best: tuple[HtmlElement | None, list[Run]] = (None, [])
        for _ in range(_MAX_CLIMB):
            if place is None or place.tag in ("body", "article", "main"):
                break
            runs = self._runs.get(place.element, [])
            if (
                sum(len(run.text) for run in runs) > _MAX_FRAME
                or len(self._pictures(place.element)) > 2
            ):
                break
            words = [run for run in runs if run.place.caption is not None]
            if words:
                return place.element, words
            best = (place.element, [])
            place = place.parent
        return best


def _read_words(runs: list[Run], base: str) -> tuple[Text | None, str]:
    """Part the words of a picture into caption and credit, by markup first, then by form."""
    resolve_links(runs, base)
    captions: list[Run] = []
    credits: list[str] = []
    for run in runs:
        if is_credit(run.text) or (_is_credit_place(run.place) and len(run.text) <= _MAX_CREDIT):
            credits.append(run.text)
        else:
            captions.append(run)
    caption = max(captions, key=lambda run: len(run.text), default=None)
    if caption is None:
        if len(credits) == 1:
            text, credit = split_credit(credits[0])
            if text and credit and not is_credit(credits[0]):
                return Text(text), credit
        return None, " / ".join(dict.fromkeys(credits))
    # Markup inside the caption may hold the credit: a <span class="credit"> is no run of its own.
    inline = _find_inline_credit(caption.place.element)
    text = caption.text
    credit = " / ".join(dict.fromkeys(credits))
    if inline and inline in text and inline != text:
        at = text.rindex(inline)
        text = (text[:at] + text[at + len(inline) :]).strip(" \u00a0|/·•-–—(")
        credit = credit or inline
    elif not credit:
        text, credit = split_credit(text)
    text = text.rstrip(" ([（")
    if not text:
        return None, credit
    at = max(0, caption.text.find(text))
    return Text(text, _keep_spans(caption.spans, at, at + len(text))), credit


def _keep_spans(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    kept = []
    for span in spans:
        left, right = max(span.start, start), min(span.end, end)
        if right > left:
            kept.append(Span(span.kind, left - start, right - start, span.value))
    return tuple(kept)


def _is_credit_place(place: Place) -> bool:
    current: Place | None = place
    for _ in range(2):
        if current is None:
            return False
        if current.tag == "figure":
            return False
        own = current.names
        if own and _CREDIT_NAMES.search(own) and "caption" not in own:
            return True
        current = current.parent
    return False


def _find_inline_credit(element: HtmlElement) -> str:
    for child in element.iter("span", "small", "em", "i", "cite", "a", "b", "strong"):
        names = f"{child.get('class', '')} {child.get('itemprop', '')}".lower()
        if (names.strip() and _CREDIT_NAMES.search(names)) or child.tag in ("small", "cite"):
            text = clean_text(child.text_content())
            if text:
                return text
    return ""


def read_picture(mark: Mark, frames: Frames, base: str) -> Picture | None:
    """Read a picture with its words; none where it is decoration or has no address."""
    url = find_address(mark.element, base)
    if not url or _is_decoration(mark, url):
        return None
    element = _img_of(mark.element)
    frame, runs = frames.find(mark)
    caption, credit = _read_words(runs, base)
    alt = clean_text(element.get("alt") or "")
    if not credit:
        credit = _attribute_credit(element)
    if caption is not None and _repeats(alt, caption.text):
        alt = ""
    credit = strip_label(credit)
    image = Image(url, alt, credit, _number(element.get("width")), _number(element.get("height")))
    return Picture(mark.index, image, caption, frame, frozenset(run.index for run in runs))


def strip_label(credit: str) -> str:
    """Give a credit without brackets and white space around it."""
    credit = credit.strip(" \u00a0|/·•-–—,;")
    if credit.endswith(")") and "(" not in credit:
        credit = credit[:-1].rstrip()
    if credit.startswith("(") and credit.endswith(")"):
        credit = credit[1:-1].strip()
    return credit


def _attribute_credit(element: HtmlElement) -> str:
    for name in ("data-credit", "data-copyright", "data-photographer", "data-image-credit"):
        value = clean_text(element.get(name) or "")
        if value:
            return value
    return ""


def _repeats(alt: str, caption: str) -> bool:
    one, other = make_key(alt), make_key(caption)
    return bool(one) and (one in other or (len(other) > 15 and other in one))
