"""The sample press says what a perfect reader takes from each page; nothing less will do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from demo.press import Press
from demo.truth import Expected, expected_articles
from dragoman.extract import extract_article, learn_template
from dragoman.ingest import canonical_url, parse_feed
from dragoman.types import Article, FeedItem, Page, Precision

FETCHED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SHOWN = tuple(e for e in expected_articles() if not (e.is_withdrawn or e.is_private))
NAMES = [f"{e.outlet}/{e.slug}" for e in SHOWN]
CASES = list(zip(NAMES, SHOWN, strict=True))

Pages = dict[str, tuple[Page, FeedItem]]


def fold(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    found: Pages = {}
    with Press(now=FETCHED) as press:
        for outlet in press.outlets:
            expected = [e for e in SHOWN if e.outlet == outlet.id]
            if not expected:
                continue
            feed_url = outlet.address + outlet.settings["feed"]["path"]
            feed = parse_feed(urlopen(feed_url).read(), feed_url)
            items = {
                canonical_url(item.url): replace(item, language=item.language or feed.language)
                for item in feed.items
            }
            for e in expected:
                url = outlet.address + e.path
                page = Page(url, url, FETCHED, 200, urlopen(url).read(), source=outlet.id)
                found[f"{e.outlet}/{e.slug}"] = (page, items[canonical_url(url)])
        yield found


@pytest.fixture(scope="module")
def articles(pages: Pages) -> dict[str, Article]:
    found = {}
    for outlet in {e.outlet for e in SHOWN}:
        own = {name: pair for name, pair in pages.items() if name.startswith(f"{outlet}/")}
        template = learn_template([page for page, _ in own.values()])
        for name, (page, item) in own.items():
            found[name] = extract_article(replace(page, item=item), template)
    return found


@pytest.fixture(scope="module")
def bare_articles(pages: Pages) -> dict[str, Article]:
    # Neither the feed nor the outlet's other pages are known.
    return {name: extract_article(page) for name, (page, _) in pages.items()}


def find_lost(article: Article, expected: Expected) -> list[str]:
    text = fold(article.text)
    return [one for one in expected.paragraphs if fold(one) not in text]


def find_intruders(article: Article, expected: Expected) -> list[str]:
    text = fold(article.text)
    return [words for words in expected.never if fold(words) in text]


@pytest.mark.parametrize(("name", "expected"), CASES, ids=NAMES)
def test_every_page_of_the_press_gives_its_article_and_nothing_else(
    name: str, expected: Expected, articles: dict[str, Article]
) -> None:
    article = articles[name]
    assert find_lost(article, expected) == []
    assert find_intruders(article, expected) == []
    assert fold(article.title) == fold(expected.title)
    assert {*article.authors, *article.agencies} == set(expected.authors)
    assert article.published.moment is not None
    assert article.published.moment.at == datetime.fromisoformat(expected.published)
    assert article.published.moment.precision in (Precision.MINUTE, Precision.SECOND)
    assert article.language == expected.language
    words = {fold(link.text) for link in article.related}
    assert {fold(text) for _, text in expected.notes.related} <= words


@pytest.mark.parametrize(("name", "expected"), CASES, ids=NAMES)
def test_a_page_alone_gives_its_body_too(
    name: str, expected: Expected, bare_articles: dict[str, Article]
) -> None:
    article = bare_articles[name]
    assert fold(article.title) == fold(expected.title)
    assert find_lost(article, expected) == []
    assert find_intruders(article, expected) == []
    assert article.language.partition("-")[0] == expected.language.partition("-")[0]


def test_no_clock_of_a_header_dates_an_article(bare_articles: dict[str, Article]) -> None:
    for name, article in bare_articles.items():
        moment = article.published.moment
        assert moment is None or moment.at.date() != FETCHED.date(), name


def test_agencies_are_no_persons(articles: dict[str, Article]) -> None:
    assert articles["serra/sonda-halcyon-cometa-poeira"].agencies == ("Agência Farol",)
    assert articles["ledger/quake-mexico-twelve-hurt"].agencies == ("Isobar News Agency",)
    assert articles["ledger/quake-mexico-twelve-hurt"].authors == ()


def test_a_picture_in_a_table_of_its_own_keeps_its_caption(articles: dict[str, Article]) -> None:
    article = articles["serra/rede-sismica-vale-de-sobreiros"]
    picture = next(block for block in article.blocks if block.image is not None)
    assert picture.text == "Vale de Sobreiros, no Alentejo, na manhã de quinta-feira"
    assert picture.image is not None
    assert picture.image.credit == "Foto de Benedita Lagoa"
