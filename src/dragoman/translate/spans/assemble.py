"""Translated segments put together to blocks, one for each block of the article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dragoman.translate.reading.segments import texts_of
from dragoman.types import Block, Span, Text, TranslatedSegment, Verdict


def assemble_blocks(
    blocks: Sequence[Block], segments: Sequence[TranslatedSegment], into: str
) -> tuple[Block, ...]:
    """Give one block for each, of the same kind, with the translations in place.

    A segment that is held back keeps the words of the original: its verdict says so.
    """
    by_part: dict[tuple[int, int], list[TranslatedSegment]] = {}
    for done in segments:
        by_part.setdefault((done.segment.block, done.segment.part), []).append(done)
    assembled = []
    for index, block in enumerate(blocks):
        texts = tuple(
            assemble_text(text, by_part.get((index, number), ()))
            for number, text in enumerate(texts_of(block))
        )
        image = block.image
        if image and texts and not block.parts:
            image = replace(image, alt=texts[0].text)
        is_left = all(
            done.is_untouched for key, part in by_part.items() if key[0] == index for done in part
        )
        assembled.append(
            replace(
                block,
                parts=texts if block.parts else (),
                image=image,
                language=block.language if is_left else "",
            )
        )
    return tuple(assembled)


def assemble_text(text: Text, segments: Iterable[TranslatedSegment]) -> Text:
    """Put the translations of a text's sentences where these stood."""
    parts: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for done in sorted(segments, key=lambda done: done.segment.start):
        between = text.text[at : done.segment.start]
        shown, marks = shown_text(done)
        parts += [between, shown]
        spans += _breaks(text, at, done.segment.start, length)
        length += len(between)
        spans += [replace(s, start=s.start + length, end=s.end + length) for s in marks]
        length += len(shown)
        at = done.segment.end
    whole = "".join([*parts, text.text[at:]])
    return Text(whole, join_spans(spans, whole))


def _breaks(text: Text, start: int, end: int, length: int) -> list[Span]:
    """Give the line breaks that stand between two sentences, where they stand now."""
    return [
        replace(span, start=span.start - start + length, end=span.end - start + length)
        for span in text.spans
        if span.start == span.end and start <= span.start < end
    ]


def shown_text(done: TranslatedSegment) -> tuple[str, tuple[Span, ...]]:
    """Give what stands for a segment: its translation, or the original where that is held."""
    if done.verdict is Verdict.HOLD or not done.target:
        return done.segment.text, done.segment.spans
    return done.target, done.spans


def join_spans(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Make one span again of those that were cut at the end of a sentence."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        for index in range(len(joined) - 1, -1, -1):
            last = joined[index]
            gap = text[last.end : span.start]
            is_same = (last.kind, last.value) == (span.kind, span.value)
            if is_same and last.start < last.end <= span.start < span.end and not gap.strip():
                joined[index] = replace(last, end=span.end)
                break
        else:
            joined.append(span)
    return tuple(sorted(joined, key=lambda s: (s.start, -s.end)))
