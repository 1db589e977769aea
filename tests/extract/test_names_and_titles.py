"""Which of a page's titles is the headline, and which of its names wrote it."""

from __future__ import annotations

import pytest

from dragoman.extract import extract_article
from dragoman.extract.titles import find_slug, measure_likeness, strip_site
from dragoman.types import Article
from tests.extract.test_articles import BODY, LAST, LEAD, MIDDLE, extract, make_page

OTHER = "Storm over: Port Lorne breathes again"


def titled(h1: str, *, stated: str = "", og: str = "", title: str = "", path: str) -> Article:
    ld = f'{{"@type":"NewsArticle","headline":"{stated}"}}' if stated else "{}"
    html = (
        f"<html lang='en'><head><title>{title or h1}</title><meta property='og:title' "
        f"content=\"{og or h1}\"><script type='application/ld+json'>{ld}</script></head><body>"
        f"<main><article><h1>{h1}</h1>{BODY}</article></main></body></html>"
    )
    url = f"https://news.example.org/{path}"
    return extract_article(make_page(html, url=url, final_url=url))


def test_the_words_of_the_address_tell_the_headline_that_was_given_first() -> None:
    article = titled(
        OTHER,
        stated="Harbour of Lorne reopens after the storm",
        path="2021/harbour-of-lorne-reopens-after-the-storm-1234567.html",
    )
    assert article.title == "Harbour of Lorne reopens after the storm"


def test_an_address_that_names_something_else_changes_nothing() -> None:
    article = titled(OTHER, stated="Harbour of Lorne reopens", path="sport/two-goals-in-an-hour")
    assert article.title == OTHER


def test_of_two_writings_the_one_that_keeps_words_apart_is_taken() -> None:
    article = titled(
        "<span>National strike</span><span>Unions show their strength</span>",
        og="National strike: Unions show their strength",
        path="1",
    )
    assert article.title == "National strike: Unions show their strength"


@pytest.mark.parametrize(
    ("title", "names", "wanted"),
    [
        ("Harbour opens | Lorne Courier", frozenset[str](), "Harbour opens"),
        ("Harbour opens - Politics", frozenset({"politics"}), "Harbour opens"),
        ("항구가 열렸다-정치ㅣLorne Courier", frozenset({"정치"}), "항구가 열렸다"),
        ("The «open harbour»", frozenset[str](), "The «open harbour»"),
        ("Meloni: «Ready to work»", frozenset[str](), "Meloni: «Ready to work»"),
        ("A half-open harbour", frozenset({"news"}), "A half-open harbour"),
    ],
)
def test_a_title_comes_without_the_names_of_site_and_section(
    title: str, names: frozenset[str], wanted: str
) -> None:
    assert strip_site(title, "Lorne Courier", "https://lorne.example/x", names) == wanted


def test_an_address_is_read_without_its_number_and_with_its_letters_spelt_out() -> None:
    slug = find_slug("https://a.example/politik/article4099/kuehltuerme-von-akw-alt-gesprengt.html")
    assert slug == ["kuehltuerme", "von", "akw", "alt", "gesprengt"]
    assert measure_likeness("Kühltürme von AKW Alt gesprengt", slug) == 1.0
    assert measure_likeness("Wetter bleibt kühl", slug) == 0.0


def authors(top: str, *, head: str = "", before: str = "") -> tuple[str, ...]:
    return extract(top + BODY, head=head, before=before).authors


OWN = '<meta name="author" content="Lorne Courier">'


def test_a_byline_is_read_in_the_languages_of_the_press() -> None:
    assert authors("<p>von Dr. Max Kolter</p>", head=OWN) == ("Dr. Max Kolter",)
    assert authors("<p>Von: Bill McCarthy, Marisha Gold</p>") == ("Bill McCarthy", "Marisha Gold")
    assert authors("<p>By Ada Brandt 30 August 2021 • 4:45pm</p>") == ("Ada Brandt",)
    assert authors("<div>Do 25.04.24 | 14:07 Uhr | Von Eva Kirchner</div>") == ("Eva Kirchner",)


def test_a_line_of_names_above_the_text_is_the_author_and_no_text() -> None:
    article = extract("<p>Ada Brandt/Lena Moor</p>" + BODY, head=OWN)
    assert article.authors == ("Ada Brandt", "Lena Moor")
    assert article.text == "\n\n".join([LEAD, MIDDLE, LAST])


def test_a_person_of_the_news_is_not_taken_for_the_author() -> None:
    told = "<p>Ada Brandt, the harbour master, was seen at the gates with her dog at noon.</p>"
    assert extract("<p>Ada Brandt</p>" + BODY + told, head=OWN).authors == ()


def test_a_label_below_the_text_names_the_author() -> None:
    assert extract(f"{BODY}<ul><li>Autorin/Autor Ada Brandt</li></ul>").authors == ("Ada Brandt",)


def test_a_colleague_beside_the_stated_author_is_an_author_too() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour reopens '
        'after storm","author":{"@type":"Person","name":"Lena Moor"}}</script>'
    )
    top = (
        "<div class='byline'><address class='n'>Ada Brandt</address>"
        "<address class='n'>Lena Moor</address><address class='job'>Chief Reporter</address></div>"
    )
    assert set(authors(top, head=head)) == {"Ada Brandt", "Lena Moor"}


def test_the_publication_is_no_person_and_gives_way_to_one() -> None:
    article = extract(BODY, head=OWN)
    assert article.authors == ()
    assert article.agencies == ("Lorne Courier",)
    named = '<meta name="author" content="Lorne Courier"><meta name="author" content="신현주 기자">'
    assert extract(BODY, head=named).authors == ("신현주",)
    assert extract(BODY, head=named).agencies == ()


def test_a_date_in_a_caption_is_not_the_articles() -> None:
    figure = (
        "<figure><img src='/a.jpg' width='900'><figcaption>The gates of the lock on 3 January "
        "2020, before the storm</figcaption></figure>"
    )
    assert extract(figure + BODY).published.moment is None
    dated = extract(figure + BODY + "<ul><li>Datum 28.12.2021</li></ul>").published.moment
    assert dated is not None
    assert f"{dated.at:%Y-%m-%d}" == "2021-12-28"


def test_a_year_of_two_figures_is_read() -> None:
    moment = extract("<div>Mo 27.12.21 | 14:07 Uhr</div>" + BODY, lang="de").published.moment
    assert moment is not None
    assert f"{moment.at:%Y-%m-%d}" == "2021-12-27"
