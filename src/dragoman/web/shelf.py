"""Articles with their translations and publishers, as one edition shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman import languages
from dragoman.publish.rows import EXTRACT, cut_rows, lay_rows, rows_text
from dragoman.publish.views import Headline, Lead, Publisher, Report, Row, Showing, StoryCard
from dragoman.sanitize import clean_url
from dragoman.store import articles, sources, translations
from dragoman.types import (
    UNKNOWN_LANGUAGE,
    Article,
    Grouping,
    Moment,
    Rights,
    Source,
    Translation,
    TranslationStatus,
    Verdict,
)

if TYPE_CHECKING:
    from dragoman.store import Store

LEAD = 200  # characters of a lead: a sentence or two
_CURRENT = timedelta(days=2)  # a later event by so much, and an earlier one is history
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

_STATES = {
    TranslationStatus.DONE: Showing.TRANSLATED,
    TranslationStatus.HELD: Showing.HELD,
    TranslationStatus.FAILED: Showing.FAILED,
    TranslationStatus.PENDING: Showing.PENDING,
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one page needs of the store, read at once."""

    language: str
    articles: dict[str, Article]
    translations: dict[str, Translation]
    publishers: dict[str, Publisher]
    older: dict[str, Article]  # the revisions that translations were made of, where not the last
    reads: tuple[str, ...] = ()  # other languages that the reader reads: these stay original

    def is_read(self, language: str) -> bool:
        """Whether the reader gets texts of a language as they were written."""
        return is_read(language, (self.language, *self.reads))

    def paired(self, article: Article) -> Article:
        """Give the revision whose sentences stand beside the translation."""
        return self.older.get(article.id, article)

    def publisher(self, article: Article) -> Publisher:
        """Give an article's publisher; of a source that was purged, what the article says.

        What the article's page reserves narrows its rights, but not those that were granted.
        """
        found = self.publishers.get(article.source)
        if not found:
            host = urlsplit(article.url).hostname or article.source
            found = Publisher(article.source, article.site or host, article.language)
        if article.reservations.no_extract and found.rights is Rights.EXTRACT:
            return replace(found, rights=Rights.LINK)
        return found


def is_read(language: str, known: Iterable[str]) -> bool:
    """Whether one of these languages is this one, regions apart."""
    return any(languages.is_same(language, one) for one in known)


def fill_shelf(
    db: Store,
    language: str,
    found: Iterable[Article],
    reads: tuple[str, ...] = (),
    *,
    is_brief: bool = False,
) -> Shelf:
    """Read what belongs to articles: their translations into a language, their publishers.

    A brief shelf is enough for headlines: it has no bodies.
    """
    by_id = {article.id: article for article in found}
    foreign = [a.id for a in by_id.values() if not is_read(a.language, (language, *reads))]
    made: dict[str, Translation] = {}
    if foreign:
        made = translations.translations_of(db, foreign, language, is_brief=is_brief)
    told = {article.source for article in by_id.values()}
    known = {id: describe_source(source) for id, source in sources.sources_of(db, told).items()}
    older = {} if is_brief else _find_older(db, by_id, made.values())
    return Shelf(language, by_id, made, known, older, reads)


def _find_older(
    db: Store, found: dict[str, Article], made: Iterable[Translation]
) -> dict[str, Article]:
    older = {}
    for one in made:
        is_done = one.status is TranslationStatus.DONE
        if is_done and one.revision != found[one.article].revision:
            for revision in articles.revisions(db, one.article):
                if revision.revision == one.revision:
                    older[one.article] = revision
    return older


def fill_shelf_by_id(
    db: Store,
    language: str,
    ids: Iterable[str],
    reads: tuple[str, ...] = (),
    *,
    is_brief: bool = False,
) -> Shelf:
    """Read articles with what belongs to them."""
    found = articles.articles(db, ids=list(ids), is_brief=is_brief)
    return fill_shelf(db, language, found, reads, is_brief=is_brief)


def add_bodies(db: Store, shelf: Shelf, found: Iterable[Article]) -> Shelf:
    """Give a brief shelf the bodies of some of its articles."""
    full = {one.id: one for one in articles.articles(db, ids=[one.id for one in found])}
    made = translations.translations_of(db, shelf.translations.keys() & full, shelf.language)
    older = _find_older(db, full, made.values())
    return replace(
        shelf,
        articles=shelf.articles | full,
        translations=shelf.translations | made,
        older=older,
    )


@lru_cache(maxsize=2000)
def describe_source(source: Source) -> Publisher:
    """Give a source as readers see it."""
    parts = urlsplit(clean_url(source.url))
    home = f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""
    return Publisher(
        id=source.id,
        name=source.name or parts.hostname or source.id,
        language=source.language,
        country=source.country,
        url=home,
        rights=source.rights,
        is_indexable=source.is_indexable,
        images=source.images,
    )


def find_showing(shelf: Shelf, article: Article) -> Showing:
    """Say how an article stands in an edition."""
    if shelf.is_read(article.language):
        return Showing.NATIVE
    translation = shelf.translations.get(article.id)
    return _STATES[translation.status] if translation else Showing.PENDING


def find_headline(shelf: Shelf, article: Article) -> Headline:
    """Give the headline in the reader's language where there is one, else the original's."""
    translation = shelf.translations.get(article.id)
    showing = find_showing(shelf, article)
    title, language = article.title, article.language
    is_done = showing is Showing.TRANSLATED
    if translation is None or not (is_done or showing is Showing.PENDING):
        return Headline(title, language, title, language, showing)
    is_gist = is_done and bool(translation.route and translation.route.is_gist)
    if not translation.title:
        return Headline(title, language, title, language, showing, is_gist)
    first = next((s for s in translation.segments if s.segment.block == -1), None)
    is_marked = is_done and first is not None and first.verdict is not Verdict.PUBLISH
    return Headline(translation.title, shelf.language, title, language, showing, is_gist, is_marked)


def find_report(shelf: Shelf, article: Article, also_in: tuple[Report, ...] = ()) -> Report:
    """Give an article as it stands in a list."""
    return Report(
        id=article.id,
        headline=find_headline(shelf, article),
        publisher=shelf.publisher(article),
        url=article.url,
        at=article.published.moment,
        seen=article.first_seen,
        authors=article.authors,
        also_in=also_in,
    )


def shown_rows(
    article: Article, translation: Translation | None, rights: Rights
) -> tuple[Row, ...]:
    """Give the rows of an article that its source's rights allow to be shown."""
    if rights is Rights.LINK:
        return ()
    limit = None if rights is Rights.FULL else EXTRACT
    rows = lay_rows(article, translation, limit)
    return rows if rights is Rights.FULL else cut_rows(rows)


def find_lead(shelf: Shelf, article: Article) -> Lead | None:
    """Quote the beginning of an article in the edition's language, if rights allow."""
    publisher = shelf.publisher(article)
    translation = shelf.translations.get(article.id)
    showing = find_showing(shelf, article)
    if publisher.rights is Rights.LINK or not showing.is_readable:
        return None
    rows = cut_rows(lay_rows(shelf.paired(article), translation, LEAD), LEAD)
    text = rows_text(rows).replace("\n", " ").strip()
    notes = [note for row in rows for note in row.notes]
    # A held sentence stands in the original's language: no lead is better than a mixed one.
    if not text or any(note.is_held for note in notes):
        return None
    is_translated = showing is Showing.TRANSLATED
    language = shelf.language if is_translated else article.language
    return Lead(text, language, publisher, is_translated, is_marked=bool(notes))


def find_card(
    shelf: Shelf, id: str, members: tuple[Grouping, ...], headed_by: str = ""
) -> StoryCard:
    """Give a story as a front page shows it. The members are in order of time.

    `headed_by` is its head, where that was chosen already.
    """
    found = [shelf.articles[g.article] for g in members if g.article in shelf.articles]
    head = shelf.articles.get(headed_by) or choose_head(shelf, members)
    spoken = [languages.base(article.language) for article in found]
    countries = (shelf.publisher(article).country for article in found)
    return StoryCard(
        id=id,
        headline=find_headline(shelf, head),
        lead=find_lead(shelf, head),
        reports=len(found),
        languages=tuple(code for code in dict.fromkeys(spoken) if code != UNKNOWN_LANGUAGE),
        countries=tuple(dict.fromkeys(filter(None, countries))),
        newest=_newest_date(found),
    )


def _newest_date(found: Sequence[Article]) -> Moment | None:
    """Give the latest date that publishers state; a date after first sight is a mistake."""
    stated = [a.published.moment for a in found if a.published.moment]
    seen = newest_of(article.first_seen for article in found)
    sound = [moment for moment in stated if not seen or moment.at <= seen]
    return max(sound or stated, key=lambda moment: moment.at, default=None)


def choose_head(shelf: Shelf, members: tuple[Grouping, ...]) -> Article:
    """Choose the report that heads a story: the best in the edition's language, else translated.

    A report of an event that others have left behind heads it only where there is no other
    that can be read; a gist heads it only where nothing better is there.
    """
    shown = [(i, g) for i, g in enumerate(members) if g.article in shelf.articles]
    if len(shown) == 1:
        return shelf.articles[shown[0][1].article]
    events = list(dict.fromkeys(g.event for _, g in shown))
    last = {g.event: _listed_at(shelf.articles[g.article]) for _, g in shown}
    left_behind = max(last.values()) - _CURRENT

    def rank(place: tuple[int, Grouping]) -> tuple[bool, bool, bool, bool, int, bool, int]:
        index, grouping = place
        article = shelf.articles[grouping.article]
        headline = find_headline(shelf, article)
        return (
            headline.showing.is_readable,
            not headline.is_gist,
            last[grouping.event] >= left_behind,
            languages.is_same(article.language, shelf.language),
            events.index(grouping.event),
            not headline.is_marked and not grouping.copy_of,
            index,
        )

    return shelf.articles[max(shown, key=rank)[1].article]


def _listed_at(article: Article) -> datetime:
    moment = article.published.moment
    return moment.at if moment else article.first_seen or _LONG_AGO


def newest_of(times: Iterable[datetime | None]) -> datetime | None:
    """Give the latest of times, some of them unknown."""
    return max((time for time in times if time), default=None)
