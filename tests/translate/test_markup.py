from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.translate.markup import place_spans
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


@settings(max_examples=200, deadline=None)
@given(marked(), WORDS, WORDS)
def test_spans_stay_within_bounds_and_none_is_lost(
    source: tuple[str, list[Span]], target: str, hint: str
) -> None:
    text, spans = source
    placed = place_spans(text, spans, target, {span: [hint] for span in spans})
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
    (placed,) = place_spans(source, [span], target, {span: ["amarela"]})
    assert target[placed.start : placed.end] == "amarela"


def test_a_name_is_found_without_any_hint() -> None:
    source, target = "It was Reuters that said so.", "Foi o que disse a Reuters."
    (placed,) = place_spans(source, [link(source, "Reuters")], target, {})
    assert target[placed.start : placed.end] == "Reuters"


def test_an_uncertain_link_covers_more_words_rather_than_fewer() -> None:
    source, target = "He gave up the fight early on.", "Ele desistiu cedo da luta."
    (placed,) = place_spans(source, [link(source, "gave up")], target, {})
    assert "desistiu" in target[placed.start : placed.end]


def test_a_link_over_the_whole_sentence_stays_so() -> None:
    source, target = "“Read it all.”", "“Leia tudo.”"
    span = Span(SpanKind.LINK, 0, len(source), "u")
    (placed,) = place_spans(source, [span], target, {})
    assert target[placed.start : placed.end].strip(".“”") == "Leia tudo"


def test_bold_inside_a_link_stays_inside_it() -> None:
    source, target = "The new minister said no.", "O novo ministro disse não."
    outer = link(source, "new minister")
    inner = Span(SpanKind.BOLD, outer.start, outer.end, "")
    placed = place_spans(source, [outer, inner], target, {outer: ["novo ministro"]})
    assert {target[s.start : s.end] for s in placed} == {"novo ministro"}


def test_two_links_never_share_a_word() -> None:
    source, target = "He said and she said.", "Ele disse e ela disse."
    first = Span(SpanKind.LINK, 3, 7, "1")
    second = Span(SpanKind.LINK, 16, 20, "2")
    hints = {first: ["disse"], second: ["disse"]}
    one, other = place_spans(source, [first, second], target, hints)
    assert (one.value, other.value) == ("1", "2")
    assert one.end <= other.start
