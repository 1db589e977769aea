"""Build the pages that list stories: the front of an edition, its sections and its days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dragoman.publish.views import FrontView, Pager, StoryCard
from dragoman.sections import OTHER, SECTIONS
from dragoman.store import editions, stories
from dragoman.web.settings import SiteSettings
from dragoman.web.shelf import add_bodies, choose_head, fill_shelf_by_id, find_card, newest_of
from dragoman.web.views import list_publishers, make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

Reads = tuple[str, ...]


def build_front(
    db: Store, settings: SiteSettings, language: str, number: int, reads: Reads = ()
) -> FrontView | None:
    """Build a page of an edition's front; None where there is no such page."""
    size = settings.page_size
    counts = editions.count_by_section(db)
    pager = _count_pages(sum(counts.values()), size, number)
    if pager is None:
        return None
    listed = stories.newest(db, size, (number - 1) * size)
    cards = _find_cards(db, language, tuple(one.id for one in listed), reads)
    latest = listed if number == 1 else stories.newest(db, 1)
    frame = make_frame(settings, language, pager.path_of(number))
    return FrontView(
        frame=frame,
        stories=_lead_first(cards) if number == 1 else cards,
        publishers=list_publishers(db),
        pager=pager,
        updated=newest_of(card.newest.at for card in cards if card.newest),
        sections=list_sections(counts),
        earlier=latest[0].newest.date() if latest else None,
    )


def build_section(
    db: Store, settings: SiteSettings, language: str, section: str, number: int, reads: Reads = ()
) -> FrontView | None:
    """Build a page of a section; None where it has no stories, or no such page."""
    counts = editions.count_by_section(db)
    present = list_sections(counts)
    stored = "" if section == OTHER else section
    path = f"section/{section}/"
    pager = _count_pages(counts.get(stored, 0), settings.page_size, number, path)
    if section not in present or pager is None:
        return None
    size = settings.page_size
    ids = editions.ids_of_section(db, stored, limit=size, offset=(number - 1) * size)
    cards = _find_cards(db, language, ids, reads)
    return FrontView(
        frame=make_frame(settings, language, pager.path_of(number), feeds=path),
        stories=cards,
        pager=pager,
        updated=newest_of(card.newest.at for card in cards if card.newest),
        sections=present,
        section=section,
    )


def build_day(
    db: Store, settings: SiteSettings, language: str, day: date, number: int, reads: Reads = ()
) -> FrontView | None:
    """Build a page of a day's edition; None where nothing was reported on it."""
    total = editions.count_of_day(db, day)
    pager = _count_pages(total, settings.page_size, number, f"day/{day.isoformat()}/")
    if not total or pager is None:
        return None
    size = settings.page_size
    ids = editions.ids_of_day(db, day, limit=size, offset=(number - 1) * size)
    earlier, later = editions.days_around(db, day)
    return FrontView(
        frame=make_frame(settings, language, pager.path_of(number)),
        stories=_find_cards(db, language, ids, reads),
        pager=pager,
        sections=list_sections(editions.count_by_section(db)),
        day=day,
        earlier=earlier,
        later=later,
    )


def parse_day(text: str) -> date | None:
    """Read the day of an address; None where the calendar has no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _count_pages(total: int, size: int, number: int, path: str = "") -> Pager | None:
    """Place a page among the pages of a list; None where the list is shorter."""
    pages = max(1, -(-total // size))
    return Pager(number, number < pages, pages, path) if number <= pages else None


def list_sections(counts: dict[str, int]) -> tuple[str, ...]:
    """Name the sections that have stories, if there is any; the rest is "other"."""
    known = tuple(name for name in SECTIONS if counts.get(name))
    return (*known, OTHER) if known and counts.get("") else known


def _find_cards(
    db: Store, language: str, ids: tuple[str, ...], reads: Reads
) -> tuple[StoryCard, ...]:
    groups = stories.members(db, ids)
    articles = (g.article for one in groups.values() for g in one)
    shelf = fill_shelf_by_id(db, language, articles, reads, is_brief=True)
    # An article may be withdrawn between two reads: a story without any left is skipped.
    shown = {
        id: members
        for id, members in groups.items()
        if any(g.article in shelf.articles for g in members)
    }
    heads = {id: choose_head(shelf, members) for id, members in shown.items()}
    shelf = add_bodies(db, shelf, heads.values())
    return tuple(find_card(shelf, id, members, heads[id].id) for id, members in shown.items())


def _lead_first(cards: tuple[StoryCard, ...]) -> tuple[StoryCard, ...]:
    """Put the story with most reports on top, if readers can read it; the rest stay in order."""
    shared = [c for c in cards if c.reports > 1 and c.headline.showing.is_readable]
    if not shared:
        return cards
    top = max(shared, key=lambda card: card.reports)  # the newest of equals
    return (top, *(card for card in cards if card is not top))
