"""What each public page shows, as records: the renderers know nothing else.

A view is made by whoever has a store (`dragoman.web.views`); here nothing is looked up.
Paths are relative to an edition (``"story/ab12/"``); addresses are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dragoman.types import (
    Article,
    Check,
    Images,
    Moment,
    ReportKind,
    Rights,
    Text,
    Translation,
    Verdict,
)


class Showing(StrEnum):
    """How an article stands in an edition; readers see it in words."""

    NATIVE = "native"  # written in the language of the edition
    TRANSLATED = "translated"
    PENDING = "pending"  # not translated yet: the original is shown
    HELD = "held"  # translated, and held back by the gate: the original is shown
    FAILED = "failed"  # the original is shown

    @property
    def is_readable(self) -> bool:
        """Whether readers of the edition get it in their own language."""
        return self in (Showing.NATIVE, Showing.TRANSLATED)


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every page of a site has in common."""

    title: str
    base_url: str  # without a trailing slash
    editions: tuple[str, ...]  # languages, in the order of the switch
    style: str = "/static/site.css"  # address of the stylesheet, with its hash
    icon: str = "/static/icon.svg"
    script: str = ""  # address of the optional script
    is_static: bool = False  # a folder of files: nothing answers a form or knows a cookie
    has_search: bool = True
    contact: str = ""  # an address to write to: mailto: or https:
    is_mining_reserved: bool = True  # TDM: we pass on what is not ours to give away
    policy: str = ""  # content security policy of files, which come without headers


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a page stands: its edition, its path in it, and what machines are told."""

    site: SiteView
    language: str
    path: str = ""  # "" for the front page, "story/ab12/"
    is_everywhere: bool = True  # does every edition have this page?
    written_in: tuple[str, ...] = ()  # the editions where its main text is in their language
    is_indexable: bool = True
    is_archivable: bool = True
    is_mining_reserved: bool = True
    mining_policy: str = ""
    feeds: str | None = None  # path of its feeds: "" for the edition's; None: it has none
    card: str = ""  # path of its share card, within the edition; empty: it has none
    query: str = ""  # of its address, with the question mark: "?q=ferry"

    @property
    def root(self) -> str:
        """The path of the edition on the site: ``/en/``."""
        return f"/{self.language}/"

    @property
    def address(self) -> str:
        """The absolute address of the page."""
        return self.address_in(self.language)

    def address_in(self, language: str) -> str:
        """Give the absolute address of the same page in another edition."""
        return f"{self.site.base_url}/{language}/{self.path}{self.query}"

    @property
    def alternates(self) -> tuple[tuple[str, str], ...]:
        """The ``hreflang`` set: (language, address) of each edition that has this text.

        Search engines ignore sets that do not name each other, so a page whose text is in
        another language than its edition is in no set and has none.
        """
        if self.language not in self.written_in or len(self.written_in) < 2:
            return ()
        return tuple((code, self.address_in(code)) for code in self.written_in)


@dataclass(frozen=True, slots=True)
class Publisher:
    """A source as readers see it."""

    id: str
    name: str
    language: str
    country: str = ""
    url: str = ""
    rights: Rights = Rights.EXTRACT
    is_indexable: bool = False
    images: Images = Images.LINK


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline in an edition: as readers can read it, and as it was published."""

    text: str
    language: str  # of ``text``
    original: str
    original_language: str
    showing: Showing
    is_gist: bool = False
    is_marked: bool = False  # low confidence


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence or two quoted from a report, with who wrote it."""

    text: str
    language: str
    publisher: Publisher
    is_translated: bool = False
    is_marked: bool = False  # the gate doubts a sentence of it


@dataclass(frozen=True, slots=True)
class Report:
    """One article in a list of reports."""

    id: str
    headline: Headline
    publisher: Publisher
    url: str  # the original's
    at: Moment | None  # as published; None: not stated
    seen: datetime | None = None  # first seen by us
    authors: tuple[str, ...] = ()
    also_in: tuple[Report, ...] = ()  # copies of the same text
    is_first: bool = False  # the first report of its story
    is_new_event: bool = False  # the first report of a later event of its story

    @property
    def order(self) -> tuple[float, str]:
        """The key by which reports stand in order of time."""
        moment = self.at.at if self.at else self.seen
        return (moment.timestamp() if moment else 0.0, self.id)


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story on a front page."""

    id: str
    headline: Headline
    lead: Lead | None
    reports: int
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    newest: Moment | None  # the latest date that a publisher states


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page stands among its neighbours; pages are counted from 1."""

    number: int = 1
    has_next: bool = False
    total: int = 0  # 0: not counted
    path: str = ""  # of the first page, within the edition

    def path_of(self, number: int) -> str:
        """Give the path of a page of this list."""
        return self.path if number == 1 else f"{self.path}page/{number}/"


@dataclass(frozen=True, slots=True)
class FrontView:
    """The front page of an edition, of a section of it or of a day; or a page that follows."""

    frame: Frame
    stories: tuple[StoryCard, ...]
    publishers: tuple[Publisher, ...] = ()
    pager: Pager = Pager()
    updated: datetime | None = None
    sections: tuple[str, ...] = ()  # those that have stories
    section: str = ""  # empty: all of them
    day: date | None = None  # None: the newest of all days
    earlier: date | None = None  # the days next to it that have reports
    later: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that the gate marked or held back: why, and what stands in the original."""

    segment: str
    source: str
    checks: tuple[Check, ...]
    is_held: bool = False  # the original stands in the translation's place


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a segment stands in a text, and what the gate said of it."""

    segment: str
    start: int
    end: int
    verdict: Verdict = Verdict.PUBLISH
    is_reviewed: bool = False  # a person corrected or confirmed it


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a block with its sentences, in order."""

    text: Text
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A block of an article beside its translation.

    ``target`` is empty where there is nothing to show beside the original.
    """

    kind: str
    source: tuple[Piece, ...]
    target: tuple[Piece, ...] = ()
    level: int = 0
    columns: int = 0
    url: str = ""
    credit: str = ""
    alt: str = ""
    target_alt: str = ""
    picture: str = ""  # of an image that is shown: its address on this site
    width: int = 0  # as its page says; 0: not known
    height: int = 0
    language: str = ""  # where it differs from the article's
    at: Moment | None = None
    notes: tuple[Note, ...] = ()

    @property
    def reviewed(self) -> int:
        """How many of its sentences a person corrected or confirmed."""
        return sum(one.is_reviewed for piece in self.target for one in piece.sentences)


@dataclass(frozen=True, slots=True)
class CorrectionEntry:
    """A correction, as the log shows it; the sentences are empty where rights forbid them."""

    article: str
    headline: Headline
    publisher: Publisher
    segment: str
    kind: ReportKind
    at: datetime
    before: str
    after: str
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article in an edition."""

    frame: Frame
    report: Report
    article: Article
    translation: Translation | None
    rows: tuple[Row, ...]
    title: tuple[Note, ...] = ()  # the headline's own notes
    is_cut: bool = False  # only an extract, by the source's rights
    is_outdated: bool = False  # the publisher changed it after this translation was made
    is_original_first: bool = False  # the reader reads its language
    minutes: int = 0  # reading time of what is shown
    story: str = ""
    elsewhere: tuple[Report, ...] = ()  # the same story by others
    corrections: tuple[CorrectionEntry, ...] = ()  # newest first
    complaint: str = ""  # where a bad translation is reported; empty: nowhere
    takes_reports: bool = False  # each sentence on its own

    @property
    def showing(self) -> Showing:
        """How the article stands in this edition."""
        return self.report.headline.showing

    @property
    def marked(self) -> int:
        """How many sentences the gate marked or held back."""
        segments = self.translation.segments if self.translation else ()
        return sum(1 for item in segments if item.verdict is not Verdict.PUBLISH)


@dataclass(frozen=True, slots=True)
class SourceView:
    """What we relay of one publisher."""

    frame: Frame
    publisher: Publisher
    reports: tuple[Report, ...]
    pager: Pager = Pager()


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A translation model that the site may use, with its licence."""

    language: str
    into: str
    name: str
    version: str
    licence: str
    quality: float = 0.0  # COMET, 0 to 100; 0: not known


@dataclass(frozen=True, slots=True)
class AboutView:
    """How this site works."""

    frame: Frame
    publishers: tuple[Publisher, ...]
    languages: tuple[str, ...] = ()  # of the sources
    articles: int = 0
    stories: int = 0
    engines: tuple[str, ...] = ()
    models: tuple[ModelUse, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom to write to, and what for."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class ReadingView:
    """The choice of languages that a reader reads, and so wants in the original."""

    frame: Frame
    languages: tuple[str, ...]  # on offer
    chosen: tuple[str, ...] = ()
    is_saved: bool = False


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A page that is not there (404), was withdrawn (410) or cannot be had now (503)."""

    frame: Frame
    status: int
    publisher: Publisher | None = None  # whose article it was


@dataclass(frozen=True, slots=True)
class ChooserView:
    """The list of editions, where a browser's languages did not decide."""

    site: SiteView


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article in a feed."""

    report: Report
    article: Article
    translation: Translation | None
    address: str  # of our page
    summary: str = ""  # plain text, in the language of the headline shown
    html: str = ""  # the whole text where rights allow
    updated: datetime | None = None
    key: str = ""  # tells several entries of one article apart


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed: of an edition, a story or a source."""

    frame: Frame
    title: str
    description: str
    entries: tuple[FeedEntry, ...]
    updated: datetime | None = None
