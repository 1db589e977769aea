"""What is the article's text and what stands beside it, on pages of our own making."""

from __future__ import annotations

import json

import pytest

from dragoman.errors import EmptyBody
from dragoman.extract import article_json, extract_article
from tests.extract.test_articles import BODY, LAST, LEAD, MIDDLE, extract, make_page, paragraphs

TEXT = "\n\n".join([LEAD, MIDDLE, LAST])
STATE = f"<p>{LEAD}</p><div class='ad'></div><p>{MIDDLE}</p><p>{LAST}</p>"
DESCRIPTION = (
    '<meta name="description" content="The harbour of Port Lorne reopened after the storm; '
    'engineers freed the lock gates.">'
)


def stateful(state: str, *, head: str = "", body: str = "<div id='root'></div>") -> str:
    return (
        f"<html lang='en'><head><title>Harbour reopens after storm</title>{DESCRIPTION}{head}"
        f"</head><body>{body}<script>{state}</script></body></html>"
    )


def framework(text: str) -> str:
    """Write text as a framework streams it: a string of data inside a string of script."""
    inner = json.dumps({"title": "Harbour reopens after storm", "contentHtml": text})
    return f"self.push([1,{json.dumps(inner)}])".replace("<", "\\u003c")


def test_text_behind_a_comment_stays() -> None:
    body = "".join(
        f"<p><!--[-->{text[:30]}<!--]--><b>{text[30:40]}</b><!-- 1 -->{text[40:]}</p>"
        for text in (LEAD, MIDDLE, LAST)
    )
    assert extract(body).text == TEXT


def test_an_article_that_only_the_scripts_hold_is_read_from_their_state() -> None:
    article = extract_article(make_page(stateful(framework(STATE))))
    assert article.text == TEXT
    assert article.body_origin == "script"
    plain = f"window.data = {json.dumps({'body': STATE})}".replace("</", "<\\/")
    assert extract_article(make_page(stateful(plain))).text == TEXT


def test_the_state_of_scripts_counts_for_nothing_where_the_page_has_its_text() -> None:
    other = paragraphs(
        *(f"{text} Once more, with the boats of last year." for text in (LEAD, LAST))
    )
    article = extract(BODY, after=f"<script>{framework(other + f'<p>{MIDDLE}</p>')}</script>")
    assert article.text == TEXT
    assert article.body_origin == "page"


def test_the_state_of_scripts_is_left_alone_where_it_tells_of_something_else() -> None:
    other = paragraphs(
        *(
            f"Every visitor to this shop agrees to rule {n} of our terms, which are kept at the "
            "counter and read to everybody who asks for them in writing before noon."
            for n in range(6)
        )
    )
    with pytest.raises(EmptyBody):
        extract_article(make_page(stateful(framework(other))))


def test_a_text_for_subscribers_is_not_taken_from_the_scripts_and_this_is_said() -> None:
    paid = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour reopens '
        'after storm","isAccessibleForFree":false}</script>'
    )
    with pytest.raises(EmptyBody, match="for subscribers"):
        extract_article(make_page(stateful(framework(STATE), head=paid)))


@pytest.mark.parametrize(
    "line",
    [
        "© dpa-infocom, dpa:230428-99-483045/5",
        "(Quelle: APA/sda/dpa)",
        "(AFP)",
        "(hb/rtr)",
        "Editor : Marta Ilves",
        "Additional reporting by Ana Sousa in Lisbon",
        "Ana Sousa contributed to this report.",
        "Do you have a story to tell? Write to news@example.org",
    ],
)
def test_a_line_that_only_says_whose_copy_it_is_ends_no_text(line: str) -> None:
    assert extract(BODY + f"<p>{line}</p>").text == TEXT


def test_a_source_that_is_named_in_the_middle_of_the_text_stays() -> None:
    line = "Ana Sousa contributed to this report of the council, said the mayor in his answer."
    assert line in extract(paragraphs(LEAD, line, MIDDLE, LAST, MIDDLE[::-1], LAST[::-1])).text


@pytest.mark.parametrize("label", ["Advertisement", "Anzeige", "Publicidad", "إعلان", "Реклама"])
def test_the_label_of_an_advertisement_is_dropped_and_the_text_below_it_is_not(label: str) -> None:
    body = (
        f"<p>{LEAD}</p><div class='x1'>{label}</div><p>{MIDDLE}</p><div>{label}</div><p>{LAST}</p>"
    )
    assert extract(body).text == TEXT


def test_a_heading_over_a_promotion_goes_with_it() -> None:
    promotion = "<h3>The valley in your pocket</h3><p>Sign up for our free newsletter today.</p>"
    assert extract(paragraphs(LEAD, MIDDLE) + promotion + f"<p>{LAST}</p>").text == TEXT


def test_a_box_that_a_promotion_opens_is_dropped_whole() -> None:
    box = (
        "<div class='col'><p>Subscribe now: two weeks for nothing</p><p>For a hundred years we "
        "have told the valley what it would rather not know, and we go on with it.</p></div>"
    )
    assert extract(f"<div class='t'>{BODY}</div>{box}").text == TEXT


def test_a_teaser_goes_with_its_read_also() -> None:
    teaser = (
        "<div class='b1'><div><p>Read also</p></div><div class='b2'><div><a href='/2021/x.html'>"
        "Lighthouse goes dark for a week</a></div><p>The keepers of Cape Hale struck on Monday, "
        "and no ship was warned of the rocks until Friday, which the owners called a ...</p>"
        "</div></div>"
    )
    article = extract(f"<p>{LEAD}</p>{teaser}<p>{MIDDLE}</p><p>{LAST}</p>")
    assert article.text == TEXT


def test_a_list_of_kickers_with_links_is_no_text() -> None:
    items = "".join(
        f"<li>{topic}: <a href='/2021/{n}.html'>Town number {n} paints its lighthouse</a></li>"
        for n, topic in enumerate(("Coast", "Ships", "Weather"))
    )
    article = extract(f"<p>{LEAD}</p><h3>What we found out</h3><ul>{items}</ul>"
                      f"<p>{MIDDLE}</p><p>{LAST}</p>")  # fmt: skip
    assert article.text == TEXT
    assert len(article.related) == 3


def test_paragraphs_that_each_stand_in_a_wrapper_of_their_own_are_one_text() -> None:
    linked = (
        "<a href='/2021/mayor.html'>The mayor of Port Lorne</a> had asked for <a href='/2021/"
        "dredger.html'>a second dredger</a> in spring, and was told to wait."
    )
    texts = [LEAD, MIDDLE, linked, LAST, f"{LEAD} So it was.", f"{MIDDLE} So it stays."]
    body = "".join(f"<div><div><p>{text}</p></div></div>" for text in texts)
    assert "had asked for a second dredger" in extract(f"<div class='q'>{body}</div>").text


def test_caption_and_credit_beside_a_picture_without_a_figure_are_no_text() -> None:
    picture = (
        "<div class='w9'><img src='/pic/gates.jpg' width='900'><p>Engineers stand on the lock "
        "gates of the harbour</p><p>Photo: AFP</p></div>"
    )
    assert extract(f"<p>{LEAD}</p>{picture}<p>{MIDDLE}</p><p>{LAST}</p>").text == TEXT


def test_a_quotation_set_apart_that_repeats_a_paragraph_goes_with_its_speaker() -> None:
    quote = (
        "<div class='k4'><blockquote>The council expects the repairs to cost about two "
        "million, and asked the government"
        "</blockquote><p>Ada Brandt, harbour master</p></div>"
    )
    assert extract(f"<div class='t'>{paragraphs(LEAD, MIDDLE)}{quote}<p>{LAST}</p></div>").text == (
        TEXT
    )


def test_a_place_or_a_dated_byline_above_the_text_is_no_text() -> None:
    top = "<p>Port Lorne</p><p>Ada Brandt | 27.12.2021 - Updated: 28.12.2021</p>"
    assert extract(top + BODY).text == TEXT


def test_what_tells_of_the_author_at_the_end_is_no_text() -> None:
    head = '<meta name="author" content="Ada Brandt">'
    for portrait in (
        "<p>Ada Brandt is the author of three books on lighthouses and lives by the sea.</p>",
        "<p>Die Autorin</p><p>Ada Brandt (*1958) war Direktorin der Hafenbehörde.</p>",
        "<p>By Ada Brandt</p>",
    ):
        assert extract(BODY + portrait, head=head).text == TEXT


def test_a_person_of_the_news_keeps_the_last_word() -> None:
    end = "Ada Brandt is the harbour master, and she does not expect a second storm this year."
    assert extract(BODY + f"<p>{end}</p>").text == f"{TEXT}\n\n{end}"


def test_pictures_of_an_article_that_is_veiled_until_a_script_runs_are_kept() -> None:
    picture = "<figure><img src='/pic/gates.jpg' width='900' alt='Lock gates'></figure>"
    body = f"<div style='visibility:hidden'><p>{LEAD}</p>{picture}{paragraphs(MIDDLE, LAST)}</div>"
    assert [image["url"] for image in article_json(extract(body))["images"]] == [
        "https://news.example.org/pic/gates.jpg"
    ]


def test_words_for_screen_readers_in_links_are_no_text() -> None:
    linked = MIDDLE.replace(
        "lock gates",
        "<a href='/x'>lock gates<span class='go-vh'>(opens in a new window)</span></a>",
    )
    assert extract(paragraphs(LEAD, linked, LAST)).text == TEXT
