"""What the text of an article links to is known to linking; what stands beside it is not."""

from dragoman.steps.linking import find_links
from dragoman.types import Article, Block, BlockKind, Link, Span, SpanKind, Text


def test_the_links_of_the_text_are_found_and_no_others() -> None:
    spans = (Span(SpanKind.LINK, 4, 9, "https://a.example/ferry"), Span(SpanKind.BOLD, 0, 3))
    article = Article(
        "a", "s", "https://a.example/a", "en", "Ferry",
        (Block(BlockKind.PARAGRAPH, (Text("The ferry sails.", spans),)),),
        related=(Link("More", "https://a.example/more"),),
    )  # fmt: skip
    assert list(find_links(article)) == ["https://a.example/ferry"]
