"""Pages made after what news sites of many languages do around, between and below their texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.extract import extract_article
from dragoman.types import Article, BlockKind, Page

URL = "https://www.site.example/2026/03/story-1.html"
LINES = Path(__file__).with_name("made_pages.jsonl").read_text(encoding="utf-8").splitlines()
MADE = {row["name"]: row for row in map(json.loads, LINES)}


def read(html: str) -> Article:
    return extract_article(Page(URL, URL, datetime(2026, 3, 22, tzinfo=UTC), 200, html.encode()))


@pytest.mark.parametrize("row", MADE.values(), ids=MADE.keys())
def test_the_text_is_whole_and_nothing_that_stands_beside_it_is_kept(row: dict[str, Any]) -> None:
    assert read(row["html"]).text.split("\n\n") == row["texts"]


def entries(article: Article) -> list[tuple[str, str]]:
    """Give the hour of each live entry and how the text below it begins."""
    heads = [at for at, block in enumerate(article.blocks) if block.kind is BlockKind.LIVE]
    return [
        (f"{article.blocks[at].at.at:%H:%M}", article.blocks[at + 1].text[:18])  # type: ignore[union-attr]
        for at in heads
    ]


def test_entries_of_a_live_blog_have_the_times_that_stand_beside_them() -> None:
    assert entries(read(MADE["fr live dom"]["html"])) == [
        ("13:20", "Le premier témoin,"),
        ("10:05", "Le tribunal rejett"),
        ("09:12", "L'avocat de la déf"),
        ("08:30", "Le président de la"),
    ]


def test_entries_that_only_json_ld_has_are_read_with_their_times() -> None:
    article = read(MADE["en live ld"]["html"])
    assert article.body_origin == "json-ld"
    assert entries(article) == [
        ("20:00", "The opposition lea"),
        ("21:00", "The governing part"),
        ("22:00", "Turnout reached si"),
        ("23:00", "The last polling s"),
    ]


def test_the_title_of_a_live_entry_stands_in_its_head() -> None:
    row = MADE["fr live dom"]
    html = row["html"]
    for number in range(1, 5):
        html = html.replace(f"id=p{number}>", f"id=p{number}><h3>Audience, acte {number}</h3>")
    heads = [block for block in read(html).blocks if block.kind is BlockKind.LIVE]
    assert [head.text for head in heads] == [f"Audience, acte {n}" for n in (4, 3, 2, 1)]
    assert all(head.at for head in heads)


def test_quoted_posts_with_times_make_no_live_blog_of_an_article() -> None:
    row = MADE["de split"]
    post = (
        "<blockquote><p>Das war überfällig, sagt man in Wehlau dazu.</p>"
        '<time datetime="2026-03-03T{0}:00:00+01:00">3. März</time></blockquote>'
    )
    html = row["html"].replace('<div class="adbox">', "".join(map(post.format, (10, 11, 12))) +
                               '<div class="adbox">')  # fmt: skip
    assert not [block for block in read(html).blocks if block.kind is BlockKind.LIVE]


@pytest.mark.parametrize(
    "news",
    [
        "Подписчики Telegram смогут оплачивать каналы, сообщил основатель сети.",
        "Topics: the minister would not name them when he was asked.",
        "Follow the money, he said. Google News reported it first.",
        "Sigue la huelga en el puerto, informó la empresa en Twitter.",
        "Continua após dois dias a busca pelos pescadores.",
        "Der Minister kündigte auf Facebook an: Artikel 5 wird gestrichen.",
        "وتابع الوزير عبر تويتر أن الميناء سيفتح غدا أمام السفن.",
        "The channel was closed on Friday, WhatsApp said, and its owner was told.",
        "Source of the fire: <a href='/2026/fire'>the old warehouse</a>, said the chief.",
    ],
)
def test_news_in_the_words_of_an_appeal_stays(news: str) -> None:
    row = MADE["en more"]
    first = row["texts"][1]
    html = row["html"].replace(f"<p>{first}</p>", f"<p>{news}</p><p>{first}</p>")
    kept = read(html).text.split("\n\n")
    assert len(kept) == len(row["texts"]) + 1


def test_posts_whose_titles_lead_to_pages_of_their_own_are_one_live_blog() -> None:
    row = MADE["fr live dom"]
    html = row["html"]
    for number in range(1, 5):
        title = f'<h3><a href="/direct/acte-{number}.html">Audience, acte {number}</a></h3>'
        html = html.replace(f'<div class="live-post" id=p{number}>', f"<article>{title}")
    html = html.replace('<div class="share">Partager</div></div>', "</article>")
    assert [text for text in row["texts"] if text not in read(html).text] == []


def test_the_turns_of_an_interview_are_no_portraits_of_its_author() -> None:
    row = MADE["pt fold"]
    turn = "D. Rita Moreira: Então é isso. Muito obrigada por ter falado com o nosso jornal."
    last = row["texts"][-1]
    head = '<head><meta name="author" content="Rita Moreira">'
    html = row["html"].replace("<head>", head).replace(f"<p>{last}</p>", f"<p>{last}</p><p>{turn}")
    assert turn in read(html).text


def test_short_items_of_a_list_above_the_first_paragraph_are_no_topics() -> None:
    row = MADE["en more"]
    items = "<ul><li>New seats</li><li>Better lights</li><li>Bugs fixed</li></ul>"
    first = f"<p>{row['texts'][0]}</p>"
    text = read(row["html"].replace(first, f"<p>What is new?</p>{items}{first}")).text
    assert "New seats\nBetter lights\nBugs fixed" in text
