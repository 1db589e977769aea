"""Every record that travels through Dragoman, in the order news flows.

Records are frozen and slotted: stages take them and return new ones, so that
they can be sent to another process or machine. Times are UTC. Languages are
BCP 47 codes. Offsets count Unicode code points of the text they point into and
are half-open: ``text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

UNKNOWN_LANGUAGE = "und"  # BCP 47 (RFC 5646): undetermined


# -- Sources and their pages -------------------------------------------------


class Rights(StrEnum):
    """How much of a source's articles may be shown on the public site."""

    LINK = "link"  # headline and link
    EXTRACT = "extract"  # headline, short extract and link
    FULL = "full"  # everything: licensed, owned, open licence, private instance


class Images(StrEnum):
    """What readers get of the pictures of a source whose articles are shown in full."""

    NONE = "none"
    LINK = "link"  # caption, credit and a link
    PROXY = "proxy"  # the picture, through our own server


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher we follow."""

    id: str  # short, in lower case, stable: part of addresses
    url: str  # feed or sitemap, or page that names one
    name: str
    language: str = UNKNOWN_LANGUAGE
    country: str = ""  # ISO 3166-1 alpha-2, or empty
    rights: Rights = Rights.EXTRACT
    is_indexable: bool = False  # may search engines index what we relay of it?
    is_paused: bool = False
    added: datetime | None = None
    folder: tuple[str, ...] = ()  # where it stands in an outline (OPML), outermost first
    outline: tuple[tuple[str, str], ...] = ()  # what else its outline says, kept for others
    images: Images = Images.LINK


@dataclass(frozen=True, slots=True)
class SourceState:
    """What we know of a source's last poll, and when the next is due."""

    source: str
    next_poll: datetime | None = None  # None: at once
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_item: datetime | None = None
    feed_url: str = ""  # where autodiscovery or a permanent redirect led
    etag: str = ""
    last_modified: str = ""
    failures: int = 0  # in a row
    failure: Failure | None = None  # of the last poll; None: it went well
    is_gone: bool = False  # 410 twice: never polled again unless a person asks
    recent: tuple[datetime, ...] = ()  # when its newest items came: how often it is polled


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of a feed or front page, as the publisher wrote it."""

    url: str
    guid: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    categories: tuple[str, ...] = ()
    summary: str = ""  # HTML, not cleaned
    content: str = ""  # HTML, not cleaned


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll of a source gave: its items and what to remember for the next."""

    source: str
    feed_url: str
    title: str = ""
    language: str = ""
    items: tuple[FeedItem, ...] = ()
    is_unchanged: bool = False  # 304, or the same bytes as before
    etag: str = ""
    last_modified: str = ""
    retry_after: float | None = None  # seconds until the publisher wants to see us again
    moved_to: str = ""  # permanent redirect


@dataclass(frozen=True, slots=True)
class Reservations:
    """What the publisher reserved, read with each fetch and passed on."""

    no_index: bool = False
    no_archive: bool = False
    tdm_reserved: bool = False  # TDMRep: text and data mining reserved
    tdm_policy: str = ""  # address of the TDM policy or the RSL licence, where named
    evidence: tuple[str, ...] = ()  # where each was found, in words
    no_extract: bool = False  # not even a short extract: nosnippet, or no input for AI
    usage: tuple[tuple[str, bool], ...] = ()  # AIPREF: what for, and whether it is allowed


@dataclass(frozen=True, slots=True)
class Version:
    """An AMP or print version of a page, fetched where the page itself shows too little."""

    kind: str  # "amp", "print"
    url: str
    body: bytes
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: address, headers, bytes, time."""

    url: str  # as asked for
    final_url: str  # after redirects
    fetched: datetime
    status: int
    body: bytes
    media_type: str = "text/html"
    charset: str = ""  # from the Content-Type header; empty: not said
    headers: tuple[tuple[str, str], ...] = ()
    id: str = ""  # of the article that should be in it; empty: made from the address
    source: str = ""  # id of the source, where known
    item: FeedItem | None = None  # the feed's entry that led here
    signals: tuple[tuple[str, str], ...] = ()  # what its host reserves for it: where, and what
    other: Version | None = None  # which shows the text that the page itself does not


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the pages of a host taught so far: the marks of its layout and their fading weights."""

    host: str
    pages: int = 0
    mass: float = 0.0  # what a mark weighs that stood on every page
    last: datetime | None = None  # when the newest page was fetched
    texts: dict[str, float] = field(default_factory=dict)
    dates: dict[str, float] = field(default_factory=dict)
    pictures: dict[str, float] = field(default_factory=dict)
    seen: tuple[str, ...] = ()  # the pages learnt last
    bodies: tuple[tuple[str, ...], ...] = ()  # their paragraphs, so that copies are known
    misfits: int = 0  # pages in a row that look otherwise than those before
    fits: int = 0
    drifted: datetime | None = None  # when the layout changed last
    is_drifting: bool = False  # and it is not yet known again
    versions: tuple[tuple[datetime, bool], ...] = ()  # other versions asked for last: did they help


# -- The article ---------------------------------------------------------------


class Precision(StrEnum):
    """How exactly a moment is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time and how well it is known.

    ``at`` is always UTC. Where the zone is unknown the clock time is taken as
    UTC and ``is_zone_known`` is false; below DAY precision the rest is zero.
    """

    at: datetime
    precision: Precision = Precision.SECOND
    is_zone_known: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign of a value: where it was found, what stood there, what it was taken for."""

    origin: str  # "json-ld", "opengraph", "meta", "time", "feed", "url", "text", "story", ...
    raw: str
    moment: Moment | None = None  # None: could not be read
    note: str = ""  # why it won or lost, in words


@dataclass(frozen=True, slots=True)
class Dating:
    """A date decided from evidence; ``moment`` None means unknown and stays so."""

    moment: Moment | None = None
    evidence: tuple[Evidence, ...] = ()  # the winner first, then the losers


class SpanKind(StrEnum):
    """What an inline span means."""

    LINK = "link"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"
    BREAK = "break"  # a line break inside a paragraph: start == end
    DATE = "date"  # a relative day in the text, resolved: ``value`` is ISO 8601
    QUOTE = "quote"  # an inline <q>


@dataclass(frozen=True, slots=True)
class Span:
    """Inline markup on plain text. ``value`` is the address of a link, the date of a date."""

    kind: SpanKind
    start: int
    end: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text with inline spans, ordered by start, outer before inner."""

    text: str
    spans: tuple[Span, ...] = ()


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    IMAGE = "image"
    EMBED = "embed"
    CODE = "code"
    LIVE = "live"  # head of a live-blog entry: its time and title


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article. Its caption is the block's text; the credit is never translated."""

    url: str
    alt: str = ""  # empty where it only repeats the caption
    credit: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article, in order.

    ``parts`` holds the translatable texts: one for a heading, paragraph, quote or
    code; the items of a list; the cells of a table, row by row, ``columns`` wide;
    the caption of an image (no part: no caption); the title of an embed.
    """

    kind: BlockKind
    parts: tuple[Text, ...] = ()
    level: int = 0  # of a heading: 2 to 6; of a list: 1 if numbered
    columns: int = 0  # of a table
    image: Image | None = None
    url: str = ""  # of an embed; of a quotation's source
    language: str = ""  # where it differs from the article's
    at: Moment | None = None  # of a live entry

    @property
    def text(self) -> str:
        """The plain text: parts joined by newlines."""
        return "\n".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words: a related article, an attribution."""

    url: str
    text: str = ""


class AttributionKind(StrEnum):
    """What somebody is to whom a text attributes what it reports."""

    AGENCY = "agency"
    OUTLET = "outlet"
    OFFICIAL = "official"  # a person or body in office
    DOCUMENT = "document"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody whom a text names as its source, and where."""

    name: str  # as it is written
    kind: AttributionKind
    cue: str  # the words that say so: "according to"
    block: int
    part: int
    start: int  # of the name, in the part's text
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a revision changed in a block, or in the title; empty before: added, after: removed."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Article:
    """What was taken out of a page."""

    id: str  # from source and canonical address: stays when the text changes
    source: str
    url: str  # canonical address, tracking parameters stripped
    language: str
    title: str
    blocks: tuple[Block, ...]
    published: Dating = Dating()
    modified: Dating = Dating()
    first_seen: datetime | None = None
    authors: tuple[str, ...] = ()  # people
    agencies: tuple[str, ...] = ()  # agencies and desks named in the byline
    site: str = ""
    section: str = ""
    description: str = ""
    image: str = ""  # address of the main picture
    keywords: tuple[str, ...] = ()
    related: tuple[Link, ...] = ()  # cross-links to other articles: no part of the body
    attributed: tuple[Attribution, ...] = ()  # whom the text names as its sources
    reservations: Reservations = Reservations()
    body_origin: str = "page"  # "page", "json-ld", "script", "feed", "amp", "print"
    origins: tuple[tuple[str, str], ...] = ()  # (field, where its value came from)
    revision: int = 1
    digest: str = ""  # of title and body: what a revision is judged by
    changes: tuple[Change, ...] = ()  # what its publisher changed last
    fetched: datetime | None = None  # the page that it was taken from

    @property
    def text(self) -> str:
        """The plain body: text blocks joined by blank lines, pictures and embeds left out."""
        shown = (b.text for b in self.blocks if b.kind not in (BlockKind.IMAGE, BlockKind.EMBED))
        return "\n\n".join(text for text in shown if text)


# -- Translation ----------------------------------------------------------------


class EngineKind(StrEnum):
    """How an engine works, as readers are told."""

    NEURAL = "neural"
    RULES = "rules"  # a route with such a leg is a gist
    ECHO = "echo"  # for tests: gives the text back, marked


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine to load by the name of its entry point, with its options."""

    name: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a route: an engine from one language into another."""

    engine: str
    kind: EngineKind
    language: str
    into: str
    model: str = ""
    version: str = ""
    quality: float = 0.0  # published or measured, 0 to 100 (COMET where known)


@dataclass(frozen=True, slots=True)
class Route:
    """The legs from source to target language: one, or two and more through a pivot."""

    legs: tuple[Leg, ...]

    @property
    def is_gist(self) -> bool:
        """Whether a rule-based leg makes this a rough gist."""
        return any(leg.kind is EngineKind.RULES for leg in self.legs)

    @property
    def name(self) -> str:
        """The route in short, as it is shown: ``en>pt (firefox)``."""
        steps = [self.legs[0].language, *(leg.into for leg in self.legs)] if self.legs else []
        engines = dict.fromkeys(leg.engine for leg in self.legs)
        return f"{'>'.join(steps)} ({', '.join(engines)})"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a glossary, and how it is rendered in one language pair."""

    language: str
    into: str
    term: str
    translation: str = ""  # empty: never translated, stays as it is written
    is_cased: bool = False  # found only as it is written here
    note: str = ""


@dataclass(frozen=True, slots=True)
class MemoryUnit:
    """A segment and its translation, as the translation memory holds them."""

    key: str  # equal where the translation may be used again
    source: str
    target: str
    language: str
    into: str
    origin: str = ""  # the route, "tmx:" and the file it came from, "reviewed by " and a name
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Aids:
    """What a translation leans on besides the article, the same for a whole edition."""

    glossary: tuple[Term, ...] = ()  # of the article's language pair
    forms: tuple[tuple[str, str], ...] = ()  # a word, small, and how other articles write it
    spellings: tuple[tuple[str, str], ...] = ()  # a name, and how native reports write it
    reviewed: tuple[tuple[str, str], ...] = ()  # a key of the memory, and who settled it


@dataclass(frozen=True, slots=True)
class Usage:
    """What an engine was asked for: counts, costs and caps are made of it."""

    engine: str
    words: int
    seconds: float
    cost: float = 0.0  # in the currency of the configured price


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, caption or heading: the unit of translation.

    ``block`` is the index of the block, -1 for the title; ``part`` the part in it;
    ``start`` and ``end`` delimit it in the part's text. The id is made from the text
    and its occurrence, so it stays when other sentences come or go.
    """

    id: str
    block: int
    part: int
    start: int
    end: int
    text: str
    spans: tuple[Span, ...] = ()  # relative to the segment


class Verdict(StrEnum):
    """What the gate says of a segment or a translation."""

    PUBLISH = "publish"
    MARK = "mark"  # shown with the original and the words "low confidence"
    HOLD = "hold"  # the translation is not shown; the original is, and is said to be


@dataclass(frozen=True, slots=True)
class Check:
    """A finding of the gate, with a reason that a reader can understand."""

    name: str  # "numbers", "length", "language", "repetition", "links", ...
    verdict: Verdict
    message: str


@dataclass(frozen=True, slots=True)
class TranslatedSegment:
    """A segment with its translation, spans put back, and what the gate found."""

    segment: Segment
    target: str
    spans: tuple[Span, ...] = ()
    verdict: Verdict = Verdict.PUBLISH
    checks: tuple[Check, ...] = ()
    is_remembered: bool = False  # from the translation memory
    is_untouched: bool = False  # nothing to translate: already in the language, a credit, a number
    reviewed_by: str = ""  # the person who corrected or confirmed it, and whose word is the last


class TranslationStatus(StrEnum):
    """Where a translation stands; readers see it."""

    PENDING = "pending"  # not made yet, or no route yet: ``reason`` says which
    DONE = "done"
    HELD = "held"  # made, and held back by the gate
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Translation:
    """An article in another language, with its provenance."""

    article: str
    revision: int
    language: str
    into: str
    status: TranslationStatus
    title: str = ""
    blocks: tuple[Block, ...] = ()  # one for each block of the article, same kinds
    segments: tuple[TranslatedSegment, ...] = ()  # title first, then in order
    route: Route | None = None
    verdict: Verdict = Verdict.PUBLISH
    checks: tuple[Check, ...] = ()  # of the article as a whole
    made: datetime | None = None
    usage: tuple[Usage, ...] = ()  # of the engines, memory excluded
    reason: str = ""  # why it is pending, held or failed, with the next step
    corrected: datetime | None = None  # when a person changed or confirmed some of it last

    @property
    def reviewed(self) -> int:
        """How many of its segments a person corrected or confirmed."""
        return sum(1 for done in self.segments if done.reviewed_by)

    @property
    def reviewer(self) -> str:
        """Who vouches for the whole of it, by name; empty while a segment is the machine's."""
        open_ones = [done for done in self.segments if not done.is_untouched]
        names = dict.fromkeys(done.reviewed_by for done in open_ones)
        return ", ".join(names) if names and all(names) else ""


class ReportKind(StrEnum):
    """What is wrong with a translation, in the words of whoever reports or corrects it."""

    MEANING = "meaning"
    NAME = "name"
    NUMBER = "number"
    MISSING = "missing"
    STYLE = "style"
    OFFENSIVE = "offensive"
    OTHER = "other"


# -- Stories ----------------------------------------------------------------------


class Relation(StrEnum):
    """How two articles stand to one another."""

    COPY = "copy"  # the first repeats the second's text
    SAME_EVENT = "same-event"
    SAME_STORY = "same-story"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class LinkInput:
    """What linking needs to know of an article. ``vector`` is 512 float32, or empty."""

    id: str
    url: str
    language: str
    title: str
    text: str
    at: datetime  # published, or first seen where that is unknown
    source: str = ""
    vector: bytes = b""
    links: tuple[str, ...] = ()  # addresses that its text links to
    features: bytes = b""  # what linking kept of it, in place of text and links


@dataclass(frozen=True, slots=True)
class Judgement:
    """A stored link between two articles, with the reasons in words."""

    article: str
    other: str
    relation: Relation
    score: float
    runner_up: str = ""
    runner_up_score: float = 0.0
    reasons: tuple[str, ...] = ()
    by: str = "dragoman"  # or who decided at the desk
    version: str = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where an article ended up: computed from judgements, never the truth itself."""

    article: str
    event: str
    story: str
    copy_of: str = ""


# -- Work and failures ----------------------------------------------------------------


class Stage(StrEnum):
    """The stages of one article, in order."""

    FETCH = "fetch"
    EXTRACT = "extract"
    TRANSLATE = "translate"
    LINK = "link"


class WorkState(StrEnum):
    """Where one article stands in one stage."""

    DONE = "done"
    RETRY = "retry"  # failed; to be tried again at ``next_try``
    FAILED = "failed"  # for good
    WITHDRAWN = "withdrawn"  # the publisher took it back


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of one item, as a value: the rest goes on."""

    item: str  # the article, source or file that it befell
    stage: str
    kind: str  # the exception's name
    message: str  # names the thing and the next step
    is_permanent: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """The checkpoint: the state of (article, stage, into) at a version of the stage."""

    article: str
    stage: Stage
    state: WorkState
    version: str
    into: str = ""  # of TRANSLATE
    attempts: int = 1
    next_try: datetime | None = None
    failure: Failure | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What one pass did, per stage: for the summary and the log."""

    polled: int = 0
    unchanged: int = 0
    found: int = 0
    fetched: int = 0
    extracted: int = 0
    translated: int = 0
    pending: int = 0
    linked: int = 0
    withdrawn: int = 0
    failures: tuple[Failure, ...] = field(default=())

    @property
    def is_idle(self) -> bool:
        """Whether the pass found nothing to do."""
        work = self.found + self.fetched + self.extracted + self.translated + self.linked
        return work + self.withdrawn == 0 and not self.failures
