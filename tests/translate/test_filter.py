from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import NoRoute, UnknownLanguage
from dragoman.translate import translate_batch, translate_document
from dragoman.translate.documents.html import read_html
from dragoman.translate.documents.rows import read_row
from dragoman.types import BlockKind, EngineSpec

SPECS = (EngineSpec("firefox"),)
ECHO = (EngineSpec("echo"),)


def translate(data: str, language: str = "en", into: str = "pt") -> dict[str, Any]:
    return translate_document(data, into, SPECS, language=language)


def test_paragraphs_of_plain_text_are_blocks() -> None:
    done = translate("The cat is black.\nThe dog is white.\n\n\n  The house is old.\n")
    assert [block["text"] for block in done["blocks"]] == [
        "O gato é preto.\nO cão é branco.",
        "A casa é antiga.\n",
    ]
    assert done["text"].count("\n\n") == 1
    first = done["segments"][0]
    assert first["source"] == "The cat is black."
    assert (first["target"], first["verdict"], first["checks"]) == (
        "O gato é preto.",
        "publish",
        [],
    )
    assert first["route"] == "en>pt (firefox)"


def test_html_keeps_its_links_and_its_structure() -> None:
    page = """<html><head><title>x</title><script>alert(1)</script></head><body>
    <h1>The cat is black</h1><p>The <a href="https://a.b/1"><b>house</b></a> is old.</p>
    <ul><li>One cat</li><li>Two dogs</li></ul><blockquote>It is over.</blockquote></body></html>"""
    done = translate(page)
    assert done["title"] == "O gato é preto"
    assert [block["kind"] for block in done["blocks"]] == ["paragraph", "list", "quote"]
    spans = {span["kind"]: span for span in done["blocks"][0]["spans"]}
    text = done["blocks"][0]["text"]
    assert text[spans["link"]["start"] : spans["link"]["end"]] == "casa"
    assert spans["link"]["value"] == "https://a.b/1"
    assert "bold" in spans
    assert "alert" not in json.dumps(done)


def test_an_article_comes_back_block_by_block() -> None:
    article = {
        "title": "The cat is black",
        "language": "en",
        "blocks": [
            {"kind": "heading", "level": 2, "text": "The house"},
            {
                "kind": "paragraph",
                "text": "The dog is white.",
                "links": [{"text": "dog", "url": "u"}],
            },
            {"kind": "paragraph", "html": "The <a href='https://a.b/'>book</a> is old."},
            {
                "kind": "image",
                "image": {"url": "i", "caption": "The cat", "credit": "Ana Sol / AP"},
            },
            {"kind": "credit", "text": "Kremlin Pool Photo"},
            {"kind": "table", "rows": [[{"text": "Year"}, {"text": "5"}], [{"text": "House"}]]},
            "The end is near.",
        ],
    }
    done = translate(json.dumps(article))
    blocks = done["blocks"]
    assert len(blocks) == len(article["blocks"])
    assert blocks[0]["level"] == 2
    assert [span["value"] for span in blocks[1]["spans"]] == ["u"]
    assert [span["value"] for span in blocks[2]["spans"]] == ["https://a.b/"]
    assert blocks[3]["image"] == {"url": "i", "caption": "O gato", "credit": "Ana Sol / AP"}
    assert blocks[4]["text"] == "Kremlin Pool Photo"
    assert [len(row) for row in blocks[5]["rows"]] == [2, 2]
    assert blocks[6]["kind"] == "paragraph"


def test_a_bad_row_of_a_batch_says_why_and_the_rest_goes_on() -> None:
    rows: list[Any] = [
        {"id": 1, "language": "en", "title": "The cat"},
        {"id": 2, "language": "xx", "title": "The cat"},
        {"id": 3, "language": "ar", "title": "القط"},
        {"id": 4, "language": "en", "blocks": 5},
        {"id": 5, "language": "en", "title": 7},
        {"id": 6, "language": "en", "blocks": [7]},
        {"id": 7, "language": "en"},
        {"id": 8, "error": "line 8 is no JSON"},
        "no row at all",
        {"id": 10, "language": "en", "title": "The dog", "blocks": [{"text": "x", "spans": 5}]},
    ]
    done = list(translate_batch(rows, "pt", SPECS))
    assert [row["id"] for row in done] == [1, 2, 3, 4, 5, 6, 7, 8, None, 10]
    assert ["error" in row for row in done] == [False, *[True] * 8, False]
    assert "dragoman models add ar pt" in done[2]["error"]
    assert done[7]["error"] == "line 8 is no JSON"


def test_the_language_is_found_where_nobody_says_it() -> None:
    text = "O ministro disse nesta sexta-feira que a reunião acabou sem nenhum acordo."
    assert translate(text, language="", into="en")["language"] == "pt"


def test_languages_without_a_route_or_without_a_name_are_errors() -> None:
    with pytest.raises(NoRoute, match="dragoman models add ja pt"):
        translate("猫", language="ja")
    with pytest.raises(NoRoute, match="already"):
        translate("The cat", into="en")
    with pytest.raises(UnknownLanguage, match="klingonish"):
        translate("The cat", language="klingonish")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "The cat\x00 is\x00 black. " + "b" * 10_000,
        "word " * 500,
        "(" * 3_000 + "cat" + ")" * 3_000,
        "\ud800 lone surrogate and a cat",
        "\u202eThe cat\u200b is black.\ufeff",
    ],
)
def test_hostile_text_neither_hangs_nor_fails(text: str) -> None:
    began = time.monotonic()
    done = translate(text)
    assert time.monotonic() - began < 30
    assert len(done["blocks"]) == 1
    json.dumps(done, ensure_ascii=False).encode()


def test_deep_html_does_not_overflow_the_stack() -> None:
    article = read_html("<div>" * 50_000 + "<p>The cat</p>" + "<b>" * 50_000 + "x", "en")
    assert isinstance(article.blocks, tuple)


@settings(max_examples=60, deadline=None)
@given(st.text("<>/ abpidvul=\"'&;#\n", max_size=120))
def test_any_html_gives_blocks_with_spans_within_bounds(html: str) -> None:
    for block in read_html(html, "en").blocks:
        for part in block.parts:
            assert all(0 <= s.start <= s.end <= len(part.text) for s in part.spans)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_there_is_one_block_out_for_each_block_in(texts: list[str]) -> None:
    rows = [{"id": 1, "language": "en", "title": "x y", "blocks": [{"text": t} for t in texts]}]
    (done,) = translate_batch(rows, "pt", ECHO)
    assert len(done["blocks"]) == len(texts)


def test_unknown_kinds_and_keys_are_kept() -> None:
    row = {"language": "en", "blocks": [{"kind": "sidebar", "text": "The cat", "colour": "red"}]}
    (done,) = translate_batch([row], "pt", ECHO)
    assert done["blocks"][0] == {
        "kind": "sidebar", "colour": "red", "text": "[pt] The cat", "spans": [],
    }  # fmt: skip
    assert read_row(row, "en").blocks[0].kind is BlockKind.PARAGRAPH
