from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dragoman.extract import extract_article, extract_batch
from dragoman.extract.days import find_contradiction, read_clues
from dragoman.types import Article, BlockKind, FeedItem, Moment, Page, Precision

URL = "https://river.example.org/news/mill.html"
FETCHED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

FIRST = (
    "The old mill at Carrow Bridge will grind again from May, forty years after its wheel was "
    "stopped, the owners told a full village hall."
)
SECOND = (
    "Two engineers have rebuilt the sluice with oak from the same forest, and the council has "
    "lent them money that they will pay back in flour."
)
THIRD = (
    "Bakers from nine villages have ordered in advance. The first sacks go to the school, whose "
    "pupils drew the plans for the new roof last year."
)
TEXTS = [FIRST, SECOND, THIRD]


def read_page(html: str, item: FeedItem | None = None) -> Page:
    return Page(URL, URL, FETCHED, 200, html.encode(), item=item)


def make_page(body: str, **changes: Any) -> Page:
    html = (
        '<html lang="en"><head><title>Mill grinds again</title></head>'
        f"<body><article><h1>Mill grinds again</h1>{body}</article></body></html>"
    )
    values: dict[str, Any] = {
        "url": URL, "final_url": URL, "fetched": FETCHED, "status": 200, "body": html.encode(),
    }  # fmt: skip
    return Page(**{**values, **changes})


def extract(body: str, **changes: Any) -> Article:
    return extract_article(make_page(body, **changes))


def wrap_around(inserted: str) -> str:
    return f"<p>{FIRST}</p><p>{SECOND}</p>{inserted}<p>{THIRD}</p>"


@pytest.mark.parametrize(
    "inserted",
    [
        "<p>HIER KLICKEN UND DIE APP DER FLUSSZEITUNG LADEN</p>",
        "<p>SCARICA QUI L'APP DEL CORRIERE DEL FIUME</p>",
        "<p>НАЖМИТЕ ЗДЕСЬ, ЧТОБЫ СКАЧАТЬ ПРИЛОЖЕНИЕ</p>",
        "<p>حمّل الآن تطبيق صحيفة النهر</p>",
        "<p>Ricevi ogni mattina le notizie del fiume</p>",
        "<p>Reading time: 4 min</p>",
        "<p>Lesezeit: 3 Minuten</p>",
        "<p>Partagez cet article sur vos réseaux</p>",
        "<p>Fehler gefunden? Schreiben Sie uns.</p>",
        "<p>The views expressed in this article are those of the author alone.</p>",
        "<p>Las opiniones expresadas son responsabilidad de sus autores.</p>",
        "<div class='x'><h4>The Sluice</h4><p>Five stories at breakfast.</p>"
        "<form><input type='email'></form></div>",
        "<div class='sponsored-box'><p>A better boiler, now on credit.</p></div>",
        "<p>Читайте также: <a href='/news/quay.html'>Как строили причал</a></p>",
        "<p><a href='/news/quay.html'>How the quay was built in nine days</a></p>",
    ],
)
def test_what_is_asked_of_the_reader_is_no_part_of_the_article(inserted: str) -> None:
    assert extract(wrap_around(inserted)).text == "\n\n".join(TEXTS)


@pytest.mark.parametrize(
    "told",
    [
        "Share prices of the three milling companies fell by two per cent.",
        "The app of the mill tells bakers when to download their order lists.",
        "Published in 1911, the first plan of the mill hangs in the hall.",
        "Receiving the money took the owners eleven years and four appeals.",
        "“They do not represent the views of this village,” the miller said.",
    ],
)
def test_short_paragraphs_of_news_that_use_such_words_stay(told: str) -> None:
    assert told in extract(wrap_around(f"<p>{told}</p>")).text


def test_a_biography_at_the_end_goes_and_a_reporter_in_the_story_stays() -> None:
    met = "Ida Karr is a reporter from the town and was the first to see the wheel turn."
    bio = "<p><em>Jon Amble is a reporter for the River Post and lives by a weir.</em></p>"
    article = extract(f"<p>{FIRST}</p><p>{met}</p><p>{SECOND}</p><p>{THIRD}</p>{bio}")
    assert article.text == "\n\n".join([FIRST, met, SECOND, THIRD])


def test_readers_comments_below_the_text_are_left_out() -> None:
    comments = (
        "<h3>Comments (2)</h3><p><b>Wheelwright:</b> My grandfather stopped that wheel, and "
        "he would be glad of it.</p><p><b>Nan:</b> And who pays for the oak, I ask you all?</p>"
    )
    paragraphs = "".join(f"<p>{text}</p>" for text in TEXTS)
    assert extract(paragraphs + comments).text == "\n\n".join(TEXTS)


def test_a_quotation_pulled_out_of_the_text_is_said_once() -> None:
    pulled = "<aside><p>Bakers from nine villages have ordered in advance</p></aside>"
    assert extract(wrap_around(pulled)).text == "\n\n".join(TEXTS)


def lay_out(body: str) -> str:
    return (
        "<html><head><title>River Post</title></head><body><table><tr><td colspan=2>RIVER POST"
        "<br>Monday, 2 March 2026</td></tr><tr><td valign=top><font size=2>Villages</font>"
        f"<h2>Mill grinds again at Carrow Bridge</h2>{body}</td><td><b>Other news</b><br>"
        "<a href='/a.html'>Nine days on the quay, and no rain</a><br><a href='/b.html'>A bridge "
        "for hedgehogs opens</a></td></tr></table></body></html>"
    )


def test_a_table_that_lays_out_the_page_is_no_table_of_the_article() -> None:
    picture = (
        "<table align=right><tr><td><img src='/i/wheel-large.jpg' width=320></td></tr>"
        "<tr><td><small>The wheel in March</small></td></tr><tr><td><i>Ann Weir</i></td></tr>"
        "</table>"
    )
    data = (
        "<table><tr><th>Village</th><th>Sacks</th></tr><tr><td>Carrow</td><td>40</td></tr>"
        "<tr><td>Wendle</td><td>25</td></tr></table>"
    )
    html = lay_out(f"{picture}<p>{FIRST}</p><p>{SECOND}</p>{data}<p>{THIRD}</p>")
    article = extract_article(read_page(html))
    kinds = [block.kind for block in article.blocks]
    assert kinds.count(BlockKind.TABLE) == 1
    assert kinds.count(BlockKind.PARAGRAPH) == 3
    table = next(block for block in article.blocks if block.kind is BlockKind.TABLE)
    assert table.columns == 2
    assert table.parts[2].text == "Carrow"
    image = next(block for block in article.blocks if block.image is not None)
    assert image.text == "The wheel in March"
    assert image.image is not None
    assert image.image.credit == "Ann Weir"
    for intruder in ("RIVER POST", "2 March", "Other news", "hedgehogs", "Villages"):
        assert intruder not in article.text
    assert article.published.moment is None


def test_a_section_above_the_headline_and_a_date_line_below_do_not_begin_the_text() -> None:
    body = (
        "<body><div class='entry'><span class='cat'>Villages</span><h1>Mill grinds again</h1>"
        f"<div><p>Published on Monday 2 March 2026 at 9:15</p><p>{FIRST}</p><p>{SECOND}</p>"
        f"<p>{THIRD}</p></div></div></body>"
    )
    html = f"<html lang='en'><head><title>Mill grinds again</title></head>{body}</html>"
    article = extract_article(read_page(html))
    assert article.text == "\n\n".join(TEXTS)


def test_the_feeds_minute_wins_over_a_day_that_agrees() -> None:
    url = "https://river.example.org/2026/02/27/mill.html"
    exact = datetime(2026, 2, 27, 17, 20, tzinfo=UTC)
    item = FeedItem(url, title="Mill grinds again", published=exact)
    head = "<p><time datetime='2026-02-27'>27 February 2026</time></p>"
    article = extract(
        head + "".join(f"<p>{text}</p>" for text in TEXTS), url=url, final_url=url, item=item
    )
    assert article.published.moment is not None
    assert article.published.moment.at == exact


def test_a_feed_of_another_day_does_not_move_the_pages_date() -> None:
    item = FeedItem(URL, title="Mill grinds again", published=datetime(2026, 3, 1, 17, tzinfo=UTC))
    head = "<p><time datetime='2026-02-27'>27 February 2026</time></p>"
    article = extract(head + "".join(f"<p>{text}</p>" for text in TEXTS), item=item)
    assert article.published.moment is not None
    assert article.published.moment.at.date().isoformat() == "2026-02-27"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The probe passed on Thursday, Nov. 12, and slept.", "en"),
        ("A sonda passou nesta quinta-feira (12) e dormiu.", "pt"),
        ("La sonde est passée jeudi 12 novembre au soir.", "fr"),
        ("La sonda pasó el jueves 12 de noviembre.", "es"),
        ("مرّ المسبار يوم الخميس 12 تشرين الثاني بسلام.", "ar"),
    ],
)
def test_a_weekday_with_its_date_speaks_for_one_year_and_against_others(
    text: str, language: str
) -> None:
    clues = read_clues(text, language)

    def judge(year: int) -> str:
        at = datetime(year, 11, 14, tzinfo=UTC)
        return find_contradiction(Moment(at, Precision.DAY), clues)

    assert judge(2026) == ""
    assert judge(2022).startswith("contradicts the text")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Les pourparlers auront lieu le mois prochain, avant la réunion du 12 janvier.", "fr"),
        ("The talks are set for next month, before a meeting on 12 January.", "en"),
        ("As conversas serão no próximo mês, antes da reunião de 12 de janeiro.", "pt"),
    ],
)
def test_dates_of_next_month_speak_against_another_month(text: str, language: str) -> None:
    clues = read_clues(text, language)
    clock = Moment(datetime(2022, 11, 28, tzinfo=UTC), Precision.DAY)
    true = Moment(datetime(2021, 12, 27, tzinfo=UTC), Precision.DAY)
    assert find_contradiction(clock, clues)
    assert find_contradiction(true, clues) == ""


def test_a_weekday_alone_and_figures_after_it_prove_nothing() -> None:
    clues = read_clues("On Monday 40 people met, and on Friday 12 left at 9:30.", "en")
    assert clues.named == ()


def test_a_clock_that_the_text_contradicts_leaves_the_date_unknown() -> None:
    body = (
        "<p class='date'>28 November 2022</p><p>La Commission a confirmé lundi qu’elle "
        "tiendrait des pourparlers le mois prochain avec les riverains du canal de Valmont.</p>"
        "<p>La réunion proposée le 12 janvier aura lieu dans la grande salle, a déclaré le "
        "président de la Commission, qui s’est dit confiant dans leur issue.</p>"
    )
    html = make_page(body).body.decode().replace('lang="en"', 'lang="fr"')
    article = extract_article(read_page(html))
    assert article.published.moment is None
    assert any("contradicts the text" in sign.note for sign in article.published.evidence)


@pytest.mark.parametrize("day", ["2 March 2026", "28 February 2026"])
def test_a_clock_in_a_page_without_containers_is_still_a_clock(day: str) -> None:
    texts = "".join(f"<p>{text}</p>" for text in TEXTS)
    head = f"<p>RIVER POST</p><p>| {day}, Monday |</p><h1>Mill grinds again</h1>"
    article = extract_article(read_page(f"<html><body>{head}{texts}</body></html>"))
    assert article.published.moment is None
    assert article.text == "\n\n".join(TEXTS)


def test_portuguese_of_portugal_is_not_taken_for_another_language() -> None:
    texts = [
        "A terra tremeu às 4h26 e o epicentro ficou nove quilómetros a norte da aldeia.",
        "“O cão ladrou, o armário também, e eu levantei-me”, contou a senhora Gertrudes Palma.",
        "A escola primária, com onze alunos, abriu à hora habitual, e o autocarro passou.",
    ]
    paragraphs = "".join(f"<p>{text}</p>" for text in texts)
    html = f"<html><body><h1>Sismo acorda a aldeia</h1>{paragraphs}</body></html>"
    page = read_page(html)
    assert extract_article(page).language == "pt"
    item = FeedItem(URL, language="pt-PT")
    assert extract_article(read_page(html, item)).language == "pt-PT"


def test_a_batch_gives_back_the_very_ids_and_earlier_errors() -> None:
    html = make_page("".join(f"<p>{text}</p>" for text in TEXTS)).body.decode()
    rows: list[dict[str, Any]] = [
        {"id": 7, "url": URL, "html": html},
        {"id": 0, "url": URL, "html": ""},
        {"id": "a b", "error": "FetchError: the server is gone"},
        {"id": "7", "url": URL, "html": html},
    ]
    answers = list(extract_batch(rows))
    assert [answer["id"] for answer in answers] == [7, 0, "a b", "7"]
    assert answers[2] == rows[2]
    assert set(answers[1]) == {"id", "error"}
