"""What is translated of an article's blocks, and what stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime

from dragoman.publish.rows import lay_rows
from dragoman.translate import available_legs, find_route, translate_article
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    EngineSpec,
    Image,
    Moment,
    Span,
    SpanKind,
    Text,
    Translation,
)

SPECS = (EngineSpec("firefox"),)


def relay(*blocks: Block) -> tuple[Article, Translation]:
    article = Article("a", "s", "https://a.example/", "en", "The harbour opens again", blocks)
    route = find_route(available_legs(SPECS), "en", "pt")
    return article, translate_article(article, "pt", route, SPECS)


def test_the_words_for_a_picture_without_a_caption_are_translated() -> None:
    picture = Image("https://a.example/1.jpg", alt="A red boat in the harbour", credit="Ana Sá/AFP")
    article, made = relay(Block(BlockKind.IMAGE, image=picture))
    image = made.blocks[0].image
    assert image is not None
    assert "barco" in image.alt
    assert image.credit == "Ana Sá/AFP"
    row = lay_rows(article, made)[0]
    assert (row.alt, row.target_alt) == (picture.alt, image.alt)


def test_the_words_for_a_picture_with_a_caption_stay_with_the_original() -> None:
    picture = Image("https://a.example/1.jpg", alt="A red boat in the harbour")
    caption = (Text("The boat came home on Sunday."),)
    article, made = relay(Block(BlockKind.IMAGE, caption, image=picture))
    assert made.blocks[0].image == picture
    assert "domingo" in made.blocks[0].text
    assert lay_rows(article, made)[0].target_alt == ""


def test_a_block_in_a_third_language_stays_as_it_is_and_says_its_language() -> None:
    words = "El puerto abrirá de nuevo el lunes, dijo la alcaldesa."
    article, made = relay(
        Block(BlockKind.QUOTE, (Text(words),), language="es"),
        Block(BlockKind.PARAGRAPH, (Text("The mayor said it twice."),)),
    )
    assert made.blocks[0].text == words
    assert made.blocks[0].language == "es"
    row = lay_rows(article, made)[0]
    assert row.language == "es" and not row.target
    assert made.blocks[1].text != article.blocks[1].text
    assert made.blocks[1].language == ""


def test_case_16_a_relative_day_keeps_its_date_in_the_translation() -> None:
    text = "The mayor spoke on Tuesday of the harbour."
    date = Span(SpanKind.DATE, text.index("Tuesday"), text.index("Tuesday") + 7, "2021-12-21")
    moment = Moment(datetime(2021, 12, 22, 9, tzinfo=UTC))
    block = Block(BlockKind.PARAGRAPH, (Text(text, (date,)),))
    route = find_route(available_legs(SPECS), "en", "pt")
    url = "https://a.example/"
    article = Article("a", "s", url, "en", "The harbour opens", (block,), Dating(moment))
    part = translate_article(article, "pt", route, SPECS).blocks[0].parts[0]
    (carried,) = part.spans
    assert part.text[carried.start : carried.end] == "terça-feira"
    assert (carried.kind, carried.value) == (SpanKind.DATE, "2021-12-21")
