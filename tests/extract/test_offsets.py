from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.extract.flow import walk_page
from dragoman.extract.inline import TextBuilder
from dragoman.extract.moments import read_moment, read_words, write_iso
from dragoman.extract.tree import decode_body
from dragoman.types import Span, SpanKind

WORDS = st.text(st.sampled_from("abcdefgh é漢ش\u00a0\u202f\u2009\n\t.,&<"), min_size=0, max_size=12)
PIECES = st.lists(st.tuples(st.sampled_from(["", "a", "b", "i", "br"]), WORDS), max_size=12)


def build(pieces: list[tuple[str, str]]) -> tuple[str, tuple[Span, ...], list[tuple[str, str]]]:
    builder = TextBuilder()
    wanted = []
    for tag, text in pieces:
        if tag == "br":
            builder.add_break()
        elif tag:
            kind = {"a": SpanKind.LINK, "b": SpanKind.BOLD, "i": SpanKind.ITALIC}[tag]
            builder.open(kind, "https://x.example/" if tag == "a" else "")
            builder.add(text)
            builder.close()
            words = " ".join(text.split())
            if words:
                wanted.append((kind.value, words))
        else:
            builder.add(text)
    text, spans = builder.take()
    return text, spans, wanted


@given(PIECES)
def test_a_span_covers_exactly_the_words_inside_its_element(pieces: list[tuple[str, str]]) -> None:
    text, spans, wanted = build(pieces)
    found = [(s.kind.value, text[s.start : s.end]) for s in spans if s.kind is not SpanKind.BREAK]
    assert sorted(found) == sorted(wanted)


def test_spaces_that_do_not_break_are_plain_ones_and_move_no_span() -> None:
    builder = TextBuilder()
    builder.add("\u00a0Il a dit\u202f: «\u00a0")
    builder.open(SpanKind.BOLD)
    builder.add("10\u202f000\u00a0\u00a0km")
    builder.close()
    builder.add("\u00a0», bien\u00a0loin\u202f!\u00a0")
    text, spans = builder.take()
    assert text == "Il a dit : « 10 000 km », bien loin !"
    assert [text[span.start : span.end] for span in spans] == ["10 000 km"]


@given(PIECES)
def test_spans_lie_inside_the_text_in_order_and_the_text_is_folded(
    pieces: list[tuple[str, str]],
) -> None:
    text, spans, _ = build(pieces)
    assert text == " ".join(text.split())
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    assert [s.start for s in spans] == sorted(s.start for s in spans)
    for span in spans:
        if span.kind is SpanKind.BREAK:
            assert span.start == span.end
            assert 0 < span.start < len(text)


@settings(deadline=None)
@given(PIECES)
def test_the_walk_of_a_page_loses_no_word(pieces: list[tuple[str, str]]) -> None:
    from lxml import html

    inner = "".join(
        "<br>" if t == "br" else f"<{t} href='/x'>{escape(w)}</{t}>" if t else escape(w)
        for t, w in pieces
    )
    flow = walk_page(
        html.document_fromstring(f"<html><body><div><p>{inner}</p></div></body></html>"),
        "https://x.example/",
    )
    shown = "".join("".join(run.text.split()) for run in flow.runs)
    assert shown == "".join("".join(w.split()) for t, w in pieces if t != "br")
    for run in flow.runs:
        for span in run.spans:
            assert run.text[span.start : span.end].strip() == run.text[span.start : span.end]


@given(
    st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "rot13", "klingon", "gb2312"])
)
def test_no_bytes_are_too_wild_to_be_decoded(body: bytes, charset: str) -> None:
    assert isinstance(decode_body(body, charset), str)


@given(st.integers(min_value=631_238_400, max_value=3_786_912_000))
def test_a_written_moment_reads_back_the_same(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    moment = read_moment(f"{at:%Y-%m-%dT%H:%M:%S}+00:00")
    assert moment is not None
    assert write_iso(moment) == f"{at:%Y-%m-%dT%H:%M:%S}+00:00"


def test_dates_in_words_follow_the_language() -> None:
    expected = "2024-03-05"
    for text, language in [
        ("5 Mart 2024 09:15", "tr"), ("5 mars 2024 à 9h15", "fr"), ("5 de março de 2024", "pt"),
        ("March 5, 2024", "en"), ("05.03.2024", "de"), ("2024年3月5日", "ja"),
        ("5 марта 2024", "ru"), ("٥ مارس ٢٠٢٤", "ar"),
    ]:  # fmt: skip
        moment = read_words(text, language)
        assert moment is not None, text
        assert (write_iso(moment) or "").startswith(expected), text
    assert read_words("Room 2024 in the north wing", "en") is None
