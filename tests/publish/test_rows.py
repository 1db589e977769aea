"""Blocks stand beside their translations, and rights cut both sides at the same sentence."""

from dragoman.publish.rows import cut_rows, lay_rows, reading_minutes, rows_text
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Segment,
    Text,
    TranslatedSegment,
    Translation,
    TranslationStatus,
)


def make(
    *paragraphs: list[str], status: TranslationStatus = TranslationStatus.DONE
) -> tuple[Article, Translation]:
    """Make an article of sentences and its translation, the same in capitals."""
    blocks, made, segments = [], [], []
    for index, sentences in enumerate(paragraphs):
        text, at = " ".join(sentences), 0
        for number, sentence in enumerate(sentences):
            segment = Segment(f"{index}-{number}", index, 0, at, at + len(sentence), sentence)
            segments.append(TranslatedSegment(segment, sentence.upper()))
            at += len(sentence) + 1
        blocks.append(Block(BlockKind.PARAGRAPH, (Text(text),)))
        made.append(Block(BlockKind.PARAGRAPH, (Text(text.upper()),)))
    article = Article("a", "s", "https://s.example/a", "pt", "t", tuple(blocks))
    translation = Translation(
        "a", 1, "pt", "en", status, blocks=tuple(made), segments=tuple(segments)
    )
    return article, translation


def test_sentences_are_found_on_both_sides() -> None:
    rows = lay_rows(*make(["One a.", "Two b."], ["Three c."]))
    assert [s.segment for s in rows[0].target[0].sentences] == ["0-0", "0-1"]
    for piece in (rows[0].source[0], rows[0].target[0]):
        second = piece.sentences[1]
        assert piece.text.text[second.start : second.end].lower() == "two b."


def test_only_a_finished_translation_stands_beside_the_original() -> None:
    for status in (TranslationStatus.HELD, TranslationStatus.PENDING, TranslationStatus.FAILED):
        rows = lay_rows(*make(["One a."], status=status))
        assert rows[0].target == ()
        assert rows_text(rows) == "One a."


def test_an_extract_ends_with_the_same_sentence_on_both_sides() -> None:
    sentences = [f"Sentence number {n} of this text." for n in range(20)]
    rows = cut_rows(lay_rows(*make(sentences[:10], sentences[10:])), 100)
    assert len(rows) == 1
    source, target = rows[0].source[0], rows[0].target[0]
    assert target.text.text == source.text.text.upper()
    assert source.text.text.endswith(".")
    assert 60 <= len(source.text.text) <= 150


def test_an_extract_of_one_endless_sentence_is_cut_at_a_word_and_says_so() -> None:
    endless = "word " * 200
    rows = cut_rows(lay_rows(*make([endless.strip()])), 100)
    for piece in (*rows[0].source, *rows[0].target):
        assert len(piece.text.text) <= 110
        assert piece.text.text.lower().endswith("word …")


def test_an_extract_passes_over_pictures_and_headings() -> None:
    article, _ = make(["One a."])
    picture = Block(BlockKind.IMAGE, (Text("A caption."),))
    heading = Block(BlockKind.HEADING, (Text("A heading"),), level=2)
    whole = Article("a", "s", "https://s.example/a", "pt", "t", (picture, heading, *article.blocks))
    assert rows_text(cut_rows(lay_rows(whole, None))) == "One a."


def test_headings_never_skip_a_level() -> None:
    blocks = tuple(
        Block(BlockKind.HEADING, (Text("h"),), level=level) for level in (5, 2, 4, 6, 3, 0)
    )
    article = Article("a", "s", "https://s.example/a", "pt", "t", blocks)
    assert [row.level for row in lay_rows(article, None)] == [2, 2, 3, 4, 3, 2]


def test_reading_time_counts_words_or_characters() -> None:
    assert reading_minutes("") == 0
    assert reading_minutes("word " * 660) == 3
    assert reading_minutes("字" * 1500) == 3
