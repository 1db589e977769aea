"""Build the page of a story: its happenings, who tells it and who is silent, what differs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.facts import Difference, Happening, Saying, StoryView
from dragoman.publish.figures import Figure, Said, compare_figures, cut_quote, find_figures
from dragoman.publish.views import Piece, Publisher, Report, Row, Showing
from dragoman.store import coverage, sources, stories
from dragoman.types import UNKNOWN_LANGUAGE, Article, Grouping, Rights, Verdict
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import (
    Shelf,
    choose_head,
    describe_source,
    fill_shelf_by_id,
    find_card,
    find_headline,
    find_report,
    shown_rows,
)
from dragoman.web.views import make_frame, order_reports, own_card

if TYPE_CHECKING:
    from dragoman.store import Store

_READ = 3  # paragraphs of a report in which its figures are looked for
_SENTENCE_END = re.compile(r"(?<=[.!?…؟])\s+")
_MOST_SAYINGS = 8  # of one difference
_MOST_DIFFERENCES = 6  # of one event
_MOST_COMPARED = 200  # reports of one event whose figures are compared

# Who usually tells such stories: of the last month's that share two sources with this one, at
# least three, and half of them.
_MONTH = timedelta(days=30)
_COMPANY = 2
_FEWEST = 3
_AFTERWARDS = timedelta(hours=24)  # within which a source may still follow


def build_story(
    db: Store, settings: SiteSettings, language: str, id: str, reads: tuple[str, ...] = ()
) -> StoryView | None:
    """Build the page of a story; None where it has no report to show."""
    members = stories.story(db, id)
    shelf = fill_shelf_by_id(db, language, (g.article for g in members), reads)
    members = tuple(g for g in members if g.article in shelf.articles)
    if not members:
        return None
    story = members[0].story
    reports = order_reports(shelf, members)
    found = [shelf.articles[g.article] for g in members]
    spoken = Counter(languages.base(article.language) for article in found)
    groups: dict[str, list[Report]] = {}
    for report in reports:
        groups.setdefault(languages.base(report.headline.original_language), []).append(report)
    followed = {languages.base(s.language) for s in sources.sources(db)} - {UNKNOWN_LANGUAGE}
    path = f"story/{story}/"
    frame = make_frame(settings, language, path, feeds=path)
    is_open = all(shelf.publisher(article).is_indexable for article in found)
    return StoryView(
        frame=replace(frame, is_indexable=is_open, card=own_card(settings, language, path)),
        card=find_card(shelf, story, members),
        by_language=tuple(spoken.most_common()),
        by_country=tuple(Counter(shelf.publisher(a).country for a in found).most_common()),
        timeline=tell_happenings(shelf, members, reports),
        differing=compare_reports(shelf, members),
        groups=tuple(
            (code, tuple(groups[code])) for code, _ in spoken.most_common() if code in groups
        ),
        silent=tuple(sorted(followed - set(spoken))),
        silent_sources=find_silent(db, story, {article.source for article in found}),
    )


# -- What happened ------------------------------------------------------------------------


def tell_happenings(
    shelf: Shelf, members: Sequence[Grouping], reports: Sequence[Report]
) -> tuple[Happening, ...]:
    """Give the events of a story in order of time, each with its head and its reports."""
    of_event: dict[str, list[Grouping]] = {}
    for grouping in members:
        of_event.setdefault(grouping.event, []).append(grouping)
    event_of = {grouping.article: grouping.event for grouping in members}
    told: dict[str, list[Report]] = {}
    for report in reports:
        told.setdefault(event_of[report.id], []).append(report)
    return tuple(
        Happening(
            head=find_report(shelf, choose_head(shelf, tuple(of_event[event]))),
            reports=tuple(own),
            count=len(own) + sum(len(report.also_in) for report in own),
            languages=tuple(
                dict.fromkeys(languages.base(one.headline.original_language) for one in own)
            ),
        )
        for event, own in told.items()
    )


# -- What differs ---------------------------------------------------------------------------


def compare_reports(shelf: Shelf, members: Sequence[Grouping]) -> tuple[Difference, ...]:
    """Give the figures that reports of one event do not agree on; copies say nothing new."""
    of_event: dict[str, list[Article]] = {}
    for grouping in members:
        if not grouping.copy_of:
            of_event.setdefault(grouping.event, []).append(shelf.articles[grouping.article])
    differing: list[Difference] = []
    for found in of_event.values():
        said = [read_sayings(shelf, article) for article in found[:_MOST_COMPARED]]
        for (kind, who, unit), sayings in compare_figures(said)[:_MOST_DIFFERENCES]:
            is_one_of_many = len(of_event) > 1
            head = find_headline(shelf, _head_of(shelf, members, found)) if is_one_of_many else None
            lines = tuple(_merge_sayings(shelf, sayings))
            differing.append(Difference(kind, who, unit, lines, head))
    return tuple(differing)


def _head_of(shelf: Shelf, members: Sequence[Grouping], found: Sequence[Article]) -> Article:
    ids = {article.id for article in found}
    return choose_head(shelf, tuple(g for g in members if g.article in ids))


def _merge_sayings(shelf: Shelf, sayings: Sequence[Said]) -> Iterator[Saying]:
    """Give each figure once, by the report that had it first; the earliest, and the last ones."""
    first: dict[tuple[float, str], Said] = {}
    others: Counter[tuple[float, str]] = Counter()
    for said in sayings:
        key = (said.figure.value, said.figure.bound)
        if key in first:
            others[key] += 1
        first.setdefault(key, said)
    lines = list(first.items())
    if len(lines) > _MOST_SAYINGS:
        lines = [lines[0], *lines[1 - _MOST_SAYINGS :]]
    for key, said in lines:
        yield Saying(
            report=find_report(shelf, shelf.articles[said.report]),
            value=said.figure.value,
            bound=said.figure.bound,
            quote=cut_quote(said.text, said.figure.start, said.figure.end),
            translation=said.translation,
            is_marked=said.is_marked,
            others=others[key],
        )


def read_sayings(shelf: Shelf, article: Article) -> list[Said]:
    """Give the figures of a report that may be quoted, with the words that hold them."""
    shown = shelf.paired(article)
    moment = article.published.moment
    year = moment.at.year if moment else 0
    headline = find_headline(shelf, article)
    is_translated = headline.showing is Showing.TRANSLATED and headline.text != headline.original
    title = headline.text if is_translated else ""
    said = [
        Said(article.id, figure, article.title, title, is_title=True, is_marked=headline.is_marked)
        for figure in find_figures(article.title, article.language, year)
    ]
    rights = shelf.publisher(article).rights
    if rights is Rights.LINK:
        return said
    translation = shelf.translations.get(article.id)
    rows = [row for row in shown_rows(shown, translation, rights) if row.kind == "paragraph"]
    for row in rows[:_READ]:
        said += _read_row(article, row, year)
    return said


def _read_row(article: Article, row: Row, year: int) -> Iterator[Said]:
    language = row.language or article.language
    for index, piece in enumerate(row.source):
        target = row.target[index] if index < len(row.target) else None
        for text, translated, is_marked in _pair_sentences(piece, target):
            for figure in find_figures(text, language, year):
                yield Said(article.id, figure, text, _cut(translated, figure), is_marked=is_marked)


def _pair_sentences(piece: Piece, target: Piece | None) -> Iterator[tuple[str, str, bool]]:
    """Give the sentences of a paragraph with their translations, if these may be shown."""
    text = piece.text.text
    if not piece.sentences:
        yield from ((sentence, "", False) for sentence in _SENTENCE_END.split(text))
        return
    made = {one.segment: one for one in target.sentences} if target else {}
    for sentence in piece.sentences:
        other = made.get(sentence.segment)
        words = ""
        if target and other and sentence.verdict is not Verdict.HOLD:
            words = target.text.text[other.start : other.end]
        is_marked = sentence.verdict is Verdict.MARK
        yield text[sentence.start : sentence.end], words, is_marked


def _cut(translated: str, figure: Figure) -> str:
    """Cut a translated sentence to what is near its figure, where that is in digits."""
    if not translated:
        return ""
    digits = re.escape(f"{figure.value:,.15g}").replace(",", r"[\s.,٬]?").replace(r"\.", "[.,٫]")
    place = re.search(rf"(?<!\d){digits}(?!\d)", translated)
    start, end = place.span() if place else (0, 0)
    return cut_quote(translated, start, end)


# -- Who is silent -----------------------------------------------------------------------------


def find_silent(db: Store, story: str, own: set[str]) -> tuple[Publisher, ...]:
    """Give the sources that usually tell such stories, published since, and do not tell this one.

    Such stories are those of the last month that share two sources with this one; usually
    means three of them, and half.
    """
    summary = stories.summaries(db, [story]).get(story)
    if summary is None or len(own) <= _COMPANY:
        return ()
    shared = coverage.shared_coverage(db, summary.newest - _MONTH, summary.newest, least=_FEWEST)
    usual = count_company({id: told for id, told in shared.items() if id != story}, own)
    followed = {s.id: s for s in sources.sources(db) if not s.is_paused and s.id in usual}
    until = summary.newest + _AFTERWARDS
    active = coverage.active_sources(db, followed, summary.oldest, until)
    silent = [describe_source(followed[id]) for id in active]
    return tuple(sorted(silent, key=lambda publisher: (-usual[publisher.id], publisher.name)))


def count_company(shared: Mapping[str, frozenset[str]], own: set[str]) -> dict[str, int]:
    """Count, for each source that is usually there, the stories that it told with these sources."""
    alike = [told for told in shared.values() if len(told & own) >= _COMPANY]
    counts = Counter(source for told in alike for source in told - own)
    needed = max(_FEWEST, -(-len(alike) // 2))
    return {source: count for source, count in counts.items() if count >= needed}
