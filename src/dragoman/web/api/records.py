"""What the read API gives. Times are ISO 8601, as exactly as they are known.

Each record is described by itself in the OpenAPI document; fields are only ever added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question got no answer, in one sentence."""

    detail: str


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """An edition of the site, with its feeds."""

    language: str
    name: str  # in its own language
    direction: str  # ltr or rtl
    url: str
    feeds: dict[str, str]  # by form: rss, atom, json


@dataclass(frozen=True, slots=True)
class EditionList:
    """The editions, the default one first."""

    editions: list[EditionRecord]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A publisher that the site follows."""

    id: str
    name: str
    language: str
    country: str
    url: str
    rights: str  # link, extract or full
    is_indexable: bool


@dataclass(frozen=True, slots=True)
class SourceList:
    """The publishers that the site follows."""

    sources: list[SourceRecord]


@dataclass(frozen=True, slots=True)
class HealthRecord:
    """How a source could be read lately."""

    source: str
    is_well: bool  # its last poll succeeded
    is_paused: bool
    is_gone: bool  # the publisher says that there is nothing any more
    failures: int  # in a row
    failure: str | None  # what kind the last one was
    last_poll: str | None
    last_success: str | None
    last_item: str | None
    next_poll: str | None


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article in an edition."""

    id: str
    edition: str
    title: str
    title_language: str
    original_title: str
    language: str  # of the original
    status: str  # native, translated, pending, held or failed
    source: str
    authors: list[str]
    published: str | None
    modified: str | None
    first_seen: str | None
    url: str  # our page
    original_url: str
    text: str  # what the source's rights allow: nothing, an extract, or all
    rights: str
    story: str | None
    provenance: dict[str, Any]
    revision: int  # 2 and up: the publisher changed it
    changes: list[dict[str, str]]  # since the revision before; where rights allow all of the text


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Articles, newest first; ``next`` is the ``cursor`` of the page that follows."""

    articles: list[ArticleRecord]
    next: str | None


@dataclass(frozen=True, slots=True)
class ReasonRecord:
    """What the gate found: the name of the check, what it decided, and why."""

    check: str
    verdict: str  # publish, mark or hold
    message: str


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """A sentence, caption or heading beside its translation."""

    id: str
    block: int  # -1: the headline
    part: int
    original: str
    target: str | None  # None: held back, the original stands in its place
    verdict: str  # publish, mark or hold
    reasons: list[ReasonRecord]
    is_remembered: bool  # from the translation memory
    is_untouched: bool  # there was nothing to translate


@dataclass(frozen=True, slots=True)
class TranslationRecord:
    """An article in the language of an edition: sentence by sentence, as far as rights allow."""

    edition: str
    language: str  # of the original
    status: str  # done, pending, held or failed
    title: str | None  # None: not made, or held back
    url: str
    verdict: str
    reasons: list[ReasonRecord]
    reason: str | None  # why it is pending, held or failed
    route: str | None
    made: str | None
    revision: int  # of the article that was translated
    is_outdated: bool  # the publisher changed the article since
    provenance: dict[str, Any]
    is_cut: bool  # sentences are left out, by the source's rights
    segments: list[SegmentRecord]


@dataclass(frozen=True, slots=True)
class TranslationList:
    """All translations of an article into the languages of the editions."""

    article: str
    language: str
    title: str
    rights: str
    translations: list[TranslationRecord]


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story in an edition."""

    id: str
    edition: str
    title: str
    title_language: str
    title_is_gist: bool
    reports: int
    languages: list[str]
    countries: list[str]
    newest: str | None
    url: str
    articles: list[str]


@dataclass(frozen=True, slots=True)
class StoryList:
    """Stories, newest first; ``next`` is the ``cursor`` of the page that follows."""

    stories: list[StoryRecord]
    next: str | None


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """One report of a story."""

    article: str
    title: str
    title_language: str
    original_title: str
    language: str
    status: str
    source: str
    source_name: str
    country: str
    published: str | None
    url: str
    original_url: str
    copy_of: str | None  # the article whose text it repeats


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event of a story, and who reported it, in order of time."""

    id: str
    reports: list[ReportRecord]


@dataclass(frozen=True, slots=True)
class StoryDetail:
    """A story with its events; ``id`` differs from the one asked for where it was merged."""

    story: StoryRecord
    events: list[EventRecord]
