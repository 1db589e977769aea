from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.translate.segments import join_sentences, segment_article, split_sentences
from dragoman.types import Article, Block, BlockKind, Span, SpanKind, Text

LANGUAGES = st.sampled_from(["en", "pt", "es", "fr", "de", "ru", "ar", "zh"])
PROSE = st.text(
    st.sampled_from(list("abc ABC é. !? \n\t“”\"':;,-–5 U.S. Mr. 北京。 é́")), max_size=200
) | st.text(max_size=80)


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "He met Mr. Smith and Dr. J. K. Rowling at 3 p.m. on Friday. Then he left.", 2),
        ("en", "The U.S. President spoke. The E.U. did not. It may, e.g. in May.", 3),
        ("en", "“It is over,” he said. “We won!” she shouted. Nobody answered.", 3),
        ("en", "See No. 5 on p. 12. It says so.", 2),
        ("en", "Talks begin at the U.N. The delegates waited.", 2),
        ("pt", "O sr. Silva mora na av. Paulista, nº 5. Ele chegou às 15h.", 2),
        ("es", "El Sr. García vive en EE.UU. desde ayer. Llegó tarde.", 2),
        ("fr", "M. Dupont est parti. Mme Durand reste.", 2),
        ("de", "Am 3. Oktober kam Dr. Weber. Er ging bald.", 2),
        ("ru", "Он родился в 1980 г. в Москве. Потом уехал.", 2),
        ("ar", "وصل الوزير اليوم. ثم غادر؟ نعم.", 3),
        ("zh", "北京很好。他说。", 2),
        ("en", "A headline without a stop", 1),
        ("en", "He said the following:", 1),
        ("en", "First line\nSecond line", 2),
        ("en", "wrapped in the\nmiddle of a sentence.", 1),
    ],
)
def test_sentences_end_where_a_reader_would_say(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count


@settings(max_examples=150, deadline=None)
@given(PROSE, LANGUAGES)
def test_joining_what_was_split_gives_the_text_back(text: str, language: str) -> None:
    ranges = split_sentences(text, language)
    assert join_sentences(text, ranges, [text[a:b] for a, b in ranges]) == text
    between = join_sentences(text, ranges, ["" for _ in ranges])
    assert not between.strip()


@settings(max_examples=100, deadline=None)
@given(PROSE, LANGUAGES)
def test_sentences_are_ordered_and_do_not_overlap(text: str, language: str) -> None:
    ranges = split_sentences(text, language)
    assert all(start < end for start, end in ranges)
    assert all(one[1] <= other[0] for one, other in pairwise(ranges))


def article(*texts: str) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in texts)
    return Article("a", "s", "u", "en", "A title", blocks)


def test_ids_stay_when_other_sentences_come_or_go() -> None:
    before = {s.text: s.id for s in segment_article(article("One is here. Two is there."))}
    after = {
        s.text: s.id for s in segment_article(article("New one. One is here.", "Two is there."))
    }
    assert after["One is here."] == before["One is here."]
    assert after["Two is there."] == before["Two is there."]


def test_a_sentence_said_twice_has_two_ids() -> None:
    ids = [s.id for s in segment_article(article("He left. He left."))]
    assert len(set(ids)) == 3


def test_the_title_comes_first_and_code_not_at_all() -> None:
    code = Block(BlockKind.CODE, (Text("x = 1"),))
    found = segment_article(Article("a", "s", "u", "en", "A title", (code,)))
    assert [(s.block, s.text) for s in found] == [(-1, "A title")]


def test_a_span_over_two_sentences_is_in_both() -> None:
    text = "One is here. Two is there."
    span = Span(SpanKind.BOLD, 4, 16)
    block = Block(BlockKind.PARAGRAPH, (Text(text, (span,)),))
    found = segment_article(Article("a", "s", "u", "en", "", (block,)))
    assert [s.text[x.start : x.end] for s in found for x in s.spans] == ["is here.", "Two"]
