"""Make the API's records of articles, translations and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.provenance import describe_translation, iso
from dragoman.publish.rows import rows_text
from dragoman.store import articles, sources, stories, translations
from dragoman.store.listings import Place, Wanted, article_page
from dragoman.types import (
    Article,
    Check,
    Moment,
    Rights,
    SourceState,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import Shelf, fill_shelf, find_headline, shown_rows
from dragoman.web.views import list_publishers

from .cursors import write_cursor
from .records import (
    ArticleList,
    ArticleRecord,
    EditionList,
    EditionRecord,
    HealthRecord,
    ReasonRecord,
    SegmentRecord,
    SourceList,
    SourceRecord,
    TranslationList,
    TranslationRecord,
)

if TYPE_CHECKING:
    from dragoman.publish.views import Publisher
    from dragoman.store import Store


def list_editions(settings: SiteSettings) -> EditionList:
    """List the editions of the site."""
    found = []
    for code in settings.editions:
        url = f"{settings.base_url.rstrip('/')}/{code}/"
        feeds = {form: f"{url}feed.{form}" for form in ("rss", "atom", "json")}
        name, direction = languages.autonym(code), languages.direction(code)
        found.append(EditionRecord(code, name, direction, url, feeds))
    return EditionList(found)


def list_sources(db: Store) -> SourceList:
    """List the sources that are followed."""
    return SourceList([_describe_source(publisher) for publisher in list_publishers(db)])


def read_source(db: Store, id: str) -> SourceRecord | None:
    """Give one source that is followed; None where there is none."""
    return next((_describe_source(p) for p in list_publishers(db) if p.id == id), None)


def _describe_source(found: Publisher) -> SourceRecord:
    return SourceRecord(
        found.id,
        found.name,
        found.language,
        found.country,
        found.url,
        found.rights.value,
        found.is_indexable,
    )


def read_health(db: Store, id: str) -> HealthRecord | None:
    """Say how a source could be read lately; None where it is not followed.

    The message of a failure may hold the feed's address, which is not for everybody.
    """
    source = next((one for one in sources.sources(db) if one.id == id), None)
    if source is None:
        return None
    state = sources.source_states(db).get(id, SourceState(id))
    return HealthRecord(
        source=id,
        is_well=state.last_success is not None and state.failure is None,
        is_paused=source.is_paused,
        is_gone=state.is_gone,
        failures=state.failures,
        failure=state.failure.kind if state.failure else None,
        last_poll=stamp(state.last_poll),
        last_success=stamp(state.last_success),
        last_item=stamp(state.last_item),
        next_poll=stamp(state.next_poll),
    )


def list_articles(
    db: Store,
    settings: SiteSettings,
    edition: str,
    wanted: Wanted,
    after: Place | None,
    limit: int,
) -> ArticleList:
    """List articles of an edition, newest first."""
    page, end = article_page(db, wanted, after, limit)
    shelf = fill_shelf(db, edition, page)
    story_of = {g.article: g.story for g in stories.groupings(db, [a.id for a in page])}
    records = [_describe(settings, shelf, a, story_of.get(a.id)) for a in page]
    return ArticleList(records, write_cursor(end))


def read_article(db: Store, settings: SiteSettings, edition: str, id: str) -> ArticleRecord | None:
    """Give one article in an edition; None where there is none to show."""
    article = articles.article(db, id)
    if article is None:
        return None
    groups = stories.groupings(db, [id])
    shelf = fill_shelf(db, edition, [article])
    return _describe(settings, shelf, article, groups[0].story if groups else None)


def _describe(
    settings: SiteSettings, shelf: Shelf, article: Article, story: str | None
) -> ArticleRecord:
    headline = find_headline(shelf, article)
    publisher = shelf.publisher(article)
    translation = shelf.translations.get(article.id)
    rows = shown_rows(shelf.paired(article), translation, publisher.rights)
    return ArticleRecord(
        id=article.id,
        edition=shelf.language,
        title=headline.text,
        title_language=headline.language,
        original_title=article.title,
        language=article.language,
        status=headline.showing.value,
        source=article.source,
        authors=list(article.authors),
        published=moment_text(article.published.moment),
        modified=moment_text(article.modified.moment),
        first_seen=stamp(article.first_seen),
        url=address_of(settings, shelf.language, f"article/{article.id}/"),
        original_url=article.url,
        text=rows_text(rows),
        rights=publisher.rights.value,
        story=story,
        provenance=describe_translation(article, translation),
        revision=article.revision,
        changes=[asdict(one) for one in article.changes if publisher.rights is Rights.FULL],
    )


def read_translations(db: Store, settings: SiteSettings, id: str) -> TranslationList | None:
    """Give an article's translations into the languages of the editions; None: no article."""
    article = articles.article(db, id)
    if article is None:
        return None
    made = {one.into: one for one in translations.translations(db, id)}
    rights = Rights.LINK
    records = []
    for edition in settings.editions:
        shelf = fill_shelf(db, edition, [article])
        rights = shelf.publisher(article).rights
        if edition in made and not languages.is_same(edition, article.language):
            records.append(_describe_translation(settings, shelf, article, made[edition]))
    return TranslationList(id, article.language, article.title, rights.value, records)


def _describe_translation(
    settings: SiteSettings, shelf: Shelf, article: Article, made: Translation
) -> TranslationRecord:
    rights = shelf.publisher(article).rights
    allowed = _allowed(shelf.paired(article), made, rights)
    shown = [s for s in made.segments if allowed is None or s.segment.id in allowed]
    is_done = made.status is TranslationStatus.DONE
    return TranslationRecord(
        edition=made.into,
        language=made.language,
        status=made.status.value,
        title=made.title if is_done and made.title else None,
        url=address_of(settings, made.into, f"article/{article.id}/"),
        verdict=made.verdict.value,
        reasons=_reasons(made.checks),
        reason=made.reason or None,
        route=made.route.name if made.route else None,
        made=stamp(made.made),
        revision=made.revision,
        is_outdated=made.revision != article.revision,
        provenance=describe_translation(article, made),
        is_cut=len(shown) < len(made.segments),
        segments=[_describe_segment(one, is_done=is_done) for one in shown],
    )


def _allowed(article: Article, made: Translation, rights: Rights) -> set[str] | None:
    """Name the segments that the source's rights allow to be shown; None: all of them."""
    if rights is Rights.FULL:
        return None
    rows = shown_rows(article, made, rights)
    pieces = (piece for row in rows for piece in row.source)
    shown = {sentence.segment for piece in pieces for sentence in piece.sentences}
    return shown | {one.segment.id for one in made.segments if one.segment.block == -1}


def _describe_segment(one: TranslatedSegment, *, is_done: bool) -> SegmentRecord:
    is_shown = is_done and one.verdict is not Verdict.HOLD
    return SegmentRecord(
        id=one.segment.id,
        block=one.segment.block,
        part=one.segment.part,
        original=one.segment.text,
        target=one.target if is_shown else None,
        verdict=one.verdict.value,
        reasons=_reasons(one.checks),
        is_remembered=one.is_remembered,
        is_untouched=one.is_untouched,
    )


def _reasons(checks: Iterable[Check]) -> list[ReasonRecord]:
    return [
        ReasonRecord(check.name, check.verdict.value, check.message)
        for check in checks
        if check.verdict is not Verdict.PUBLISH
    ]


def address_of(settings: SiteSettings, edition: str, path: str) -> str:
    """Give the address of a page of an edition."""
    return f"{settings.base_url.rstrip('/')}/{edition}/{path}"


def moment_text(moment: Moment | None) -> str | None:
    """Write a moment as exactly as it is known; None where it is not."""
    return iso(moment) or None


def stamp(at: datetime | None) -> str | None:
    """Write a time in UTC, to the second; None where there is none."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
