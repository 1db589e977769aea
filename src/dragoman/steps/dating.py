"""Date an article that has no date by its own words and the other reports of its story.

The words leave some days ("lundi", "le mois prochain"), the story tells which of them. Where
more than one is left, the date stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from dragoman import days, extract, store
from dragoman.steps.work import Pass
from dragoman.types import Article, Dating, Evidence, Grouping, Moment, Precision

_DAY = timedelta(days=1)
_NEAR = 7  # days around the reports of a story in which another may have been written
_MOST = 60  # reports of a story that are looked at


def date_undated(work: Pass, fresh: Collection[str]) -> int:
    """Date the undated articles of the stories that got new reports; give how many."""
    stories = {one.story for one in store.stories.groupings(work.db, fresh)}
    stories = store.live_events.stories_with_undated(work.db, stories)
    dated = 0
    for members in store.stories.members(work.db, stories).values():
        group = members[-_MOST:]
        found = store.articles.articles(work.db, ids=[one.article for one in group])
        by_id = {article.id: article for article in found}
        for article in found:
            dating = date_by_story(article, group, by_id) if not article.published.moment else None
            if dating:
                again = extract.mark_days(replace(article, published=dating))
                store.articles.put_article(work.db, again, extract.VERSION)
                dated += 1
    return dated


def date_by_story(
    article: Article, group: Sequence[Grouping], articles: dict[str, Article]
) -> Dating | None:
    """Date an article by the dated reports of its event, else of its story; None: unknown."""
    saying = days.read_saying(article.text, article.language)
    own = next((one for one in group if one.article == article.id), None)
    if not saying or own is None:
        return None
    known = {id: day for id, one in articles.items() if (day := _day_of(one))}
    event = {known[one.article] for one in group if one.event == own.event and one.article in known}
    fitting = _until(days.days_fitting(saying, event), article.first_seen)
    # A newspaper prints on Tuesday what happened on Monday: without "today", and without a
    # report of that very day, the weekday does not make a date.
    if not fitting and known and saying.is_today:
        span = range(-_NEAR, (max(known.values()) - min(known.values())).days + _NEAR + 1)
        around = [min(known.values()) + step * _DAY for step in span]
        fitting = _until(days.days_fitting(saying, around), article.first_seen)
    if len(fitting) != 1:
        return None
    return _dating(article, fitting[0], saying.words, articles, known)


def _until(candidates: Iterable[date], seen: datetime | None) -> list[date]:
    """Leave out the days after an article was first seen."""
    return [day for day in candidates if seen is None or day <= seen.date() + _DAY]


def _day_of(article: Article) -> date | None:
    """Give the day of an article that was dated by what its page or feed says."""
    first = article.published.evidence[:1]
    if any(one.origin == "story" for one in first):
        return None
    return days.publication_day(article.published)


def _dating(
    article: Article,
    day: date,
    words: Sequence[str],
    articles: dict[str, Article],
    known: dict[str, date],
) -> Dating:
    at = datetime.combine(day, time(), UTC)
    moment = Moment(at, Precision.DAY, is_zone_known=False)
    nearest = min(known, key=lambda id: (abs(known[id] - day), id))
    note = f"{articles[nearest].url} of the same story is of {known[nearest].isoformat()}"
    evidence = Evidence("story", ", ".join(words), moment, note)
    return Dating(moment, (evidence, *article.published.evidence))
