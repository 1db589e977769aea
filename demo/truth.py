"""Tell what a perfect reader would take from each page of the sample press.

    python -m demo.truth > truth.json

An article file says it all: its body is rendered once more with pieces that note what they were
given and print nothing, so what is left is the article, and what was noted is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser

from jinja2 import Environment, StrictUndefined

from demo.outlets import Article, Outlet, read_articles, read_outlets

KINDS = {
    "p": "paragraph",
    "h2": "heading",
    "h3": "heading",
    "li": "item",
    "th": "cell",
    "td": "cell",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body, in plain text."""

    kind: str  # heading, paragraph, quotation, item (of a list), cell (of a table)
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; ``caption`` is empty where the page shows none, and ``alt`` may repeat it."""

    src: str
    alt: str
    caption: str
    credit: str


@dataclass(slots=True)
class Notes:
    """What the pieces of one body were given."""

    pictures: list[Picture] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)
    promotions: list[str] = field(default_factory=list)
    related: list[tuple[str, str]] = field(default_factory=list)  # slug, words
    pulled: list[str] = field(default_factory=list)  # words of the body that a box repeats


@dataclass(frozen=True, slots=True)
class Expected:
    """One article, as it should be extracted and linked."""

    outlet: str
    slug: str
    path: str
    language: str
    title: str
    summary: str
    authors: tuple[str, ...]
    section: str
    published: str  # ISO 8601, with the outlet's own offset
    updated: str
    story: str | None
    event: str | None
    wire_copy_of: str | None  # "outlet/slug" of the first print of the same report
    is_withdrawn: bool
    is_private: bool
    blocks: tuple[Block, ...]
    notes: Notes
    never: tuple[str, ...]  # words of the page that no body may hold

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return the body in plain text, block by block."""
        return tuple(block.text for block in self.blocks)


def expected_articles(phase: str = "after") -> tuple[Expected, ...]:
    """Return the truth about every article of the press, outlet by outlet, the newest first."""
    return tuple(
        expect_article(article, outlet, read_articles(outlet, phase))
        for outlet in read_outlets()
        for article in read_articles(outlet, phase)
    )


def expect_article(article: Article, outlet: Outlet, siblings: Sequence[Article]) -> Expected:
    """Return the truth about one article."""
    matter = article.matter
    notes = Notes()
    reader = _Blocks()
    reader.feed(_render_bare(article, notes))
    if matter["image"]:
        notes.pictures.insert(0, Picture(**matter["image"]))
    others = [one.title for one in siblings if one.slug != article.slug]
    linked = [text for _, text in notes.related]
    bio = [matter["bio"]] if matter["bio"] else []
    never = [*notes.promotions, *linked, *outlet.settings["boilerplate"], *others, *bio]
    return Expected(
        outlet=outlet.id,
        slug=article.slug,
        path=article.path,
        language=outlet.language,
        title=article.title,
        summary=matter["summary"],
        authors=tuple(matter["authors"]),
        section=matter["section"],
        published=article.published.isoformat(),
        updated=article.updated.isoformat(),
        story=matter.get("story"),
        event=matter.get("event"),
        wire_copy_of=matter.get("wire_copy_of"),
        is_withdrawn=article.is_withdrawn,
        is_private=article.is_private,
        blocks=tuple(reader.blocks),
        notes=notes,
        never=tuple(never),
    )


def _render_bare(article: Article, notes: Notes) -> str:
    """Render the body with pieces that take notes and print nothing."""

    def picture(src: str, alt: str, caption: str = "", credit: str = "") -> str:
        notes.pictures.append(Picture(src, alt, caption, credit))
        return ""

    def related(slug: str, text: str) -> str:
        notes.related.append((slug, text))
        return ""

    def note(kept: list[str]) -> Callable[[str], str]:
        def keep(text: str) -> str:
            kept.append(text)
            return ""

        return keep

    def nothing(*_: object) -> str:
        return ""

    env = Environment(undefined=StrictUndefined)
    return env.from_string(article.body).render(
        picture=picture,
        related=related,
        promo=note(notes.promotions),
        video=note(notes.videos),
        pull=note(notes.pulled),
        ad=nothing,
        newsletter=nothing,
        more=nothing,
        link=nothing,
    )


class _Blocks(HTMLParser):
    """Cut the bare body into blocks of plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._kind: str | None = None
        self._words: list[str] = []
        self._is_quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._is_quoted = True
        elif tag in KINDS:
            self._kind = "quotation" if self._is_quoted and tag == "p" else KINDS[tag]

    def handle_data(self, data: str) -> None:
        if self._kind:
            self._words.append(data)
        elif data.strip():
            raise ValueError(f"words of a body outside of every block: {data.strip()!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._is_quoted = False
        elif tag in KINDS and self._kind:
            text = " ".join("".join(self._words).replace("\n", " ").split(" "))
            self.blocks.append(Block(self._kind, text.strip()))
            self._kind, self._words = None, []


def main() -> None:
    """Print the truth as JSON."""
    print(json.dumps([asdict(one) for one in expected_articles()], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
