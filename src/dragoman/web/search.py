"""Search for readers: from an address to a page or a feed of what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.analysis import Part, Plan, Query, Term, excerpt, mark_hits, parse_query, plan_query
from dragoman.publish.search import (
    PATH,
    SearchAsked,
    SearchChoices,
    SearchHit,
    SearchView,
    SearchWay,
    SeekView,
)
from dragoman.publish.views import FeedView, Frame, Publisher
from dragoman.publish.wording import wording
from dragoman.sections import OTHER, SECTIONS
from dragoman.store import search, sources
from dragoman.store.search import Filters, Found, Hit
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Rights,
    Source,
    Translation,
    TranslationStatus,
    Verdict,
)
from dragoman.web.assets import assets
from dragoman.web.feeds import lay_feed
from dragoman.web.reading import ask
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import Shelf, fill_shelf_by_id, find_report
from dragoman.web.views import list_publishers, make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

EXCERPT = 220  # characters of an article that may be shown in full
SHORT = 140  # of one of which an extract may be shown
WAYS = 3  # proposals of each kind
_TYPED = 400  # characters that are kept of what was typed: a little more than are used
_TRIED = 6  # words of a query that are tried without, or spelt otherwise


def read_asked(query: str) -> SearchAsked:
    """Read what an address asks for; what makes no sense is as if it were not there."""

    def one(name: str) -> str:
        return (ask(query, name) or [""])[0][:200].strip()

    words = (ask(query, "q") or [""])[0]
    page = one("page")
    section = one("section")
    return SearchAsked(
        words=" ".join(words[:10_000].split())[:_TYPED],
        language=_read_language(one("language")),
        source=one("source"),
        country=one("country").upper()[:2],
        section=section if section in (*SECTIONS, OTHER) else "",
        since=_read_day(one("from")),
        until=_read_day(one("to")),
        is_by_date=one("sort") == "date",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _read_language(code: str) -> str:
    return languages.base(code) if code and languages.is_known(code) else ""


def _read_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True)
class Finder:
    """Searches of one edition."""

    db: Store
    edition: str

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        return sources.sources(self.db, with_removed=True)

    def find(self, asked: SearchAsked, query: Query | None = None) -> Found:
        """Find articles; with a query of its own, that one instead of what was typed."""
        query = query or parse_query(asked.words)
        if query.is_empty:
            return Found()
        return search.find(self.db, query, self._filters(asked), by_date=asked.is_by_date)

    def _filters(self, asked: SearchAsked) -> Filters:
        chosen: frozenset[str] | None = None
        if asked.source or asked.country:
            chosen = frozenset(
                one.id
                for one in self._sources
                if asked.source in ("", one.id) and asked.country in ("", one.country.upper())
            )
        return Filters(
            edition=self.edition,
            language=asked.language,
            sources=chosen,
            section=asked.section,
            since=_moment(asked.since, time.min),
            until=_moment(asked.until, time.max),
        )


def _moment(day: str, at: time) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), at, UTC) if day else None


def make_search_frame(settings: SiteSettings, language: str, asked: SearchAsked) -> Frame:
    """Give the frame of a search: the same in every edition, and in no search engine."""
    feeds = PATH if asked.words else None
    frame = make_frame(settings, language, PATH, feeds=feeds)
    return replace(frame, query=asked.query, is_indexable=False, written_in=())


def build_search(
    db: Store, settings: SiteSettings, language: str, asked: SearchAsked
) -> SearchView:
    """Build a page of a search; one beyond the last is the last."""
    query = parse_query(asked.words)
    finder = Finder(db, language)
    found = finder.find(asked, query)
    size = settings.page_size
    pages = max(1, -(-len(found.hits) // size))
    asked = replace(asked, page=max(1, min(asked.page, pages)))
    shown = found.hits[(asked.page - 1) * size : asked.page * size]
    shelf = fill_shelf_by_id(db, language, [hit.article for hit in shown])
    hits = [describe_hit(shelf, query, hit) for hit in shown if hit.article in shelf.articles]
    view = SearchView(
        frame=make_search_frame(settings, language, asked),
        asked=asked,
        choices=_list_choices(db),
        hits=tuple(hits),
        found=len(found.hits),
        is_more=found.is_more,
        is_cut=query.is_cut,
        is_empty=query.is_empty,
        pages=pages,
        before=replace(asked, page=asked.page - 1).query if asked.page > 1 else "",
        after=replace(asked, page=asked.page + 1).query if asked.page < pages else "",
    )
    if view.hits or query.is_empty:
        return view
    return replace(
        view,
        spellings=_find_spellings(finder, asked, query),
        fewer=_find_fewer(finder, asked, query),
        elsewhere=_find_elsewhere(db, settings, language, asked),
    )


def build_seek(settings: SiteSettings, language: str) -> SeekView:
    """Build the search page of an exported site."""
    frame = make_search_frame(settings, language, SearchAsked())
    # Pagefind searches in WebAssembly: this page alone may run it.
    policy = frame.site.policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    frame = replace(frame, site=replace(frame.site, policy=policy))
    return SeekView(frame, assets()["seek.js"].path)


def _list_choices(db: Store) -> SearchChoices:
    publishers = list_publishers(db)
    return SearchChoices(
        languages=search.list_languages(db),
        publishers=publishers,
        countries=tuple(sorted({one.country.upper() for one in publishers if one.country})),
        sections=SECTIONS,
    )


# -- What was found ------------------------------------------------------------------------


def describe_hit(shelf: Shelf, query: Query, hit: Hit) -> SearchHit:
    """Give an article that was found, with where; its rights say how much of it is shown."""
    article = shelf.articles[hit.article]
    report = find_report(shelf, article)
    headline = report.headline
    translation = shelf.translations.get(article.id) if hit.into else None
    if translation and translation.status is not TranslationStatus.DONE:
        translation = None
    language = translation.into if translation else article.language
    plan = plan_query(query, language)
    parts = _find_excerpt(shelf.publisher(article), article, translation, plan)
    is_other = headline.text != headline.original
    own = plan_query(query, headline.original_language)
    return SearchHit(
        report=report,
        title=mark_hits(headline.text, headline.language, plan_query(query, headline.language)),
        original=mark_hits(headline.original, headline.original_language, own) if is_other else (),
        language=language,
        is_original=translation is None and not languages.is_same(language, shelf.language),
        excerpt=parts,
        is_marked=translation is not None and _is_doubted(translation, parts),
    )


def _find_excerpt(
    publisher: Publisher, article: Article, translation: Translation | None, plan: Plan
) -> tuple[Part, ...]:
    if publisher.rights is Rights.LINK:
        return ()
    blocks, language = article.blocks, article.language
    if translation:
        blocks, language = translation.blocks, translation.into
    length = EXCERPT if publisher.rights is Rights.FULL else SHORT
    return excerpt(_plain(blocks), language, plan, length)


def _plain(blocks: Iterable[Block]) -> str:
    texts = (block.text for block in blocks if block.kind is not BlockKind.EMBED)
    return " ".join(" ".join(texts).split())


def _is_doubted(translation: Translation, parts: tuple[Part, ...]) -> bool:
    """Whether a sentence that the gate doubts stands in an excerpt, or part of it."""
    shown = "".join(part.text for part in parts).strip(" …")
    for segment in translation.segments:
        if segment.verdict is not Verdict.PUBLISH and segment.segment.block >= 0:
            text = " ".join(segment.target.split())
            if text and (text in shown or shown in text or _overlap(text, shown)):
                return True
    return False


def _overlap(text: str, shown: str) -> bool:
    """Whether a sentence begins in an excerpt, or ends in it."""
    length = 24
    return len(text) > length and (text[:length] in shown or text[-length:] in shown)


# -- Where nothing was found ---------------------------------------------------------------


def _find_spellings(finder: Finder, asked: SearchAsked, query: Query) -> tuple[SearchWay, ...]:
    """Propose words that are known and written almost alike."""
    ways: list[SearchWay] = []
    for place, term in enumerate(query.terms[:_TRIED]):
        if term.is_phrase or term.is_excluded:
            continue
        for word in search.words_like(finder.db, term.text, finder.edition):
            terms = (*query.terms[:place], Term(word), *query.terms[place + 1 :])
            ways += _try(finder, asked, Query(terms))
    return tuple(sorted(ways, key=lambda way: -way.found)[:WAYS])


def _find_fewer(finder: Finder, asked: SearchAsked, query: Query) -> tuple[SearchWay, ...]:
    """Propose the same without filters, or without one of its words."""
    ways: list[SearchWay] = []
    if asked.is_narrowed:
        ways += _try(finder, SearchAsked(), query)
    wanted = [term for term in query.terms if not term.is_excluded]
    if len(wanted) > 1:
        for left_out in wanted[:_TRIED]:
            terms = tuple(term for term in query.terms if term is not left_out)
            ways += _try(finder, asked, Query(terms))
    return tuple(sorted(ways, key=lambda way: -way.found)[:WAYS])


def _try(finder: Finder, asked: SearchAsked, query: Query) -> Iterator[SearchWay]:
    found = len(finder.find(asked, query).hits)
    if found:
        words = str(query)
        address = replace(asked, words=words, page=1).query
        yield SearchWay(words, f"/{finder.edition}/{PATH}{address}", found)


def _find_elsewhere(
    db: Store, settings: SiteSettings, language: str, asked: SearchAsked
) -> tuple[SearchWay, ...]:
    ways = []
    for edition in settings.editions:
        if edition != language:
            found = len(Finder(db, edition).find(asked).hits)
            if found:
                address = f"/{edition}/{PATH}{replace(asked, page=1).query}"
                ways.append(SearchWay(asked.words, address, found, edition))
    return tuple(ways)


# -- Feeds ---------------------------------------------------------------------------------


def build_search_feed(
    db: Store, settings: SiteSettings, language: str, asked: SearchAsked
) -> FeedView | None:
    """Build the feed of a search, newest first; None where nothing is asked for."""
    asked = replace(asked, is_by_date=False, page=1)
    if parse_query(asked.words).is_empty:
        return None
    newest = replace(asked, is_by_date=True)
    found = Finder(db, language).find(newest).hits[: settings.feed_size]
    shelf = fill_shelf_by_id(db, language, [hit.article for hit in found])
    articles = [shelf.articles[hit.article] for hit in found if hit.article in shelf.articles]
    words = wording(language)
    title = words.gettext("Search: %(query)s") % {"query": asked.words}
    about = words.gettext("Search the news of many languages")
    frame = make_search_frame(settings, language, asked)
    return lay_feed(shelf, frame, f"{settings.title} – {title}", about, articles)
