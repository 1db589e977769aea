"""What recurs on the pages of one host: masthead, clock, promotion, share bar, footer.

Works from the third page of the same days on. Measured: with one older page most lines that
recur are body (52 of 71), with three and more of the same days two thirds of what is wrongly
kept recurs. What is learnt fades with every page and with time, so that a redesign is outlived;
when pages stop looking like those before them, that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import ExtractError
from dragoman.extract.flow import Flow, walk_page
from dragoman.extract.moments import read_words
from dragoman.extract.tree import parse_page
from dragoman.types import Lesson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dragoman.types import Page

_ENOUGH_PAGES = 3
_MAX_KEY = 400
_LONG = 120  # characters of a key: a paragraph of the text, not of the template
_COUNTED = 60  # characters of a key whose figures may be a counter's: comments, shares, minutes
_LETTERS = 6  # fewer beside figures tell nothing
# A mark of three pages in a row weighs 2.91, of three pages among ten about 2.6.
_FADE = 0.97  # of a weight's worth is left after one more page
_HALF_LIFE = timedelta(days=14)
_RECURS = 2.5
_SHARED = 1.8  # of date lines: two pages of the same days
_FORGOTTEN = 0.5  # a weight that is no longer kept
_MOST = 4000  # marks of one host
_REMEMBERED = 60  # pages by their address
_BODIES = 6  # whose paragraphs are compared, so that an article thrice is no template
_OLD = timedelta(days=30)  # a page so much older than the last one teaches nothing any more
# A layout is known of four pages; what stands on most of them is expected on the next.
_KNOWN, _EXPECTED, _FEWEST = 3.5, 0.6, 5
_MISFIT, _FIT = 0.34, 0.6
_ALARM = 3  # pages in a row unlike those before
_SETTLED = 5  # pages in a row that are alike again
_COLLAPSE = 0.1  # what is left of an old layout's weights


@dataclass(frozen=True, slots=True)
class Template:
    """What is known of a host's pages: marks that recur, and the dates that its clock shows."""

    host: str = ""
    pages: int = 0
    recurring: frozenset[str] = frozenset()  # marks of texts, see `mark_of`
    clocks: frozenset[str] = frozenset()  # date lines that several pages share
    pictures: frozenset[str] = frozenset()  # marks of addresses

    def recurs(self, key: str) -> bool:
        """Whether the text with this key recurs on the host's pages."""
        return mark_of(key) in self.recurring

    def repeats_picture(self, url: str) -> bool:
        """Whether the picture at this address stands on many pages of the host."""
        return _digest(url) in self.pictures


@dataclass(frozen=True, slots=True)
class Marks:
    """What one page teaches."""

    texts: frozenset[str]
    dates: frozenset[str]
    pictures: frozenset[str]
    paragraphs: frozenset[str]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def mark_of(key: str) -> str:
    """Give the mark of a text by its key; of short ones without the figures, which count on."""
    key = key[:_MAX_KEY]
    if len(key) <= _COUNTED and sum(map(str.isalpha, key)) >= _LETTERS:
        key = re.sub(r"\d+", "0", key)
    return _digest(key)


def _find_date_lines(flow: Flow) -> set[str]:
    """Find short lines with figures above the headline: below it they date the article."""
    heading = next((run.index for run in flow.runs if run.place.heading == 1), 0)
    return {
        run.text
        for run in flow.runs
        if run.index < heading and len(run.text) <= 60 and any(c.isdigit() for c in run.text)
    }


def read_marks(flow: Flow) -> Marks:
    """Read what a page teaches of its host."""
    from dragoman.extract.pictures import find_address

    pictures = {find_address(m.element, flow.base) for m in flow.marks if m.is_picture} - {""}
    return Marks(
        frozenset(mark_of(run.key) for run in flow.runs if run.key),
        frozenset(_find_date_lines(flow)),
        frozenset(map(_digest, pictures)),
        frozenset(_digest(run.key) for run in flow.runs if len(run.key) > _LONG),
    )


def _is_copy(marks: Marks, lesson: Lesson) -> bool:
    """Whether a page says the same as one of those before it."""
    own = marks.paragraphs
    return any(
        own and known and len(own & set(known)) > 0.7 * min(len(own), len(known))
        for known in lesson.bodies
    )


def _add(weights: Mapping[str, float], seen: Iterable[str], fade: float) -> dict[str, float]:
    faded = {mark: weight * fade for mark, weight in weights.items()}
    for mark in seen:
        faded[mark] = faded.get(mark, 0.0) + 1.0
    kept = [(mark, round(weight, 3)) for mark, weight in faded.items() if weight >= _FORGOTTEN]
    if len(kept) > _MOST:
        kept = sorted(kept, key=lambda one: -one[1])[:_MOST]
    return dict(kept)


def study_page(lesson: Lesson, marks: Marks, address: str, at: datetime | None) -> Lesson:
    """Learn from one more page of a host; a copy or an old page teaches nothing."""
    is_old = bool(at and lesson.last and at < lesson.last - _OLD)
    seen = (*lesson.seen, _digest(address))[-_REMEMBERED:]
    if is_old or _is_copy(marks, lesson):
        return replace(lesson, seen=seen)
    gap = max(timedelta(), at - lesson.last) if at and lesson.last else timedelta()
    fade = _FADE * 0.5 ** (gap / _HALF_LIFE)
    lesson = _judge_layout(lesson, marks, at)
    bodies = (*lesson.bodies, tuple(sorted(marks.paragraphs)))
    return replace(
        lesson,
        pages=lesson.pages + 1,
        mass=lesson.mass * fade + 1.0,
        last=max(filter(None, (at, lesson.last)), default=None),
        texts=_add(lesson.texts, marks.texts, fade),
        dates=_add(lesson.dates, marks.dates, fade),
        pictures=_add(lesson.pictures, marks.pictures, fade),
        seen=seen,
        bodies=bodies[-_BODIES:],
    )


def _judge_layout(lesson: Lesson, marks: Marks, at: datetime | None) -> Lesson:
    """Compare a page with what is expected of it; raise the alarm of drift, or end it."""
    expected = {mark for mark, weight in lesson.texts.items() if weight >= _EXPECTED * lesson.mass}
    if lesson.mass < _KNOWN or len(expected) < _FEWEST:
        return lesson
    fit = len(expected & marks.texts) / len(expected)
    misfits = lesson.misfits + 1 if fit < _MISFIT else 0
    fits = lesson.fits + 1 if fit >= _FIT else 0
    if misfits < _ALARM:
        is_drifting = lesson.is_drifting and fits < _SETTLED
        return replace(lesson, misfits=misfits, fits=fits, is_drifting=is_drifting)
    # What this page still shows stays known; the rest belongs to the old layout.
    texts = {m: w if m in marks.texts else w * _COLLAPSE for m, w in lesson.texts.items()}
    return replace(
        lesson, texts=texts, mass=float(_ALARM), misfits=0, fits=0, drifted=at, is_drifting=True
    )


def make_template(lesson: Lesson) -> Template:
    """Make of what was learnt what extraction asks; empty before the third page."""
    if lesson.pages < _ENOUGH_PAGES:
        return Template(lesson.host, lesson.pages)
    shared = (text for text, weight in lesson.dates.items() if weight >= _SHARED)
    return Template(
        lesson.host,
        lesson.pages,
        frozenset(mark for mark, weight in lesson.texts.items() if weight >= _RECURS),
        frozenset(text for text in shared if read_words(text, "") is not None),
        frozenset(mark for mark, weight in lesson.pictures.items() if weight >= _RECURS),
    )


def learn_pages(lesson: Lesson, pages: Sequence[Page]) -> Lesson:
    """Learn from pages of one host, in their order; what cannot be read teaches nothing."""
    for page in pages:
        address = page.final_url or page.url
        if _digest(address) in lesson.seen:
            continue
        try:
            flow = walk_page(parse_page(page), address)
        except ExtractError:
            continue
        lesson = study_page(lesson, read_marks(flow), address, page.fetched)
    return lesson


def learn_template(pages: Sequence[Page]) -> Template:
    """Learn what recurs on pages of one host, all at hand at once."""
    host = urlsplit(pages[0].final_url or pages[0].url).hostname or "" if pages else ""
    return make_template(learn_pages(Lesson(host), pages))
