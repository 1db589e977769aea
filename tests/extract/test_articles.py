from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import EmptyBody, ExtractError, NotAnArticle
from dragoman.extract import article_json, extract_article, extract_batch, learn_template
from dragoman.extract.template import mark_of
from dragoman.types import Article, BlockKind, FeedItem, Page, Precision, SpanKind

URL = "https://news.example.org/2021/harbour-reopens.html"
FETCHED = datetime(2022, 11, 28, 9, 0, tzinfo=UTC)

LEAD = (
    "The harbour of Port Lorne reopened on Wednesday after the storm, and the first two "
    "ferries left with more than four hundred passengers on board."
)
MIDDLE = (
    "Engineers had worked through three nights to free the lock gates, which were jammed by "
    "driftwood and a fishing boat that had broken loose from its mooring."
)
LAST = (
    "The council expects the repairs to cost about two million, and asked the government to "
    "bear half of it. A decision is due in the spring, officials said."
)


def make_page(html: str, **changes: Any) -> Page:
    values: dict[str, Any] = {
        "url": URL, "final_url": URL, "fetched": FETCHED, "status": 200, "body": html.encode(),
    }  # fmt: skip
    values.update(changes)
    return Page(**values)


def wrap(body: str, *, head: str = "", before: str = "", after: str = "", lang: str = "en") -> str:
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<title>Harbour reopens after storm | Lorne Courier</title>
<meta property="og:site_name" content="Lorne Courier"><meta property="og:type"
content="article">{head}</head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>{before}
<main><article><h1>Harbour reopens after storm</h1>{body}</article></main>{after}
<footer><p>Lorne Courier, all rights reserved</p></footer></body></html>"""


def extract(body: str, **parts: str) -> Article:
    return extract_article(make_page(wrap(body, **parts)))


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


BODY = paragraphs(LEAD, MIDDLE, LAST)


def test_it_takes_title_paragraphs_and_site_out_of_a_page() -> None:
    article = extract(BODY)
    assert article.title == "Harbour reopens after storm"
    assert article.site == "Lorne Courier"
    assert [block.text for block in article.blocks] == [LEAD, MIDDLE, LAST]
    assert article.text == "\n\n".join([LEAD, MIDDLE, LAST])
    assert article.language == "en"


def test_seed_5_two_captions_worded_twice_become_one_picture_with_one_caption() -> None:
    figure = """<figure><img src="/img/harbour-large.jpg"
    alt="Ferries leave the harbour" width="800" height="500">
    <figcaption>Ferries leave the harbour on Wednesday. <span class="credit">Ann Mole/Lorne
    Courier</span></figcaption></figure>
    <p class="caption">Ferries leave the harbour on Wednesday.</p>"""
    article = extract(f"<p>{LEAD}</p>{figure}<p>{MIDDLE}</p><p>{LAST}</p>")
    pictures = [block for block in article.blocks if block.kind is BlockKind.IMAGE]
    assert len(pictures) == 1
    assert pictures[0].text == "Ferries leave the harbour on Wednesday."
    assert pictures[0].image is not None
    assert pictures[0].image.alt == ""
    assert pictures[0].image.credit == "Ann Mole/Lorne Courier"
    assert "Ferries leave" not in article.text
    assert [block.kind for block in article.blocks][1] is BlockKind.IMAGE


@pytest.mark.parametrize(
    "promotion",
    [
        "<p><strong><a href='/app'>CLICK HERE TO GET THE COURIER APP</a></strong></p>",
        "<p>CLICK HERE TO GET THE COURIER APP</p>",
        "<div class='newsletter-box'><p>Sign up for our newsletter and never miss a "
        "ferry.</p></div>",
        "<p>Follow us on Facebook for more from Port Lorne.</p>",
        "<p>Abonnez-vous à notre lettre du matin.</p>",
    ],
)
def test_seed_7_a_promotion_in_the_column_is_no_part_of_the_body(promotion: str) -> None:
    article = extract(f"<p>{LEAD}</p><p>{MIDDLE}</p>{promotion}<p>{LAST}</p>")
    assert article.text == "\n\n".join([LEAD, MIDDLE, LAST])


def test_seed_1_a_capitals_line_that_is_a_link_becomes_related() -> None:
    cross = (
        "<p><a href='/2021/quay.html'><strong>COUNCIL WANTS US AND ALLIES TO PAY FOR "
        "QUAY</strong></a></p>"
    )
    also = "<p>Read more: <a href='/2021/lock.html'>How the lock was built</a></p>"
    article = extract(f"<p>{LEAD}</p>{cross}<p>{MIDDLE}</p>{also}<p>{LAST}</p>")
    assert article.text == "\n\n".join([LEAD, MIDDLE, LAST])
    assert [link.url for link in article.related] == [
        "https://news.example.org/2021/quay.html",
        "https://news.example.org/2021/lock.html",
    ]


def test_seed_10_byline_date_site_and_address_are_kept() -> None:
    head = """<link rel="canonical" href="https://news.example.org/2021/harbour-reopens.html">
    <script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour reopens
    after storm",
    "datePublished": "2021-12-22T18:05:00+01:00", "dateModified": "2021-12-22T19:00:00+01:00",
    "author": [{"@type": "Person", "name": "By Ann Mole, harbour reporter"},
    {"@type": "Organization", "name": "Reuters"}],
    "articleSection": "Local", "keywords": "harbour, storm"}</script>"""
    article = extract(BODY, head=head)
    assert article.authors == ("Ann Mole",)
    assert article.agencies == ("Reuters",)
    assert article.url == URL
    assert article.section == "Local"
    assert article.keywords == ("harbour", "storm")
    assert article.published.moment is not None
    assert article.published.moment.at == datetime(2021, 12, 22, 17, 5, tzinfo=UTC)
    assert article_json(article)["published"] == "2021-12-22T17:05:00+00:00"
    assert article_json(article)["modified"] == "2021-12-22T18:00:00+00:00"


def test_seed_11_a_credit_on_a_line_of_its_own_belongs_to_the_picture_above() -> None:
    figure = """<figure><img data-src="/img/quay-1200.jpg" src="data:image/gif;base64,AA"></figure>
    <div class="photo"><img src="/img/lock-800.jpg"><p class="photo-caption">The lock gates at
    dawn.</p>
    <p class="photo-credit">Harbour Pool Photo via AP</p></div>"""
    article = extract(f"<p>{LEAD}</p>{figure}<p>{MIDDLE}</p><p>{LAST}</p>")
    images = {block.image.url: block for block in article.blocks if block.image is not None}
    lock = images["https://news.example.org/img/lock-800.jpg"]
    assert lock.text == "The lock gates at dawn."
    assert lock.image is not None
    assert lock.image.credit == "Harbour Pool Photo via AP"
    assert "via AP" not in article.text
    assert "https://news.example.org/img/quay-1200.jpg" in images


def clock_page(number: int, *, title: str, day: str = "28 November 2022, Monday") -> Page:
    url = f"https://sawt.example.org/story/{number}"
    texts = "".join(
        f"<p>In town {number} the council met for the {n} time, and {n + number} members "
        f"spoke about water, "
        f"roads and the price of bread, which rose by {n * number} per cent.</p>"
        for n in range(2, 6)
    )
    html = f"""<html lang="en"><head><title>{title} - Voice of the Bay</title></head><body>
    <div class="top"><span>VOICE OF THE BAY INTERNATIONAL</span><div class="today">{day}</div></div>
    <div class="content"><h1>{title}</h1>
    <p>VOICE OF THE BAY INTERNATIONAL</p>{texts}<p>Our app brings you the bay wherever you
    are.</p></div></body></html>"""
    return Page(url, url, FETCHED, 200, html.encode())


def test_seed_12_the_clock_of_a_page_is_never_the_date_of_its_article() -> None:
    article = extract_article(clock_page(3, title="Council of the third town meets on water"))
    assert article.published.moment is None
    assert article_json(article)["published"] is None
    evidence = [sign for sign in article.published.evidence if sign.origin == "text"]
    assert evidence
    assert "clock" in evidence[0].note


def test_seed_12_an_older_address_wins_over_the_clock() -> None:
    page = clock_page(4, title="Council of the fourth town meets on water")
    url = "https://sawt.example.org/2021/12/27/water"
    article = extract_article(Page(url, url, FETCHED, 200, page.body))
    assert article.published.moment is not None
    assert article.published.moment.at.date().isoformat() == "2021-12-27"
    assert article.published.moment.precision is Precision.DAY
    assert article_json(article)["published"] == "2021-12-27"


def test_seed_13_the_masthead_is_not_the_first_line_once_the_host_is_known() -> None:
    titles = ["bread", "roads", "water", "schools"]
    pages = [clock_page(n, title=f"Council of town {n} meets on {t}") for n, t in enumerate(titles)]
    article = extract_article(pages[2], learn_template(pages))
    assert "VOICE OF THE BAY" not in article.text
    assert "Our app" not in article.text
    assert article.text.startswith("In town 2")


def test_two_pages_of_a_host_teach_nothing_yet() -> None:
    pages = [clock_page(n, title=f"Council of town {n} meets") for n in range(2)]
    assert learn_template(pages).recurring == frozenset()


def test_spans_are_exact_and_links_absolute() -> None:
    body = (
        "<p>The minister <a href='../threat.html'>threatened  to\n close</a> the <b>north</b>"
        " quay, "
        "and <i>The <a href='//other.example.com/b?q=1'>Bay Post</a></i> said so.</p>"
    )
    article = extract(f"{body}<p>{LEAD}</p><p>{MIDDLE}</p>")
    block = article.blocks[0]
    part = block.parts[0]
    found = {(span.kind, part.text[span.start : span.end], span.value) for span in part.spans}
    assert (SpanKind.LINK, "threatened to close", "https://news.example.org/threat.html") in found
    assert (SpanKind.LINK, "Bay Post", "https://other.example.com/b?q=1") in found
    assert (SpanKind.BOLD, "north", "") in found
    assert (SpanKind.ITALIC, "The Bay Post", "") in found
    assert part.text.startswith("The minister threatened to close the north quay, and")


def test_it_keeps_kinds_of_headings_lists_tables_quotations_and_embeds() -> None:
    body = f"""<p>{LEAD}</p><h2>What is known</h2><p>{MIDDLE}</p>
    <ul><li>Two ferries sail each morning from the north quay</li><li>One <b>freight</b> ship
    sails at night from the south quay</li></ul>
    <blockquote cite="https://council.example.org/minutes"><p>We have waited three nights for
    this, and we are tired but happy.</p></blockquote>
    <table><tr><th>Ferry</th><th>Hour</th></tr><tr><td>Lorne
    Star</td><td>07:15</td></tr><tr><td>Bay Queen</td><td>09:40</td></tr></table>
    <iframe src="https://www.youtube.com/embed/abc" title="The ferries
    leave"></iframe><p>{LAST}</p>"""
    article = extract(body)
    kinds = {block.kind: block for block in article.blocks}
    assert kinds[BlockKind.HEADING].text == "What is known"
    assert kinds[BlockKind.HEADING].level == 2
    assert [part.text for part in kinds[BlockKind.LIST].parts][1].startswith("One freight ship")
    assert kinds[BlockKind.QUOTE].url == "https://council.example.org/minutes"
    table = kinds[BlockKind.TABLE]
    assert table.columns == 2
    assert [part.text for part in table.parts] == [
        "Ferry",
        "Hour",
        "Lorne Star",
        "07:15",
        "Bay Queen",
        "09:40",
    ]
    assert kinds[BlockKind.EMBED].url == "https://www.youtube.com/embed/abc"
    assert kinds[BlockKind.EMBED].text == "The ferries leave"


def test_a_body_split_by_an_advertisement_is_joined() -> None:
    texts = [
        f"{LEAD} Part {n} of the report adds what the harbour master said later." for n in range(8)
    ]
    chunks = "".join(
        f"<div class='chunk'><div class='grid'><div class='story-text'><p>{one}</p><p>"
        f"{two}</p></div></div></div>"
        "<div class='ad-slot'>Advertisement</div>"
        for one, two in zip(texts[::2], texts[1::2], strict=True)
    )
    article = extract(f"<div class='chunks'>{chunks}</div>")
    assert article.text == "\n\n".join(texts)


def test_lazy_pictures_have_their_real_address_and_each_stands_once() -> None:
    pictures = """<picture><source srcset="/i/dock-400.webp 400w, /i/dock-1200.webp 1200w">
    <img src="data:image/gif;base64,R0lG" alt="The dock"></picture>
    <img class="lazy" src="/placeholder.png" data-src="/i/crane-900x600.jpg" alt="A crane">
    <img src="/i/crane-300x200.jpg" alt="A crane">
    <img src="/i/pixel.gif" width="1" height="1"><img class="author-avatar"
    src="/i/ann-mole-portrait.jpg">"""
    article = extract(f"<p>{LEAD}</p>{pictures}<p>{MIDDLE}</p><p>{LAST}</p>")
    urls = [block.image.url for block in article.blocks if block.image is not None]
    assert urls == [
        "https://news.example.org/i/dock-1200.webp",
        "https://news.example.org/i/crane-900x600.jpg",
    ]


def test_the_title_repeated_on_top_is_said_once() -> None:
    article = extract(f"<p>Harbour reopens after storm</p>{BODY}")
    assert article.text.count("Harbour reopens after storm") == 0


def test_a_right_to_left_page_keeps_its_letters_and_links() -> None:
    first = (
        "أعلنت السلطات في الميناء القديم إعادة فتح الأرصفة أمام السفن بعد العاصفة التي ضربت "
        "الساحل مساء الاثنين الماضي."
    )
    second = (
        "وقال <a href='/statement'>رئيس البلدية</a> إن الأضرار كبيرة، وإن إصلاحها سيستغرق عدة "
        "أسابيع على الأقل، بحسب ما نقلت الصحف."
    )
    html = (
        f"<html lang='ar' dir='rtl'><head><title>إعادة فتح الميناء بعد العاصفة</title></head>"
        f"<body><article><h1>إعادة فتح الميناء بعد العاصفة</h1><p>{first}</p><p>{second}</p><p>"
        f"{first.replace('الاثنين', 'الثلاثاء')}</p></article></body></html>"
    )
    article = extract_article(make_page(html))
    assert article.language == "ar"
    assert article.blocks[0].text == first
    part = article.blocks[1].parts[0]
    span = next(span for span in part.spans if span.kind is SpanKind.LINK)
    assert part.text[span.start : span.end] == "رئيس البلدية"


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii", ""])
def test_an_encoding_declared_wrongly_is_not_believed(declared: str) -> None:
    text = (
        "Der Bürgermeister erklärte, die Fähre fahre täglich über den großen Fluß; geöffnet ist "
        "außer montags immer."
    )
    html = (
        f"<html><head><meta charset='iso-8859-1'><title>Fähre fährt wieder</title></head><body>"
        f"<article><h1>Fähre fährt wieder</h1><p>{text}</p><p>{text} Später mehr.</p><p>"
        f"{LEAD}</p></article></body></html>"
    )
    article = extract_article(make_page(html, charset=declared))
    assert article.blocks[0].text == text


def test_an_old_encoding_without_any_declaration_is_read() -> None:
    text = (
        "Правительство объявило, что порт снова открыт для судов после сильного шторма, который "
        "продолжался три дня подряд."
    )
    html = (
        f"<html><head><title>Порт снова открыт</title></head><body><article><h1>Порт снова "
        f"открыт</h1><p>{text}</p><p>{text} Подробности позже.</p></article></body></html>"
    )
    article = extract_article(make_page("", body=html.encode("cp1251")))
    assert article.blocks[0].text == text
    assert article.language == "ru"


def test_nul_bytes_and_control_characters_do_no_harm() -> None:
    html = wrap(f"<p>{LEAD}\x00\x08</p><p>{MIDDLE}\u202e</p><p>{LAST}</p>")
    assert extract_article(make_page(html)).text == "\n\n".join([LEAD, MIDDLE, LAST])


@pytest.mark.parametrize("tag", ["div", "span", "b"])
@pytest.mark.timeout(20)
def test_five_thousand_levels_of_nesting_keep_the_text(tag: str) -> None:
    article = extract(f"<{tag}>" * 5000 + BODY + f"</{tag}>" * 5000)
    assert LEAD in article.text


def test_the_same_page_twice_gives_equal_records() -> None:
    page = make_page(wrap(BODY))
    assert extract_article(page) == extract_article(page)
    assert extract_article(page).digest != extract(paragraphs(LEAD, LAST, MIDDLE)).digest


def test_a_feed_item_teaches_date_and_fills_what_the_page_lacks() -> None:
    item = FeedItem(
        URL,
        title="Harbour reopens after storm",
        authors=("Ann Mole",),
        published=datetime(2021, 12, 22, 17, tzinfo=UTC),
    )
    article = extract_article(make_page(wrap(BODY), item=item, id="abc123", source="courier"))
    assert article.published.moment is not None
    assert article.published.moment.at == item.published
    assert (article.id, article.source, article.authors) == ("abc123", "courier", ("Ann Mole",))


def test_reservations_are_read_from_page_and_headers() -> None:
    head = (
        '<meta name="robots" content="noindex, noarchive"><meta name="tdm-reservation" content="1">'
    )
    article = extract_article(
        make_page(wrap(BODY, head=head), headers=(("X-Robots-Tag", "noarchive"),))
    )
    assert article.reservations.no_index
    assert article.reservations.no_archive
    assert article.reservations.tdm_reserved
    assert any("X-Robots-Tag" in where for where in article.reservations.evidence)


def test_an_empty_page_names_the_address() -> None:
    with pytest.raises(ExtractError, match=r"news\.example\.org"):
        extract_article(make_page(""))


def test_a_stub_before_a_paywall_is_said_to_be_empty() -> None:
    with pytest.raises(EmptyBody, match=r"harbour-reopens\.html: no article text"):
        extract("<p>Subscribe to read.</p>")


def test_an_error_page_with_status_200_is_no_article() -> None:
    html = (
        "<html><head><title>404 - Page not found</title></head><body><h1>Page not found</h1><p>"
        "The page that you are looking for has moved, or it never was here. Try the search or go "
        "back to the front page of the newspaper.</p></body></html>"
    )
    with pytest.raises(NotAnArticle, match="error page"):
        extract_article(make_page(html))


def test_a_section_front_is_no_article() -> None:
    items = "".join(
        f"<div class='card'><h3><a href='/2021/{n}.html'>Headline number {n} tells of yet "
        f"another thing that happened</a></h3></div>"
        for n in range(60)
    )
    html = (
        f"<html><head><title>Local news</title></head><body><h1>Local news</h1>{items}</body>"
        f"</html>"
    )
    with pytest.raises(ExtractError):
        extract_article(make_page(html))


def test_json_ld_fills_a_body_that_scripts_would_load() -> None:
    stated = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": "Harbour reopens after storm",
            "articleBody": f"{LEAD}\n\n{MIDDLE}\n\n{LAST}",
        }
    )
    article = extract(
        "<div id='app'></div>", head=f"<script type='application/ld+json'>{stated}</script>"
    )
    assert article.body_origin == "json-ld"
    assert article.text == "\n\n".join([LEAD, MIDDLE, LAST])


def test_json_ld_that_says_something_else_does_not_replace_the_page() -> None:
    stated = json.dumps(
        {
            "@type": "NewsArticle",
            "articleBody": "Another story altogether, about mountains and goats. " * 60,
        }
    )
    article = extract(BODY, head=f"<script type='application/ld+json'>{stated}</script>")
    assert article.text == "\n\n".join([LEAD, MIDDLE, LAST])


def test_a_batch_learns_from_context_wherever_it_stands_and_goes_on_after_a_bad_row(
    tmp_path: Path,
) -> None:
    pages = [clock_page(n, title=f"Council of town {n} meets on water") for n in range(5)]
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(pages[1].body))
    rows: list[dict[str, Any]] = [
        {"id": "a", "url": pages[0].url, "html": pages[0].body.decode()},
        {"id": "missing", "url": pages[0].url, "html_path": str(tmp_path / "none.html")},
        {"id": "b", "url": pages[1].url, "html_path": str(packed)},
        *(
            {"id": f"c{n}", "url": pages[n].url, "html": pages[n].body.decode(), "role": "context"}
            for n in (2, 3, 4)
        ),
    ]
    answers = list(extract_batch(rows))
    assert [answer["id"] for answer in answers] == ["a", "missing", "b"]
    assert "none.html" in answers[1]["error"]
    assert set(answers[1]) == {"id", "error"}
    for answer in (answers[0], answers[2]):
        assert "VOICE OF THE BAY" not in answer["text"]
        assert answer["published"] is None


def test_the_json_of_an_article_has_the_documented_fields() -> None:
    figure = (
        "<figure><img src='/i/quay-large.jpg'><figcaption>The quay at noon (Ann "
        "Mole/AP)</figcaption></figure>"
    )
    found = article_json(
        extract(
            f"<p>{LEAD}</p>{figure}<p>{MIDDLE}</p><ul><li>First of the two ferries to "
            f"leave</li><li>Second of the two ferries to leave</li></ul><p>{LAST}</p>"
        )
    )
    wanted = {
        "id",
        "title",
        "authors",
        "published",
        "modified",
        "language",
        "site",
        "text",
        "blocks",
        "images",
    }
    assert wanted <= set(found)
    assert found["images"] == [
        {
            "url": "https://news.example.org/i/quay-large.jpg",
            "caption": "The quay at noon",
            "credit": "Ann Mole/AP",
        }
    ]
    lists = [block for block in found["blocks"] if block["kind"] == "list"]
    assert [item["text"] for item in lists[0]["items"]] == [
        "First of the two ferries to leave",
        "Second of the two ferries to leave",
    ]
    for block in found["blocks"]:
        assert {"kind", "text", "spans"} <= set(block)
    assert json.loads(json.dumps(found)) == found


def test_a_host_that_repeats_most_of_a_body_does_not_empty_it() -> None:
    pages = [clock_page(n, title=f"Council of town {n} meets on water") for n in range(4)]
    template = learn_template(pages)
    text = "".join(f"<p>{LEAD} It is the {n}th time.</p>" for n in range(3))
    greedy = type(template)(
        template.host,
        4,
        template.recurring | {mark_of(run_key(f"{LEAD} It is the {n}th time.")) for n in range(3)},
    )
    assert LEAD in extract_article(make_page(wrap(text)), greedy).text


def run_key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def test_the_same_article_under_three_addresses_teaches_nothing() -> None:
    bodies = [make_page(wrap(BODY), url=f"{URL}?{n}", final_url=f"{URL}?{n}") for n in range(4)]
    assert not learn_template(bodies).recurs(run_key(LEAD))


def test_two_articles_of_one_day_keep_the_date_below_their_headlines() -> None:
    pages = []
    for n in range(4):
        url = f"https://bay.example.org/{n}"
        html = wrap(
            f"<div class='date'>27 December 2021, 10:15</div><p>{LEAD} Report {n}.</p><p>"
            f"{MIDDLE} It was number {n}.</p><p>{LAST}</p>"
        )
        pages.append(make_page(html, url=url, final_url=url))
    article = extract_article(pages[0], learn_template(pages))
    assert article.published.moment is not None
    assert article.published.moment.at == datetime(2021, 12, 27, 10, 15, tzinfo=UTC)
    assert not article.published.moment.is_zone_known
    assert article_json(article)["published"] == "2021-12-27T10:15"


def test_rows_of_nonsense_give_an_error_each_and_stop_nothing() -> None:
    good = {"id": "good", "url": URL, "html": wrap(BODY)}
    rows: list[Any] = [
        {"id": "x"},
        "no object",
        {"id": "y", "url": "http://[bad", "html": wrap(BODY)},
        {"id": "z", "url": "https://e.example/", "html": ""},
        {"id": 7, "url": 8, "html": "\ud800<p>lone surrogate"},
        good,
    ]
    answers = list(extract_batch(rows))
    assert len(answers) == len(rows)
    assert [set(answer) == {"id", "error"} for answer in answers] == [
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert answers[-1]["text"] == "\n\n".join([LEAD, MIDDLE, LAST])


def test_a_page_without_an_address_is_still_read() -> None:
    answer = next(extract_batch([{"id": "file", "html": wrap(BODY)}]))
    assert answer["title"] == "Harbour reopens after storm"
