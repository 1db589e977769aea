"""Text with spans becomes HTML of ours alone, whatever the spans are."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from dragoman.publish.pages import _note_day
from dragoman.publish.prose import write_piece, write_text
from dragoman.publish.views import Piece, Sentence
from dragoman.publish.wording import wording
from dragoman.types import Span, SpanKind, Text, Verdict

KINDS = st.sampled_from(list(SpanKind))
PLACES = st.integers(min_value=-2, max_value=14)
SPANS = st.lists(st.builds(Span, KINDS, PLACES, PLACES, st.just("https://a.example/?x=1&y=2")))
TEXTS = st.text(alphabet="ab <>&\"'é", max_size=12)


def test_it_writes_links_and_emphasis_inside_one_another() -> None:
    spans = (Span(SpanKind.BOLD, 0, 9), Span(SpanKind.LINK, 4, 9, "https://a.example/"))
    assert write_text(Text("the quick fox", spans)) == (
        '<b>the <a href="https://a.example/" rel="external nofollow noopener">quick</a></b> fox'
    )


def test_it_cuts_spans_that_cross_one_another() -> None:
    spans = (Span(SpanKind.BOLD, 0, 3), Span(SpanKind.ITALIC, 2, 5))
    assert write_text(Text("abcde", spans)) == "<b>ab<i>c</i></b><i>de</i>"


def test_it_writes_no_link_to_a_harmful_address() -> None:
    for address in ("javascript:alert(1)", "data:text/html,x", "//[", "", "file:///etc/passwd"):
        text = Text("press", (Span(SpanKind.LINK, 0, 5, address),))
        assert write_text(text) == "press"


def test_it_keeps_a_link_that_runs_over_two_sentences() -> None:
    text = Text("One. Two.", (Span(SpanKind.LINK, 0, 9, "https://a.example/"),))
    piece = Piece(text, (Sentence("a", 0, 4), Sentence("b", 5, 9, Verdict.MARK)))
    node = html.fragment_fromstring(write_piece(piece, prefix="s-"), create_parent="p")
    assert [a.text for a in node.iter("a")] == ["One.", " ", "Two."]
    assert [s.get("class") for s in node.iter("span")] == ["s n0", "s n1 low"]
    assert [s.get("id") for s in node.iter("span")] == ["s-a", "s-b"]


@given(TEXTS, SPANS)
def test_no_text_is_lost_and_no_markup_is_let_in(text: str, spans: list[Span]) -> None:
    written = write_text(Text(text, tuple(spans)))
    node = html.fragment_fromstring(f"<p>{written}</p>")
    assert node.text_content() == text
    tags = {child.tag for child in node.iterdescendants()}
    assert tags <= {"a", "b", "i", "code", "q", "time", "br"}
    assert not node.xpath(".//a//a")


def test_a_relative_month_is_noted_as_one_and_a_week_is_never_given_a_day() -> None:
    english = wording("en")
    assert "Dec 22, 2021" in _note_day(english, "2021-12-22")
    assert "Jan" in _note_day(english, "2022-01") and "1," not in _note_day(english, "2022-01")
    assert "[<bdi>2021</bdi>]" in _note_day(english, "2021")
    assert _note_day(english, "2021-W51") == ""
    assert _note_day(english, "nonsense") == ""
