"""Which sentences an article has, each as a segment with an id of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

from dragoman.translate.sentences import split_sentences
from dragoman.types import Article, Block, BlockKind, Segment, Span, Text

_UNTRANSLATED = frozenset({BlockKind.CODE, BlockKind.EMBED})


def segment_article(article: Article) -> tuple[Segment, ...]:
    """Give the segments of an article: its title (block -1), then the parts of its blocks."""
    seen: Counter[str] = Counter()
    found: list[Segment] = []
    for block, part, text, language, is_whole in _texts(article):
        ranges = _whole(text.text) if is_whole else split_sentences(text.text, language)
        for start, end in ranges:
            sentence = text.text[start:end]
            seen[sentence] += 1
            found.append(
                Segment(
                    id=_segment_id(sentence, seen[sentence]),
                    block=block,
                    part=part,
                    start=start,
                    end=end,
                    text=sentence,
                    spans=spans_within(text.spans, start, end),
                )
            )
    return tuple(found)


def spans_within(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """Give the spans that touch a range, cut to it and relative to its start."""
    inside = []
    for span in spans:
        left, right = max(span.start, start), min(span.end, end)
        is_point = span.start == span.end
        if (left < right) or (is_point and start <= span.start < end):
            inside.append(Span(span.kind, left - start, right - start, span.value))
    return tuple(inside)


def texts_of(block: Block) -> tuple[Text, ...]:
    """Give the texts of a block: its parts, or what a picture without a caption shows."""
    if not block.parts and block.image and block.image.alt.strip():
        return (Text(block.image.alt),)
    return block.parts


def is_translated(block: Block) -> bool:
    """Whether a block's parts are for translation: not code, and not the title of an embed."""
    return block.kind not in _UNTRANSLATED


def _texts(article: Article) -> Iterator[tuple[int, int, Text, str, bool]]:
    if article.title.strip():
        yield -1, 0, Text(article.title), article.language, True
    for index, block in enumerate(article.blocks):
        if is_translated(block):
            for part, text in enumerate(texts_of(block)):
                is_whole = block.kind is BlockKind.HEADING
                yield index, part, text, block.language or article.language, is_whole


def _whole(text: str) -> tuple[tuple[int, int], ...]:
    stripped = text.strip()
    start = text.find(stripped)
    return ((start, start + len(stripped)),) if stripped else ()


def _segment_id(text: str, occurrence: int) -> str:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return digest if occurrence == 1 else f"{digest}-{occurrence}"
