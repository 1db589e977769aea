"""Which sentences an article has, each as a segment with an id of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from dragoman.translate.reading.sentences import split_sentences
from dragoman.types import Article, Block, BlockKind, Segment, Span, Text

_UNTRANSLATED = frozenset({BlockKind.CODE, BlockKind.EMBED})
_LONGEST = 2000  # characters of a segment


def segment_article(article: Article) -> tuple[Segment, ...]:
    """Give the segments of an article: its title (block -1), then the parts of its blocks."""
    seen: Counter[str] = Counter()
    found: list[Segment] = []
    for block, part, text, language, is_whole in _texts(article):
        ranges = _whole(text.text) if is_whole else split_sentences(text.text, language)
        for start, end in _cut_long(text.text, ranges):
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


def _cut_long(text: str, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cut what is longer than any sentence that a person writes, at a space where there is one.

    What is written for sentences takes its time by their square.
    """
    for begin, end in ranges:
        at = begin
        while end - at > _LONGEST:
            space = text.rfind(" ", at + _LONGEST // 2, at + _LONGEST)
            cut = space if space > 0 else at + _LONGEST
            yield at, cut
            at = cut + (len(text[cut:end]) - len(text[cut:end].lstrip()))
        if at < end:
            yield at, end


def _segment_id(text: str, occurrence: int) -> str:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return digest if occurrence == 1 else f"{digest}-{occurrence}"
