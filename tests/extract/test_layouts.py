"""A host of fifty pages: what recurs on them is in no body, and a redesign is noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dragoman.extract import extract_article, learn_pages, make_template
from dragoman.types import Article, Lesson, Page

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
REDESIGN = 30
PLACES = ("Alderbrook", "Birchwater", "Cedarhall", "Dunmere", "Elmstead", "Fernhollow", "Gorsley")
THINGS = ("bridge", "harbour", "library", "tramway", "market", "reservoir", "theatre", "orchard")
DEEDS = ("repair", "enlarge", "sell", "reopen", "insure", "paint", "survey", "rename", "guard")
SLOGAN = "Nothing that happens here goes unread by us"
PROMISE = "Every morning before breakfast the whole valley at a glance for our friends"
SHOP = "Mugs and calendars of the valley are at the counter of our house again"
OLD = (SLOGAN, PROMISE, SHOP)
NEW_SLOGAN = "The valley in one place since the first printing press came up the river"
NEW_PROMISE = "Our evening round of the valley comes to your door with the baker's boy"
NEW = (NEW_SLOGAN, NEW_PROMISE)


def tell(n: int) -> tuple[str, list[str], str]:
    """Make up a headline, paragraphs and a caption that no other page has."""
    place, thing, deed = PLACES[n % 7], THINGS[n % 8], DEEDS[n % 9]
    title = f"{place} votes to {deed} its {thing} after plan {n}"
    body = [
        f"The council of {place} decided with {n + 3} votes to {deed} the {thing}, after a debate "
        f"of {n + 40} minutes in which plan {n} was read aloud twice by the clerk of the town.",
        f"A neighbour of the {thing}, who has counted {n * 7 + 11} lorries a day, told the meeting "
        f"that plan {n} would change the street more than anything since the flood.",
        f"The work to {deed} the {thing} begins in week {n % 50 + 1} and costs {n * 13 + 200} "
        f"crowns for every household of {place}, as the treasurer wrote to the members.",
    ]
    return title, body, f"Number {n}: the {thing} of {place} seen from the old mill"


def old_page(n: int, now: datetime) -> str:
    title, body, caption = tell(n)
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    return (
        f"<html lang='en'><head><title>{title}</title></head><body><div class='top'>"
        f"<p class='slogan'>{SLOGAN}</p><p>{now:%A, %d %B %Y, %H:%M}</p></div><main><article>"
        f"<h1>{title}</h1><p>{SLOGAN}</p><figure><img src='/pic/{n}/large.jpg' width='900'>"
        f"<figcaption>{caption}</figcaption></figure><p>{caption}</p>{paragraphs[:300]}"
        f"{paragraphs[300:]}<p>{PROMISE}</p><p>{SHOP}</p></article></main>"
        "<ul><li><a href='/a'>News</a></li><li><a href='/b'>Sport</a></li>"
        "<li><a href='/c'>Farms</a></li><li><a href='/d'>Weather</a></li></ul></body></html>"
    )


def new_page(n: int, now: datetime) -> str:
    title, body, _ = tell(n)
    paragraphs = "".join(f"<div class='para'><p>{text}</p></div>" for text in body)
    return (
        f"<html lang='en'><head><title>{title}</title></head><body><section class='frame'>"
        f"<h1>{title}</h1><p>{NEW_SLOGAN}</p><p>{now:%d %B %Y}</p>"
        f"<div class='shot'><img src='/shots/{n}-wide.jpg' width='900'></div>{paragraphs}"
        f"<p>{NEW_PROMISE}</p></section><nav><a href='/x'>Valley</a> <a href='/y'>Rivers</a></nav>"
        "<div><p>Written below the mountain</p><p>Printed beside the old weir</p>"
        "<p>Kept in the archive of the abbey</p><p>Read in eleven villages</p></div></body></html>"
    )


def make_page(n: int) -> Page:
    at = START + timedelta(hours=7 * n)
    html = (old_page if n < REDESIGN else new_page)(n, at)
    url = f"https://valley.example/{at:%Y/%m}/{n}"
    return Page(url, url, at, 200, html.encode(), id=f"p{n}", charset="utf-8")


@pytest.fixture(scope="module")
def relayed() -> list[tuple[Article, Lesson]]:
    """Relay fifty pages as they come, each learnt before its article is taken out."""
    lesson, found = Lesson("valley.example"), []
    for n in range(50):
        page = make_page(n)
        lesson = learn_pages(lesson, [page])
        found.append((extract_article(page, make_template(lesson)), lesson))
    return found


def test_from_the_third_page_on_nothing_of_the_frame_is_in_a_body(
    relayed: list[tuple[Article, Lesson]],
) -> None:
    for n in range(2, REDESIGN):
        text = relayed[n][0].text
        assert not [line for line in OLD if line in text], n
        assert str((START + timedelta(hours=7 * n)).year) not in text, n


def test_no_page_loses_a_paragraph_to_what_was_learnt(
    relayed: list[tuple[Article, Lesson]],
) -> None:
    for n, (article, _) in enumerate(relayed):
        assert all(paragraph in article.text for paragraph in tell(n)[1]), n


def test_a_caption_that_the_page_says_twice_is_said_once(
    relayed: list[tuple[Article, Lesson]],
) -> None:
    for n in range(2, REDESIGN):
        article = relayed[n][0]
        assert [block.text for block in article.blocks].count(tell(n)[2]) == 1, n
        assert len([block for block in article.blocks if block.image is not None]) == 1, n


def test_a_redesign_raises_the_alarm_of_drift_by_its_third_page(
    relayed: list[tuple[Article, Lesson]],
) -> None:
    assert not any(lesson.is_drifting for _, lesson in relayed[:REDESIGN])
    assert relayed[REDESIGN + 2][1].is_drifting
    assert relayed[REDESIGN + 2][1].drifted == make_page(REDESIGN + 2).fetched


def test_after_a_redesign_the_new_frame_is_learnt_and_the_alarm_ends(
    relayed: list[tuple[Article, Lesson]],
) -> None:
    for article, _ in relayed[REDESIGN + 2 :]:
        assert not [line for line in NEW if line in article.text]
    assert not relayed[-1][1].is_drifting
    assert relayed[-1][1].drifted is not None


def test_the_old_frame_is_forgotten(relayed: list[tuple[Article, Lesson]]) -> None:
    lesson = relayed[-1][1]
    for n in range(50, 110):
        lesson = learn_pages(lesson, [make_page(n)])
    old = make_template(relayed[REDESIGN - 1][1]).recurring
    new = make_template(lesson).recurring
    assert old and new
    assert not old & new


def test_a_page_that_is_learnt_twice_counts_once() -> None:
    once = learn_pages(Lesson("valley.example"), [make_page(n) for n in range(3)])
    assert learn_pages(once, [make_page(n) for n in range(3)]) == once


def test_pages_of_long_ago_teach_nothing_beside_new_ones() -> None:
    fresh = learn_pages(Lesson("valley.example"), [make_page(n) for n in range(20, 23)])
    old = make_page(40)
    stale = Page(old.url, old.url, START - timedelta(days=90), 200, old.body, id="stale")
    assert learn_pages(fresh, [stale]).texts == fresh.texts


def test_weeks_between_pages_weaken_what_they_teach() -> None:
    lesson = Lesson("valley.example")
    for n in range(3):
        page = make_page(n)
        at = START + timedelta(days=40 * n)
        later = Page(page.url, page.url, at, 200, page.body, id=page.id, charset="utf-8")
        lesson = learn_pages(lesson, [later])
    assert make_template(lesson).recurring == frozenset()
