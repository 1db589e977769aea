"""Lay an article beside its translation: blocks in rows, sentences in pairs, cut to the rights."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from dragoman.publish.views import Note, Piece, Row, Sentence
from dragoman.sanitize import clean_url
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Text,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)

# What of a body may be quoted where a source's rights are "extract": about two sentences.
EXTRACT = 320

_QUOTED = ("paragraph", "quote", "list")  # kinds of which an extract is made
_WORDS_A_MINUTE = 220
_CHARACTERS_A_MINUTE = 500  # of scripts without spaces
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")

Segments = Mapping[tuple[int, int], Sequence[TranslatedSegment]]


def lay_rows(
    article: Article,
    translation: Translation | None,
    limit: int | None = None,
    *,
    is_paired: bool = True,
) -> tuple[Row, ...]:
    """Pair the blocks of an article with those of its translation, if it is to be shown.

    With a limit, no more than what `cut_rows` needs for it. Unpaired rows have no sentences
    and no notes: enough for the text alone.
    """
    segments = _by_place(translation) if is_paired else {}
    is_shown = translation is not None and translation.status is TranslationStatus.DONE
    targets = translation.blocks if translation and is_shown else ()
    rows, level, laid = [], 1, 0
    for index, block in enumerate(article.blocks):
        if block.kind is BlockKind.HEADING:
            level = min(max(block.level, 2), level + 1)  # no level is skipped
        target = targets[index] if index < len(targets) else None
        rows.append(_lay_row(block, target, index, segments, level))
        if limit is not None and block.kind.value in _QUOTED:
            laid += len(block.text)
            if laid > limit:
                break
    return tuple(rows)


def lay_title(translation: Translation | None) -> tuple[Note, ...]:
    """Give the notes that belong to the headline."""
    return _notes(_by_place(translation).get((-1, 0), ()))


def cut_rows(rows: Sequence[Row], limit: int = EXTRACT) -> tuple[Row, ...]:
    """Keep the first sentences of the text, up to about ``limit`` characters of the original."""
    kept: list[Row] = []
    left = limit
    for row in rows:
        if row.kind not in _QUOTED:
            continue
        cut = _cut_row(row, left)
        if not any(piece.text.text for piece in cut.source):
            break
        kept.append(cut)
        left -= sum(len(piece.text.text) for piece in cut.source)
        if left < 40 or cut != row:
            break
    return tuple(kept)


def reading_minutes(text: str) -> int:
    """Estimate the minutes that a text takes to read; 0 for no text."""
    signs = len(_CJK.findall(text))
    words = len(_CJK.sub(" ", text).split())
    minutes = words / _WORDS_A_MINUTE + signs / _CHARACTERS_A_MINUTE
    return max(1, round(minutes)) if text.strip() else 0


def rows_text(rows: Sequence[Row]) -> str:
    """Give the plain text of rows as readers get it: translated where it is."""
    pieces = (piece for row in rows for piece in (row.target or row.source))
    return "\n".join(piece.text.text for piece in pieces)


def first_segment(row: Row) -> str:
    """Give the first translated sentence of a row, by its segment; empty where it has none."""
    return next((one.segment for piece in row.target for one in piece.sentences), "")


def _by_place(translation: Translation | None) -> Segments:
    """Sort the segments of a translation that is shown by (block, part)."""
    places: dict[tuple[int, int], list[TranslatedSegment]] = defaultdict(list)
    if translation and translation.status is TranslationStatus.DONE:
        for item in translation.segments:
            places[item.segment.block, item.segment.part].append(item)
    return places


def _lay_row(block: Block, target: Block | None, index: int, segments: Segments, level: int) -> Row:
    image = block.image
    found = [segments.get((index, part), ()) for part in range(max(len(block.parts), 1))]
    translated: tuple[Piece, ...] = ()
    # A block in a third language stays as it is, and is shown once.
    is_left = target is not None and bool(target.language)
    if target is not None and not is_left and len(target.parts) == len(block.parts):
        translated = tuple(map(_target_piece, target.parts, found))
    return Row(
        kind=block.kind.value,
        source=tuple(map(_source_piece, block.parts, found)),
        target=translated,
        level=level if block.kind is BlockKind.HEADING else block.level,
        columns=block.columns,
        url=clean_url(image.url if image else block.url),
        credit=image.credit if image else "",
        alt=image.alt if image else "",
        target_alt=_target_alt(block, target),
        width=(image.width or 0) if image else 0,
        height=(image.height or 0) if image else 0,
        language=block.language,
        at=block.at,
        notes=tuple(note for part in found if part for note in _notes(part)),
    )


def _target_alt(block: Block, target: Block | None) -> str:
    """Give the translated words of a picture that has no caption."""
    if block.parts or not (block.image and target and target.image):
        return ""
    return target.image.alt if target.image.alt != block.image.alt else ""


def _source_piece(part: Text, segments: Sequence[TranslatedSegment]) -> Piece:
    if not segments:
        return Piece(part)
    sentences, done = [], 0
    for item in sorted(segments, key=lambda item: item.segment.start):
        start, end = item.segment.start, item.segment.end
        if done <= start < end <= len(part.text):
            sentences.append(_sentence(item, start, end))
            done = end
    return Piece(part, tuple(sentences))


def _sentence(item: TranslatedSegment, start: int, end: int) -> Sentence:
    is_reviewed = bool(item.reviewed_by)
    return Sentence(item.segment.id, start, end, item.verdict, is_reviewed)


def _target_piece(part: Text, segments: Sequence[TranslatedSegment]) -> Piece:
    """Find each sentence's translation in the translated part, in order.

    One that was held back stands there in the words of the original. What cannot be found
    is shown all the same, only without its pair.
    """
    if not segments:
        return Piece(part)
    sentences, done = [], 0
    for item in sorted(segments, key=lambda item: item.segment.start):
        is_held = item.verdict is Verdict.HOLD
        words = item.segment.text if is_held or not item.target else item.target
        start = part.text.find(words, done)
        if words and start >= 0:
            done = start + len(words)
            sentences.append(_sentence(item, start, done))
    return Piece(part, tuple(sentences))


def _notes(segments: Sequence[TranslatedSegment]) -> tuple[Note, ...]:
    return tuple(
        Note(
            segment=item.segment.id,
            source=item.segment.text,
            checks=tuple(c for c in item.checks if c.verdict is not Verdict.PUBLISH),
            is_held=item.verdict is Verdict.HOLD,
        )
        for item in segments
        if item.verdict is not Verdict.PUBLISH
    )


def _cut_row(row: Row, limit: int) -> Row:
    """Cut a row after the sentence that passes the limit, on both sides at the same one."""
    source: list[Piece] = []
    target: list[Piece] = []
    kept: set[str] = set()
    for index, piece in enumerate(row.source):
        if limit <= 0:
            break
        short = _cut_source(piece, limit)
        kept.update(sentence.segment for sentence in short.sentences)
        source.append(short)
        if row.target:
            other = row.target[index]
            is_whole = short.text.text == piece.text.text
            target.append(other if is_whole else _cut_target(other, short))
        limit -= len(short.text.text)
    notes = tuple(note for note in row.notes if note.segment in kept)
    return Row(
        row.kind, tuple(source), tuple(target), level=row.level, language=row.language, notes=notes
    )


def _cut_source(piece: Piece, limit: int) -> Piece:
    if len(piece.text.text) <= limit:
        return piece
    if not piece.sentences:
        return Piece(_cut_words(piece.text, limit))
    ends = [sentence.end for sentence in piece.sentences]
    last = next((end for end in ends if end >= limit * 0.6), ends[-1])
    if last > limit * 1.5:  # one sentence as long as a paragraph
        fitting = [end for end in ends if end <= limit]
        if not fitting:
            return Piece(_cut_words(piece.text, limit), ())
        last = fitting[-1]
    return _head(piece, last)


def _cut_target(piece: Piece, source: Piece) -> Piece:
    kept = {sentence.segment for sentence in source.sentences}
    ends = [sentence.end for sentence in piece.sentences if sentence.segment in kept]
    if ends:
        return _head(piece, max(ends))
    return Piece(_cut_words(piece.text, max(len(source.text.text), 1)))


def _head(piece: Piece, end: int) -> Piece:
    sentences = tuple(sentence for sentence in piece.sentences if sentence.end <= end)
    return Piece(_cut_text(piece.text, end), sentences)


def _cut_words(text: Text, limit: int) -> Text:
    """Cut at the last space before the limit, and say so with an ellipsis."""
    if len(text.text) <= limit:
        return text
    space = text.text.rfind(" ", 0, limit)
    short = _cut_text(text, space if space > limit // 2 else limit)
    return Text(f"{short.text} …", short.spans)


def _cut_text(text: Text, end: int) -> Text:
    short = text.text[:end].rstrip()
    return Text(short, tuple(span for span in text.spans if span.end <= len(short)))
