from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.translate.spans.markup import align_sentence, find_place, place_spans
from dragoman.types import Span, SpanKind

WORDS = st.lists(st.text("abcdeéã5", min_size=1, max_size=8), min_size=1, max_size=14).map(" ".join)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(WORDS)
    count = draw(st.integers(0, 4))
    spans = []
    for _ in range(count):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start, len(text)))
        kind = draw(st.sampled_from(list(SpanKind)))
        spans.append(Span(kind, start, end, "v"))
    return text, spans


def place(
    source: str, target: str, spans: list[Span], hints: dict[Span, list[str]] | None = None
) -> tuple[Span, ...]:
    return place_spans(align_sentence(source, target, None, hints or {}), spans)


@settings(max_examples=200, deadline=None)
@given(marked(), WORDS, WORDS)
def test_spans_stay_within_bounds_and_none_is_lost(
    source: tuple[str, list[Span]], target: str, hint: str
) -> None:
    text, spans = source
    placed = place(text, target, spans, {span: [hint] for span in spans})
    assert sorted(s.kind for s in placed) == sorted(s.kind for s in spans)
    for span in placed:
        assert 0 <= span.start <= span.end <= len(target)
    starts = [(s.start, -s.end) for s in placed]
    assert starts == sorted(starts)


def link(text: str, words: str) -> Span:
    return Span(SpanKind.LINK, text.index(words), text.index(words) + len(words), words)


def test_it_keeps_a_link_that_moves_in_translation() -> None:
    source, target = "The yellow house burnt down.", "A casa amarela pegou fogo."
    span = link(source, "yellow")
    (placed,) = place(source, target, [span], {span: ["amarela"]})
    assert target[placed.start : placed.end] == "amarela"


def test_a_name_is_found_without_any_hint() -> None:
    source, target = "It was Reuters that said so.", "Foi o que disse a Reuters."
    (placed,) = place(source, target, [link(source, "Reuters")])
    assert target[placed.start : placed.end] == "Reuters"


def test_a_name_in_another_spelling_is_found_without_any_hint() -> None:
    source, target = "On Monday Choïgou left Minsk.", "Shoigu deixou Minsk na segunda."
    (placed,) = place(source, target, [link(source, "Choïgou")])
    assert target[placed.start : placed.end] == "Shoigu"


def test_a_number_is_found_though_its_separators_change() -> None:
    source, target = "Some 1,234,567 people voted.", "Votaram cerca de 1.234.567 pessoas."
    (placed,) = place(source, target, [link(source, "1,234,567")])
    assert target[placed.start : placed.end] == "1.234.567"


def test_an_uncertain_link_covers_more_words_rather_than_fewer() -> None:
    source, target = "He gave up the fight early on.", "Ele desistiu cedo da luta."
    (placed,) = place(source, target, [link(source, "gave up")])
    assert "desistiu" in target[placed.start : placed.end]
    assert find_place(align_sentence(source, target), link(source, "gave up")).score < 0.5


def test_a_link_over_the_whole_sentence_stays_so() -> None:
    source, target = "“Read it all.”", "“Leia tudo.”"
    span = Span(SpanKind.LINK, 0, len(source), "u")
    (placed,) = place(source, target, [span])
    assert target[placed.start : placed.end].strip(".“”") == "Leia tudo"


def test_bold_inside_a_link_stays_inside_it() -> None:
    source, target = "The new minister said no.", "O novo ministro disse não."
    outer = link(source, "new minister")
    inner = Span(SpanKind.BOLD, outer.start, outer.start + 3, "")
    one, other = place(source, target, [outer, inner], {outer: ["novo ministro"]})
    assert target[one.start : one.end] == "novo ministro"
    assert one.start <= other.start < other.end <= one.end


def test_two_links_never_share_a_word() -> None:
    source, target = "He said and she said.", "Ele disse e ela disse."
    first = Span(SpanKind.LINK, 3, 7, "1")
    second = Span(SpanKind.LINK, 16, 20, "2")
    one, other = place(source, target, [first, second], {first: ["disse"], second: ["disse"]})
    assert (one.value, other.value) == ("1", "2")
    assert one.end <= other.start


def test_a_link_around_a_quotation_takes_both_marks_in() -> None:
    source, target = "He said: “Never again.”", "Ele disse: “Nunca mais”."
    span = link(source, "“Never again.”")
    (placed,) = place(source, target, [span], {span: ["“Nunca mais.”"]})
    assert target[placed.start : placed.end] == "“Nunca mais”"


def test_a_line_break_stands_where_the_fewest_words_cross_it() -> None:
    source, target = "Maria Lopes\nLisbon 2019", "Maria Lopes Lisboa 2019"
    point = Span(SpanKind.BREAK, 11, 11)
    (placed,) = place(source, target, [point])
    assert target[: placed.start].split() == ["Maria", "Lopes"]


def test_a_sentence_of_a_hundred_thousand_words_is_placed_without_comparing_all_of_them() -> None:
    source = " ".join(["word"] * 100_000)
    target = " ".join(["palavra"] * 100_000)
    span = Span(SpanKind.LINK, 50_000, 50_004, "u")
    (placed,) = place(source, target, [span])
    assert 0 <= placed.start < placed.end <= len(target)
